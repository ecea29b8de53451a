"""What is known of a customer changes; what was known is kept, and every change is signed."""

import pytest

from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import (
    ChangedMeanwhile,
    add_detail,
    change_customer,
    change_detail,
    make_current,
    make_former,
    make_primary,
)
from carter.customers.labelling import tag_customer, untag_customer
from carter.customers.locking import CannotChange
from tests.builders import a_customer, a_member


@pytest.fixture
def bob(ours, ada):
    return a_customer(ours, "Bob Smith", phone="(303) 555-0142", by=ada)


def test_a_change_is_signed_with_both_values(bob, ada):
    change_customer(bob, values={"name": "Rob Smith"}, was={"name": "Bob Smith"}, by=ada)

    event = bob.events.first()
    assert (event.by, event.changes) == (ada, {"name": ["Bob Smith", "Rob Smith"]})


def test_a_former_name_is_kept(bob, ada):
    change_customer(bob, values={"name": "Rob Smith"}, was={"name": "Bob Smith"}, by=ada)

    assert [former.name for former in bob.former_names.all()] == ["Bob Smith"]


def test_two_people_change_different_fields_at_once(bob, ada):
    seen = {"name": "Bob Smith", "lead_source": ""}
    change_customer(bob, values=seen | {"lead_source": "Yelp"}, was=seen, by=ada)
    change_customer(bob, values=seen | {"name": "Rob Smith"}, was=seen, by=ada)

    bob.refresh_from_db()
    assert (bob.name, bob.lead_source) == ("Rob Smith", "Yelp")


def test_the_second_of_two_who_change_one_field_is_told_the_other_value(bob, ada):
    change_customer(bob, values={"name": "Rob Smith"}, was={"name": "Bob Smith"}, by=ada)

    with pytest.raises(ChangedMeanwhile) as clash:
        change_customer(bob, values={"name": "Robert S."}, was={"name": "Bob Smith"}, by=ada)

    assert clash.value.theirs == {"name": "Rob Smith"}
    assert bob.refreshed().name == "Rob Smith"


def test_two_who_change_one_field_alike_do_not_clash(bob, ada):
    change_customer(bob, values={"name": "Rob Smith"}, was={"name": "Bob Smith"}, by=ada)
    change_customer(bob, values={"name": "Rob Smith"}, was={"name": "Bob Smith"}, by=ada)

    assert bob.former_names.count() == 1


def test_a_phone_is_kept_as_typed_and_as_a_key(bob, ada):
    phone = add_detail(bob, "phones", text="+1 720.555.0177 ext 4", label="work", by=ada)

    assert (phone.text, phone.key) == ("+1 720.555.0177 ext 4", "7205550177")


def test_the_first_of_a_kind_is_the_main_one(bob, ada):
    add_detail(bob, "phones", text="720 555 0177", label="work", by=ada)

    assert [(str(phone), phone.is_primary) for phone in bob.phones.all()] == [
        ("(303) 555-0142", True),
        ("720 555 0177", False),
    ]


def test_another_phone_becomes_the_main_one(bob, ada):
    work = add_detail(bob, "phones", text="720 555 0177", label="work", by=ada)

    make_primary(work, by=ada)

    assert [phone.text for phone in bob.phones.filter(is_primary=True)] == ["720 555 0177"]


def test_a_former_phone_is_kept_and_the_next_becomes_the_main_one(bob, ada):
    add_detail(bob, "phones", text="720 555 0177", label="work", by=ada)
    make_former(bob.phones.get(text="(303) 555-0142"), by=ada)

    assert [phone.text for phone in bob.phones.current()] == ["720 555 0177"]
    assert bob.phones.count() == 2
    assert bob.phones.current().get().is_primary


def test_a_former_phone_comes_into_use_again(bob, ada):
    phone = bob.phones.get()
    make_former(phone, by=ada)

    make_current(phone, by=ada)

    assert bob.phones.current().get() == phone


def test_a_corrected_phone_gets_a_new_key(bob, ada):
    phone = bob.phones.get()
    seen = {"text": phone.text, "label": "mobile"}

    change_detail(phone, values=seen | {"text": "303 555 0143"}, was=seen, by=ada)

    assert phone.refreshed().key == "3035550143"
    assert bob.events.first().changes == {"phone": ["(303) 555-0142", "303 555 0143"]}


def test_every_change_makes_keys_and_words_due(bob, ada):
    bob.keys_due = bob.words_due = False
    bob.save()

    add_detail(bob, "emails", text="bob@example.com", label="work", by=ada)

    bob.refresh_from_db()
    assert (bob.keys_due, bob.words_due) == (True, True)


def test_a_tag_is_worn_once_whatever_the_case(bob, ada):
    tag_customer(bob, "VIP", by=ada)
    tag_customer(bob, "vip", by=ada)

    assert [worn.tag.name for worn in bob.customer_tags.all()] == ["VIP"]


def test_a_tag_is_taken_off(bob, ada):
    tag_customer(bob, "VIP", by=ada)
    untag_customer(bob, "VIP", by=ada)

    assert not bob.customer_tags.exists()


def test_notes_are_dated_signed_and_newest_first(bob, ada):
    bob.add_note("First.", by=ada)
    bob.add_note("Second.", by=ada)

    assert [(note.text, note.signature) for note in bob.notes.all()] == [
        ("Second.", "Ada Owner"),
        ("First.", "Ada Owner"),
    ]


def test_who_only_reads_may_not_change(ours, bob):
    reader = a_member(ours, Role.READ_ONLY)

    with pytest.raises(NotAllowed, match="Ask somebody who may"):
        change_customer(bob, values={"name": "X"}, was={"name": "Bob Smith"}, by=reader)


def test_the_only_phone_taken_into_use_again_is_the_main_one(bob, ada):
    make_former(bob.phones.get(), by=ada)
    assert not bob.phones.get().is_primary

    make_current(bob.phones.get(), by=ada)

    assert bob.phones.get().is_primary


def test_a_former_phone_cannot_be_made_the_main_one(bob, ada):
    make_former(bob.phones.get(), by=ada)

    with pytest.raises(CannotChange, match="no longer in use"):
        make_primary(bob.phones.get(), by=ada)


def test_a_chosen_main_phone_is_the_main_one_again_when_it_is_used_again(bob, ada):
    work = add_detail(bob, "phones", text="720 555 0177", label="work", by=ada)
    make_primary(work, by=ada)
    make_former(work, by=ada)
    assert bob.phones.get(is_primary=True).text == "(303) 555-0142"

    make_current(work, by=ada)

    assert bob.phones.get(is_primary=True) == work


def test_a_phone_read_before_it_was_corrected_keeps_the_correction(bob, ada):
    as_it_was = bob.phones.get()
    seen = {"text": as_it_was.text}
    change_detail(bob.phones.get(), values={"text": "303 555 0143"}, was=seen, by=ada)

    make_primary(as_it_was, by=ada)
    make_former(as_it_was, by=ada)

    assert bob.phones.get().text == "303 555 0143"
