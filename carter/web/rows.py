"""What lists show of a customer, as plain values (carter/web/pieces.py)."""

from datetime import date
from typing import Any, NamedTuple

from carter.customers.models import Customer

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
