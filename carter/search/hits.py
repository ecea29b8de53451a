"""What Search Jobs shows of a customer, a lead, a job or a storage job that was found.

The queries are written out: Django would take longer to write them than the database to answer.
"""

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from carter.among import among, many
from carter.billing.models import Entry
from carter.companies.models import Company
from carter.companies.paths import path_to
from carter.customers.models import Customer, Phone
from carter.jobs.models import Job, stages
from carter.jobs.route import End, route
from carter.search.conditions import Sql, fetched
from carter.storage.models import StorageJob


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """A customer with what is owed, the last move, and a phone to tell namesakes apart.

    `last_move_on` is the day of the latest move that was not cancelled.
    """

    pk: int
    code: str
    name: str
    do_not_service: bool
    do_not_service_reason: str
    balance_cents: int
    phone: str
    last_move_on: date | None

    @property
    def address(self) -> str:
        return path_to("customer", self.pk)

    @property
    def owes(self) -> bool:
        return self.balance_cents > 0


@dataclass(frozen=True, slots=True)
class JobHit:
    """A lead, job or storage job: `name` said who called, `customer` is who has it now.

    `move_in_on` is when a storage job's goods come in.
    """

    pk: int
    code: str
    name: str
    stage: str
    customer: str
    do_not_service: bool
    do_not_service_reason: str
    move_on: date | None
    move_in_on: date | None
    route: str

    @property
    def address(self) -> str:
        return path_to("storage_job" if self.is_storage else "job", self.pk)

    @property
    def is_storage(self) -> bool:
        return self.stage in stages.STORAGE

    @property
    def title(self) -> str:
        return f"{self.code} {self.customer}"


Hit = CustomerHit | JobHit

CUSTOMERS = """
    SELECT record.id, customer.id, customer.number, customer.name,
        customer.do_not_service, customer.do_not_service_reason,
        (SELECT SUM(entry.amount_cents) FROM {entries} entry
            WHERE entry.company_id = customer.company_id AND entry.customer_id = customer.id
        ),
        (SELECT phone.text FROM {phones} phone
            WHERE phone.customer_id = customer.id AND phone.former_at IS NULL
            ORDER BY phone.is_primary DESC, phone.id LIMIT 1
        ),
        (SELECT MAX(job.move_on) FROM {jobs} job
            WHERE job.customer_id = customer.id AND job.move_on IS NOT NULL
            AND job.stage IN ({moved})
        )
    FROM {customers} record
    JOIN {customers} customer ON customer.id = COALESCE(record.head_id, record.id)
    WHERE record.company_id = %s AND {is_found} AND customer.withdrawn_at IS NULL
"""
JOBS = """
    SELECT job.id, job.number, job.stage, job.name, job.company_name, job.phone, job.email,
        customer.name, customer.do_not_service, customer.do_not_service_reason,
        job.move_on, stored.move_in_on,
        job.origin_street, job.origin_city, job.origin_state,
        job.destination_street, job.destination_city, job.destination_state
    FROM {jobs} job JOIN {customers} customer ON customer.id = job.customer_id
    LEFT JOIN {storage} stored ON stored.job_id = job.id
    WHERE job.company_id = %s AND {is_found}
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
    """The current customers these records lead to, each once, in this order.

    One query; another one for the rest where two of the first lead to the same customer.
    """
    ((letter, keys),) = records.items()
    in_order: dict[int, Hit] = {}
    for some in (keys[:limit], keys[limit:]):
        if some and len(in_order) < limit:
            found = _customers_of(company, some)
            for key in filter(found.__contains__, some):
                in_order.setdefault(found[key].pk, found[key])
    return {letter: list(in_order.values())[:limit]}


def _customers_of(company: Company, records: list[int]) -> dict[int, CustomerHit]:
    """By record the customer it leads to."""
    moved = list(stages.RUNNING_JOB)
    query = CUSTOMERS.format(**TABLES, moved=_places(moved), is_found=among("record.id"))
    rows = fetched(Sql(query, [*moved, company.pk, many(records)]))
    return {record: _customer_hit(company, row) for record, *row in rows}


def job_hits(company: Company, keys: dict[str, list[int]], limit: int) -> dict[str, list[Hit]]:
    """Leads, jobs and storage jobs in this order. One query."""
    wanted = {letter: some[:limit] for letter, some in keys.items()}
    query = JOBS.format(**TABLES, is_found=among("job.id"))
    every = many(chain.from_iterable(wanted.values()))
    found = {row[0]: row for row in fetched(Sql(query, [company.pk, every]))}
    return {
        letter: [_job_hit(company, found[key]) for key in some if key in found]
        for letter, some in wanted.items()
    }


def _customer_hit(company: Company, row: list[Any]) -> CustomerHit:
    pk, number, name, is_refused, why, balance, phone, moved = row
    return CustomerHit(
        pk,
        f"{company.customer_prefix}{number}",
        name,
        bool(is_refused),
        why,
        int(balance or 0),
        phone or "",
        _day(moved),
    )


def _job_hit(company: Company, row: tuple[Any, ...]) -> JobHit:
    pk, number, stage, *said, customer, is_refused, why, moved, moved_in = row[:12]
    prefix = company.storage_prefix if stage in stages.STORAGE else company.job_prefix
    return JobHit(
        pk,
        f"{prefix}{number}",
        next(filter(None, said), ""),
        stage,
        customer,
        bool(is_refused),
        why,
        _day(moved),
        _day(moved_in),
        route(End(*row[12:15]), End(*row[15:])),
    )


def _day(found: date | str | None) -> date | None:
    """What SQLite reckoned out of days is text."""
    return date.fromisoformat(found) if isinstance(found, str) else found


def _places(values: list[Any]) -> str:
    return ", ".join(["%s"] * len(values))
