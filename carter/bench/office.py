"""Somebody in the office, signed in, with a connection that is kept: what a browser would send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from typing import Any
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
    """A browser as far as a measurement needs one."""

    def __init__(self, port: int, cookies: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = cookies

    def send(self, request: Request) -> tuple[HTTPResponse, bytes]:
        """The answer and its body. Raises Refused for an error."""
        headers = {"Cookie": self.cookies, **request.headers}
        if request.data is None:
            self.connection.request("GET", request.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self.connection.request("POST", request.path, urlencode(request.data), headers)
        answer = self.connection.getresponse()
        body = answer.read()
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
        form = Forms.read(body.decode()).form(address)
        kept = [(name, value) for name, value in form if name not in typed]
        return Request(address, [*kept, *typed.items()])


class Forms(HTMLParser):
    """The posted forms of a page, with what their fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.select = ""

    @classmethod
    def read(cls, page: str) -> "Forms":
        forms = cls()
        forms.feed(page)
        return forms

    def form(self, action: str) -> list[tuple[str, str]]:
        """The fields of the form that is sent to an address, or to its page's. Raises Refused."""
        for to, fields in self.found:
            if to in (action, ""):
                return fields
        raise Refused(f"There is no form for {action}.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = dict(attrs)
        if tag == "form":
            is_posted = said.get("method") == "post"
            self.found.append((said.get("action", "") if is_posted else "get", []))
        elif self.found and tag == "input" and said.get("name"):
            ticks = said.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in said:
                self.found[-1][1].append((said["name"], said.get("value") or ""))
        elif tag == "select":
            self.select = said.get("name") or ""
        elif self.found and tag == "option" and "selected" in said and self.select:
            self.found[-1][1].append((self.select, said.get("value") or ""))
        elif self.found and tag == "textarea" and said.get("name"):
            self.found[-1][1].append((said["name"], ""))
