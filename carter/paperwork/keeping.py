"""PDFs: those of issued documents are kept as first printed, the others are made when asked for.

Printing takes a while, during which nobody else should have to wait to write: so it is done before
the transaction that keeps the paper. Of two who print at once the first is kept.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from carter.billing.models import Invoice, Payment
from carter.companies.models import Company
from carter.paperwork.invoices import credit_note_paper, invoice_paper
from carter.paperwork.links import address_of
from carter.paperwork.models import Paper
from carter.printing.letterheads import logo_of
from carter.printing.logos import Logo
from carter.printing.papers import credit_note_pdf, invoice_pdf


def pdf_of_invoice(invoice: Invoice) -> bytes:
    """The invoice as it was printed at issue; a draft as it would be. Raises CannotPrint."""
    if invoice.is_draft:
        return invoice_pdf(invoice_paper(invoice), logo=logo_of(invoice.company))
    return _kept(invoice)


def pdf_of_credit_note(note: Payment) -> bytes:
    """A credit note as it was first printed. Raises CannotPrint."""
    return _kept(note)


def paper_of(document: Invoice | Payment, *, pay_link: str, logo: Logo | None) -> Paper:
    """An issued invoice or a credit note, printed but not kept yet. Raises CannotPrint."""
    if isinstance(document, Invoice):
        pdf = invoice_pdf(invoice_paper(document, pay_link=pay_link), logo=logo)
    else:
        pdf = credit_note_pdf(credit_note_paper(document), logo=logo)
    return Paper(
        company=document.company,
        **{_name_of(document): document},
        pdf=pdf,
        sha256=sha256(pdf).hexdigest(),
    )


@transaction.atomic
def keep(company: Company, papers: Sequence[Paper]) -> int:
    """Keep papers, in the place of none that is kept already; how many were to be printed yet."""
    Paper.across_companies.bulk_create(papers, ignore_conflicts=True)
    of_invoices = Q(invoice__in=[paper.invoice_id for paper in papers if paper.invoice_id])
    of_notes = Q(credit_note__in=[paper.credit_note_id for paper in papers if paper.credit_note_id])
    printed, _ = company.papers_due.filter(of_invoices | of_notes).delete()
    return int(printed)


def _kept(document: Invoice | Payment) -> bytes:
    """The paper that is kept; printed and kept now when there is none yet."""
    company = document.company
    papers = company.papers.filter(**{_name_of(document): document})
    if (kept := papers.first()) is not None:
        return bytes(kept.pdf)
    link = address_of(document) if isinstance(document, Invoice) else ""
    keep(company, [paper_of(document, pay_link=link, logo=logo_of(company))])
    return bytes(papers.get().pdf)


def _name_of(document: Invoice | Payment) -> str:
    return "invoice" if isinstance(document, Invoice) else "credit_note"
