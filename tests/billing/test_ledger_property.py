"""Whatever the office does with money, in any order, every rule of the book holds after each step.

CARTER_TEST_LEDGER_STEPS sets how many steps are taken: 1,000 by default, 50,000 in a long run.
"""

import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from carter.billing import applying, checking
from carter.billing.aging import aging
from carter.billing.applying import apply_payment, take_off
from carter.billing.balances import balance_of, breakdown_of
from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import (
    change_draft,
    discard_draft,
    draft_invoice,
    issue_invoice,
    void_invoice,
)
from carter.billing.ledger import Line, counter_charge, give_credit, log_charges, record_payment
from carter.billing.models import Charge, Entry, Invoice, Payment
from carter.billing.posting import CannotPost
from carter.billing.statements import statement
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.customers import checking as who_has_what
from carter.jobs.linking import CannotLink, link_job, standing_link, unlink_job
from tests.builders import a_company, a_customer, a_lead

STEPS = int(os.environ.get("CARTER_TEST_LEDGER_STEPS", "1000"))
STEPS_A_DAY = 50

CENTS = st.one_of(st.integers(1, 300), st.integers(1, 10**7))
PICK = st.integers(0, 10**6)
DAYS_AGO = st.sampled_from([0, 0, 0, 1, 20, 45])
RULES = (
    *(rule for rule in who_has_what.RULES if "company" not in rule.says),
    *checking.RULES,
)


class Office(RuleBasedStateMachine):
    """Three customers with two jobs each, and all that can happen to their money."""

    def __init__(self) -> None:
        super().__init__()
        self.all_undone = transaction.atomic()
        self.all_undone.__enter__()
        self.company = a_company(tax_rate_millionths=88_750)
        self.customers = [a_customer(self.company, name) for name in ("Ann", "Bob", "Cy")]
        self.jobs = [
            a_lead(self.company, customer=customer) for customer in self.customers for _ in "12"
        ]
        self.total, self.printed = 0, {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_undone.__exit__(None, None, None)

    def day(self, ago):
        return self.company.today - timedelta(days=ago)

    def place(self, pick):
        """A job with who has it now, or a customer's account."""
        customer = self.customers[pick % 3].refreshed()
        job = self.jobs[pick % 6].refreshed()
        return (job.customer, job) if pick % 4 else (customer, None)

    def one_of(self, rows, pick):
        count = rows.count()
        return rows.order_by("pk")[pick % count] if count else None

    def balances(self, **only):
        entries = Entry.across_companies.filter(**only).order_by().values_list("customer")
        return dict(entries.annotate(cents=Sum("amount_cents")))

    def expect(self, cents):
        self.total += cents

    @rule(pick=PICK, cents=CENTS, quantity=st.integers(1, 9_999), taxed=st.booleans(), ago=DAYS_AGO)
    def charge(self, pick, cents, quantity, taxed, ago):
        customer, job = self.place(pick)
        lines = [
            Line("labour", cents, quantity, is_taxed=taxed),
            Line("materials", cents, is_taxed=True),
            Line("discount", -max(1, cents // 9)),
        ]
        with suppress(CannotPost):
            charges = log_charges(
                customer=customer, job=job, lines=lines, on=self.day(ago), by=None
            )
            self.expect(sum(charge.amount_cents for charge in charges))

    @precondition(lambda self: Charge.across_companies.exists())
    @rule(pick=PICK)
    def counter(self, pick):
        with suppress(CannotPost):
            charge = self.one_of(Charge.across_companies.all(), pick)
            self.expect(counter_charge(charge, by=None).amount_cents)

    @rule(pick=PICK, cents=CENTS, ago=DAYS_AGO, deposit=st.booleans())
    def pay(self, pick, cents, ago, deposit):
        customer, job = self.place(pick)
        record_payment(
            customer=customer,
            job=job,
            method="check",
            amount_cents=cents,
            to={} if deposit else None,
            on=self.day(ago),
            by=None,
        )
        self.expect(-cents)

    @rule(pick=PICK, cents=CENTS)
    def credit(self, pick, cents):
        customer, job = self.place(pick)
        give_credit(customer=customer, job=job, amount_cents=cents, description="Sorry", by=None)
        self.expect(-cents)

    @rule(pick=PICK, several=st.booleans(), terms=st.sampled_from(["on-receipt", "net-15"]))
    def draft(self, pick, several, terms):
        customer, job = self.place(pick)
        charges = customer.charges.uninvoiced()
        charges = charges if several else charges.filter(job=job)
        with suppress(CannotPost):
            draft_invoice(customer=customer, charges=charges, terms=terms, by=None)

    @rule(pick=PICK, cents=CENTS)
    def bill(self, pick, cents):
        customer, job = self.place(pick)
        line = Line("labour", cents, is_taxed=bool(pick % 2))
        charges = log_charges(customer=customer, job=job, lines=[line], by=None)
        self.expect(charges[0].amount_cents)
        issue_invoice(draft_invoice(customer=customer, charges=charges, by=None), by=None)

    @precondition(lambda self: Invoice.across_companies.open().exists())
    @rule(pick=PICK, whole=st.booleans())
    def pay_an_invoice(self, pick, whole):
        invoice = self.one_of(Invoice.across_companies.open(), pick)
        cents = invoice.open_cents if whole else -(-invoice.open_cents // 2)
        record_payment(
            customer=invoice.customer,
            job=None,
            method="card",
            amount_cents=cents,
            to={invoice: cents},
            by=None,
        )
        self.expect(-cents)

    @precondition(lambda self: Invoice.across_companies.drafts().exists())
    @rule(pick=PICK, ago=DAYS_AGO, what=st.sampled_from(["issue", "issue", "change", "discard"]))
    def go_on_with_a_draft(self, pick, ago, what):
        invoice = self.one_of(Invoice.across_companies.drafts(), pick)
        with suppress(CannotPost):
            if what == "issue":
                issue_invoice(invoice, on=self.day(ago), by=None)
            elif what == "change":
                charges = [line.charge for line in invoice.lines.all()[:2]]
                change_draft(invoice, charges=charges, by=None)
            else:
                discard_draft(invoice, by=None)

    @precondition(lambda self: Invoice.across_companies.issued().exists())
    @rule(
        pick=PICK, cents=CENTS, what=st.sampled_from(["void", "credit", "credit all", "take off"])
    )
    def go_on_with_an_invoice(self, pick, cents, what):
        invoice = self.one_of(Invoice.across_companies.issued(), pick)
        with suppress(CannotPost):
            if what == "void":
                void_invoice(invoice, reason="Wrong", by=None)
            elif what == "take off":
                payment = self.one_of(
                    Payment.across_companies.filter(parts__allocations__invoice=invoice), pick
                )
                if payment:
                    take_off(payment, invoice=invoice, by=None)
            else:
                amount = {"amount_cents": cents} if what == "credit" else {}
                charges = [line.charge for line in invoice.lines.all()]
                note = credit_invoice(invoice, **amount, charges=charges, reason="Late", by=None)
                self.expect(-note.amount_cents)

    @precondition(lambda self: Payment.across_companies.given().exists())
    @rule(pick=PICK, cents=CENTS, what=st.sampled_from(["apply", "refund", "return", "void"]))
    def go_on_with_a_payment(self, pick, cents, what):
        payment = self.one_of(Payment.across_companies.given(), pick)
        with suppress(CannotPost):
            if what == "apply":
                customer = payment.parts.order_by("pk")[0].customer
                apply_payment(payment, customer=customer, by=None)
            elif what == "refund":
                self.expect(-refund_payment(payment, amount_cents=cents, by=None).amount_cents)
            elif what == "return":
                fee = cents % 40
                returned = return_payment(payment, fee_cents=fee, by=None)
                self.expect(fee - returned.amount_cents)
            else:
                self.expect(-void_payment(payment, reason="Twice", by=None).amount_cents)

    @rule(pick=PICK, to=PICK)
    def link_or_unlink(self, pick, to):
        job = self.jobs[pick % 6].refreshed()
        with suppress(CannotLink):
            if standing_link(job) and to % 2:
                unlink_job(job, by=None)
            else:
                link_job(job, to=self.customers[to % 3].refreshed(), by=None)

    @invariant()
    def every_rule_holds(self):
        broken = {each.says: each.broken_by()[1] for each in RULES}
        assert {says: shown for says, shown in broken.items() if shown} == {}

    @invariant()
    def nothing_was_lost_or_made_and_aging_adds_up_to_the_balances(self):
        balances = self.balances()
        assert sum(balances.values()) == self.total
        assert aged(aging(self.company)) == {pk: cents for pk, cents in balances.items() if cents}

    @invariant()
    def a_past_day_adds_up_to_what_was_owed_then(self):
        then = self.balances(on__lte=self.day(20))
        found = aged(aging(self.company, self.day(20)))
        assert found == {pk: cents for pk, cents in then.items() if cents}

    @invariant()
    def one_customer_s_figures_agree(self):
        customer = self.customers[self.total % 3]
        found, day = breakdown_of(customer), self.day(1)
        in_parts = found.open_cents + found.not_invoiced_cents - found.unapplied_cents
        assert found.balance_cents == in_parts == balance_of(customer)
        assert statement(customer, through=day).closing_cents == self.balances(on__lte=day).get(
            customer.pk, 0
        )

    @invariant()
    def what_was_issued_never_changes(self):
        now = {invoice.pk: invoice.document for invoice in Invoice.across_companies.issued()}
        assert {pk: now[pk] for pk in self.printed} == self.printed
        self.printed = now


def aged(found):
    """What each customer owes by an aging, but for who owes nothing."""
    owed = {row.customer_id: row.total_cents for row in found.rows}
    return {pk: cents for pk, cents in owed.items() if cents}


WORKDAYS = settings(
    max_examples=max(1, STEPS // STEPS_A_DAY),
    stateful_step_count=STEPS_A_DAY,
    deadline=None,
    derandomize=STEPS <= 1_000,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_whatever_the_office_does_with_money_every_rule_holds():
    run_state_machine_as_test(Office, settings=WORKDAYS)


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["forgets to settle", "applies twice", "loses a part"])
def test_the_office_would_notice_a_broken_ledger(broken, monkeypatch):
    few = settings(WORKDAYS, max_examples=8)
    if broken == "forgets to settle":
        monkeypatch.setattr(applying, "settle", lambda invoice: None)
    elif broken == "applies twice":
        monkeypatch.setattr(Invoice, "open_cents", property(lambda row: row.total_cents or 0))
    else:
        monkeypatch.setattr("carter.billing.taking_back.settle_part", lambda part: None)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Office, settings=few)
