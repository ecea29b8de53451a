"""An invoice about nothing, to show a company how its paper looks."""

from carter.printing.documents import Invoice, Letterhead, Line


def sample_invoice(letterhead: Letterhead) -> Invoice:
    """A draft with a few usual charges under the company's own letterhead."""
    lines = [
        _line("Labour", "3 movers and a truck, per hour", 6_500, 18_900),
        _line("Travel", "", 1_000, 9_500),
        _line("Packing materials", "Boxes and paper", 14_000, 450),
    ]
    total = sum(line["amount_cents"] for line in lines)
    return {
        "letterhead": letterhead,
        "number": "Sample",
        "issued_on": None,
        "due_on": None,
        "terms": "",
        "purchase_order": "",
        "bill_to": {"name": "Grace Hopper", "lines": ["88 Larimer Street", "Denver, CO 80202"]},
        "jobs": [{"code": "J-1042", "what": "Local move", "on": None, "route": "Denver → Boulder"}],
        "lines": lines,
        "taxes": [],
        "total_cents": total,
        "applied": [],
        "open_cents": total,
        "notes": "",
        "pay_link": "",
    }


def _line(words: str, details: str, thousandths: int, price_cents: int) -> Line:
    return {
        "words": words,
        "details": details,
        "job": "J-1042",
        "quantity_thousandths": thousandths,
        "unit_price_cents": price_cents,
        "amount_cents": thousandths * price_cents // 1_000,
    }
