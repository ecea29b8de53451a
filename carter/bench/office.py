"""Somebody in the office, signed in, with a connection that is kept: what a browser would send."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from carter.companies.models import Member

Data = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """One request; `data` is posted."""

    path: str
    data: Data | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """An answer that is neither a page nor the way to one, or a page without the form."""

    def __init__(self, words: str, status: int = 200) -> None:
        super().__init__(words)
        self.status = status


def sign_in(member: Member) -> str:
    """The cookies of a member's browser."""
    sessions = import_module(settings.SESSION_ENGINE)
    session = sessions.SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Office:
    """A browser as far as a measurement needs one; `waits` says how long each answer took."""

    def __init__(self, port: int, cookies: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = cookies
        self.waits: list[float] = []

    def send(self, request: Request) -> tuple[HTTPResponse, bytes]:
        """The answer and its body. Raises Refused for an error."""
        headers = {"Cookie": self.cookies, **request.headers}
        started = perf_counter()
        if request.data is None:
            self.connection.request("GET", request.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self.connection.request("POST", request.path, urlencode(request.data), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        self.waits.append(perf_counter() - started)
        if answer.status not in (200, 302):
            raise Refused(f"{request.path} answered {answer.status}.", answer.status)
        return answer, body

    def filled(self, path: str, to: str = "", **typed: str) -> Request:
        """The form of a page as it would be sent, with some fields typed; `to` is its address.

        Raises Refused when the page says why it cannot be.
        """
        answer, body = self.send(Request(path))
        for header, value in answer.getheaders():
            name = settings.CSRF_COOKIE_NAME
            if header.lower() == "set-cookie" and value.startswith(f"{name}="):
                self.cookies = f"{self.cookies.split('; ')[0]}; {value.split(';')[0]}"
        if b'role="alert"' in body:
            raise Refused(f"{path} has something against it.")
        address = to or path.partition("?")[0]
        form = Forms(body.decode()).form(address)
        kept = [(name, value) for name, value in form if name not in typed]
        return Request(address, [*kept, *typed.items()])


TAG = re.compile(r"<(form|input|select|option|textarea)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


class Forms:
    """The posted forms of a page of ours, with what their fields hold.

    Read by patterns, not by a parser, which would take the processor from the server that is
    measured: as much of it as the page had cost.
    """

    def __init__(self, page: str) -> None:
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.select = ""
        for tag, attributes in TAG.findall(page):
            self._read(tag, {name: unescape(text) for name, text in ATTRIBUTE.findall(attributes)})

    def form(self, action: str) -> list[tuple[str, str]]:
        """The fields of the form that is sent to an address, or to its page's. Raises Refused."""
        for to, fields in self.found:
            if to in (action, ""):
                return fields
        raise Refused(f"There is no form for {action}.")

    def _read(self, tag: str, said: dict[str, str]) -> None:
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "form":
            is_posted = said.get("method") == "post"
            self.found.append((said.get("action", "") if is_posted else "get", []))
        elif tag == "input" and name:
            ticks = said.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in said:
                self._field(name, value)
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in said and self.select:
            self._field(self.select, value)
        elif tag == "textarea" and name:
            self._field(name, "")

    def _field(self, name: str, value: str) -> None:
        if self.found:
            self.found[-1][1].append((name, value))
