"""A browser that looks at a live Carter, listens for complaints and asks axe."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from carter.companies.models import Member
from tests.browser.chromium import FLAGS, executable
from tests.browser.complaints import Complaints
from tests.browser.looks import DESK, Look

# Playwright keeps an event loop in the tests' thread, in which Django would refuse its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"

# How long a page takes says how busy the machine is.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

OBJECTIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": str(executable()), "args": FLAGS}


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    """The screen and the colours: the desk by day unless the test says otherwise."""
    return getattr(request, "param", DESK)


@pytest.fixture
def browser_context_args(look: Look, live_server: LiveServer) -> dict[str, Any]:
    return {
        "base_url": live_server.url,
        "viewport": look.size,
        "color_scheme": look.scheme,
        "has_touch": look.screen == "phone",
        "is_mobile": look.screen == "phone",
        "reduced_motion": "reduce",
        "locale": "en-US",
        "timezone_id": "America/Denver",
    }


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What the browser complains about; the test fails when there is anything unexpected."""
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected() == []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], complaints: Complaints
) -> Callable[..., BrowserContext]:
    def heard(**arguments: Any) -> BrowserContext:
        context = new_context(**arguments)
        context.set_default_timeout(PATIENCE_MS)
        complaints.listen_to(context)
        return context

    return heard


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer) -> Callable[[Member], None]:
    """Let the browser be somebody's, without the sign-in page."""

    def as_member(member: Member) -> None:
        client = Client()
        client.force_login(member.user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return as_member


@pytest.fixture
def axe(page: Page) -> Callable[[], None]:
    """Ask axe about the page as it stands: it must find nothing to object to.

    Only what it objects to leaves the browser: the list of all it looked at is long.
    """

    def finds_nothing() -> None:
        page.evaluate(AXE_SCRIPT)
        violations = page.evaluate(OBJECTIONS)
        assert violations == [], AxeResults({"violations": violations}).generate_report()

    return finds_nothing
