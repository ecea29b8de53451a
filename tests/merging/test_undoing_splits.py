"""What undoing a split would do is what it does; what is in the way is named before."""

import pytest

from carter.customers.adding import NewCustomer
from carter.customers.changing import add_detail
from carter.jobs.linking import link_job, unlink_job
from carter.merging.merge import merge_customers
from carter.merging.split import split_customer
from carter.merging.split_planning import CannotSplit
from carter.merging.split_undo import SplitUndone, SplitUndoOutdated, undo_split
from carter.merging.split_undo_planning import made_since_split, plan_undo_split
from carter.merging.undo import undo_merge
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone="303 555 0142", email="bob@example.com")


@pytest.fixture
def job(bob):
    job = a_job(bob)
    a_charge(job, 12_000)
    a_payment(job, 2_000)
    return job


@pytest.fixture
def split(bob, job):
    """Bob's job and his email, given to Mary, who was made for it."""
    rows = [job, bob.emails.get()]
    return split_customer(source=bob, rows=rows, new=NewCustomer(name="Mary Smith"), by=None)


def goes_back(plan):
    return [
        (back.customer.name, [(each.count, each.label) for each in back.moving[:2]], back.money)
        for back in plan.backs
    ]


def balances(plan):
    return [(name, money.balance) for name, money in plan.money_lines]


def test_what_goes_back_is_counted_with_all_that_hangs_on_it_and_its_money(split):
    plan = plan_undo_split(split)

    ((name, moving, money),) = goes_back(plan)
    assert name == "Bob Smith"
    assert (1, "email") in moving
    assert money == (12_000, 2_000, 0)
    assert balances(plan) == [
        ("Bob Smith (C-1) now", 0),
        ("Mary Smith (C-2) now", 10_000),
        ("Bob Smith (C-1) afterwards", 10_000),
        ("Mary Smith (C-2) afterwards", 0),
    ]
    assert (plan.leaves_nothing, plan.in_the_way, plan.elsewhere) == (True, [], [])


def test_it_is_refused_when_either_of_them_changed_since_the_preview(split, bob):
    for changed in (bob, split.to_customer):
        seen = plan_undo_split(split).fingerprint
        add_detail(changed, "phones", text="720 555 0188", by=None)
        with pytest.raises(SplitUndoOutdated, match="Nothing is undone yet"):
            undo_split(split, fingerprint=seen, by=None)
        assert split.refreshed().stands

    undo_split(split, fingerprint=plan_undo_split(split).fingerprint, by=None)
    with pytest.raises(SplitUndone):
        undo_split(split, by=None)


def test_what_was_made_since_stays_unless_it_is_handed_over(split, bob):
    mary = split.to_customer
    for text in ("720 555 0188", "720 555 0199"):
        add_detail(mary, "phones", text=text, by=None)
    plan = plan_undo_split(split)
    later, sooner = made_since_split(plan)
    assert not plan.leaves_nothing

    undo_split(split, handing=[sooner], fingerprint=plan.fingerprint, by=None)

    assert (sooner.refreshed().customer, later.refreshed().customer) == (bob, mary)
    handed = bob.company.splits.get(undone_at=None)
    undo_split(handed, by=None)
    assert sooner.refreshed().customer == mary


def test_what_was_linked_on_since_stays_where_that_put_it(split, job, ours):
    ann = a_customer(ours, "Ann Lee")
    link_job(job.refreshed(), to=ann, by=None)

    plan = plan_undo_split(split)
    assert [row.pk for row in plan.elsewhere] == [job.pk]
    assert goes_back(plan)[0][1][0] == (1, "email")
    undo_split(split, by=None)

    assert job.refreshed().customer == ann
    unlink_job(job.refreshed(), by=None)
    assert job.refreshed().customer == split.source


def test_nothing_goes_back_on_screen_while_both_are_merged(split, bob, job):
    done = merge_customers(survivor=bob, duplicates=[split.to_customer], by=None)
    split = split.refreshed()

    plan = plan_undo_split(split)
    assert (plan.backs, plan.in_the_way) == ([], [])
    undo_split(split, fingerprint=plan.fingerprint, by=None)
    undo_merge(done, by=None)

    assert job.refreshed().customer == bob


def test_it_goes_to_whoever_the_source_is_merged_into_by_now(split, bob, job, ours):
    ann = a_customer(ours, "Ann Lee")
    merge_customers(survivor=ann, duplicates=[bob], by=None)

    plan = plan_undo_split(split.refreshed())
    assert [back.customer for back in plan.backs] == [ann]
    undo_split(split, fingerprint=plan.fingerprint, by=None)

    assert (job.refreshed().customer, job.refreshed().born_to) == (ann, bob)


def invoiced_together(mary, job):
    an_invoice([a_charge(each.refreshed()) for each in (job, a_job(mary))])
    return "Invoice INV-1 gathers its charges with others"


def test_what_is_billed_together_since_is_named_before_and_when_it_is_tried(split, job):
    why = invoiced_together(split.to_customer, job)
    plan = plan_undo_split(split)

    assert why in plan.in_the_way[0]
    assert "A payment or credit was applied to Invoice INV-1" in plan.in_the_way[1]
    with pytest.raises(CannotSplit, match=why):
        undo_split(split, fingerprint=plan.fingerprint, by=None)
    assert job.refreshed().customer == split.to_customer
