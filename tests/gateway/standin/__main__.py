"""`python -m tests.gateway.standin`: prints its address, and serves until its input ends."""

import json
import random
import re
import sys
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.gateway.standin import parameters
from tests.gateway.standin.book import Book, NotSo, found, missing

LOCK = threading.RLock()


class State:
    """The book, the answers given under each key, and what is to go wrong."""

    here = ""

    def __init__(self) -> None:
        self.book = Book()
        self.answers: dict[str, tuple[Any, int, Any]] = {}
        self.wrong: dict[str, Any] = {}
        self.chance = random.Random(1)
        self.cuts = 0

    def cut(self) -> str:
        """Whether a charge or refund loses its connection: before it is done, after, or not."""
        drawn = self.chance.random()
        before, after = self.wrong.get("cut_before", 0), self.wrong.get("cut_after", 0)
        return "before" if drawn < before else "after" if drawn < before + after else ""


STATE = State()

QUESTIONS = (
    ("GET", "account", lambda book, asked: ACCOUNT),
    ("POST", "customers", Book.add_customer),
    ("POST", "checkout/sessions", lambda book, asked: book.add_session(asked, STATE.here)),
    ("GET", "checkout/sessions/(.+)", lambda book, asked, pk: found(book.sessions, pk, "session")),
    ("POST", "checkout/sessions/(.+)/expire", lambda book, asked, pk: book.expire(pk)),
    ("POST", "payment_intents", Book.add_intent),
    (
        "GET",
        "payment_intents",
        lambda book, asked: listed("payment_intents", book.intents, asked, "customer"),
    ),
    ("GET", "payment_intents/(.+)", lambda book, asked, pk: found(book.intents, pk, "intent")),
    ("POST", "payment_methods/(.+)/detach", lambda book, asked, pk: book.detach(pk)),
    ("POST", "refunds", Book.add_refund),
    (
        "GET",
        "refunds",
        lambda book, asked: listed("refunds", book.refunds, asked, "payment_intent"),
    ),
)
ACCOUNT = {"id": "acct_1", "object": "account", "email": "books@example.com"}


class Handler(BaseHTTPRequestHandler):
    """Answers like api.stripe.com, for its pages, and for whoever directs the test."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.serve("GET")

    def do_POST(self) -> None:
        self.serve("POST")

    def serve(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if url.path.startswith("/c/pay/"):
            self.page(url.path.removeprefix("/c/pay/"), parse_qs(body) if method == "POST" else {})
        elif url.path.startswith("/standin/"):
            with LOCK:
                deed = getattr(Directed(), url.path.removeprefix("/standin/"))
                self.answer(200, deed(**json.loads(body or "{}")))
        else:
            asked = parameters.read(body if method == "POST" else url.query)
            self.stripe(method, url.path.removeprefix("/v1/").strip("/"), asked)

    def stripe(self, method: str, path: str, asked: dict[str, Any]) -> None:
        if STATE.wrong.get("down"):
            return self.hang_up()
        if self.headers.get("Authorization") in ("Bearer sk_test_wrong_key", None):
            message = "Invalid API Key provided"
            return self.answer(
                401, {"error": {"type": "invalid_request_error", "message": message}}
            )
        cut = STATE.cut() if method == "POST" and path in ("payment_intents", "refunds") else ""
        if cut == "before":
            return self.hang_up()
        status, said = self.once(method, path, asked)
        return self.hang_up() if cut == "after" else self.answer(status, said)

    def once(self, method: str, path: str, asked: dict[str, Any]) -> tuple[int, Any]:
        """What is asked under a key is done once; another question under it is an error."""
        key = self.headers.get("Idempotency-Key") or ""
        with LOCK:
            known = STATE.answers.get(key) if key and not STATE.book.is_forgetful else None
            if known is not None:
                same = known[0] == (path, asked)
                return known[1:] if same else (400, {"error": {"type": "idempotency_error"}})
            try:
                status, said = 200, self.do(method, path, asked)
            except NotSo as error:
                status, said = error.status, error.body
            said = json.loads(json.dumps(said))
            if method == "POST" and key:
                STATE.answers[key] = ((path, asked), status, said)
            return status, said

    def do(self, method: str, path: str, asked: dict[str, Any]) -> Any:
        for known_method, pattern, deed in QUESTIONS:
            said = re.fullmatch(pattern, path)
            if said and method == known_method:
                return deed(STATE.book, asked, *said.groups())
        raise missing(path)

    def page(self, pk: str, typed: dict[str, list[str]]) -> None:
        """The gateway's own page, where a card number is typed."""
        with LOCK:
            session = STATE.book.sessions.get(pk)
            if session is None or session["status"] != "open":
                return self.html("<h1>This page is closed.</h1>", 404)
            number = "".join(typed.get("number", [""])[0].split())
            error = STATE.book.finish(pk, number) if number else ""
        if number and not error:
            self.send_response(303)
            self.send_header("Location", session["success_url"])
            self.send_header("Content-Length", "0")
            return self.end_headers()
        amount = f"{session['amount_total'] / 100:.2f} {session['currency'].upper()}"
        return self.html(
            f"<h1>{escape('Pay ' + amount if session['mode'] == 'payment' else 'Save a card')}</h1>"
            f"<p role=alert>{escape(error)}</p><form method=post>"
            "<label>Card number <input name=number autocomplete=cc-number></label>"
            "<label>Expiration <input name=expires value='12/34'></label>"
            "<label>CVC <input name=cvc value=123></label><button>Continue</button></form>"
            f"<a href='{escape(session['cancel_url'])}'>Back</a>"
        )

    def html(self, inner: str, status: int = 200) -> None:
        head = "<!doctype html><html lang=en><meta charset=utf-8><title>Stand-in</title>"
        head += "<link rel=icon href='data:,'>"
        self.send(status, (head + inner).encode(), "text/html; charset=utf-8")

    def answer(self, status: int, said: Any) -> None:
        self.send(status, json.dumps(said).encode(), "application/json")

    def send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self) -> None:
        STATE.cuts += 1
        self.close_connection = True


def listed(what: str, rows: dict[str, Any], asked: dict[str, Any], by: str) -> Any:
    """A page of rows, the latest first, and where the next one is asked for."""
    wanted = [row for row in rows.values() if asked.get(by) in (None, row[by])]
    if STATE.book.is_forgetful:
        wanted = [row | {"metadata": {}} for row in wanted]
    since = int(asked.get("created", {}).get("gte", 0))
    data = [row for row in reversed(wanted) if row["created"] >= since]
    start = next(
        (i + 1 for i, row in enumerate(data) if row["id"] == asked.get("starting_after")), 0
    )
    end = start + int(asked.get("limit", 10))
    return {
        "object": "list",
        "url": f"/v1/{what}",
        "data": data[start:end],
        "has_more": end < len(data),
    }


class Directed:
    """What a test tells the stand-in, beside Stripe's own questions."""

    def reset(self) -> None:
        STATE.__init__()  # type: ignore[misc]

    def wrong(self, **told: Any) -> None:
        STATE.wrong, STATE.chance = told, random.Random(told.get("seed", 1))
        STATE.book.is_forgetful = bool(told.get("forgetful"))

    def card(self, number: str) -> Any:
        return STATE.book.add_method(number, STATE.book.add_customer({})["id"])

    def decline(self, method: str, code: str) -> None:
        STATE.book.methods[method]["declined"] = code

    def finish(self, session: str, number: str) -> str:
        return STATE.book.finish(session, number)

    def settle(self, intent: str, code: str = "") -> None:
        STATE.book.settle(STATE.book.intents[intent], code)

    def dispute(self, intent: str, cents: int | None = None) -> Any:
        return STATE.book.dispute(intent, cents)

    def win(self, dispute: str) -> None:
        STATE.book.tell("charge.dispute.funds_reinstated", STATE.book.disputes[dispute])

    def copy(self, intent: str, times: int = 1) -> None:
        """The fault that must never be: a payment made again."""
        for pk in (f"pi_copy_{time}" for time in range(times)):
            STATE.book.intents[pk] = STATE.book.intents[intent] | {"id": pk}

    def refund(self, intent: str, cents: int) -> Any:
        return STATE.book.add_refund({"payment_intent": intent, "amount": cents})

    def payments(self) -> Any:
        return list(STATE.book.intents.values())

    def refunds(self) -> Any:
        return list(STATE.book.refunds.values())

    def sessions(self) -> Any:
        return list(STATE.book.sessions.values())

    def cuts(self) -> int:
        return STATE.cuts

    def events(self) -> Any:
        """What was not told yet; it is told by `deliver`, and then forgotten here."""
        told, STATE.book.events = STATE.book.events, []
        return told


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    State.here = f"http://127.0.0.1:{server.server_port}"
    sys.stdout.write(f"{State.here}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
