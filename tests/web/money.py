"""What the desk types into the forms about money."""

from django.urls import reverse

from carter.billing.models import Invoice


def rows_of(*rows: dict[str, str], **fields: str) -> dict[str, str]:
    """The fields of **Log Charges**, a mapping a row."""
    typed = {
        f"form-{place}-{name}": value
        for place, row in enumerate(rows)
        for name, value in row.items()
    }
    return {
        "form-TOTAL_FORMS": str(max(3, len(rows))),
        "form-INITIAL_FORMS": "0",
        "once": "one-form",
        **typed,
        **fields,
    }


def payment_of(company, amount: str = "150", **fields: str) -> dict[str, str]:
    """The fields of **Take Payment**, by check."""
    usual = {"method": "check", "reference": "1042", "on": str(company.today), "apply": "oldest"}
    return {"amount": amount, "once": "one-form", **usual, **fields}


def letter_to(*addresses: str) -> dict[str, str]:
    return {"to": ", ".join(addresses), "subject": "Your invoice", "text": "Hello.", "once": "one"}


def address(name: str, *rows: object, **question: object) -> str:
    """The address of a screen about some rows."""
    asked = "&".join(f"{key}={value}" for key, value in question.items())
    keys = [getattr(row, "pk", row) for row in rows]
    return reverse(name, args=keys) + (f"?{asked}" if asked else "")


def status_of(invoice: Invoice) -> str:
    return invoice.refreshed().status.label
