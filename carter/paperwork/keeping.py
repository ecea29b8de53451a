"""PDFs: those of issued documents are kept as first printed, the others are made when asked for."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from carter.billing.models import Invoice, Payment
from carter.companies.models import Company
from carter.paperwork.invoices import credit_note_paper, invoice_paper
from carter.paperwork.links import address_of
from carter.paperwork.models import Paper
from carter.printing.letterheads import logo_of
from carter.printing.papers import credit_note_pdf, invoice_pdf


def pdf_of_invoice(invoice: Invoice) -> bytes:
    """The invoice as it was printed at issue; a draft as it would be. Raises CannotPrint."""
    if invoice.is_draft:
        return invoice_pdf(invoice_paper(invoice), logo=logo_of(invoice.company))
    return _kept(
        invoice.company,
        {"invoice": invoice},
        lambda logo: invoice_pdf(invoice_paper(invoice, pay_link=address_of(invoice)), logo=logo),
    )


def pdf_of_credit_note(note: Payment) -> bytes:
    """A credit note as it was first printed. Raises CannotPrint."""
    return _kept(
        note.company,
        {"credit_note": note},
        lambda logo: credit_note_pdf(credit_note_paper(note), logo=logo),
    )


def _kept(company: Company, document: dict[str, Any], printed: Callable[[Any], bytes]) -> bytes:
    """The paper that is kept; printed and kept now when there is none yet.

    Printing takes a tenth of a second, during which nobody else should have to wait to write: so
    it is done before the transaction. Of two who print at once the first is kept.
    """
    papers = company.papers.filter(**document)
    if (kept := papers.first()) is not None:
        return bytes(kept.pdf)
    pdf = printed(logo_of(company))
    try:
        with transaction.atomic():
            made = Paper(company=company, pdf=pdf, sha256=sha256(pdf).hexdigest(), **document)
            made.save()
    except IntegrityError:
        return bytes(papers.get().pdf)
    return pdf
