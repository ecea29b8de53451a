"""What two records of one customer both know is shown once, and stays with both."""

import pytest

from carter.customers.alike import alike, once
from carter.customers.changing import add_detail, change_alike, make_alike_former, make_former
from carter.merging.merge import merge_customers
from carter.merging.undo import undo_merge
from tests.builders import a_customer


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone="303 555 0142", email="bob@example.com")


@pytest.fixture
def rob(ours):
    return a_customer(ours, "Robert Smith", phone="(303) 555-0142", email="BOB@example.com")


def merge(survivor, duplicate):
    return merge_customers(survivor=survivor, duplicates=[duplicate], by=None)


def test_the_same_number_or_mailbox_of_both_is_shown_once(bob, rob):
    merge(bob, rob)

    assert bob.phones.count() == 2
    assert [phone.text for phone in once(bob.phones.all())] == ["303 555 0142"]
    assert [email.text for email in once(bob.emails.all())] == ["bob@example.com"]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phones", {"text": "303 555 0188 ext 4"}, {"text": "303 555 0188 ext 5"}),
        ("emails", {"text": "bob@gmail.com"}, {"text": "bob+move@gmail.com"}),
        ("addresses", {"street": "1 Elm St Apt 4"}, {"street": "1 Elm St Apt 5"}),
        ("contacts", {"name": "Ann", "role": "partner"}, {"name": "Ann", "role": "billing"}),
    ],
)
def test_what_says_more_is_shown_for_itself(kind, one, other, ours):
    customer = a_customer(ours)
    for said in (one, other):
        add_detail(customer, kind, by=None, **said)

    rows = getattr(customer, kind).all()

    assert once(rows) == list(rows)


def test_an_address_is_the_same_whatever_its_commas(ours):
    customer = a_customer(ours)
    for street in ("1 Elm St., Apt 4", "1 elm st apt 4"):
        add_detail(customer, "addresses", by=None, street=street)

    assert len(once(customer.addresses.all())) == 1


def test_shown_is_the_main_one_then_one_in_use(bob, rob):
    make_former(bob.phones.get(), by=None)
    merge(bob, rob)

    (shown,) = once(bob.phones.order_by("id"))

    assert (shown.text, shown.is_primary) == ("(303) 555-0142", True)


def test_what_is_no_longer_in_use_is_so_for_both_and_after_the_undo(bob, rob):
    done = merge(bob, rob)

    make_alike_former(bob.phones.first(), by=None)

    assert [phone.is_former for phone in bob.phones.all()] == [True, True]
    undo_merge(done, by=None)
    assert (bob.phones.get().is_former, rob.phones.get().is_former) == (True, True)


def test_a_correction_is_one_of_both_and_leaves_the_rest_of_each(bob, rob):
    rob.phones.update(label="work")
    merge(bob, rob)
    phone = bob.phones.get(born_to=bob)

    change_alike(
        phone,
        values={"text": "303 555 0143", "label": "mobile"},
        was={"text": phone.text, "label": "mobile"},
        by=None,
    )

    said = bob.phones.order_by("id").values_list("text", "label", "key")
    assert list(said) == [
        ("303 555 0143", "mobile", "3035550143"),
        ("303 555 0143", "work", "3035550143"),
    ]


def test_another_customer_s_number_is_not_touched(bob, rob):
    assert alike(bob.phones.get()) == [bob.phones.get()]

    make_alike_former(bob.phones.get(), by=None)

    assert not rob.phones.get().is_former
