"""Moving a lead or job through its stages, correcting its intake, and repeating it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.changing import changed_fields, write_fields
from carter.customers.locking import lock_row
from carter.jobs.intake import take_lead
from carter.jobs.models import Job, Stage, stages

COPIED = (
    "category",
    "name",
    "company_name",
    "phone",
    "email",
    "origin_street",
    "origin_city",
    "origin_state",
    "origin_postcode",
    "destination_street",
    "destination_city",
    "destination_state",
    "destination_postcode",
    "extra_stops",
    "move_size",
    "distance",
    "services",
)


class CannotMove(Exception):
    """The job cannot go to that stage; the words say why."""


@transaction.atomic
def move_to_stage(job: Job, stage: str, *, reason: str = "", by: Member | None) -> Job:
    """Book, lose, turn down, start, complete, cancel or reopen a lead or job.

    Losing, turning down and cancelling need a reason. Raises CannotMove for a step that does
    not exist, such as starting a job that is lost.
    """
    require(by, Right.EDIT)
    job = lock_row(job)
    if stage == job.stage:
        return job
    if stage not in job.next_stages:
        raise CannotMove(
            f"{job} is {job.get_stage_display().lower()}: it cannot go there from here."
        )
    if stage in stages.NEEDS_REASON and not reason.strip():
        raise CannotMove(f"Say why it is {Stage(stage).label.lower()}.")
    before = job.get_stage_display()
    _enter(job, stage, reason)
    job.record("moved the stage", by=by, changes={"stage": [before, job.get_stage_display()]})
    return job


@transaction.atomic
def change_intake(
    job: Job, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> Job:
    """Correct what was said at intake, given what each field was when the form was opened.

    Raises ChangedMeanwhile when somebody else changed the same field.
    """
    require(by, Right.EDIT)
    job = lock_row(job)
    changes = changed_fields(job, values=values, was=was)
    if "estimate_cents" in changes:
        require(by, Right.SEE_MONEY)
    if changes:
        shown = write_fields(job, changes)
        job.words_due = True
        job.save()
        job.record("changed the intake", by=by, changes=shown)
    return job


@transaction.atomic
def repeat_job(job: Job, *, by: Member | None) -> Job:
    """A new lead for the same customer with the same details, the date still to be decided."""
    intake = {field: getattr(job, field) for field in COPIED} | {"owner": _owner_still_here(job)}
    copy = take_lead(company=job.company, intake=intake, customer=job.customer, by=by)
    copy.repeats = job
    copy.save(update_fields=["repeats"])
    return copy


def _owner_still_here(job: Job) -> Member | None:
    return job.owner if job.owner is not None and job.owner.is_working else None


def _enter(job: Job, stage: str, reason: str) -> None:
    if stage == Stage.BOOKED and job.booked_at is None:
        job.booked_at = timezone.now()
    job.stage = stage
    job.archive_reason = reason.strip() if stage in stages.NEEDS_REASON else ""
    job.save(update_fields=["stage", "booked_at", "archive_reason"])
