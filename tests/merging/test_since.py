"""What changed since a preview is named in words."""

import pytest
from django.core import signing

from carter.billing.ledger import log_charge
from carter.merging.planning import plan_merge
from carter.merging.since import SALT, changed_since, remembered
from tests.builders import a_customer


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone="303 555 0142")


@pytest.fixture
def rob(ours):
    return a_customer(ours, "Robert Smith")


def charge(customer):
    log_charge(customer=customer, job=None, kind="labour", amount_cents=1_999, by=None)


def in_words(changes):
    return [(change.customer.name, change.words, change.changes) for change in changes]


def test_nothing_is_said_when_nothing_changed(bob, rob):
    seen = remembered(plan_merge(bob, [rob]), with_money=True)

    assert changed_since(seen, plan_merge(bob, [rob])) == []


def test_what_somebody_did_is_said_and_what_it_did_to_the_money(bob, rob):
    seen = remembered(plan_merge(bob, [rob]), with_money=True)
    charge(rob)

    assert in_words(changed_since(seen, plan_merge(bob, [rob]))) == [
        ("Robert Smith", "Carter logged a charge", {}),
        (
            "Robert Smith",
            "the money changed",
            {"charges": ["$0.00", "$19.99"], "balance": ["$0.00", "$19.99"]},
        ),
    ]


def test_who_may_not_see_money_is_told_no_sums_and_given_none(bob, rob):
    charge(rob)
    seen = remembered(plan_merge(bob, [rob]), with_money=False)
    charge(rob)

    told = in_words(changed_since(seen, plan_merge(bob, [rob])))

    assert told == [("Robert Smith", "Carter logged a charge", {})]
    assert "1999" not in str(signing.loads(seen, salt=SALT))


def test_what_is_shown_to_one_office_is_not_told_of_others(bob, rob, theirs):
    seen = remembered(plan_merge(bob, [rob]), with_money=True)
    charge(a_customer(theirs, "Robert Smith"))

    assert changed_since(seen, plan_merge(bob, [rob])) == []
