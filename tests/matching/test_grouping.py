"""Which customers are listed together: by the surest pairs, never against what is held or said."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.matching.grouping import LARGEST, Edge, Group, related_groups, same_groups
from carter.matching.verdicts import Verdict

SURE, LIKELY, HOUSEHOLD, DESK = Verdict.SURE, Verdict.LIKELY, Verdict.HOUSEHOLD, Verdict.DESK
FEW = range(1, 7)


def edges_among(customers):
    verdicts = st.sampled_from([SURE, SURE, LIKELY, LIKELY, HOUSEHOLD, DESK, Verdict.NONE, None])
    pairs = list(combinations(customers, 2))
    return st.builds(
        lambda drawn: [
            Edge(pair, verdict, probability, is_open or verdict is LIKELY)
            for pair, (verdict, probability, is_open) in zip(pairs, drawn, strict=True)
            if verdict is not None
        ],
        st.lists(
            st.tuples(verdicts, st.sampled_from([0.2, 0.6, 0.9, 0.99]), st.booleans()),
            min_size=len(pairs),
            max_size=len(pairs),
        ),
    )


def of(pair, verdict=SURE, probability=0.99, is_open=True):
    return Edge(pair, verdict, probability, is_open)


def members(groups):
    return [group.members for group in groups]


def test_the_surest_pairs_make_a_group():
    edges = [of((1, 2)), of((2, 3), probability=0.98), of((4, 5), LIKELY, 0.7)]

    assert same_groups(edges) == [
        Group(SURE, 0.98, (1, 2, 3), ((1, 2), (2, 3))),
        Group(LIKELY, 0.7, (4, 5), ((4, 5),)),
    ]


@pytest.mark.parametrize("verdict", [HOUSEHOLD, DESK, Verdict.NONE])
def test_a_weaker_pair_does_not_join_what_is_held_apart(verdict):
    edges = [of((1, 2)), of((3, 4)), of((2, 3), LIKELY, 0.8), of((1, 4), verdict, 0.1)]

    assert members(same_groups(edges)) == [(1, 2), (3, 4), (2, 3)]
    assert same_groups(edges)[-1].verdict is LIKELY
    # The control: nothing speaks against it.
    assert members(same_groups(edges[:3])) == [(1, 2, 3, 4)]


def test_what_a_person_said_goes_before_what_is_sure():
    said = of((1, 2), Verdict.NONE, 0.0, is_open=False)

    assert members(same_groups([of((1, 3)), of((2, 3)), said])) == [(1, 3), (2, 3)]


def test_what_was_said_is_not_asked_again_and_binds():
    said = of((1, 2), SURE, 1.0, is_open=False)

    assert same_groups([said]) == []
    assert same_groups([said, of((2, 3), LIKELY, 0.7)]) == [Group(LIKELY, 0.7, (2, 3), ((2, 3),))]
    # Three is not the other of the two.
    apart = of((1, 3), HOUSEHOLD, 0.1)
    edges = [said, of((2, 3), LIKELY, 0.7), of((3, 4)), apart]
    assert members(same_groups(edges)) == [(3, 4), (2, 3)]


def test_a_large_group_is_for_a_person_to_look_at():
    chain = [of((one, one + 1)) for one in range(1, LARGEST + 1)]

    assert [(group.verdict, len(group.members)) for group in same_groups(chain)] == [(LIKELY, 9)]
    assert same_groups(chain[:-1])[0].verdict is SURE


def test_a_chain_of_likely_pairs_makes_no_large_group():
    chain = [of((one, one + 1), LIKELY, 0.9) for one in range(1, 31)]

    assert max(len(group.members) for group in same_groups(chain)) <= LARGEST


def test_many_that_are_all_like_each_other_are_one_group():
    crowd = [of(pair, LIKELY, 0.9) for pair in combinations(range(1, 41), 2)]

    assert members(same_groups(crowd)) == [tuple(range(1, 41))]


def test_many_that_are_like_one_are_two_groups_at_most():
    star = [of((1, other), LIKELY, 0.9) for other in range(2, 61)]

    assert [len(group.members) for group in same_groups(star)] == [8, 53]


def test_the_same_as_the_same_is_not_asked():
    said = [of(pair, SURE, 1.0, is_open=False) for pair in ((1, 2), (2, 3))]

    assert same_groups([*said, of((1, 3))]) == []
    # The control: it is asked as long as one of the two is not said.
    assert members(same_groups([said[0], of((2, 3)), of((1, 3))])) == [(1, 2, 3)]


def test_a_household_hangs_together_by_its_own_pairs_alone():
    edges = [of((1, 2), HOUSEHOLD, 0.3), of((2, 3), HOUSEHOLD, 0.2), of((3, 4)), of((4, 5), DESK)]

    assert related_groups(edges, HOUSEHOLD) == [Group(HOUSEHOLD, 0.3, (1, 2, 3), ((1, 2), (2, 3)))]
    assert members(related_groups(edges, DESK)) == [(4, 5)]


@given(edges_among(FEW))
def test_every_open_pair_is_listed_once(edges):
    listed = [pair for group in same_groups(edges) for pair in group.pairs]
    listed += [
        pair for kind in (HOUSEHOLD, DESK) for g in related_groups(edges, kind) for pair in g.pairs
    ]

    said = implied(edges)
    asked = [
        edge.pair
        for edge in edges
        if edge.is_open and edge.verdict and not (edge.verdict.is_flag and edge.pair in said)
    ]
    assert sorted(listed) == sorted(asked)


def implied(edges):
    """The pairs that follow from what was said to be the same."""
    said = {edge.pair for edge in edges if edge.verdict.is_flag and not edge.is_open}
    for _ in FEW:
        said |= {
            tuple(sorted(one ^ other))
            for one, other in combinations(map(frozenset, said), 2)
            if len(one & other) == 1
        }
    return said


@given(edges_among(FEW))
def test_nobody_is_grouped_against_what_speaks_against_it(edges):
    """Groups larger than the two ends of a contradicted pair hold nobody who is held apart."""
    apart = {edge.pair for edge in edges if not edge.verdict.is_flag}
    for group in same_groups(edges):
        if group.verdict is SURE:
            assert not apart & set(combinations(group.members, 2))


@given(edges_among(FEW), st.randoms())
def test_the_order_of_the_pairs_is_all_one(edges, chance):
    shuffled = chance.sample(edges, len(edges))

    assert same_groups(shuffled) == same_groups(edges)
    assert related_groups(shuffled, HOUSEHOLD) == related_groups(edges, HOUSEHOLD)


@given(edges_among(FEW))
def test_a_group_is_no_larger_than_its_evidence(edges):
    flags = {edge.pair for edge in edges if edge.verdict.is_flag}
    for group in same_groups(edges):
        among = [pair for pair in combinations(group.members, 2) if pair in flags]
        assert {one for pair in among for one in pair} == set(group.members)
