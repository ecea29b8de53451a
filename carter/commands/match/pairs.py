"""Find which customers of a file may be the same.

    carter match pairs --csv customers.csv --out pairs.csv
    carter match pairs --csv customers.csv --out pairs.csv --threshold sure
    carter match pairs --csv customers.csv --out pairs.csv --threshold 0.8
    carter match pairs --csv customers.csv --out pairs.csv --all

The file has the columns customer_id, name, company_name, category (residential or commercial),
phone, email and address (on one line). Written are customer_id_a, customer_id_b, score (how
probably both are the same customer) and class (sure, likely, household, desk), in the order of
the file. No database is needed.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TextIO

from carter.commands.match._bar import a_bar
from carter.commands.match._country import add_country
from carter.commands.match._out import CannotWrite, written
from carter.configuration import env
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.engines import ENGINES, compare_all_with
from carter.matching.batch.files import CannotRead, read_rows, record_of
from carter.matching.verdicts import Judged, Verdict

NEEDS_DJANGO = False

HEADER = ("customer_id_a", "customer_id_b", "score", "class")
Wanted = Callable[[Judged[str]], bool]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, required=True, metavar="IN", help="the customers")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="the pairs")
    parser.add_argument(
        "--threshold",
        type=threshold,
        default="flag",
        metavar="flag|sure|NUMBER",
        help="pairs worth a look (flag), right 99 times of 100 (sure), or from this score on",
    )
    parser.add_argument("--all", action="store_true", help="households and shared desks as well")
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default=env("CARTER_MATCH_ENGINE"),
        help="what finds the pairs: this machine alone, or many by Spark",
    )
    add_country(parser)


def run(options: argparse.Namespace) -> int:
    try:
        with written(options.out, besides=options.csv) as file:
            counts = _write(file, options)
    except (CannotRead, CannotCompare, CannotWrite) as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{counts.total():,} pairs in {options.out}")
    for verdict in Verdict:
        if counts[verdict]:
            print(f"  {verdict or 'none':<10}{counts[verdict]:>10,}")
    return 0


def threshold(text: str) -> Wanted:
    """Which pairs are written: flag, sure, or a score from 0 to 1."""
    if text == "flag":
        return lambda pair: pair.verdict.is_flag
    if text == "sure":
        return lambda pair: pair.verdict is Verdict.SURE
    try:
        least = float(text)
    except ValueError:
        least = -1
    if not 0 <= least <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not flag, sure or a number from 0 to 1.")
    return lambda pair: pair.probability >= least


def _write(file: TextIO, options: argparse.Namespace) -> Counter[Verdict]:
    compare_all = compare_all_with(options.engine)
    wanted = _related if options.all else options.threshold
    normalise = partial(record_of, country=options.country)
    with a_bar() as progress:
        pairs = compare_all(read_rows(options.csv), record_of=normalise, progress=progress)
        return write_pairs(file, filter(wanted, pairs))


def _related(pair: Judged[str]) -> bool:
    return pair.verdict is not Verdict.NONE


def write_pairs(file: TextIO, pairs: Iterable[Judged[str]]) -> Counter[Verdict]:
    """Write the pairs, a line each; returns how many there are of each class."""
    counts: Counter[Verdict] = Counter()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for one, other, probability, verdict in pairs:
        writer.writerow((one, other, f"{probability:.6f}", verdict or "none"))
        counts[verdict] += 1
    return counts
