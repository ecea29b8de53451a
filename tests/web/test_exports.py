"""Settings › Export, and Bulk Actions › Export."""

import io
from zipfile import ZipFile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from carter.companies.rights import Role
from tests.builders import a_customer, a_lead, a_member


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_page_offers_every_table_in_both_forms(ada, client_of):
    page = client_of(ada).get(reverse("exports")).content.decode()

    for table in ("customers", "jobs"):
        for form in ("csv", "xlsx"):
            assert f'href="{reverse("export", args=[table, form])}"' in page


def test_customers_come_as_csv(ours, ada, client_of):
    a_customer(ours, "Bob Smith")

    answer = client_of(ada).get(reverse("export", args=["customers", "csv"]))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="customers-{ours.today}.csv"'
    )
    assert b"\r\nC-1,Bob Smith,," in content_of(answer)


def test_jobs_come_as_xlsx(ours, ada, client_of):
    a_lead(ours, "Bob Smith")

    answer = client_of(ada).get(reverse("export", args=["jobs", "xlsx"]))

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content_of(answer))).get_sheet_by_index(0)
    assert [row[:2] for row in sheet.to_python()] == [["job_id", "stage"], ["J-1", "New"]]


def test_only_the_ticked_are_exported(ours, ada, client_of):
    a_customer(ours, "Bob Smith")
    ann = a_customer(ours, "Ann Lee")

    answer = client_of(ada).post(
        reverse("export", args=["customers", "csv"]), {"ids": [ann.pk, "x"]}
    )

    content = content_of(answer)
    assert (b"Ann Lee" in content, b"Bob Smith" in content) == (True, False)


def test_a_strangers_ticks_export_nothing(ours, ada, stranger, client_of):
    theirs = a_customer(stranger.company, "Zanzibar Smith")

    answer = client_of(ada).post(reverse("export", args=["customers", "csv"]), {"ids": theirs.pk})

    assert b"Zanzibar" not in content_of(answer)


@pytest.mark.parametrize("address", ["people/csv", "customers/pdf"])
def test_what_cannot_be_exported_is_not_found(ada, client_of, address):
    assert client_of(ada).get(f"{reverse('exports')}{address}/").status_code == 404


def test_who_may_not_export_is_told_who_may(ours, client_of):
    client = client_of(a_member(ours, Role.SALES))

    for address in (reverse("exports"), reverse("export", args=["customers", "csv"])):
        assert client.get(address).status_code == 403


def test_files_for_quickbooks_come_in_a_zip(ours, ada, client_of):
    a_customer(ours, "Bob Smith")

    answer = client_of(ada).get(reverse("quickbooks"), {"first": "2026-01-01", "last": ""})

    assert answer.headers["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(content_of(answer))) as archive:
        assert "README.txt" in archive.namelist()
        assert b"Bob Smith" in archive.read("customers-1.csv")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"first": "2026-02-01", "last": "2026-01-01"}, "before the first day"),
        ({"first": "soon"}, "Write a day such as 2026-05-31."),
    ],
)
def test_days_that_make_no_sense_are_told(ada, client_of, days, words):
    answer = client_of(ada).get(reverse("quickbooks"), days)

    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_quickbooks_takes_the_rights_to_export_and_to_see_money(ours, client_of, role):
    answer = client_of(a_member(ours, role)).get(reverse("quickbooks"))

    may = role in (Role.OWNER, Role.MANAGER, Role.BILLING)
    assert answer.status_code == (200 if may else 403)
