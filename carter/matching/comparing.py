"""Keeping the list of duplicates current: whoever changed is compared with all others again."""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import QuerySet

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.holders import CUSTOMERS, PROFILES
from carter.matching.keying import refresh_keys
from carter.matching.marking import mark_in_turn
from carter.matching.models import Profile
from carter.matching.pairs import replace_pairs, rows_with, wait_for_turn
from carter.matching.regrouping import regroup
from carter.matching.suspecting import suspected

Due = Profile.Due
AT_ONCE = 50  # A few hundred others each: what one turn holds in memory.
WHILE_WAITING = 20
"""So many are compared while somebody waits for a page; the worker does the others."""

# Asked for by every page about duplicates: the ORM would take longer to write it than to ask it.
WAITING = f"""
    SELECT (SELECT COUNT(*) FROM {CUSTOMERS} WHERE company_id = %s AND keys_due) + (
        SELECT COUNT(*) FROM {PROFILES} profile JOIN {CUSTOMERS} customer ON id = customer_id
        WHERE profile.company_id = %s AND compare_due > 0 AND NOT keys_due
    )
"""  # noqa: S608 (names of tables)


def compare_due(company: Company, *, at_most: int | None = None) -> int:
    """Compare every customer that changed since it was last compared; returns how many.

    While the whole book is being compared they wait for its end: they may have changed after it
    read them.
    """
    refresh_keys(company, at_most=at_most)
    done = 0
    while at_most is None or done < at_most:
        size = AT_ONCE if at_most is None else min(AT_ONCE, at_most - done)
        compared = _compare_some(company, size)
        done += compared
        if not compared:
            break
    return done


def make_current(company: Company) -> int:
    """Compare what changed, as far as somebody who waits for a page has patience.

    Returns how many records still wait. One query when there is nothing to do.
    """
    if not are_due(company):
        return 0
    compare_due(company, at_most=WHILE_WAITING)
    return are_due(company)


@transaction.atomic
def compare_again(company: Company, customers: Collection[int]) -> set[int]:
    """Compare these customers' records with all others now, and make their groups anew.

    Returns the other customers who share a number or a mailbox with them, or did.
    """
    wait_for_turn(company)
    heads = _heads(company, customers)
    stored = rows_with({*customers, *heads})
    found, sharing = suspected(company, heads)
    regroup(company, replace_pairs(company, stored, found))
    return sharing | {one for pair in stored for one in pair} - heads


def are_due(company: Company) -> int:
    """How many records wait to be compared. One query."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [company.pk, company.pk])
        return int(cursor.fetchone()[0])


def _due(company: Company) -> QuerySet[Profile]:
    return company.profiles.filter(compare_due__gt=Due.NOT)


def _compare_some(company: Company, size: int) -> int:
    if not _due(company).exists() or company.book_runs.working().exists():
        return 0
    with transaction.atomic():
        wait_for_turn(company)
        taken = _due(company).order_by("-compare_due", "customer")
        rows = taken.select_for_update(skip_locked=True).values_list("customer", "compare_due")
        records = dict(rows[:size])
        Profile.across_companies.filter(customer__in=records).update(compare_due=Due.NOT)
        changed = [record for record, due in records.items() if due == Due.CHANGED]
        sharing = compare_again(company, changed)
        mark_in_turn(sharing)
        compare_again(company, [record for record in records if record not in changed])
    return len(records)


def _heads(company: Company, records: Collection[int]) -> set[int]:
    """Whom these records lead to now."""
    found = Customer.across_companies.filter(company=company, pk__in=records)
    return {head or pk for pk, head in found.values_list("pk", "head")}
