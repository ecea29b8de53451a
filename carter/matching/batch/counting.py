"""The book that two records of a file are in, without comparing all the others."""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial
from itertools import count
from typing import Any

from carter.matching.batch.comparing import (
    ENTRIES_AT_ONCE,
    Limits,
    Progress,
    in_pieces,
    untold,
)
from carter.matching.batch.counts import key_digest
from carter.matching.batch.crew import Crew
from carter.matching.batch.engines import READING
from carter.matching.batch.filing import Normalise, file_all
from carter.matching.keys import MOST_COPIES, Key
from carter.matching.scoring import Book
from carter.matching.verdicts import Name


def book_around(
    keys: Collection[Key],
    entries: Iterable[tuple[Name, Any]],
    *,
    record_of: Normalise,
    progress: Progress = untold,
    limits: Limits = Limits(),  # noqa: B008 (a tuple)
) -> Book:
    """The book of the entries, with the holders of these keys counted as `compare_all` does.

    Raises CannotCompare.
    """
    wanted, size = {key_digest(key): key for key in keys}, 0
    held: Counter[tuple[int, int]] = Counter()
    alone = count(2**63)  # What stands for itself has a print that no digest is.
    pieces = in_pieces((entry for _, entry in entries), ENTRIES_AT_ONCE)
    with Crew(limits.processes) as crew:
        for some in crew.each(partial(file_all, record_of=record_of), pieces):
            for record in some:
                stamp = next(alone) if record.print is None else record.print
                held.update((key, stamp) for key in record.keys if key in wanted)
            size += len(some)
            progress(READING, size, 0)
    holders: Counter[Key] = Counter()
    for (key, _), copies in held.items():
        holders[wanted[key]] += min(copies, MOST_COPIES)
    return Book(size, holders)
