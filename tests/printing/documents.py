"""Documents to print, believable or random."""

from random import Random
from typing import Any

from carter.printing.documents import (
    Aging,
    CreditNote,
    Invoice,
    Letterhead,
    Line,
    Party,
    Receipt,
    Statement,
)

LETTERHEAD: Letterhead = {
    "name": "Maple & Sons Moving",
    "address": ["1200 Harvest Road, Unit 4", "Denver, CO 80205"],
    "phone": "(303) 555-0100",
    "email": "office@maple.example",
    "website": "maple.example",
    "tax_number": "84-1234567",
    "footer": "US DOT 1234567",
    "country": "US",
    "currency": "USD",
}
PARTY: Party = {"name": "Grace Hopper", "lines": ["88 Larimer Street", "Denver, CO 80202"]}


def a_line(
    words: str = "Labour", *, thousandths: int = 6_500, price: int = 18_900, **said: Any
) -> Line:
    amount = round(thousandths * price / 1000)
    line: Line = {
        "words": words,
        "details": "",
        "job": "J-12",
        "quantity_thousandths": thousandths,
        "unit_price_cents": price,
        "amount_cents": amount,
    }
    return line | said  # type: ignore[return-value]


def an_invoice(lines: list[Line] | None = None, **said: Any) -> Invoice:
    """An invoice whose figures add up, with what is said put in its place."""
    lines = [a_line()] if lines is None else lines
    total = sum(line["amount_cents"] for line in lines)
    invoice: Invoice = {
        "letterhead": LETTERHEAD,
        "number": "INV-204",
        "issued_on": "2026-11-22",
        "due_on": "2026-12-22",
        "terms": "Net 30",
        "purchase_order": "",
        "bill_to": PARTY,
        "jobs": [
            {"code": "J-12", "what": "Local move", "on": "2026-11-20", "route": "Denver → Boulder"}
        ],
        "lines": lines,
        "taxes": [],
        "total_cents": total,
        "applied": [],
        "open_cents": total,
        "notes": "",
        "pay_link": "",
    }
    return invoice | said  # type: ignore[return-value]


def a_random_invoice(chance: Random) -> Invoice:
    """From one line to two hundred, amounts from a cent to millions, in any of the currencies."""
    lines = [
        a_line(
            f"Charge {chr(65 + place % 26)}",
            thousandths=chance.choice([1_000, 2_500, 125, 37_000]),
            price=chance.choice([1, -1]) * chance.randint(1, 10 ** chance.randint(2, 9)),
            job=chance.choice(["J-12", "J-13", ""]),
        )
        for place in range(chance.choice([1, 3, 8, 40, 200]))
    ]
    net = sum(line["amount_cents"] for line in lines)
    tax, paid = chance.randint(1, 10**6), chance.randint(1, 10**7)
    return an_invoice(
        lines,
        letterhead=LETTERHEAD
        | {
            "currency": chance.choice(["USD", "CAD", "GBP", "EUR", "AUD"]),
            "country": chance.choice(["US", "GB"]),
        },
        taxes=[{"words": "Sales tax", "rate_millionths": 88_100, "amount_cents": tax}],
        total_cents=net + tax,
        applied=[{"on": "2026-11-01", "words": "Deposit", "amount_cents": paid}],
        open_cents=net + tax - paid,
    )


def a_credit_note(**said: Any) -> CreditNote:
    note: CreditNote = {
        "letterhead": LETTERHEAD,
        "number": "CN-3",
        "issued_on": "2026-11-23",
        "invoice": "INV-204",
        "bill_to": PARTY,
        "jobs": [],
        "lines": [a_line("Travel", thousandths=1_000, price=9_500)],
        "taxes": [],
        "total_cents": 9_500,
        "reason": "The truck came late.",
    }
    return note | said  # type: ignore[return-value]


def a_receipt(**said: Any) -> Receipt:
    receipt: Receipt = {
        "letterhead": LETTERHEAD,
        "number": "P-77",
        "received_on": "2026-11-22",
        "is_refund": False,
        "method": "Check 1042",
        "reference": "",
        "received_from": PARTY,
        "uses": [
            {"words": "Invoice INV-204", "amount_cents": 90_000},
            {"words": "Deposit for job J-50", "amount_cents": 10_000},
        ],
        "total_cents": 100_000,
        "balance_cents": 0,
        "notes": "",
    }
    return receipt | said  # type: ignore[return-value]


def a_statement(**said: Any) -> Statement:
    statement: Statement = {
        "letterhead": LETTERHEAD,
        "kind": "activity",
        "customer": PARTY,
        "customer_number": "C-88",
        "begins_on": "2026-10-01",
        "ends_on": "2026-11-22",
        "opening_cents": 12_000,
        "entries": [
            {
                "on": "2026-10-12",
                "words": "Payment, check 1042",
                "document": "",
                "amount_cents": -12_000,
                "balance_cents": 0,
            },
            {
                "on": "2026-11-20",
                "words": "Labour",
                "document": "J-12",
                "amount_cents": 122_850,
                "balance_cents": 122_850,
            },
        ],
        "open_items": [
            {
                "number": "INV-204",
                "issued_on": "2026-11-20",
                "due_on": "2026-12-20",
                "total_cents": 100_000,
                "open_cents": 90_000,
            }
        ],
        "others": [{"words": "Not invoiced yet", "amount_cents": 32_850}],
        "closing_cents": 122_850,
        "aging": [
            {"words": "Current", "amount_cents": 122_850},
            {"words": "1–30 days", "amount_cents": 0},
        ],
        "notes": "",
        "pay_link": "",
    }
    return statement | said  # type: ignore[return-value]


def an_aging(customers: int = 3, *, left_out: int = 0) -> Aging:
    """Customers who each owe a little less than the one before."""
    rows = [[100_00 + row, 0, 50_00, 0, 7_00, -1_00] for row in range(customers, 0, -1)]
    others = [left_out * cents for cents in (5_00, 0, 0, 0, 1_00, 0)]
    return {
        "letterhead": LETTERHEAD,
        "on": "2026-11-22",
        "columns": [
            "Not due",
            "1–30 days",
            "31–60 days",
            "61–90 days",
            "Over 90 days",
            "Not invoiced or applied",
        ],
        "customers": [
            {"name": f"Customer {place}", "number": f"C-{place}", "amounts_cents": amounts}
            for place, amounts in enumerate(rows, 1)
        ],
        "left_out": left_out,
        "left_out_cents": others,
        "totals_cents": [sum(cents) for cents in zip(*rows, others, strict=True)],
    }
