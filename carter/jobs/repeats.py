"""Possible repeat customers: who a lead, a job or half-typed input may really be."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.matching.find import Match, are_matched, find_matches, find_matches_for_many
from carter.matching.record import Record
from carter.matching.verdicts import Verdict

MOST = 10
NAMESAKES = 3


def said_at_intake(job: Job) -> Record:
    """What the caller said, as it is compared."""
    said = (job.name, job.company_name, job.phone, job.email, job.origin)
    return _read(*said, job.category == Customer.Category.COMMERCIAL, job.company.country)


@lru_cache(maxsize=1024)
def _read(
    name: str, firm: str, phone: str, email: str, address: str, commercial: bool, country: str
) -> Record:
    """The same for the same words: the list of leads is opened again and again."""
    return Record.typed(
        names=[name],
        companies=[firm],
        phones=[phone],
        emails=[email],
        addresses=[address],
        commercial=commercial,
        country=country,
    )


def repeats_of(job: Job) -> list[Match]:
    """Existing customers who may be the one on this lead or job, surest first."""
    return find_matches(job.company, said_at_intake(job), besides=job.customer)


def candidates_of(job: Job) -> list[Match]:
    """Those, and after them a few who have only the name in common: no flag, yet one may be it."""
    record, customer = said_at_intake(job), job.customer
    found = find_matches(job.company, record, besides=customer, limit=MOST, namesakes=True)
    sharing_name = [match for match in found if match.verdict == Verdict.NAMESAKE]
    return [match for match in found if match not in sharing_name[NAMESAKES:]]


def are_repeats(company: Company, leads: Iterable[Job]) -> set[int]:
    """Which of many leads have a possible repeat customer, without saying whom."""
    return are_matched(company, _asked(leads))


def repeats_of_leads(company: Company, leads: Iterable[Job]) -> dict[int, list[Match]]:
    """The same for many leads at once, by lead; a constant number of queries."""
    return find_matches_for_many(company, _asked(leads))


def repeats_of_typed(company: Company, typed: Mapping[str, str], *, limit: int) -> list[Match]:
    """Existing customers that half-typed input may be about; a name alone is enough here."""
    record = Record.typed(
        names=[typed.get("name", "")],
        companies=[typed.get("company_name", "")],
        phones=[typed.get("phone", "")],
        emails=[typed.get("email", "")],
        commercial=typed.get("category") == Customer.Category.COMMERCIAL,
        country=company.country,
    )
    return find_matches(company, record, limit=limit, namesakes=True)


def _asked(leads: Iterable[Job]) -> dict[int, tuple[Record, Customer | None]]:
    return {lead.pk: (said_at_intake(lead), lead.customer) for lead in leads}
