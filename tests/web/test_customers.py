"""The screens of customers, as somebody at the desk uses them."""

import pytest
from django.urls import reverse

from carter.companies.rights import Role
from carter.jobs.linking import link_job
from tests.builders import a_customer, a_lead, a_member


@pytest.fixture
def bob(ours, ada):
    return a_customer(ours, "Bob Smith", phone="(303) 555-0142", by=ada)


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def edited(**changes):
    """What the browser sends of **Customer Details** of Bob, with some fields changed."""
    seen = {"name": "Bob Smith", "kind": "person", "category": "residential"}
    seen |= {"lead_source": "", "bill_to": "", "do_not_service_reason": ""}
    return seen | {f"was-{name}": value for name, value in seen.items()} | changes


def test_a_field_is_changed_in_place(bob, desk):
    answer = desk.post(bob.get_absolute_url(), edited(name="Rob Smith"))

    assert (answer.status_code, bob.refreshed().name) == (302, "Rob Smith")


def test_of_two_tabs_with_the_same_form_the_second_is_told_both_values(bob, desk):
    desk.post(bob.get_absolute_url(), edited(name="Rob Smith"))

    answer = desk.post(bob.get_absolute_url(), edited(name="Bobby Smith"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this to “Rob Smith”" in page
    assert 'value="Bobby Smith"' in page
    assert bob.refreshed().name == "Rob Smith"


def test_saving_again_after_being_told_keeps_what_was_typed(bob, desk):
    desk.post(bob.get_absolute_url(), edited(name="Rob Smith"))

    desk.post(bob.get_absolute_url(), edited(name="Bobby Smith") | {"was-name": "Rob Smith"})

    assert bob.refreshed().name == "Bobby Smith"


def test_a_name_of_ten_thousand_letters_is_refused_and_kept_in_the_form(bob, desk):
    answer = desk.post(bob.get_absolute_url(), edited(name="x" * 10_000))

    assert answer.status_code == 422
    assert "at most 300 characters (it has 10000)" in answer.content.decode()
    assert "x" * 10_000 in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["🚚📦", "محمد الفارسي", "王伟", "O’Hara-Łukasiewicz", "<script>alert(1)</script>"]
)
def test_any_name_is_kept_as_typed_and_shown_escaped(name, bob, desk):
    desk.post(bob.get_absolute_url(), edited(name=name))

    page = desk.get(bob.get_absolute_url()).content.decode()
    assert bob.refreshed().name == name
    assert "<script>alert" not in page


def test_a_phone_of_letters_is_refused_with_a_sentence(bob, desk):
    address = reverse("customer_detail_new", args=[bob.pk, "phones"])

    answer = desk.post(address, {"text": "call my wife", "label": "home"})

    assert answer.status_code == 422
    assert "This is not a phone number." in answer.content.decode()
    assert "call my wife" in answer.content.decode()


def test_thirty_phones_are_all_shown(bob, desk):
    address = reverse("customer_detail_new", args=[bob.pk, "phones"])
    for last in range(29):
        desk.post(address, {"text": f"720 555 01{last:02}", "label": "other"})

    page = desk.get(bob.get_absolute_url()).content.decode()
    assert bob.phones.count() == 30
    assert all(phone.text in page for phone in bob.phones.all())


def test_a_made_up_kind_of_detail_is_not_found(bob, desk):
    assert desk.get(f"/customers/{bob.pk}/passwords/new/").status_code == 404


def test_the_address_of_a_retired_customer_leads_to_the_one_who_has_the_job(bob, ours, ada, desk):
    lead = a_lead(ours, "Bobby Smith", by=ada)
    own = lead.customer
    link_job(lead, to=bob, by=ada)

    answer = desk.get(reverse("customer_jobs", args=[own.pk]), follow=True)

    assert answer.redirect_chain == [(reverse("customer_jobs", args=[bob.pk]), 302)]
    assert "is now part of Bob Smith" in answer.content.decode()


def test_the_do_not_service_flag_is_shown_wherever_the_customer_appears(bob, ours, ada, desk):
    lead = a_lead(ours, customer=bob, by=ada)
    desk.post(bob.get_absolute_url(), edited(do_not_service="on", do_not_service_reason="Rude."))

    for address in (
        "/leads/",
        "/leads/?view=board",
        "/customers/",
        bob.get_absolute_url(),
        lead.get_absolute_url(),
    ):
        assert "Do not service" in desk.get(address).content.decode(), address


def test_the_reason_not_to_serve_is_said_not_only_hinted_at(bob, ours, ada, desk):
    lead = a_lead(ours, customer=bob, by=ada)
    desk.post(bob.get_absolute_url(), edited(do_not_service="on", do_not_service_reason="Rude."))

    for address in (bob.get_absolute_url(), lead.get_absolute_url()):
        assert "<p>Rude.</p>" in desk.get(address).content.decode(), address
    assert ">: Rude.</span>" in desk.get("/leads/").content.decode()


def test_a_note_sent_five_times_is_added_once(bob, desk):
    for _ in range(5):
        desk.post(reverse("customer_notes", args=[bob.pk]), {"text": "Piano.", "once": "abc"})

    assert [note.text for note in bob.notes.all()] == ["Piano."]


def test_a_note_that_is_too_long_is_refused_and_stays_in_the_form(bob, desk):
    answer = desk.post(
        reverse("customer_notes", args=[bob.pk]), {"text": "x" * 10_001, "once": "abc"}
    )

    assert answer.status_code == 422
    assert "at most 10000 characters (it has 10001)" in answer.content.decode()
    assert "x" * 10_001 in answer.content.decode()


def test_every_note_can_be_reached(bob, ada, desk):
    for number in range(51):
        bob.add_note(f"Note {number}.", by=ada)

    pages = [desk.get(f"{bob.get_absolute_url()}?page={page}").content.decode() for page in (1, 2)]

    assert ["Note 50." in page for page in pages] == [True, False]
    assert ["Note 0." in page for page in pages] == [False, True]
    assert 'rel="next" href="?page=2&amp;after=' in pages[0]


def test_a_phone_sent_five_times_is_added_once(bob, desk):
    address = reverse("customer_detail_new", args=[bob.pk, "phones"])
    for _ in range(5):
        desk.post(address, {"text": "720 555 0177", "label": "home", "once": "abc"})

    assert 'name="once"' in desk.get(address).content.decode()
    assert [phone.text for phone in bob.phones.all()] == ["(303) 555-0142", "720 555 0177"]


@pytest.fixture
def retired(bob, ours, ada):
    """The own customer of a lead, retired when its only job was linked to Bob."""
    lead = a_lead(ours, "Bobby Smith", phone="720 555 0177", by=ada)
    link_job(lead, to=bob, bringing=lead.customer.phones.all(), by=ada)
    return lead.customer.refreshed()


def test_what_is_sent_to_a_retired_customer_reaches_who_has_the_record(retired, bob, desk):
    desk.post(reverse("customer_notes", args=[retired.pk]), {"text": "Piano.", "once": "abc"})
    desk.post(reverse("customer_tags", args=[retired.pk]), {"tag": "VIP"})
    desk.post(
        reverse("customer_detail_new", args=[retired.pk, "emails"]),
        {"text": "bob@example.com", "label": "work"},
    )

    assert [note.text for note in bob.notes.all()] == ["Piano."]
    assert [str(worn.tag) for worn in bob.customer_tags.all()] == ["VIP"]
    assert [email.text for email in bob.emails.all()] == ["bob@example.com"]


def test_a_phone_that_moved_while_it_was_edited_is_corrected_where_it_is(retired, bob, desk):
    brought = bob.phones.get(text="720 555 0177")
    address = reverse("customer_detail", args=[retired.pk, "phones", brought.pk])

    answer = desk.post(
        address,
        {"text": "720 555 0178", "label": "mobile"}
        | {"was-text": "720 555 0177", "was-label": "mobile"},
    )

    assert answer.url == bob.get_absolute_url()
    assert brought.refreshed().text == "720 555 0178"


def test_what_was_typed_about_a_retired_customer_is_offered_to_who_has_the_record(
    retired, bob, desk
):
    typed = edited(name="Bobby Smith", lead_source="Yelp") | {"was-name": "Bobby Smith"}

    answer = desk.post(retired.get_absolute_url(), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Bobby Smith is now part of Bob Smith. Nothing is saved yet." in page
    assert 'name="lead_source" value="Yelp"' in page
    assert 'name="name" value="Bob Smith"' in page
    assert f'action="{bob.get_absolute_url()}"' in page
    assert (bob.refreshed().lead_source, retired.refreshed().lead_source) == ("", "")


def test_ticked_customers_are_tagged_and_the_list_stays_narrowed(bob, ours, desk):
    ann = a_customer(ours, "Ann Lee")

    answer = desk.post(
        reverse("customers_tag"),
        {"ids": [bob.pk, ann.pk], "tag": "Military", "list": "category=residential&sort=-name"},
    )

    assert answer.url == "/customers/?category=residential&sort=-name"
    assert [str(worn.tag) for one in (bob, ann) for worn in one.customer_tags.all()] == [
        "Military"
    ] * 2


def test_tagging_counts_only_who_is_there(bob, ours, theirs, desk):
    ann, stranger = a_customer(ours, "Ann Lee"), a_customer(theirs)
    desk.post(reverse("customers_tag"), {"ids": [bob.pk], "tag": "VIP"})

    ids = [bob.pk, ann.pk, stranger.pk, 10**9]
    answer = desk.post(reverse("customers_tag"), {"ids": ids, "tag": "VIP"}, follow=True)

    assert "Tagged 1 with VIP. 1 had it already." in answer.content.decode()
    assert not stranger.customer_tags.exists()


@pytest.mark.parametrize("made_up", ["9223372036854775808", "9" * 5_000, "-1", "²", "x", ""])
@pytest.mark.parametrize(
    "address", ["/customers/tags/", "/settings/exports/customers/csv/"], ids=["tag", "export"]
)
def test_ticks_that_no_row_has_are_no_ticks(made_up, address, bob, desk):
    answer = desk.post(address, {"ids": [made_up], "tag": "VIP", "list": "sort=name"}, follow=True)

    assert answer.redirect_chain == [("/customers/?sort=name", 302)]
    assert "Tick the customers first." in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/customers/?name=%00&source=a%00b",
        "/search/?q=bob%00smith",
        "/leads/?source=%00",
        "/leads/suggestions/?name=bob%00smith&phone=%00&email=a%00@example.com",
    ],
)
def test_a_character_that_no_text_has_is_not_looked_for(address, bob, desk):
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize(
    "question",
    [
        "name=bo",
        "category=residential",
        "tag=",
        "source=",
        "page=0",
        "page=x",
        "sort=nonsense",
        "balance=owes&page=99999999",
    ],
)
def test_any_question_in_the_address_is_answered(question, bob, desk):
    assert desk.get(f"/customers/?{question}").status_code == 200


def test_who_only_reads_sees_no_deeds_and_is_told_who_may(bob, ours, client_of):
    reader = client_of(a_member(ours, Role.READ_ONLY))

    assert "New Moving Job" not in reader.get(bob.get_absolute_url()).content.decode()
    refused = reader.post(bob.get_absolute_url(), edited(name="X"))
    assert refused.status_code == 403
    assert (
        "Ask somebody who may: owner, manager, sales, dispatcher or billing."
        in refused.content.decode()
    )


@pytest.mark.parametrize("address", ["/customers/{}/", "/customers/{}/history/", "/jobs/{}/"])
def test_a_number_that_no_row_can_have_is_not_found(desk, address):
    assert desk.get(address.format(10**20)).status_code == 404
