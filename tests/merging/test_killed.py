"""Whoever is killed in the middle of a merge leaves no half of one."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from carter.customers.following import followers, holder_of
from carter.merging.models import MergedRecord
from tests.builders import a_customer, a_job

KILLED = 40
LONGEST_WAIT = 0.3  # Several merges, on a busy machine as well.
ENDLESSLY = """
import os
import sys
import django

django.setup()
from carter.customers.models import Customer
from carter.merging.merge import merge_customers
from carter.merging.undo import undo_merge


def merge_and_undo_for_ever():
    survivor, *duplicates = Customer.across_companies.order_by("pk")
    for merge in survivor.company.merges.filter(undone_at=None):
        undo_merge(merge, by=None)
    print("at work", flush=True)
    while True:
        undo_merge(merge_customers(survivor=survivor, duplicates=duplicates, by=None), by=None)


for line in sys.stdin:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        merge_and_undo_for_ever()
    os.waitpid(child, 0)
    print("gone", flush=True)
"""
"""Another process; for every line it is sent it has a child merge until somebody kills it."""


@pytest.fixture
def parent(live_server):
    """Asking for `live_server` makes SQLite keep its database in a file."""
    environment = {**os.environ, "DATABASE_URL": address_of_database()}
    words = [sys.executable, "-c", ENDLESSLY]
    with subprocess.Popen(
        words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_in_the_middle_leaves_no_half_merge(ours, parent):
    for name in ("Bob", "Rob", "Robert"):
        a_job(a_customer(ours, name, phone="303 555 0142"))
    chance, whole = random.Random(4), []

    for _ in range(KILLED):
        print("go", file=parent.stdin, flush=True)
        child = int(parent.stdout.readline())
        assert parent.stdout.readline() == "at work\n"
        time.sleep(chance.uniform(0, LONGEST_WAIT))
        os.kill(child, signal.SIGKILL)
        assert parent.stdout.readline() == "gone\n"
        with at_one_moment():
            whole.append(how_many_are_merged(ours))

    assert set(whole) <= {0, 2}


def address_of_database():
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    user = f"{said['USER']}:{said['PASSWORD']}".rstrip(":")
    return f"postgres://{user}@{said['HOST']}:{said['PORT']}/{said['NAME']}"


@contextmanager
def at_one_moment():
    """Whoever is killed leaves PostgreSQL to end what it was told last, also between two looks."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def how_many_are_merged(company):
    """How many customers are merged, having looked whether everything says the same."""
    merged = company.customers.exclude(merged_into=None)
    standing = MergedRecord.across_companies.filter(company=company, undone_at=None)
    assert set(standing.values_list("duplicate", flat=True)) == set(
        merged.values_list("pk", flat=True)
    )
    assert set(merged.values_list("pk", flat=True)) == set(
        company.customers.exclude(head=None).values_list("pk", flat=True)
    )
    for model in followers():
        for row in model._base_manager.filter(company=company).select_related("born_to"):
            assert row.customer == holder_of(row.born_to)
    return merged.count()
