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

from carter.gateway.models import PaymentAttempt, RefundAttempt, StoredMethod
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
from carter.gateway.stripe_answers import given_back, on_file, taken, token_of

TIMEOUT_SECONDS = (5, 30)
"""To connect, and between two bytes of the answer."""
PAGE_LASTS = timedelta(minutes=31)
"""Stripe's least is half an hour. While a page is open, the invoice is charged to no card."""


class Stripe:
    """Stripe as one company uses it; see `Gateway` in protocol.py."""

    def __init__(self, secret_key: str) -> None:
        self.api: Any = _client(secret_key, settings.STRIPE_URL).v1

    def name(self) -> str:
        with troubles():
            account = self.api.accounts.retrieve_current().to_dict()
        profile = account.get("business_profile") or {}
        return str(profile.get("name") or account.get("email") or account["id"])

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
            session = self.api.checkout.sessions.retrieve(method.session, expand).to_dict()
        intent = session["setup_intent"]
        if not intent or intent["status"] != "succeeded":
            return None
        return on_file(intent["payment_method"], str(session["customer"]))

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
        return taken(intent.to_dict())

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
            for row in self.api.payment_intents.list(asked).auto_paging_iter():
                if token_of(intent := row.to_dict()) == str(attempt.token):
                    return taken(intent)
        return None

    def payment(self, reference: str) -> Taken:
        with troubles():
            intent = self.api.payment_intents.retrieve(reference, {"expand": ["latest_charge"]})
        return taken(intent.to_dict())

    def refund(self, attempt: RefundAttempt) -> GivenBack:
        params = {
            "payment_intent": attempt.payment.gateway_reference,
            "amount": attempt.amount_cents,
            "metadata": {"attempt": str(attempt.token)},
        }
        with troubles():
            return given_back(self.api.refunds.create(params, _once(attempt.token)).to_dict())

    def find_refund(self, attempt: RefundAttempt) -> GivenBack | None:
        asked = {"payment_intent": attempt.payment.gateway_reference, "limit": 100}
        with troubles():
            for row in self.api.refunds.list(asked).auto_paging_iter():
                if token_of(refund := row.to_dict()) == str(attempt.token):
                    return given_back(refund)
        return None

    def payments(self, *, since: datetime) -> Iterator[Taken]:
        asked = {"created": {"gte": int((since - timedelta(minutes=5)).timestamp())}, "limit": 100}
        with troubles():
            for row in self.api.payment_intents.list(asked).auto_paging_iter():
                if token_of(intent := row.to_dict()):
                    yield taken(intent)

    def _on_page(self, attempt: PaymentAttempt) -> Taken:
        """How far a customer has come on the page; nobody can pay on one that has expired."""
        expand = {"expand": ["payment_intent.latest_charge"]}
        with troubles():
            session = self.api.checkout.sessions.retrieve(attempt.session, expand).to_dict()
        paid = taken(session["payment_intent"]) if session["payment_intent"] else None
        if paid and paid.state in (State.SUCCEEDED, State.PROCESSING):
            return paid
        if session["status"] == "open":
            return Taken("", State.OPEN, attempt.amount_cents)
        if paid and session["status"] == "complete":
            return paid
        return Taken("", State.CANCELED, attempt.amount_cents)


class _Declined(Refused):
    """The bank would not."""

    def __init__(self, declined: Taken) -> None:
        super().__init__(declined.words)
        self.taken = declined


@contextmanager
def troubles() -> Iterator[None]:
    """Stripe's errors as ours: those after which nothing was done, and those that leave it open."""
    try:
        yield
    except stripe.CardError as error:
        said: Any = error.json_body
        intent = said["error"].get("payment_intent") if said else None
        if intent is None:
            raise Refused(error.user_message or "The card was declined.") from None
        raise _Declined(taken(intent)) from None
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


def verified(raw: bytes, *, signature: str, secret: str) -> dict[str, Any] | None:
    """The event that Stripe signed, byte by byte, within the last five minutes; else None."""
    try:
        stripe.WebhookSignature.verify_header(raw, signature, secret, tolerance=300)
        event = json.loads(raw)
        is_event = event["object"] == "event" and isinstance(event["data"]["object"]["id"], str)
    except (ValueError, LookupError, TypeError, stripe.SignatureVerificationError):
        return None
    return event if is_event else None
