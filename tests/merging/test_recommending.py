"""Sales recommends a merge; a manager sees it until it is done or dismissed."""

import pytest

from carter.companies.rights import NotAllowed, Role
from carter.matching.decide import not_the_same, withdraw
from carter.merging.advising import advise
from carter.merging.merge import merge_customers
from carter.merging.planning import plan_merge
from carter.merging.recommending import recommend_merge, recommended_merges
from carter.merging.undo import undo_merge
from tests.builders import a_customer, a_member


@pytest.fixture
def two(ours):
    return a_customer(ours, "Bob Smith"), a_customer(ours, "Ann Lee")


def test_a_recommendation_waits_until_the_two_are_merged(ours, two):
    sam = a_member(ours, Role.SALES)
    said = recommend_merge(*two, reason="Same voice.", by=sam)
    assert list(recommended_merges(ours)) == [said]

    done = merge_customers(survivor=two[0], duplicates=[two[1]], by=None)
    assert list(recommended_merges(ours)) == []

    undo_merge(done, by=None)
    assert list(recommended_merges(ours)) == [said]


def test_a_dismissed_recommendation_is_gone(ours, two):
    withdraw(recommend_merge(*two, by=None), by=None)

    assert list(recommended_merges(ours)) == []


def test_who_may_not_recommend_is_told_who_may(ours, two):
    with pytest.raises(NotAllowed, match="recommend merges"):
        recommend_merge(*two, by=a_member(ours, Role.BILLING))


def test_the_preview_warns_of_two_who_share_nothing_and_of_what_was_decided(ours, ada, two):
    not_the_same(*two, reason="Asked them.", by=ada)

    assert advise(plan_merge(two[0], [two[1]])).warnings == [
        "Bob Smith (C-1) and Ann Lee (C-2) share no name, phone or email.",
        f"{ada} noted “Not the Same” about Bob Smith (C-1) and Ann Lee (C-2): Asked them.",
    ]


def test_the_preview_does_not_warn_of_two_who_share_a_phone(ours):
    one, other = (a_customer(ours, name, phone="303 555 0142") for name in ("Bob Lee", "Rob Lee"))

    assert advise(plan_merge(one, [other])).warnings == []
