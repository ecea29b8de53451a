"""Charges, payments and entries in words, the same on screen, on paper and in files."""

from carter.billing.models import Charge, Entry, Payment

KINDS = {
    Payment.Kind.PAYMENT: "Payment",
    Payment.Kind.CREDIT: "Credit",
    Payment.Kind.CREDIT_NOTE: "Credit note",
    Payment.Kind.REFUND: "Refund",
    Payment.Kind.RETURNED: "Returned payment",
    Payment.Kind.CHARGEBACK: "Chargeback",
    Payment.Kind.VOID: "Void payment",
    Payment.Kind.CREDIT_VOID: "Credit taken back",
}
BACK_FROM_THE_BANK = (Payment.Kind.RETURNED, Payment.Kind.CHARGEBACK)


def charge_words(charge: Charge) -> str:
    """“Labour: 3 movers, 5 hours”, or what takes such a charge back."""
    kind, said = charge.get_kind_display(), charge.description
    words = (
        (said or kind) if said.lower().startswith(kind.lower()) or not said else f"{kind}: {said}"
    )
    return f"Taken back: {words}" if charge.counters_id else words


def means_words(payment: Payment) -> str:
    """How money came or went: “Check 1042”, “Card”; empty for a credit."""
    method = payment.get_method_display() if payment.method else ""
    reference = payment.reference
    if reference.lower().startswith(method.lower()):
        return reference or method
    return f"{method} {reference}".strip()


def payment_words(payment: Payment) -> str:
    """“Payment, check 1042”, “Credit: broken lamp”, “Credit note CN-3”."""
    kind = KINDS[Payment.Kind(payment.kind)]
    if payment.number:
        return f"{kind} {payment.code}"
    if payment.kind in BACK_FROM_THE_BANK:
        return f"{kind}: {payment.reference}" if payment.reference else kind
    if means := means_words(payment):
        return (
            f"{kind}, {means[0].lower()}{means[1:]}" if means[:3] != "ACH" else f"{kind}, {means}"
        )
    return f"{kind}: {payment.description}" if payment.description else kind


def entry_words(entry: Entry) -> str:
    """What an entry of the ledger was for. Wants `charge` and `part.payment` at hand."""
    if entry.charge is not None:
        return charge_words(entry.charge)
    part = entry.part
    if part is None:
        return ""
    if part.takes_from_id and part.payment.of_id is None:
        return f"{payment_words(part.payment)}, used for another job"
    return payment_words(part.payment)
