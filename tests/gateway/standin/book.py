"""What the stand-in knows: customers, cards, pages, payments, refunds and what it tells of them.

Shaped like Stripe's own objects, as far as Carter reads them; a number of Stripe's test cards is
declined as Stripe declines it.
"""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

DECLINED = {
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000009987": "lost_card",
    "4000000000009979": "stolen_card",
    "4000000000000069": "expired_card",
    "4000000000000127": "do_not_honor",
    "4000002500003155": "authentication_required",
}
BRANDS = {"3": "amex", "4": "visa", "5": "mastercard", "6": "discover"}


class NotSo(Exception):
    """A question that Stripe answers with an error."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


def missing(what: str) -> NotSo:
    return NotSo(404, "invalid_request_error", f"No such {what}", code="resource_missing")


@dataclass
class Book:
    """Everything, in memory. `is_forgetful`: neither keys nor what was noted with a payment."""

    is_forgetful: bool = False
    customers: dict[str, Any] = field(default_factory=dict)
    methods: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)
    intents: dict[str, Any] = field(default_factory=dict)
    refunds: dict[str, Any] = field(default_factory=dict)
    disputes: dict[str, Any] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    serial: Any = field(default_factory=lambda: itertools.count(1))

    def new(self, kind: str, prefix: str, **values: Any) -> dict[str, Any]:
        pk = f"{prefix}_{int(time.time())}_{next(self.serial)}"
        return {"id": pk, "object": kind, "created": int(time.time()), **values}

    def tell(self, kind: str, about: dict[str, Any]) -> None:
        """Something to tell by itself: the object as it is at this moment."""
        event = self.new("event", "evt", type=kind, livemode=False, data={"object": dict(about)})
        self.events.append(event)

    # Customers and what they pay with.

    def add_customer(self, asked: dict[str, Any]) -> dict[str, Any]:
        customer = self.new("customer", "cus", name=asked.get("name"), metadata=noted(asked))
        self.customers[customer["id"]] = customer
        return customer

    def add_method(self, number: str, customer: str | None, expires: str = "12/2034"):
        month, year = (int(part) for part in expires.split("/"))
        method = self.new("payment_method", "pm", customer=customer, number=number)
        if len(number) < 13:
            method |= {"type": "us_bank_account"}
            method["us_bank_account"] = {"bank_name": "STRIPE TEST BANK", "last4": number[-4:]}
        else:
            brand = BRANDS.get(number[0], "unknown")
            method |= {"type": "card"}
            method["card"] = {
                "brand": brand,
                "last4": number[-4:],
                "exp_month": month,
                "exp_year": year,
            }
        self.methods[method["id"]] = method
        return method

    def detach(self, pk: str) -> dict[str, Any]:
        method = found(self.methods, pk, "payment_method")
        method["customer"] = None
        self.tell("payment_method.detached", method)
        return method

    # Payments.

    def add_intent(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A payment that is charged at once to a method on file."""
        method = found(self.methods, asked["payment_method"], "payment_method")
        if method["customer"] != asked.get("customer"):
            raise NotSo(400, "invalid_request_error", "The payment method is not attached.")
        intent = self.begun_intent(asked, int(asked["amount"]), asked["currency"])
        intent["customer"] = asked.get("customer")
        self.confirm(intent, method)
        if intent["last_payment_error"]:
            error = intent["last_payment_error"]
            raise NotSo(402, "card_error", **error, payment_intent=intent)
        return intent

    def begun_intent(self, asked: dict[str, Any], cents: int, currency: str) -> dict[str, Any]:
        intent = self.new(
            "payment_intent",
            "pi",
            amount=cents,
            amount_received=0,
            currency=currency,
            customer=None,
            description=asked.get("description"),
            metadata=noted(asked),
            status="requires_payment_method",
            last_payment_error=None,
            latest_charge=None,
            payment_method=None,
            payment_method_types=["card", "us_bank_account"],
        )
        self.intents[intent["id"]] = intent
        return intent

    def confirm(self, intent: dict[str, Any], method: dict[str, Any]) -> None:
        intent["payment_method"] = method["id"]
        intent["payment_method_types"] = [method["type"]]
        if method["type"] == "us_bank_account":
            intent["status"] = "processing"
            self.tell("payment_intent.processing", intent)
        else:
            self.settle(intent, method.get("declined", DECLINED.get(method["number"], "")))

    def settle(self, intent: dict[str, Any], code: str) -> None:
        """The bank says yes, or a code for why not."""
        method = self.methods[intent["payment_method"]]
        if code:
            intent["status"] = "requires_payment_method"
            message = "Your card was declined."
            intent["last_payment_error"] = declined(code, message)
            self.tell("payment_intent.payment_failed", intent)
            return
        details = {"type": method["type"], method["type"]: method[method["type"]]}
        charge = self.new("charge", "ch", payment_method_details=details)
        intent |= {
            "status": "succeeded",
            "amount_received": intent["amount"],
            "last_payment_error": None,
            "latest_charge": charge,
        }
        self.tell("payment_intent.succeeded", intent)

    # Pages.

    def add_session(self, asked: dict[str, Any], here: str) -> dict[str, Any]:
        lines = asked.get("line_items", {}).values()
        cents = sum(int(line["price_data"]["unit_amount"]) for line in lines)
        session = self.new(
            "checkout.session",
            "cs_test",
            mode=asked["mode"],
            status="open",
            amount_total=cents,
            currency=asked.get("currency") or next(iter(lines))["price_data"]["currency"],
            customer=asked.get("customer"),
            metadata=noted(asked),
            success_url=asked["success_url"],
            cancel_url=asked["cancel_url"],
            payment_intent=None,
            setup_intent=None,
            asked=asked.get("payment_intent_data", {}),
        )
        session["url"] = f"{here}/c/pay/{session['id']}"
        self.sessions[session["id"]] = session
        return session

    def expire(self, pk: str) -> dict[str, Any]:
        session = found(self.sessions, pk, "checkout.session")
        if session["status"] != "open":
            raise NotSo(400, "invalid_request_error", "Only open sessions can be expired.")
        session["status"] = "expired"
        self.tell("checkout.session.expired", session)
        return session

    def finish(self, pk: str, number: str, expires: str = "12/2034") -> str:
        """Somebody typed a card on the page; why it was declined, empty when all is well."""
        session = found(self.sessions, pk, "checkout.session")
        if session["status"] != "open":
            raise NotSo(400, "invalid_request_error", "This page was used already.")
        method = self.add_method(number, session["customer"], expires)
        if session["mode"] == "setup":
            intent = self.new("setup_intent", "seti", status="succeeded", payment_method=method)
            session["setup_intent"] = intent
        elif error := self._pay(session, method):
            return str(error["message"])
        session["status"] = "complete"
        self.tell("checkout.session.completed", session | {"payment_intent": _id_of(session)})
        return ""

    def _pay(self, session: dict[str, Any], method: dict[str, Any]) -> dict[str, Any] | None:
        intent = session["payment_intent"] or self.begun_intent(
            session["asked"], session["amount_total"], session["currency"]
        )
        session["payment_intent"] = intent
        self.confirm(intent, method)
        return intent["last_payment_error"]

    # Money that goes back.

    def add_refund(self, asked: dict[str, Any]) -> dict[str, Any]:
        intent = found(self.intents, asked["payment_intent"], "payment_intent")
        given = sum(
            refund["amount"]
            for refund in self.refunds.values()
            if refund["payment_intent"] == intent["id"]
        )
        cents = int(asked.get("amount") or intent["amount_received"] - given)
        if cents > intent["amount_received"] - given:
            raise NotSo(400, "invalid_request_error", "Refund amount is greater than unrefunded.")
        refund = self.new(
            "refund",
            "re",
            amount=cents,
            payment_intent=intent["id"],
            status="succeeded",
            metadata=noted(asked),
        )
        self.refunds[refund["id"]] = refund
        self.tell("refund.created", refund)
        return refund

    def dispute(self, intent_id: str, cents: int | None = None) -> dict[str, Any]:
        """The customer's bank takes a payment back."""
        intent = found(self.intents, intent_id, "payment_intent")
        dispute = self.new(
            "dispute",
            "du",
            amount=cents or intent["amount_received"],
            payment_intent=intent_id,
            reason="fraudulent",
            status="needs_response",
        )
        self.disputes[dispute["id"]] = dispute
        self.tell("charge.dispute.created", dispute)
        self.tell("charge.dispute.funds_withdrawn", dispute)
        return dispute


def noted(asked: dict[str, Any]) -> dict[str, Any]:
    return dict(asked.get("metadata", {}))


def found(rows: dict[str, Any], pk: str, what: str) -> dict[str, Any]:
    if pk not in rows:
        raise missing(what)
    return rows[pk]  # type: ignore[no-any-return]


def declined(code: str, message: str) -> dict[str, Any]:
    """Stripe says some reasons as the code itself, the others as the code of a decline."""
    if code in ("expired_card", "authentication_required"):
        return {"code": code, "message": message, "decline_code": code}
    return {"code": "card_declined", "message": message, "decline_code": code}


def _id_of(session: dict[str, Any]) -> str | None:
    return session["payment_intent"] and session["payment_intent"]["id"]
