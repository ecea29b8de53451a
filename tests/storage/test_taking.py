"""Storage is taken for somebody new, for somebody known, or from a move."""

import pytest

from carter.companies.rights import NotAllowed, Role
from carter.jobs.intake import NothingToCallBack
from carter.jobs.linking import link_job, unlink_job
from carter.jobs.repeats import repeats_of
from carter.merging.merge import merge_customers
from carter.merging.undo import undo_merge
from carter.storage.locking import NotOfStorage
from carter.storage.taking import take_storage_job
from tests.builders import a_customer, a_job, a_lead, a_member, a_storage_job


def taken(company, *, intake=None, by=None, **kwargs):
    return take_storage_job(company=company, intake=intake or {}, terms={}, by=by, **kwargs)


def test_storage_of_somebody_new_makes_a_customer_of_what_was_said(ours, ada):
    intake = {"name": "Ann Lee", "phone": "303 555 0142", "email": "ann@example.com"}

    stored = taken(ours, intake=intake, by=ada)

    assert (stored.customer.name, str(stored.customer.phones.get())) == ("Ann Lee", "303 555 0142")
    assert (str(stored), stored.job.stage) == ("Storage Job S-1", "reserved")
    assert [str(event) for event in stored.job.events] == ["reserved storage"]


def test_storage_of_nobody_is_refused(ours, ada):
    with pytest.raises(NothingToCallBack):
        taken(ours, by=ada)
    assert not ours.jobs.exists()


def test_storage_of_a_known_customer_is_theirs(ours, ada):
    known = a_customer(ours)

    assert taken(ours, customer=known, by=ada).customer == known
    assert ours.customers.count() == 1


def test_storage_from_a_move_has_its_caller_and_customer_and_is_linked(ours, ada):
    move = a_job(a_customer(ours, "Bob Smith"), by=ada, phone="303 555 0142", origin_city="Denver")

    stored = taken(ours, from_move=move, intake={"lead_source": "Yelp"}, by=ada)

    said = stored.job
    assert (said.customer, said.name, said.phone, said.lead_source) == (
        move.customer,
        "Bob Smith",
        "303 555 0142",
        "Yelp",
    )
    assert [link.move for link in stored.linked_moves.all()] == [move]
    assert move.events.first().what == "took Storage Job S-2 from this move"


def test_storage_from_a_merged_customers_move_goes_back_with_the_move(ours, ada):
    bob, rob = a_customer(ours, "Bob Smith"), a_customer(ours, "Rob Smith")
    move = a_job(bob, by=ada)
    merge = merge_customers(survivor=rob, duplicates=[bob], by=ada)

    stored = taken(ours, from_move=move.refreshed(), by=ada)
    assert stored.customer == rob
    undo_merge(merge, by=ada)

    assert (stored.job.refreshed().customer, move.refreshed().customer) == (bob, bob)


def test_storage_is_not_taken_from_storage(ours, ada):
    stored = a_storage_job(a_customer(ours))

    with pytest.raises(NotOfStorage, match="is no move"):
        taken(ours, from_move=stored.job, by=ada)


def test_storage_jobs_and_moves_share_one_series_of_numbers(ours):
    first, second = a_lead(ours), a_storage_job(a_customer(ours))

    assert (first.code, second.job.code, a_lead(ours).code) == ("J-1", "S-2", "J-3")


def test_who_may_not_see_money_sets_no_price(ours):
    dispatcher = a_member(ours, Role.DISPATCHER)
    known = a_customer(ours)

    with pytest.raises(NotAllowed):
        a_storage_job(known, monthly_price_cents=9_900, by=dispatcher)
    assert a_storage_job(known, by=dispatcher).monthly_price_cents is None


def test_a_storage_job_is_compared_with_known_customers_linked_and_unlinked(ours, ada):
    known = a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    stored = taken(ours, intake={"name": "Bob Smith", "phone": "3035550142"}, by=ada)
    own = stored.customer

    assert [match.customer for match in repeats_of(stored.job)] == [known]
    link_job(stored.job, to=known, by=ada)
    assert stored.job.refreshed().customer == known
    unlink_job(stored.job.refreshed(), by=ada)
    assert stored.job.refreshed().customer == own
