"""Reviewers and the worker at the same moment, on PostgreSQL: no word is lost."""

import random
from functools import partial
from string import ascii_lowercase

import pytest

from carter.matching.comparing import compare_due, make_current
from carter.matching.decide import not_the_same
from carter.matching.keying import refresh_keys
from carter.matching.marking import mark_for_comparing
from carter.matching.reviewing import decide_together
from tests.builders import a_customer
from tests.racing import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS = range(12)


def two_bobs(company, number):
    """Two who are likely one, and nothing like the two of another number."""
    chance = random.Random(number)
    surname = "".join(chance.choices(ascii_lowercase, k=9)).title()
    phone = f"303{chance.randint(2_000_000, 9_999_999)}"
    return [a_customer(company, f"{first} {surname}", phone=phone) for first in ("Bob", "Robert")]


def test_what_is_said_while_the_worker_compares_the_two_closes_them(ours):
    for number in ROUNDS:
        bob, robert = two_bobs(ours, number)

        raised = at_once(
            partial(compare_due, ours),
            partial(not_the_same, bob, robert, by=None),
        )

        assert raised == []
        compare_due(ours)
        assert list(ours.possible_duplicates.filter(is_open=True)) == []


def test_reviewers_the_worker_and_a_page_do_not_wait_for_each_other_in_a_circle(ours):
    for number in ROUNDS:
        pairs = [two_bobs(ours, 10 * number + each) for each in range(3)]
        compare_due(ours)
        groups = [ours.possible_duplicates.get(a=bob).group_id for bob, _ in pairs]
        mark_for_comparing(one.pk for pair in pairs[1:] for one in pair)
        ours.customers.filter(pk__in=[one.pk for one in pairs[2]]).update(keys_due=True)

        raised = at_once(
            partial(decide_together, groups[0], pairs[0], "not-the-same", by=None),
            partial(decide_together, groups[1], pairs[1], "not-the-same", by=None),
            partial(compare_due, ours),
            partial(make_current, ours),
            partial(refresh_keys, ours),
        )

        assert raised == []
        compare_due(ours)
        assert ours.possible_duplicates.filter(is_open=True).count() == number + 1
