"""Measuring operations: what they cost the server, how long they take, how many queries."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from random import Random
from statistics import median, quantiles

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carter.bench.book import Plan, is_lead
from carter.bench.office import Office, Request
from carter.bench.operations import OPERATIONS, Operation
from carter.bench.serving import Server
from carter.companies.models import Member
from carter.jobs.models import Job
from carter.jobs.repeats import repeats_of

CLIENTS = 8


@dataclass(frozen=True)
class Sizes:
    """How much is measured: so many times an operation in each of so many runs."""

    times: int = 100
    runs: int = 3


@dataclass(frozen=True)
class Figure:
    """What an operation costs: server CPU, and the time somebody waits, in milliseconds.

    Of several runs the median; of the waiting times all together.
    """

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    queries: int | None = None


@dataclass(frozen=True)
class Throughput:
    """What clients at work get: answers a second, and the times they wait."""

    per_second: float
    p50_ms: float
    p95_ms: float


def measured(
    operation: Operation,
    server: Server,
    plan: Plan,
    cookies: str,
    sizes: Sizes,
    member: Member | None = None,
) -> Figure:
    """An operation over HTTP, by one client whose connection is kept; queries as the member's."""
    office = Office(server.port, cookies)
    costs, waits = [], []
    for run in range(sizes.runs):
        chance = Random(f"{operation.name} {run}")
        warm, *requests = operation.prepare(office, plan, chance, sizes.times + 1)
        _do(office, warm, follows=operation.follows)
        before = server.cpu_seconds()
        waits += [_timed(office, each, follows=operation.follows) for each in requests]
        costs.append((server.cpu_seconds() - before) / len(requests))
    asked = queries_of(operation, office, plan, member) if member else None
    return Figure(median(costs) * 1000, *waited(waits), queries=asked)


def candidates(plan: Plan, company_id: int, sizes: Sizes) -> Figure:
    """Possible repeat customers of a lead, without a screen around them: CPU of this process."""
    leads = [job for job in range(plan.jobs, 0, -1) if is_lead(job)][: 50 * sizes.times]
    costs, waits = [], []
    for run in range(sizes.runs):
        chosen = Random(run).sample(leads, min(sizes.times, len(leads)))
        jobs = Job.across_companies.filter(company=company_id, pk__in=chosen)
        found = list(jobs.select_related("company", "customer"))
        before = time.process_time()
        for job in found:
            started = time.perf_counter()
            repeats_of(job)
            waits.append(time.perf_counter() - started)
        costs.append((time.process_time() - before) / len(found))
    with CaptureQueriesContext(connection) as asked:
        repeats_of(found[0])
    return Figure(median(costs) * 1000, *waited(waits), queries=len(asked))


def queries_of(operation: Operation, office: Office, plan: Plan, member: Member) -> int:
    """How many queries an operation makes, the pages a browser is led to included: at most.

    What it does is the same in every run on a new book, so that the numbers can be compared.
    """
    requests = operation.prepare(office, plan, Random(operation.name), 3)
    logging.disable()
    return max(_queries(request, operation, member) for request in requests)


def _queries(request: Request, operation: Operation, member: Member) -> int:
    browser = Client(SERVER_NAME="localhost", headers=dict(request.headers))
    browser.force_login(member.user, settings.AUTHENTICATION_BACKENDS[0])
    data: dict[str, list[str]] = {}
    for name, value in request.data or ():
        data.setdefault(name, []).append(value)
    with CaptureQueriesContext(connection) as asked:
        if request.data is None:
            browser.get(request.path)
        else:
            browser.post(request.path, data, follow=operation.follows)
    return len(asked)


def in_the_middle(measure: Callable[[], Throughput], runs: int = 3) -> Throughput:
    """Of several runs the one in the middle, by what was waited.

    How the kernel shares connections out among the processes is chance: now and then one gets all.
    """
    return sorted((measure() for _ in range(runs)), key=lambda run: run.p95_ms)[runs // 2]


def eight_clients(name: str, server: Server, plan: Plan, cookies: str, times: int) -> Throughput:
    """One operation by eight clients at once."""
    operation = next(each for each in OPERATIONS if each.name == name)
    offices = [Office(server.port, cookies) for _ in range(CLIENTS)]
    work = [operation.prepare(each, plan, Random(n), times) for n, each in enumerate(offices)]
    return _at_once([_worker(*each) for each in zip(offices, work, strict=True)])


def mixed_work(
    server: Server, plan: Plan, cookies: str, times: int, clients: int = CLIENTS
) -> Throughput:
    """People at their work, a fifth of it writing: leads and payments, forms included."""
    works = [mixed(Office(server.port, cookies), plan, Random(n)) for n in range(clients)]
    return _at_once([partial(_some, work, times) for work in works])


def _some(work: Iterator[float], times: int) -> list[float]:
    return list(islice(work, times))


def mixed(office: Office, plan: Plan, chance: Random) -> Iterator[float]:
    """One person's work for ever, a fifth of it writing: how long each answer took.

    Forms are answers, too, and the page that a browser is led to once a lead is saved.
    """
    by_name = {operation.name: operation for operation in OPERATIONS}
    reading = ["customers list, first page", "customer page: details", "search, part-names"]
    writing = ["new lead saved, and its page", "payment recorded and applied"]
    for turn in count():
        operation = by_name[chance.choice(writing if turn % 5 == 0 else reading)]
        for request in operation.prepare(office, plan, chance, 1):
            _do(office, request, follows=operation.follows)
        yield from office.waits
        office.waits.clear()


def _worker(office: Office, requests: Sequence[Request]) -> Callable[[], list[float]]:
    return lambda: [_timed(office, request, follows=False) for request in requests]


def _at_once(works: Sequence[Callable[[], list[float]]]) -> Throughput:
    started = time.perf_counter()
    with ThreadPoolExecutor(len(works)) as clients:
        waits = [wait for waited in clients.map(lambda work: work(), works) for wait in waited]
    return Throughput(len(waits) / (time.perf_counter() - started), *waited(waits))


def _timed(office: Office, request: Request, *, follows: bool) -> float:
    started = time.perf_counter()
    _do(office, request, follows=follows)
    return time.perf_counter() - started


def _do(office: Office, request: Request, *, follows: bool) -> None:
    answer, _ = office.send(request)
    if request.data is not None and answer.status != 302:
        raise RuntimeError(f"{request.path} was not done: the form came back.")
    if follows:
        office.send(Request(answer.headers["Location"]))


def waited(waits: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds."""
    return median(waits) * 1000, quantiles(waits, n=20)[-1] * 1000
