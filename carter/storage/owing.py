"""What is owed for storage jobs."""

from typing import Any, cast

from django.db.models import QuerySet

from carter.billing.balances import with_job_balances


def with_storage_balances(storage_jobs: QuerySet[Any]) -> QuerySet[Any]:
    """The same storage jobs, each with `balance_cents` and `charged_cents`.

    A storage job has the key of its job, so the sums over the ledger are the same.
    """
    return cast("QuerySet[Any]", with_job_balances(storage_jobs))
