"""Whatever the office does with money, in any order, every rule of the book holds after each step.

CARTER_TEST_LEDGER_STEPS sets how many steps are taken: 3,000 by default, 50,000 in a long run.
"""

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import partial

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
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
from carter.billing.ledger import counter_charge, give_credit, log_charges, record_payment
from carter.billing.lines import Line
from carter.billing.models import Charge, Invoice, Payment
from carter.billing.models.invoice import InvoiceQuerySet
from carter.billing.posting import CannotPost
from carter.billing.statements import statement
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.customers import checking as who_has_what
from carter.jobs.linking import CannotLink, link_job, standing_link, unlink_job
from tests.builders import a_company, a_customer, a_lead

STEPS = int(os.environ.get("CARTER_TEST_LEDGER_STEPS", "3000"))
STEPS_A_DAY = 50

CENTS = st.one_of(st.integers(1, 300), st.integers(1, 10**7))
PICK = st.integers(0, 10**6)
DAYS_AGO = st.sampled_from([0, 0, 0, 1, 20, 45])
AGED_DAYS_AGO = (0, 20, 1, 45)
RULES = (
    *(rule for rule in who_has_what.RULES if "company" not in rule.says),
    *checking.RULES,
)
GUARDS = checking.RULES[-1]


class Office(RuleBasedStateMachine):
    """Three customers with two jobs each, and all that can happen to their money."""

    def __init__(self, company, taken) -> None:
        super().__init__()
        self.all_undone = transaction.atomic()
        self.all_undone.__enter__()
        self.company, self.taken = company, taken
        self.taken["steps"] -= 1  # What always holds is asked once before the first step.
        self.customers = list(company.customers.order_by("pk"))
        self.jobs = list(company.jobs.order_by("pk"))
        self.total, self.printed = 0, {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_undone.__exit__(None, None, None)
        sweep_up()

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

    def balances(self, through):
        """What the ledger says that each customer owes at a day's end, but for nothing."""
        found = Counter()
        for customer_id, on, cents in asked(
            'SELECT customer_id, "on", amount_cents FROM billing_entry'
        ):
            found[customer_id] += cents * (str(on) <= str(through))
        return {pk: cents for pk, cents in found.items() if cents}

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
        self.taken["steps"] += 1
        if asked(self.taken["question"]) or GUARDS.broken_by()[0]:
            broken = {each.says: each.broken_by()[1] for each in RULES}
            assert {says: shown for says, shown in broken.items() if shown} == {}

    @invariant()
    def nothing_was_lost_or_made(self):
        assert sum(self.balances(self.day(0)).values()) == self.total

    @invariant()
    def what_screens_say_adds_up_to_the_ledger(self):
        """Aging and an account in turn; a rule has compared today's of everybody already."""
        if self.taken["steps"] % 2:
            self.aging_adds_up_to_the_balances()
        else:
            self.one_customer_s_figures_agree()

    def aging_adds_up_to_the_balances(self):
        on = self.day(AGED_DAYS_AGO[self.taken["steps"] // 2 % len(AGED_DAYS_AGO)])
        assert aged(aging(self.company, on)) == self.balances(on)

    def one_customer_s_figures_agree(self):
        customer = self.customers[self.taken["steps"] // 2 % 3]
        found, day = breakdown_of(customer), self.day(1)
        in_parts = found.open_cents + found.not_invoiced_cents - found.unapplied_cents
        assert found.balance_cents == in_parts == balance_of(customer)
        closing = statement(customer, through=day).closing_cents
        assert closing == self.balances(day).get(customer.pk, 0)

    @invariant()
    def what_was_issued_never_changes(self):
        now = dict(asked("SELECT id, document FROM billing_invoice WHERE number IS NOT NULL"))
        assert {pk: now[pk] for pk in self.printed} == self.printed
        self.printed = now


def aged(found):
    """What each customer owes by an aging, but for who owes nothing."""
    owed = {row.customer_id: row.total_cents for row in found.rows}
    return {pk: cents for pk, cents in owed.items() if cents}


def every_rule_in_one_question():
    """All that the rules ask the database, as one statement that finds what breaks any of them.

    To plan some forty statements after each step takes longer than all that the office does.
    """
    rules = [rule for rule in RULES if rule is not GUARDS]
    with CaptureQueriesContext(connection) as questions:
        assert not any(rule.broken_by()[0] for rule in rules)
    assert len(questions) >= len(rules)
    return " UNION ALL ".join(
        f"SELECT {place} FROM ({question['sql']}) rule_{place}"
        for place, question in enumerate(questions)
    )


def asked(question):
    """What the database answers, which plans the same question only once."""
    if connection.vendor == "postgresql":
        return psycopg.Cursor(connection.connection).execute(question, prepare=True).fetchall()
    with connection.cursor() as cursor:
        return cursor.execute(question).fetchall()


def sweep_up():
    """PostgreSQL would read all that was rolled back again and again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


WORKDAYS = settings(
    max_examples=-(-STEPS // (STEPS_A_DAY * 9 // 10)),  # Some days are shorter.
    stateful_step_count=STEPS_A_DAY,
    deadline=None,
    derandomize=STEPS <= 3_000,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def work(days):
    """Let the office work; how many steps it took."""
    company = a_company(tax_rate_millionths=88_750)
    for name in ("Ann", "Bob", "Cy"):
        customer = a_customer(company, name)
        a_lead(company, customer=customer), a_lead(company, customer=customer)
    taken = {"steps": 0, "question": every_rule_in_one_question()}
    run_state_machine_as_test(partial(Office, company, taken), settings=days)
    return taken["steps"]


@pytest.mark.django_db(transaction=True)
def test_whatever_the_office_does_with_money_every_rule_holds():
    assert work(WORKDAYS) >= STEPS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", ["forgets to settle", "applies twice", "loses a part"])
def test_the_office_would_notice_a_broken_ledger(broken, monkeypatch):
    until_noticed = settings(WORKDAYS, max_examples=100)
    if broken == "forgets to settle":
        monkeypatch.setattr(applying, "settle", lambda invoice: None)
    elif broken == "applies twice":
        monkeypatch.setattr(Invoice, "open_cents", property(lambda row: row.total_cents or 0))
        monkeypatch.setattr(InvoiceQuerySet, "open", InvoiceQuerySet.standing)
    else:
        monkeypatch.setattr("carter.billing.taking_back.settle_part", lambda part: None)

    with pytest.raises(AssertionError):
        work(until_noticed)
