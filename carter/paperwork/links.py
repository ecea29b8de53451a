"""Links to invoices: whoever has one sees the invoice without signing in."""

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
    link = invoice.links.order_by("-id").first() or _made(invoice, None)
    return "" if link.revoked_at else f"{public_url()}/i/{link.token}/"


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


def _made(invoice: Invoice, by: Member | None) -> InvoiceLink:
    try:
        with transaction.atomic():
            link = InvoiceLink(company=invoice.company, invoice=invoice, by=by)
            link.save()
            return link
    except IntegrityError:
        return invoice.links.get(revoked_at=None)
