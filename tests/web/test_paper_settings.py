import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from carter.companies.models import Company
from carter.companies.rights import Role
from carter.printing.letterheads import letterhead_of, logo_of
from tests.builders import a_member
from tests.printing.pictures import SVG, a_png
from tests.printing.reading import pictures_on, text_of

TYPED = {
    "address": "1200 Harvest Road\r\n\r\nDenver, CO 80205",
    "phone": "(303) 555-0100",
    "email": "office@maple.example",
    "website": "maple.example",
    "tax_number": "84-1234567",
    "paper_footer": "US DOT 1234567",
    "payment_terms": "net-30",
    "tax_rate_millionths": "8.81 %",
    "invoice_prefix": "M-",
    "credit_note_prefix": "MC-",
    "books_closed_through": "2026-06-30",
}
WAS = {
    "was-payment_terms": "on-receipt",
    "was-tax_rate_millionths": "0%",
    "was-invoice_prefix": "INV-",
    "was-credit_note_prefix": "CN-",
}


@pytest.fixture
def office(ada, client_of):
    return client_of(ada)


def kept(company):
    return Company.objects.get(pk=company.pk)


def test_what_stands_on_paper_is_changed(ours, office):
    answer = office.post(reverse("paper_settings"), TYPED | WAS)

    company = kept(ours)
    assert answer.url == reverse("paper_settings")
    assert letterhead_of(company) == {
        "name": "Ada’s Movers",
        "address": ["1200 Harvest Road", "Denver, CO 80205"],
        "phone": "(303) 555-0100",
        "email": "office@maple.example",
        "website": "maple.example",
        "tax_number": "84-1234567",
        "footer": "US DOT 1234567",
        "country": "US",
        "currency": "USD",
    }
    assert (company.payment_terms, company.tax_rate_millionths) == ("net-30", 88_100)
    assert (company.invoice_prefix, company.credit_note_prefix) == ("M-", "MC-")
    assert company.books_closed_through == date(2026, 6, 30)


def test_the_history_says_it_in_words(ours, office):
    office.post(reverse("paper_settings"), TYPED | WAS)

    changes = kept(ours).settings_events.get().changes
    assert (changes["Tax rate"], changes["books closed through"]) == (
        ["0%", "8.81%"],
        ["", "2026-06-30"],
    )


def test_the_form_opens_with_what_is_kept(ours, office):
    office.post(reverse("paper_settings"), TYPED | WAS)

    page = office.get(reverse("paper_settings")).content.decode()

    assert 'name="tax_rate_millionths" value="8.81%"' in page
    said = dict(re.findall(r'<input type="hidden" name="was-([^"]+)" value="([^"]*)">', page))
    assert said["books_closed_through"] == "2026-06-30"
    assert office.post(reverse("paper_settings"), TYPED | {f"was-{k}": v for k, v in said.items()})
    assert kept(ours).settings_events.count() == 1


def test_a_page_opened_earlier_undoes_nothing(ours, office):
    office.post(reverse("paper_settings"), TYPED | WAS)
    earlier = {name.removeprefix("was-"): value for name, value in WAS.items()} | WAS

    office.post(reverse("paper_settings"), earlier | {"website": "new.example"})

    assert (kept(ours).website, kept(ours).tax_rate_millionths) == ("maple.example", 88_100)
    office.post(reverse("paper_settings"), earlier | {"phone": "303 555 0199"})
    assert kept(ours).tax_rate_millionths == 88_100


@pytest.mark.parametrize("typed", ["-1", "100", "8,81", "many", "1.23456", "1e1"])
def test_a_tax_that_makes_no_sense_is_told_and_nothing_is_lost(ours, office, typed):
    answer = office.post(reverse("paper_settings"), TYPED | WAS | {"tax_rate_millionths": typed})

    assert answer.status_code == 422
    assert "Write a percentage below 100" in answer.content.decode()
    assert "maple.example" in answer.content.decode()
    assert kept(ours).website == ""


@pytest.mark.parametrize(
    ("typed", "millionths"), [("", 0), ("0", 0), ("7%", 70_000), ("9.975", 99_750), (".5", 5_000)]
)
def test_a_tax_is_kept_exactly(ours, office, typed, millionths):
    office.post(reverse("paper_settings"), TYPED | WAS | {"tax_rate_millionths": typed})

    assert kept(ours).tax_rate_millionths == millionths


def upload(office, data, **more):
    file = SimpleUploadedFile("logo.png", data)
    return office.post(reverse("paper_settings"), TYPED | WAS | {"logo": file} | more)


def test_a_logo_is_kept_shown_and_printed(ours, office):
    upload(office, a_png(40, 30))

    answer = office.get(reverse("logo"))
    assert (answer.content, answer.headers["Content-Type"]) == (a_png(40, 30), "image/png")
    assert pictures_on(office.get(reverse("sample_paper")).content) == [(40, 30)]

    upload(office, SVG)
    assert office.get(reverse("logo")).headers["Content-Type"] == "image/svg+xml"
    assert next(event.what for event in kept(ours).settings_events.all()) == "changed the logo"


def test_a_logo_is_taken_away(ours, office):
    upload(office, SVG)

    office.post(reverse("paper_settings"), TYPED | WAS | {"without_logo": "on"})

    assert logo_of(ours) is None
    assert office.get(reverse("logo")).status_code == 404


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"GIF89a", "must be a PNG, JPEG or SVG"), (SVG + b" " * 1_000_000, "larger than 1 MB")],
)
def test_a_picture_that_cannot_be_printed_is_told_and_nothing_typed_is_lost(
    ours, office, data, why
):
    answer = upload(office, data)

    assert (answer.status_code, logo_of(ours)) == (422, None)
    assert why in answer.content.decode()
    assert "1200 Harvest Road" in answer.content.decode()


def test_the_sample_has_the_companys_letterhead(ours, office):
    office.post(reverse("paper_settings"), TYPED | WAS)

    answer = office.get(reverse("sample_paper"))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Ada’s Movers 1200 Harvest Road Denver, CO 80205" in text_of(answer.content)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
@pytest.mark.parametrize("name", ["paper_settings", "logo", "sample_paper"])
def test_only_owners_set_what_stands_on_paper(ours, client_of, role, name):
    assert client_of(a_member(ours, role)).get(reverse(name)).status_code == 403


def test_a_logo_is_nobody_elses(ours, office, stranger, client_of):
    upload(office, SVG)

    assert client_of(stranger).get(reverse("logo")).status_code == 404
