"""A whole office at work for long: what grows with it, the last quarter compared with the first."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from random import Random
from threading import Event, Thread

from carter.bench.book import Plan
from carter.bench.measuring import CLIENTS, mixed, waited
from carter.bench.office import Office, Refused
from carter.bench.serving import Server

QUARTERS = 4
FAILURES = (OSError, HTTPException, Refused, RuntimeError)
GROWTH = {
    "cpu_ms": (1.25, "an answer costs {last:.1f} ms of CPU, {first:.1f} at first"),
    "p50_ms": (1.5, "half the answers take more than {last:.0f} ms, {first:.0f} at first"),
    "p95_ms": (2.0, "one in twenty takes more than {last:.0f} ms, {first:.0f} at first"),
    "megabytes": (1.1, "a process has {last:.0f} MB, {first:.0f} at first"),
}
"""How many times as much the last quarter may have of each. Waiting depends on the machine's other
work, too; CPU and memory hardly."""


@dataclass(frozen=True)
class Quarter:
    """What a quarter of the time was like. `megabytes` are of the largest process, at most."""

    answers: int
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    megabytes: float


@dataclass(frozen=True)
class Soaked:
    """The quarters, and what failed in words."""

    quarters: list[Quarter]
    failed: list[str]


def soak(server: Server, plan: Plan, cookies: str, minutes: float) -> Soaked:
    """Have eight people work on the server, a fifth of it writing, and look on."""
    over, waits, failed = Event(), list[float](), list[str]()

    def work(chance: Random) -> None:
        turns = mixed(Office(server.port, cookies), plan, chance)
        while not over.is_set():
            try:
                waits.append(next(turns))
            except FAILURES as trouble:
                failed.append(f"{type(trouble).__name__}: {trouble}")
                turns = mixed(Office(server.port, cookies), plan, chance)

    people = [Thread(target=work, args=[Random(place)]) for place in range(CLIENTS)]
    for person in people:
        person.start()
    try:
        quarters = [_quarter(server, waits, minutes * 60 / QUARTERS) for _ in range(QUARTERS)]
    finally:
        over.set()
        for person in people:
            person.join()
    return Soaked(quarters, failed)


def grown(soaked: Soaked) -> list[str]:
    """What is not as it was at first, and what failed; nothing when all is well."""
    found = [f"{len(soaked.failed)} failed, first: {soaked.failed[0]}"] if soaked.failed else []
    for name, (times, words) in GROWTH.items():
        first, last = getattr(soaked.quarters[0], name), getattr(soaked.quarters[-1], name)
        if last > first * times:
            found.append("Grown: " + words.format(first=first, last=last) + ".")
    return found


def table(soaked: Soaked) -> Iterator[str]:
    yield f"{'quarter':<8}{'answers':>9}{'CPU ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'largest MB':>12}"
    for place, each in enumerate(soaked.quarters, start=1):
        yield (
            f"{place:<8}{each.answers:>9,}{each.cpu_ms:>9.1f}{each.p50_ms:>9.1f}"
            f"{each.p95_ms:>9.1f}{each.megabytes:>12.1f}"
        )


def _quarter(server: Server, waits: list[float], seconds: float) -> Quarter:
    began, spent, largest = len(waits), server.cpu_seconds(), 0.0
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 1))
        largest = max(largest, server.megabytes()["largest"])
    done = waits[began:]
    spent = server.cpu_seconds() - spent
    return Quarter(len(done), spent / len(done) * 1000, *waited(done), largest)
