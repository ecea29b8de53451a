"""Every address of Carter."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
