"""Auto-pay against a real database until it is killed: see test_figures.

For each line read from standard input two new processes collect what is due and ask about what is
unknown, at the same time; their numbers are said, and when both have ended.
"""

import os
import sys
from datetime import timedelta

import django

django.setup()

from django.db import connections  # noqa: E402 after the set-up

from carter.companies.models import Company  # noqa: E402
from carter.gateway.collecting import collect_due  # noqa: E402
from carter.gateway.resolving import resolve_unknown  # noqa: E402
from carter.gateway.stripe import Stripe  # noqa: E402


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def work():
    company = Company.objects.get()
    resolve_unknown(company, in_flight=timedelta(0))
    collect_due(company, company.today)


def warm_up():
    """The library loads most of itself when it is first used: that would take up a short life."""
    api = Stripe("sk_test_0123456789").api
    _ = api.accounts, api.payment_intents, api.checkout, api.refunds


def started():
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return pid


warm_up()
for _ in sys.stdin:
    connections.close_all()
    pids = [started(), started()]
    say(" ".join(map(str, pids)))
    for pid in pids:
        os.waitpid(pid, 0)
    say("ended")
