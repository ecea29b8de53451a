"""A job linked to the customer it belongs to, and that taken back exactly."""

import pytest

from carter.billing.balances import balance_of
from carter.billing.ledger import log_charge, record_payment
from carter.companies.rights import NotAllowed, Role
from carter.jobs.linking import CannotLink, link_job, offered_details, unlink_job
from tests.builders import a_customer, a_lead, a_member


@pytest.fixture
def known(ours):
    return a_customer(ours, "Robert Smith", phone="(303) 555-0142")


@pytest.fixture
def lead(ours, ada):
    return a_lead(ours, "Bob Smith", phone="303 555 0142", email="bob@example.com", by=ada)


def test_a_linked_job_belongs_to_the_customer(known, lead, ada):
    link_job(lead, to=known, by=ada)

    lead.refresh_from_db()
    assert lead.customer == known
    assert list(known.jobs.all()) == [lead]


def test_the_intake_is_not_rewritten_by_a_link(known, lead, ada):
    link_job(lead, to=known, by=ada)

    lead.refresh_from_db()
    assert (lead.name, lead.phone) == ("Bob Smith", "303 555 0142")


def test_the_emptied_customer_of_the_lead_is_retired_and_leads_to_the_other(known, lead, ada):
    own = lead.customer

    link_job(lead, to=known, by=ada)

    own.refresh_from_db()
    assert not own.is_current
    assert own.leads_to == known


def test_a_customer_who_came_without_the_lead_is_never_retired(ours, known, ada):
    other = a_customer(ours, "Rob Smith")
    lead = a_lead(ours, customer=other, by=ada)

    link_job(lead, to=known, by=ada)

    other.refresh_from_db()
    assert other.is_current


def test_a_customer_with_a_note_is_not_retired(known, lead, ada):
    lead.customer.add_note("Called about a piano.", by=ada)

    link_job(lead, to=known, by=ada)

    assert lead.refreshed().born_to == known
    assert lead.customer.refreshed().is_current


def test_charges_payments_notes_and_history_go_along(known, lead, ada):
    log_charge(customer=lead.customer, job=lead, kind="labour", amount_cents=50_000, by=ada)
    record_payment(customer=lead.customer, job=lead, method="cash", amount_cents=20_000, by=ada)
    lead.add_note("Third floor, no lift.", by=ada)

    link_job(lead, to=known, by=ada)

    assert balance_of(known) == 30_000
    assert balance_of(lead.customer) == 0
    assert [note.text for note in known.notes.all()] == ["Third floor, no lift."]


def test_a_deposit_that_hangs_on_no_job_goes_along_with_the_last_job(known, lead, ada):
    record_payment(customer=lead.customer, job=None, method="check", amount_cents=10_000, by=ada)

    link_job(lead, to=known, by=ada)

    assert balance_of(known) == -10_000
    assert not lead.customer.refreshed().is_current


def test_only_what_the_customer_lacks_is_offered(known, lead):
    assert [str(detail) for detail in offered_details(lead, to=known)] == ["bob@example.com"]


def test_an_accepted_email_comes_along_and_goes_back(known, lead, ada):
    link_job(lead, to=known, bringing=offered_details(lead, to=known), by=ada)
    assert [email.text for email in known.emails.all()] == ["bob@example.com"]

    unlink_job(lead, by=ada)
    assert list(known.emails.all()) == []
    assert [email.text for email in lead.refreshed().customer.emails.all()] == ["bob@example.com"]


def test_a_phone_that_came_along_is_not_the_main_one(ours, ada):
    lead = a_lead(ours, "Bob Smith", phone="720 555 0100", by=ada)
    known = a_customer(ours, "Robert Smith", phone="(303) 555-0142")

    link_job(lead, to=known, bringing=offered_details(lead, to=known), by=ada)

    assert [str(phone) for phone in known.phones.current()] == ["(303) 555-0142", "720 555 0100"]
    unlink_job(lead, by=ada)
    assert [phone.is_primary for phone in lead.refreshed().customer.phones.all()] == [True]


def test_a_refused_email_stays_with_the_lead(known, lead, ada):
    link_job(lead, to=known, by=ada)

    assert list(known.emails.all()) == []


def test_unlinking_brings_the_retired_customer_back(known, lead, ada):
    own = lead.customer
    link_job(lead, to=known, by=ada)

    unlink_job(lead, by=ada)

    own.refresh_from_db()
    assert own.is_current
    assert lead.refreshed().customer == own
    assert list(known.jobs.all()) == []


def test_what_was_charged_after_the_link_goes_back_with_the_job(known, lead, ada):
    link_job(lead, to=known, by=ada)
    log_charge(customer=known, job=lead.refreshed(), kind="travel", amount_cents=7_500, by=ada)

    unlink_job(lead, by=ada)

    assert balance_of(known) == 0
    assert balance_of(lead.refreshed().customer) == 7_500


def test_a_job_linked_twice_goes_back_one_step_at_a_time(ours, known, lead, ada):
    own, third = lead.customer, a_customer(ours, "Bobby Smith")
    link_job(lead, to=third, by=ada)
    link_job(lead, to=known, by=ada)

    unlink_job(lead, by=ada)
    assert lead.refreshed().customer == third
    unlink_job(lead, by=ada)
    assert lead.refreshed().customer == own


def test_of_two_jobs_linked_away_the_first_comes_back_to_a_current_customer(ours, known, ada):
    first = a_lead(ours, "Bob Smith", by=ada)
    own = first.customer
    second = a_lead(ours, "Bob Smith", customer=own, by=ada)
    link_job(first, to=known, by=ada)
    assert own.refreshed().is_current
    link_job(second, to=known, by=ada)
    assert not own.refreshed().is_current

    unlink_job(first, by=ada)

    assert own.refreshed().is_current
    assert first.refreshed().customer == own
    assert second.refreshed().customer == known


def test_a_job_cannot_be_linked_to_the_customer_it_has(known, lead, ada):
    link_job(lead, to=known, by=ada)

    with pytest.raises(CannotLink, match="already belongs to Robert Smith"):
        link_job(lead, to=known, by=ada)


def test_a_job_cannot_be_linked_to_a_retired_customer(ours, known, lead, ada):
    own = lead.customer
    link_job(lead, to=known, by=ada)
    another = a_lead(ours, "Somebody", by=ada)

    with pytest.raises(CannotLink, match="no longer a current customer"):
        link_job(another, to=own, by=ada)


def test_a_job_that_was_never_linked_cannot_be_unlinked(lead, ada):
    with pytest.raises(CannotLink, match="not linked"):
        unlink_job(lead, by=ada)


def test_who_may_not_link_is_told_who_may(ours, known, lead):
    reader = a_member(ours, Role.READ_ONLY)

    with pytest.raises(NotAllowed, match="Ask somebody who may: owner, manager"):
        link_job(lead, to=known, by=reader)
