"""The company's country: how phone numbers without a country code are read."""

from collections.abc import Iterator

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.models import Phone

AT_ONCE = 1_000


@transaction.atomic
def change_country(company: Company, country: str, *, by: Member | None) -> Company:
    """Read phone numbers as another country's from now on, those in the book included.

    Who has a number that now reads differently is compared with everybody anew.
    """
    require(by, Right.SETTINGS)
    company = Company.objects.select_for_update().get(pk=company.pk)
    if country != company.country:
        before = company.get_country_display()
        company.country = Company.Country(country)
        company.save(update_fields=["country"])
        _read_phones_anew(company)
        changes = {"country": [before, company.get_country_display()]}
        company.record("changed the country", by=by, changes=changes)
    return company


def _read_phones_anew(company: Company) -> None:
    for phones in _read_differently(company):
        Phone.across_companies.bulk_update(phones, ["key"])
        holders = company.customers.filter(pk__in={phone.born_to_id for phone in phones})
        holders.update(keys_due=True, words_due=True)
    company.jobs.exclude(phone="").update(words_due=True)


def _read_differently(company: Company) -> Iterator[list[Phone]]:
    """The phones whose key is another now, with that key, some at a time."""
    changed = []
    for phone in company.phones.order_by("id").iterator(AT_ONCE):
        before = phone.key
        phone.set_key(company.country)
        if phone.key != before:
            changed.append(phone)
        if len(changed) == AT_ONCE:
            yield changed
            changed = []
    if changed:
        yield changed
