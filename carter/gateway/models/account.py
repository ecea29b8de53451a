"""The company's account with the gateway, and who is not to be charged by itself."""

import secrets
from typing import Self

from django.db import models
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import FollowsCustomer


def new_token() -> str:
    """160 random bits: nobody guesses where the gateway tells a company what happened."""
    return secrets.token_urlsafe(20)


class GatewayAccount(CompanyOwned):
    """The keys with which a company asks its gateway, and whether cards are charged by themselves.

    Both secrets are kept encrypted (`keys.py`) and never shown again; `key_ends_with` says which
    one it is. The token is in the address to which the gateway sends its events.
    """

    secret_key = models.TextField(blank=True, editable=False)
    key_ends_with = models.CharField(max_length=8, blank=True, editable=False)
    webhook_secret = models.TextField(blank=True, editable=False)
    token = models.CharField(max_length=40, default=new_token, editable=False)
    has_auto_pay = models.BooleanField("Auto-pay", default=True)
    connected_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_related_name = "gateway_accounts"
        constraints = [
            models.UniqueConstraint(fields=["company"], name="one_gateway_account_per_company"),
            models.UniqueConstraint(fields=["token", "company"], name="gateway_token_once"),
        ]

    @property
    def is_connected(self) -> bool:
        return bool(self.secret_key)


class AutoPayStopQuerySet(CompanyQuerySet["AutoPayStop"]):
    """Stops of a company or a customer."""

    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class AutoPayStop(FollowsCustomer):
    """A person said that nothing is to be charged to this customer by itself, until it is lifted.

    It follows the customer: of two that are merged, one of whom said no, none is charged.
    """

    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    across_companies = AutoPayStopQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "auto_pay_stops"
