"""Links in any order, and what people do meanwhile: nothing goes to the wrong person."""

import pytest

from carter.billing.balances import balance_of
from carter.billing.ledger import counter_charge, log_charge
from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import add_detail, change_customer, make_former, make_primary
from carter.customers.labelling import tag_customer, tag_customers
from carter.customers.locking import CannotChange
from carter.customers.models import Customer
from carter.jobs.linking import AlreadyDone, CannotLink, link_job, offered_details, unlink_job
from carter.jobs.models import Job
from tests.builders import a_customer, a_lead, a_member


@pytest.fixture
def lead(ours, ada):
    return a_lead(ours, "Bob Smith", phone="303 555 0111", by=ada)


@pytest.fixture
def own(lead):
    return lead.customer


@pytest.fixture
def known(ours):
    return a_customer(ours, "Robert Smith", phone="303 555 0142")


def link(lead, to, **with_):
    return link_job(lead, to=to, bringing=offered_details(lead, to=to), by=None, **with_)


def texts(details):
    return [(detail.text, detail.is_primary) for detail in details.order_by("id")]


def test_a_phone_that_is_only_a_guest_does_not_travel_on_with_another_job(ours, lead, own, known):
    second = a_lead(ours, "Ann Lee", phone="303 555 0122")
    link(lead, second.customer)
    link(second.refreshed(), known)
    assert [phone.text for phone in second.customer.phones.all()] == ["303 555 0111"]

    unlink_job(lead, by=None)
    unlink_job(second, by=None)

    assert texts(own.phones) == [("303 555 0111", True)]
    assert texts(second.customer.phones) == [("303 555 0122", True)]


def test_a_job_linked_on_takes_its_phone_along_and_nothing_of_the_wrong_customer(
    ours, lead, own, known
):
    wrong = a_lead(ours, "Ann Lee", phone="303 555 0122").customer
    link(lead, wrong)
    link(lead.refreshed(), known)

    assert [phone.text for phone in known.phones.order_by("id")] == ["303 555 0111", "303 555 0142"]
    assert texts(wrong.phones) == [("303 555 0122", True)]
    assert own.refreshed().leads_to == known


def test_what_was_not_accepted_the_first_time_is_offered_when_the_job_is_linked_on(
    ours, lead, own, known
):
    link_job(lead, to=a_customer(ours, "Wrong"), by=None)

    assert [str(row) for row in offered_details(lead.refreshed(), to=known)] == ["303 555 0111"]


def test_a_customer_emptied_by_an_unlink_is_retired_too(ours, lead, known):
    second = a_lead(ours, "Ann Lee")
    between = second.customer
    link_job(lead, to=between, by=None)
    link_job(second, to=known, by=None)
    assert between.refreshed().is_current

    unlink_job(lead, by=None)

    assert between.refreshed().leads_to == known


def test_a_countered_charge_on_account_leaves_nobody_owing_after_the_unlink(lead, own, known):
    charge = log_charge(customer=own, job=None, kind="labour", amount_cents=10_000, by=None)
    link(lead, known)
    counter_charge(charge, by=None)
    assert (balance_of(known), balance_of(own)) == (0, 0)

    unlink_job(lead, by=None)

    assert (balance_of(known), balance_of(own)) == (0, 0)


def test_a_charge_for_a_job_is_owed_by_whoever_has_the_job_now(lead, own, known):
    as_it_was = lead.refreshed()
    link(lead, known)

    log_charge(customer=own, job=as_it_was, kind="labour", amount_cents=100, by=None)
    as_it_was.add_note("Piano.", by=None)

    assert (balance_of(known), balance_of(own)) == (100, 0)
    assert [note.text for note in lead.refreshed().notes] == ["Piano."]


def test_what_is_written_to_a_retired_customer_is_seen_with_the_other(ours, lead, own, known):
    link_job(lead, to=known, by=None)

    own.add_note("Has a dog.", by=None)
    add_detail(own, "phones", text="303 555 7777", label="home", by=None)
    tag_customer(own, "VIP", by=None)
    change_customer(own, values={"lead_source": "Yelp"}, was={"lead_source": ""}, by=None)
    job = a_lead(ours, customer=own)

    assert [note.text for note in known.notes.all()] == ["Has a dog."]
    assert known.phones.filter(text="303 555 7777").exists()
    assert [worn.tag.name for worn in known.customer_tags.all()] == ["VIP"]
    assert known.refreshed().lead_source == "Yelp"
    assert job.customer == known


def test_nothing_is_written_to_a_customer_taken_back_with_an_import(ours, known):
    Customer.across_companies.filter(pk=known.pk).update(withdrawn_at=known.created_at)

    with pytest.raises(CannotChange, match="taken back with its import"):
        known.add_note("Has a dog.", by=None)
    assert tag_customers(ours.customers.all(), "VIP", by=None) == 0


def test_a_job_given_back_to_somebody_taken_back_brings_them_back(lead, own, known):
    link_job(lead, to=known, by=None)
    Customer.across_companies.filter(pk=own.pk).update(withdrawn_at=own.created_at)

    unlink_job(lead, by=None)

    assert own.refreshed().is_current


def test_a_row_read_before_a_link_does_not_take_the_job_back_when_it_is_saved(lead, known):
    as_it_was = Job.across_companies.get(pk=lead.pk)
    link_job(lead, to=known, by=None)

    as_it_was.save()

    assert lead.refreshed().customer == known


def test_a_phone_read_before_a_link_is_marked_as_former_where_it_is(lead, own, known):
    as_it_was = own.phones.get()
    link(lead, known)

    make_former(as_it_was, by=None)

    assert [phone.text for phone in known.phones.exclude(former_at=None)] == ["303 555 0111"]


def test_each_has_the_main_phone_they_had_whatever_a_guest_was_made(lead, own, known):
    link(lead, known)
    make_primary(known.phones.get(text="303 555 0111"), by=None)
    assert texts(known.phones) == [("303 555 0142", False), ("303 555 0111", True)][::-1]

    unlink_job(lead, by=None)

    assert texts(known.phones) == [("303 555 0142", True)]
    assert texts(own.phones) == [("303 555 0111", True)]


def test_a_guest_marked_as_former_comes_home_former_and_not_the_main_one(lead, own, known):
    link(lead, known)
    make_former(known.phones.get(text="303 555 0111"), by=None)

    unlink_job(lead, by=None)

    assert texts(own.phones) == [("303 555 0111", False)]


def test_somebody_not_to_be_served_is_not_retired(lead, own, known):
    change_customer(own, values={"do_not_service": True}, was={"do_not_service": False}, by=None)

    link_job(lead, to=known, by=None)

    assert own.refreshed().is_current


def test_a_link_is_refused_when_a_colleague_linked_the_job_meanwhile(ours, lead, known):
    link_job(lead, to=a_customer(ours, "Other"), by=None)

    with pytest.raises(CannotLink, match="went to Other meanwhile"):
        link_job(lead, to=known, seen=0, by=None)


def test_one_link_is_undone_once_however_often_the_button_is_pressed(ours, lead, known):
    other = a_customer(ours, "Other")
    link_job(lead, to=other, by=None)
    last = link_job(lead, to=known, by=None)

    unlink_job(lead, seen=last.pk, by=None)
    with pytest.raises(AlreadyDone, match="already unlinked"):
        unlink_job(lead, seen=last.pk, by=None)

    assert lead.refreshed().customer == other


def test_a_link_is_not_undone_for_another_that_was_shown(ours, lead, known):
    first = link_job(lead, to=a_customer(ours, "Other"), by=None)
    link_job(lead, to=known, by=None)

    with pytest.raises(CannotLink, match="meanwhile"):
        unlink_job(lead, seen=first.pk, by=None)


def test_a_detail_changed_to_another_s_meanwhile_cannot_come_along(ours, lead, known):
    with pytest.raises(CannotLink, match="cannot come along"):
        link_job(lead, to=a_customer(ours, "Other"), bringing=known.phones.all(), by=None)


def test_history_takes_names_of_any_length(ours, lead):
    longest = a_customer(ours, "N" * 300)

    link_job(lead, to=longest, by=None)

    assert len(longest.events.first().what) == 300


def test_who_only_reads_may_not_write_notes(ours, lead, known):
    reader = a_member(ours, Role.READ_ONLY)

    for row in (lead, known):
        with pytest.raises(NotAllowed):
            row.add_note("Piano.", by=reader)
