"""Beancount, a double-entry bookkeeper by others, comes to the balances that Carter shows.

Every document (not the ledger's entries) is written as a transaction of three accounts, and every
balance that Carter says, of today and of a past day, as an assertion. Beancount is asked as a
program of its own; its licence is the GPL, Carter only feeds it a file.
"""

import random
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from carter.billing.aging import aging_of
from carter.billing.balances import balance_of
from carter.billing.crediting import credit_invoice
from carter.billing.ledger import counter_charge, give_credit, log_charges
from carter.billing.lines import Line
from carter.billing.posting import CannotPost
from carter.billing.statements import statement
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.jobs.linking import CannotLink, link_job
from tests.builders import a_customer, a_lead, a_payment, an_invoice

STEPS = 120
BEAN_CHECK = Path(sys.executable).with_name("bean-check")


@pytest.fixture
def book(ours):
    """Four customers, and a quarter's worth of what happens to money, by chance."""
    ours.tax_rate_millionths = 72_500
    ours.save()
    chance = random.Random(20_26)
    customers = [a_customer(ours, name) for name in ("Ann", "Bob", "Cy", "Di")]
    leads = [a_lead(ours, customer=customer) for customer in customers for _ in range(3)]
    for _ in range(STEPS):
        with suppress(CannotPost, CannotLink):
            happen(chance, chance.choice(leads).refreshed(), customers)
    return ours


def happen(chance, job, customers):
    on = job.company.today - timedelta(days=chance.choice([0, 3, 40, 80]))
    cents = chance.randrange(1, 10**6)
    given = job.company.payments.given().filter(parts__job=job).first()
    chance.choice(DEEDS if given else DEEDS[:4])(chance, job, customers, on, cents, given)


def charge(chance, job, customers, on, cents, given):
    lines = [Line("labour", cents, chance.randrange(1, 9_999), is_taxed=True)]
    lines += [Line("fuel", 999, is_taxed=True), Line("discount", -7)]
    charges = log_charges(customer=job.customer, job=job, lines=lines, on=on, by=None)
    if chance.random() < 0.5:
        an_invoice(charges)
    else:
        counter_charge(charges[1], by=None)


def pay(chance, job, customers, on, cents, given):
    a_payment(job, cents, on=on)


def credit(chance, job, customers, on, cents, given):
    give_credit(customer=job.customer, job=job, amount_cents=cents, description="Sorry", by=None)
    for invoice in job.invoices.open()[:1]:
        credit_invoice(invoice, amount_cents=1, reason="Late", by=None)


def link(chance, job, customers, on, cents, given):
    link_job(job, to=chance.choice(customers).refreshed(), by=None)


def take_back(chance, job, customers, on, cents, given):
    what = chance.randrange(3)
    if what == 0:
        return_payment(given, fee_cents=3_500, by=None)
    elif what == 1:
        refund_payment(given, amount_cents=cents // 9 + 1, by=None)
    else:
        void_payment(given, reason="Twice", by=None)


DEEDS = (charge, pay, credit, link, take_back)


def amount(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02} USD"


def written(company, said):
    """The book as beancount reads it, with what we say of each customer on some days."""
    lines = ['option "operating_currency" "USD"']
    accounts = {customer.pk: f"Assets:Owed:C{customer.pk}" for customer in company.customers.all()}
    names = (*accounts.values(), "Income:Charges", "Assets:Money", "Expenses:Credits")
    lines += [f"2020-01-01 open {name} USD" for name in names]
    for charge in company.charges.all():
        lines += [
            f'{charge.on} * "charge {charge.pk}"',
            f"  {accounts[charge.customer_id]}  {amount(charge.amount_cents)}",
            "  Income:Charges",
        ]
    for part in company.payment_parts.select_related("payment"):
        credit = part.payment.is_credit or part.payment.kind == "credit-void"
        lines += [
            f'{part.on} * "{part.payment.kind} {part.pk}"',
            f"  {accounts[part.customer_id]}  {amount(-part.amount_cents)}",
            f"  {'Expenses:Credits' if credit else 'Assets:Money'}",
        ]
    for customer_id, day, cents in said:
        # Beancount asserts what was there when the day began, and would let a cent pass.
        asserted = amount(cents).replace(" USD", " ~ 0.001 USD")
        lines.append(f"{day + timedelta(days=1)} balance {accounts[customer_id]} {asserted}")
    return "\n".join(lines) + "\n"


def judged(company, said, folder):
    """How many of our balances beancount disagrees with."""
    file = folder / "book.beancount"
    file.write_text(written(company, said), encoding="utf-8")
    done = subprocess.run(
        [BEAN_CHECK, "--no-cache", file], capture_output=True, text=True, check=False
    )
    wrong = done.stderr.count("Balance failed")
    assert bool(wrong) == bool(done.returncode), done.stderr
    return wrong


def what_carter_says(company):
    past = company.today - timedelta(days=30)
    for customer in company.customers.all():
        yield customer.pk, company.today, balance_of(customer)
        yield customer.pk, past, statement(customer, through=past).closing_cents
        yield customer.pk, past, aging_of(customer, past).total_cents


def test_beancount_comes_to_the_same_balances(book, tmp_path):
    assert judged(book, list(what_carter_says(book)), tmp_path) == 0


def test_beancount_would_notice_a_balance_that_is_a_cent_off(book, tmp_path):
    said = [(pk, day, cents + 1) for pk, day, cents in what_carter_says(book)]

    assert judged(book, said, tmp_path) == len(said)
