"""A merge does exactly what its preview says, or refuses and says why."""

import pytest

from carter.billing.balances import balance_of
from carter.billing.ledger import log_charge, record_payment
from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import change_customer, make_primary
from carter.customers.labelling import tag_customer
from carter.customers.models import Customer
from carter.matching.decide import not_the_same
from carter.matching.find import find_matches
from carter.matching.record import Record
from carter.merging.merge import PlanOutdated, merge_customers
from carter.merging.planning import CannotMerge, default_survivor, plan_merge
from carter.merging.undo import AlreadyUndone, undo_merge
from carter.search.finding import search
from tests.builders import a_customer, a_job, a_lead, a_member


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone="303 555 0142")


@pytest.fixture
def rob(ours):
    return a_customer(ours, "Robert Smith", phone="720 555 0199", email="rob@example.com")


def merge(survivor, *duplicates, **with_):
    return merge_customers(survivor=survivor, duplicates=duplicates, by=None, **with_)


def charge(customer, cents):
    return log_charge(customer=customer, job=None, kind="labour", amount_cents=cents, by=None)


def test_the_survivor_keeps_what_both_had(bob, rob):
    old, new = a_job(bob), a_job(rob)
    rob.add_note("Has a piano.", by=None)
    tag_customer(rob, "VIP", by=None)

    merge(bob, rob)

    assert set(bob.jobs.all()) == {old, new}
    assert [note.text for note in bob.notes.all()] == ["Has a piano."]
    assert {phone.text for phone in bob.phones.all()} == {"303 555 0142", "720 555 0199"}
    assert [worn.tag.name for worn in bob.customer_tags.all()] == ["VIP"]
    assert not rob.jobs.exists()
    assert rob.refreshed().leads_to == bob


def test_each_kind_has_one_main_one_before_and_after(bob, rob):
    make_primary(rob.phones.create(text="720 555 0188"), by=None)
    done = merge(bob, rob)
    assert [phone.text for phone in bob.phones.filter(is_primary=True)] == ["303 555 0142"]

    undo_merge(done, by=None)

    assert [phone.text for phone in bob.phones.filter(is_primary=True)] == ["303 555 0142"]
    assert [phone.text for phone in rob.phones.filter(is_primary=True)] == ["720 555 0188"]


def test_the_preview_is_the_merge(bob, rob):
    a_job(rob)
    charge(bob, 12_345)
    charge(rob, 20_000)
    record_payment(customer=rob, job=None, method="cash", amount_cents=5_000, by=None)

    plan = plan_merge(bob, [rob])
    merge(bob, rob, fingerprint=plan.fingerprint)

    after = plan.money_after
    assert (after.charged, after.paid, after.balance) == (32_345, 5_000, 27_345)
    assert balance_of(bob) == after.balance
    moving = {each.label: each.count for each in plan.moving}
    assert (moving["lead or job"], moving["charge"], moving["email"]) == (1, 1, 1)
    assert plan_merge(bob.refreshed(), []).money_after == after


def test_a_person_chooses_field_by_field(bob, rob):
    plan = plan_merge(bob, [rob], choices={"name": rob.pk})
    assert plan.values == {"name": "Robert Smith"}

    merge(bob, rob, choices={"name": rob.pk})

    now = bob.refreshed()
    assert (now.name, rob.refreshed().name) == ("Robert Smith", "Robert Smith")
    assert [former.name for former in now.former_names.all()] == ["Bob Smith"]


def test_what_the_survivor_lacks_comes_from_a_duplicate(bob, rob):
    change_customer(rob, values={"bill_to": "Acme"}, was={"bill_to": ""}, by=None)

    merge(bob, rob)

    assert bob.refreshed().bill_to == "Acme"


def test_a_warning_not_to_serve_somebody_stays_on_whatever_is_chosen(bob, rob):
    flagged = {"do_not_service": True, "do_not_service_reason": "Never paid."}
    was = {"do_not_service": False, "do_not_service_reason": ""}
    change_customer(rob, values=flagged, was=was, by=None)

    done = merge(bob, rob, choices={"do_not_service": bob.pk})

    now = bob.refreshed()
    assert (now.do_not_service, now.do_not_service_reason) == (True, "Never paid.")
    undo_merge(done, by=None)
    assert not bob.refreshed().do_not_service


def test_the_one_with_the_oldest_job_survives_unless_somebody_else_is_chosen(ours, bob, rob):
    assert default_survivor([rob, bob]) == bob

    a_job(rob)
    assert default_survivor([bob, rob]) == rob


def test_a_merge_is_refused_when_something_changed_since_the_preview(bob, rob):
    plan = plan_merge(bob, [rob])
    charge(rob, 100)

    with pytest.raises(PlanOutdated) as refusal:
        merge(bob, rob, fingerprint=plan.fingerprint)

    assert refusal.value.plan.money_after.balance == 100
    assert rob.refreshed().is_current


@pytest.mark.parametrize(
    "change",
    [
        lambda bob, rob: rob.add_note("Piano.", by=None),
        lambda bob, rob: tag_customer(bob, "VIP", by=None),
        lambda bob, rob: a_lead(rob.company, customer=rob),
        lambda bob, rob: change_customer(
            bob, values={"name": "B"}, was={"name": bob.name}, by=None
        ),
        lambda bob, rob: not_the_same(bob, rob, by=None),
    ],
)
def test_whatever_changes_is_noticed(change, bob, rob):
    plan = plan_merge(bob, [rob])
    change(bob, rob)

    with pytest.raises(PlanOutdated):
        merge(bob, rob, fingerprint=plan.fingerprint)


def test_the_fingerprint_is_the_same_for_every_choice(bob, rob):
    plan = plan_merge(bob, [rob])

    assert plan_merge(rob, [bob]).fingerprint == plan.fingerprint
    assert plan_merge(bob, [rob], choices={"name": rob.pk}).fingerprint == plan.fingerprint


def test_one_customer_is_not_merged_with_themselves(bob, rob):
    with pytest.raises(CannotMerge, match="chosen twice"):
        merge(bob, bob)
    with pytest.raises(CannotMerge, match="chosen twice"):
        merge(bob, rob, rob)
    with pytest.raises(CannotMerge, match="two customers or more"):
        merge(bob)


def test_another_company_s_customer_is_not_merged(bob, theirs):
    with pytest.raises(CannotMerge, match="not of one company"):
        merge(bob, a_customer(theirs))


def test_somebody_who_is_merged_already_is_not_merged_again(ours, bob, rob):
    merge(bob, rob)

    said = r"Robert Smith \(C-2\) is already part of Bob Smith \(C-1\)\."
    with pytest.raises(CannotMerge, match=said):
        merge(a_customer(ours, "Third"), rob)


def test_somebody_taken_back_with_an_import_is_not_merged(bob, rob):
    Customer.across_companies.filter(pk=rob.pk).update(withdrawn_at=rob.created_at)

    with pytest.raises(CannotMerge, match="taken back with its import"):
        merge(bob, rob)


def test_who_may_not_merge_is_told_who_may(ours, bob, rob):
    sam = a_member(ours, Role.SALES)

    with pytest.raises(NotAllowed, match="merge or split customers"):
        merge_customers(survivor=bob, duplicates=[rob], by=sam)


def test_history_says_who_was_merged_and_what_was_chosen(ours, ada, bob, rob):
    merge_customers(survivor=bob, duplicates=[rob], choices={"name": rob.pk}, by=ada)

    event = bob.events.first()
    assert (event.by, event.what) == (ada, "merged Robert Smith (C-2) into this customer")
    assert event.changes == {"name": ["Bob Smith", "Robert Smith"]}


def test_three_are_merged_at_once_and_come_apart_at_once(ours, bob, rob):
    third = a_customer(ours, "Bobby Smith")
    done = merge(bob, rob, third)
    assert {rob.refreshed().leads_to, third.refreshed().leads_to} == {bob}

    undo_merge(done, by=None)

    assert all(customer.refreshed().is_current for customer in (bob, rob, third))


def test_everything_the_duplicate_had_finds_the_survivor(ours, bob, rob):
    merge(bob, rob)

    for said in (Record.typed(phones=["720 555 0199"]), Record.typed(emails=["rob@example.com"])):
        assert [match.customer for match in find_matches(ours, said)] == [bob]
    for typed in ("Robert Smith", "7205550199", "rob@example.com", "C-2"):
        (people,) = (group for group in search(ours, typed).groups if group.label == "Customers")
        assert [hit.pk for hit in people.hits] == [bob.pk], typed


def test_one_merge_is_undone_once(bob, rob):
    done = merge(bob, rob)
    undo_merge(done, by=None)

    with pytest.raises(AlreadyUndone, match="undone already"):
        undo_merge(done, by=None)
