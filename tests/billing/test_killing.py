"""Kill -9 in the middle of writing: what was confirmed is there, and what is there is whole.

CARTER_TEST_KILLS sets how many clerks are killed: 40 by default, 500 in a long run.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from carter.billing.models import Charge, Invoice, Payment
from carter.commands import check
from tests.builders import a_customer

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("CARTER_TEST_KILLS", "40"))
WRITER = Path(__file__).with_name("writer.py")


def address_of_database():
    """For another process. Asking for `live_server` makes SQLite keep its database in a file."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    user = f"{said['USER']}:{said['PASSWORD']}".rstrip(":")
    return f"postgres://{user}@{said['HOST']}:{said['PORT']}/{said['NAME']}"


def confirmed_until_killed(kills, *words):
    """Let clerks write and kill each at some moment; the keys they said were confirmed."""
    chance, confirmed = random.Random(20_26), []
    with subprocess.Popen(
        [sys.executable, str(WRITER), *words],
        env={**os.environ, "DATABASE_URL": address_of_database(), "PYTHONPATH": "."},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as clerks:
        for kill in range(kills):
            clerks.stdin.write(f"{kill}\n")
            clerks.stdin.flush()
            pid, said = None, []
            while pid is None or not said:
                word = clerks.stdout.readline().strip()
                said, pid = (said, int(word)) if "-" not in word else ([*said, word], pid)
            time.sleep(chance.random() / 20)
            os.kill(pid, signal.SIGKILL)
            while (word := clerks.stdout.readline().strip()) != "killed":
                said.append(word)
            confirmed += said
        clerks.stdin.close()
    return confirmed


def lost(confirmed):
    """How many that were confirmed are not there, whole."""
    kept = [
        set(model.across_companies.values_list("key", flat=True)) for model in (Invoice, Payment)
    ]
    charged = {
        key.removesuffix("/0") for key in Charge.across_companies.values_list("key", flat=True)
    }
    assert kept[0] == kept[1] == charged
    return len(set(confirmed) - charged)


def test_nothing_that_was_confirmed_is_lost_when_clerks_are_killed(ours, live_server):
    a_customer(ours)

    confirmed = confirmed_until_killed(KILLS)

    assert (len(confirmed) >= KILLS, lost(confirmed)) == (True, 0)
    broken = {rule.says: rule.broken_by()[1] for rule in check.RULES}
    assert {says: shown for says, shown in broken.items() if shown} == {}


def test_what_is_said_before_it_is_confirmed_is_lost(ours, live_server):
    a_customer(ours)

    assert lost(confirmed_until_killed(3, "early")) > 0
