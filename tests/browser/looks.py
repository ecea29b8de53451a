"""The screens Carter must look right on: a desk and a phone, by day and by night."""

from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize


@dataclass(frozen=True)
class Look:
    """One way to see Carter."""

    screen: Literal["desktop", "phone"]
    scheme: Literal["light", "dark"]

    @property
    def size(self) -> ViewportSize:
        if self.screen == "phone":
            return {"width": 390, "height": 844}
        return {"width": 1440, "height": 900}

    def __str__(self) -> str:
        return f"{self.screen}-{self.scheme}"


DESK = Look("desktop", "light")
LOOKS = [DESK, Look("desktop", "dark"), Look("phone", "light"), Look("phone", "dark")]

in_every_look = pytest.mark.parametrize("look", LOOKS, indirect=True, ids=str)
"""Run the test four times; without it a test sees the desk by day."""

on_every_screen = pytest.mark.parametrize("look", LOOKS[::2], indirect=True, ids=str)
"""Run the test at the desk and on the phone."""

by_day_and_by_night = pytest.mark.parametrize("look", LOOKS[::3], indirect=True, ids=str)
"""Run the test at the desk by day and on the phone by night."""


def width_of(page: Page) -> int:
    """How wide the page is, in pixels, once the page asked for is there."""
    page.wait_for_load_state()
    return int(page.locator("html").evaluate("html => html.scrollWidth"))
