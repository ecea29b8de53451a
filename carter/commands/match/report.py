"""Measure how good matching is on a book of known truth.

    carter match report --csv customers.csv --truth truth.csv

Compares every pair of a book that shares a key and prints pair precision, recall and F1, at flag
(worth a person's look) and at sure (merging would be right). customers.csv has the columns
customer_id, name, company_name, category, phone, email and address; truth.csv has customer_id
and entity_id.
"""

import argparse
from collections import Counter
from pathlib import Path
from time import perf_counter

from carter.matching.measure import Figures, figures, judged_pairs, read_book, read_truth
from carter.matching.verdicts import Verdict

NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, required=True, help="the book")
    parser.add_argument("--truth", type=Path, required=True, help="who each record really is")
    parser.add_argument("--country", default="US", help="whose phone numbers they are")


def run(options: argparse.Namespace) -> int:
    truth, started = read_truth(options.truth), perf_counter()
    records = read_book(options.csv, options.country)
    pairs = list(judged_pairs(records))
    seconds = perf_counter() - started
    print(f"{len(records):,} records, {len(pairs):,} pairs compared in {seconds:.1f} s")
    flagged = [pair for pair in pairs if pair.verdict.is_flag]
    sure = [pair for pair in flagged if pair.verdict is Verdict.SURE]
    print(_line("flag", figures(flagged, truth)))
    print(_line("sure", figures(sure, truth)))
    verdicts = Counter(pair.verdict for pair in pairs)
    for verdict in (Verdict.HOUSEHOLD, Verdict.DESK):
        print(f"{verdict:<10}{verdicts[verdict]:>8,} pairs")
    return 0


def _line(title: str, measured: Figures) -> str:
    return (
        f"{title:<10}{measured.found:>8,} pairs   precision {measured.precision:.4f}   "
        f"recall {measured.recall:.4f}   F1 {measured.f1:.4f}"
    )
