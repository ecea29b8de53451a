"""Leads and jobs go through their stages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.customers.changing import ChangedMeanwhile
from carter.jobs.models import Stage, stages
from carter.jobs.moving import CannotMove, change_intake, move_to_stage, repeat_job
from tests.builders import a_customer, a_job, a_lead


@pytest.fixture
def lead(ours, ada):
    return a_lead(ours, by=ada)


def test_a_lead_is_booked(lead, ada):
    booked = move_to_stage(lead, Stage.BOOKED, by=ada)

    assert (booked.is_lead, booked.booked_at is None) == (False, False)


@pytest.mark.parametrize("stage", [Stage.LOST, Stage.TURNED_DOWN])
def test_giving_a_lead_up_needs_a_reason(stage, lead, ada):
    with pytest.raises(CannotMove, match="Say why"):
        move_to_stage(lead, stage, reason="  ", by=ada)

    assert move_to_stage(lead, stage, reason="Price", by=ada).archive_reason == "Price"


def test_a_lost_lead_is_reopened(lead, ada):
    move_to_stage(lead, Stage.LOST, reason="Price", by=ada)

    reopened = move_to_stage(lead, Stage.CONTACTED, by=ada)

    assert (reopened.stage, reopened.archive_reason) == (Stage.CONTACTED, "")


def test_a_job_is_done_and_closed(lead, ada):
    for stage in (Stage.BOOKED, Stage.IN_PROGRESS, Stage.COMPLETED_OPEN, Stage.COMPLETED_CLOSED):
        lead = move_to_stage(lead, stage, by=ada)

    assert lead.get_stage_display() == "Completed closed"


def test_a_step_that_does_not_exist_is_refused(lead, ada):
    move_to_stage(lead, Stage.LOST, reason="Price", by=ada)

    with pytest.raises(CannotMove, match="cannot go there"):
        move_to_stage(lead, Stage.IN_PROGRESS, by=ada)


def test_a_made_up_stage_is_refused(lead, ada):
    with pytest.raises(CannotMove):
        move_to_stage(lead, "teleported", by=ada)


def test_each_step_is_in_the_history(lead, ada):
    move_to_stage(lead, Stage.CONTACTED, by=ada)

    assert lead.events.first().changes == {"stage": ["New", "Contacted"]}


@given(stage=st.sampled_from(Stage.values))
def test_no_stage_leads_to_itself_and_every_stage_of_a_move_leads_on(stage):
    assert stage not in stages.NEXT[stage]
    is_of_a_move = stage not in (Stage.IMPORT_UNDONE, *stages.STORAGE)
    assert bool(stages.NEXT[stage]) == is_of_a_move


def test_a_corrected_intake_leaves_the_customer_as_it_is(lead, ada):
    change_intake(lead, values={"name": "Robert"}, was={"name": "Bob Smith"}, by=ada)

    assert (lead.refreshed().name, lead.customer.name) == ("Robert", "Bob Smith")


def test_two_who_correct_one_field_are_told(lead, ada):
    change_intake(lead, values={"name": "Robert"}, was={"name": "Bob Smith"}, by=ada)

    with pytest.raises(ChangedMeanwhile):
        change_intake(lead, values={"name": "Rob"}, was={"name": "Bob Smith"}, by=ada)


def test_a_repeated_job_starts_as_a_new_lead_of_the_same_customer(ours, ada):
    job = a_job(a_customer(ours), by=ada, origin_city="Denver", move_on="2026-05-01")

    again = repeat_job(job, by=ada)

    assert (again.customer, again.stage, again.origin_city, again.move_on, again.repeats) == (
        job.customer,
        Stage.NEW,
        "Denver",
        None,
        job,
    )
