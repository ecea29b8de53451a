"""Lists that stay fast however long they are: one page at a time, no count over the book."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from carter.web.paging import Places, places_in

Row = TypeVar("Row", bound=Model)
PAGE = 50
SHORT_PAGE = 25
"""Of rows with much in them, under the head of a customer."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows, and whether others stand before and after it.

    `starts` and `ends` name its first and last row, for the pages beside it.
    """

    rows: list[Row]
    number: int
    has_next: bool
    starts: str = ""
    ends: str = ""

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.has_next else None


def page_of(rows: QuerySet[Row], request: HttpRequest, size: int = PAGE) -> Page[Row]:
    """The page `?after=` or `?before=` a place in the list, else the one with the number `?page=`.

    Read from a place on, the thousandth page costs what the first does.
    """
    places, number = places_in(rows), _number(request.GET.get("page", ""))
    for side in ("after", "before"):
        beyond = places.beyond(request.GET.get(side, ""), is_back=side == "before")
        if beyond is not None:
            found = list(beyond[: size + 1])
            return _page(places, found, number, size, is_back=side == "before")
    start = (number - 1) * size
    return _page(places, list(places.rows[start : start + size + 1]), number, size)


def _page(
    places: Places[Row], found: list[Row], number: int, size: int, *, is_back: bool = False
) -> Page[Row]:
    rows = found[:size]
    if is_back:
        rows.reverse()
    starts, ends = (places.of(rows[0]), places.of(rows[-1])) if rows else ("", "")
    return Page(rows, number, is_back or len(found) > size, starts, ends)


def page_numbered(rows: QuerySet[Row], asked: str, size: int = PAGE) -> Page[Row]:
    """The page whose number was asked for; the first when that is not a number."""
    return numbered(list(rows[rows_of(asked, size)]), asked, size)


def rows_of(asked: str, size: int = PAGE) -> slice:
    """The rows of the page whose number was asked for, and one more: whether others follow."""
    start = (_number(asked) - 1) * size
    return slice(start, start + size + 1)


def numbered(found: list[Any], asked: str, size: int = PAGE) -> Page[Any]:
    """The page of that number of the rows found for it."""
    return Page(rows=found[:size], number=_number(asked), has_next=len(found) > size)


def _number(asked: str) -> int:
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


@dataclass(frozen=True)
class Column:
    """The head of a sortable column."""

    label: str
    key: str
    direction: str
    numeric: bool

    @property
    def turned(self) -> str:
        """What clicking the head asks for."""
        return f"-{self.key}" if self.direction == "ascending" else self.key


Head = tuple[str, str, bool]


def sort_rows(
    rows: QuerySet[Row],
    request: HttpRequest,
    orders: dict[str, tuple[Any, ...]],
    heads: list[Head],
    default: str,
) -> QuerySet[Row]:
    """The rows in the order asked for by `?sort=`: by a column that is shown, else the default."""
    return rows.order_by(*orders[_asked(request, heads, default)])


def columns(request: HttpRequest, heads: list[Head], default: str) -> list[Column]:
    """Heads (label, key, is numeric) with the direction they are sorted in now."""
    asked = _asked(request, heads, default)
    return [Column(label, key, _direction(asked, key), numeric) for label, key, numeric in heads]


def _asked(request: HttpRequest, heads: list[Head], default: str) -> str:
    asked = request.GET.get("sort", "")
    shown = {key for _, key, _ in heads if key}
    return asked if asked in shown or asked.removeprefix("-") in shown else default


def _direction(asked: str, key: str) -> str:
    if not key or asked.lstrip("-") != key:
        return ""
    return "descending" if asked.startswith("-") else "ascending"
