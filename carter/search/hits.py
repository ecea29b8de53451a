"""What Search Jobs shows of a customer, a lead, a job or a storage job that was found.

The queries are written out: Django would take longer to write them than the database to answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from carter.billing.models import Entry
from carter.companies.models import Company
from carter.customers.models import Customer, Phone
from carter.jobs.models import Job, stages
from carter.prepared import filled_up
from carter.storage.models import StorageJob


@dataclass(frozen=True)
class LastMove:
    """The customer's latest move that was not cancelled."""

    code: str
    on: date


@dataclass(frozen=True)
class CustomerHit:
    """A customer with what is owed, the last move, and a phone to tell namesakes apart."""

    customer: Customer
    balance_cents: int
    last_move: LastMove | None
    phone: str

    @property
    def name(self) -> str:
        return self.customer.name

    @property
    def address(self) -> str:
        return self.customer.get_absolute_url()

    @property
    def owes(self) -> bool:
        return self.balance_cents > 0

    @property
    def is_refused(self) -> bool:
        return self.customer.do_not_service


@dataclass(frozen=True)
class JobHit:
    """A lead, job or storage job; of its customer only what is shown is at hand."""

    job: Job

    @property
    def name(self) -> str:
        return self.job.caller

    @property
    def address(self) -> str:
        return self.job.get_absolute_url()

    @property
    def customer(self) -> Customer:
        return self.job.customer

    @property
    def title(self) -> str:
        return f"{self.job.code} {self.customer.name}"

    @property
    def is_refused(self) -> bool:
        return self.customer.do_not_service

    @property
    def move_in_on(self) -> date | None:
        """When a storage job's goods come in."""
        day: date | None = vars(self.job).get("move_in_on")
        return day


Hit = CustomerHit | JobHit

CUSTOMERS = """
    SELECT customer.id, customer.company_id, customer.number, customer.name, customer.kind,
        customer.category, customer.do_not_service, customer.do_not_service_reason,
        customer.head_id,
        record.id AS record_id, last.number AS last_number, last.move_on AS last_move_on,
        (SELECT SUM(entry.amount_cents) FROM {entries} entry
            WHERE entry.company_id = customer.company_id AND entry.customer_id = customer.id
        ) AS balance_cents,
        (SELECT phone.text FROM {phones} phone
            WHERE phone.customer_id = customer.id AND phone.former_at IS NULL
            ORDER BY phone.is_primary DESC, phone.id LIMIT 1
        ) AS phone_text
    FROM {customers} record
    JOIN {customers} customer ON customer.id = COALESCE(record.head_id, record.id)
    LEFT JOIN {jobs} last ON last.id = (
        SELECT job.id FROM {jobs} job
        WHERE job.customer_id = customer.id AND job.move_on IS NOT NULL AND job.stage IN ({moved})
        ORDER BY job.move_on DESC LIMIT 1
    )
    WHERE record.company_id = %s AND record.id IN ({keys}) AND customer.withdrawn_at IS NULL
"""
JOBS = """
    SELECT job.id, job.company_id, job.customer_id, job.number, job.stage, job.move_on,
        job.name, job.company_name, job.phone, job.email,
        job.origin_street, job.origin_city, job.origin_state, job.origin_postcode,
        job.destination_street, job.destination_city, job.destination_state,
        job.destination_postcode, customer.name AS customer_name,
        customer.do_not_service AS is_refused, customer.do_not_service_reason AS why_refused,
        stored.move_in_on
    FROM {jobs} job JOIN {customers} customer ON customer.id = job.customer_id
    LEFT JOIN {storage} stored ON stored.job_id = job.id
    WHERE job.company_id = %s AND job.id IN ({keys})
"""
TABLES = {
    "customers": Customer._meta.db_table,
    "entries": Entry._meta.db_table,
    "jobs": Job._meta.db_table,
    "phones": Phone._meta.db_table,
    "storage": StorageJob._meta.db_table,
}


def customer_hits(
    company: Company, records: dict[str, list[int]], limit: int
) -> dict[str, list[Hit]]:
    """The current customers these records lead to, each once, in this order. One query."""
    ((letter, keys),) = records.items()
    moved, wanted = list(stages.RUNNING_JOB), filled_up(keys)
    query = CUSTOMERS.format(**TABLES, moved=_places(moved), keys=_places(wanted))
    rows: Iterable[Any] = Customer.across_companies.raw(query, [*moved, company.pk, *wanted])
    found = {row.record_id: row for row in rows}
    in_order = {found[key].pk: found[key] for key in reversed(keys) if key in found}
    current = reversed(in_order.values())
    return {letter: [_customer_hit(company, row) for row in list(current)[:limit]]}


def job_hits(company: Company, keys: dict[str, list[int]], limit: int) -> dict[str, list[Hit]]:
    """Leads, jobs and storage jobs in this order. One query."""
    wanted = {letter: some[:limit] for letter, some in keys.items()}
    every = filled_up([key for some in wanted.values() for key in some])
    query = JOBS.format(**TABLES, keys=_places(every))
    found = {row.pk: row for row in Job.across_companies.raw(query, [company.pk, *every])}
    return {
        letter: [_job_hit(company, found[key]) for key in some if key in found]
        for letter, some in wanted.items()
    }


def _customer_hit(company: Company, row: Any) -> CustomerHit:
    row.company = company
    moved = row.last_move_on is not None
    return CustomerHit(
        customer=row,
        balance_cents=int(row.balance_cents or 0),
        last_move=LastMove(f"{company.job_prefix}{row.last_number}", row.last_move_on)
        if moved
        else None,
        phone=row.phone_text or "",
    )


def _job_hit(company: Company, row: Any) -> JobHit:
    row.company = company
    row.customer = Customer.from_db(
        row._state.db,
        ("id", "company_id", "name", "do_not_service", "do_not_service_reason"),
        (row.customer_id, company.pk, row.customer_name, row.is_refused, row.why_refused),
    )
    return JobHit(row)


def _places(values: list[Any]) -> str:
    return ", ".join(["%s"] * len(values))
