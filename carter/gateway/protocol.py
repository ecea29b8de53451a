"""What Carter asks of a payment gateway, and what that may answer; `stripe.py` asks one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from carter.gateway.models import PaymentAttempt, RefundAttempt, StoredMethod


class GatewayTrouble(Exception):
    """The gateway did not do what was asked. The words are for the desk."""


class NotConnected(GatewayTrouble):
    """The company has no gateway, or its keys cannot be read: nothing was asked."""


class KeysRefused(GatewayTrouble):
    """The gateway does not know these keys: nothing was done."""


class Refused(GatewayTrouble):
    """The gateway understood and would not: nothing was done, and asking again is of no use."""


class AnswerLost(GatewayTrouble):
    """No answer came, or one that says nothing: it may or may not have been done."""


class State(Enum):
    """How far a payment has come at the gateway."""

    OPEN = "nobody has paid yet"
    PROCESSING = "under way at the bank"
    SUCCEEDED = "paid"
    FAILED = "declined"
    CANCELED = "called off"


@dataclass(frozen=True)
class Taken:
    """A payment as the gateway has it. `code` is its word for why it was declined.

    `token` is that of the attempt it was asked for, empty for one that Carter did not ask for.
    """

    reference: str
    state: State
    cents: int
    token: str = ""
    is_card: bool = True
    means: str = ""
    code: str = ""
    words: str = ""
    is_hard: bool = False


@dataclass(frozen=True)
class GivenBack:
    """A refund as the gateway has it."""

    reference: str
    cents: int
    has_failed: bool = False
    words: str = ""
    token: str = ""


@dataclass(frozen=True)
class Page:
    """A page of the gateway's own, on which somebody types a card number."""

    session: str
    address: str


@dataclass(frozen=True)
class OnFile:
    """A card or bank account as the gateway keeps it."""

    gateway_customer: str
    gateway_method: str
    is_card: bool
    brand: str
    last4: str
    expires_on: date | None


class Gateway(Protocol):
    """Every question may raise a GatewayTrouble. None is asked while a transaction is open."""

    def name(self) -> str:
        """Whose account the keys open."""

    def page_to_store(self, method: StoredMethod, *, back: str, given_up: str) -> Page:
        """A page on which a card or bank account is put on file."""

    def stored(self, method: StoredMethod) -> OnFile | None:
        """What was put on file there; None when nobody has finished."""

    def forget(self, method: StoredMethod) -> None:
        """Keep a card or bank account on file no longer."""

    def charge(self, attempt: PaymentAttempt) -> Taken:
        """Charge a method on file: once for an attempt, however often it is asked."""

    def page_to_pay(self, attempt: PaymentAttempt, *, back: str, given_up: str) -> Page:
        """A page on which a customer pays."""

    def close_page(self, attempt: PaymentAttempt) -> None:
        """Let nobody pay there any more."""

    def find(self, attempt: PaymentAttempt) -> Taken | None:
        """What came of an attempt; None when the gateway never heard of it."""

    def payment(self, reference: str) -> Taken:
        """One payment as it is now."""

    def refund(self, attempt: RefundAttempt) -> GivenBack:
        """Give money of a payment back: once for an attempt, however often it is asked."""

    def find_refund(self, attempt: RefundAttempt) -> GivenBack | None:
        """What came of giving back; None when the gateway never heard of it."""

    def payments(self, *, since: datetime) -> Iterator[Taken]:
        """Every payment made since a moment that Carter asked for."""
