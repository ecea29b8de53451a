"""Settings › Import on screen, from the chosen file to the import taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carter.companies.rights import Role
from carter.transfer.batches import start_import
from carter.transfer.models import ImportBatch
from carter.transfer.reading import limits
from carter.transfer.working import do_due_imports
from tests.builders import a_member
from tests.transfer.importing import a_csv, a_dry_run, an_import, undone

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")
BOB = ("51000", "Bob", "Smith", "bob@example.com", "(303) 555-0142")


@pytest.fixture
def screen(ada, client_of):
    return client_of(ada)


def upload(client, content: bytes, name: str = "contacts.csv"):
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(reverse("imports"), {"file": file})


def text_of(answer) -> str:
    """What the page says, without its tags."""
    main = answer.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_file_is_chosen_tried_out_imported_and_undone(ours, ada, screen):
    content = a_csv(HUBSPOT, BOB, ("51001", "", "", "", ""))

    answer = upload(screen, content)
    batch = ours.imports.get()
    assert (answer.status_code, answer.url) == (302, batch.get_absolute_url())
    assert "Reading the file" in text_of(screen.get(answer.url))
    do_due_imports()

    page = text_of(screen.get(answer.url))
    assert "Recognised as HubSpot contacts: customers. CSV with commas, UTF-8." in page
    assert "What would happen" in page
    assert "2 Bob Smith Created" in page
    assert "The row names nobody: it has no name, no phone and no email." in page
    assert not ours.customers.exists()

    screen.post(reverse("import_start", args=[batch.pk]))
    do_due_imports()
    page = screen.get(answer.url).content.decode()
    bob = ours.customers.get()
    assert f'<a href="{bob.get_absolute_url()}">Bob Smith</a>' in page
    assert "Undo Import" in page
    assert bob.events.get().by == ada

    screen.post(reverse("import_undo", args=[batch.pk]))
    do_due_imports()
    assert "What was undone" in text_of(screen.get(answer.url))
    assert not ours.customers.current().exists()


def test_progress_is_a_fragment_that_asks_again_until_all_is_done(ours, ada, screen):
    batch = start_import(a_dry_run(ours, a_csv(HUBSPOT, BOB), by=ada), by=ada)
    address = reverse("import_progress", args=[batch.pk])

    under_way = screen.get(address)
    assert (under_way.status_code, under_way.headers.get("HX-Refresh")) == (200, None)
    assert f'hx-get="{address}"' in under_way.content.decode()
    assert '<progress max="1" value="0"' in under_way.content.decode()

    do_due_imports()
    done = screen.get(address)
    assert done.headers["HX-Refresh"] == "true"
    assert "hx-get" not in done.content.decode()


def test_an_interrupted_import_offers_to_go_on(ours, ada, screen):
    batch = start_import(a_dry_run(ours, a_csv(HUBSPOT, BOB), by=ada), by=ada)
    ours.imports.update(trouble="Something went wrong after row 0. Nothing done so far is lost.")

    page = text_of(screen.get(batch.get_absolute_url()))
    assert "Interrupted after row 0 of 1" in page
    assert "Undo Import" in page

    screen.post(reverse("import_resume", args=[batch.pk]))
    do_due_imports()
    assert ours.imports.get().state == "imported"


def test_an_unknown_file_asks_what_its_columns_hold(ours, screen):
    upload(screen, a_csv(("Wer", "Handy", "Notiz"), ("Bob Smith", "303-555-0142", "=1+1")))
    do_due_imports()
    batch = ours.imports.get()
    address = reverse("import_columns", args=[batch.pk])

    assert screen.get(batch.get_absolute_url()).url == address
    page = text_of(screen.get(address))
    assert "Wer Bob Smith" in page
    assert "303-555-0142" in page

    said = {"holds": "customers", "source": "list", "column-0": "name", "column-1": "mobile"}
    answer = screen.post(address, said | {"column-2": "notes"})
    assert answer.url == batch.get_absolute_url()
    do_due_imports()
    assert ours.imports.get().counts == {"created": 1}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"column-0": "note", "column-1": "street"}, "Say which column holds a name"),
        ({"column-0": "name", "column-1": "name"}, "Two columns are chosen for “Full name”."),
        ({"column-0": "nonsense", "column-1": "name"}, "Select a valid choice."),
        ({"column-0": "name", "column-1": "note", "holds": "storage"}, "Select a valid choice."),
    ],
)
def test_columns_that_make_no_sense_are_sent_back(ours, screen, said, sentence):
    batch = a_dry_run(ours, a_csv(("Wer", "Handy"), ("Bob", "303")))

    answer = screen.post(
        reverse("import_columns", args=[batch.pk]), {"holds": "customers", "source": "x"} | said
    )

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert ours.imports.get().state == "mapping"


def test_columns_of_a_running_import_are_not_changed(ours, screen):
    batch = an_import(ours, a_csv(HUBSPOT, BOB))

    answer = screen.get(reverse("import_columns", args=[batch.pk]))

    assert answer.url == batch.get_absolute_url()


def test_a_file_that_is_no_table_says_why(ours, screen):
    upload(screen, b"%PDF-1.7", "contacts.pdf")
    do_due_imports()

    page = text_of(screen.get(ours.imports.get().get_absolute_url()))

    assert "This is a PDF, not a table. Save it as CSV or XLSX first." in page
    assert "Choose another file" in page


@pytest.mark.parametrize(("content", "sentence"), [(b"", "The file is empty."), (None, "Choose a")])
def test_no_file_is_sent_back(screen, content, sentence):
    answer = screen.post(reverse("imports")) if content is None else upload(screen, content)

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_file_that_is_too_large_is_sent_back(ours, screen, monkeypatch):
    monkeypatch.setattr("carter.web.forms.imports.MOST_BYTES", 2 * limits.MEGABYTE)

    answer = upload(screen, b"x" * (2 * limits.MEGABYTE + 1))

    assert answer.status_code == 422
    assert "The file is larger than 2 MB. Split it into parts." in text_of(answer)
    assert not ours.imports.exists()


def test_rows_are_filtered_by_what_became_of_them(ours, screen):
    batch = an_import(ours, a_csv(HUBSPOT, BOB, ("51001", "", "", "", ""), ("", "", "", "", "")))

    refused = text_of(screen.get(f"{batch.get_absolute_url()}?outcome=refused"))

    assert "The row names nobody" in refused
    assert "The row is empty." not in refused
    assert "Bob Smith Created" not in refused


def test_what_stays_after_an_undo_is_listed_with_the_reason(ours, ada, screen):
    batch = an_import(ours, a_csv(HUBSPOT, BOB))
    ours.customers.get().add_note("Has a piano.", by=ada)
    undone(batch, by=ada)

    page = text_of(screen.get(f"{batch.get_absolute_url()}?undo=stays"))

    assert "2 Bob Smith Created Stays Ada Owner wrote a note" in page


def test_imported_leads_of_known_customers_are_marked(ours, ada, screen):
    an_import(ours, a_csv(HUBSPOT, BOB), by=ada)
    header = ("FullName", "PhoneNumber", "Email", "MoveDate", "MoveSize")
    known = ("Robert Smith", "303.555.0142", "", "", "")
    batch = an_import(ours, a_csv(header, known, ("Zelda Quist", "2125550100", "", "", "")))

    page = text_of(screen.get(batch.get_absolute_url()))

    assert "Robert Smith Lead J-1 Possible Repeat Customer Created" in page
    assert "Zelda Quist Lead J-2 Created" in page


def test_refused_rows_are_handed_out_to_be_put_right(ours, screen):
    batch = an_import(ours, a_csv(HUBSPOT, BOB, ("51001", "", "", "", "")))

    answer = screen.get(reverse("import_report", args=[batch.pk]), {"outcome": "refused"})

    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="import-{batch.pk}.csv"'
    )
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines() == [
        "Record ID,First Name,Last Name,Email,Phone Number,carter_row,carter_outcome,carter_reason",
        '51001,,,,,3,Refused,"The row names nobody: it has no name, no phone and no email."',
    ]


def test_the_very_same_file_again_is_noticed(ours, screen):
    content = a_csv(HUBSPOT, BOB)
    an_import(ours, content)
    batch = a_dry_run(ours, content)

    assert "This very file was imported on " in text_of(screen.get(batch.get_absolute_url()))


def test_columns_that_are_left_out_are_named(ours, screen):
    content = b"customer_id,name,company_name,category,jobs,carter_book\r\nC-1,Bob,,,3,b00c\r\n"
    batch = a_dry_run(ours, content)

    assert "Not imported: jobs." in text_of(screen.get(batch.get_absolute_url()))


def test_a_second_click_imports_nothing_twice(ours, screen):
    batch = an_import(ours, a_csv(HUBSPOT, BOB))

    answer = screen.post(reverse("import_start", args=[batch.pk]), follow=True)

    assert "people.csv is imported." in text_of(answer)
    assert ours.customers.count() == 1


@pytest.mark.parametrize("role", [Role.SALES, Role.BILLING, Role.READ_ONLY])
def test_who_may_not_import_sees_no_import(ours, client_of, role):
    batch = a_dry_run(ours, a_csv(HUBSPOT, BOB))
    client = client_of(a_member(ours, role))

    answers = [
        client.get(reverse("imports")),
        upload(client, a_csv(HUBSPOT, BOB)),
        client.get(batch.get_absolute_url()),
        client.post(reverse("import_start", args=[batch.pk])),
        client.get(reverse("import_report", args=[batch.pk])),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert ImportBatch.across_companies.count() == 1


def queries_of(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_lists_ask_as_often_for_three_rows_as_for_one(ours, ada, screen):
    counts = {}
    for rows in (1, 3):
        people = [(str(number), "Bob", "Smith", "", "") for number in range(rows * 10, rows * 11)]
        batch = an_import(ours, a_csv(HUBSPOT, *people), by=ada)
        counts[rows] = (
            queries_of(screen, reverse("imports")),
            queries_of(screen, batch.get_absolute_url()),
        )

    assert counts == {1: (3, 4), 3: (3, 4)}
