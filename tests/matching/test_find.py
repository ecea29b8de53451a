"""Finding customers of a company: who is found, who never is, and at what cost."""

import pytest

from carter.customers.changing import add_detail, change_customer
from carter.customers.following import reroute
from carter.customers.models import Customer
from carter.matching.decide import same_household
from carter.matching.find import find_matches, find_matches_for_many
from carter.matching.keying import refresh_keys
from carter.matching.keys import CAP
from carter.matching.record import Record
from carter.matching.trained import adopt_weights, revert_weights
from carter.matching.weights import SHIPPED, Weights
from tests.builders import a_customer, a_lead

CALLER = Record.typed(names=["Bob Smith"], phones=["303.555.0142 ext 4"])


def found(company, record=CALLER, **wanted):
    return [(match.customer, match.verdict) for match in find_matches(company, record, **wanted)]


def merge(duplicate, survivor):
    duplicate.merged_into = survivor
    duplicate.save()
    reroute(duplicate)


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Robert Smith", phone="(303) 555-0142")


def test_a_caller_is_found_by_number_and_nickname(ours, bob):
    assert found(ours) == [(bob, "sure")]


def test_a_customer_entered_twenty_times_is_no_crowd(ours, theirs):
    for _ in range(20):
        a_customer(ours, "Robert Smith", phone="303 555 0142")
    for name in ("Kim Ito", "Joe Fox", "Al Roy", "Di Ash", "Ed Poe", "Flo Ray", "Gus Lee") * 3:
        a_customer(theirs, name, phone="303 555 0142")
    a_customer(theirs, "Robert Smith", phone="303 555 0142")

    assert {verdict for _, verdict in found(ours)} == {"sure"}
    assert "sure" not in {verdict for _, verdict in found(theirs)}


def test_the_surest_comes_first_and_not_more_than_asked_for(ours, bob):
    mary = a_customer(ours, "Mary Smith", phone="303 555 0142")

    assert found(ours) == [(bob, "sure"), (mary, "household")]
    assert found(ours, limit=1) == [(bob, "sure")]


def test_every_contact_phone_and_email_of_a_customer_counts(ours, ada):
    firm = a_customer(ours, "Acme Inc", kind="company", category="commercial")
    add_detail(firm, "contacts", name="Bob Smith", role="site", by=ada)
    add_detail(firm, "phones", text="303-555-0142", by=ada)

    assert [match.customer for match in find_matches(ours, CALLER)] == [firm]


def test_a_former_name_and_a_former_number_still_find(ours, bob, ada):
    change_customer(bob, values={"name": "Zoe Quill"}, was={"name": "Robert Smith"}, by=ada)

    assert found(ours) == [(bob, "sure")]


def test_the_customer_of_the_lead_itself_is_never_found(ours, bob):
    lead = a_lead(ours, "Bob Smith", phone="303 555 0142")

    assert found(ours, besides=lead.customer) == [(bob, "sure")]
    assert found(ours, besides=bob) == [(lead.customer, "sure")]


def test_another_companys_customer_is_never_found(theirs, bob):
    assert found(theirs) == []


def test_of_merged_records_only_the_survivor_is_found(ours, bob):
    survivor = a_customer(ours, "Rob Smith", phone="970 555 0100")
    merge(bob, survivor)

    assert found(ours) == [(survivor, "sure")]
    assert found(ours, besides=survivor) == []
    assert found(ours, besides=bob) == []


def test_an_undone_merge_brings_the_record_back(ours, bob):
    survivor = a_customer(ours, "Rob Smith", phone="970 555 0100")
    merge(bob, survivor)
    find_matches(ours, CALLER)
    merge(bob, None)

    assert found(ours) == [(bob, "sure")]


def test_a_retired_record_finds_who_it_leads_to(ours, bob):
    other = a_customer(ours, "Zoe Quill", phone="970 555 0100")
    bob.retired_into = other
    bob.save()
    reroute(bob)

    assert [match.customer for match in find_matches(ours, CALLER)] == [other]


def test_a_customer_taken_back_with_an_import_is_never_found(ours, bob):
    find_matches(ours, CALLER)
    bob.withdrawn_at = bob.created_at
    bob.save()

    assert found(ours) == []


def test_a_new_number_finds_at_once(ours, bob, ada):
    refresh_keys(ours)
    add_detail(bob, "phones", text="(970) 555-0199", by=ada)

    assert found(ours, Record.typed(names=["R. Smith"], phones=["9705550199"])) == [(bob, "likely")]


def test_a_name_alone_is_a_namesake_and_shows_only_when_asked_for(ours, bob):
    caller = Record.typed(names=["Bob Smith"])

    assert found(ours, caller) == []
    assert found(ours, caller, namesakes=True) == [(bob, "namesake")]


def test_a_number_that_many_share_finds_nobody_but_supports_the_name(ours):
    for number in range(60):
        a_customer(ours, f"Tenant{number} Number{number}", phone="(303) 555-0142")
    bob = a_customer(ours, "Robert Smith", phone="(303) 555-0142")

    (match,) = find_matches(ours, CALLER, namesakes=True)

    assert match.customer == bob
    assert "which 61 customers share" in " ".join(reason.words for reason in match.evidence)
    assert find_matches(ours, Record.typed(phones=["303 555 0142"]), namesakes=True) == []


def test_customers_of_one_desk_are_left_out(ours):
    for name in ("Ann Lee", "Ted Gray", "Zoe Quill", "Mary Jones", "Max Stone"):
        a_customer(ours, name, phone="(303) 555-0142")

    assert find_matches(ours, CALLER) == []


def test_how_many_customers_share_a_number_is_said(ours):
    for name in ("Ann Lee", "Ted Gray", "Zoe Quill", "Robert Smith"):
        a_customer(ours, name, phone="(303) 555-0142")

    reasons = [reason.words for reason in find_matches(ours, CALLER)[0].evidence]
    assert reasons == [
        "same mobile number, which 5 customers share",
        "Bob is short for Robert",
        "same last name",
    ]


def test_a_company_is_judged_by_the_weights_it_learnt(ours, theirs, ada):
    for company in (ours, theirs):
        a_customer(company, "Robert Smith", phone="(303) 555-0142")
    unsure = SHIPPED.person._replace(met=SHIPPED.person.met._replace(same=1e-9))
    adopt_weights(company=ours, weights=Weights(unsure, SHIPPED.account), pairs=9, by=ada)

    def verdicts():
        return [[match.verdict for match in find_matches(each, CALLER)] for each in (ours, theirs)]

    assert verdicts() == [["household"], ["sure"]]
    revert_weights(company=ours, by=ada)
    assert verdicts() == [["sure"], ["sure"]]


@pytest.mark.parametrize("leads", [1, 3])
def test_many_leads_cost_as_many_queries_as_one(ours, leads, django_assert_num_queries):
    asked = {}
    for number in range(leads):
        name, phone = f"Bob Smith{number}", f"30355501{number:02}"
        a_customer(ours, name, phone=phone)
        lead = a_lead(ours, name, phone=phone)
        asked[lead.pk] = (Record.typed(names=[name], phones=[phone]), lead.customer)
    refresh_keys(ours)

    with django_assert_num_queries(5):
        matches = find_matches_for_many(ours, asked)
        told = {
            lead: [str(match.customer.company) + match.customer.name for match in some]
            for lead, some in matches.items()
        }

    assert told == {lead: [f"{ours}Bob Smith{number}"] for number, lead in enumerate(asked)}


@pytest.mark.parametrize(("phone", "queries"), [("", 2), ("303 555 0142", 5)])
def test_a_crowd_is_counted_only_when_somebody_is_weighed_by_it(
    ours, phone, queries, django_assert_num_queries
):
    for number in range(CAP + 1):
        first = f"B{chr(97 + number // 26)}{chr(97 + number % 26)}"
        a_customer(ours, f"{first} Smith", phone=f"30355501{number:02}")
    refresh_keys(ours)

    with django_assert_num_queries(queries):
        matches = find_matches(ours, Record.typed(names=["Bob Smith"], phones=[phone]))

    assert len(matches) == (1 if phone else 0)


def test_a_household_that_somebody_named_shows_though_only_the_name_is_shared(ours, bob, ada):
    lead = a_lead(ours, "Bob Smith")
    same_household(lead.customer, bob, by=ada)

    asked = Record.typed(names=["Bob Smith"])

    assert found(ours, asked, besides=lead.customer) == [(bob, "household")]
    assert found(ours, asked) == []


def test_nobody_to_compare_with_is_no_trouble(ours):
    assert find_matches(ours, Record()) == []
    assert find_matches_for_many(ours, {}) == {}
    assert Customer.across_companies.count() == 0
