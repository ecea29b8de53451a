"""Who makes up a household, and what else people decided, as both customers' pages say it."""

import pytest

from carter.customers.following import reroute
from carter.matching.decide import (
    CannotDecide,
    leave_household,
    not_the_same,
    same_customer,
    same_household,
    withdraw,
)
from carter.matching.decided import circle_of
from tests.builders import a_customer


@pytest.fixture
def smiths(ours):
    return [a_customer(ours, f"{name} Smith") for name in ("Ann", "Bob", "Cy", "Dee", "Eve")]


def merge(duplicate, survivor):
    duplicate.merged_into = survivor
    duplicate.save()
    reroute(duplicate)


def household(customer):
    return {relative.customer for relative in circle_of(customer.refreshed()).household}


def test_a_household_holds_together_through_any_of_its_members(smiths, ada):
    ann, bob, cy, dee, _ = smiths
    for one, other in ((ann, bob), (cy, bob), (cy, dee)):
        same_household(one, other, by=ada)

    assert [household(each) for each in smiths] == [
        {bob, cy, dee},
        {ann, cy, dee},
        {ann, bob, dee},
        {ann, bob, cy},
        set(),
    ]
    near, far = circle_of(ann).household[0], circle_of(ann).household[-1]
    assert (near.decided.decision.by, near.through) == (ada, None)
    assert (far.decided, far.through) == (None, cy)


def test_who_is_not_the_same_is_of_another_household(smiths, ada):
    ann, bob, cy, *_ = smiths
    same_household(ann, bob, by=ada)
    same_household(bob, cy, by=ada)
    not_the_same(ann, cy, by=ada)

    assert [household(each) for each in (ann, bob, cy)] == [{bob}, {ann, cy}, {bob}]
    assert [each.other for each in circle_of(ann).not_the_same] == [cy]


def test_the_household_of_the_same_customer_is_ones_own(smiths, ada):
    ann, bob, cy, *_ = smiths
    same_customer(ann, bob, by=ada)
    same_household(bob, cy, by=ada)

    assert household(ann) == {cy}
    assert [each.other for each in circle_of(ann).same] == [bob]


def test_whoever_leaves_takes_every_tie_of_their_own_along(smiths, ada):
    ann, bob, cy, dee, _ = smiths
    for other in (ann, cy):
        same_household(bob, other, by=ada)
    same_household(cy, dee, by=ada)

    assert leave_household(bob, by=ada) == 2

    assert [household(each) for each in (ann, bob, cy)] == [set(), set(), {dee}]
    assert leave_household(bob, by=ada) == 0


def test_after_a_merge_the_latest_of_two_opposite_decisions_holds(smiths, ada):
    ann, bob, cy, *_ = smiths
    earlier = not_the_same(ann, cy, by=ada)
    later = same_household(bob, cy, by=ada)
    merge(bob, ann)

    for one, other in ((ann, cy), (cy, ann)):
        (relative,) = circle_of(one).household
        assert relative.customer == other
        assert relative.decided.decision == later
        assert relative.decided.overruled == (earlier,)

    withdraw(later, by=ada)
    assert [each.other for each in circle_of(ann).not_the_same] == [cy]


def test_an_undone_merge_gives_each_record_its_own_decision_back(smiths, ada):
    ann, bob, cy, *_ = smiths
    not_the_same(ann, cy, by=ada)
    same_household(bob, cy, by=ada)
    merge(bob, ann)
    merge(bob, None)

    assert [household(each) for each in (ann, bob)] == [set(), {cy}]


def test_a_decision_between_two_that_were_merged_is_about_nobody(smiths, ada):
    ann, bob, *_ = smiths
    same_household(ann, bob, by=ada)
    merge(bob, ann)

    assert not circle_of(ann)


def test_a_customer_taken_back_with_an_import_is_away_until_it_is_imported_again(smiths, ada):
    ann, bob, *_ = smiths
    same_household(ann, bob, by=ada)
    bob.withdrawn_at = bob.created_at
    bob.save()

    assert household(ann) == set()
    with pytest.raises(CannotDecide, match="taken back with its import"):
        not_the_same(ann, bob, by=ada)

    bob.withdrawn_at = None
    bob.save()
    assert household(ann) == {bob}


@pytest.mark.parametrize("members", [1, 3])
def test_a_household_costs_as_many_queries_for_three_as_for_one(
    members, smiths, ada, django_assert_num_queries
):
    ann, *others = smiths
    for other in others[:members]:
        same_household(ann, other, by=ada)

    with django_assert_num_queries(2):
        assert len(circle_of(ann).household) == members
