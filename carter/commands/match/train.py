"""Learn from a book how often its customers' details agree, without labels.

    carter match train
    carter match train --revert
    carter match train --csv customers.csv --out model.json

Without a file, the company's own book is learnt from, and judged by what was learnt from then on;
--revert takes that back. The shipped weights were learnt from books of many habits: training
changes an answer here and there, not what Carter is. With a file, the weights are shown and, with
--out, written for `carter match report --model`. A file is held in memory: 100,000 customers are
no trouble.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from carter.commands import _book
from carter.commands.match._country import add_country
from carter.commands.match._out import CannotWrite, written
from carter.companies.rights import NotAllowed
from carter.matching.batch.files import CannotRead, read_rows, record_of
from carter.matching.in_memory import BookInMemory
from carter.matching.learning import Learnt, TooLittleToLearn, learn
from carter.matching.trained import NothingToRevert, adopt_weights, revert_weights
from carter.matching.training import learn_from_own_book
from carter.matching.weights import SHIPPED

SHOWN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--csv", type=Path, help="learn from this file of customers")
    parser.add_argument("--out", type=Path, help="write what was learnt to this file")
    add_country(parser)
    parser.add_argument("--revert", action="store_true", help="go back to the weights before")
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        lines = _from_file(options) if options.csv else _from_own_book(options)
    except (
        _book.CannotChoose,
        CannotRead,
        CannotWrite,
        NotAllowed,
        NothingToRevert,
        TooLittleToLearn,
    ) as reason:
        print(reason, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def told(learnt: Learnt) -> Iterator[str]:
    """What was learnt, the chances that moved most first."""
    yield (
        f"Learnt from {learnt.pairs:,} pairs of persons, about {learnt.same:,.0f} of them the same "
        "customer."
    )
    yield "The same customer's details, of 100 pairs in which both say something:"
    shipped = {
        (row, level): chances.same
        for row, levels in SHIPPED.person.rows.items()
        for level, chances in levels.items()
    }
    now = {place: learnt.weights.person.rows[place[0]][place[1]].same for place in shipped}
    moved = sorted(shipped, key=lambda place: -abs(now[place] - shipped[place]))
    for row, level in moved[:SHOWN]:
        place, words = (row, level), f"{row} {level}"
        yield f"  {words:<24}{100 * now[place]:>6.1f}   shipped {100 * shipped[place]:>6.1f}"


def _from_file(options: argparse.Namespace) -> list[str]:
    if options.revert:
        raise CannotRead("--revert takes back what the own book taught: leave --csv out.")
    normalise = partial(record_of, country=options.country)
    records = {name: normalise(row) for name, row in read_rows(options.csv)}
    learnt = learn(BookInMemory(records).scores(), len(records))
    if options.out:
        with written(options.out, besides=options.csv) as file:
            json.dump(learnt.weights.stored(), file, indent=1)
    return [*told(learnt), *([f"Written to {options.out}."] if options.out else [])]


def _from_own_book(options: argparse.Namespace) -> list[str]:
    if options.out:
        raise CannotRead("--out writes what is learnt from a file: say which with --csv FILE.")
    company, by = _book.chosen(options)
    if options.revert:
        taken = revert_weights(company=company, by=by)
        return [f"Taken back: the {taken}."]
    learnt = learn_from_own_book(company)
    adopt_weights(company=company, weights=learnt.weights, pairs=learnt.pairs, by=by)
    return [*told(learnt), f"{company} is judged by these from now on."]
