"""`carter backup` and `carter restore`, as typed."""

import re

import pytest

from carter import cli
from carter.billing.ledger import log_charge
from carter.customers.models import Customer
from tests.backup.programs import programs_of_the_server  # noqa: F401 a fixture
from tests.builders import a_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path, live_server):
    return tmp_path / "book.zip"


def test_a_book_is_kept_and_put_back_and_checked(ours, place, capsys):
    log_charge(customer=a_customer(ours), job=None, kind="labour", amount_cents=100, by=None)

    assert cli.main(["backup", str(place)]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(rf"{place}: Ada’s Movers; [\d,]+ rows in [\d.]+ MB\.\n", said)

    a_customer(ours, "Later Lee")
    assert cli.main(["restore", str(place)]) == 1
    assert "Add --replace" in capsys.readouterr().err

    assert cli.main(["restore", str(place), "--replace"]) == 0
    said = capsys.readouterr().out
    assert re.match(r"As of 20\S+: Ada’s Movers; [\d,]+ rows\.\n", said)
    assert said.endswith("All agrees.\n")
    assert Customer.across_companies.count() == 1


def test_without_a_name_it_goes_into_carters_own_folder(ours, settings, tmp_path, capsys):
    settings.VAR = tmp_path

    assert cli.main(["backup"]) == 0

    [made] = (tmp_path / "backups").iterdir()
    assert re.fullmatch(r"carter-\d{8}-\d{6}\.zip", made.name)


def test_a_place_that_cannot_be_written_is_told(ours, place, capsys):
    place.write_text("in the way")

    assert cli.main(["backup", str(place / "book.zip")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(place, capsys):
    assert cli.main(["restore", str(place)]) == 1
    assert capsys.readouterr().err == f"There is no file {place}.\n"
