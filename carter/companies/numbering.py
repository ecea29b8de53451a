"""Numbers without gaps or repeats, per company and series."""

from typing import Any

from django.db import connection

from carter.companies.models import Company, Series


def take_number(company: Company, series: str) -> int:
    """The next number of the series; given back when the surrounding transaction fails."""
    return take_numbers(company, series, 1)[0]


def take_numbers(company: Company, series: str, count: int) -> range:
    """The next `count` numbers of the series, for many rows at once."""
    last = _counted(company, series, count)
    if last is None:
        company.series.get_or_create(name=series, company=company)
        last = _counted(company, series, count)
    return range(last - count + 1, last + 1)


def _counted(company: Company, series: str, count: int) -> Any:
    """The last number of a series counted on; None when nothing was counted in it yet."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON, [count, company.pk, series])
        found = cursor.fetchone()
    return found and found[0]


COUNT_ON = f"""
    UPDATE {Series._meta.db_table} SET last = last + %s WHERE company_id = %s AND name = %s
    RETURNING last
"""  # noqa: S608 constant text
