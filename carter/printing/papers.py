"""The four papers of the office, each from its document (documents.py).

All raise `CannotPrint` when the paper cannot be made. The same document and logo give the same
bytes, so that a PDF kept with its hash can be made again and compared.
"""

from carter.companies.money import money
from carter.printing import pages
from carter.printing.compiling import compiled
from carter.printing.documents import CreditNote, Invoice, Receipt
from carter.printing.logos import Logo
from carter.printing.pages import Page, column, day, fact, row


def invoice_pdf(document: Invoice, *, logo: Logo | None = None) -> bytes:
    """An invoice; without a number it says that it is a draft."""
    return compiled(_invoice(document), on=document["issued_on"], logo=logo)


def credit_note_pdf(document: CreditNote, *, logo: Logo | None = None) -> bytes:
    """A credit note, with positive amounts."""
    return compiled(_credit_note(document), on=document["issued_on"], logo=logo)


def receipt_pdf(document: Receipt, *, logo: Logo | None = None) -> bytes:
    """A receipt for money received, or given back."""
    return compiled(_receipt(document), on=document["received_on"], logo=logo)


def _invoice(document: Invoice) -> Page:
    head = document["letterhead"]
    currency = head["currency"]
    open_amount = money(document["open_cents"], currency)
    return pages.page(
        "Invoice" if document["issued_on"] else "Draft invoice",
        document["number"],
        head,
        party=("Bill to", document["bill_to"]),
        facts=[
            fact("Date", day(document["issued_on"])),
            fact("Terms", document["terms"]),
            fact("Due", day(document["due_on"])),
            fact("Purchase order", document["purchase_order"]),
            fact("Amount due", open_amount, strong=True),
        ],
        blocks=[
            pages.jobs_table(document["jobs"]),
            pages.lines_table(document["lines"], currency),
            pages.totals(
                *pages.sums(document["lines"], document["taxes"], currency),
                fact("Total", money(document["total_cents"], currency)),
                *(
                    fact(
                        f"{each['words']}, {day(each['on'])}",
                        money(-each["amount_cents"], currency),
                    )
                    for each in document["applied"]
                ),
                fact("Amount due", open_amount, strong=True),
            ),
            pages.words("Notes", document["notes"]),
            pages.link("See this invoice online", document["pay_link"]),
        ],
    )


def _credit_note(document: CreditNote) -> Page:
    head = document["letterhead"]
    currency = head["currency"]
    return pages.page(
        "Credit note",
        document["number"],
        head,
        party=("Credit to", document["bill_to"]),
        facts=[
            fact("Date", day(document["issued_on"])),
            fact("For invoice", document["invoice"]),
            fact("Credit", money(document["total_cents"], currency), strong=True),
        ],
        blocks=[
            pages.jobs_table(document["jobs"]),
            pages.lines_table(document["lines"], currency),
            pages.totals(
                *pages.sums(document["lines"], document["taxes"], currency),
                fact("Total credit", money(document["total_cents"], currency), strong=True),
            ),
            pages.words("Reason", document["reason"]),
        ],
    )


def _receipt(document: Receipt) -> Page:
    head = document["letterhead"]
    currency = head["currency"]
    balance = document["balance_cents"]
    total = money(document["total_cents"], currency)
    refund = document["is_refund"]
    rows = [row(use["words"], money(use["amount_cents"], currency)) for use in document["uses"]]
    return pages.page(
        "Refund" if refund else "Receipt",
        document["number"],
        head,
        party=("Paid to" if refund else "Received from", document["received_from"]),
        facts=[
            fact("Date", day(document["received_on"])),
            fact("Method", document["method"]),
            fact("Reference", document["reference"]),
            fact("Amount", total, strong=True),
        ],
        blocks=[
            pages.table("", [column("For", wide=True), column("Amount", number=True)], rows),
            pages.totals(
                fact("Refunded" if refund else "Received", total, strong=True),
                fact("Balance after this", None if balance is None else money(balance, currency)),
            ),
            pages.words("Notes", document["notes"]),
        ],
    )
