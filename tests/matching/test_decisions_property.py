"""Decisions hold through whatever else happens: the rules, tried by many made-up histories."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carter.customers.changing import add_detail
from carter.customers.following import reroute
from carter.matching.decide import (
    CannotDecide,
    not_the_same,
    same_customer,
    same_household,
    withdraw,
)
from carter.matching.decided import decided_about
from carter.matching.find import find_matches
from carter.matching.keying import record_of
from carter.matching.models import MatchDecision
from tests.builders import a_company, a_customer, the_owner

Verdict = MatchDecision.Verdict

DEEDS = {
    Verdict.SAME: same_customer,
    Verdict.SAME_HOUSEHOLD: same_household,
    Verdict.NOT_THE_SAME: not_the_same,
}
PHONES = ("(303) 555-0142", "(720) 555-0177")
MAILBOXES = ("bob77@gmail.com", "smiths@comcast.net")
PEOPLE = 4

people = st.integers(0, PEOPLE - 1)
pairs = st.tuples(people, people)
steps = st.one_of(
    st.tuples(st.just("decide"), pairs, st.sampled_from(sorted(DEEDS))),
    st.tuples(st.just("withdraw"), pairs, st.none()),
    st.tuples(st.just("add"), st.tuples(people, st.just(0)), st.sampled_from(PHONES + MAILBOXES)),
    st.tuples(st.just("merge"), pairs, st.none()),
    st.tuples(st.just("part"), st.tuples(people, st.just(0)), st.none()),
    st.tuples(st.just("import"), st.tuples(people, st.just(0)), st.booleans()),
)


@dataclass
class World:
    """Four people called Bob Smith with one phone, what was decided last, and what is new since.

    `said` lists standing decisions as (pair of records, verdict), the latest last; `known` are
    those since which nothing was added or merged.
    """

    company: object
    by: object
    records: list = field(default_factory=list)
    said: dict = field(default_factory=dict)
    fresh: set = field(default_factory=set)

    def now(self, which):
        return self.records[which].refreshed()

    def take(self, step):
        deed, (one, other), what = step
        getattr(self, f"_{deed}")(one, other, what)

    def _decide(self, one, other, verdict):
        try:
            DEEDS[verdict](self.now(one), self.now(other), by=self.by)
        except CannotDecide:
            return
        pair = frozenset({one, other})
        self.said.pop(pair, None)
        self.said[pair] = verdict
        self.fresh.add(pair)

    def _withdraw(self, one, other, _):
        pair = frozenset({one, other})
        if self.said.pop(pair, None):
            a, b = sorted((self.records[one], self.records[other]), key=lambda each: each.pk)
            withdraw(self.company.match_decisions.standing().get(a=a, b=b), by=self.by)

    def _add(self, one, _, text):
        record = self.now(one)
        if record.is_current:
            kind = "emails" if "@" in text else "phones"
            add_detail(record, kind, text=text, by=self.by)
            self.fresh.clear()

    def _merge(self, one, other, _):
        duplicate, survivor = self.now(one), self.now(other)
        if duplicate != survivor and duplicate.is_current and survivor.is_current:
            duplicate.merged_into = survivor
            self._edge(duplicate)

    def _part(self, one, _, __):
        duplicate = self.now(one)
        if duplicate.merged_into:
            duplicate.merged_into = None
            self._edge(duplicate)

    def _edge(self, duplicate):
        duplicate.save()
        reroute(duplicate)
        self.fresh.clear()

    def _import(self, one, _, undone):
        record = self.now(one)
        if not self.company.customers.filter(head=record).exists() and record.head is None:
            record.withdrawn_at = record.created_at if undone else None
            record.keys_due = True
            record.save()

    def heads(self):
        return [self.now(which).leads_to for which in range(PEOPLE)]

    def expected(self):
        """By two current customers: the verdict of the latest decision on any of their records."""
        heads = self.heads()
        found = {}
        for pair, verdict in self.said.items():
            a, b = (heads[which] for which in pair)
            if a != b and a.is_current and b.is_current:
                found[frozenset({a.pk, b.pk})] = (verdict, pair in self.fresh)
        return found


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(steps, min_size=3, max_size=9))
def test_the_latest_decision_holds_both_ways_until_something_is_new(history, db):
    company = a_company()
    world = World(company, the_owner(company))
    world.records = [a_customer(company, "Bob Smith", phone=PHONES[0]) for _ in range(PEOPLE)]

    for step in history:
        world.take(step)

    expected = world.expected()
    current = {head.pk: head for head in world.heads() if head.is_current}
    assert decisions(company, current) == {pair: said for pair, (said, _) in expected.items()}
    shown = {pk: matches(head) for pk, head in current.items()}
    for one, found in shown.items():
        for other in current.keys() - {one}:
            match = found.get(other)
            assert verdict(match) == verdict(shown[other].get(one))
            check(match, *expected.get(frozenset({one, other}), (None, False)))


def decisions(company, current):
    found = decided_about(company, list(current.values()))
    return {
        frozenset({one, each.other.pk}): each.decision.verdict
        for one, decided in found.items()
        for each in decided
    }


def matches(head):
    found = find_matches(head.company, record_of(head), besides=head)
    return {match.customer.pk: match for match in found}


def verdict(match):
    return match and match.verdict


def check(match, said, nothing_is_new):
    """What is shown of two is what was said of them, unless new evidence is named."""
    if said is None:
        assert match is None or match.decision is None
        return
    is_named = match is not None and any("new since" in each.words for each in match.evidence)
    if said == Verdict.SAME:
        assert match.verdict == "sure"
    elif said == Verdict.NOT_THE_SAME:
        assert (match is None) is (not is_named)
    elif not is_named:
        assert match.verdict == "household"
    assert not (nothing_is_new and is_named)
