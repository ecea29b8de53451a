import pytest

from carter.billing.currency import CurrencyIsFixed, change_currency
from carter.billing.ledger import log_charge
from carter.companies.models import Company
from carter.companies.rights import NotAllowed, Role
from tests.builders import a_customer, a_lead, a_member


def test_an_empty_book_may_change_its_currency(ours, theirs, ada):
    log_charge(customer=a_customer(theirs), job=None, kind="labour", amount_cents=100, by=None)

    change_currency(ours, "CAD", by=ada)

    assert Company.objects.get(pk=ours.pk).currency == "CAD"
    assert [(event.what, event.changes) for event in ours.settings_events.all()] == [
        ("changed the currency", {"currency": ["US dollar", "Canadian dollar"]})
    ]


def test_the_currency_stays_once_there_is_money(ours, ada):
    log_charge(customer=a_customer(ours), job=None, kind="labour", amount_cents=100, by=ada)

    with pytest.raises(CurrencyIsFixed):
        change_currency(ours, "CAD", by=ada)


def test_an_estimate_is_money_too(ours, ada):
    a_lead(ours, estimate_cents=120_000)

    with pytest.raises(CurrencyIsFixed):
        change_currency(ours, "CAD", by=ada)


def test_only_an_owner_changes_the_currency(ours):
    with pytest.raises(NotAllowed):
        change_currency(ours, "CAD", by=a_member(ours, Role.BILLING))
