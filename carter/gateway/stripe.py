"""Stripe, through its own library: hosted pages for typing cards, and charges to cards on file.

Source: Stripe's API reference (Checkout Sessions, PaymentIntents, SetupIntents, Refunds). The
library does not repeat requests by itself: what may have been done is Carter's to find out.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from carter.gateway.declines import decline_words, is_hard
from carter.gateway.models import PaymentAttempt, RefundAttempt, StoredMethod
from carter.gateway.models.method import last_day_of
from carter.gateway.protocol import (
    AnswerLost,
    GivenBack,
    KeysRefused,
    OnFile,
    Page,
    Refused,
    State,
    Taken,
)

TIMEOUT_SECONDS = (5, 30)
"""To connect, and between two bytes of the answer."""
PAGE_LASTS = timedelta(minutes=31)
"""Stripe's least is half an hour. While a page is open, the invoice is charged to no card."""
BRANDS = {"amex": "American Express", "jcb": "JCB", "unionpay": "UnionPay", "diners": "Diners Club"}


class Stripe:
    """Stripe as one company uses it; see `Gateway` in protocol.py."""

    def __init__(self, secret_key: str) -> None:
        self.api: Any = _client(secret_key, settings.STRIPE_URL).v1

    def name(self) -> str:
        with troubles():
            account = self.api.accounts.retrieve_current()
        profile = account.get("business_profile") or {}
        return str(profile.get("name") or account.get("email") or account.id)

    def page_to_store(self, method: StoredMethod, *, back: str, given_up: str) -> Page:
        with troubles():
            customer = self.api.customers.create(
                {"name": str(method.customer)[:200], "metadata": {"stored_method": str(method.pk)}}
            )
            params = {
                "mode": "setup",
                "customer": customer.id,
                "currency": method.company.currency.lower(),
                "metadata": {"stored_method": str(method.pk)},
                "success_url": back,
                "cancel_url": given_up,
            }
            session = self.api.checkout.sessions.create(params)
        return Page(session.id, session.url)

    def stored(self, method: StoredMethod) -> OnFile | None:
        expand = {"expand": ["setup_intent.payment_method"]}
        with troubles():
            session = self.api.checkout.sessions.retrieve(method.session, expand)
        intent = session.setup_intent
        if not intent or intent.status != "succeeded":
            return None
        return _on_file(intent.payment_method, str(session.customer))

    def forget(self, method: StoredMethod) -> None:
        with troubles():
            self.api.payment_methods.detach(method.gateway_method)

    def charge(self, attempt: PaymentAttempt) -> Taken:
        method: Any = attempt.method
        params = {
            **_of_payment(attempt),
            "amount": attempt.amount_cents,
            "currency": attempt.company.currency.lower(),
            "customer": method.gateway_customer,
            "payment_method": method.gateway_method,
            "payment_method_types": ["card" if method.kind == "card" else "us_bank_account"],
            "off_session": True,
            "confirm": True,
        }
        try:
            with troubles():
                intent = self.api.payment_intents.create(params, _once(attempt.token))
        except _Declined as declined:
            return declined.taken
        return _taken(intent)

    def page_to_pay(self, attempt: PaymentAttempt, *, back: str, given_up: str) -> Page:
        line = {
            "quantity": 1,
            "price_data": {
                "currency": attempt.company.currency.lower(),
                "unit_amount": attempt.amount_cents,
                "product_data": {"name": str(attempt.invoice)},
            },
        }
        params = {
            "mode": "payment",
            "line_items": [line],
            "payment_intent_data": _of_payment(attempt),
            "metadata": _of_payment(attempt)["metadata"],
            "expires_at": int((attempt.at + PAGE_LASTS).timestamp()),
            "success_url": back,
            "cancel_url": given_up,
        }
        with troubles():
            session = self.api.checkout.sessions.create(params, _once(attempt.token))
        return Page(session.id, session.url)

    def close_page(self, attempt: PaymentAttempt) -> None:
        with troubles():
            self.api.checkout.sessions.expire(attempt.session)

    def find(self, attempt: PaymentAttempt) -> Taken | None:
        if attempt.session:
            return self._on_page(attempt)
        if attempt.method is None:
            return None
        asked = {"customer": attempt.method.gateway_customer, "limit": 100}
        with troubles():
            for intent in self.api.payment_intents.list(asked).auto_paging_iter():
                if _token(intent) == str(attempt.token):
                    return _taken(intent)
        return None

    def payment(self, reference: str) -> Taken:
        with troubles():
            intent = self.api.payment_intents.retrieve(reference, {"expand": ["latest_charge"]})
        return _taken(intent)

    def refund(self, attempt: RefundAttempt) -> GivenBack:
        params = {
            "payment_intent": attempt.payment.gateway_reference,
            "amount": attempt.amount_cents,
            "metadata": {"attempt": str(attempt.token)},
        }
        with troubles():
            return _given_back(self.api.refunds.create(params, _once(attempt.token)))

    def find_refund(self, attempt: RefundAttempt) -> GivenBack | None:
        asked = {"payment_intent": attempt.payment.gateway_reference, "limit": 100}
        with troubles():
            for refund in self.api.refunds.list(asked).auto_paging_iter():
                if _token(refund) == str(attempt.token):
                    return _given_back(refund)
        return None

    def payments(self, *, since: datetime) -> Iterator[Taken]:
        asked = {"created": {"gte": int((since - timedelta(minutes=5)).timestamp())}, "limit": 100}
        with troubles():
            for intent in self.api.payment_intents.list(asked).auto_paging_iter():
                if _token(intent):
                    yield _taken(intent)

    def _on_page(self, attempt: PaymentAttempt) -> Taken:
        """How far a customer has come on the page; nobody can pay on one that has expired."""
        expand = {"expand": ["payment_intent.latest_charge"]}
        with troubles():
            session = self.api.checkout.sessions.retrieve(attempt.session, expand)
        paid = _taken(session.payment_intent) if session.payment_intent else None
        if paid and paid.state in (State.SUCCEEDED, State.PROCESSING):
            return paid
        if session.status == "open":
            return Taken("", State.OPEN, attempt.amount_cents)
        if paid and session.status == "complete":
            return paid
        return Taken("", State.CANCELED, attempt.amount_cents)


class _Declined(Refused):
    """The bank would not."""

    def __init__(self, taken: Taken) -> None:
        super().__init__(taken.words)
        self.taken = taken


@contextmanager
def troubles() -> Iterator[None]:
    """Stripe's errors as ours: those after which nothing was done, and those that leave it open."""
    try:
        yield
    except stripe.CardError as error:
        intent = getattr(error.error, "payment_intent", None)
        if intent is None:
            raise Refused(error.user_message or "The card was declined.") from None
        raise _Declined(_taken(intent)) from None
    except (stripe.AuthenticationError, stripe.PermissionError):
        raise KeysRefused(
            "The payment gateway does not accept the keys. Enter them again under"
            " Settings, Payment Gateway."
        ) from None
    except stripe.InvalidRequestError as error:
        raise Refused(f"The payment gateway refused: {error.user_message or error.code}") from None
    except stripe.StripeError:
        raise AnswerLost(
            "The payment gateway cannot be reached just now. Try again in a few minutes."
        ) from None


@lru_cache(maxsize=32)
def _client(secret_key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": url.rstrip("/")},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=0,
    )


def _once(token: object) -> dict[str, str]:
    return {"idempotency_key": str(token)}


def _of_payment(attempt: PaymentAttempt) -> dict[str, Any]:
    return {
        "description": f"{attempt.invoice}, {attempt.company}",
        "metadata": {"attempt": str(attempt.token), "invoice": attempt.invoice.code},
    }


def _token(row: Any) -> str:
    return str((row.get("metadata") or {}).get("attempt") or "")


def _taken(intent: Any) -> Taken:
    error = intent.get("last_payment_error") or {}
    code = str(error.get("decline_code") or error.get("code") or "")
    state = _state(intent, has_error=bool(error))
    is_card, means = _means(intent)
    failed = state == State.FAILED
    return Taken(
        reference=str(intent["id"]),
        state=state,
        cents=int(intent.get("amount_received") or intent["amount"]),
        token=_token(intent),
        is_card=is_card,
        means=means,
        code=code if failed else "",
        words=decline_words(code) if failed else "",
        is_hard=failed and is_hard(code, str(error.get("advice_code") or "")),
    )


def _state(intent: Any, *, has_error: bool) -> State:
    match intent["status"]:
        case "succeeded":
            return State.SUCCEEDED
        case "processing":
            return State.PROCESSING
        case "canceled":
            return State.CANCELED
        case "requires_payment_method" if has_error:
            return State.FAILED
    return State.OPEN


def _means(intent: Any) -> tuple[bool, str]:
    """Whether a card paid, and which: known once the charge was asked for along."""
    charge = intent.get("latest_charge")
    details = {} if not charge or isinstance(charge, str) else charge["payment_method_details"]
    if not details:
        return "us_bank_account" not in (intent.get("payment_method_types") or ["card"]), ""
    kind = str(details["type"])
    found = details.get(kind) or {}
    name = brand(str(found.get("brand") or found.get("bank_name") or ""))
    last4 = found.get("last4")
    return kind == "card", f"{name} ending in {last4}" if last4 else name


def _on_file(method: Any, customer: str) -> OnFile:
    is_card = method["type"] == "card"
    found = method["card"] if is_card else method[method["type"]]
    return OnFile(
        gateway_customer=customer,
        gateway_method=str(method["id"]),
        is_card=is_card,
        brand=brand(str(found.get("brand") or found.get("bank_name") or "")),
        last4=str(found.get("last4") or ""),
        expires_on=last_day_of(found["exp_month"], found["exp_year"]) if is_card else None,
    )


def _given_back(refund: Any) -> GivenBack:
    return GivenBack(
        reference=str(refund["id"]),
        cents=int(refund["amount"]),
        has_failed=refund["status"] in ("failed", "canceled"),
        words=str(refund.get("failure_reason") or "").replace("_", " "),
        token=_token(refund),
    )


def brand(name: str) -> str:
    """A brand as people write it; a bank has its name already."""
    return BRANDS.get(name, name.capitalize() if name.islower() else name)


def verified(raw: bytes, *, signature: str, secret: str) -> dict[str, Any] | None:
    """The event that Stripe signed, byte by byte, within the last five minutes; else None."""
    try:
        stripe.WebhookSignature.verify_header(raw, signature, secret, tolerance=300)
        event = json.loads(raw)
    except (ValueError, stripe.SignatureVerificationError):
        return None
    return event if isinstance(event, dict) and event.get("object") == "event" else None
