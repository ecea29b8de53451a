"""An import stays fast and small: 100,000 rows in two minutes are 1.2 ms a row."""

import time
import tracemalloc

from django.db import connection
from django.test.utils import CaptureQueriesContext

from carter.transfer import steps
from carter.transfer.batches import start_import
from carter.transfer.working import work_on
from tests.transfer.importing import a_csv, a_dry_run

HEADER = (
    "Record ID", "First Name", "Last Name", "Email", "Phone Number", "Street Address", "City",
    "State/Region", "Postal Code", "Lifecycle Stage",
)  # fmt: skip
CPU_SECONDS_PER_ROW = 0.004
"""Thrice what it takes here, for a machine that has other things to do."""


def people(count: int, *, first: int = 0) -> bytes:
    return a_csv(HEADER, *(_row(number) for number in range(first, first + count)))


def _row(number: int) -> tuple[str, ...]:
    name = (str(51_000_000 + number), f"Given{number}", f"Family{number}")
    reached = (f"mail{number}@example.com", f"303 {200 + number % 700} {number % 10_000:04}")
    return (*name, *reached, f"{number} Oak St", "Denver", "CO", "80202", "customer")


def test_a_row_takes_its_share_of_two_minutes(ours, ada):
    content = people(2_000)
    begun = time.process_time()

    batch = work_on(start_import(a_dry_run(ours, content, by=ada), by=ada))

    assert batch.counts == {"created": 2_000}
    assert (time.process_time() - begun) / 2_000 < CPU_SECONDS_PER_ROW


def test_memory_does_not_grow_with_the_file(ours, ada, monkeypatch):
    monkeypatch.setattr(steps, "CHUNK", 100)
    peaks = []
    for count in (200, 800):
        batch = start_import(a_dry_run(ours, people(count, first=count * 10)), by=ada)
        tracemalloc.start()
        work_on(batch)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5


def test_a_chunk_writes_as_often_whatever_its_size(ours, ada):
    counts = {}
    for rows in (200, 600):
        batch = start_import(a_dry_run(ours, people(rows, first=rows * 10)), by=ada)
        with CaptureQueriesContext(connection) as queries:
            work_on(batch)
        statements = (query["sql"] for query in queries)
        counts[rows] = sum('INTO "customers_' in sql or '"transfer_' in sql for sql in statements)

    assert counts[200] == counts[600]
