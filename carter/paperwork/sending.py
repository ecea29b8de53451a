"""Sending an invoice by email, with its PDF."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from carter.billing.models import Invoice
from carter.billing.posting import CannotPost, place_of
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.customers.models import Email
from carter.outbox import posting as outbox
from carter.outbox.models import Letter
from carter.paperwork.keeping import pdf_of_invoice
from carter.paperwork.links import address_of
from carter.paperwork.models import SentInvoice
from carter.printing.pages import day


@dataclass(frozen=True)
class Draft:
    """A letter as it is offered to whoever sends it."""

    to: str
    subject: str
    text: str


def send_invoice(
    invoice: Invoice,
    *,
    to: Sequence[str],
    cc: Sequence[str] = (),
    subject: str,
    text: str,
    by: Member | None,
) -> Letter:
    """Put a letter with the invoice's PDF into the outbox, as often as somebody wants it sent.

    It leaves with the next run of the worker; until then, and while the mail server is down, it
    waits. Raises CannotPost and CannotPrint.
    """
    require(by, Right.TAKE_PAYMENT)
    if not invoice.stands:
        state = "a draft: issue it first" if invoice.is_draft else "void"
        raise CannotPost(f"{invoice} is {state}. It was not sent.")
    pdf = pdf_of_invoice(invoice)
    enclosure = outbox.Enclosure(f"{invoice.code}.pdf", "application/pdf", pdf)
    return _posted(invoice, list(to), list(cc), subject, text, enclosure, by)


def letter_about(invoice: Invoice) -> Draft:
    """What is usually written: to whom, and what."""
    company = invoice.company
    emails = list(invoice.customer.emails.current())
    # Bills go where bills are wanted, else to the main address.
    emails.sort(key=lambda email: email.label != Email.Label.BILLING)
    amount = money(invoice.open_cents, company.currency)
    due = f"{amount}, due {day(str(invoice.due_on))}" if invoice.open_cents else "paid, thank you"
    link = address_of(invoice)
    return Draft(
        to=str(emails[0]) if emails else "",
        subject=f"{invoice} from {company.name}",
        text="\n\n".join(
            filter(
                None,
                [
                    "Hello,",
                    f"{invoice} is attached: {due}.",
                    link and f"You can also see it here: {link}",
                    "\n".join(filter(None, [company.name, company.phone, company.email])),
                ],
            )
        ),
    )


@transaction.atomic
def _posted(
    invoice: Invoice,
    to: list[str],
    cc: list[str],
    subject: str,
    text: str,
    enclosure: outbox.Enclosure,
    by: Member | None,
) -> Letter:
    try:
        letter = outbox.post_letter(
            company=invoice.company,
            to=to,
            cc=cc,
            subject=subject,
            text=text,
            enclosures=[enclosure],
            by=by,
        )
    except outbox.CannotPost as reason:
        raise CannotPost(str(reason)) from None
    SentInvoice(company=invoice.company, invoice=invoice, letter=letter).save()
    place_of(invoice.customer, [invoice.job]).record(f"sent {invoice} by email", by=by)
    return letter
