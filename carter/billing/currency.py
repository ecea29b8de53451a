"""The company's currency: one for all its money, so it cannot change once there is some."""

from django.db import transaction

from carter.billing.models import Entry
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require

WHY = (
    "The book holds amounts of money already. Their cents would silently become cents of another"
    " currency, so the currency stays."
)


class CurrencyIsFixed(Exception):
    """There is money in the book already."""

    def __init__(self) -> None:
        super().__init__(WHY)


def money_exists(company: Company) -> bool:
    """Whether anything was charged, paid or estimated in the company's currency."""
    entries = Entry.across_companies.filter(company=company)
    estimates = company.jobs.exclude(estimate_cents=None)
    return entries.exists() or estimates.exists()


@transaction.atomic
def change_currency(company: Company, currency: str, *, by: Member | None) -> Company:
    """Count the company's money in another currency. Raises CurrencyIsFixed."""
    require(by, Right.SETTINGS)
    company = Company.objects.select_for_update().get(pk=company.pk)
    if currency != company.currency:
        if money_exists(company):
            raise CurrencyIsFixed
        before = company.get_currency_display()
        company.currency = Company.Currency(currency)
        company.save(update_fields=["currency"])
        after = company.get_currency_display()
        company.record("changed the currency", by=by, changes={"currency": [before, after]})
    return company
