"""What a browser complains about while it shows Carter."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

# The page itself gave the request up: it was left, or more was typed.
GIVEN_UP = "net::ERR_ABORTED"


class Complaints:
    """Errors on the console, scripts that failed, requests that got no answer.

    A test that provokes one on purpose says so: `complaints.expect("status of 422")`.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    def listen_to(self, context: BrowserContext) -> None:
        context.on("console", self.hear_console)
        context.on("weberror", lambda error: self.heard.append(f"script: {error.error}"))
        context.on("requestfailed", self.hear_failure)

    def hear_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(f"{message.type}: {message.text} ({message.location['url']})")

    def hear_failure(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self.heard.append(f"request: {request.method} {request.url}: {request.failure}")

    def unexpected(self) -> list[str]:
        return [
            words
            for words in self.heard
            if not any(re.search(pattern, words) for pattern in self.expected)
        ]
