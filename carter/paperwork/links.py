"""Links to invoices: whoever has one sees the invoice without signing in."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from carter.billing.models import Invoice
from carter.billing.posting import CannotPost, place_of
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.configuration import public_url
from carter.paperwork.models import InvoiceLink


def address_of(invoice: Invoice) -> str:
    """The address a customer opens: the live link's, of which there is one from now on.

    Empty once somebody revoked it: it comes back only when a person makes a new one.
    """
    return addresses_of([invoice])[invoice.pk]


def addresses_of(invoices: Sequence[Invoice]) -> dict[int, str]:
    """The same of many invoices at once, by invoice."""
    links = _newest(invoices)
    if unlinked := [invoice for invoice in invoices if invoice.pk not in links]:
        # Of two who make one at once, the first is the one.
        InvoiceLink.across_companies.bulk_create(
            [InvoiceLink(company=invoice.company, invoice=invoice) for invoice in unlinked],
            ignore_conflicts=True,
        )
        links |= _newest(unlinked)
    site = public_url()
    return {pk: "" if link.revoked_at else f"{site}/i/{link.token}/" for pk, link in links.items()}


def linked_invoice(token: str) -> Invoice | None:
    """The invoice that a live link opens, whichever company's."""
    links = InvoiceLink.across_companies.filter(token=token, revoked_at=None)
    link = links.select_related("invoice__company", "invoice__customer__company").first()
    return link.invoice if link else None


@transaction.atomic
def make_link(invoice: Invoice, *, by: Member | None) -> InvoiceLink:
    """A new link in the place of a revoked one; the live one when there is one."""
    require(by, Right.TAKE_PAYMENT)
    if invoice.is_draft:
        raise CannotPost("A draft has no link. Issue it first.")
    if live := invoice.links.filter(revoked_at=None).first():
        return live
    place_of(invoice.customer, [invoice.job]).record(f"made a link to {invoice}", by=by)
    return _made(invoice, by)


@transaction.atomic
def revoke_link(invoice: Invoice, *, by: Member | None) -> None:
    """Let the live link open nothing any more, whoever has it."""
    require(by, Right.TAKE_PAYMENT)
    if invoice.links.filter(revoked_at=None).update(revoked_at=timezone.now()):
        place_of(invoice.customer, [invoice.job]).record(f"revoked the link to {invoice}", by=by)


def _newest(invoices: Sequence[Invoice]) -> dict[int, InvoiceLink]:
    keys = [invoice.pk for invoice in invoices]
    found = InvoiceLink.across_companies.filter(invoice__in=keys).order_by("id")
    return {link.invoice_id: link for link in found}


def _made(invoice: Invoice, by: Member | None) -> InvoiceLink:
    try:
        with transaction.atomic():
            link = InvoiceLink(company=invoice.company, invoice=invoice, by=by)
            link.save()
            return link
    except IntegrityError:
        return invoice.links.get(revoked_at=None)
