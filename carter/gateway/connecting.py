"""A company's account with the gateway: its keys, and asking it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.gateway.keys import CannotRead, opened, sealed
from carter.gateway.models import GatewayAccount
from carter.gateway.protocol import Gateway, NotConnected
from carter.gateway.stripe import Stripe
from carter.gateway.switches import account_of


class CannotConnect(Exception):
    """These are no keys of the gateway; the words are for the desk."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def gateway_of(company: Company) -> Gateway:
    """The company's gateway. Raises NotConnected."""
    account = account_of(company)
    if account is None or not account.is_connected:
        raise NotConnected("No payment gateway is connected. An owner does it under Settings.")
    return Stripe(_readable(account.secret_key))


def webhook_secret_of(account: GatewayAccount) -> str:
    """What the gateway signs its events with; empty when it was not given. Raises NotConnected."""
    return _readable(account.webhook_secret)


def account_for(company: Company) -> GatewayAccount:
    """The company's account, made when there is none: its address is to be copied before keys."""
    if (account := account_of(company)) is not None:
        return account
    try:
        with transaction.atomic():
            made: GatewayAccount = company.gateway_accounts.create(company=company)
            return made
    except IntegrityError:
        return company.gateway_accounts.get()


@transaction.atomic
def change_account(
    company: Company,
    *,
    secret_key: str = "",
    webhook_secret: str = "",
    has_auto_pay: bool,
    by: Member | None,
) -> GatewayAccount:
    """Keep new keys, where given, and whether cards are charged by themselves.

    Raises CannotConnect.
    """
    require(by, Right.SETTINGS)
    account = _locked(company)
    changes: dict[str, list[str]] = {}
    if secret_key:
        _check(secret_key, ("sk_", "rk_"), "secret_key", "A secret key begins with sk_ or rk_.")
        account.secret_key, account.key_ends_with = sealed(secret_key), secret_key[-4:]
        account.connected_at = timezone.now()
        changes["Secret key"] = ["", f"ends with {account.key_ends_with}"]
    if webhook_secret:
        _check(webhook_secret, ("whsec_",), "webhook_secret", "A signing secret: whsec_ and more.")
        account.webhook_secret = sealed(webhook_secret)
        changes["Signing secret"] = ["", "new"]
    if has_auto_pay != account.has_auto_pay:
        changes["Auto-pay"] = [_on(account.has_auto_pay), _on(has_auto_pay)]
        account.has_auto_pay = has_auto_pay
    if changes:
        account.save()
        company.record("changed the payment gateway", by=by, changes=changes)
    return account


@transaction.atomic
def disconnect(company: Company, *, by: Member | None) -> None:
    """Forget the keys. Cards stay on file at the gateway; nothing is charged any more."""
    require(by, Right.SETTINGS)
    account = _locked(company)
    if account.is_connected:
        account.secret_key = account.key_ends_with = account.webhook_secret = ""
        account.connected_at = None
        account.save()
        company.record("disconnected the payment gateway", by=by)


def _locked(company: Company) -> GatewayAccount:
    accounts: Any = company.gateway_accounts.select_for_update()
    account: GatewayAccount = accounts.get(pk=account_for(company).pk)
    return account


def _readable(kept: str) -> str:
    try:
        return opened(kept)
    except CannotRead:
        raise NotConnected(
            "The keys of the payment gateway cannot be read, because the installation’s own secret"
            " key has changed. An owner enters them again under Settings."
        ) from None


def _check(given: str, beginnings: tuple[str, ...], field: str, words: str) -> None:
    if not given.startswith(beginnings) or not given.isascii() or len(given) < 12:
        raise CannotConnect(field, words)


def _on(flag: bool) -> str:
    return "on" if flag else "off"
