"""A field has the value of its newest write that stands, whatever was taken back in which order."""

import itertools

import pytest

from carter.customers.changing import ChangedMeanwhile, change_customer, revert_field
from carter.customers.field_log import value_without, withdraw_writes, write_values
from carter.customers.locking import CannotChange
from tests.builders import a_customer


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob")


def names_of(customer):
    return customer.refreshed().name, sorted(former.name for former in customer.former_names.all())


def test_every_change_is_logged_with_raw_values_and_its_line_of_history(bob, ada):
    values, was = {"name": "Rob", "do_not_service": True}, {"name": "Bob", "do_not_service": False}
    change_customer(bob, values=values, was=was, by=ada)

    event = bob.events.first()
    assert [(row.field, row.old, row.new, row.by, row.event) for row in bob.field_writes.all()] == [
        ("name", "Bob", "Rob", ada, event),
        ("do_not_service", False, True, ada, event),
    ]


def test_what_was_not_changed_is_not_logged(bob):
    change_customer(bob, values={"name": "Bob"}, was={"name": "Bob"}, by=None)

    assert not bob.field_writes.exists()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_writes_taken_back_in_any_order_leave_the_newest_that_stands(order, bob):
    writes = [write_values(bob, {"name": name}, by=None)[0] for name in ("Rob", "Robert", "Bert")]
    assert names_of(bob) == ("Bert", ["Bob", "Rob", "Robert"])
    standing = dict(enumerate(["Rob", "Robert", "Bert"]))

    for place in order:
        withdraw_writes(bob, [writes[place]], by=None)
        del standing[place]
        chain = ["Bob", *standing.values()]
        assert names_of(bob) == (chain[-1], sorted(chain[:-1]))


def test_a_name_given_twice_in_a_row_once_what_was_between_is_gone_is_no_former_name(bob):
    between = write_values(bob, {"name": "Rob"}, by=None)
    write_values(bob, {"name": "Bob"}, by=None)

    withdraw_writes(bob, between, by=None)

    assert names_of(bob) == ("Bob", [])


def test_a_former_name_that_no_write_knows_of_stays(bob):
    bob.former_names.create(name="Robbie")
    write = write_values(bob, {"name": "Rob"}, by=None)

    withdraw_writes(bob, write, by=None)

    assert names_of(bob) == ("Bob", ["Robbie"])


def test_a_field_would_have_its_first_value_without_any_write(bob):
    writes = write_values(bob, {"name": "Rob"}, by=None)

    assert value_without(writes, ()) == "Rob"
    assert value_without(writes, {writes[0].pk}) == "Bob"


def test_a_change_is_reverted_as_a_change_of_its_own(bob, ada):
    change_customer(bob, values={"name": "Rob"}, was={"name": "Bob"}, by=None)

    revert_field(bob.field_writes.get(), seen="Rob", by=ada)

    assert names_of(bob) == ("Bob", ["Bob", "Rob"])
    assert (bob.events.first().by, bob.field_writes.count()) == (ada, 2)


def test_a_change_is_not_reverted_over_what_a_colleague_wrote_meanwhile(bob):
    change_customer(bob, values={"name": "Rob"}, was={"name": "Bob"}, by=None)
    write = bob.field_writes.get()
    change_customer(bob, values={"name": "Bert"}, was={"name": "Rob"}, by=None)

    with pytest.raises(ChangedMeanwhile):
        revert_field(write, seen="Rob", by=None)
    assert bob.refreshed().name == "Bert"


def test_nothing_is_reverted_on_a_record_that_is_no_longer_current(ours, bob):
    change_customer(bob, values={"name": "Rob"}, was={"name": "Bob"}, by=None)
    bob.head = a_customer(ours, "Other")
    bob.save(update_fields=["head"])

    with pytest.raises(CannotChange, match="no longer a current customer"):
        revert_field(bob.field_writes.get(), seen="Rob", by=None)


def test_a_customer_whose_name_was_taken_back_is_compared_and_found_anew(bob):
    write = write_values(bob, {"name": "Rob"}, by=None)
    type(bob).across_companies.update(keys_due=False, words_due=False)

    withdraw_writes(bob, write, by=None)

    now = bob.refreshed()
    assert (now.keys_due, now.words_due, now.sort_name) == (True, True, "bob")
