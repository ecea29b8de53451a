from carter.customers.changing import add_detail
from carter.matching.decide import not_the_same
from carter.matching.duplicates import groups_left, with_possible_duplicates
from tests.builders import a_customer


def possible_duplicates(company):
    return set(with_possible_duplicates(company, company.customers.current()))


def test_customers_who_are_likely_the_same_may_be_duplicates(ours):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    robert = a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    a_customer(ours, "Mary Jones", phone="(303) 555-0142")
    a_customer(ours, "Bob Smith")

    assert possible_duplicates(ours) == {bob, robert}


def test_what_changed_since_counts_at_once(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    robert = a_customer(ours, "Robert Smith")
    assert possible_duplicates(ours) == set()

    add_detail(robert, "phones", text="(303) 555-0142", by=ada)

    assert possible_duplicates(ours) == {bob, robert}


def test_customers_about_whom_somebody_decided_are_left_out(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    robert = a_customer(ours, "Robert Smith", phone="(303) 555-0142")

    not_the_same(bob, robert, by=ada)

    assert possible_duplicates(ours) == set()


def test_another_companys_customer_is_no_duplicate(ours, theirs):
    a_customer(ours, "Bob Smith", phone="303 555 0142")
    a_customer(theirs, "Bob Smith", phone="303 555 0142")

    assert possible_duplicates(ours) == set()


def test_what_is_left_is_counted_by_verdict(ours):
    for name in ("Bob Smith", "Robert Smith", "Mary Smith"):
        a_customer(ours, name, phone="303 555 0142")
    possible_duplicates(ours)

    assert dict(groups_left(ours)) == {"sure": 1, "household": 1}
