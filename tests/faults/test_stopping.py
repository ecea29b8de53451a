"""PostgreSQL is stopped and started under the work of an office; Carter goes on by itself."""

import time

import pytest
from django.db import connection

from tests.billing.test_killing import address_of_database
from tests.faults.clerks import at_work
from tests.faults.cluster import moved_to_a_cluster
from tests.faults.installation import serving
from tests.faults.looking import broken_rules, doubled, halves, lost
from tests.faults.test_killing import acknowledged, clerks_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

AWAY_SECONDS = 3
RECOVERED_WITHIN_SECONDS = 15


@pytest.fixture
def cluster(transactional_db, monkeypatch):
    with moved_to_a_cluster(address_of_database(), monkeypatch) as cluster:
        yield cluster


@pytest.fixture
def owner(cluster, ours, ada):
    """Of a company in that cluster."""
    ours.has_storage = True
    ours.save()
    return ada


def away_and_back(cluster, clerks, mode: str) -> float:
    """How long nothing was done after it was started again."""
    cluster.stop(mode)
    time.sleep(AWAY_SECONDS)
    cluster.start()
    started, before = time.monotonic(), acknowledged(clerks)
    while acknowledged(clerks) == before:
        assert time.monotonic() < started + 60
        time.sleep(0.05)
    return time.monotonic() - started


def test_carter_goes_on_by_itself_when_the_database_was_away(cluster, owner, tmp_path):
    with serving(tmp_path) as installation:
        clerks = clerks_of(owner.company, owner, installation)
        web = {each.pid for each in installation.web()}
        with at_work(clerks):
            waits = []
            for mode in ("fast", "immediate"):
                installation.wait_for(lambda: acknowledged(clerks) > 6 * (1 + len(waits)))
                waits.append(away_and_back(cluster, clerks, mode))
        assert {each.pid for each in installation.web()} == web

    connection.close()  # Our own was cut as well.
    assert max(waits) < RECOVERED_WITHIN_SECONDS
    assert (lost(clerks), doubled(clerks), halves(), broken_rules()) == ([], [], [], {})
    refused = [word for clerk in clerks for word in clerk.words]
    assert {word.rpartition(" ")[2] for word in refused} == {"503."}
