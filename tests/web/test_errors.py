"""The calm pages for what cannot be answered, each with the request's name to quote."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from carter.urls import handler400, handler403, handler404, handler500
from carter.web.middleware.company import public

pytestmark = pytest.mark.urls(__name__)

TROUBLE = {400: SuspiciousOperation, 403: PermissionDenied, 404: Http404, 500: ZeroDivisionError}


@public
def troubled(request: HttpRequest, status: int) -> HttpResponse:
    raise TROUBLE[status]


urlpatterns = [path("trouble/<int:status>/", troubled)]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", TROUBLE)
def test_an_error_page_shows_the_name_of_the_request(visitor, status):
    answer = visitor.get(f"/trouble/{status}/")

    assert answer.status_code == status
    assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_an_expired_form_is_answered_with_a_page_that_has_the_name_too():
    answer = Client(enforce_csrf_checks=True).post("/trouble/404/")

    assert answer.status_code == 403
    assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_an_error_page_is_shown_although_no_static_file_was_collected(visitor, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "carter.web.collected.CollectedFiles"}
    }

    answer = visitor.get("/trouble/500/")

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.content.decode()
