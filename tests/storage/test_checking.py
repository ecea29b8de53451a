"""`carter check` notices what must never be in the warehouse."""

from datetime import date

import pytest

from carter.jobs.models import Job
from carter.storage.checking import RULES
from carter.storage.models import Location, Stay, StorageJob
from tests.builders import a_customer, a_job, a_storage_job, some_locations

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def stored(ours):
    one, other, _ = some_locations(ours)
    a_storage_job(a_customer(ours), on=MAY, move_out_on=JUNE, locations=[one])
    return a_storage_job(a_customer(ours), on=MAY, locations=[other])


def broken(company) -> list[str]:
    return [rule.says for rule in RULES if rule.broken_by(company.pk)[0]]


def test_what_the_deeds_make_breaks_no_rule(ours, stored):
    assert broken(ours) == []


def test_two_in_one_location_are_noticed(ours, stored):
    taken = Stay.across_companies.exclude(storage_job=stored).get().location
    stored.stays.update(location=taken)

    assert broken(ours) == ["No two storage jobs are in one location on one day."]


def test_a_stage_of_storage_without_storage_is_noticed(ours, stored):
    Job.across_companies.filter(pk=a_job(a_customer(ours)).pk).update(stage="reserved")

    assert broken(ours) == ["A storage job has what storage knows of it, and nothing else has."]


def test_storage_of_a_move_is_noticed(ours, stored):
    move = a_job(a_customer(ours))
    StorageJob.across_companies.bulk_create([StorageJob(company=ours, job=move)])

    assert broken(ours) == ["A storage job has what storage knows of it, and nothing else has."]


def test_who_moved_out_and_holds_a_location_is_noticed(ours, stored):
    Job.across_companies.filter(pk=stored.pk).update(stage="moved-out")

    assert broken(ours) == ["Who moved out or was called off holds no location."]


def test_goods_in_a_closed_location_are_noticed(ours, stored):
    Location.across_companies.filter(stays__storage_job=stored).update(closed_at=ours.created_at)

    assert broken(ours) == ["Nothing is in a location that was given up."]
