"""Deciding about a group, taking it back, and coming second."""

import pytest

from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import add_detail
from carter.matching.comparing import compare_due
from carter.matching.decide import CannotDecide, not_the_same, withdraw
from carter.matching.models import MatchDecision
from carter.matching.reviewing import DecidedMeanwhile, decide_together, take_back_together
from tests.builders import a_customer, a_member

SAME, HOUSEHOLD, NOT = MatchDecision.Verdict


@pytest.fixture
def three(ours):
    """Three records of one Bob, who make one group."""
    made = [a_customer(ours, name, phone="303 555 0142") for name in ("Bob Smith",) * 3]
    compare_due(ours)
    assert ours.duplicate_groups.count() == 1
    return made


def the_group(company):
    return company.duplicate_groups.get().pk


def test_deciding_is_about_every_two_and_the_group_leaves_the_list(three, ours, ada):
    made = decide_together(the_group(ours), three, SAME, reason="Called them.", by=ada)

    assert [(each.a, each.b, each.verdict) for each in made] == [
        (three[0], three[1], "same"),
        (three[0], three[2], "same"),
        (three[1], three[2], "same"),
    ]
    assert {each.reason for each in made} == {"Called them."}
    assert not ours.duplicate_groups.exists()


def test_deciding_about_some_leaves_the_others_to_be_looked_at(three, ours, ada):
    decide_together(the_group(ours), three[:2], NOT, by=ada)

    left = ours.possible_duplicates.filter(is_open=True)
    assert {(row.a, row.b) for row in left.select_related("a", "b")} == {
        (three[0], three[2]),
        (three[1], three[2]),
    }


def test_taking_it_back_brings_the_group_back(three, ours, ada):
    made = decide_together(the_group(ours), three, HOUSEHOLD, by=ada)

    assert take_back_together(made, by=ada) == three

    assert ours.duplicate_groups.get().size == 3
    assert not ours.match_decisions.standing().exists()


def test_undoing_brings_back_what_was_said_before(three, ours, ada):
    """A pair that new evidence opened again: its earlier decision must not be lost by U."""
    bob, robert, _ = three
    earlier = not_the_same(bob, robert, reason="Cousins.", by=ada)
    compare_due(ours)
    add_detail(bob, "emails", text="bob@acme.com", by=ada)
    add_detail(robert, "emails", text="bob@acme.com", by=ada)
    compare_due(ours)
    assert ours.possible_duplicates.get(a=bob, b=robert).is_open

    made = decide_together(the_group(ours), [bob, robert], SAME, by=ada)
    assert earlier.refreshed().withdrawn_by == ada
    assert take_back_together(made, by=ada) == [bob, robert]

    assert list(ours.match_decisions.standing()) == [earlier]
    assert earlier.refreshed().withdrawn_by is None
    assert ours.possible_duplicates.get(a=bob, b=robert).is_open


def test_what_somebody_else_took_back_already_is_nothing_to_undo(three, ours, ada):
    made = decide_together(the_group(ours), three, NOT, by=ada)
    for decision in made:
        withdraw(decision, by=ada)

    assert take_back_together(made, by=ada) == []


def test_whoever_comes_second_is_told_what_was_decided(three, ours, ada):
    group = the_group(ours)
    decide_together(group, three, NOT, by=ada)

    sam = a_member(ours)
    with pytest.raises(DecidedMeanwhile, match=r"^Ada Owner noted “Not the Same” about Bob Smith"):
        decide_together(group, three, SAME, by=sam)
    assert not ours.match_decisions.filter(by=sam).exists()


def test_a_group_that_changed_is_said_to_have_changed(three, ours, ada):
    group = the_group(ours)
    other = a_customer(ours, "Ann Lee")

    with pytest.raises(DecidedMeanwhile, match=r"^Bob Smith and Ann Lee changed meanwhile\."):
        decide_together(group, [three[0], other], SAME, by=ada)


@pytest.mark.parametrize("ticked", [0, 1])
def test_one_customer_is_nothing_to_decide_about(ticked, three, ours, ada):
    with pytest.raises(CannotDecide, match=r"^Tick at least two customers"):
        decide_together(the_group(ours), three[:ticked], SAME, by=ada)


def test_more_than_eight_are_decided_about_in_turns(ours, ada):
    many = [a_customer(ours, "Bob Smith", phone="303 555 0142") for _ in range(9)]
    compare_due(ours)

    with pytest.raises(CannotDecide, match=r"^Tick at most 8 customers"):
        decide_together(ours.duplicate_groups.first().pk, many, SAME, by=ada)


def test_whoever_may_not_change_customers_may_not_decide(three, ours):
    reader = a_member(ours, Role.READ_ONLY)

    with pytest.raises(NotAllowed):
        decide_together(the_group(ours), three, SAME, by=reader)
