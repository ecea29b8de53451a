"""Where a row's page is."""

from functools import cache

from django.urls import reverse


def path_to(page: str, key: int) -> str:
    """The address of the page, by its name, of the row with this key.

    A list of fifty rows asks for a hundred of them, and Django finds each one anew.
    """
    before, after = _around_the_key(page)
    return f"{before}{key}{after}"


@cache
def _around_the_key(page: str) -> tuple[str, str]:
    before, _, after = reverse(page, args=[0]).partition("/0/")
    return f"{before}/", f"/{after}"
