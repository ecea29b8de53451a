"""The tabs of a customer's page, of a job's page and of the duplicates.

A later part of Carter adds its tab by adding a line; nothing else changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from carter.companies.models import Member
from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.models import Job


@dataclass(frozen=True)
class Tab:
    """One tab: its label, the name of its address, and how many rows it holds, if it says.

    Who lacks the `right` it needs does not see it, nor does a company without the Storage module
    what is `of_storage`.
    """

    label: str
    url_name: str
    count: Callable[[Any], int] | None = None
    right: Right | None = None
    of_storage: bool = False


CUSTOMER_TABS = (
    Tab("Customer Details", "customer"),
    Tab("Moving Jobs", "customer_jobs", lambda customer: customer.jobs.moves().count()),
    Tab(
        "Storage Jobs",
        "customer_storage",
        lambda customer: customer.jobs.storage().count(),
        of_storage=True,
    ),
    Tab("Invoices", "customer_invoices", right=Right.SEE_MONEY),
    Tab("Payments", "customer_payments", right=Right.SEE_MONEY),
    Tab("History", "customer_history"),
)
JOB_TABS = (
    Tab("Intake", "job"),
    Tab("Charges & Payments", "job_charges", right=Right.SEE_MONEY),
    Tab("Notes", "job_notes", lambda job: job.count_of_notes),
    Tab("History", "job_history"),
)
STORAGE_JOB_TABS = (
    Tab("Storage", "storage_job"),
    Tab("Intake", "storage_intake"),
    *JOB_TABS[1:],
)
STORAGE_TABS = (
    Tab("Storage Jobs", "storage"),
    Tab("Warehouses", "warehouses"),
)
BILLING_TABS = (
    Tab("Invoices", "billing"),
    Tab("Aging", "billing_aging"),
    Tab("Money Not Applied", "billing_unapplied"),
    Tab("Payments", "billing_payments"),
    Tab("Recurring Invoices", "billing_recurring", of_storage=True),
    Tab("Failed Auto-Payments", "failed_auto_payments"),
)
DUPLICATES_TABS = (
    Tab("Duplicates", "duplicates"),
    Tab("Recommended merges", "recommended_merges"),
    Tab("Decided", "duplicates_decided"),
    Tab("Shared Phones and Emails", "shared_identifiers"),
)


def tab_bar(
    tabs: tuple[Tab, ...], row: Customer | Job, here: str, *, member: Member
) -> list[dict[str, Any]]:
    """The tabs of a row's page as the template shows them; `here` is the open one."""
    return [
        {
            "label": tab.label,
            "url": reverse(tab.url_name, args=[row.pk]),
            "here": tab.url_name == here,
            "count": tab.count(row) if tab.count else None,
        }
        for tab in tabs
        if (tab.right is None or member.may(tab.right))
        and (member.company.has_storage or not tab.of_storage)
    ]


def section_tabs(
    tabs: tuple[Tab, ...], here: str, *, has_storage: bool = False
) -> list[dict[str, Any]]:
    """The tabs of a section of the book, as the template shows them; `here` is the open one."""
    return [
        {"label": tab.label, "url": reverse(tab.url_name), "here": tab.url_name == here}
        for tab in tabs
        if has_storage or not tab.of_storage
    ]
