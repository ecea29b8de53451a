"""A year of a storage customer on a simulated clock, line by line."""

from datetime import date, timedelta

import pytest

from carter.billing.balances import balance_of
from carter.billing.models import Payment
from carter.commands import check
from carter.gateway.models import PaymentAttempt, StoredMethod
from carter.recurring.late_fees import waive_late_fee
from carter.recurring.models import LateFee, LatePolicy, RecurringInvoice
from carter.recurring.moving_out import move_out
from carter.recurring.pausing import pause_schedule
from carter.recurring.prices import change_price
from carter.recurring.ticking import tick
from carter.storage.models import StorageJob
from tests.builders import a_customer, some_locations
from tests.gateway.directing import EMPTY, GOOD, a_card
from tests.recurring.builders import a_schedule, at, invoiced, storage

INVOICES = [
    ("INV-1", "2026-01-12", "2026-01-12", "Storage, Jan 12 – 31, 2026 (20 days)", 20_000),
    ("INV-2", "2026-01-27", "2026-02-01", "Storage, Feb 1 – 28, 2026", 31_000),
    ("INV-3", "2026-02-24", "2026-03-01", "Storage, Mar 1 – 31, 2026", 31_000),
    ("INV-4", "2026-03-27", "2026-04-01", "Storage, Apr 1 – 30, 2026", 33_000),
    ("INV-5", "2026-04-26", "2026-05-01", "Storage, May 1 – 31, 2026", 33_000),
    ("INV-6", "2026-05-27", "2026-06-01", "Storage, Jun 1 – 30, 2026", 33_000),
    ("INV-7", "2026-06-26", "2026-07-01", "Late fee for Invoice INV-6", 29_113),
    ("INV-8", "2026-07-27", "2026-08-01", "Storage, Aug 11 – 31, 2026 (21 days)", 22_355),
    ("INV-9", "2026-08-27", "2026-09-01", "Storage, Sep 1 – 30, 2026", 33_000),
    ("INV-10", "2026-09-26", "2026-10-01", "Storage, Oct 1 – 31, 2026", 33_000),
    ("INV-11", "2026-10-27", "2026-11-01", "Storage, Nov 1 – 30, 2026", 15_000),
    ("INV-12", "2026-11-26", "2026-12-01", "Storage, Dec 1 – 31, 2026", 15_000),
]
RECEIVED = [
    ("2026-01-12", "payment", 20_000),
    ("2026-02-01", "payment", 31_000),
    ("2026-03-01", "payment", 31_000),
    ("2026-04-01", "payment", 33_000),
    ("2026-05-01", "payment", 33_000),
    ("2026-06-15", "payment", 33_000),
    ("2026-07-01", "payment", 29_113),
    ("2026-07-03", "credit-note", 2_500),
    ("2026-08-01", "payment", 19_855),
    ("2026-09-01", "payment", 33_000),
    ("2026-10-01", "payment", 33_000),
    ("2026-10-11", "credit-note", 12_194),
    ("2026-11-01", "payment", 2_806),
    ("2026-12-01", "payment", 15_000),
    ("2026-12-17", "credit-note", 7_258),
]
CARD = {"2026-06-01": EMPTY, "2026-06-15": GOOD}
"""From which day on the bank declines the card, or takes it again."""


def on_the(day: str, stored: StorageJob, ada) -> None:
    """What people do on a day of that year."""
    schedule = RecurringInvoice.across_companies.get()
    line = schedule.lines.get()
    if day == "2026-02-10":
        change_price(line, from_on=date(2026, 4, 1), unit_price_cents=33_000, by=ada)
    if day == "2026-06-25":
        pause_schedule(
            schedule, from_on=date(2026, 7, 26), until_on=date(2026, 8, 11), reason="Flood", by=ada
        )
    if day == "2026-07-03":
        waive_late_fee(LateFee.across_companies.get(), reason="His bank was down", by=ada)
    if day == "2026-10-11":
        gone = [stay.location for stay in stored.stays.standing()][:2]
        move_out(
            stored, on=date(2026, 10, 11), locations=gone, new_monthly_price_cents=15_000, by=ada
        )
    if day == "2026-12-17":
        move_out(stored.refreshed(), on=date(2026, 12, 17), by=ada)


@pytest.fixture
def stored(connected, gateway):
    connected.has_storage = True
    connected.save()
    with at("2026-01-12"):
        LatePolicy(
            company=connected,
            is_on=True,
            since_on=date(2026, 1, 1),
            fee="fixed",
            fee_cents=2_500,
            fee_days=10,
            second_letter_days=None,
            lien_notice_days=None,
        ).save()
        bob = a_customer(connected, "Bob Smith", email="bob@example.com")
        stored = storage(
            connected, customer=bob, since="2026-01-12", locations=some_locations(connected)
        )
        card = a_card(gateway, bob, job=stored.job)
        a_schedule(
            stored,
            starts_on="2026-01-12",
            cents=31_000,
            days_ahead=5,
            auto_pay=True,
            method=card,
        )
    return stored


def tried():
    """The days on which the card was declined."""
    rows = PaymentAttempt.across_companies.filter(status="failed").order_by("on")
    return [f"{on:%m-%d}" for on in rows.values_list("on", flat=True)]


def received(company):
    rows = Payment.across_companies.filter(company=company).order_by("on", "id")
    return [(str(row.on), row.kind, row.amount_cents) for row in rows]


def test_a_year_of_a_storage_customer(connected, gateway, stored, ada):
    day = date(2026, 1, 12)
    while day <= date(2027, 1, 31):
        with at(str(day)):
            if str(day) in CARD:
                let_the_bank(gateway, CARD[str(day)])
            on_the(str(day), stored, ada)
            tick()
        day += timedelta(days=1)

    assert invoiced(connected) == INVOICES
    assert received(connected) == RECEIVED
    assert tried() == ["06-01", "06-02", "06-04", "06-06", "06-08", "06-11"]
    assert balance_of(stored.customer) == -7_258
    broken = {rule.says: rule.broken_by()[1] for rule in check.RULES}
    assert {says: shown for says, shown in broken.items() if shown} == {}


def let_the_bank(gateway, number):
    """Make the card one that the bank declines, or takes."""
    known, card = gateway.tell("card", number=number), StoredMethod.across_companies.all()
    card.update(gateway_method=known["id"], gateway_customer=known["customer"])
