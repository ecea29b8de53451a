"""What every deed of the account rests on: who is posted to, on which day, how much, and how."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from carter.billing.models import Charge, Entry, PaymentPart
from carter.companies.days import written
from carter.companies.models import Company
from carter.companies.money import money
from carter.customers.locking import lock_customer, lock_row
from carter.customers.models import Customer
from carter.jobs.models import Job

Of = TypeVar("Of")

LARGEST_CENTS = 10_000_000_000
"""More in one amount is a slip of the finger: a hundred million."""


class CannotPost(Exception):
    """What was asked cannot be posted; the words are for the person at the desk.

    `about` names what of it is wrong, such as the day, so that a screen says it there.
    """

    def __init__(self, words: str, *, about: str = "") -> None:
        super().__init__(words)
        self.about = about


def who_has(customer: Customer, job: Job | None) -> tuple[Customer, Job | None]:
    """Who is to be posted to, locked so that the job does not go to somebody else meanwhile."""
    if job is None:
        return lock_customer(customer), None
    job = lock_row(job)
    return job.customer, job


def business_day(company: Company, on: date | None) -> date:
    """The day to post on, default today. Raises CannotPost for the future and closed books.

    Charges, too, wait for their day: what is owed is the sum of all that is posted, on the screen
    and in a statement up to today alike.
    """
    on = on or company.today
    if on > company.today:
        raise CannotPost(
            "The date is in the future. Use today’s, or come back on the day.", about="on"
        )
    closed = company.books_closed_through
    if closed is not None and on <= closed:
        raise CannotPost(
            f"The books are closed through {written(closed)}. Use a later date.", about="on"
        )
    return on


def own_day(company: Company, on: date) -> date:
    """The day of what is countered, as if it had never been; today when its books are closed."""
    return business_day(company, None) if is_closed(company, on) else on


def is_closed(company: Company, on: date) -> bool:
    return company.books_closed_through is not None and on <= company.books_closed_through


def check_amount(cents: int, what: str, company: Company) -> None:
    """Raise CannotPost unless it is a sensible amount of whole cents, more than zero."""
    if not isinstance(cents, int) or isinstance(cents, bool):
        raise CannotPost(f"{what} is in whole cents.")
    if cents <= 0:
        raise CannotPost(f"{what} is more than zero.")
    if cents > LARGEST_CENTS:
        raise CannotPost(
            f"{what} is at most {money(LARGEST_CENTS, company.currency)}. Check the figure.",
            about="amount",
        )


def post(document: Charge | PaymentPart) -> None:
    """Save a document with the entry that mirrors it."""
    document.save()
    is_charge = isinstance(document, Charge)
    Entry(
        customer=document.customer,
        born_to=document.born_to,
        job=document.job,
        charge=document if isinstance(document, Charge) else None,
        part=document if isinstance(document, PaymentPart) else None,
        amount_cents=document.amount_cents if is_charge else -document.amount_cents,
        on=document.on,
        by=document.by,
    ).save()


def by_job(rows: Iterable[tuple[Of, int]]) -> dict[Of, int]:
    """Amounts added up by job (or its key), in the order the jobs came."""
    added: dict[Of, int] = {}
    for job, cents in rows:
        added[job] = added.get(job, 0) + cents
    return added


def place_of(customer: Customer, jobs: Iterable[Job | None]) -> Any:
    """Where History says what was done: the job when it is one, else the customer."""
    found = set(jobs)
    only = found.pop() if len(found) == 1 else None
    if only is not None and only.customer_id == customer.pk:
        only.customer = customer  # At hand: History asks for it.
    return only or customer.leads_to
