"""Measure how fast Carter is: make a large book, serve it, and do what an office does all day.

The book is made in a database of its own, beside the installation's: an embedded one, or the empty
one named with --database. What it says is explained in docs/performance.md.
"""

import argparse
import os
import sys
from collections.abc import Collection
from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from carter.bench import measuring, serving, soaking
from carter.bench.book import Plan
from carter.bench.making import SIGN_IN, NotEmpty, make_book, settle, size_of_database
from carter.bench.measuring import Sizes, in_the_middle
from carter.bench.office import Request, sign_in
from carter.bench.operations import OPERATIONS, Operation
from carter.bench.report import MIXED, ROWS, Report, drawn, grown, table, worse
from carter.commands.migrate import bring_up_to_date
from carter.companies.models import Company, Member

LAST_DAY = date(2026, 11, 20)
"""Of every made book, so that it is the same whenever it is made."""

FLOOR = (
    Operation("bare Django view", lambda *given: [Request("/hello/")] * given[3]),
    Operation("one row by its key", lambda *given: [Request("/row/77/")] * given[3]),
    Operation(ROWS, lambda *given: [Request("/rows/")] * given[3]),
)
AT_ONCE = ("customers list, first page", "customer page: details", "search, part-names")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--customers", type=int, default=10_000, help="how many (default: 10,000)")
    parser.add_argument("--seed", type=int, default=7, help="another number, another book")
    parser.add_argument("--database", default="", help="postgres://… of an empty database")
    parser.add_argument("--times", type=int, default=100, help="of each operation in each run")
    parser.add_argument("--runs", type=int, default=3, help="the median of them counts")
    parser.add_argument("--one-client", action="store_true", help="leave out eight at once")
    parser.add_argument("--only", default="", help="operations whose name has this text")
    parser.add_argument("--save", type=Path, help="write the figures to this file, as JSON")
    parser.add_argument("--against", type=Path, help="compare with figures that were saved")
    parser.add_argument(
        "--allow", type=float, help="fail when something is so many times as dear as --against"
    )
    parser.add_argument(
        "--soak", type=float, metavar="MINUTES", help="work for so long and see that nothing grows"
    )
    parser.add_argument("--draw", type=Path, nargs="+", help="draw saved figures instead")
    parser.add_argument("--grown", type=Path, nargs="+", help="list saved figures instead, by size")


def run(options: argparse.Namespace) -> int:
    if options.draw:
        print(drawn([Report.load(path) for path in options.draw]), end="")
        return 0
    if options.grown:
        print("\n".join(grown([Report.load(path) for path in options.grown])))
        return 0
    _turn_to(options.database or _embedded(options.customers))
    bring_up_to_date()
    report = Report(options.customers, connection.vendor)
    try:
        plan, member = _book(options, report)
    except NotEmpty as reason:
        print(reason, file=sys.stderr)
        return 1
    if options.soak:
        return _soaked(plan, member, options.soak)
    _measure(report, plan, member, options)
    _measure_at_once(report, plan, member, options)
    earlier = Report.load(options.against) if options.against else None
    goals = {operation.name: operation.reaches_ms for operation in OPERATIONS}
    print("\n".join(table(report, goals | {CANDIDATES: 3}, earlier)))
    if options.save:
        report.save(options.save)
    found = _worse(report, earlier, plan, member, options) if earlier and options.allow else {}
    for name, why in found.items():
        print(f"{name}: {why}")
    return 1 if found else 0


def _worse(
    report: Report, earlier: Report, plan: Plan, member: Member, options: argparse.Namespace
) -> dict[str, str]:
    """What is dearer than it may be whenever it is measured: a busy machine may mislead once."""
    found = worse(report, earlier, options.allow)
    for _ in range(TIMES_AGAIN):
        if found:
            again = Report(options.customers, connection.vendor)
            _measure(again, plan, member, options, only=found.keys())
            found = worse(again, earlier, options.allow)
    return found


TIMES_AGAIN = 3
CANDIDATES = "possible repeat customers of a lead"


def _embedded(customers: int) -> str:
    return f"sqlite:///{Path(settings.VAR) / f'bench-{customers}.sqlite3'}"


def _turn_to(database: str) -> None:
    """Replace this process by one that uses the database, unless it does already."""
    if os.environ.get("DATABASE_URL") != database:
        os.environ["DATABASE_URL"] = database
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 (the words it was started with)


def _book(options: argparse.Namespace, report: Report) -> tuple[Plan, Member]:
    """The book, made unless it is there from an earlier run."""
    plan = Plan(options.customers, options.seed, LAST_DAY)
    company = Company.objects.filter(name="Bench Movers").first()
    if company is None:
        made = make_book(plan, tell=_tell)
        company, report.made_seconds = made.company, made.seconds
        settle()
    elif company.customers.filter(origin="lead").count() < plan.customers:
        raise NotEmpty("The book that is there is another one: remove it, or name its size.")
    report.database_mb = size_of_database() / 1e6
    return plan, company.members.get(user__email=SIGN_IN)


def _tell(done: int) -> None:
    _say(f"{done:,} customers written")


def _measure(
    report: Report,
    plan: Plan,
    member: Member,
    options: argparse.Namespace,
    only: Collection[str] = (),
) -> None:
    """The floor, and each operation that was asked for."""
    sizes, cookies = Sizes(options.times, options.runs), sign_in(member)
    wanted = [each for each in OPERATIONS if options.only in each.name]
    with serving.floor() as server:
        for operation in FLOOR:
            report.floor[operation.name] = measuring.measured(
                operation, server, plan, cookies, sizes
            )
    with serving.carter() as server:
        for operation in wanted:
            if not only or operation.name in only:
                _say(operation.name)
                report.operations[operation.name] = measuring.measured(
                    operation, server, plan, cookies, sizes, member
                )
        report.memory_mb = server.megabytes()
    if not only or CANDIDATES in only:
        report.operations[CANDIDATES] = measuring.candidates(plan, member.company_id, sizes)


def _measure_at_once(
    report: Report, plan: Plan, member: Member, options: argparse.Namespace
) -> None:
    """Eight clients at once, unless only some operations were asked for, or one client."""
    if options.only or options.one_client:
        return
    cookies, times = sign_in(member), options.times
    with serving.carter() as server:
        for name in AT_ONCE:
            report.eight[name] = in_the_middle(
                partial(measuring.eight_clients, name, server, plan, cookies, times)
            )
        mixed = partial(measuring.mixed_work, server, plan, cookies, times)
        report.alone = in_the_middle(partial(mixed, clients=1))
        report.eight[MIXED] = in_the_middle(mixed)
        report.memory_mb = server.megabytes()


def _soaked(plan: Plan, member: Member, minutes: float) -> int:
    with serving.carter() as server:
        soaked = soaking.soak(server, plan, sign_in(member), minutes)
    print("\n".join(soaking.table(soaked)))
    found = soaking.grown(soaked)
    print("\n".join(found) or "Nothing grew and nothing failed.")
    return 1 if found else 0


def _say(name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{name:<60}", end="", file=sys.stderr, flush=True)
