"""Check that all in the book agrees: one line a rule, and exit status 1 when one is broken.

    carter check              everything in the book itself
    carter check --gateway    also asks the payment gateway whether it has the same payments

It only reads. Run it nightly; what it names is for whoever looks after the installation.
"""

import argparse
from collections.abc import Iterator

from carter.billing import checking as of_billing
from carter.companies.models import Company
from carter.customers import checking as of_customers
from carter.customers.checking import SHOWN, Rule
from carter.gateway import checking as of_gateway
from carter.gateway.reconciling import SAME_PAYMENTS
from carter.health import integrity
from carter.jobs import checking as of_jobs
from carter.recurring import checking as of_recurring
from carter.storage import checking as of_storage

RULES = (
    *of_customers.RULES,
    *of_jobs.RULES,
    *of_billing.RULES,
    *of_storage.RULES,
    *of_gateway.RULES,
    *of_recurring.RULES,
    *integrity.RULES,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--company", help="name of the company, else all of them")
    parser.add_argument("--gateway", action="store_true", help="ask the payment gateway, too")


def run(options: argparse.Namespace) -> int:
    company = None
    if options.company:
        company = Company.objects.filter(name__iexact=options.company).first()
        if company is None:
            print(f"There is no company named {options.company}.")
            return 2
    rules = (*RULES, SAME_PAYMENTS) if options.gateway else RULES
    broken = 0
    for rule in rules:
        count, shown = rule.broken_by(company.pk if company else None)
        broken += bool(count)
        print("\n".join(lines(rule, count, shown)), flush=True)
    print(f"\n{broken} of {len(rules)} rules are broken." if broken else "\nAll agrees.")
    return 1 if broken else 0


def lines(rule: Rule, count: int, shown: list[str]) -> Iterator[str]:
    """How a rule stands, and what to look at."""
    yield f"{'FIX' if count else 'ok':<5} {rule.says}"
    if count:
        more = f" and {count - SHOWN} more" if count > SHOWN else ""
        yield f"      Not so: {', '.join(shown)}{more}."
