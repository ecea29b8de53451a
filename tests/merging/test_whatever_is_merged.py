"""Whatever the office does, merges and splits lose nothing and can be taken back exactly.

CARTER_TEST_MERGING_STEPS says how many steps the office takes; 20,000 of them are the long run.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from carter.billing.ledger import log_charge
from carter.customers.following import reroute, statements_to_move
from carter.customers.models import Phone
from carter.gateway.models import StoredMethod
from carter.merging import merge, split_undo, split_undo_planning, undo
from carter.merging.giving import giveable
from carter.merging.models import Merge, Split
from carter.recurring.models import RecurringInvoice
from tests.merging.storing import StoringOffice

DAY = 60
STEPS = int(os.environ.get("CARTER_TEST_MERGING_STEPS", "300"))
WORKDAYS = settings(
    max_examples=max(STEPS // DAY, 1),
    stateful_step_count=DAY,
    deadline=None,
    derandomize=STEPS <= 300,
    phases=[Phase.generate],  # Making a failing day shorter takes longer than reading it.
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_whatever_the_office_merges_and_splits_can_be_taken_back_exactly():
    run_state_machine_as_test(StoringOffice, settings=WORKDAYS)


@pytest.fixture
def office(db):
    """An office on an ordinary day: two customers with a phone, a job and some money each."""
    office = StoringOffice()
    office.open_the_book(["Bob Smith", "Robert Smith", "Ann Lee"])
    for chance in range(4):
        office.post(log_charge, chance, chance % 2, kind="labour", amount_cents=500)
    yield office
    transaction.set_rollback(True)
    office.undone_at_the_end.__exit__(None, None, None)


def stopping_auto_pay(*records):
    reroute(*records)
    RecurringInvoice.across_companies.update(auto_pay=False)


@pytest.fixture(autouse=True)
def statements_of_its_own():
    """What moves a row is written once; under a broken rule it is another statement."""
    statements_to_move.cache_clear()
    yield
    statements_to_move.cache_clear()


@pytest.mark.parametrize(
    ("module", "name", "instead"),
    [
        (undo, "withdraw_writes", lambda *args, **kwargs: None),
        (undo, "settle", lambda records: None),
        (undo, "reroute", lambda *records: None),
        (split_undo, "take_back", lambda split, by: set()),
        (split_undo_planning, "with_all_that_hangs", lambda rows: {(type(r), r.pk) for r in rows}),
        (merge, "settle_mains", lambda customers, *kinds: None),
        (merge, "reroute", stopping_auto_pay),
        (undo, "reroute", stopping_auto_pay),
        (StoredMethod, "carried_by", lambda row: None),
    ],
)
def test_the_office_notices_when_one_rule_is_broken(module, name, instead, office, monkeypatch):
    monkeypatch.setattr(module, name, instead)

    with pytest.raises(Exception):  # noqa: B017, PT011 whatever it is that it notices
        work(office)


def test_the_same_day_without_a_broken_rule_passes(office):
    work(office)


def work(office):
    """A day that needs every rule."""
    survivor, duplicate, other = office.ours.customers.order_by("pk")[:3]
    office.fold(survivor, [duplicate], {"name": duplicate.pk})
    office.look()
    office.undo(office.standing(Merge)[0])
    office.look()
    survivor, duplicate, other = office.ours.customers.order_by("pk")[:3]
    office.fold(survivor, [duplicate], {"name": duplicate.pk})
    office.part(survivor, list(giveable(Phone, survivor))[:1], other)
    stored = office.ours.storage_jobs.first().job
    office.part(stored.customer, [stored], None)
    office.a_month_passes()
    office.look()
    office.take_back(max(office.standing(Split), key=lambda split: split.pk))
    office.look()
    office.undo_everything()
    office.look()
    office.check_that_the_books_are_the_same()
