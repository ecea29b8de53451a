"""Phones and mailboxes that many customers have, and a person's last word on each.

The list is kept as keys are made, so that it is one indexed query however long the book: a value
that changed hands is noted (a few statements), and looked at when somebody asks, or by the worker.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from carter.among import among, many
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.models import Customer
from carter.matching.concluding import conclude
from carter.matching.holders import groups_of
from carter.matching.keys import CAP, Key
from carter.matching.marking import mark_for_comparing
from carter.matching.models import Key as KeyRow
from carter.matching.models import LastWord, SharedIdentifier
from carter.matching.record import Record
from carter.matching.said import Said

KINDS = ("email", "phone")
FEWEST = 3  # Two customers with one phone are a pair, and on the list of duplicates.
AT_ONCE = 100
LOOKED_AT_WHILE_WAITING = 200

KEYS, SHARED = (model._meta.db_table for model in (KeyRow, SharedIdentifier))
LISTED = ""
NOTED = f"""
    SELECT '{LISTED}', value, held_by FROM {SHARED} WHERE company_id = %s AND {{is_one}}
    UNION ALL
    SELECT kind, value, COUNT(*)
    FROM {KEYS} WHERE company_id = %s AND kind IN ('email', 'phone') AND {{is_one}}
    GROUP BY kind, value HAVING COUNT(*) >= {FEWEST}
"""  # noqa: S608 (names of tables)

FIRST = """
    SELECT * FROM (
        SELECT CAST(%s AS BIGINT), customer_id FROM {keys}
        WHERE company_id = %s AND kind = %s AND value = %s LIMIT {most}
    ) AS first
"""


class CannotSay(Exception):
    """What was said of a shared phone or mailbox does not hold any more; the words say why."""


def note_changes(company: Company, changed: Iterable[Key]) -> None:
    """Say of which keys the holders changed, once the change is committed.

    Not before: two processes that each add a holder at the same time would each count one too few.
    """
    values = sorted({value for kind, value in changed if kind in KINDS})
    found = _noted(company, values) if values else []
    listed = {value for kind, value, _ in found if kind == LISTED}
    crowds = [
        SharedIdentifier(company=company, kind=kind, value=value, held_by=held_by)
        for kind, value, held_by in found
        if kind != LISTED and value not in listed
    ]
    # Asked first and written seldom: whoever writes has to wait for his turn.
    if listed:
        known = company.shared_identifiers.filter(value__in=listed)
        known.filter(is_due=False).update(is_due=True)
    if crowds:
        SharedIdentifier.across_companies.bulk_create(crowds, ignore_conflicts=True)


def _noted(company: Company, values: Sequence[str]) -> list[tuple[str, str, int]]:
    """Which values are listed, and how many keys each kind has of those that many hold."""
    with connection.cursor() as cursor:
        statement = NOTED.format(is_one=among("value"))
        cursor.execute(statement, [company.pk, many(values)] * 2)
        return list(cursor.fetchall())


def look_at_changes(company: Company, *, at_most: int | None = None) -> int:
    """Count and conclude anew where holders changed, those that most hold first; how many."""
    done = 0
    while at_most is None or done < at_most:
        looked_at = _look_at_some(company)
        done += looked_at
        if looked_at < AT_ONCE:
            break
    return done


def words_on(company: Company) -> dict[Key, Said]:
    """Everything people said of shared phones and mailboxes, for a look at the whole book."""
    words = company.last_words.standing().values_list("kind", "value", "said")
    return {(kind, value): Said(said) for kind, value, said in words}


def first_holders(
    company: Company, rows: Iterable[SharedIdentifier], most: int = 3
) -> dict[int, list[Customer]]:
    """By row: some of the current customers who have it, without reading all of them."""
    filed = _first_filed(company, list(rows), most)
    records = company.customers.filter(pk__in={record for _, record in filed})
    heads = {record.pk: record.leads_to for record in records.select_related("head")}
    found: dict[int, dict[int, Customer]] = defaultdict(dict)
    for row, record in filed:
        if record in heads and heads[record].is_current:
            found[row][heads[record].pk] = heads[record]
    return {row: list(holders.values()) for row, holders in found.items()}


def holders_of_shared(shared: SharedIdentifier) -> QuerySet[Customer]:
    """Every current customer who has it."""
    filed = shared.company.keys.filter(kind=shared.kind, value=shared.value)
    heads = filed.annotate(who=Coalesce("customer__head", "customer")).values("who")
    return shared.company.customers.current().filter(pk__in=heads)


@transaction.atomic
def say(shared: SharedIdentifier, said: Said, *, by: Member | None) -> LastWord:
    """Have the last word on a shared phone or mailbox; an earlier word gives way to it."""
    require(by, Right.EDIT)
    shared = _locked(shared)
    _end_standing(shared, by=by)
    word: LastWord = shared.words().create(
        company=shared.company, kind=shared.kind, value=shared.value, said=said, by=by
    )
    _compare_holders_again(shared)
    return word


@transaction.atomic
def take_back(shared: SharedIdentifier, *, by: Member | None) -> None:
    """Withdraw the last word: Carter's own conclusion counts again."""
    require(by, Right.EDIT)
    shared = _locked(shared)
    if not _end_standing(shared, by=by):
        raise CannotSay("Nobody’s word stands on it any more.")
    _compare_holders_again(shared)


def _locked(shared: SharedIdentifier) -> SharedIdentifier:
    rows = SharedIdentifier.across_companies.select_for_update(of=("self",))
    now = rows.select_related("company").filter(pk=shared.pk).first()
    if now is None:
        raise CannotSay(f"{shared.shown} is shared by fewer than {FEWEST} customers by now.")
    return now


def _end_standing(shared: SharedIdentifier, *, by: Member | None) -> int:
    return shared.words().standing().update(withdrawn_at=timezone.now(), withdrawn_by=by)


def _compare_holders_again(shared: SharedIdentifier) -> None:
    holders = shared.company.keys.filter(kind=shared.kind, value=shared.value)
    mark_for_comparing(holders.values_list("customer", flat=True))


def _first_filed(
    company: Company, rows: Sequence[SharedIdentifier], most: int
) -> list[tuple[int, int]]:
    """Pairs of a row and a record filed under it; each row is one short search by index."""
    if not rows:
        return []
    one = FIRST.format(keys=KEYS, most=most)
    asked = [value for row in rows for value in (row.pk, company.pk, row.kind, row.value)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(rows)), asked)
        return list(cursor.fetchall())


def _look_at_some(company: Company) -> int:
    due = company.shared_identifiers.filter(is_due=True).order_by("-held_by", "id")
    return _look_at(company, due) if due.exists() else 0


@transaction.atomic
def _look_at(company: Company, due: QuerySet[SharedIdentifier]) -> int:
    taken = list(due.select_for_update(skip_locked=True)[:AT_ONCE])
    if not taken:
        return 0
    counts = _counts(company, taken)
    holders = _holders(company, [row for row in taken if counts.get(row.key, 0) <= CAP])
    for row in taken:
        row.held_by, row.is_due = counts.get(row.key, 0), False
        row.conclusion, row.why = conclude(row.kind, row.value, row.held_by, holders[row.key])
    _keep(company, taken)
    return len(taken)


def _counts(company: Company, rows: Sequence[SharedIdentifier]) -> dict[Key, int]:
    """How many current customers hold each, merged records counted once."""
    head = Coalesce("customer__head", "customer")
    held = _filed(company, rows).filter(customer__withdrawn_at=None).values_list("kind", "value")
    return {
        (kind, value): count
        for kind, value, count in held.annotate(heads=Count(head, distinct=True)).order_by()
    }


def _holders(company: Company, rows: Sequence[SharedIdentifier]) -> Mapping[Key, list[Record]]:
    """What is known of each current customer who holds them."""
    filed = list(_filed(company, rows).values_list("kind", "value", "customer"))
    groups = groups_of(company, {record for *_, record in filed})
    holders: dict[Key, dict[int, Record]] = defaultdict(dict)
    for kind, value, record in filed:
        if group := groups.get(record):
            holders[kind, value][group.head] = group.record
    return defaultdict(list, {key: list(heads.values()) for key, heads in holders.items()})


def _filed(company: Company, rows: Sequence[SharedIdentifier]) -> QuerySet[KeyRow]:
    values = sorted({row.value for row in rows})
    return company.keys.filter(kind__in=KINDS, value__in=values)


def _keep(company: Company, looked_at: Sequence[SharedIdentifier]) -> None:
    """Store what is still shared, or spoken about; the rest is nobody's business any more."""
    said = words_on(company)
    kept = [row for row in looked_at if row.held_by >= FEWEST or row.key in said]
    gone = {row.pk for row in looked_at} - {row.pk for row in kept}
    company.shared_identifiers.filter(pk__in=gone).delete()
    SharedIdentifier.across_companies.bulk_update(
        kept, ["held_by", "conclusion", "why", "is_due"], batch_size=AT_ONCE
    )
