"""Clerks who post to a real database until they are killed: see test_killing.

For each line read from standard input a new process charges, invoices and takes payments for ever,
and says each that the database has confirmed. With the word `early` it says so before.
"""

import os
import sys

import django

django.setup()

from django.db import connections, transaction  # noqa: E402 after the set-up

from carter.billing.invoicing import draft_invoice, issue_invoice  # noqa: E402
from carter.billing.ledger import log_charge, record_payment  # noqa: E402
from carter.companies.models import Company  # noqa: E402


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def work(mark, early):
    customer = Company.objects.get().customers.order_by("id")[0]
    for turn in range(1_000_000):
        key = f"{mark}-{turn}"
        if early:
            say(key)
        with transaction.atomic():
            charge = log_charge(
                customer=customer, job=None, kind="labour", amount_cents=700, key=key, by=None
            )
            draft = draft_invoice(customer=customer, charges=[charge], key=key, by=None)
            issue_invoice(draft, by=None)
            record_payment(
                customer=customer, job=None, method="cash", amount_cents=500, key=key, by=None
            )
        if not early:
            say(key)


for mark in sys.stdin:
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        work(mark.strip(), early="early" in sys.argv)
    say(pid)
    os.waitpid(pid, 0)
    say("killed")
