"""Clerks in the office who work by their browsers and remember what they were told was done."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from random import Random

from carter.bench.office import Office, Refused, Request

CUT = (OSError, HTTPException)
"""What a browser shows as “the connection was reset”."""
AWAY_SECONDS = 0.05


@dataclass
class Deed:
    """One thing that was sent. Done for certain when the answer led on; else perhaps."""

    kind: str
    key: str
    is_acknowledged: bool = False
    is_sent_again: bool = False


class Clerk:
    """Somebody who takes leads and money, links and merges, each clerk customers of their own."""

    def __init__(self, number: int, port: int, cookies: str, customers: Iterable[int]) -> None:
        self.number = number
        self.office = Office(port, cookies)
        self.chance = Random(number)
        self.customers = list(customers)
        self.leads: list[tuple[int, int]] = []
        self.merged: list[tuple[int, int, int]] = []
        self.deeds: list[Deed] = []
        self.words: list[str] = []
        self.cuts = 0

    def work(self, is_over: Callable[[], bool]) -> None:
        kinds = (self.lead, self.lead, self.pay, self.pay, self.charge, self.note, self.store)
        while not is_over():
            deed = self.chance.choice((*kinds, self.link, self.merge, self.undo))
            try:
                deed()
            except CUT:
                self._go_on()
            except Refused as reason:
                self.words.append(str(reason))
        self.office.connection.close()

    def lead(self) -> None:
        key = self._key("Lead")
        form = self.office.filled(
            "/leads/new/", name=key, phone=f"303 {self.chance.randrange(10**7):07}"
        )
        address = self._send(Deed("lead", key), form, can_send_again=True)
        if address and len(self.leads) < 20:
            _, page = self.office.send(Request(address))
            customer = re.search(rb'href="/customers/(\d+)/"', page)
            self.leads.append((_number_in(address), int(customer[1])))

    def pay(self) -> None:
        key = self._key("paid")
        form = self.office.filled(
            f"/customers/{self._somebody()}/payments/new/",
            amount="12.00",
            method="check",
            reference=key,
        )
        self._send(Deed("payment", key), form, can_send_again=True)

    def charge(self) -> None:
        key = self._key("hours")
        said = {"kind": "labour", "description": key, "quantity": "1", "price": "80.00"}
        form = self.office.filled(
            f"/customers/{self._somebody()}/charges/",
            **{f"form-0-{name}": value for name, value in said.items()},
        )
        self._send(Deed("charge", key), form, can_send_again=True)

    def note(self) -> None:
        key, customer = self._key("said"), self._somebody()
        form = self.office.filled(
            f"/customers/{customer}/", f"/customers/{customer}/notes/", text=key
        )
        self._send(Deed("note", key), form, can_send_again=True)

    def store(self) -> None:
        key = self._key("Stored")
        form = self.office.filled("/storage/new/", name=key, monthly_price="90.00")
        self._send(Deed("storage", key), form, can_send_again=True)

    def link(self) -> None:
        """A lead of one's own to the customer it turned out to be."""
        if not self.leads:
            return
        job, _ = self.leads.pop()
        customer = self._somebody()
        form = self.office.filled(f"/jobs/{job}/link/?customer={customer}", f"/jobs/{job}/link/")
        self._send(Deed("link", f"{job} to {customer}"), form)

    def merge(self) -> None:
        """The customers of two leads of one's own."""
        if len(self.leads) < 2:
            return
        one, other = (self.leads.pop()[1] for _ in range(2))
        address = "/customers/merges/new/"
        form = self.office.filled(f"{address}?ids={one}&ids={other}", address)
        led_to = self._send(Deed("merge", f"{min(one, other)} and {max(one, other)}"), form)
        if led_to:
            _, page = self.office.send(Request(led_to))
            merge = re.search(rb"/customers/merges/(\d+)/", page)
            self.merged.append((int(merge[1]), one, other))

    def undo(self) -> None:
        if not self.merged:
            return
        merge, _, _ = self.merged.pop()
        address = f"/customers/merges/{merge}/"
        self._send(Deed("undo", str(merge)), self.office.filled(address))

    def _send(self, deed: Deed, form: Request, *, can_send_again: bool = False) -> str:
        """Send a form; where it led, or nothing when nobody knows what became of it.

        What can be sent again is, every other time, until it is answered: by its token it is done
        once all the same.
        """
        self.deeds.append(deed)
        try:
            answer, _ = self.office.send(form)
        except CUT:
            self._go_on()
            if not can_send_again or self.chance.random() < 0.5:
                return ""
            deed.is_sent_again = True
            answer = self._send_until_answered(form)
        if answer.status != 302:
            self.words.append(f"{form.path} came back.")
            return ""
        deed.is_acknowledged = True
        return answer.headers["Location"]

    def _send_until_answered(self, form: Request):
        while True:
            try:
                return self.office.send(form)[0]
            except CUT:
                self._go_on()

    def _go_on(self) -> None:
        self.cuts += 1
        self.office.connection.close()
        time.sleep(AWAY_SECONDS)

    def _key(self, word: str) -> str:
        return f"{word} {self.number}-{len(self.deeds)}"

    def _somebody(self) -> int:
        return self.chance.choice(self.customers)


def _number_in(address: str) -> int:
    return int(re.search(r"\d+", address)[0])


@contextmanager
def at_work(clerks: list[Clerk]) -> Iterator[None]:
    """They work until the end of it, and finish what they have in hand."""
    over = threading.Event()
    threads = [threading.Thread(target=clerk.work, args=[over.is_set]) for clerk in clerks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
