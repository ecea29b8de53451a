"""Moves: a lead is a job that is not booked yet."""

from carter.jobs.models.job import LATEST_FIRST, SOONEST_FIRST, Job, JobQuerySet
from carter.jobs.models.link import JobLink
from carter.jobs.models.stages import STAGES_BY_BOARD, Stage

__all__ = [
    "LATEST_FIRST",
    "SOONEST_FIRST",
    "STAGES_BY_BOARD",
    "Job",
    "JobLink",
    "JobQuerySet",
    "Stage",
]
