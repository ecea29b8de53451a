"""Two web machines and two workers behind one pooler, with a primary and a replica.

Each machine has a folder of its own, and the pooler fewer connections than there are requests.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.pooler.bouncing import a_pooler
from tests.scaling.installation import an_installation, ask, wait_until

DESKS_A_MACHINE, LEADS_A_DESK = 4, 8
SCHEDULES, MONTHS = 12, 6
APART = """
    SELECT COUNT(*) FROM (
        SELECT starts_on <> LAG(ends_on, 1, starts_on)
            OVER (PARTITION BY schedule_id ORDER BY starts_on) AS is_apart
        FROM recurring_scheduleperiod
    ) AS periods WHERE is_apart
"""


@pytest.fixture(scope="module")
def here():
    with ExitStack() as stack:
        installation = stack.enter_context(an_installation())
        pooler = stack.enter_context(a_pooler(installation.primary, installation.replica))
        installation.settings |= {
            "DATABASE_URL": f"{pooler}/carter",
            "CARTER_REPLICA_URL": f"{pooler}/replica",
            "CARTER_REPLICA_SECONDS": "3600",
            "CARTER_POOLER": "yes",
        }
        yield installation


@pytest.fixture(scope="module")
def machines(here):
    """The ports of two web machines."""
    with ExitStack() as stack:
        yield [stack.enter_context(here.serving()) for _ in range(2)]


def book(here, question):
    """What the primary itself says."""
    return ask(here.primary.url, question)


def test_without_the_setting_a_pooler_refuses_carter(here):
    """The control."""
    without = {"CARTER_POOLER": "no", "CARTER_DATABASE_POOL": "0", "CARTER_REPLICA_URL": ""}

    told = here.run("carter", "doctor", fails=True, **without)

    assert "unsupported startup parameter" in told
    assert "PostgreSQL 1" in here.run("carter", "doctor", fails=True)


def test_who_signed_in_and_wrote_on_one_machine_goes_on_on_the_other(here, machines):
    caught_up(here)
    ask(here.replica.url, "SELECT pg_wal_replay_pause()::text")
    with here.desk("ada", machines[0]) as first, here.desk("sam", machines[1]) as sam:
        assert "Wanda Written" not in sam.page("/customers/")
        first.post("/customers/new/", name="Wanda Written", kind="person", category="residential")
        with here.desk("ada", machines[1]) as second:
            second.cookies = first.cookies
            assert "Wanda Written" in second.page("/customers/")
        assert "Wanda Written" not in sam.page("/customers/")
        ask(here.replica.url, "SELECT pg_wal_replay_resume()::text")
        caught_up(here)
        assert "Wanda Written" in sam.page("/customers/")


def caught_up(here):
    at = book(here, "SELECT pg_current_wal_insert_lsn()::text")
    question = f"SELECT pg_last_wal_replay_lsn() >= '{at}'"
    wait_until(lambda: ask(here.replica.url, question), "the replica has it")


def test_many_who_write_at_once_on_both_lose_nothing(here, machines):
    numbered = "SELECT COUNT(*) FROM jobs_job WHERE name LIKE 'Caller %'"
    desks = [(port, desk) for port in machines for desk in range(DESKS_A_MACHINE)]

    with ThreadPoolExecutor(len(desks)) as people:
        for done in [people.submit(take_leads, here, *each) for each in desks]:
            assert done.result() == [302] * LEADS_A_DESK

    taken = len(desks) * LEADS_A_DESK
    assert book(here, numbered) == taken
    assert book(here, numbered.replace("COUNT(*)", "COUNT(DISTINCT (number, name))")) == taken
    assert "All agrees." in here.run("carter", "check")


def take_leads(here, port, desk):
    with here.desk("ada", port) as ada:
        names = (f"Caller {port} {desk} {number}" for number in range(LEADS_A_DESK))
        return [ada.post("/leads/new/", name=name).status for name in names]


def test_a_limit_holds_for_all_machines_together(here, machines):
    """Sixty a minute; each machine alone is asked less often."""
    said = json.loads(here.run("tests.pooler.due", str(SCHEDULES), str(MONTHS)).splitlines()[-1])
    path = urlsplit(said["link"]).path

    answers = [asked(port, path) for _ in range(59) for port in machines]

    assert answers[0] == 200
    assert 429 in answers


def asked(port, path):
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request("GET", path)
        return client.getresponse().status
    finally:
        client.close()


def test_two_workers_bill_each_period_once(here):
    due = "SELECT COUNT(*) FROM recurring_recurringinvoice WHERE next_bill_on <= CURRENT_DATE"
    assert book(here, due) == SCHEDULES

    with here.process("worker"), here.process("worker"):
        wait_until(lambda: book(here, due) == 0, "everything is billed")

    periods = book(here, "SELECT COUNT(*) FROM recurring_scheduleperiod")
    assert periods >= SCHEDULES * MONTHS
    billed = "FROM billing_charge WHERE kind = 'storage'"
    assert book(here, f"SELECT COUNT(*) {billed}") == periods
    cents = book(here, "SELECT SUM(amount_cents) FROM recurring_scheduleperiod")
    assert book(here, f"SELECT SUM(amount_cents) {billed}") == cents > 0
    assert book(here, APART) == 0
    assert "All agrees." in here.run("carter", "check")


def test_a_long_export_needs_no_cursor_of_the_server(here, machines):
    with here.desk("ada", machines[0]) as ada:
        table = ada.page("/settings/exports/customers/csv/")

    assert len(table.splitlines()) > 2 * DESKS_A_MACHINE * LEADS_A_DESK
