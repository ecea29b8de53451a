"""Explain why two customers of a file are held to be the same, or not.

    carter match explain --csv customers.csv 12 99
    carter match explain --csv customers.csv 12 99 --svg why.svg

The file has the columns that `carter match pairs` reads. What the evidence is worth is told in
bits: one bit doubles the odds that both are the same customer, ten make them a thousand times
as long. No database is needed.
"""

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from carter.commands.match._bar import a_bar
from carter.commands.match._country import add_country
from carter.commands.match._out import CannotWrite, written
from carter.matching.batch.counting import book_around
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.files import CannotRead, Row, read_rows, record_of
from carter.matching.comparisons import compare
from carter.matching.evidence import evidence_of
from carter.matching.picture import waterfall
from carter.matching.scoring import Score, score
from carter.matching.verdicts import Verdict, probability_of, verdict_of
from carter.matching.waterfall import Step, steps_of

NEEDS_DJANGO = False

Customer = tuple[str, Row]

ANSWERS = {
    Verdict.SURE: "Surely the same customer",
    Verdict.LIKELY: "Likely the same customer",
    Verdict.HOUSEHOLD: "Of one household",
    Verdict.DESK: "Not the same customer; they share a desk",
    Verdict.NAMESAKE: "Not held to be the same: only the name connects them",
    Verdict.NONE: "Not held to be the same",
}
WORDS, AXIS = 44, 26


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, required=True, metavar="IN", help="the customers")
    parser.add_argument("one", metavar="A", help="the customer_id of the one")
    parser.add_argument("other", metavar="B", help="the customer_id of the other")
    parser.add_argument("--svg", type=Path, metavar="OUT", help="draw how it adds up")
    add_country(parser)


def run(options: argparse.Namespace) -> int:
    try:
        customers = _two(options.csv, options.one, options.other)
        result = _scored(customers, options)
        if options.svg:
            _draw(result, customers, options)
    except (CannotRead, CannotCompare, CannotWrite) as reason:
        print(reason, file=sys.stderr)
        return 1
    print("\n".join(explained(customers, result)))
    return 0


def explained(customers: list[Customer], result: Score) -> Iterator[str]:
    """The two customers as typed, the answer, the evidence, and how it adds up."""
    for name, row in customers:
        yield " · ".join(filter(None, (name, *(cell.strip()[:80] for cell in row))))
    verdict = verdict_of(result)
    yield f"\n{ANSWERS[verdict]}: score {probability_of(result, verdict):.6f}\n"
    for reason in evidence_of(result):
        yield f"  {'for' if reason.speaks_for else 'against':<9}{reason.words}"
    yield "\nHow it adds up, in bits\n"
    yield from _drawn(steps_of(result))


def _two(path: Path, *ids: str) -> list[Customer]:
    """The customers with these ids, in the order of the file."""
    found = [customer for customer in read_rows(path) if customer[0] in ids]
    missing = [name for name in ids if name not in dict(found)]
    if missing:
        raise CannotRead(f"{path.name} has no customer {missing[0]}.")
    if len(found) < 2:
        raise CannotRead("Name two customers, not one twice.")
    return found


def _scored(customers: list[Customer], options: argparse.Namespace) -> Score:
    """Their score in the book that the file is."""
    normalise = partial(record_of, country=options.country)
    ours, theirs = (normalise(row) for _, row in customers)
    keys = {key for finding in compare(ours, theirs) for key in finding.shared}
    entries = read_rows(options.csv)
    with a_bar() as progress:
        book = book_around(keys, entries, record_of=normalise, progress=progress)
    return score(ours, theirs, book)


def _draw(result: Score, customers: list[Customer], options: argparse.Namespace) -> None:
    title = " and ".join(row[0] or row[1] or name for name, row in customers)
    with written(options.svg, besides=options.csv) as file:
        file.write(waterfall(steps_of(result), title=title))


def _drawn(steps: list[Step]) -> Iterator[str]:
    """A waterfall in letters: each bar goes from the total so far to the next."""
    totals = [0.0, *(step.total_bits for step in steps)]
    scale = (AXIS - 1) / (max(totals) - min(totals) or 1)
    places = [round((total - min(totals)) * scale) for total in totals]
    for start, end, step in zip(places, places[1:], steps, strict=False):
        bar = " " * min(start, end) + "█" * (abs(end - start) or 1)
        yield f"  {step.words[:WORDS]:<{WORDS}}{step.bits:>+7.1f}  {bar}"
    yield f"  {'together':<{WORDS}}{steps[-1].total_bits:>+7.1f}  {' ' * places[-1]}◆"
