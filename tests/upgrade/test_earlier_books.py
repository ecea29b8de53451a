"""The book that an earlier release left is brought up to date, and all of it is still so."""

import pytest
from django.db import connection

from carter import cli
from carter.backup import postgresql, sqlite
from carter.backup.archive import read_manifest, unpack
from carter.commands import check
from carter.companies.models import Company
from carter.health.readiness import waiting_migrations
from carter.merging.undo import undo_merge
from tests.backup.programs import programs_of_the_server  # noqa: F401 a fixture
from tests.builders import the_owner
from tests.recurring.builders import at
from tests.transfer.importing import undone
from tests.upgrade.exports import export_all, said_in
from tests.upgrade.making import DAY, FOLDER

pytestmark = pytest.mark.django_db(transaction=True)

RELEASES = sorted(folder.name for folder in FOLDER.iterdir())
PAGES = (
    *("/leads/", "/jobs/", "/customers/", "/duplicates/", "/storage/", "/storage/warehouses/"),
    *("/billing/", "/billing/aging/", "/billing/payments/", "/billing/recurring/", "/settings/"),
    *("/settings/mail/", "/settings/imports/", "/settings/gateway/", "/search/?q=lee"),
)


@pytest.fixture(params=RELEASES)
def kept(request):
    """What was kept of a release, on the day it was made."""
    with at(DAY):
        yield FOLDER / request.param


@pytest.fixture
def company(kept, tmp_path, live_server):
    """Its book in the place of the test's, brought up to date.

    Asking for `live_server` makes SQLite keep its database in a file.
    """
    place = kept / f"{connection.vendor}.zip"
    manifest = read_manifest(place)
    unpack(place, manifest, tmp_path / "copy")
    engine = sqlite if connection.vendor == "sqlite" else postgresql
    engine.copy_in(tmp_path / "copy", manifest)
    assert cli.main(["migrate"]) == 0
    return Company.objects.get(name="Kept Movers")


def broken_rules() -> list[str]:
    return [rule.says for rule in check.RULES if rule.broken_by()[0]]


def exported(company, folder, *, like):
    """What is exported from it now, and what was then, in the columns of then."""
    export_all(company, folder, by=the_owner(company))
    return said_in(folder, like=like), said_in(like, like=like)


def test_an_earlier_book_is_brought_up_to_date_and_says_the_same(company, kept, tmp_path):
    assert (waiting_migrations(), broken_rules()) == ([], [])

    now, then = exported(company, tmp_path, like=kept)
    assert now == then
    assert min(len(rows) for rows in now.values()) >= 8


def test_what_was_done_before_can_be_undone_after(company, kept, tmp_path):
    ada = the_owner(company)
    undo_merge(company.merges.get(undone_at=None), by=ada)

    now, then = exported(company, tmp_path, like=kept / "before-merge")
    assert now == then
    undone(company.imports.get(file_name="hubspot.csv"), by=ada)
    assert broken_rules() == []


def test_its_pages_open(company, client_of):
    browser = client_of(the_owner(company))
    rows = (
        *company.customers.all(),
        *company.jobs.all(),
        *company.recurring_invoices.all(),
        *company.imports.all(),
    )
    addresses = [
        *PAGES,
        *(row.get_absolute_url() for row in rows),
        *(f"/customers/merges/{pk}/" for pk in company.merges.values_list("pk", flat=True)),
        *(f"/invoices/{pk}/" for pk in company.invoices.values_list("pk", flat=True)),
        *(f"/settings/mail/{pk}/" for pk in company.letters.values_list("pk", flat=True)),
    ]
    answers = {address: browser.get(address, follow=True).status_code for address in addresses}
    taken_back = company.customers.get(name="Taken Back").get_absolute_url()
    assert {address: status for address, status in answers.items() if status != 200} == {
        taken_back: 410
    }


def test_a_book_that_does_not_say_the_same_is_found_out(company, kept, tmp_path):
    """The control: a name and a number changed on the way."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET name = 'Another' WHERE name = 'Storing 0'")
        cursor.execute("UPDATE jobs_job SET number = 9000 WHERE name = 'Carol Caller'")

    now, then = exported(company, tmp_path, like=kept)
    assert [name for name in now if now[name] != then[name]] == ["customers", "jobs", "invoices"]
