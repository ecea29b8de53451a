"""Measure how good matching is, on a file of known truth or on what people decided.

    carter match report --csv customers.csv --truth truth.csv
    carter match report --csv customers.csv --truth truth.csv --model model.json
    carter match report

With a file, every pair of it that shares a key is compared. Printed are pair precision, recall
and F1 at flag (worth a person's look) and at sure (merging would be right), how right the groups
are, how often the right customer is among the first three shown for a lead, and whether what is
held to be probable is. customers.csv has the columns that `carter match pairs` reads; truth.csv
has customer_id and entity_id. All of it is held in memory: 100,000 customers are no trouble.

Without one, the company's own book is measured by what people said of two customers and by what
they merged; these were often looked at because Carter flagged them, so that little can be said of
what it does not find.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from carter.commands import _book
from carter.commands.match._country import add_country
from carter.matching.batch.files import CannotRead, read_rows, record_of
from carter.matching.decided_pairs import Labelled, decided_pairs
from carter.matching.in_memory import BookInMemory
from carter.matching.learning import read_model
from carter.matching.measure import (
    AT_FIRST_SIGHT,
    Bin,
    Figures,
    FirstSight,
    b_cubed,
    calibration,
    figures,
    first_sight,
    groups_of,
    harmonic,
    read_truth,
)
from carter.matching.verdicts import Judged, Verdict
from carter.matching.weights import SHIPPED, UnreadableWeights


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, help="a file of customers, in place of the own book")
    parser.add_argument("--truth", type=Path, help="who each of them really is")
    parser.add_argument("--model", type=Path, help="weights that `carter match train` wrote")
    add_country(parser)
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        lines = _of_file(options) if options.csv else _of_decisions(options)
    except (_book.CannotChoose, CannotRead, UnreadableWeights) as reason:
        print(reason, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def _of_file(options: argparse.Namespace) -> list[str]:
    if not options.truth:
        raise CannotRead("Say with --truth FILE who the customers of the file really are.")
    started, normalise = perf_counter(), partial(record_of, country=options.country)
    records = {name: normalise(row) for name, row in read_rows(options.csv)}
    truth = read_truth(options.truth, records)
    weights = read_model(options.model) if options.model else SHIPPED
    pairs = list(BookInMemory(records, weights).judged())
    seconds = perf_counter() - started
    return [
        f"{len(records):,} records, {len(pairs):,} pairs compared in {seconds:.1f} s",
        *reported(pairs, truth),
    ]


def reported(pairs: list[Judged[str]], truth: dict[str, str]) -> Iterator[str]:
    """The figures of pairs whose truth is known, a line each."""
    for title, verdicts in (
        ("flag", (Verdict.SURE, Verdict.LIKELY)),
        ("sure", (Verdict.SURE,)),
    ):
        held = [pair for pair in pairs if pair.verdict in verdicts]
        yield _figures(title, figures(held, truth))
    for verdict in (Verdict.HOUSEHOLD, Verdict.DESK):
        yield f"{verdict:<10}{sum(pair.verdict is verdict for pair in pairs):>9,} pairs"
    for title, careful in (("groups", True), ("connected", False)):
        precision, recall = b_cubed(groups_of(pairs, careful=careful), truth)
        yield (
            f"{title:<10}        B-cubed   precision {precision:.4f}   recall {recall:.4f}   "
            f"F1 {harmonic(precision, recall):.4f}"
        )
    yield from _sight(first_sight(pairs, truth))
    labelled = ((pair.probability, truth[pair.one] == truth[pair.other]) for pair in pairs)
    yield from _calibration(calibration(labelled))


def _of_decisions(options: argparse.Namespace) -> list[str]:
    if options.truth or options.model:
        raise CannotRead("Say with --csv FILE whose truth it is, or whom to judge by the model.")
    company, _ = _book.chosen(options)
    pairs = list(decided_pairs(company))
    if not pairs:
        raise CannotRead(f"Nobody at {company} has decided about two customers yet.")
    flagged = [pair for pair in pairs if pair.verdict.is_flag]
    sure = [pair for pair in flagged if pair.verdict is Verdict.SURE]
    same = sum(pair.is_same for pair in pairs)
    labelled = ((pair.probability, pair.is_same) for pair in pairs)
    return [
        f"{len(pairs):,} pairs that people decided, {same:,} of them the same customer",
        _figures("flag", _of_labelled(flagged, same)),
        _figures("sure", _of_labelled(sure, same)),
        *_calibration(calibration(labelled)),
    ]


def _of_labelled(held: list[Labelled], same: int) -> Figures:
    return Figures(len(held), sum(pair.is_same for pair in held), same)


def _figures(title: str, measured: Figures) -> str:
    return (
        f"{title:<10}{measured.found:>9,} pairs   precision {measured.precision:.4f}   "
        f"recall {measured.recall:.4f}   F1 {measured.f1:.4f}"
    )


def _sight(sight: FirstSight) -> Iterator[str]:
    if sight.known:
        yield (
            f"leads of known customers: {_share(sight.seen, sight.known)} of {sight.known:,} find "
            f"theirs among the first {AT_FIRST_SIGHT}"
        )
    if sight.new:
        yield f"leads of new customers: {_share(sight.alarmed, sight.new)} of {sight.new:,} flagged"


def _calibration(bins: Iterable[Bin]) -> Iterator[str]:
    yield "probability        pairs   expected   right"
    for least, most, pairs, predicted, right in bins:
        yield f"{least:4.2f} to {most:4.2f} {pairs:>11,} {predicted:>9.1%} {right:>8.1%}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"
