"""What Stripe answers, in Carter's words. Everything comes as plain nested values."""

from collections.abc import Mapping
from typing import Any

from carter.gateway.declines import decline_words, is_hard
from carter.gateway.models.method import last_day_of
from carter.gateway.protocol import GivenBack, OnFile, State, Taken

BRANDS = {"amex": "American Express", "jcb": "JCB", "unionpay": "UnionPay", "diners": "Diners Club"}


def token_of(row: Mapping[str, Any]) -> str:
    return str((row.get("metadata") or {}).get("attempt") or "")


def taken(intent: Mapping[str, Any]) -> Taken:
    error = intent.get("last_payment_error") or {}
    code = str(error.get("decline_code") or error.get("code") or "")
    state = _state(intent, has_error=bool(error))
    is_card, means = _means(intent)
    failed = state == State.FAILED
    return Taken(
        reference=str(intent["id"]),
        state=state,
        cents=int(intent.get("amount_received") or intent["amount"]),
        token=token_of(intent),
        is_card=is_card,
        means=means,
        code=code if failed else "",
        words=decline_words(code) if failed else "",
        is_hard=failed and is_hard(code, str(error.get("advice_code") or "")),
    )


def _state(intent: Mapping[str, Any], *, has_error: bool) -> State:
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


def _means(intent: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether a card paid, and which: known once the charge was asked for along."""
    charge = intent.get("latest_charge")
    details = {} if not charge or isinstance(charge, str) else charge["payment_method_details"]
    if not details:
        return "us_bank_account" not in (intent.get("payment_method_types") or ["card"]), ""
    kind = str(details["type"])
    found = details.get(kind) or {}
    name = brand(str(found.get("brand") or found.get("bank_name") or ""))
    last4 = found.get("last4")
    return kind == "card", f"{name[:60]} ending in {last4}" if last4 else name[:60]


def on_file(method: Mapping[str, Any], customer: str) -> OnFile:
    is_card = method["type"] == "card"
    found = method["card"] if is_card else method[method["type"]]
    return OnFile(
        gateway_customer=customer,
        gateway_method=str(method["id"]),
        is_card=is_card,
        brand=brand(str(found.get("brand") or found.get("bank_name") or ""))[:60],
        last4=str(found.get("last4") or ""),
        expires_on=last_day_of(found["exp_month"], found["exp_year"]) if is_card else None,
    )


def given_back(refund: Mapping[str, Any]) -> GivenBack:
    return GivenBack(
        reference=str(refund["id"]),
        cents=int(refund["amount"]),
        has_failed=refund["status"] in ("failed", "canceled"),
        words=str(refund.get("failure_reason") or "").replace("_", " "),
        token=token_of(refund),
    )


def brand(name: str) -> str:
    """A brand as people write it; a bank has its name already."""
    return BRANDS.get(name, name.capitalize() if name.islower() else name)
