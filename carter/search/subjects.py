"""The kinds of rows that are found, and the letter each stands under in the words table."""

from collections.abc import Callable
from dataclasses import dataclass

from carter.companies.models import Company


@dataclass(frozen=True)
class Subject:
    """A kind of row. `prefix` gives what the company writes before its number: J- in J-10482."""

    letter: str
    label: str
    prefix: Callable[[Company], str]


CUSTOMER = Subject("c", "Customers", lambda company: company.customer_prefix)
LEAD = Subject("l", "Leads", lambda company: company.job_prefix)
JOB = Subject("j", "Jobs", lambda company: company.job_prefix)
STORAGE_JOB = Subject("s", "Storage Jobs", lambda company: company.storage_prefix)

SUBJECTS = (CUSTOMER, LEAD, JOB, STORAGE_JOB)
