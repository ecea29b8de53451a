"""Do what is due: recurring invoices, auto-pay, late fees, reminders, PDFs. As often as you like.

    carter tick                            for a timer; the worker does the same by itself
    carter tick --dry-run                  only say what the next month will bring
    carter tick --dry-run --until 2027-03-31

Exit status 1 when something failed, or waits for a person, for a timer to notice.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from carter.companies.models import Company
from carter.companies.money import money
from carter.health.readiness import why_not_ready
from carter.recurring.bounds import load_of
from carter.recurring.foreseeing import foresee
from carter.recurring.models import TickRun
from carter.recurring.printing import print_papers
from carter.recurring.ticking import tick

MONTH = timedelta(days=31)
PRINTING_SECONDS = 600
"""What is left after these is printed by the next tick."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="do nothing, say what is to come")
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="with --dry-run: as far as that day"
    )


def run(options: argparse.Namespace) -> int:
    if reason := why_not_ready():
        print(reason, file=sys.stderr)
        return 1
    if options.until and not options.dry_run:
        print("--until is for --dry-run: a tick does what is due today.", file=sys.stderr)
        return 2
    if options.dry_run:
        print("\n".join(to_come(options.until)))
        return 0
    runs = [*tick(), *print_papers(PRINTING_SECONDS)]
    print("\n".join(line for each in runs for line in done_by(each)) or "Nothing was due.")
    waiting = TickRun.across_companies.waiting().exists()
    return 1 if waiting or any(each.failures for each in runs) else 0


def to_come(until: date | None) -> Iterator[str]:
    """What each company’s schedules will invoice, day by day."""
    for company in Company.objects.filter(has_storage=True).order_by("id"):
        last = until or company.today + MONTH
        yield f"{company}, until {last}:"
        days = foresee(company, until=last)
        for one in days:
            yield f"  {one.day}  {one.invoices:>7,} invoices  {_money(company, one.cents):>16}"
        count, cents = sum(one.invoices for one in days), sum(one.cents for one in days)
        yield f"  {'in all':<10}  {count:>7,} invoices  {_money(company, cents):>16}"
        if load_of(company, company.today):
            yield "  Today’s are far more than usual: a run will stop and ask."


def done_by(done: TickRun) -> Iterator[str]:
    """What a run did for a company."""
    did = ", ".join(f"{what}: {count}" for what, count in done.did.items())
    yield f"{done.company}"
    yield f"  {did or 'nothing was done'}"
    yield from (f"  FAILED {each['about']}: {each['why']}" for each in done.failures)


def _money(company: Company, cents: int) -> str:
    return money(cents, company.currency)
