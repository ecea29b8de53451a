"""However badly Carter is asked, it answers with a sentence and shows what was typed as text."""

import itertools
import os
import random
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import Resolver404, path, resolve

from carter.companies.models import Member
from carter.urls import handler400, handler403, handler404, handler500
from carter.urls import urlpatterns as carters
from carter.web.middleware.company import public
from tests.web.addresses import addresses_of_ours, pages_of, paths_of
from tests.web.bad_inputs import HTML, Mischief, Request
from tests.web.pages import Form, forms_on
from tests.web.world import fill, mark, put_off

TIMES = int(os.environ.get("CARTER_TEST_BAD_INPUTS", "5000"))
SEED = int(os.environ.get("CARTER_TEST_SEED", "7"))
HOSTILE = f"{HTML[1]}\r\nBcc: eve@evil.example"
POSTED = {
    "charge.description",
    "invoice.bill_to",
    "invoice.notes",
    "invoice.purchase_order",
    "payment.description",
    "payment.reference",
}
"""What is posted stays as it was made, with words on it, too."""
UNESCAPED = re.compile(
    r"<x-mark|x\"x-mark|(?:href|src|action)=\"?\s*javascript:|<svg/onload|<script>x"
)


class PlainClient(Client):
    """A client that keeps no copy of what the templates were given, which takes long."""

    def request(self, **request: Any) -> HttpResponse:
        return self.handler(self._base_environ(**request))


class Visitor:
    """Somebody of ours who asks for anything, and whose deeds are all taken back at once."""

    def __init__(self, member: Member) -> None:
        self.client = PlainClient()
        self.client.force_login(member.user)
        self.answers: Counter[int] = Counter()
        self.faults: dict[str, str] = {}

    def ask(self, request: Request) -> None:
        """Ask, look at the answer and at the page it leads to; keep nothing."""
        with transaction.atomic():
            answer = self._asked(*request)
            if (way := answer.headers.get("Location", "")).startswith("/"):
                self._asked("GET", way, "", b"")
            transaction.set_rollback(True)

    def _asked(self, method: str, address: str, kind: str, body: bytes) -> HttpResponse:
        at, _, query = address.partition("?")
        number = self.answers.total()
        here = f"10.0.{number // 20 % 250}.{number % 20}"  # No limit of an address is to be met.
        errors: list[str] = []

        def remember(request: HttpRequest, **said: Any) -> None:
            errors.append(repr(sys.exception())[:200])

        got_request_exception.connect(remember)
        try:
            answer = self.client.generic(
                method, at, body, content_type=kind, QUERY_STRING=query, REMOTE_ADDR=here
            )
        finally:
            got_request_exception.disconnect(remember)
        self.answers[answer.status_code] += 1
        if trouble := trouble_with(answer, at):
            what = f"{method} {name_of(at)}: {trouble} {' '.join(errors)}"
            self.faults.setdefault(what, f"{address[:300]} {kind} {body[:2_000]!r}")
        return answer


def trouble_with(answer: HttpResponse, address: str) -> str:
    """What is wrong with an answer, in words; empty when nothing is."""
    without_gateway = answer.status_code == 503 and address.endswith("/pay/")
    if answer.status_code >= 500 and not without_gateway:
        return str(answer.status_code)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        found = UNESCAPED.search(answer.content.decode())
        return f"unescaped {found[0]}" if found else ""
    return ""


def name_of(address: str) -> str:
    try:
        return resolve(address).url_name or address
    except Resolver404:
        return "nowhere"


@pytest.fixture
def visitor(ours, ada, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.startswith("zeal")]
    fill(ours, HTML[1], by=ada)
    return Visitor(ada)


def forms_of(visitor: Visitor, company) -> dict[str, list[Form]]:
    """The forms of all pages, by the name of the address they are sent to."""
    found = defaultdict(list)
    for address in pages_of(company):
        answer = visitor.client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for form in forms_on(answer.content.decode(), address):
                if form.method == "post":
                    found[name_of(urlsplit(form.action).path)].append(form)
    return found


def takes_posts(visitor: Visitor, company) -> dict[str, str]:
    """Every address of ours that answers POST, by name."""
    asked = {}
    for one in addresses_of_ours():
        address = paths_of(one, company)[0]
        with transaction.atomic():
            answer = visitor.client.post(address, REMOTE_ADDR="10.9.9.9")
            transaction.set_rollback(True)
        if answer.status_code != 405:
            asked[one.name] = address
    return asked


def test_bad_forms_are_answered_in_words_and_shown_as_text(ours, visitor):
    forms, posts = forms_of(visitor, ours), takes_posts(visitor, ours)
    names = sorted({name for some in forms.values() for form in some for name, _ in form.fields})
    for name, address in posts.items():
        forms.setdefault(name, [Form(address, "post", [(one, "1") for one in names[::9]])])
    mischief, chance = Mischief(SEED), random.Random(SEED)
    pages, turn = pages_of(ours), itertools.cycle(sorted(posts))

    for number in itertools.count():
        if mischief.sent >= TIMES:
            break
        if number % 6 == 0:
            visitor.ask(mischief.question(chance.choice(pages), names))
        else:
            visitor.ask(mischief.request(chance.choice(forms[next(turn)]), names))

    assert len(posts) >= 100
    assert visitor.faults == {}


def test_whatever_is_kept_is_shown_as_text(ours, visitor):
    """With what no form would let pass in every text of every row, by whatever door it came."""
    refused = mark(ours, HOSTILE)

    for page in pages_of(ours, most=3):
        visitor.ask(("GET", page, "", b""))

    assert refused == POSTED
    assert visitor.answers[200] > 150
    assert visitor.faults == {}


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2099, 12, 31)])
def test_the_first_and_the_last_day_that_forms_take_break_no_page(day, ours, visitor):
    put_off(ours, day)

    for page in pages_of(ours):
        visitor.ask(("GET", page, "", b""))

    assert visitor.answers[200] > 150
    assert visitor.faults == {}


@public
def echo(request: HttpRequest) -> HttpResponse:
    """What no view may do: say again what was typed as it was typed."""
    return HttpResponse(f"You typed {' '.join(request.POST.values())}.")


@public
def stumble(request: HttpRequest) -> HttpResponse:
    """And this: believe that a number is one."""
    return HttpResponse(str(int(request.POST["number"])))


urlpatterns = [
    path("echo/", echo, name="echo"),
    path("stumble/", stumble, name="stumble"),
    *carters,
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "field", "fault"), [("/echo/", "text", "unescaped"), ("/stumble/", "number", "500")]
)
def test_a_view_that_echoes_or_stumbles_is_found(address, field, fault, visitor):
    mischief, form = Mischief(SEED), Form(address, "post", [(field, "1")])

    for _ in range(60):
        visitor.ask(mischief.request(form, [field, "other", "more"]))

    assert any(what.startswith(f"POST {address[1:-1]}: {fault}") for what in visitor.faults)
