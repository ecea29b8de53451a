"""Merging and undoing keep every schedule, card consent and period with its storage job."""

from datetime import date

from carter.commands import check
from carter.merging.merge import merge_customers
from carter.merging.undo import undo_merge
from carter.recurring.models import RecurringInvoice, SchedulePeriod
from carter.recurring.moving_out import move_out
from carter.recurring.ticking import tick
from tests.builders import a_customer
from tests.gateway.directing import a_card
from tests.merging.book import book_of
from tests.recurring.builders import a_schedule, at, storage


def assert_that_all_agrees():
    broken = {rule.says: rule.broken_by()[1] for rule in check.RULES}
    assert {says: shown for says, shown in broken.items() if shown} == {}


def stored_with_auto_pay(company, gateway, name):
    """Goods in storage since January whose invoices are charged to a card given for them."""
    customer = a_customer(company, name, email=f"{name[:3].lower()}@example.com")
    stored = storage(company, customer=customer)
    card = a_card(gateway, customer, job=stored.job)
    a_schedule(stored, auto_pay=True, method=card)
    return stored


def who_pays(company):
    """By period: its days, whose invoice it is, whose card is charged, and what is open on it."""
    rows = SchedulePeriod.across_companies.filter(company=company).order_by("starts_on", "id")
    return [
        (
            str(period.starts_on),
            period.invoice.customer.name,
            period.invoice.collection.method.customer.name,
            period.invoice.open_cents,
        )
        for period in rows
    ]


def test_merged_and_undone_the_book_is_what_it_was(connected, gateway):
    connected.has_storage = True
    connected.save()
    with at("2026-01-01"):
        ann = stored_with_auto_pay(connected, gateway, "Ann Lee")
        anne = stored_with_auto_pay(connected, gateway, "Anne Lee")
        tick()
        before = book_of(connected)

        told = {*connected.events.values_list("pk", flat=True)}
        done = merge_customers(survivor=ann.customer, duplicates=[anne.customer], by=None)
        assert who_pays(connected) == [("2026-01-01", "Ann Lee", "Ann Lee", 0)] * 2
        assert_that_all_agrees()
        undo_merge(done, by=None)

    of_merging = connected.events.exclude(pk__in=told).values_list("pk", flat=True)
    assert book_of(connected, besides={*of_merging}) == before
    assert who_pays(connected) == [
        ("2026-01-01", "Ann Lee", "Ann Lee", 0),
        ("2026-01-01", "Anne Lee", "Anne Lee", 0),
    ]
    assert_that_all_agrees()


def test_what_is_billed_and_paid_while_merged_goes_back_with_its_storage_job(connected, gateway):
    connected.has_storage = True
    connected.save()
    with at("2026-01-01"):
        ann = stored_with_auto_pay(connected, gateway, "Ann Lee")
        anne = stored_with_auto_pay(connected, gateway, "Anne Lee")
        tick()
        done = merge_customers(survivor=ann.customer, duplicates=[anne.customer], by=None)
    with at("2026-02-01"):
        tick()
        assert [row[1:] for row in who_pays(connected)[2:]] == [("Ann Lee", "Ann Lee", 0)] * 2
        undo_merge(done, by=None)
    with at("2026-03-01"):
        tick()
        move_out(anne.refreshed(), on=date(2026, 3, 1), by=None)

    assert who_pays(connected) == [
        (day, name, name, 0)
        for day in ("2026-01-01", "2026-02-01", "2026-03-01")
        for name in ("Ann Lee", "Anne Lee")
    ]
    running = RecurringInvoice.across_companies.running()
    assert [each.storage_job for each in running] == [ann]
    assert len(gateway.paid()) == 6
    assert_that_all_agrees()
