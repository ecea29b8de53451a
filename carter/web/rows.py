"""What lists show of a customer, a lead or a job, as plain values (carter/web/pieces.py)."""

from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from carter.customers.models import Customer
from carter.jobs.models import Job

CATEGORIES: dict[str, str] = dict(Customer.Category.choices)


class CustomerRow(NamedTuple):
    """A customer in the Customers list; `balance_cents` is None for who may not see money."""

    key: int
    name: str
    code: str
    do_not_service: bool
    do_not_service_reason: str
    tags: tuple[str, ...]
    category: str
    phone: str
    email: str
    jobs: int
    last_move_on: date | None
    balance_cents: int | None
    currency: str


def customer_row(customer: Any, tags: list[str], *, sees_money: bool) -> CustomerRow:
    """A customer of the list, with what `_fill` gave it."""
    return CustomerRow(
        key=customer.pk,
        name=customer.name,
        code=customer.code,
        do_not_service=customer.do_not_service,
        do_not_service_reason=customer.do_not_service_reason,
        tags=tuple(tags),
        category=CATEGORIES.get(customer.category, ""),
        phone=customer.main_phone or "",
        email=customer.main_email or "",
        jobs=customer.jobs_count,
        last_move_on=customer.last_move_on,
        balance_cents=customer.balance_cents if sees_money else None,
        currency=customer.company.currency,
    )


class LeadRow(NamedTuple):
    """A lead in the Leads list; `taken_on` is the day at the company's place."""

    key: int
    address: str
    code: str
    caller: str
    firm: str
    source: str
    do_not_service: bool
    do_not_service_reason: str
    is_repeat: bool
    stage: str
    move_on: date | None
    route: str
    size: str
    taken_on: date
    owner: str


def lead_row(lead: Job, *, is_repeat: bool) -> LeadRow:
    """A lead of the list, whose customer and owner came along."""
    return LeadRow(
        key=lead.pk,
        address=lead.get_absolute_url(),
        code=lead.code,
        caller=lead.caller or lead.customer.name,
        firm=lead.company_name if lead.name else "",
        source=lead.lead_source,
        do_not_service=lead.customer.do_not_service,
        do_not_service_reason=lead.customer.do_not_service_reason,
        is_repeat=is_repeat,
        stage=lead.stage,
        move_on=lead.move_on,
        route=lead.route,
        size=lead.get_move_size_display(),
        taken_on=timezone.localtime(lead.created_at).date(),
        owner=str(lead.owner or ""),
    )


class JobRow(NamedTuple):
    """A job in the Jobs list; both amounts are None for who may not see money."""

    address: str
    code: str
    customer_key: int
    customer: str
    do_not_service: bool
    do_not_service_reason: str
    stage: str
    move_on: date | None
    route: str
    size: str
    charged_cents: int | None
    balance_cents: int | None
    currency: str


def job_row(job: Any, *, sees_money: bool) -> JobRow:
    """A job of the list, whose customer and balance came along."""
    return JobRow(
        address=job.get_absolute_url(),
        code=job.code,
        customer_key=job.customer_id,
        customer=job.customer.name,
        do_not_service=job.customer.do_not_service,
        do_not_service_reason=job.customer.do_not_service_reason,
        stage=job.stage,
        move_on=job.move_on,
        route=job.route,
        size=job.get_move_size_display(),
        charged_cents=job.charged_cents if sees_money else None,
        balance_cents=job.balance_cents if sees_money else None,
        currency=job.company.currency,
    )
