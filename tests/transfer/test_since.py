"""What people did with imported customers, told from where it left its traces."""

from carter.jobs.linking import link_job, unlink_job
from tests.builders import a_customer, a_lead
from tests.transfer.importing import a_csv, an_import, undone

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")
ANN = ("51001", "Ann", "Lee", "ann@example.com", "")


def test_a_customer_whose_only_job_was_linked_away_stays_and_can_get_it_back(ours, ada):
    batch = an_import(ours, a_csv(HUBSPOT, ANN), by=ada)
    ann = ours.customers.get()
    lead = a_lead(ours, customer=ann, by=ada)
    link_job(lead, to=a_customer(ours, "Anna Lee"), by=ada)

    undone(batch, by=ada)
    unlink_job(lead, by=ada)

    reason = batch.rows.values_list("undo_reason", flat=True).get()
    assert reason == f"{lead} was linked to another customer"
    assert ann.refreshed().is_current
    assert lead.refreshed().customer == ann
