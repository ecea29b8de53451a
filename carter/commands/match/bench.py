"""Race matching against Splink on the same file: how right both are, and how long they take.

    carter match bench --csv customers.csv --truth truth.csv --vs-splink

Carter answers as `carter match pairs` does, at its shipped thresholds. Splink gets the values as
Carter normalises them, learns its weights from the file, and is judged at the threshold that is
best for it, which only the truth can tell. Without --vs-splink, Carter runs alone.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from os import times
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from carter.commands.match._country import add_country
from carter.matching.batch.comparing import compare_all
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.files import CannotRead, read_rows, record_of
from carter.matching.measure import Figures, figures, harmonic, read_truth
from carter.matching.verdicts import Judged, Verdict

NEEDS_DJANGO = False

RIVAL = "carter.matching.splink_rival"
NOT_INSTALLED = "Splink is not installed here. `./run add-splink` does that."


class Timed(NamedTuple):
    """The pairs that were found, and the seconds and processor seconds it took."""

    pairs: list[Judged[str]]
    seconds: float
    cpu_seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, required=True, help="the customers")
    parser.add_argument("--truth", type=Path, required=True, help="who each of them really is")
    parser.add_argument("--vs-splink", action="store_true", help="run Splink on the same file too")
    add_country(parser)


def run(options: argparse.Namespace) -> int:
    try:
        for line in _raced(options):
            print(line, flush=True)
    except (CannotRead, CannotCompare) as reason:
        print(reason, file=sys.stderr)
        return 1
    except ModuleNotFoundError as missing:
        if missing.name != "splink":
            raise
        print(NOT_INSTALLED, file=sys.stderr)
        return 1
    return 0


def _raced(options: argparse.Namespace) -> Iterator[str]:
    rival = importlib.import_module(RIVAL) if options.vs_splink else None
    truth = read_truth(options.truth, [name for name, _ in read_rows(options.csv)])
    normalise = partial(record_of, country=options.country)
    ours = _timed(lambda: compare_all(read_rows(options.csv), record_of=normalise))
    flagged = [pair for pair in ours.pairs if pair.verdict.is_flag]
    yield _line("Carter, flag", figures(flagged, truth), ours)
    sure = [pair for pair in flagged if pair.verdict is Verdict.SURE]
    yield _line("Carter, sure", figures(sure, truth), ours)
    if rival:
        records = ((name, normalise(row)) for name, row in read_rows(options.csv))
        theirs = _timed(lambda: rival.splink_pairs(records))
        yield _line("Splink, best", at_its_best(theirs.pairs, truth), theirs)


def at_its_best(pairs: Sequence[Judged[str]], truth: dict[str, str]) -> Figures:
    """The figures at the threshold with the best F1, found by knowing the truth."""
    there_are = figures([], truth).there_are
    best, right = Figures(0, 0, there_are), 0
    surest_first = sorted(pairs, key=lambda pair: -pair.probability)
    for found, pair in enumerate(surest_first, start=1):
        right += truth[pair.one] == truth[pair.other]
        if harmonic(right / found, right / there_are) > best.f1:
            best = Figures(found, right, there_are)
    return best


def _timed(find: Callable[[], Iterable[Judged[str]]]) -> Timed:
    started, before = perf_counter(), sum(times()[:4])
    pairs = list(find())
    return Timed(pairs, perf_counter() - started, sum(times()[:4]) - before)


def _line(title: str, measured: Figures, timed: Timed) -> str:
    return (
        f"{title:<14}precision {measured.precision:.4f}   recall {measured.recall:.4f}   "
        f"F1 {measured.f1:.4f}   {timed.seconds:6.1f} s, processor {timed.cpu_seconds:6.1f} s"
    )
