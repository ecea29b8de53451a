"""A real mail server on this machine, which can be as bad as any."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

TAKEN = "250 taken"


class Sink:
    """Keeps every letter; `answers` says what it answers to an address or to the text instead."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.reached = threading.Event()
        self.may_go_on = threading.Event()
        self.stops_at = ""
        self.hangs_up_at = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        await self._at("RCPT", server)
        answer = self.answers.get(address, TAKEN)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await self._at("DATA", server)
        answer = self.answers.get("DATA", TAKEN)
        if answer == TAKEN:
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.hangs_up_at == "ANSWER":
            server.transport.abort()
        return answer

    async def _at(self, step: str, server) -> None:
        if step == self.hangs_up_at:
            server.transport.abort()
        if step == self.stops_at:
            self.reached.set()
            while not self.may_go_on.is_set():
                await asyncio.sleep(0.01)


@contextmanager
def serving(sink: Sink) -> Iterator[int]:
    """The port on which the sink takes mail."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        sink.may_go_on.set()
        controller.stop()
