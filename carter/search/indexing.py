"""Keeping the words of customers, leads, jobs and storage jobs as the rows are now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from carter.companies.models import Company
from carter.customers.models import Address, Contact, Customer, Email, FormerName, Phone
from carter.jobs.models import Job, Stage
from carter.search import words
from carter.search.models import Word
from carter.search.subjects import CUSTOMER, JOB, LEAD, STORAGE_JOB

BATCH = 500

PARTS = ("street", "city", "state", "postcode")
PLACES = [f"{end}_{part}" for end in ("origin", "destination") for part in PARTS]
SAID = ("name", "company_name", "phone", "email", "extra_stops", *PLACES)
# What words are made of; reading whole rows would take a quarter longer.
COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Customer: ("company", "number", "name", "kind", "withdrawn_at"),
    Job: ("company", "number", "stage", *SAID),
}
DETAIL_COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Contact: ("born_to", "name"),
    FormerName: ("born_to", "name"),
    Phone: ("born_to", "text"),
    Email: ("born_to", "text"),
    Address: ("born_to", *PARTS),
}
NAMED = (Contact, FormerName)

Entry = tuple[str, str, int, str]
"""A word as it is stored: the subject's letter, start, the row's key, the word."""


def refresh_words(company: Company, *, at_most: int | None = None) -> int:
    """Make the words of every row that changed since they were made; returns how many rows.

    One cheap query when there is none. `at_most` bounds the work (whole batches are done), for
    somebody who waits for an answer. Two processes may do it at once: each takes other rows.
    """
    done = 0
    if not _any_due(company):
        return done
    for refresh in (_refresh_customers, _refresh_jobs):
        while at_most is None or done < at_most:
            refreshed = refresh(company, BATCH if at_most is None else min(BATCH, at_most))
            done += refreshed
            if not refreshed:
                break
    return done


# "id > 0" leads SQLite to the small index of what is due; without it, it reads every job.
ANY_DUE = " OR ".join(
    f"EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE company_id = %s AND words_due AND id > 0)"
    for model in (Customer, Job)
)


def _any_due(company: Company) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ANY_DUE}", [company.pk, company.pk])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def _refresh_customers(company: Company, size: int) -> int:
    customers = _taken(company.customers.awaiting_words(), size)
    if customers:
        details = _details(customers)
        entries = {
            (CUSTOMER.letter, words.start_of(word), customer.pk, word)
            for customer in customers
            for word in _words_of_customer(customer, details[customer.pk], company.country)
        }
        _store(company, [CUSTOMER.letter], [customer.pk for customer in customers], entries)
        company.customers.filter(pk__in=[each.pk for each in customers]).update(words_due=False)
    return len(customers)


@transaction.atomic
def _refresh_jobs(company: Company, size: int) -> int:
    jobs = _taken(company.jobs.awaiting_words(), size)
    if jobs:
        places = _places_of(company, jobs)
        entries = {
            (_letter_of(job), words.start_of(word), job.pk, word)
            for job in jobs
            for word in _words_of_job(job, company.country) | places[job.pk]
        }
        letters = [subject.letter for subject in (LEAD, JOB, STORAGE_JOB)]
        _store(company, letters, [job.pk for job in jobs], entries)
        company.jobs.filter(pk__in=[job.pk for job in jobs]).update(words_due=False)
    return len(jobs)


def _letter_of(job: Job) -> str:
    if job.is_storage:
        return STORAGE_JOB.letter
    return LEAD.letter if job.is_lead else JOB.letter


def _places_of(company: Company, jobs: Sequence[Job]) -> dict[int, set[str]]:
    """The words of the locations that storage jobs have. A query when there are any."""
    found: dict[int, set[str]] = defaultdict(set)
    stored = [job.pk for job in jobs if job.is_storage]
    if stored:
        stays = company.stays.standing().filter(storage_job__in=stored)
        for job_id, name in stays.values_list("storage_job", "location__name"):
            found[job_id] |= words.trimmed(words.name_words(name))
    return found


def _taken(due: Any, size: int) -> list[Any]:
    """The next rows, locked until their words are stored.

    Whoever changes one waits until then and marks it again; a row that somebody is changing
    now is left for the next time. So the mark is cleared only for the state that was read.
    """
    taken = due.order_by("pk").select_for_update(skip_locked=True, no_key=True)
    return list(taken.only(*COLUMNS[due.model])[:size])


def _details(customers: Sequence[Customer]) -> dict[int, list[Any]]:
    """What is known of each record, from the rows made for it: a merge changes no word."""
    details: dict[int, list[Any]] = defaultdict(list)
    keys = [customer.pk for customer in customers]
    for model, columns in DETAIL_COLUMNS.items():
        rows = model.across_companies.filter(born_to__in=keys).order_by()
        for row in rows.only(*columns):
            details[row.born_to_id].append(row)
    return details


def _words_of_customer(customer: Customer, details: Sequence[Any], country: str) -> set[str]:
    if customer.withdrawn_at is not None:
        return set()
    is_firm = customer.kind == Customer.Kind.COMPANY
    found = words.firm_words(customer.name) if is_firm else words.name_words(customer.name)
    found.add(words.number_word(customer.number))
    for detail in details:
        found |= _words_of_detail(detail, country)
    named = (detail.name for detail in details if isinstance(detail, NAMED))
    emails = (detail.text for detail in details if isinstance(detail, Email))
    firms = [customer.name] if is_firm else []
    return words.trimmed(found | words.pair_words([customer.name, *named], emails, firms))


def _words_of_detail(detail: Any, country: str) -> set[str]:
    match detail:
        case Phone():
            return words.phone_words(detail.text, country)
        case Email():
            return words.email_words(detail.text)
        case Address():
            return words.place_words(detail.text)
        case _:
            return words.name_words(detail.name)


def _words_of_job(job: Job, country: str) -> set[str]:
    if job.stage == Stage.IMPORT_UNDONE:
        return set()
    return words.trimmed(
        words.name_words(job.name)
        | words.firm_words(job.company_name)
        | words.pair_words([job.name, job.company_name], [job.email], [job.company_name])
        | words.phone_words(job.phone, country)
        | words.email_words(job.email)
        | words.place_words(job.origin)
        | words.place_words(job.destination)
        | words.place_words(job.extra_stops)
        | {words.number_word(job.number)}
    )


def _store(company: Company, letters: list[str], keys: list[int], entries: set[Entry]) -> None:
    """Make the stored words of the rows exactly these, writing only what differs."""
    stored = set(
        Word.across_companies.filter(
            company=company,
            subject__in=letters,
            start__in=[*words.STARTS, words.ELSEWHERE],
            subject_id__in=keys,
        ).values_list("subject", "start", "subject_id", "word")
    )
    _remove(company, stored - entries)
    _add(company, entries - stored)


TABLE = Word._meta.db_table
ROWS_AT_ONCE = 500


def _remove(company: Company, entries: set[Entry]) -> None:
    where = "company_id = %s AND subject = %s AND start = %s AND subject_id = %s AND word = %s"
    if entries:
        with connection.cursor() as cursor:
            rows = [(company.pk, *entry) for entry in entries]
            cursor.executemany(f"DELETE FROM {TABLE} WHERE {where}", rows)


def _add(company: Company, entries: set[Entry]) -> None:
    """Insert many small rows; models would take four times as long."""
    columns = "company_id, subject, start, subject_id, word"
    rows = [(company.pk, *entry) for entry in sorted(entries)]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(some))
            values = [value for row in some for value in row]
            cursor.execute(f"INSERT INTO {TABLE} ({columns}) VALUES {places}", values)
