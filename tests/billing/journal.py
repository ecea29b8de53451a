"""A book by chance, and what of it is told to bookkeeping programs by others.

Told are the documents, not the ledger's entries: each is a transaction of two accounts, one of
them the customer's.
"""

import random
from contextlib import suppress
from datetime import timedelta

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
INCOME, MONEY, CREDITS = "Income:Charges", "Assets:Money", "Expenses:Credits"


def by_chance(company, seed):
    """Give a company four customers, and a quarter's worth of what happens to money."""
    company.tax_rate_millionths = 72_500
    company.save()
    chance = random.Random(seed)
    customers = [a_customer(company, name) for name in ("Ann", "Bob", "Cy", "Di")]
    leads = [a_lead(company, customer=customer) for customer in customers for _ in range(3)]
    for _ in range(STEPS):
        with suppress(CannotPost, CannotLink):
            happen(chance, chance.choice(leads).refreshed(), customers)
    return company


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


def account_of(customer_id):
    return f"Assets:Owed:C{customer_id}"


def transactions(company):
    """Each document: its day, what it is, the customer's account, the cents owed, the other."""
    for charge in company.charges.all():
        owed = charge.amount_cents
        yield charge.on, f"charge {charge.pk}", account_of(charge.customer_id), owed, INCOME
    for part in company.payment_parts.select_related("payment"):
        credit = part.payment.is_credit or part.payment.kind == "credit-void"
        what, other = f"{part.payment.kind} {part.pk}", CREDITS if credit else MONEY
        yield part.on, what, account_of(part.customer_id), -part.amount_cents, other


def amount(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02} USD"


def what_carter_says(company):
    past = company.today - timedelta(days=30)
    for customer in company.customers.all():
        yield customer.pk, company.today, balance_of(customer)
        yield customer.pk, past, statement(customer, through=past).closing_cents
        yield customer.pk, past, aging_of(customer, past).total_cents
