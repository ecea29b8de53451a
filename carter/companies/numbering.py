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
        counter = company.series.filter(name=series)
        if not counter.update(last=F("last") + count):
            company.series.get_or_create(name=series, company=company)
            counter.update(last=F("last") + count)
        last = counter.values_list("last", flat=True).get()
    return range(last - count + 1, last + 1)
