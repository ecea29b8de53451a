"""The stored pairs and groups of possible duplicates: replaced where they differ, never rebuilt.

A group whose pairs stay the same keeps its row, so that its address still leads to it while
somebody looks at it.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db import connection, transaction

from carter.companies.models import Company
from carter.matching.grouping import Edge, Group, Pair, related_groups, same_groups
from carter.matching.models import DuplicateGroup, PossibleDuplicate
from carter.matching.suspecting import Found
from carter.matching.verdicts import Verdict

ONE_AT_A_TIME = 0x_CA27E2  # The first half of PostgreSQL's advisory lock; the company is the other.
AT_ONCE = 500
PAIRS_AT_ONCE = 2_000

FLAGS = (Verdict.SURE, Verdict.LIKELY)
KINDS: dict[tuple[Verdict, ...], Callable[[list[Edge]], list[Group]]] = {
    FLAGS: same_groups,
    (Verdict.HOUSEHOLD,): partial(related_groups, verdict=Verdict.HOUSEHOLD),
    (Verdict.DESK,): partial(related_groups, verdict=Verdict.DESK),
}
SURENESS = {Verdict.SURE: 3, Verdict.LIKELY: 2, Verdict.HOUSEHOLD: 1, Verdict.DESK: 0}

TABLE = PossibleDuplicate._meta.db_table
JUDGE = (
    f"UPDATE {TABLE} SET verdict = %s, probability = %s, is_open = %s, group_id = %s"  # noqa: S608
    " WHERE id = %s"
)
JOIN = f"UPDATE {TABLE} SET group_id = %s WHERE id = %s"  # noqa: S608 (a table's name)


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
        for row in (*_rows(a__in=some), *_rows(b__in=some))
    }


def replace_pairs(company: Company, stored: Rows, found: Mapping[Pair, Found]) -> set[int]:
    """Make stored pairs exactly those that were found; returns the customers of what differs."""
    gone = [row for pair, row in stored.items() if pair not in found]
    changed = [row for pair, row in stored.items() if found.get(pair, row.found) != row.found]
    new = [pair for pair in found if pair not in stored]
    _delete(gone)
    _write(
        JUDGE,
        ([*found[row.pair], _stays_in(row, found[row.pair]), row.pk] for row in changed),
    )
    PossibleDuplicate.across_companies.bulk_create(
        (_model(company, pair, found[pair]) for pair in new), batch_size=AT_ONCE
    )
    differing = (*(row.pair for row in gone), *(row.pair for row in changed), *new)
    _drop_empty({row.group for row in (*gone, *changed) if row.group})
    return {one for pair in differing for one in pair}


def replace_all(company: Company, found: AllFound, progress: Callable[[int], None]) -> None:
    """Make all stored pairs of the company exactly those that were found.

    Some at a time, so that others get their turn to write.
    """
    done = 0
    for first, last, pairs in _ranges(sorted(found)):
        with transaction.atomic():
            wait_for_turn(company)
            stored = {row.pair: row for row in _rows(company=company, a__gte=first, a__lte=last)}
            replace_pairs(company, stored, {pair: found[pair] for pair in pairs})
        done += len(pairs)
        progress(done)


def regroup(company: Company, customers: Collection[int]) -> None:
    """Make the groups anew in which these customers, or those connected with them, are."""
    for verdicts, grouped in KINDS.items():
        _store(company, _connected(customers, verdicts), grouped, verdicts)


@transaction.atomic
def regroup_all(company: Company) -> None:
    """Make all groups of the company anew."""
    wait_for_turn(company)
    rows = {row.pair: row for row in _rows(company=company)}
    for verdicts, grouped in KINDS.items():
        _store(company, rows, grouped, verdicts)


def _rows(**of: Any) -> Iterator[Row]:
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


def _connected(customers: Collection[int], verdicts: Sequence[Verdict]) -> dict[Pair, Row]:
    """The pairs of one kind that hang together with these customers, and all others among them."""
    rows: dict[Pair, Row] = {}
    seen, edge = set(customers), set(customers)
    while edge:
        near = rows_with(edge)
        rows |= {pair: row for pair, row in near.items() if row.found.verdict in verdicts}
        edge = {one for pair in rows for one in pair} - seen
        seen |= edge
        rows |= {pair: row for pair, row in near.items() if seen.issuperset(pair)}
    return rows


def _store(
    company: Company,
    rows: Rows,
    grouped: Callable[[list[Edge]], list[Group]],
    verdicts: Sequence[Verdict],
) -> None:
    groups = grouped([row.edge for row in rows.values()])
    before = _pairs_by_group(row for row in rows.values() if row.found.verdict in verdicts)
    kept = {_kept(group, rows, before): group for group in groups}
    new = [group for group in groups if _kept(group, rows, before) is None]
    kept.pop(None, None)
    _renew({pk: group for pk, group in kept.items() if pk is not None})
    asked = {pair for group in groups for pair in group.pairs}
    held = (row for row in rows.values() if row.group in before and row.pair not in asked)
    _write(JOIN, ([None, row.pk] for row in held))
    for some in in_slices(new):
        models = DuplicateGroup.across_companies.bulk_create(_group(company, one) for one in some)
        _write(
            JOIN,
            (
                [model.pk, rows[pair].pk]
                for model, group in zip(models, some, strict=True)
                for pair in group.pairs
            ),
        )
    _drop_empty(set(before) - set(kept))


def _pairs_by_group(rows: Iterable[Row]) -> dict[int, set[Pair]]:
    found: dict[int, set[Pair]] = {}
    for row in rows:
        if row.group:
            found.setdefault(row.group, set()).add(row.pair)
    return found


def _kept(group: Group, rows: Rows, before: Mapping[int, set[Pair]]) -> int | None:
    """The row of a group that had exactly these pairs."""
    held = rows[group.pairs[0]].group
    return held if held and before[held] == set(group.pairs) else None


def _renew(kept: Mapping[int, Group]) -> None:
    """Write what changed of groups that stay."""
    for some in in_slices(kept):
        models = DuplicateGroup.across_companies.in_bulk(some)
        changed = [model for pk, model in models.items() if _differs(model, kept[pk])]
        DuplicateGroup.across_companies.bulk_update(
            changed, ["verdict", "probability", "sureness", "size"]
        )


def _differs(model: DuplicateGroup, group: Group) -> bool:
    before = (model.verdict, model.probability, model.size)
    model.verdict, model.probability = group.verdict.value, group.probability
    model.sureness, model.size = SURENESS[group.verdict] + group.probability, len(group.members)
    return before != (model.verdict, model.probability, model.size)


def _group(company: Company, group: Group) -> DuplicateGroup:
    return DuplicateGroup(
        company=company,
        verdict=group.verdict.value,
        probability=group.probability,
        sureness=SURENESS[group.verdict] + group.probability,
        size=len(group.members),
    )


def _delete(rows: Collection[Row]) -> None:
    for some in in_slices([row.pk for row in rows]):
        PossibleDuplicate.across_companies.filter(pk__in=some).delete()


def _drop_empty(groups: Collection[int]) -> None:
    for some in in_slices(groups):
        DuplicateGroup.across_companies.filter(pk__in=some, pairs=None).delete()


def _write(statement: str, rows: Iterable[Sequence[Any]]) -> None:
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
