"""Weighing the pairs that share a key, by the engine that answers for one lead."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from carter.matching import likeness
from carter.matching.batch.pairing import Pair, Weighed
from carter.matching.batch.shelf import Shelf
from carter.matching.engine import judge
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.verdicts import REACHED, Verdict


def weigh(pairs: Sequence[Pair], shelf: Shelf) -> list[Weighed]:
    """Judge pairs, in their order; those that only a name connects are left out."""
    numbers = sorted({number for pair in pairs for number in pair})
    records = dict(zip(numbers, shelf.read(numbers), strict=True))
    of_records = ((one, other, records[one], records[other]) for one, other in pairs)
    return list(weigh_records(of_records, shelf.book))


def weigh_records(
    pairs: Iterable[tuple[int, int, Record, Record]], book: Book
) -> Iterator[Weighed]:
    """The same, of records that are at hand."""
    for one, other, ours, theirs in pairs:
        if reach_each_other(ours, theirs):
            probability, verdict = judge(ours, theirs, book)
            if verdict is not Verdict.NAMESAKE:
                yield one, other, probability, verdict.value


def reach_each_other(ours: Record, theirs: Record) -> bool:
    """Whether a number, a mailbox or an address connects two records, and not only a name.

    Without that no verdict says more than namesake, so it is asked first: most pairs of a large
    book only have a name in common, and asking takes a tenth of the time of weighing.
    """
    if ours.is_account and theirs.is_account:
        return True
    reached = REACHED
    return (
        any(
            likeness.numbers(*two) in reached["phone"]
            for two in product(ours.phones, theirs.phones)
        )
        or any(
            likeness.mailboxes(*two) in reached["email"]
            for two in product(ours.emails, theirs.emails)
        )
        or any(
            likeness.homes(*two) in reached["address"]
            for two in product(ours.addresses, theirs.addresses)
        )
    )
