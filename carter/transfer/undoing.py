"""Taking a whole import back, and leaving what people have worked with since.

Nothing is deleted: customers are withdrawn, leads archived, charges countered, phones and other
details made former. The same file imported again brings all of it back, with the same numbers.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from carter.billing.models import Charge, Entry
from carter.customers.locking import lock_customers
from carter.customers.mains import settle_mains
from carter.customers.models import Customer, Event
from carter.jobs.models import Job, Stage
from carter.transfer.details import DETAILS
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.since import reasons_to_stay
from carter.transfer.steps import CHUNK, Watch, finish, make_findable

State, Outcome, Undo = ImportBatch.State, ImportRow.Outcome, ImportRow.Undo
WHAT = "took back the import of"


def take_back(batch: ImportBatch, watch: Watch) -> None:
    """Take back row after row, going on where an interrupted undo stopped."""
    did_something = batch.rows.filter(outcome__in=(Outcome.CREATED, Outcome.ATTACHED))
    left = did_something.filter(undo="")
    batch.rows_total = did_something.count()
    batch.rows_done = batch.rows_total - left.count()
    while rows := list(left.values_list("customer", "pk")[:CHUNK]):
        with transaction.atomic():
            # Locked first, looked at then: somebody may be at work with these customers now.
            lock_customers(Customer, [customer_id for customer_id, _ in rows if customer_id])
            found = batch.rows.filter(pk__in=[row_id for _, row_id in rows])
            _take_back(batch, list(found.select_related("customer", "job", "batch__company")))
            batch.rows_done += len(rows)
            batch.alive_at = timezone.now()
            batch.save(update_fields=["rows_done", "rows_total", "alive_at"])
        watch(batch)
    make_findable(batch)
    batch.rows_total = batch.rows_done = batch.rows.count()
    finish(batch, State.UNDONE)


def _take_back(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    created = [row for row in rows if row.outcome == Outcome.CREATED]
    attached = [row for row in rows if row.outcome == Outcome.ATTACHED]
    reasons = reasons_to_stay(batch, created)
    for row in created:
        row.undo_reason = reasons.get(row.customer_id or 0, "")
        row.undo = Undo.STAYS if row.undo_reason else Undo.UNDONE
    undone = [row for row in created if row.undo == Undo.UNDONE]
    _withdraw(batch, undone)
    _take_away(batch, attached)
    _counter_charges(batch, [*undone, *attached])
    _record(batch, [*undone, *attached])
    ImportRow.across_companies.bulk_update(rows, ["undo", "undo_reason"], batch_size=CHUNK)


def _withdraw(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    customers = Customer.across_companies.filter(pk__in=[row.customer_id for row in rows])
    customers.update(withdrawn_at=batch.undone_at, keys_due=True, words_due=True)
    jobs = Job.across_companies.filter(pk__in=[row.job_id for row in rows if row.job_id])
    jobs.update(stage=Stage.IMPORT_UNDONE, words_due=True)


def _take_away(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Make former what the rows gave to customers who were there before."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        row.undo = Undo.UNDONE
        for kind, added in row.added.items():
            ids[kind].extend(added)
    for kind, added in ids.items():
        given = DETAILS[kind].across_companies.filter(pk__in=added, former_at=None)
        headless = set(given.filter(is_primary=True).values_list("customer_id", flat=True))
        given.update(former_at=batch.undone_at, is_primary=False)
        settle_mains(headless, DETAILS[kind])
    holders = Customer.across_companies.filter(pk__in=[row.customer_id for row in rows])
    holders.update(keys_due=True, words_due=True)


def _counter_charges(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Post the mirror of every charge the import posted, on the charge's own day."""
    charges = Charge.across_companies.filter(
        born_to__in=[row.customer_id for row in rows],
        created_at=batch.stamp,
        counters=None,
        countered_by=None,
    )
    mirrors, entries = [], []
    for charge in charges.select_related("customer", "born_to", "job"):
        posted = {
            "company": batch.company,
            "customer": charge.customer,
            "born_to": charge.born_to,
            "job": charge.job,
            "amount_cents": -charge.amount_cents,
            "on": charge.on,
            "by": batch.undone_by,
            "created_at": batch.undone_at,
        }
        mirror = Charge(
            **posted,
            kind=charge.kind,
            description=charge.description,
            unit_price_cents=-charge.unit_price_cents,
            counters=charge,
        )
        mirrors.append(mirror)
        entries.append(Entry(**posted, charge=mirror))
    Charge.across_companies.bulk_create(mirrors)
    Entry.across_companies.bulk_create(entries)


def _record(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """One line of History for each customer, and for each lead."""
    moment = batch.undone_at or timezone.now()
    Event.across_companies.bulk_create(
        Event(
            company=batch.company,
            customer=row.customer,
            born_to=row.customer,
            what=f"{WHAT} {batch.file_name}"[:300],
            by=batch.undone_by,
            at=moment,
            about_kind="job" if about else "",
            about_id=about,
        )
        for row in rows
        if row.customer
        for about in {None, row.job_id}
    )
