"""Who has a row, and that no model that points at a customer was forgotten."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from carter.customers.following import OnMerge, followers, reroute
from carter.customers.models import Customer
from tests.builders import a_customer, a_job

POINTING = [
    model
    for model in apps.get_models()
    if any(
        isinstance(field, ForeignKey) and field.related_model is Customer
        for field in model._meta.concrete_fields
    )
]


@pytest.mark.parametrize("model", POINTING, ids=lambda model: model._meta.label)
def test_every_model_that_points_at_a_customer_says_how_it_follows(model):
    assert isinstance(model.on_merge, OnMerge)


@pytest.mark.parametrize("model", POINTING, ids=lambda model: model._meta.label)
def test_what_follows_can_say_for_whom_it_was_made(model):
    assert (model in followers()) == (model.on_merge is OnMerge.FOLLOWS)


def merge(duplicate, survivor):
    """The edge that a merge draws."""
    duplicate.merged_into = survivor
    duplicate.save()
    reroute(duplicate)


def test_rows_of_a_merged_record_are_with_the_survivor_and_come_back(ours):
    survivor, duplicate = (
        a_customer(ours, "Ann Lee"),
        a_customer(ours, "Anne Lee", phone="303 555 0142"),
    )
    job = a_job(duplicate)
    merge(duplicate, survivor)
    assert (job.refreshed().customer, survivor.phones.count()) == (survivor, 1)

    duplicate.refresh_from_db()
    merge(duplicate, None)

    assert (job.refreshed().customer, survivor.phones.count()) == (duplicate, 0)
    assert duplicate.refreshed().is_current


def test_a_chain_of_merges_leads_to_its_end(ours):
    first, second, third = (a_customer(ours, name) for name in ("A", "B", "C"))
    job = a_job(first)
    merge(first, second)
    merge(second, third)

    assert first.refreshed().leads_to == third
    assert job.refreshed().customer == third


def test_a_chain_undone_in_the_middle_gives_back_what_came_through_it(ours):
    first, second, third = (a_customer(ours, name) for name in ("A", "B", "C"))
    job = a_job(first)
    merge(first, second)
    merge(second, third)

    merge(second.refreshed(), None)

    assert job.refreshed().customer == second
    assert first.refreshed().leads_to == second


def test_what_is_written_for_a_merged_record_is_with_the_survivor(ours):
    survivor, duplicate = a_customer(ours, "Ann Lee"), a_customer(ours, "Anne Lee")
    as_it_was = duplicate.refreshed()
    merge(duplicate, survivor)

    as_it_was.add_note("Has a piano.", by=None)
    duplicate.notes.create(text="Has a dog.")

    assert sorted(note.text for note in survivor.notes.all()) == ["Has a dog.", "Has a piano."]
