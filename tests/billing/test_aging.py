"""Aging, statements, open items and takings add up to the balance, on any day."""

from datetime import date, timedelta

import pytest

from carter.billing.aging import aging, aging_of
from carter.billing.applying import take_off
from carter.billing.balances import balance_of
from carter.billing.invoicing import void_invoice
from carter.billing.ledger import give_credit
from carter.billing.statements import open_items, statement
from carter.billing.taking_back import return_payment
from carter.billing.takings import money_in, takings
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice

MARCH = date(2026, 3, 31)


@pytest.fixture
def bob(ours, theirs):
    a_charge(a_customer(theirs), 77)
    return a_customer(ours)


@pytest.fixture
def story(bob, time_machine):
    """Two invoices of January and March, a payment that bounces in April, and loose ends."""
    job = a_job(bob)
    time_machine.move_to("2026-01-05T18:00:00Z")
    first = an_invoice([a_charge(job, 1_000)])
    time_machine.move_to("2026-03-05T18:00:00Z")
    an_invoice([a_charge(job, 500)], terms="net-30")
    check = a_payment(job, 1_100)
    a_charge(bob, 40)
    a_payment(bob, 7, to={})
    time_machine.move_to("2026-04-10T18:00:00Z")
    return_payment(check, fee_cents=35, by=None)
    give_credit(customer=bob, job=job, amount_cents=100, description="Sorry", by=None)
    return first


def test_aging_of_today_is_by_lateness_and_adds_up_to_the_balance(ours, bob, story):
    found = aging(ours)

    assert [(row.customer_id, row.late_cents, row.rest_cents) for row in found.rows] == [
        (bob.pk, (0, 500, 0, 0, 900), 68)
    ]
    assert (found.late_cents, found.rest_cents) == ((0, 500, 0, 0, 900), 68)
    assert found.total_cents == balance_of(bob) == 1_468
    assert aging_of(bob) == found.rows[0]


@pytest.mark.parametrize(
    ("on", "late", "rest"),
    [
        (date(2026, 1, 4), (0, 0, 0, 0, 0), 0),
        (date(2026, 1, 5), (1_000, 0, 0, 0, 0), 0),
        (date(2026, 2, 5), (0, 0, 1_000, 0, 0), 0),
        (MARCH, (400, 0, 0, 0, 0), 33),
        (date(2026, 4, 10), (0, 500, 0, 0, 900), 68),
    ],
)
def test_aging_of_a_past_day_is_what_was_known_of_that_day(on, late, rest, ours, bob, story):
    one, whole = aging_of(bob, on), aging(ours, on)

    assert (one.late_cents, one.rest_cents) == (late, rest)
    assert (whole.late_cents, whole.rest_cents) == (late, rest)
    assert whole.total_cents == statement(bob, through=on).closing_cents


def test_the_whole_book_is_what_its_customers_are_on_any_day(ours, bob, story):
    days = [date(2026, 1, 1) + timedelta(days=ago) for ago in range(101)]
    ann = a_customer(ours)
    a_charge(ann, 250)

    for day in days:
        alone = [aging_of(customer, day) for customer in (bob, ann)]
        assert aging(ours, day).rows == [row for row in alone if any((*row.late_cents, row[2]))]
        assert [row.total_cents for row in alone] == [
            statement(customer, through=day).closing_cents for customer in (bob, ann)
        ]


def test_a_page_of_the_rows_comes_with_the_sums_of_all(ours):
    for name, cents in (("Ann Lee", 300), ("Bob Smith", 500), ("Cy Young", 400)):
        an_invoice([a_charge(a_customer(ours, name), cents)])
    whole = aging(ours)

    part = aging(ours, rows=slice(1, 2))

    assert [row.total_cents for row in whole.rows] == [500, 400, 300]
    assert part.rows == whole.rows[1:2]
    assert (part.count, part.largest_cents, part.total_cents) == (3, 500, 1_200)
    assert (part.late_cents, part.rest_cents) == (whole.late_cents, whole.rest_cents)
    assert aging(ours, rows=slice(5, 9)).total_cents == 1_200


def test_a_void_invoice_was_open_before_it_was_void(bob, time_machine):
    time_machine.move_to("2026-03-05T18:00:00Z")
    invoice = an_invoice([a_charge(bob, 500)])
    payment = a_payment(bob, 100)
    time_machine.move_to("2026-04-10T18:00:00Z")
    take_off(payment, invoice=invoice, by=None)
    void_invoice(invoice, reason="Wrong", by=None)

    assert (aging_of(bob, MARCH).late_cents[1], aging_of(bob, MARCH).rest_cents) == (400, 0)
    assert (sum(aging_of(bob).late_cents), aging_of(bob).rest_cents) == (0, 400)


def test_a_statement_opens_with_what_was_owed_before_and_closes_with_what_is_owed(bob, story):
    march = statement(bob, since=date(2026, 3, 1), through=MARCH)

    assert (march.opening_cents, march.closing_cents) == (1_000, 433)
    assert [(line.amount_cents, line.running_cents) for line in march.lines] == [
        (500, 1_500),
        (-1_100, 400),
        (40, 440),
        (-7, 433),
    ]
    assert statement(bob).closing_cents == balance_of(bob)
    assert [line.running_cents for line in statement(bob).lines[5:7]] == [1_533, 1_568]


def test_open_items_are_the_invoices_that_were_open_and_the_rest(bob, story):
    found = open_items(bob, MARCH)

    assert [(invoice.code, invoice.was_open_cents) for invoice in found.invoices] == [
        ("INV-2", 400)
    ]
    assert (found.rest_cents, found.total_cents) == (33, 433)


def test_a_day_s_closing_is_money_by_method_and_credits_are_none(ours, bob, story):
    a_payment(bob, 20, method="cash", to={})
    april = {"since": date(2026, 4, 1), "through": date(2026, 4, 30)}

    assert [(row.label, row.count, row.cents) for row in takings(ours, **april)] == [
        ("Cash", 1, 20),
        ("Check", 1, -1_100),
    ]
    assert [payment.kind for payment in money_in(ours, **april)] == ["payment", "returned"]
