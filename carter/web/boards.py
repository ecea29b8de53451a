"""Boards: leads or jobs in a column for each stage."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from carter.jobs.models import SOONEST_FIRST, STAGES_BY_BOARD, Job, Stage

CARDS = 40


@dataclass(frozen=True)
class BoardColumn:
    """One stage of a board, with as many cards as fit."""

    stage: Stage
    cards: list[Job]
    has_more: bool


def board_of(name: str, jobs: QuerySet[Job]) -> list[BoardColumn]:
    """The columns of the board, in one query that reads no more than the cards it shows.

    The board of leads ends with an empty column for those that are booked by dropping them there.
    """
    order: tuple[Any, ...] = ("-created_at", "-id") if name == "leads" else SOONEST_FIRST
    stages = STAGES_BY_BOARD[name]
    shown = [jobs.filter(stage=stage).order_by(*order)[: CARDS + 1] for stage in stages]
    any_of = reduce(or_, (Q(pk__in=some.values("pk")) for some in shown))
    by_stage: dict[str, list[Job]] = {stage: [] for stage in stages}
    for job in jobs.filter(any_of).order_by(*order):
        by_stage[job.stage].append(job)
    columns = [_column(stage, by_stage[stage]) for stage in stages]
    return [*columns, _column(Stage.BOOKED, [])] if name == "leads" else columns


def _column(stage: Stage, cards: list[Job]) -> BoardColumn:
    return BoardColumn(stage, cards[:CARDS], len(cards) > CARDS)
