"""The stored pairs of possible duplicates: replaced where they differ, never rebuilt.

Their groups are made by regrouping.py.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from carter.companies.models import Company
from carter.matching.grouping import Edge, Pair
from carter.matching.models import DuplicateGroup, PossibleDuplicate
from carter.matching.suspecting import Found
from carter.matching.verdicts import Verdict

ONE_AT_A_TIME = 0x_CA27E2  # The first half of PostgreSQL's advisory lock; the company is the other.
AT_ONCE = 500
PAIRS_AT_ONCE = 2_000

FLAGS = (Verdict.SURE, Verdict.LIKELY)

TABLE = PossibleDuplicate._meta.db_table
JUDGE = (
    f"UPDATE {TABLE} SET verdict = %s, probability = %s, is_open = %s, group_id = %s"  # noqa: S608
    " WHERE id = %s"
)


class Row(NamedTuple):
    """A stored pair; a book of a million customers has so many that models would not fit."""

    pk: int
    pair: Pair
    found: Found
    group: int | None

    @property
    def edge(self) -> Edge:
        return Edge(self.pair, *self.found)


Rows = Mapping[Pair, Row]
AllFound = dict[Pair, Found]
LAST = 2**63 - 1  # The highest key there can be.


def wait_for_turn(company: Company) -> None:
    """Let nobody else write this company's pairs until the transaction ends.

    Whoever compares takes it before reading what is compared, so that the later state is written
    last. SQLite has one writer as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ONE_AT_A_TIME, company.pk])


def rows_with(customers: Collection[int]) -> dict[Pair, Row]:
    """The stored pairs in which one of these customers is."""
    return {
        row.pair: row
        for some in in_slices(customers)
        for row in (*rows_of(a__in=some), *rows_of(b__in=some))
    }


def replace_pairs(company: Company, stored: Rows, found: Mapping[Pair, Found]) -> set[int]:
    """Make stored pairs exactly those that were found; returns the customers of what differs."""
    gone = [row for pair, row in stored.items() if pair not in found]
    changed = [row for pair, row in stored.items() if found.get(pair, row.found) != row.found]
    new = [pair for pair in found if pair not in stored]
    _delete(gone)
    write(
        JUDGE,
        ([*found[row.pair], _stays_in(row, found[row.pair]), row.pk] for row in changed),
    )
    PossibleDuplicate.across_companies.bulk_create(
        (_model(company, pair, found[pair]) for pair in new), batch_size=AT_ONCE
    )
    differing = (*(row.pair for row in gone), *(row.pair for row in changed), *new)
    drop_empty({row.group for row in (*gone, *changed) if row.group})
    return {one for pair in differing for one in pair}


def replace_all(company: Company, found: AllFound, progress: Callable[[int], None]) -> None:
    """Make all stored pairs of the company exactly those that were found.

    Some at a time, so that others get their turn to write.
    """
    done = 0
    for first, last, pairs in _ranges(sorted(found)):
        with transaction.atomic():
            wait_for_turn(company)
            stored = {row.pair: row for row in rows_of(company=company, a__gte=first, a__lte=last)}
            replace_pairs(company, stored, {pair: found[pair] for pair in pairs})
        done += len(pairs)
        progress(done)


def rows_of(**of: Any) -> Iterator[Row]:
    """The stored pairs with these values of their columns."""
    columns = ("pk", "a", "b", "verdict", "probability", "is_open", "group")
    found = PossibleDuplicate.across_companies.filter(**of).values_list(*columns)
    for pk, a, b, verdict, probability, is_open, group in found.iterator(5_000):
        yield Row(pk, (a, b), Found(Verdict(verdict), probability, is_open), group)


def _ranges(pairs: Sequence[Pair]) -> Iterator[tuple[int, int, Sequence[Pair]]]:
    """All keys an earlier customer may have, in ranges, each with its share of the sorted pairs."""
    first = start = 0
    while first <= LAST:
        upto = start + PAIRS_AT_ONCE
        last = pairs[upto][0] if upto < len(pairs) else LAST
        end = bisect_right(pairs, (last, LAST))
        yield first, last, pairs[start:end]
        first, start = last + 1, end


def _stays_in(row: Row, now: Found) -> int | None:
    """Its group, while it is open and of the same kind."""
    kind = FLAGS if row.found.verdict in FLAGS else (row.found.verdict,)
    return row.group if now.is_open and now.verdict in kind else None


def _model(company: Company, pair: Pair, found: Found) -> PossibleDuplicate:
    return PossibleDuplicate(
        company=company,
        a_id=pair[0],
        b_id=pair[1],
        verdict=found.verdict.value,
        probability=found.probability,
        is_open=found.is_open,
    )


def _delete(rows: Collection[Row]) -> None:
    for some in in_slices([row.pk for row in rows]):
        PossibleDuplicate.across_companies.filter(pk__in=some).delete()


def drop_empty(groups: Collection[int]) -> None:
    """Delete those of the groups in which no pair is left."""
    for some in in_slices(groups):
        DuplicateGroup.across_companies.filter(pk__in=some, pairs=None).delete()


def write(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Change many small rows; models would take several times as long."""
    values = [[str(each) if isinstance(each, Verdict) else each for each in row] for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def in_slices(of: Collection[Any]) -> Iterator[list[Any]]:
    """So many at a time as every database takes in one statement."""
    several = list(of)
    for start in range(0, len(several), AT_ONCE):
        yield several[start : start + AT_ONCE]
