"""The demo's Recurring Invoices: what is in the warehouse is invoiced, and mostly paid."""

from datetime import date, datetime, timedelta

from carter.billing.ledger import record_payment
from carter.billing.models import Invoice, Payment
from carter.demo.days import Calendar
from carter.demo.people import Office
from carter.jobs.models import Job, Stage
from carter.jobs.models.stages import STORED
from carter.recurring.billing import bill_due
from carter.recurring.models import LatePolicy, RecurringInvoice, RecurringLine
from carter.storage.models import StorageJob

MONTHS_TOLD = timedelta(days=150)
"""Carter invoices the storage since then; before, the office did it by hand elsewhere."""
LATE_EVERY = 7
PAYS_AFTER = (0, 2, 3, 5, 9)
"""Days after due, job by job."""
METHODS = (Payment.Method.CHECK, Payment.Method.CARD, Payment.Method.ACH)


def invoice_the_storage(office: Office, calendar: Calendar) -> None:
    """Set schedules up for the goods that are or were in the warehouse, and let them run."""
    company, today = office.company, calendar.today
    schedules = [
        _schedule(stored, max(stored.move_in_on, today - MONTHS_TOLD), place)
        for place, stored in enumerate(_stored(office))
        if stored.move_in_on is not None
    ]
    _save(office, [one for one in schedules if one.ends_on is None or one.ends_on > one.starts_on])
    LatePolicy(company=company, is_on=True, since_on=today, fee="fixed", fee_cents=2_500).save()
    bill_due(company, today)
    made = company.invoices.filter(period__isnull=False).order_by("number")
    for invoice in made.select_related("company", "job__customer"):
        if invoice.job is not None and invoice.issued_on is not None:
            at = calendar.at(invoice.issued_on, 6)
            _tell_on_its_day(invoice.job, f"issued {invoice}", at)
            _pay(invoice, invoice.job, office, calendar)


def _stored(office: Office) -> list[StorageJob]:
    rows = office.company.storage_jobs.filter(
        job__stage__in=[*STORED, Stage.MOVED_OUT], monthly_price_cents__gt=0
    )
    return list(rows.select_related("job").order_by("pk"))


def _schedule(stored: StorageJob, starts_on: date, place: int) -> RecurringInvoice:
    ends_on = stored.move_out_on if stored.job.stage == Stage.MOVED_OUT else None
    return RecurringInvoice(
        company_id=stored.company_id,
        storage_job=stored,
        months=3 if place % 8 == 5 else 1,
        anchor_day=1 if place % 3 else starts_on.day,
        starts_on=starts_on,
        ends_on=ends_on,
        days_ahead=5,
        next_starts_on=starts_on,
        next_bill_on=starts_on,
        bills_from_on=starts_on,
    )


def _save(office: Office, schedules: list[RecurringInvoice]) -> None:
    for schedule in office.company.recurring_invoices.bulk_create(schedules):
        RecurringLine(
            company=office.company,
            schedule=schedule,
            description="Storage",
            unit_price_cents=schedule.storage_job.monthly_price_cents or 0,
            position=1,
        ).save()


def _tell_on_its_day(job: Job, what: str, at: datetime) -> None:
    """History tells of it when it happened, not when the demo was made."""
    last = job.events.filter(what=what).order_by("-id").values_list("pk", flat=True)[:1]
    job.customer.events.filter(pk__in=list(last)).update(at=at)


def _pay(invoice: Invoice, job: Job, office: Office, calendar: Calendar) -> None:
    """Most pay a few days after due; one in seven has stopped to."""
    today = calendar.today
    on = (invoice.due_on or today) + timedelta(days=PAYS_AFTER[job.number % len(PAYS_AFTER)])
    has_stopped = job.number % LATE_EVERY == 0 and on > today - timedelta(days=70)
    cents = invoice.open_cents
    if on > today or has_stopped or not cents:
        return
    record_payment(
        customer=job.customer,
        job=job,
        method=METHODS[job.number % len(METHODS)],
        amount_cents=cents,
        to={invoice: cents},
        on=on,
        by=office.billing,
    )
    _tell_on_its_day(job, "recorded a payment", calendar.at(on, 11))
