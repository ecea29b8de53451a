"""Every pair of a book that may be the same customer, one household or one desk."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from carter.matching.batch.counts import Counts
from carter.matching.batch.crew import Crew
from carter.matching.batch.engines import COMPARING, READING
from carter.matching.batch.filing import Filed, file_all
from carter.matching.batch.pairing import Pairing, Weighed, opened_pairing
from carter.matching.batch.shelf import Shelf, temporary_folder
from carter.matching.batch.weighing import weigh
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.verdicts import Judged, Name, Verdict

Item = TypeVar("Item")
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much; 0 while nobody knows."""

ENTRIES_AT_ONCE = 1_000
PAIRS_AT_ONCE = 4_000


class Limits(NamedTuple):
    """What a comparison may take: processes besides this one (0: none), memory for finding the
    pairs, and a folder for temporary files, about 600 bytes a record (empty: the machine's)."""

    processes: int = 2
    memory: str = "1GB"
    folder: str = ""


def as_it_is(record: Record) -> Record:
    """For entries that are records already."""
    return record


def untold(step: str, done: int, of: int) -> None:
    """For when nobody wants to know how far it is."""


def compare_all(
    entries: Iterable[tuple[Name, Any]],
    *,
    record_of: Callable[[Any], Record] = as_it_is,
    book: Book = Book(0),  # noqa: B008 (frozen)
    progress: Progress = untold,
    limits: Limits = Limits(),  # noqa: B008 (a tuple)
) -> Iterator[Judged[Name]]:
    """Judge every two records that share a key and that more than a name connects.

    `entries` are read once, as a stream: a name, used once, and what `record_of` makes a record
    of, in other processes when there are many; both have to be picklable. `book` gives the
    weights and what people said; its size and holders are counted here. The pairs come in the
    order of the entries, and are the same for the same entries. Raises CannotCompare.
    """
    with (
        temporary_folder(limits.folder) as folder,
        opened_pairing(folder, limits.memory) as pairing,
        Crew(limits.processes) as crew,
    ):
        shelf = Shelf(folder)
        names: list[Name] = []
        shelf.write(
            record.record
            for record in pairing.noting(_filed(entries, names, record_of, crew, progress))
        )
        pairing.find()
        shelf.write_book(replace(book, size=len(names), holders=Counts(pairing.counted())))
        for one, other, probability, verdict in pairing.judged(
            _weighed(pairing, shelf, crew, progress)
        ):
            yield Judged(names[one], names[other], probability, Verdict(verdict))


def _filed(
    entries: Iterable[tuple[Name, Any]],
    names: list[Name],
    record_of: Callable[[Any], Record],
    crew: Crew,
    progress: Progress,
) -> Iterator[Filed]:
    """The entries as records, filed under their keys; their names are added to `names`."""

    def pieces() -> Iterator[list[Any]]:
        for piece in in_pieces(entries, ENTRIES_AT_ONCE):
            names.extend(name for name, _ in piece)
            yield [entry for _, entry in piece]

    done = 0
    for some in crew.each(partial(file_all, record_of=record_of), pieces()):
        yield from some
        done += len(some)
        progress(READING, done, 0)


def _weighed(pairing: Pairing, shelf: Shelf, crew: Crew, progress: Progress) -> Iterator[Weighed]:
    there_are, pieces = len(pairing), in_pieces(pairing, PAIRS_AT_ONCE)
    for number, some in enumerate(crew.each(partial(weigh, shelf=shelf), pieces), start=1):
        yield from some
        progress(COMPARING, min(number * PAIRS_AT_ONCE, there_are), there_are)


def in_pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items as lists of so many, the last one shorter."""
    items = iter(items)
    while piece := list(islice(items, size)):
        yield piece
