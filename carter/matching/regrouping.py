"""The stored groups of possible duplicates, made anew where their pairs changed.

A group whose pairs stay the same keeps its row, so that its address still leads to it while
somebody looks at it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from django.db import transaction

from carter.companies.models import Company
from carter.matching.grouping import Edge, Group, Pair, related_groups, same_groups
from carter.matching.models import DuplicateGroup, PossibleDuplicate
from carter.matching.pairs import (
    FLAGS,
    Row,
    Rows,
    drop_empty,
    in_slices,
    rows_of,
    rows_with,
    wait_for_turn,
    write,
)
from carter.matching.verdicts import Verdict

KINDS: dict[tuple[Verdict, ...], Callable[[list[Edge]], list[Group]]] = {
    FLAGS: same_groups,
    (Verdict.HOUSEHOLD,): partial(related_groups, verdict=Verdict.HOUSEHOLD),
    (Verdict.DESK,): partial(related_groups, verdict=Verdict.DESK),
}
SURENESS = {Verdict.SURE: 3, Verdict.LIKELY: 2, Verdict.HOUSEHOLD: 1, Verdict.DESK: 0}
JOIN = f"UPDATE {PossibleDuplicate._meta.db_table} SET group_id = %s WHERE id = %s"  # noqa: S608 (a table's name)


def regroup(company: Company, customers: Collection[int]) -> None:
    """Make the groups anew in which these customers, or those connected with them, are."""
    for verdicts, grouped in KINDS.items():
        _store(company, _connected(customers, verdicts), grouped, verdicts)


@transaction.atomic
def regroup_all(company: Company) -> None:
    """Make all groups of the company anew."""
    wait_for_turn(company)
    rows = {row.pair: row for row in rows_of(company=company)}
    for verdicts, grouped in KINDS.items():
        _store(company, rows, grouped, verdicts)


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
    write(JOIN, ([None, row.pk] for row in held))
    _create(company, new, rows)
    drop_empty(set(before) - set(kept))


def _create(company: Company, groups: list[Group], rows: Rows) -> None:
    for some in in_slices(groups):
        models = DuplicateGroup.across_companies.bulk_create(_group(company, one) for one in some)
        made = zip(models, some, strict=True)
        write(JOIN, ([model.pk, rows[pair].pk] for model, group in made for pair in group.pairs))


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
