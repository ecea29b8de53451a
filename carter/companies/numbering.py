"""Numbers without gaps or repeats, per company and series."""

from django.db import transaction
from django.db.models import F

from carter.companies.models import Company


def take_number(company: Company, series: str) -> int:
    """The next number of the series; given back when the surrounding transaction fails."""
    return take_numbers(company, series, 1)[0]


def take_numbers(company: Company, series: str, count: int) -> range:
    """The next `count` numbers of the series, for many rows at once."""
    with transaction.atomic():
        company.series.get_or_create(name=series, company=company)
        company.series.filter(name=series).update(last=F("last") + count)
        last = company.series.get(name=series).last
    return range(last - count + 1, last + 1)
