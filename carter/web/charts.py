"""Small pictures of money, drawn here as SVG so that no script and no library has to.

All lengths are of a drawing `WIDTH` wide; the page scales it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 1_000
HEIGHT = 120
GAP = 4


@dataclass(frozen=True)
class Piece:
    """One part of a bar: where it begins, how wide it is, and what it stands for."""

    label: str
    cents: int
    x: int
    width: int
    tone: int


@dataclass(frozen=True)
class Week:
    """Money that came in within a week, as a column; below the line when more went back."""

    begins_on: date
    cents: int
    x: int
    y: int
    width: int
    height: int

    @property
    def ends_on(self) -> date:
        return self.begins_on + timedelta(days=6)


def bar(labels: Sequence[str], amounts: Sequence[int], *, full: int = 0) -> list[Piece]:
    """What is owed as one bar, in proportion; what is not owed takes no room.

    `full` is what fills the whole width, for bars that are to be compared; default all of it.
    """
    owed = [max(cents, 0) for cents in amounts]
    total = max(full, sum(owed))
    pieces, x = [], 0
    for tone, (label, cents, drawn) in enumerate(zip(labels, amounts, owed, strict=True)):
        end = x + round(drawn * WIDTH / total) if total else 0
        if drawn:
            pieces.append(Piece(label, cents, x, max(end - x, 1), tone))
            x = end
    return pieces


def weeks(paid: Sequence[tuple[date, int]], *, first: date, count: int) -> list[Week]:
    """The money of some days by week, `count` weeks from the Monday `first` on."""
    sums = [0] * count
    for on, cents in paid:
        place = (on - first).days // 7
        if 0 <= place < count:
            sums[place] += cents
    most = max(max(sums, default=0), 1)
    step = WIDTH // count
    return [
        Week(
            begins_on=first + timedelta(weeks=place),
            cents=cents,
            x=place * step,
            y=HEIGHT - _tall(cents, most),
            width=step - GAP,
            height=_tall(cents, most),
        )
        for place, cents in enumerate(sums)
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _tall(cents: int, most: int) -> int:
    """At least a hair when there is something, none for what only went back."""
    return max(round(cents * HEIGHT / most), 1) if cents > 0 else 0
