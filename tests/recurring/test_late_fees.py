"""Late fees and reminders: by the policy, once, on their own day, and waived with a reason."""

from datetime import date

import pytest

from carter.billing.balances import balance_of
from carter.billing.checking import RULES
from carter.billing.invoicing import draft_invoice, issue_invoice
from carter.billing.models import Charge, Invoice
from carter.companies.rights import NotAllowed, Role
from carter.outbox.models import Letter
from carter.recurring.late_fees import CannotWaive, charge_late_fees, waive_late_fee
from carter.recurring.letters import mail_invoices, remind
from carter.recurring.models import LateFee, LatePolicy, LateStep
from carter.recurring.ticking import tick
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment
from tests.recurring.builders import a_schedule, at, storage


@pytest.fixture
def ours(ours):
    ours.has_storage = True
    ours.save()
    return ours


def a_policy(company, **fields):
    fields = {"fee": "fixed", "fee_cents": 2_500, "fee_days": 10, **fields}
    policy = LatePolicy(company=company, is_on=True, since_on=date(2026, 1, 1), **fields)
    policy.save()
    return policy


def an_invoiced_job(company, **values):
    with at("2026-01-01"):
        bob = storage(company, customer=a_customer(company, email="bob@example.com"))
        a_schedule(bob, ends_on=date(2026, 2, 1), **values)
    return bob


def fees(company):
    return [(str(fee.on), fee.charge.amount_cents) for fee in company.late_fees.order_by("on")]


def test_a_fee_is_charged_on_the_day_after_the_grace_days(ours):
    a_policy(ours)
    bob = an_invoiced_job(ours)
    with at("2026-01-11"):
        assert charge_late_fees(ours, ours.today) == 0
    with at("2026-01-12"):
        assert [charge_late_fees(ours, ours.today) for _ in range(3)] == [1, 0, 0]

    (fee,) = Charge.across_companies.filter(kind="late-fee")
    assert (fee.job, str(fee), str(fee.on)) == (bob.job, "Late fee for Invoice INV-1", "2026-01-12")
    assert balance_of(bob.customer) == 12_500


def test_what_was_paid_in_time_costs_nothing_even_when_asked_late(ours):
    a_policy(ours)
    bob = an_invoiced_job(ours)
    with at("2026-01-11"):
        a_payment(bob.job, 10_000)
    with at("2026-03-01"):
        assert charge_late_fees(ours, ours.today) == 0


@pytest.mark.parametrize("days", [["2026-01-12", "2026-01-15", "2026-02-14", "2026-03-14"], []])
def test_what_counts_is_what_was_open_on_the_fees_day(ours, days):
    """Asked every day or two weeks late: the same fees."""
    a_policy(ours, fee="percent", fee_cents=None, fee_millionths=50_000, often="monthly")
    bob = an_invoiced_job(ours)
    paid = {"2026-02-20": 4_000, "2026-03-20": 6_000}
    for day in sorted([*days, *paid]):
        with at(day):
            if day in paid:
                a_payment(bob.job, paid[day])
            else:
                charge_late_fees(ours, ours.today)
    charge_late_fees(ours, date(2026, 3, 19))

    assert fees(ours) == [("2026-01-12", 500), ("2026-02-12", 500), ("2026-03-12", 300)]


def test_a_cap_is_for_all_fees_of_an_invoice(ours):
    a_policy(ours, often="monthly", cap_cents=6_000)
    an_invoiced_job(ours)
    with at("2026-06-01"):
        charge_late_fees(ours, ours.today)

    assert [cents for _, cents in fees(ours)] == [2_500, 2_500, 1_000]


def test_only_storage_invoices_due_since_the_policy_was_switched_on(ours):
    policy = a_policy(ours)
    with at("2026-01-01"):
        move = a_job(a_customer(ours))
        issue_invoice(
            draft_invoice(customer=move.customer, charges=[a_charge(move)], by=None), by=None
        )
    an_invoiced_job(ours)
    policy.since_on = date(2026, 1, 2)
    policy.save()
    with at("2026-02-01"):
        assert charge_late_fees(ours, ours.today) == 0


def test_a_fee_goes_on_the_next_recurring_invoice(ours):
    a_policy(ours)
    with at("2026-01-01"):
        a_schedule(storage(ours))
    with at("2026-02-01"):
        tick()

    second = Invoice.across_companies.get(number=2)
    assert [line["description"] for line in second.document["lines"]] == [
        "Late fee for Invoice INV-1",
        "Storage, Feb 1 – 28, 2026",
    ]
    assert second.total_cents == 12_500
    assert [rule.says for rule in RULES if rule.broken_by()[0]] == []


def test_a_fee_is_waived_with_a_reason(ours, ada):
    a_policy(ours)
    bob = an_invoiced_job(ours)
    with at("2026-01-12"):
        charge_late_fees(ours, ours.today)
        fee = LateFee.across_companies.get()
        with pytest.raises(NotAllowed):
            waive_late_fee(fee, reason="Check was in the mail", by=a_member(ours, Role.SALES))
        with pytest.raises(CannotWaive, match="Say why"):
            waive_late_fee(fee, reason=" ", by=ada)
        waive_late_fee(fee, reason="Check was in the mail", by=ada)
        with pytest.raises(CannotWaive, match="already"):
            waive_late_fee(fee, reason="Again", by=ada)
        assert charge_late_fees(ours, ours.today) == 0

    assert balance_of(bob.customer) == 10_000


def test_a_fee_that_is_invoiced_is_waived_by_a_credit_note(ours, ada):
    a_policy(ours)
    with at("2026-01-01"):
        bob = storage(ours)
        a_schedule(bob)
    with at("2026-02-01"):
        tick()
        waive_late_fee(LateFee.across_companies.get(), reason="Good customer", by=ada)

    assert Invoice.across_companies.get(number=2).open_cents == 10_000
    assert balance_of(bob.customer) == 20_000


def letters(company):
    return list(company.letters.order_by("id").values_list("subject", flat=True))


def test_letters_go_out_step_by_step(ours):
    a_policy(ours, fee="none", reminder_days=5, second_letter_days=20, lien_notice_days=None)
    an_invoiced_job(ours)
    for day in ("2026-01-05", "2026-01-06", "2026-01-06", "2026-01-20", "2026-01-21", "2026-03-01"):
        with at(day):
            remind(ours, ours.today)

    assert letters(ours) == [
        "A reminder of Invoice INV-1, Ada’s Movers",
        "Second reminder of Invoice INV-1, Ada’s Movers",
    ]
    assert [(step.kind, str(step.on)) for step in LateStep.across_companies.all()] == [
        ("reminder", "2026-01-06"),
        ("second", "2026-01-21"),
    ]


def test_after_two_weeks_off_not_all_letters_come_on_one_day(ours):
    a_policy(ours, fee="none", reminder_days=5, second_letter_days=10, lien_notice_days=None)
    an_invoiced_job(ours)
    with at("2026-01-30"):
        assert [remind(ours, ours.today).letters for _ in range(2)] == [1, 0]
    with at("2026-01-31"):
        assert remind(ours, ours.today).letters == 1


def test_recurring_invoices_are_mailed_where_that_is_wanted(ours):
    an_invoiced_job(ours, is_mailed=True)
    with at("2026-01-01"):
        a_schedule(storage(ours, "Nomail"), is_mailed=True, ends_on=date(2026, 2, 1))
        assert [mail_invoices(ours).letters for _ in range(2)] == [1, 0]

    letter = Letter.across_companies.get()
    assert (letter.to, letter.subject) == (["bob@example.com"], "Invoice INV-1 from Ada’s Movers")
    assert [period.mail for period in ours.schedule_periods.all()] == ["posted", "nowhere"]
