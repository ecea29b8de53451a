"""Answers to htmx, which asks for a part of a page and not for the whole."""

from django.http import HttpRequest, HttpResponse


def words_above(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Where htmx asked for a part of a page, have only the answer's words shown, above the page.

    What somebody is typing on the page stays as it is.
    """
    if request.headers.get("HX-Request"):
        answer["HX-Retarget"], answer["HX-Reselect"] = "#trouble", "#words"
        answer["HX-Reswap"] = "innerHTML"
    return answer
