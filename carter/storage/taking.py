"""Taking a storage job: for somebody new, for a known customer, or from a move."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.numbering import take_number
from carter.companies.rights import Right, require
from carter.customers.adding import add_customer
from carter.customers.locking import lock_customer, lock_row
from carter.customers.models import Customer
from carter.jobs.intake import NothingToCallBack, customer_said
from carter.jobs.models import Job, Stage
from carter.storage.locking import NotOfStorage
from carter.storage.models import StorageJob

SAID = ("category", "name", "company_name", "phone", "email", "lead_source")
CALLED = ("name", "company_name", "phone", "email")


@transaction.atomic
def take_storage_job(
    *,
    company: Company,
    intake: Mapping[str, Any],
    terms: Mapping[str, Any],
    customer: Customer | None = None,
    from_move: Job | None = None,
    by: Member | None,
) -> StorageJob:
    """Reserve storage for a chosen customer, or with a customer of its own made from the intake.

    From a move it is for the move's customer, and linked to the move; what was said at the move's
    intake fills in what `intake` leaves out. `intake` holds fields of `Job`, `terms` of
    `StorageJob`. Raises NothingToCallBack when it names nobody.
    """
    require(by, Right.EDIT)
    if terms.get("monthly_price_cents") is not None:
        require(by, Right.SEE_MONEY)
    if from_move is not None:
        from_move = _locked_move(from_move)
        customer, intake = from_move.customer, {**said_of(from_move), **intake}
    customer = _customer_of(company, intake, customer, by)
    job = company.jobs.create(
        company=company,
        customer=customer,
        born_to=from_move.born_to if from_move else customer,
        number=take_number(company, "job"),
        stage=Stage.RESERVED,
        **intake,
    )
    storage_job = company.storage_jobs.create(company=company, job=job, **terms)
    job.record(_what_was_done(from_move), by=by)
    if from_move is not None:
        storage_job.linked_moves.create(company=company, move=from_move)
        from_move.record(f"took {job} from this move", by=by)
    return storage_job


def said_of(move: Job) -> dict[str, Any]:
    """What was said at a move's intake that a storage job starts with."""
    return {field: getattr(move, field) for field in SAID}


def _locked_move(move: Job) -> Job:
    move = lock_row(move)
    if move.is_storage:
        raise NotOfStorage(f"{move} is no move.")
    return move


def _customer_of(
    company: Company, intake: Mapping[str, Any], customer: Customer | None, by: Member | None
) -> Customer:
    if customer is not None:
        return lock_customer(customer)
    if not any(intake.get(field) for field in CALLED):
        raise NothingToCallBack
    return add_customer(company=company, new=customer_said(intake, Customer.Origin.LEAD), by=by)


def _what_was_done(move: Job | None) -> str:
    return f"reserved storage from {move}" if move else "reserved storage"
