"""Rules that always hold of the book, asked of the database in one go: `carter check`.

This floor's are about who has a row. Each higher floor has a module of this name with its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from carter.companies.tenancy import CompanyOwned
from carter.customers.following import followers
from carter.customers.ties import Tied, torn_rows

SHOWN = 5

Find = Callable[[int | None], Iterable[str]]


@dataclass(frozen=True)
class Rule:
    """One thing that always holds, in the office's words, and how to find what breaks it.

    `find` takes the key of a company, None for all, and names the rows to look at.
    """

    says: str
    find: Find

    def broken_by(self, company_id: int | None = None) -> tuple[int, list[str]]:
        """How many rows break it, and the first few."""
        found = list(self.find(company_id))
        return len(found), found[:SHOWN]


def sql(noun: str, *queries: str) -> Find:
    """Rows that a query finds by key. `{of a}` in it narrows `a` to the company."""

    def find(company_id: int | None) -> Iterator[str]:
        for query in queries:
            yield from (f"{noun} {key}" for (key,) in rows(query, company_id))

    return find


def rows(query: str, company_id: int | None) -> list[tuple[Any, ...]]:
    """What a query finds, of one company or of all."""
    narrowed = re.sub(
        r"\{of (\w+)\}",
        lambda alias: "" if company_id is None else f" AND {alias[1]}.company_id = {company_id:d}",
        query,
    )
    with connection.cursor() as cursor:
        cursor.execute(narrowed)
        return list(cursor.fetchall())


# Where every record that was merged leads to; the others lead to themselves.
HOLDERS = """
WITH RECURSIVE chain (record, place) AS (
    SELECT id, merged_into_id FROM customers_customer WHERE merged_into_id IS NOT NULL
    UNION SELECT chain.record, up.merged_into_id
    FROM chain JOIN customers_customer up ON up.id = chain.place
    WHERE up.merged_into_id IS NOT NULL
),
holder (record, customer) AS (
    SELECT chain.record, chain.place FROM chain
    JOIN customers_customer ends ON ends.id = chain.place AND ends.merged_into_id IS NULL
)
"""


WITH_ANOTHER = (
    HOLDERS
    + """
SELECT a.id FROM {table} a LEFT JOIN holder ON holder.record = a.born_to_id
WHERE a.customer_id <> COALESCE(holder.customer, a.born_to_id) {of a}
"""
)
AWAY_FROM_THE_JOB = """
SELECT a.id FROM {table} a JOIN jobs_job j ON j.id = a.job_id
WHERE a.born_to_id <> j.born_to_id {of a}
"""
STRANGERS = """
SELECT a.{column} FROM {table} a JOIN {other} b ON b.{other_key} = a.{column}
WHERE a.company_id <> b.company_id {of a}
"""
GAPS = """
SELECT a.company_id FROM {table} a
LEFT JOIN companies_series s ON s.company_id = a.company_id AND s.name = '{series}'
WHERE a.number IS NOT NULL {of a} GROUP BY a.company_id
HAVING MIN(a.number) <> 1 OR COUNT(*) <> COUNT(DISTINCT a.number)
    OR MAX(a.number) <> COUNT(*) OR MAX(a.number) <> COALESCE(MAX(s.last), 0)
"""


def numbers_without_gaps(series: str, table: str) -> Find:
    """Companies whose numbers of a series are not 1 to n, with n the last one taken."""
    query = filled(GAPS, series=series, table=table)
    return sql(f"{series} numbers of company", query)


def filled(query: str, **names: str) -> str:
    """A query for other tables and columns."""
    for name, value in names.items():
        query = query.replace(f"{{{name}}}", value)
    return query


def _with_another(company_id: int | None) -> Iterator[str]:
    """Rows whose customer is not at the end of the chain of the record they were made for."""
    for model in followers():
        query = filled(WITH_ANOTHER, table=model._meta.db_table)
        yield from sql(str(model._meta.verbose_name), query)(company_id)


def _away_from_the_job(company_id: int | None) -> Iterator[str]:
    """Rows of a job that were left behind when it went to another record."""
    for model in followers():
        if any(field.name == "job" for field in model._meta.concrete_fields):
            query = filled(AWAY_FROM_THE_JOB, table=model._meta.db_table)
            yield from sql(str(model._meta.verbose_name), query)(company_id)


def _torn(company_id: int | None) -> Iterator[str]:
    for model in followers():
        if issubclass(model, Tied):
            torn = torn_rows(model)
            torn = torn if company_id is None else torn.filter(company=company_id)
            yield from (
                f"{model._meta.verbose_name} {key}" for key in torn.values_list("pk", flat=True)
            )


def _across_companies(company_id: int | None) -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, CompanyOwned):
            for field in model.pointers():
                yield from _strangers(model, field, company_id)


def _strangers(model: type[CompanyOwned], field: Any, company_id: int | None) -> Iterable[str]:
    own, other = model._meta, field.related_model._meta
    query = filled(
        STRANGERS,
        table=own.db_table,
        column=field.column,
        other=other.db_table,
        other_key=other.pk.column,
    )
    return sql(f"{own.verbose_name} at {other.verbose_name}", query)(company_id)


RULES = (
    Rule("Every row is with the customer at the end of its record’s merges.", _with_another),
    Rule("Everything of a job is where the job is.", _away_from_the_job),
    Rule("What belongs together, as on an invoice, is with one customer.", _torn),
    Rule("No row points at another company’s row.", _across_companies),
    Rule("Customer numbers have no gaps.", numbers_without_gaps("customer", "customers_customer")),
)
