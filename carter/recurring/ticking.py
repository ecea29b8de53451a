"""A tick: everything about recurring invoices and auto-pay that is due, company by company.

It goes by the rows in the database and does nothing twice: start it anywhere, as often as you
like, at the same time, or two weeks late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from django.utils import timezone

from carter.companies.models import Company
from carter.gateway.collecting import collect_due
from carter.gateway.events import process_events
from carter.gateway.letters import write_due_letters
from carter.gateway.resolving import resolve_unknown
from carter.recurring.billing import bill_due
from carter.recurring.bounds import is_held
from carter.recurring.late_fees import charge_late_fees
from carter.recurring.letters import Mailed, mail_invoices, remind
from carter.recurring.models import RecurringInvoice, TickRun
from carter.recurring.runs import Done, written_down

log = structlog.get_logger(__name__)


def tick() -> list[TickRun]:
    """Do what is due in every company; each, and each step, by itself."""
    runs = (_ticked(company) for company in Company.objects.order_by("id"))
    return [run for run in runs if run is not None]


def tick_company(company: Company) -> TickRun | None:
    """Do what is due in a company; the run, when it did something or something new failed."""
    started_at, today, all_done = timezone.now(), company.today, Done()
    for step in STEPS:
        if company.has_storage or not step.of_storage:
            done = _attempted(step, company, today)
            all_done.did |= done.did
            all_done.failures |= done.failures
    return written_down(company, today, started_at, all_done)


@dataclass(frozen=True)
class Step:
    """One thing a tick does for a company; `of_storage` only while it has the module on."""

    name: str
    do: Callable[[Company, date], Done]
    of_storage: bool = True


def _invoices(company: Company, today: date) -> Done:
    """Invoice and charge late fees day by day, as if no day had been missed."""
    if is_held(company, today):
        return Done()
    done, failed, day = (
        Done(did={"invoices": 0, "late fees": 0}),
        set[int](),
        _first(company, today),
    )
    while day <= today:
        # Fees first: those of the days before go on the invoices of this day.
        done.did["late fees"] += charge_late_fees(company, day)
        billed = bill_due(company, day, besides=failed)
        done.did["invoices"] += billed.invoices
        failed |= set(billed.failures)
        done.failures |= _named(company, billed.failures | billed.not_charged)
        day += timedelta(days=1)
    return done


def _first(company: Company, today: date) -> date:
    """The first day on which something is to be invoiced, today when nothing is late."""
    due = company.recurring_invoices.due(today).order_by("next_bill_on")
    first: date | None = due.values_list("next_bill_on", flat=True).first()
    return first or today


def _named(company: Company, failures: dict[int, str]) -> dict[str, str]:
    """Failures by the storage job that they are about."""
    found = RecurringInvoice.across_companies.filter(company=company, pk__in=failures)
    names = {
        each.pk: str(each.storage_job) for each in found.select_related("storage_job__job__company")
    }
    return {names[pk]: why for pk, why in failures.items() if pk in names}


def _collections(company: Company, today: date) -> Done:
    done = collect_due(company, today)
    did = {"paid by auto-pay": done.paid, "declined": done.declined, "stopped": done.stopped}
    return Done(did, {"Auto-pay": done.trouble} if done.trouble else {})


def _unknown(company: Company, today: date) -> Done:
    return Done({"payments cleared up": resolve_unknown(company)})


def _events(company: Company, today: date) -> Done:
    return Done({"messages of the gateway": process_events(company)})


def _receipts(company: Company, today: date) -> Done:
    return Done({"letters about payments": write_due_letters(company)})


def _mail(company: Company, today: date) -> Done:
    return _mailed("invoices mailed", mail_invoices(company))


def _reminders(company: Company, today: date) -> Done:
    return _mailed("reminders", remind(company, today))


def _mailed(what: str, mailed: Mailed) -> Done:
    return Done({what: mailed.letters}, mailed.failures)


STEPS = (
    Step("the payments that are unclear", _unknown, of_storage=False),
    Step("the messages of the gateway", _events, of_storage=False),
    Step("the invoices", _invoices),
    Step("auto-pay", _collections, of_storage=False),
    Step("letters about payments", _receipts, of_storage=False),
    Step("mailing the invoices", _mail),
    Step("the reminders", _reminders),
)


def _ticked(company: Company) -> TickRun | None:
    """One company’s tick; what goes wrong outside its steps stops no other company’s either."""
    try:
        return tick_company(company)
    except Exception:
        log.exception("tick failed", company=company.pk)
        return None


def _attempted(step: Step, company: Company, today: date) -> Done:
    """Take a step; one that fails is written down and keeps no other from being taken."""
    try:
        return step.do(company, today)
    except Exception as trouble:
        log.exception("step failed", step=step.name, company=company.pk)
        words = f"Something went wrong ({type(trouble).__name__}); Carter’s log says what."
        return Done(failures={step.name.capitalize(): words})
