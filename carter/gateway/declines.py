"""Why a bank declined: in words for the desk, and whether trying again is of any use.

Source: Stripe's lists of decline codes and of failure codes of bank debits.
"""

HARD = frozenset(
    {
        "account_closed",
        "authentication_required",
        "bank_ownership_changed",
        "card_not_supported",
        "currency_not_supported",
        "debit_not_authorized",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "no_account",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
WORDS = {
    "": "The bank declined it and did not say why.",
    "authentication_required": "The bank wants the customer to confirm it in person.",
    "card_declined": "The bank declined it and did not say why.",
    "do_not_honor": "The bank declined it and did not say why.",
    "expired_card": "The card has expired.",
    "generic_decline": "The bank declined it and did not say why.",
    "insufficient_funds": "There is not enough money on the account.",
    # Nobody tells a thief that the card is known as stolen; the desk calls the customer.
    "lost_card": "The bank declined it for good. Ask for another card.",
    "pickup_card": "The bank declined it for good. Ask for another card.",
    "stolen_card": "The bank declined it for good. Ask for another card.",
}


def is_hard(code: str, advice: str = "") -> bool:
    """Whether it is of no use, and against the card companies' rules, to try again."""
    return code in HARD or advice == "do_not_try_again"


def decline_words(code: str) -> str:
    """A sentence; of a code nobody wrote one for, its own words."""
    return WORDS.get(code) or f"The bank declined it: {code.replace('_', ' ')}."
