"""The company's country: how phone numbers without a country code are read."""

from collections.abc import Iterator

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.models import Phone
from carter.customers.phones import phone_keys

AT_ONCE = 1_000


@transaction.atomic
def change_country(company: Company, country: str, *, by: Member | None) -> Company:
    """Read phone numbers as another country's from now on, those in the book included.

    Who has a number that now reads differently is compared with everybody anew.
    """
    require(by, Right.SETTINGS)
    company = Company.objects.select_for_update().get(pk=company.pk)
    if country != company.country:
        before, label_before = company.country, company.get_country_display()
        company.country = Company.Country(country)
        company.save(update_fields=["country"])
        _read_phones_anew(company, before)
        changes = {"country": [label_before, company.get_country_display()]}
        company.record("changed the country", by=by, changes=changes)
    return company


def _read_phones_anew(company: Company, before: str) -> None:
    for phones in _read_differently(company, before):
        Phone.across_companies.bulk_update(phones, ["key"])
        holders = company.customers.filter(pk__in={phone.born_to_id for phone in phones})
        holders.update(keys_due=True, words_due=True)
    company.jobs.exclude(phone="").update(words_due=True)


def _read_differently(company: Company, before: str) -> Iterator[list[Phone]]:
    """The phones with a number that reads differently now, some at a time.

    A field may hold several numbers; the first is its key, and matching compares all of them.
    """
    changed = []
    for phone in company.phones.order_by("id").iterator(AT_ONCE):
        if phone_keys(phone.text, before) != phone_keys(phone.text, company.country):
            phone.set_key(company.country)
            changed.append(phone)
        if len(changed) == AT_ONCE:
            yield changed
            changed = []
    if changed:
        yield changed
