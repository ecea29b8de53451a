"""Forms that edit one record, sent the way a browser sends them."""

from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from carter.companies.staffing import leave
from carter.jobs.moving import change_intake, repeat_job
from carter.web.forms import MoneyField
from tests.builders import a_customer, a_lead, a_member

NEWLINES = ["\n", "\r\n"]


class Fields(HTMLParser):
    """What a browser would send of the one form that has hidden twins."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside = False
        self.text = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "textarea":
            self.text = name
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.add(self.select, given.get("value"))
        elif tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in given):
            self.add(name, given.get("value") or "")

    def handle_data(self, data):
        if self.text:
            self.add(self.text, data.removeprefix("\n"))
            self.text = ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = ""
        elif tag == "select":
            self.select = ""

    def add(self, name, value):
        self.sent.setdefault(name, []).append(value)


def opened(client, address: str) -> dict[str, list[str]]:
    """The form of that page as it is sent when nothing is changed."""
    return Fields(client.get(address).content.decode()).sent


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def edited(row) -> str:
    return f"{row.get_absolute_url()}?edit=1"


def test_a_form_saved_as_it_was_opened_changes_nothing(ours, desk):
    services = ["packing", "moving"]
    lead = a_lead(ours, services=services, estimate_cents=124_050, intake_notes="One\r\nTwo ")

    answer = desk.post(lead.get_absolute_url(), opened(desk, edited(lead)))

    assert answer.status_code == 302
    assert [event.what for event in lead.events] == ["took the lead"]


def test_an_old_value_that_would_not_pass_today_stands_in_nobodys_way(ours, desk):
    lead = a_lead(ours, "Lee", phone="call mom", email="none@none")

    answer = desk.post(
        lead.get_absolute_url(), opened(desk, edited(lead)) | {"name": "Leonora", "phone": "x"}
    )
    assert "This is not a phone number." in answer.content.decode()
    assert "This is not an email address." not in answer.content.decode()

    answer = desk.post(lead.get_absolute_url(), opened(desk, edited(lead)) | {"name": "Leonora"})
    changed = lead.refreshed()
    assert (answer.status_code, changed.name, changed.phone) == (302, "Leonora", "call mom")


def test_an_old_value_that_would_not_pass_today_can_be_corrected(ours, desk):
    lead = a_lead(ours, phone="call mom")
    bob = a_customer(ours, phone="ask a neighbour")
    phone = reverse("customer_detail", args=[bob.pk, "phones", bob.phones.get().pk])
    typed = {"phone": "303 555 0142"}

    desk.post(lead.get_absolute_url(), opened(desk, edited(lead)) | typed)
    desk.post(phone, opened(desk, phone) | {"text": "303 555 0142"})

    assert (lead.refreshed().phone, bob.phones.get().text) == ("303 555 0142", "303 555 0142")


def test_a_lead_keeps_an_owner_who_left_until_another_is_chosen(ours, ada, desk):
    sam = a_member(ours, name="Sam Sales")
    lead = a_lead(ours, "Lee", owner=sam)
    leave(sam, by=ada)

    assert "Sam Sales (left)" in desk.get(edited(lead)).content.decode()
    desk.post(lead.get_absolute_url(), opened(desk, edited(lead)) | {"name": "Leonora"})
    assert (lead.refreshed().owner, lead.refreshed().name) == (sam, "Leonora")

    desk.post(lead.get_absolute_url(), opened(desk, edited(lead)) | {"owner": ada.pk})
    assert lead.refreshed().owner == ada


def test_nobody_who_left_is_offered_for_a_new_lead_nor_copied_to_one(ours, ada, desk):
    sam = a_member(ours, name="Sam Sales")
    lead = a_lead(ours, owner=sam)
    leave(sam, by=ada)

    assert "Sam Sales" not in desk.get(reverse("lead_new")).content.decode()
    assert repeat_job(lead.refreshed(), by=ada).owner is None


def test_a_clash_about_the_owner_names_the_person(ours, ada, desk):
    sam = a_member(ours, name="Sam Sales")
    lead = a_lead(ours)
    typed = opened(desk, edited(lead)) | {"owner": ada.pk}
    change_intake(lead, values={"owner": sam}, was={"owner": None}, by=ada)

    answer = desk.post(lead.get_absolute_url(), typed)

    assert "Somebody else changed this to “Sam Sales”" in answer.content.decode()


@pytest.mark.parametrize("stored", NEWLINES)
@pytest.mark.parametrize("sent", NEWLINES)
def test_a_text_of_several_lines_can_be_edited_however_its_lines_end(stored, sent, ours, desk):
    lead = a_lead(ours, intake_notes=f"One{stored}Two")
    typed = opened(desk, edited(lead)) | {
        "intake_notes": f"One{sent}Two{sent}Three",
        "was-intake_notes": f"One{sent}Two",
    }

    answer = desk.post(lead.get_absolute_url(), typed)

    assert (answer.status_code, lead.refreshed().intake_notes) == (302, "One\nTwo\nThree")


def test_a_new_text_is_kept_with_plain_line_ends(ours, desk):
    desk.post(
        reverse("lead_new"),
        {"name": "Lee", "category": "residential", "flexibility": "exact"}
        | {"extra_stops": "1 Elm St\r\n2 Oak St"},
    )

    assert ours.jobs.get().extra_stops == "1 Elm St\n2 Oak St"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1240.50", 124_050),
        ("$1,240.5", 124_050),
        ("1,240", 124_000),
        ("1,234,567", 123_456_700),
        ("12.", 1_200),
        ("0", 0),
        ("", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, cents):
    assert MoneyField(required=False).clean(typed) == cents


@pytest.mark.parametrize("typed", ["1240,50", "1,5", "12,40.5", ",100", "1.240,50", "lots"])
def test_an_amount_that_could_mean_two_things_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="Write an amount such as"):
        MoneyField(required=False).clean(typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write the amount."),
        ("-5", "Write the amount without a sign."),
        ("($5)", "Write the amount without a sign."),
        ("$-5", "Write the amount without a sign."),
        ("100,000,000.01", "That is more than 100,000,000 in one amount. Check the figure."),
        ("99999999999", "That is more than 100,000,000 in one amount. Check the figure."),
        ("9" * 5_000, "That is more than 100,000,000 in one amount. Check the figure."),
        ("1.005", "Cents have two digits, such as 1240.50."),
    ],
)
def test_an_amount_that_cannot_be_meant_is_refused_by_what_is_wrong_with_it(typed, words):
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)

    assert refused.value.messages == [words]


def test_the_largest_amount_can_be_written():
    assert MoneyField().clean("100,000,000.00") == 10_000_000_000
