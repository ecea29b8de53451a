"""Boards: leads or jobs in a column for each stage."""

from dataclasses import dataclass
from typing import Any

from carter.jobs.models import STAGES_BY_BOARD, Job, Stage

CARDS = 40


@dataclass(frozen=True)
class BoardColumn:
    """One stage of a board, with as many cards as fit."""

    stage: Stage
    cards: list[Job]
    has_more: bool


def board_of(name: str, jobs: Any) -> list[BoardColumn]:
    """The columns of the board; one query a stage. Leads can be dropped on Booked, too."""
    stages = STAGES_BY_BOARD[name]
    order = ("move_on", "id") if name == "jobs" else ("-created_at", "-id")
    return [_column(stage, jobs.filter(stage=stage).order_by(*order)) for stage in stages]


def _column(stage: Stage, jobs: Any) -> BoardColumn:
    cards = list(jobs[: CARDS + 1])
    return BoardColumn(stage, cards[:CARDS], len(cards) > CARDS)
