"""Keeping the words of customers, leads, jobs and storage jobs as the rows are now."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from carter.companies.models import Company
from carter.customers.known import Known, known_of
from carter.customers.models import Customer
from carter.jobs.models import Job, Stage
from carter.prepared import Given, Prepared
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
            size = BATCH if at_most is None else min(BATCH, at_most)
            refreshed = refresh(company, size)
            done += refreshed
            if refreshed < size:
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
    customers = _taken(Customer, company, size)
    if customers:
        known = known_of(customers)
        entries = {
            (CUSTOMER.letter, words.start_of(word), customer.pk, word)
            for customer in customers
            for word in _words_of_customer(customer, known[customer.pk], company.country)
        }
        _store(company, [CUSTOMER.letter], [customer.pk for customer in customers], entries)
        _mark_made(customers)
    return len(customers)


@transaction.atomic
def _refresh_jobs(company: Company, size: int) -> int:
    jobs = _taken(Job, company, size)
    if jobs:
        places = _places_of(company, jobs)
        entries = {
            (_letter_of(job), words.start_of(word), job.pk, word)
            for job in jobs
            for word in _words_of_job(job, company.country) | places[job.pk]
        }
        letters = [subject.letter for subject in (LEAD, JOB, STORAGE_JOB)]
        _store(company, letters, [job.pk for job in jobs], entries)
        _mark_made(jobs)
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


def _taken(model: Any, company: Company, size: int) -> list[Any]:
    """The next rows, locked until their words are stored.

    Whoever changes one waits until then and marks it again; a row that somebody is changing
    now is left for the next time. So the mark is cleared only for the state that was read.
    """
    return _next_due(model, size)(company=company.pk)


@lru_cache(maxsize=8)
def _next_due(model: Any, size: int) -> Prepared[Any]:
    due = model.across_companies.filter(company=Given("company")).awaiting_words()
    taken = due.select_for_update(skip_locked=True, no_key=True).order_by("pk")
    return Prepared(lambda: taken.only(*COLUMNS[model])[:size])


def _mark_made(rows: Sequence[Any]) -> None:
    table, places = rows[0]._meta.db_table, _places(rows)
    with connection.cursor() as cursor:
        made = f"UPDATE {table} SET words_due = FALSE WHERE id IN ({places})"
        cursor.execute(made, [row.pk for row in rows])


def _words_of_customer(customer: Customer, known: Known, country: str) -> set[str]:
    if customer.withdrawn_at is not None:
        return set()
    is_firm = customer.kind == Customer.Kind.COMPANY
    names = [*(name for name, _ in known.contacts), *known.former_names]
    firms = [customer.name] if is_firm else []
    found = words.firm_words(customer.name) if is_firm else words.name_words(customer.name)
    return words.trimmed(
        found.union(
            *map(words.name_words, names),
            *(words.phone_words(text, country) for text, _ in known.phones),
            *map(words.email_words, known.emails),
            *map(words.place_words, known.addresses),
            words.pair_words([customer.name, *names], known.emails, firms),
            {words.number_word(customer.number)},
        )
    )


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
    stored = _stored(company, letters, keys)
    _remove(company, stored - entries)
    _add(company, entries - stored)


def _stored(company: Company, letters: list[str], keys: list[int]) -> set[Entry]:
    starts = [*words.STARTS, words.ELSEWHERE]
    statement = STORED.format(*map(_places, (letters, starts, keys)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [company.pk, *letters, *starts, *keys])
        return set(cursor.fetchall())


TABLE = Word._meta.db_table
STORED = f"""
    SELECT subject, start, subject_id, word FROM {TABLE}
    WHERE company_id = %s AND subject IN ({{}}) AND start IN ({{}}) AND subject_id IN ({{}})
"""
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


def _places(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
