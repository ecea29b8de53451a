"""A thousand merges and undos in any order, and the book is what it was.

CARTER_TEST_MERGES says how many, 1,000 by default; 20,000 are the long run, each 1,000 in a book of
their own.
"""

import os
from random import Random

import pytest

from carter.billing.ledger import log_charge, record_payment
from carter.billing.lines import Line
from carter.customers.following import followers
from carter.customers.models import Event
from carter.merging import undo
from carter.merging.merge import merge_customers
from carter.merging.models import Merge, MergedRecord
from carter.merging.undo import undo_merge
from carter.recurring.scheduling import start_schedule
from tests.builders import a_customer, a_job, a_storage_job
from tests.gateway.builders import a_card_on_file
from tests.merging.book import book_of, what_is_agreed
from tests.merging.office import HELD, end, of_every_kind, owed

DEEDS = int(os.environ.get("CARTER_TEST_MERGES", "1000"))
IN_A_BOOK = 1_000
NAMES = ("Bob Smith", "Robert Smith", "Ann Lee", "Anne Lee", "Bo Diaz", "Beau Diaz")


@pytest.fixture
def book(ours):
    """Six customers, each with a phone, a job and some money; two have goods in storage.

    Their recurring invoices are paid from a card, of the one for all of theirs, of the other for
    this storage job alone.
    """
    for place, name in enumerate(NAMES):
        customer = a_customer(ours, name, phone=f"303 555 01{place}0", email=f"{place}@example.com")
        job = a_job(customer)
        log_charge(customer=customer, job=job, kind="labour", amount_cents=9_900 + place, by=None)
        record_payment(customer=customer, job=None, method="cash", amount_cents=500, by=None)
    for customer, is_for_all in zip(ours.customers.order_by("pk"), (True, False), strict=False):
        stored = a_storage_job(customer, on=ours.today)
        job = None if is_for_all else stored.job
        card = a_card_on_file(customer, job=job, key=customer.code)
        start_schedule(
            stored,
            starts_on=ours.today,
            lines=[Line("storage", 10_000)],
            values={"auto_pay": True, "method": card},
            by=None,
        )
    return ours


@pytest.mark.parametrize("seed", range(max(DEEDS // IN_A_BOOK, 1)))
def test_a_thousand_merges_and_undos_in_any_order_leave_no_trace(book, seed):
    before, chance = book_of(book), Random(20261122 + seed)
    agreed, cents = what_is_agreed(book), owed(book)

    for _ in range(min(DEEDS, IN_A_BOOK)):
        merge_or_undo(book, chance)
        assert astray(book) == []
        assert owed(book) == cents
        assert what_is_agreed(book) == agreed
    for merge in standing(book):
        undo_merge(merge, by=None)

    told = Event.across_companies.filter(company=book, about_kind="merge").values_list(
        "pk", flat=True
    )
    assert book_of(book, besides=set(told)) == before


def test_it_would_be_noticed_if_an_undo_did_not_lead_the_rows_back(book, monkeypatch):
    monkeypatch.setattr(undo, "reroute", lambda *records: None)
    survivor, duplicate = book.customers.order_by("pk")[:2]

    undo_merge(merge_customers(survivor=survivor, duplicates=[duplicate], by=None), by=None)

    assert duplicate.pk in astray(book)


def merge_or_undo(book, chance):
    """Undo one of the merges that stand, whichever it is, or merge two or three who are there."""
    there, merges = list(book.customers.current().order_by("pk")), standing(book)
    if len(there) < 2 or (merges and chance.random() < 0.5):
        undo_merge(chance.choice(merges), by=None)
        return
    survivor, *duplicates = chance.sample(there, k=min(len(there), chance.choice((2, 2, 3))))
    choices = {"name": chance.choice(duplicates).pk} if chance.random() < 0.5 else {}
    merge_customers(survivor=survivor, duplicates=duplicates, choices=choices, by=None)


def standing(book):
    return list(Merge.across_companies.filter(company=book, undone_at=None).order_by("pk"))


def astray(book):
    """Records that lead elsewhere than a standing merge says, and rows that are not at the end."""
    edges = dict(book.customers.values_list("pk", "merged_into"))
    records = MergedRecord.across_companies.filter(company=book, undone_at=None)
    said = dict.fromkeys(edges) | dict(records.values_list("duplicate", "merge__survivor"))
    held = of_every_kind(HELD, followers(), book)
    return [
        *(record for record in edges if edges[record] != said[record]),
        *(record for holder, record in held if holder != end(record, said)),
    ]
