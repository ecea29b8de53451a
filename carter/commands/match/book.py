"""Compare the whole book of a company and make its list of duplicates.

    carter match book
    carter match book --company "Ada’s Movers"

Afterwards the worker compares what changes by itself. The list is under Duplicates.
"""

import argparse
import sys
from functools import partial

from carter.commands import _book
from carter.commands.match._bar import a_bar
from carter.companies.rights import NotAllowed
from carter.matching.batch.comparing import Progress
from carter.matching.duplicates import groups_left
from carter.matching.models import BookRun, DuplicateGroup
from carter.matching.whole_book import AlreadyComparing, start_comparing, work_on


def add_arguments(parser: argparse.ArgumentParser) -> None:
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        company, by = _book.chosen(options)
        with a_bar() as progress:
            run = work_on(start_comparing(company, by=by), partial(_show, progress))
    except (_book.CannotChoose, AlreadyComparing, NotAllowed) as reason:
        print(reason, file=sys.stderr)
        return 1
    if run.state != BookRun.State.FINISHED:
        print(run.trouble or "Another worker took it over.", file=sys.stderr)
        return 1
    left = groups_left(company)
    print(f"{company}: {sum(left.values()):,} groups to look at")
    for verdict in DuplicateGroup.Verdict:
        print(f"  {verdict.label:<16}{left[verdict]:>8,}")
    return 0


def _show(progress: Progress, run: BookRun) -> None:
    if run.is_working:
        progress(run.get_state_display(), run.done, run.total)
