"""The tabs of a customer's page and of a job's page.

A later part of Carter adds its tab by adding a line; nothing else changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from carter.customers.models import Customer
from carter.jobs.models import Job


@dataclass(frozen=True)
class Tab:
    """One tab: its label, the name of its address, and how many rows it holds, if it says."""

    label: str
    url_name: str
    count: Callable[[Any], int] | None = None


CUSTOMER_TABS = (
    Tab("Customer Details", "customer"),
    Tab("Moving Jobs", "customer_jobs", lambda customer: customer.jobs.count()),
    Tab("History", "customer_history"),
)
JOB_TABS = (
    Tab("Intake", "job"),
    Tab("Notes", "job_notes", lambda job: job.notes.count()),
    Tab("History", "job_history"),
)


def tab_bar(tabs: tuple[Tab, ...], row: Customer | Job, here: str) -> list[dict[str, Any]]:
    """The tabs of a row's page as the template shows them; `here` is the open one."""
    return [
        {
            "label": tab.label,
            "url": reverse(tab.url_name, args=[row.pk]),
            "here": tab.url_name == here,
            "count": tab.count(row) if tab.count else None,
        }
        for tab in tabs
    ]
