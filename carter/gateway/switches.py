"""Whether cards on file are charged by themselves: for all, for a company, for a customer."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customer
from carter.customers.models import Customer
from carter.gateway.models import GatewayAccount


def account_of(company: Company) -> GatewayAccount | None:
    """The company's account with the gateway; None when it never had one."""
    found: GatewayAccount | None = company.gateway_accounts.first()
    return found


def auto_pay_is_on(company: Company) -> bool:
    """Whether the company's cards on file may be charged by themselves at all."""
    account = account_of(company)
    return bool(settings.AUTO_PAY and account and account.is_connected and account.has_auto_pay)


def auto_pay_is_on_for(customer: Customer) -> bool:
    """Whether nobody said that this customer is not to be charged by itself."""
    return not customer.auto_pay_stops.standing().exists()


@transaction.atomic
def stop_auto_pay(customer: Customer, *, by: Member | None) -> None:
    """Charge nothing to this customer by itself any more. What is due waits for a person."""
    require(by, Right.TAKE_PAYMENT)
    customer = lock_customer(customer)
    if auto_pay_is_on_for(customer):
        customer.auto_pay_stops.create(by=by)
        customer.record("turned auto-pay off", by=by)


@transaction.atomic
def allow_auto_pay(customer: Customer, *, by: Member | None) -> None:
    """Charge this customer's cards by themselves again."""
    require(by, Right.TAKE_PAYMENT)
    customer = lock_customer(customer)
    lifted = customer.auto_pay_stops.standing().update(lifted_at=timezone.now(), lifted_by=by)
    if lifted:
        customer.record("turned auto-pay on", by=by)
