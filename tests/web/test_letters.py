import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carter.companies.rights import RIGHTS, Right, Role
from carter.outbox.posting import Enclosure
from tests.builders import a_member
from tests.outbox.builders import a_letter


@pytest.fixture
def office(ada, client_of):
    return client_of(ada)


def subjects(page):
    return [letter.subject for letter in page.context["page"].rows]


def test_letters_that_need_somebody_come_first(ours, office):
    a_letter(ours, subject="Failed", state="failed", trouble="The mail server refuses it.")
    for state in ("waiting", "sent", "unsure", "let-be", "taken"):
        a_letter(ours, subject=state.capitalize(), state=state)

    page = office.get(reverse("letters"))

    assert subjects(page) == ["Unsure", "Failed", "Taken", "Waiting"]
    assert "The mail server refuses it." in page.content.decode()
    assert page.content.decode().count(">Send Again<") == 2
    assert subjects(office.get(reverse("letters") + "?sent=yes")) == ["Let-be", "Sent"]


def test_an_empty_outbox_says_so(ours, office):
    assert "Every letter was sent." in office.get(reverse("letters")).content.decode()
    sent = office.get(reverse("letters") + "?sent=yes")
    assert "Nothing was sent yet." in sent.content.decode()


def test_a_letter_can_be_read_with_what_is_attached(ours, office):
    enclosures = [
        Enclosure("INV-204.pdf", "application/pdf", b"%PDF-1"),
        Enclosure("page.html", "text/html", b"<script>alert(1)</script>"),
    ]
    letter = a_letter(ours, text="Dear <Ann>,\nhello.", enclosures=enclosures)

    page = office.get(reverse("letter", args=[letter.pk])).content.decode()

    pdf, html = letter.attachments.all()
    assert "Dear &lt;Ann&gt;,\nhello." in page
    assert "INV-204.pdf" in page
    shown = [office.get(reverse("letter_attachment", args=[each.pk])) for each in (pdf, html)]
    assert [(each.content, each.headers["Content-Type"]) for each in shown] == [
        (b"%PDF-1", "application/pdf"),
        (b"<script>alert(1)</script>", "application/octet-stream"),
    ]


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [("letter_sending", "waiting", "on its way again"), ("letter_rest", "let-be", "not be sent")],
)
def test_a_person_decides_once(ours, office, name, state, words):
    letter = a_letter(ours, state="unsure")

    said = office.post(reverse(name, args=[letter.pk]), follow=True).content.decode()
    again = office.post(reverse(name, args=[letter.pk]), follow=True).content.decode()

    assert letter.refreshed().state == state
    assert words in said
    assert "Nothing was done" in again


@pytest.mark.parametrize("role", list(Role))
def test_letters_are_for_those_who_take_payments(ours, client_of, role):
    client = client_of(a_member(ours, role))
    may = Right.TAKE_PAYMENT in RIGHTS[role]
    letter = a_letter(ours, state="failed")

    answers = [
        client.get(reverse("letters")).status_code,
        client.get(reverse("letter", args=[letter.pk])).status_code,
        client.post(reverse("letter_sending", args=[letter.pk])).status_code,
        client.post(reverse("letter_rest", args=[letter.pk])).status_code,
    ]

    assert answers == ([200, 200, 302, 302] if may else [403] * 4)
    assert (reverse("letters") in client.get(reverse("settings")).content.decode()) == may


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(ours, ada, office, rows):
    for _ in range(rows):
        a_letter(ours, by=ada, state="failed", enclosures=[Enclosure("a", "text/plain", b"a")])
    office.get(reverse("letters"))

    with CaptureQueriesContext(connection) as queries:
        office.get(reverse("letters"))

    assert len(queries) == 3
