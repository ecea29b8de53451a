"""Merge customers who are one, or undo a merge.

    carter merge C-10 C-12                   show what would happen, ask, merge
    carter merge 10 12 15 --dry-run          only show it
    carter merge 10 12 --yes                 merge without asking
    carter merge --undo 7                    take merge 7 back
    carter merge --undo 7 --dry-run          only show what would go back

The first is the survivor; the numbers are those on screen. Every phone, email, address, job and
payment of the others goes to the survivor, and comes back when the merge is undone.
"""

import argparse
import sys

from carter.commands import _book
from carter.companies.models import Company, Member
from carter.companies.money import money
from carter.companies.rights import NotAllowed
from carter.customers.models import Customer
from carter.merging.advising import advise
from carter.merging.merge import PlanOutdated, merge_customers
from carter.merging.models import Merge, MergedRecord
from carter.merging.naming import listed, named
from carter.merging.planning import CannotMerge, Plan, plan_merge
from carter.merging.since import changed_since, remembered
from carter.merging.undo import CannotUndo, undo_merge
from carter.merging.undo_planning import UndoPlan, plan_undo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("survivor", nargs="?", help="the customer who stays, by number")
    parser.add_argument("duplicates", nargs="*", help="the customers who are the same, by number")
    parser.add_argument("--dry-run", action="store_true", help="only show what would happen")
    parser.add_argument("--yes", action="store_true", help="merge without asking")
    parser.add_argument("--reason", default="", help="why, for the record")
    parser.add_argument("--undo", type=int, metavar="ID", help="take a merge back")
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        company, by = _book.chosen(options)
        if options.undo:
            _undo(company, options, by)
        else:
            _merge(company, options, by)
    except (_book.CannotChoose, CannotMerge, CannotUndo, NotAllowed) as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def _merge(company: Company, options: argparse.Namespace, by: Member | None) -> None:
    survivor = _found(company, options.survivor or "")
    duplicates = [_found(company, number) for number in options.duplicates]
    plan = plan_merge(survivor, duplicates)
    if plan.refusals:
        raise CannotMerge(" ".join(plan.refusals))
    _show(plan)
    if options.dry_run or not (options.yes or _agreed()):
        return
    seen = remembered(plan, with_money=True)
    try:
        merge = merge_customers(
            survivor=survivor,
            duplicates=duplicates,
            fingerprint=plan.fingerprint,
            reason=options.reason,
            by=by,
        )
    except PlanOutdated as reason:
        lines = [str(reason), *map(str, changed_since(seen, reason.plan))]
        raise CannotMerge("\n  ".join(lines)) from reason
    print(f"Merged. To take it back: carter merge --undo {merge.pk}")


def _undo(company: Company, options: argparse.Namespace, by: Member | None) -> None:
    found = company.merges.select_related("company", "survivor__company", "survivor__head__company")
    merge = found.filter(pk=options.undo).first()
    if merge is None:
        raise CannotUndo(f"There is no merge {options.undo}.")
    plan = plan_undo(merge)
    if options.dry_run and merge.stands:
        _show_undo(plan)
        return
    undo_merge(merge, fingerprint=plan.fingerprint, by=by)
    names = [named(each.duplicate) for each in _records(merge)]
    print(f"Undone: {listed(names)} {'is' if len(names) == 1 else 'are'} apart again.")


def _records(merge: Merge) -> list[MergedRecord]:
    return list(merge.records.select_related("duplicate__company").order_by("id"))


def _found(company: Company, number: str) -> Customer:
    digits = number.upper().removeprefix(company.customer_prefix.upper())
    customers = company.customers.select_related("company", "head__company")
    customer = customers.filter(number=int(digits)).first() if digits.isdecimal() else None
    if customer is None:
        raise CannotMerge(f"There is no customer “{number}”. Give the numbers, such as C-10 C-12.")
    return customer


def _show(plan: Plan) -> None:
    currency = plan.survivor.company.currency
    duplicates = listed([named(each) for each in plan.duplicates])
    print(f"Merge {duplicates} into {named(plan.survivor)}:")
    for each in plan.moving:
        print(f"  {each.count:>8,} {each.label}")
    for customer in plan.customers:
        balance = plan.holdings[customer.pk].money.balance
        print(f"  {named(customer)} owes {money(balance, currency)}")
    print(f"  afterwards {money(plan.money_after.balance, currency)}")
    for warning in advise(plan).warnings:
        print(f"  Note: {warning}")


def _show_undo(plan: UndoPlan) -> None:
    for back in plan.returning:
        print(f"Back to {named(back.duplicate)}:")
        for each in back.moving:
            print(f"  {each.count:>8,} {each.label}")
    for name, sums in plan.money_lines:
        print(f"  {name}: {money(sums.balance, plan.holder.company.currency)}")
    for conflict in plan.conflicts:
        print(f"  Note: {conflict.label} was changed since and stays {conflict.now or 'empty'}.")


def _agreed() -> bool:
    return sys.stdin.isatty() and input("Merge? [y/N] ").strip().lower() in {"y", "yes"}
