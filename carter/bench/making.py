"""Making a book of a size: other processes make the rows while this one writes them."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from time import monotonic

import django
from django.db import ProgrammingError, connection, transaction

from carter.bench.book import Plan, Rows, invoices_up_to, rows_of
from carter.bench.loading import advance_sequences, aside, write
from carter.bench.tables import VARYING
from carter.companies.models import Company
from carter.companies.opening import open_company
from carter.statistics import gather_statistics

AT_ONCE = 1_000
MAKERS = 2
AHEAD = 6
"""How many batches may wait to be written: memory stays the same whatever the size."""

SIGN_IN = "bench@example.com"


@dataclass(frozen=True)
class Made:
    """A book that was made."""

    company: Company
    seconds: float


class NotEmpty(Exception):
    """A book is only made in an empty database; the words say so."""


def make_book(plan: Plan, tell: Callable[[int], None] = lambda done: None) -> Made:
    """Write the book of a plan; `tell` hears how many customers are written. Raises NotEmpty."""
    if Company.objects.exists():
        raise NotEmpty("This database holds a book already: a measured one needs an empty one.")
    started = monotonic()
    company = open_company(
        name="Bench Movers", owner_email=SIGN_IN, owner_name="Bench", password=None
    ).company
    with aside():
        for done, rows in _batches(plan):
            _write(rows, company)
            tell(done)
    _number(company, plan)
    advance_sequences()
    gather_statistics()
    return Made(company, monotonic() - started)


def settle() -> None:
    """Have PostgreSQL clean up and write out at once what it would while it is measured.

    It does so by itself within minutes of such a load. To have it write out takes more rights than
    a book needs: without them it writes meanwhile.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            with suppress(ProgrammingError):
                cursor.execute("CHECKPOINT")


def _batches(plan: Plan) -> Iterator[tuple[int, Rows]]:
    """The rows of all customers, batch after batch, made a few batches ahead."""
    starts = deque(range(1, plan.customers + 1, AT_ONCE))
    waiting: deque[tuple[int, Future[Rows]]] = deque()
    context = get_context("spawn")
    with ProcessPoolExecutor(MAKERS, mp_context=context, initializer=django.setup) as makers:
        while starts or waiting:
            while starts and len(waiting) < AHEAD:
                first = starts.popleft()
                last = min(first + AT_ONCE - 1, plan.customers)
                waiting.append((last, makers.submit(rows_of, plan, range(first, last + 1))))
            done, made = waiting.popleft()
            yield done, made.result()


@transaction.atomic
def _write(rows: Rows, company: Company) -> None:
    for model in VARYING:
        if rows.get(model):
            write(model, rows[model], company.pk)


def _number(company: Company, plan: Plan) -> None:
    """The office goes on counting where the book ends."""
    last = {
        "customer": plan.customers,
        "job": plan.jobs,
        "invoice": invoices_up_to(plan.jobs),
    }
    for name, number in last.items():
        company.series.create(company=company, name=name, last=number)


def size_of_database() -> int:
    """In bytes, on disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
