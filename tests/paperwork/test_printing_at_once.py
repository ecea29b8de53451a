"""Several processes print at the same time, or are killed in the middle: each paper, once.

CARTER_TEST_KILLS sets how many are killed: 1 by default.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection

from carter.billing.models import PaperDue
from carter.paperwork import printing
from carter.paperwork.models import Paper
from carter.paperwork.printing import print_due
from tests.builders import a_charge, a_customer, a_job, an_invoice
from tests.outbox.test_killing import address_of_database
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("CARTER_TEST_KILLS", "1"))
ONCE = """
SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = 'paperwork_paper'::regclass
AND pg_get_constraintdef(oid) = 'UNIQUE (invoice_id)'
"""


def issue(company, count) -> set[int]:
    job = a_job(a_customer(company))
    return {an_invoice([a_charge(job, 10_000)]).pk for _ in range(count)}


def papers() -> Counter[int]:
    """How many are kept of each invoice."""
    return Counter(Paper.across_companies.values_list("invoice", flat=True))


def unclaimed(company):
    """What is due, as somebody would take it who forgot that others take it, too."""
    taken = list(company.papers_due.select_related("invoice", "credit_note").order_by("id")[:20])
    for each in taken:
        each.company = each.document.company = company
    return taken


@contextmanager
def without_the_unique_paper() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(ONCE)
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE paperwork_paper DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        Paper.across_companies.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f'ALTER TABLE paperwork_paper ADD CONSTRAINT "{name}" UNIQUE (invoice_id)'
            )


@pytest.mark.postgresql
def test_two_at_once_print_each_once(ours):
    invoices = issue(ours, 30)

    assert at_once(*[partial(print_due, 60)] * 2) == []

    assert papers() == dict.fromkeys(invoices, 1)
    assert not ours.papers_due.exists()


@pytest.mark.postgresql
def test_what_is_taken_by_one_is_not_printed_by_another(ours):
    """It would be for nothing: that is what taking is good for."""
    issue(ours, 30)
    taken: list[PaperDue] = []

    at_once(*[lambda: taken.extend(printing._taken(ours))] * 4)

    assert set(Counter(each.pk for each in taken).values()) == {1}


@pytest.mark.postgresql
def test_the_unique_paper_alone_would_do(ours, monkeypatch):
    monkeypatch.setattr(printing, "_taken", unclaimed)
    invoices = issue(ours, 20)

    assert at_once(*[partial(print_due, 60)] * 2) == []

    assert papers() == dict.fromkeys(invoices, 1)


@pytest.mark.postgresql
def test_without_both_papers_would_be_kept_twice(ours, monkeypatch):
    monkeypatch.setattr(printing, "_taken", unclaimed)
    issue(ours, 20)
    with without_the_unique_paper():
        at_once(*[partial(print_due, 60)] * 2)

        assert max(papers().values()) == 2


@pytest.fixture
def start_printing(live_server, tmp_path):
    """Starts `carter tick`."""

    def start() -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "DATABASE_URL": address_of_database(),
            "CARTER_VAR": str(tmp_path),
        }
        words = [sys.executable, "-m", "carter", "tick"]
        return subprocess.Popen(
            words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    return start


def test_what_a_killed_process_had_taken_is_printed_by_another(ours, start_printing):
    invoices = issue(ours, 40 * KILLS)
    for kill in range(KILLS):
        process = start_printing()
        while sum(papers().values()) <= 20 * kill:
            assert process.poll() is None
            time.sleep(0.005)
        process.kill()
        process.wait()
        assert len(papers()) < len(invoices)
        left = set(PaperDue.across_companies.values_list("invoice", flat=True))
        assert (set(papers()) | left, set(papers()) & left) == (invoices, set())
        PaperDue.across_companies.update(due_at="2026-01-01T00:00:00Z")

    print_due(60)

    assert papers() == dict.fromkeys(invoices, 1)
    assert not PaperDue.across_companies.exists()
