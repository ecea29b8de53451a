"""Customers as a table, which can be imported again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Count, Max, QuerySet

from carter.billing.balances import with_balances
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.models import (
    Address,
    Contact,
    Customer,
    CustomerTag,
    Detail,
    Email,
    Phone,
)
from carter.jobs.models import Job
from carter.transfer.exporting.tables import Table, Value, amount
from carter.transfer.naming import book_of
from carter.transfer.understanding.ours import address_line, detail_line

AT_ONCE = 500
COLUMNS = [
    "customer_id",
    "name",
    "company_name",
    "category",
    "phone",
    "email",
    "address",
    "kind",
    "contacts",
    "phone_label",
    "other_phones",
    "email_label",
    "other_emails",
    "address_label",
    "street",
    "city",
    "state",
    "postcode",
    "other_addresses",
    "tags",
    "lead_source",
    "bill_to",
    "do_not_service",
    "do_not_service_reason",
    "since",
    "jobs",
    "last_move",
    "carter_book",
]
MONEY = ["balance"]


def customers_table(
    company: Company, *, ids: Iterable[int] | None = None, by: Member | None
) -> Table:
    """Current customers of the company, or the chosen ones, with what is known of them.

    The balance is there for those who may see money.
    """
    require(by, Right.EXPORT)
    customers = company.customers.current()
    if ids is not None:
        customers = customers.filter(pk__in=list(ids))
    money = by is None or by.may(Right.SEE_MONEY)
    rows = _rows(company, customers, money=money)
    return Table("customers", COLUMNS + (MONEY if money else []), rows)


def _rows(company: Company, customers: QuerySet[Customer], *, money: bool) -> Iterator[list[Value]]:
    book = book_of(company)
    for some in pieces(with_balances(customers) if money else customers):
        details = Details(some)
        for customer in some:
            customer.company = company
            row = [*_row(customer, details), book]
            yield [*row, amount(customer.balance_cents)] if money else row


def pieces(customers: QuerySet[Any]) -> Iterator[list[Any]]:
    """The customers by number, some hundred at a time, however many there are."""
    last = 0
    while some := list(customers.filter(number__gt=last).order_by("number")[:AT_ONCE]):
        yield some
        last = some[-1].number


class Details:
    """What some customers have, by kind and customer, in a fixed number of queries."""

    def __init__(self, customers: Sequence[Customer]) -> None:
        ids = [customer.pk for customer in customers]
        self.phones = _current(Phone, ids)
        self.emails = _current(Email, ids)
        self.addresses = _current(Address, ids)
        self.contacts = _current(Contact, ids)
        tagged = CustomerTag.across_companies.filter(customer__in=ids).select_related("tag")
        self.tags: dict[int, set[str]] = defaultdict(set)
        for each in tagged:
            self.tags[each.customer_id].add(each.tag.name)
        jobs = Job.across_companies.moves().filter(customer__in=ids).order_by().values("customer")
        self.jobs = {
            row["customer"]: row for row in jobs.annotate(count=Count("pk"), last=Max("move_on"))
        }


def _current(model: type[Detail], ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for detail in model.across_companies.filter(customer__in=ids, former_at=None):
        found[detail.customer_id].append(detail)
    return found


def _row(customer: Customer, details: Details) -> list[Value]:
    phones, emails = details.phones[customer.pk], details.emails[customer.pk]
    addresses, contacts = details.addresses[customer.pk], details.contacts[customer.pk]
    phone, email, address = (first(each) for each in (phones, emails, addresses))
    is_firm = customer.kind == Customer.Kind.COMPANY
    jobs = details.jobs.get(customer.pk, {"count": 0, "last": None})
    return [
        customer.code,
        str(first(contacts) or "") if is_firm else customer.name,
        customer.company_name,
        customer.category,
        str(phone or ""),
        str(email or ""),
        str(address or ""),
        customer.kind,
        "\n".join(detail_line(each.get_role_display(), each.name) for each in contacts),
        phone.get_label_display() if phone else "",
        "\n".join(detail_line(each.get_label_display(), each.text) for each in phones[1:]),
        email.get_label_display() if email else "",
        "\n".join(detail_line(each.get_label_display(), each.text) for each in emails[1:]),
        address.get_label_display() if address else "",
        *(_parts(address) if address else [""] * 4),
        "\n".join(
            detail_line(each.get_label_display(), address_line(*_parts(each)))
            for each in addresses[1:]
        ),
        "\n".join(sorted(details.tags[customer.pk])),
        customer.lead_source,
        customer.bill_to,
        "yes" if customer.do_not_service else "",
        customer.do_not_service_reason,
        customer.created_at.astimezone(customer.company.zone),
        jobs["count"],
        jobs["last"],
    ]


def first(details: Sequence[Any]) -> Any:
    return details[0] if details else None


def _parts(address: Address) -> list[str]:
    return [address.street, address.city, address.state, address.postcode]
