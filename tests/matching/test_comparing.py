"""The list of duplicates after any change is what comparing the whole book would make it."""

import random

import pytest

from carter.customers.changing import add_detail, change_customer, make_former
from carter.customers.following import reroute
from carter.jobs.linking import link_job, unlink_job
from carter.matching.comparing import are_due, compare_due
from carter.matching.decide import not_the_same, same_customer, same_household, withdraw
from carter.matching.marking import mark_for_comparing
from carter.matching.models import BookRun
from carter.matching.whole_book import start_comparing, work_on
from tests.builders import a_customer, a_lead

PEOPLE = ("Bob Smith", "Robert Smith", "Bob Smyth", "Mary Smith", "Ann Lee", "Anne Lee", "Al Smith")
PHONES = ("303 555 0142", "303 555 0143", "720 555 0177", "")
STREETS = ("88 Erb St", "9 Elm Ave", "")


def pairs(company):
    return {
        (row.a.name, row.b.name): (row.verdict, row.is_open)
        for row in company.possible_duplicates.select_related("a", "b")
    }


def listed(company):
    """Everything that is stored, without the keys that are all one."""
    groups = {
        (group.verdict, round(group.probability, 6), group.size, tuple(sorted(_pairs(group))))
        for group in company.duplicate_groups.prefetch_related("pairs")
    }
    stored = {
        (row.a_id, row.b_id, row.verdict, round(row.probability, 6), row.is_open)
        for row in company.possible_duplicates.all()
    }
    return stored, groups


def _pairs(group):
    return [(row.a_id, row.b_id) for row in group.pairs.all()]


def a_whole_run(company):
    run = work_on(start_comparing(company, by=None))
    assert (run.state, run.trouble) == ("finished", "")
    compare_due(company)
    return run


def test_a_new_customer_is_listed_with_whom_it_is_like(ours):
    a_customer(ours, "Bob Smith", phone="303 555 0142")
    a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    a_customer(ours, "Mary Smith", phone="303 555 0142")
    a_customer(ours, "Ted Gray", phone="303 555 0142 ext 9")
    assert compare_due(ours) == 4

    assert pairs(ours)["Bob Smith", "Robert Smith"] == ("sure", True)
    assert pairs(ours)["Bob Smith", "Mary Smith"] == ("household", True)
    assert compare_due(ours) == 0


def test_what_is_no_longer_alike_leaves_the_list(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142", by=ada)
    a_customer(ours, "Robert Smith", phone="303 555 0142")
    compare_due(ours)
    assert ours.duplicate_groups.count() == 1

    change_customer(bob, values={"name": "Zoe Quill"}, was={"name": "Bob Smith"}, by=ada)
    make_former(bob.phones.get(), by=ada)
    bob.former_names.all().delete()
    bob.phones.all().delete()
    bob.refreshed().mark_changed()
    compare_due(ours)

    assert (pairs(ours), ours.duplicate_groups.count()) == ({}, 0)


def test_a_group_keeps_its_row_while_its_pairs_stay_the_same(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    a_customer(ours, "Robert Smith", phone="303 555 0142")
    compare_due(ours)
    group = ours.duplicate_groups.get()

    add_detail(bob, "emails", text="bob@example.com", by=ada)
    compare_due(ours)
    a_whole_run(ours)

    assert ours.duplicate_groups.get() == group


def test_decided_pairs_are_closed_and_withdrawn_ones_open_again(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    robert = a_customer(ours, "Robert Smith", phone="303 555 0142")
    for decide, verdict in (
        (not_the_same, ""),
        (same_household, "household"),
        (same_customer, "sure"),
    ):
        decision = decide(bob, robert, by=ada)
        compare_due(ours)
        assert pairs(ours) == {("Bob Smith", "Robert Smith"): (verdict, False)}
        assert not ours.duplicate_groups.exists()
        withdraw(decision, by=ada)
        compare_due(ours)
        assert pairs(ours) == {("Bob Smith", "Robert Smith"): ("sure", True)}


def test_evidence_that_is_new_since_reopens_a_pair(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142", by=ada)
    robert = a_customer(ours, "Robert Smith", phone="303 555 0142", by=ada)
    not_the_same(bob, robert, by=ada)
    a_whole_run(ours)
    assert not ours.duplicate_groups.exists()

    for each in (bob, robert):
        add_detail(each, "emails", text="bobby.smith@example.com", by=ada)
    compare_due(ours)
    reopened = listed(ours)

    assert pairs(ours) == {("Bob Smith", "Robert Smith"): ("sure", True)}
    a_whole_run(ours)
    assert listed(ours) == reopened


def test_a_link_and_its_undoing_are_compared(ours, ada):
    known = a_customer(ours, "Robert Smith", phone="303 555 0142", by=ada)
    lead = a_lead(ours, "Bob Smith", phone="3035550142", by=ada)
    compare_due(ours)
    before = listed(ours)
    assert len(before[1]) == 1

    link_job(lead, to=known, by=ada)
    compare_due(ours)
    assert pairs(ours) == {}

    unlink_job(lead.refreshed(), by=ada)
    compare_due(ours)
    assert listed(ours)[0] == before[0]


def test_whoever_leads_elsewhere_is_compared_by_whatever_door(ours):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    robert = a_customer(ours, "Robert Smith", email="bobby.smith@example.com")
    third = a_customer(ours, "Rob Smith", email="bobby.smith@example.com")
    compare_due(ours)
    assert set(pairs(ours)) == {("Robert Smith", "Rob Smith")}

    robert.merged_into = bob
    reroute(robert)
    compare_due(ours)
    assert set(pairs(ours)) == {(bob.name, third.name)}

    robert = robert.refreshed()
    robert.merged_into = None
    reroute(robert)
    compare_due(ours)
    assert set(pairs(ours)) == {("Robert Smith", "Rob Smith")}


def test_customers_wait_while_the_whole_book_is_compared(ours):
    a_customer(ours)
    run = start_comparing(ours, by=None)

    assert (compare_due(ours), are_due(ours)) == (0, 1)
    work_on(run)
    assert are_due(ours) == 0


@pytest.mark.parametrize("seed", range(4))
def test_comparing_what_changed_comes_to_the_same_as_comparing_all(seed, ours, ada):
    """Up to how common names are: that is counted anew when a customer is compared."""
    chance = random.Random(seed)
    customers = [
        a_customer(
            ours,
            chance.choice(PEOPLE),
            phone=chance.choice(PHONES),
            street=chance.choice(STREETS),
            by=ada,
        )
        for _ in range(14)
    ]
    compare_due(ours)
    for _ in range(12):
        _something_happens(chance, customers, ada)
        if chance.random() < 0.5:
            compare_due(ours)
    compare_due(ours)
    bit_by_bit = verdicts(ours)
    # The control: there is something to be lost.
    assert len(bit_by_bit) > 5

    a_whole_run(ours)
    at_once = listed(ours)
    assert verdicts(ours) == bit_by_bit

    mark_for_comparing(ours.customers.values_list("pk", flat=True))
    compare_due(ours)
    assert listed(ours) == at_once

    ours.possible_duplicates.update(group=None)
    ours.duplicate_groups.all().delete()
    ours.possible_duplicates.all().delete()
    a_whole_run(ours)
    assert listed(ours) == at_once


def verdicts(company):
    rows = company.possible_duplicates.values_list("a", "b", "verdict", "is_open")
    return {(a, b): rest for a, b, *rest in rows}


def _something_happens(chance, customers, by):
    one, other = (each.refreshed() for each in chance.sample(customers, 2))
    happening = chance.randrange(6)
    if happening == 0:
        change_customer(one, values={"name": chance.choice(PEOPLE)}, was={"name": one.name}, by=by)
    elif happening == 1:
        add_detail(one.leads_to, "phones", text=chance.choice(PHONES[:3]), by=by)
    elif happening == 2 and one.is_current and other.is_current:
        one.merged_into = other
        reroute(one)
    elif happening == 3 and one.merged_into_id:
        one.merged_into = None
        reroute(one)
    elif one.leads_to != other.leads_to:
        chance.choice([not_the_same, same_household, same_customer])(one, other, by=by)


def test_nothing_of_another_company_is_compared(ours, theirs):
    a_customer(ours, "Bob Smith", phone="303 555 0142")
    a_customer(theirs, "Bob Smith", phone="303 555 0142")
    for company in (ours, theirs):
        a_whole_run(company)

    assert (listed(ours), listed(theirs)) == ((set(), set()), (set(), set()))
    assert BookRun.across_companies.count() == 2
