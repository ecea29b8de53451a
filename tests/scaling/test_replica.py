"""A primary and its streaming replica, really made, and Carter served from both.

While the replica's replay is paused, a page that lacks what was just written was read there.
"""

import time

import pytest

from tests.scaling.installation import an_installation, ask, wait_until

PAGES = (
    "/leads/",
    "/leads/?view=board",
    "/jobs/",
    "/customers/",
    "/search/?q=nina",
    "/duplicates/",
    "/duplicates/decided/",
    "/duplicates/shared/",
    "/duplicates/recommended/",
    "/billing/",
    "/billing/aging/",
    "/billing/unapplied/",
    "/billing/payments/",
    "/billing/failed/",
    "/customers/{customer}/statement/",
    "/customers/{customer}/balance/",
)


@pytest.fixture(scope="module")
def here():
    with an_installation() as installation:
        yield installation


@pytest.fixture(scope="module")
def port(here):
    """A web machine for which what others wrote may be as old as an hour."""
    settings = {"CARTER_REPLICA_URL": here.replica.url, "CARTER_REPLICA_SECONDS": "3600"}
    with here.serving(**settings) as port:
        yield port


@pytest.fixture
def ada(here, port):
    with here.desk("ada", port) as desk:
        yield desk


@pytest.fixture
def sam(here, port):
    """A colleague who has written nothing."""
    with here.desk("sam", port) as desk:
        yield desk


@pytest.fixture
def paused(here):
    """The replica receives and does not replay."""
    caught_up(here)
    ask(here.replica.url, "SELECT pg_wal_replay_pause()::text")
    wait_until(
        lambda: ask(here.replica.url, "SELECT pg_get_wal_replay_pause_state()") == "paused",
        "the replica pauses",
    )
    yield
    if here.replica.is_running:
        ask(here.replica.url, "SELECT pg_wal_replay_resume()::text")


def caught_up(here):
    at = ask(here.primary.url, "SELECT pg_current_wal_insert_lsn()::text")
    question = f"SELECT pg_last_wal_replay_lsn() >= '{at}'"
    wait_until(lambda: ask(here.replica.url, question), "the replica has it")


def add(desk, name):
    answer = desk.post("/customers/new/", name=name, kind="person", category="residential")
    assert answer.status == 302


def without_memory(desk):
    """Let the browser forget how far it wrote."""
    kept = [each for each in desk.cookies.split("; ") if not each.startswith("carter_written=")]
    desk.cookies = "; ".join(kept)


def last_asked_there(here):
    return ask(
        here.replica.url,
        "SELECT query FROM pg_stat_activity WHERE application_name = 'carter'"
        " ORDER BY query_start DESC LIMIT 1",
    )


def sees(desk, name, *, path="/customers/"):
    return name in desk.page(path)


def test_who_wrote_sees_it_at_once_and_others_once_the_replica_has_it(here, ada, sam, paused):
    assert sees(sam, "Nina Known")

    add(ada, "Wanda Written")

    assert sees(ada, "Wanda Written")
    assert not sees(sam, "Wanda Written")
    without_memory(ada)
    assert not sees(ada, "Wanda Written")
    ask(here.replica.url, "SELECT pg_wal_replay_resume()::text")
    caught_up(here)
    assert sees(ada, "Wanda Written")
    assert sees(sam, "Wanda Written")


def test_a_page_that_must_write_first_is_made_by_the_primary(here, ada, sam):
    add(ada, "Quincy Due")
    caught_up(here)
    due = "SELECT COUNT(*) FROM customers_customer WHERE words_due"
    assert ask(here.replica.url, due) > 0

    assert sees(sam, "Quincy Due", path="/search/?q=quincy")

    assert ask(here.primary.url, due) == 0
    assert "carter_written" in sam.cookies


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_only_reads_is_read_from_the_replica(here, ada, path):
    ada.page("/search/?q=nina")
    ada.page("/duplicates/")
    caught_up(here)
    without_memory(ada)

    ada.page(path.format(customer=here.cast["customer"]))

    assert "carter_written" not in ada.cookies
    assert "pg_last_wal_replay_lsn" not in last_asked_there(here)


def test_a_position_that_makes_no_sense_is_answered_by_the_primary(here, ada, sam, paused):
    add(ada, "Maud Made-Up")
    assert not sees(sam, "Maud Made-Up")

    sam.cookies += "; carter_written=nonsense'"

    assert sees(sam, "Maud Made-Up")


def test_what_others_wrote_is_never_older_than_was_set(here, ada, paused):
    settings = {"CARTER_REPLICA_URL": here.replica.url, "CARTER_REPLICA_SECONDS": "1"}
    with here.serving(**settings) as port, here.desk("sam", port) as sam:
        assert not sees(sam, "Olga Old")
        add(ada, "Olga Old")

        time.sleep(1.1)

        assert sees(sam, "Olga Old")


def test_pages_are_answered_while_the_replica_is_away_and_by_it_once_it_is_back(
    here, ada, sam, paused
):
    add(ada, "Alma Away")
    assert not sees(sam, "Alma Away")

    here.replica.stop()
    started = time.monotonic()

    assert sees(sam, "Alma Away")
    assert sees(ada, "Alma Away", path="/search/?q=alma")
    assert time.monotonic() - started < 5
    here.replica.start()
    ask(here.replica.url, "SELECT pg_wal_replay_pause()::text")
    add(ada, "Bella Back")
    wait_until(lambda: not sees(sam, "Bella Back"), "the replica is asked again")
    ask(here.replica.url, "SELECT pg_wal_replay_resume()::text")


def test_the_doctor_tells_how_far_the_replica_is(here):
    """These servers trust the disk, so the doctor finds something wrong with them either way."""
    told = here.run("carter", "doctor", fails=True, CARTER_REPLICA_URL=here.replica.url)
    assert "It answers, " in told
    told = here.run("carter", "doctor", fails=True, CARTER_REPLICA_URL=here.primary.url)
    assert "What CARTER_REPLICA_URL names follows no other database." in told
