"""What people decided of two customers holds, until something new is known."""

import pytest
from django.db import IntegrityError, transaction

from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import add_detail
from carter.customers.following import reroute
from carter.matching.decide import (
    CannotDecide,
    not_the_same,
    same_customer,
    same_household,
    withdraw,
)
from carter.matching.find import find_matches
from carter.matching.models import MatchDecision
from carter.matching.record import Record
from tests.builders import a_customer, a_member

PHONE = "(303) 555-0142"


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone=PHONE)


@pytest.fixture
def robert(ours):
    return a_customer(ours, "Robert Smith", phone=PHONE)


def matches(asker, **known):
    record = Record.typed(names=[asker.name], phones=[PHONE], **known)
    return find_matches(asker.company, record, besides=asker)


def found(asker, **known):
    return [(match.customer, match.verdict) for match in matches(asker, **known)]


def merge(duplicate, survivor):
    duplicate.merged_into = survivor
    duplicate.save()
    reroute(duplicate)


def test_not_the_same_holds_in_both_directions(bob, robert, ada):
    assert [found(bob), found(robert)] == [[(robert, "sure")], [(bob, "sure")]]

    not_the_same(robert, bob, reason="cousins", by=ada)

    assert [found(bob), found(robert)] == [[], []]


def test_same_household_is_shown_as_a_household(bob, robert, ada):
    decision = same_household(bob, robert, by=ada)

    (match,) = matches(bob)

    assert (match.customer, match.verdict, match.decision) == (robert, "household", decision)
    assert match.probability < 0.5


def test_same_customer_is_sure_whatever_the_evidence(ours, bob, ada):
    quill = a_customer(ours, "Zoe Quill")
    decision = same_customer(quill, bob, reason="she married", by=ada)

    (match,) = matches(quill)

    assert (match.customer, match.verdict, match.decision) == (bob, "sure", decision)
    assert str(match.decision) == "Same Customer"


def test_a_decision_outlives_merges_on_either_side(ours, bob, robert, ada):
    not_the_same(bob, robert, by=ada)
    survivor = a_customer(ours, "Bobby Smith", phone=PHONE)
    merge(bob, survivor)

    assert found(robert) == []
    assert found(survivor) == []


def test_new_evidence_reopens_the_question_and_is_named(bob, robert, ada):
    not_the_same(bob, robert, by=ada)
    add_detail(robert, "emails", text="bob77@gmail.com", by=ada)

    (match,) = matches(bob, emails=["bob77@gmail.com"])

    assert (match.customer, match.verdict) == (robert, "sure")
    assert [reason.words for reason in match.evidence] == [
        "new since “Not the Same”: same email address",
        "same mobile number",
        "Bob is short for Robert",
        "same last name",
    ]


def test_what_was_known_is_not_new_evidence(ours, bob, robert, ada):
    add_detail(robert, "emails", text="bob77@gmail.com", by=ada)
    add_detail(bob, "emails", text="bob77@gmail.com", by=ada)

    not_the_same(bob, robert, by=ada)

    assert matches(bob, emails=["bob77@gmail.com"]) == []


def test_what_lay_on_the_desk_is_not_new_evidence_later(bob, robert, ada):
    add_detail(robert, "emails", text="bob77@gmail.com", by=ada)
    intake = Record.typed(names=["Bob Smith"], emails=["bob77@gmail.com"])

    not_the_same(bob, robert, said=intake, by=ada)

    assert matches(bob, emails=["bob77@gmail.com"]) == []


def test_a_household_stays_one_when_what_is_new_does_not_make_it_one_person(ours, bob, ada):
    mary = a_customer(ours, "Mary Smith", phone=PHONE)
    same_household(bob, mary, by=ada)
    add_detail(mary, "addresses", street="12 Oak St", city="Denver", state="CO", by=ada)

    (match,) = matches(bob, addresses=["12 Oak St, Denver, CO"])

    assert (match.customer, match.verdict) == (mary, "household")
    assert [each.words for each in match.evidence if "new since" in each.words] == [
        "new since “Same Household”: same address"
    ]


def test_a_withdrawn_decision_no_longer_holds(bob, robert, ada):
    decision = not_the_same(bob, robert, by=ada)

    withdraw(decision, by=ada)

    assert found(bob) == [(robert, "sure")]
    assert (decision.withdrawn_by, decision.withdrawn_at is None) == (ada, False)
    with pytest.raises(CannotDecide, match="already withdrawn"):
        withdraw(decision, by=ada)


def test_a_later_decision_replaces_the_earlier_one(ours, bob, robert, ada):
    not_the_same(bob, robert, by=ada)
    later = same_household(robert, bob, by=ada)

    assert list(ours.match_decisions.standing()) == [later]
    assert found(bob) == [(robert, "household")]


def test_both_customers_remember_in_their_history(bob, robert, ada):
    decision = not_the_same(bob, robert, reason="cousins", by=ada)
    withdraw(decision, by=ada)

    told = [[event.what for event in each.events.all()[:2]] for each in (bob, robert)]
    assert told == [
        [
            f"withdrew “Not the Same” about Robert Smith ({robert.code})",
            f"noted “Not the Same” about Robert Smith ({robert.code})",
        ],
        [
            f"withdrew “Not the Same” about Bob Smith ({bob.code})",
            f"noted “Not the Same” about Bob Smith ({bob.code})",
        ],
    ]


def test_what_makes_no_sense_is_refused(ours, bob, robert, theirs, ada):
    with pytest.raises(CannotDecide, match="same customer already"):
        not_the_same(bob, bob, by=ada)
    merge(robert, bob)
    with pytest.raises(CannotDecide, match="same customer already"):
        not_the_same(bob, robert, by=ada)
    with pytest.raises(CannotDecide, match="one company"):
        not_the_same(bob, a_customer(theirs, "Bob Smith"), by=ada)


def test_who_may_not_change_customers_may_not_decide(ours, bob, robert):
    reader = a_member(ours, Role.READ_ONLY)
    with pytest.raises(NotAllowed):
        same_household(bob, robert, by=reader)


def test_the_database_keeps_a_pair_one_way_round_and_once(ours, bob, robert, ada):
    decision = not_the_same(bob, robert, by=ada)
    pairs = {"a": decision.b, "b": decision.a}, {"a": decision.a, "b": decision.b}
    for pair in pairs:
        with pytest.raises(IntegrityError), transaction.atomic():
            ours.match_decisions.create(
                company=ours, verdict=MatchDecision.Verdict.NOT_THE_SAME, by=ada, **pair
            )
