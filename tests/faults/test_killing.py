"""Kill -9 under the work of a whole office: what was acknowledged is there, nothing by halves.

CARTER_TEST_KILLS sets how many processes are killed: 40 by default, 1,000 in a long run.
"""

import os
import random
import sys
import time
from datetime import timedelta

import pytest

from carter.bench.office import sign_in
from carter.companies.models import Company
from carter.recurring.models import SchedulePeriod
from carter.recurring.ticking import tick
from tests.builders import a_customer
from tests.faults.clerks import Clerk, at_work
from tests.faults.installation import Installation, serving
from tests.faults.looking import broken_rules, doubled, halves, lost
from tests.recurring.builders import a_schedule, at, storage

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("CARTER_TEST_KILLS", "40"))
CLERKS = 3
SCHEDULES = 12
EARLY = (
    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--no-ws"),
    *("--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "2"),
    "tests.faults.early:application",
)


@pytest.fixture
def company(ours, live_server):
    """With storage, which the worker has to invoice while it is killed.

    Asking for `live_server` makes SQLite keep its database in a file.
    """
    Company.objects.update(has_storage=True)
    last_month = str(ours.today - timedelta(days=35))
    with at(last_month):
        for _ in range(SCHEDULES):
            a_schedule(storage(ours, since=last_month), starts_on=last_month)
    return ours


def clerks_of(company, ada, installation: Installation) -> list[Clerk]:
    cookies = sign_in(ada)
    return [
        Clerk(number, installation.port, cookies, [a_customer(company).pk for _ in range(4)])
        for number in range(CLERKS)
    ]


def acknowledged(clerks: list[Clerk]) -> int:
    return sum(deed.is_acknowledged for clerk in clerks for deed in clerk.deeds)


def kill_one(installation: Installation, kill: int) -> None:
    """Every tenth time the worker, every twentieth everything, else one that answers."""
    if kill % 20 == 19:
        installation.kill_all()
        installation.start()
    elif kill % 10 == 5:
        installation.wait_for(installation.worker)
        installation.worker()[0].kill()
    else:
        installation.wait_for(lambda: len(installation.web()) == 2)
        installation.web()[0].kill()


def work_and_be_killed(installation: Installation, clerks: list[Clerk], kills: int) -> None:
    """Kill at some moment, but not before something was done since the last time."""
    chance = random.Random(20_26)
    with at_work(clerks):
        for kill in range(kills):
            before = acknowledged(clerks)
            installation.wait_for(lambda before=before: acknowledged(clerks) > before)
            time.sleep(chance.random() / 2)
            kill_one(installation, kill)
        before = acknowledged(clerks)
        installation.wait_for(lambda: acknowledged(clerks) > before)


def test_nothing_that_was_acknowledged_is_lost_when_processes_are_killed(company, ada, tmp_path):
    with serving(tmp_path) as installation:
        clerks = clerks_of(company, ada, installation)
        work_and_be_killed(installation, clerks, KILLS)
    tick()

    assert (lost(clerks), doubled(clerks), halves()) == ([], [], [])
    assert [word for clerk in clerks for word in clerk.words] == []
    assert broken_rules() == {}
    assert SchedulePeriod.across_companies.count() == 2 * SCHEDULES
    assert acknowledged(clerks) > KILLS
    assert sum(clerk.cuts for clerk in clerks) >= KILLS // 4
    assert "chore failed" not in installation.log.read_text()


def test_what_is_acknowledged_before_it_is_done_is_lost_and_seen(company, ada, tmp_path):
    """The control: the same office and a server that answers first."""
    with serving(tmp_path, *EARLY) as installation:
        clerks = clerks_of(company, ada, installation)
        work_and_be_killed(installation, clerks, 5)

    assert lost(clerks) != []
