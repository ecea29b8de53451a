"""Which merges and splits that lines of History tell of can still be undone."""

from collections.abc import Iterable

from carter.customers.models import Event
from carter.merging.models import Merge, Split


def undoable(lines: Iterable[Event]) -> dict[str, set[int]]:
    """By kind, the keys of those that stand. A query each, none when no line tells of any."""
    told: dict[str, set[int]] = {"merge": set(), "split": set()}
    for line in lines:
        if line.about_kind in told and line.about_id:
            told[line.about_kind].add(line.about_id)
    return {
        kind: set(
            model.across_companies.filter(pk__in=told[kind], undone_at=None).values_list(
                "pk", flat=True
            )
        )
        if told[kind]
        else set()
        for kind, model in (("merge", Merge), ("split", Split))
    }
