"""Learning from a company's own book, and measuring by what its people decided."""

import pytest

from carter.customers.following import reroute
from carter.matching.decide import not_the_same, same_customer, same_household, withdraw
from carter.matching.decided_pairs import Labelled, decided_pairs
from carter.matching.learning import TooLittleToLearn
from carter.matching.training import learn_from_own_book
from carter.matching.verdicts import Verdict
from tests.builders import a_customer

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = "(303) 555-0142", "(970) 555-0199"


def said_of(company):
    return [(pair.verdict, pair.is_same) for pair in decided_pairs(company)]


def merge(record, head):
    record.merged_into = head
    record.save()
    reroute(record)


def test_what_people_decided_is_compared_with_what_matching_says(ours, theirs, ada):
    bob, robert = (a_customer(ours, name, phone=PHONE) for name in ("Bob Smith", "Robert Smith"))
    mary = a_customer(ours, "Mary Smith", phone=PHONE)
    ted = a_customer(ours, "Ted Gray", phone=OTHER_PHONE)
    same_customer(a=bob, b=robert, by=ada)
    same_household(a=bob, b=mary, by=ada)
    not_the_same(a=bob, b=ted, by=ada)
    assert said_of(ours) == [
        (Verdict.SURE, True),
        (Verdict.HOUSEHOLD, False),
        (Verdict.NONE, False),
    ]
    assert said_of(theirs) == []


def test_a_decision_that_was_taken_back_counts_no_more(ours, ada):
    bob, robert = (a_customer(ours, name, phone=PHONE) for name in ("Bob Smith", "Robert Smith"))
    withdraw(same_customer(a=bob, b=robert, by=ada), by=ada)
    assert said_of(ours) == []


def test_who_was_merged_is_the_same_each_record_judged_by_itself(ours):
    bob, robert = (a_customer(ours, name, phone=PHONE) for name in ("Bob Smith", "Robert Smith"))
    merge(robert, bob)
    ((probability, verdict, is_same),) = decided_pairs(ours)
    assert (verdict, is_same) == (Verdict.SURE, True)
    assert Labelled(probability, verdict, is_same).probability > 0.9


def test_decisions_take_the_same_questions_however_many(ours, ada, django_assert_num_queries):
    first, *others = (a_customer(ours, f"Bob Smith{n}", phone=PHONE) for n in range(4))
    same_customer(a=first, b=others[0], by=ada)
    list(decided_pairs(ours))
    with django_assert_num_queries(7):
        list(decided_pairs(ours))
    for other in others[1:]:
        same_customer(a=first, b=other, by=ada)
    list(decided_pairs(ours))
    with django_assert_num_queries(7):
        assert len(list(decided_pairs(ours))) == 3


def test_a_company_learns_from_its_current_customers_only(ours, theirs):
    for number, name in enumerate(("Anna Ashcombe", "Carl Croft", "Dora Denby", "Emil Elmfield")):
        phone = f"303 555 010{number}"
        one, *_ = (a_customer(ours, name, phone=phone) for _ in range(2))
        merge(a_customer(ours, name, phone=phone), one)
        a_customer(theirs, name, phone=phone)
    with pytest.raises(TooLittleToLearn, match="About 4 pairs"):
        learn_from_own_book(ours)


def test_a_company_without_customers_has_nothing_to_learn_from(ours):
    with pytest.raises(TooLittleToLearn, match="About 0 pairs"):
        learn_from_own_book(ours)
