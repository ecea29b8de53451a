"""The net itself: what the fixtures are to catch, they catch."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from carter.web.middleware.company import public

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

PAGE = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>{}</main></html>'


@public
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format(""))


@public
def with_inline_script(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format("<script>document.title = 'Changed'</script>"))


@public
def with_missing_picture(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format('<img src="/missing.png" alt="A van">'))


@public
def with_nameless_button(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format("<button></button>"))


@public
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


@public
def missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [
    path("plain/", plain),
    path("inline-script/", with_inline_script),
    path("missing-picture/", with_missing_picture),
    path("nameless-button/", with_nameless_button),
    path("favicon.ico", empty),
    path("missing.png", missing),
]


def test_a_good_page_is_not_complained_about(page, axe, complaints):
    page.goto("/plain/")

    axe()

    assert complaints.heard == []


def test_an_inline_script_does_not_run_and_is_complained_about(page, complaints):
    complaints.expect("Content Security Policy")

    page.goto("/inline-script/")

    assert page.title() == "Page"
    assert len(complaints.heard) == 1


def test_a_missing_file_is_complained_about(page, complaints):
    complaints.expect("status of 404")

    page.goto("/missing-picture/")

    assert len(complaints.heard) == 1


def test_axe_objects_to_a_button_without_a_name(page, axe):
    page.goto("/nameless-button/")

    with pytest.raises(AssertionError, match="button-name"):
        axe()
