"""The list of shared phones and emails follows the book, and a person has the last word."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import add_detail
from carter.customers.following import reroute
from carter.matching.find import find_matches
from carter.matching.keying import refresh_keys
from carter.matching.models import Profile
from carter.matching.record import Record
from carter.matching.said import Said
from carter.matching.sharing import CannotSay, look_at_changes, say, take_back, words_on
from tests.builders import a_customer, a_member

PHONE = "(303) 555-0142"
CALLER = Record.typed(names=["Bob Smith"], phones=[PHONE])


def holders(company, *names, phone=PHONE):
    return [a_customer(company, name, phone=phone) for name in names]


def listed(company):
    refresh_keys(company)
    look_at_changes(company)
    rows = company.shared_identifiers.order_by("-held_by", "value")
    return [(row.value, row.held_by, row.conclusion) for row in rows]


def merge(duplicate, survivor):
    duplicate.merged_into = survivor
    duplicate.save()
    reroute(duplicate)


@pytest.fixture
def desk(ours):
    """A number of four strangers."""
    holders(ours, "Bob Smith", "Mary Jones", "Zoe Quill", "Max Stone")
    listed(ours)
    return ours.shared_identifiers.get()


def test_what_three_customers_have_is_listed(ours, theirs):
    holders(ours, "Bob Smith", "Mary Jones")
    holders(theirs, "Zoe Quill")
    assert listed(ours) == []

    holders(ours, "Zoe Quill")
    assert listed(ours) == [("3035550142", 3, "desk")]
    assert listed(theirs) == []


def test_what_few_have_is_looked_for_without_a_write(ours):
    holders(ours, "Bob Smith", "Mary Jones")
    with CaptureQueriesContext(connection) as asked:
        refresh_keys(ours)

    about = [query["sql"].split()[0] for query in asked if "sharedidentifier" in query["sql"]]
    assert about == ["SELECT"]


def test_it_follows_who_comes_and_who_goes(ours, ada):
    bob, *_ = holders(ours, "Bob Smith", "Mary Smith", "Zoe Smith")
    assert listed(ours) == [("3035550142", 3, "household")]

    max_ = a_customer(ours, "Max Stone")
    add_detail(max_, "phones", text=PHONE, by=ada)
    assert listed(ours) == [("3035550142", 4, "desk")]

    for customer in (bob, max_):
        customer.phones.update(text="720 555 0100")
        customer.mark_changed()
    assert listed(ours) == []


def test_merged_records_are_one_customer(ours):
    bob, robert, *_ = holders(ours, "Bob Smith", "Robert Smith", "Mary Jones", "Zoe Quill")
    merge(robert, bob)
    for record in (bob, robert):
        record.refreshed().mark_changed()

    assert listed(ours) == [("3035550142", 3, "desk")]


def test_a_customer_taken_back_with_an_import_does_not_count(ours):
    bob, *_ = holders(ours, "Bob Smith", "Mary Jones", "Zoe Quill")
    bob.withdrawn_at = bob.created_at
    bob.keys_due = True
    bob.save()

    assert listed(ours) == []


def test_many_are_looked_at_in_turns_those_with_most_holders_first(ours, monkeypatch):
    monkeypatch.setattr("carter.matching.sharing.AT_ONCE", 1)
    for number, size in enumerate((3, 5, 4)):
        holders(ours, *["Ann Lee"] * size, phone=f"303 555 014{number}")
    refresh_keys(ours)

    assert look_at_changes(ours, at_most=1) == 1

    looked_at = ours.shared_identifiers.filter(is_due=False)
    assert [row.held_by for row in looked_at] == [5]
    assert look_at_changes(ours) == 2


def test_nothing_due_costs_one_query(ours, desk, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert look_at_changes(ours) == 0


def test_a_last_word_counts_at_once(ours, desk, ada):
    def found():
        return [(each.customer.name, each.verdict) for each in find_matches(ours, CALLER)]

    assert found() == [("Bob Smith", "sure")]
    say(desk, Said.JUNK, by=ada)
    assert found() == []
    say(desk, Said.DESK, by=ada)
    (match,) = find_matches(ours, CALLER)
    worth_as_desk = match.probability
    take_back(desk, by=ada)
    assert find_matches(ours, CALLER)[0].probability >= worth_as_desk


def test_a_households_number_counts_whatever_the_extensions(ours, ada):
    holders(ours, "Ann Lee", "Bo Lee", "Cy Lee")
    robert = a_customer(ours, "Robert Smith", phone="(303) 555-0142 ext 7")
    listed(ours)
    caller = Record.typed(names=["Bob Smith"], phones=["303 555 0142 ext 4"])
    assert robert not in [match.customer for match in find_matches(ours, caller)]

    say(ours.shared_identifiers.get(), Said.HOUSEHOLD, by=ada)

    assert (robert, "sure") in [(m.customer, m.verdict) for m in find_matches(ours, caller)]


def test_one_customers_own_counts_in_full_however_many_have_it(ours, ada):
    holders(ours, "Bob Smith", *(f"Ann{n} Lee{n}" for n in range(12)))
    listed(ours)
    before = find_matches(ours, CALLER)[0].evidence[0]

    say(ours.shared_identifiers.get(), Said.PERSONAL, by=ada)

    after = find_matches(ours, CALLER)[0].evidence
    assert max(each.weight_bits for each in after) > before.weight_bits + 1


def test_a_word_is_signed_replaced_and_taken_back(ours, desk, ada):
    first = say(desk, Said.JUNK, by=ada)
    second = say(desk, Said.HOUSEHOLD, by=ada)

    assert words_on(ours) == {("phone", "3035550142"): Said.HOUSEHOLD}
    first = first.refreshed()
    assert (first.by, first.withdrawn_by, second.withdrawn_at) == (ada, ada, None)

    take_back(desk, by=ada)
    assert words_on(ours) == {}
    with pytest.raises(CannotSay, match="Nobody’s word"):
        take_back(desk, by=ada)


def test_those_who_have_it_are_to_be_compared_again(ours, theirs, desk, ada):
    holders(theirs, "Bob Smith")
    a_customer(ours, "Ann Lee", phone="720 555 0177")
    for company in (ours, theirs):
        refresh_keys(company)
    Profile.across_companies.update(compare_due=False)

    say(desk, Said.DESK, by=ada)

    due = Profile.across_companies.exclude(compare_due=False).values_list("customer__name")
    assert sorted(name for (name,) in due) == ["Bob Smith", "Mary Jones", "Max Stone", "Zoe Quill"]


def test_who_changed_still_counts_as_changed_after_a_word(ours, desk, ada):
    refresh_keys(ours)
    Profile.across_companies.update(compare_due=Profile.Due.CHANGED)

    say(desk, Said.DESK, by=ada)

    assert set(ours.profiles.values_list("compare_due", flat=True)) == {Profile.Due.CHANGED}


def test_a_word_about_what_left_the_list_meanwhile_is_refused_in_words(ours, desk, ada):
    ours.shared_identifiers.all().delete()

    for deed in (lambda: say(desk, Said.JUNK, by=ada), lambda: take_back(desk, by=ada)):
        with pytest.raises(CannotSay, match="by fewer than 3 customers by now"):
            deed()


def test_a_word_stays_when_too_few_are_left(ours, desk, ada):
    say(desk, Said.JUNK, by=ada)
    for customer in ours.customers.all()[:3]:
        customer.phones.update(text="720 555 0100")
        customer.mark_changed()

    assert listed(ours) == [("7205550100", 3, "desk"), ("3035550142", 1, "personal")]
    assert words_on(ours) == {("phone", "3035550142"): Said.JUNK}


def test_who_may_not_change_customers_has_no_word(ours, desk):
    reader = a_member(ours, Role.READ_ONLY)
    for deed in (lambda: say(desk, Said.JUNK, by=reader), lambda: take_back(desk, by=reader)):
        with pytest.raises(NotAllowed):
            deed()
