"""What customers are written about payments through the gateway: receipts, and declined cards."""

import structlog
from django.db import transaction

from carter.billing.models import Payment
from carter.companies.models import Company
from carter.companies.money import money
from carter.customers.models import Customer, Email
from carter.gateway.models import PaymentAttempt
from carter.outbox.posting import CannotPost, Enclosure, post_letter
from carter.paperwork.links import address_of
from carter.paperwork.receipts import receipt
from carter.printing.compiling import CannotPrint

log = structlog.get_logger(__name__)


def write_due_letters(company: Company) -> int:
    """Write every letter that a payment or its failing still calls for; how many were written.

    A letter has the key of its attempt: it is written once, whoever writes it, however often.
    """
    written = 0
    due = company.payment_attempts.filter(letter_due=True).order_by("id")
    for attempt in due.select_related("invoice__customer__company", "method", "payment__company"):
        try:
            written += _write(attempt)
        except (CannotPost, CannotPrint) as trouble:
            log.warning("no letter about a payment", attempt=attempt.pk, trouble=str(trouble))
    return written


def _write(attempt: PaymentAttempt) -> bool:
    """Write one, to whoever has the invoice now; whether there is an address."""
    to = _address(attempt.invoice.customer)
    enclosures = _receipt(attempt.payment, attempt.invoice.customer) if to else []
    with transaction.atomic():
        if to:
            subject, text = _words(attempt)
            post_letter(
                company=attempt.company,
                to=[to],
                subject=subject,
                text=text,
                enclosures=enclosures,
                key=f"attempt/{attempt.pk}",
                by=None,
            )
        attempt.company.payment_attempts.filter(pk=attempt.pk).update(letter_due=False)
    return bool(to)


def _address(customer: Customer) -> str:
    """Where bills go, else the main address; empty when there is none."""
    emails = list(customer.emails.current())
    emails.sort(key=lambda email: email.label != Email.Label.BILLING)
    return str(emails[0]) if emails else ""


def _receipt(payment: Payment | None, customer: Customer) -> list[Enclosure]:
    if payment is None:
        return []
    return [Enclosure("Receipt.pdf", "application/pdf", receipt(payment, customer))]


def _words(attempt: PaymentAttempt) -> tuple[str, str]:
    """The subject, and the letter."""
    company, invoice = attempt.company, attempt.invoice
    amount = money(attempt.amount_cents, company.currency)
    if attempt.payment is not None:
        means = attempt.payment.reference or "your card"
        said = f"Thank you: {amount} for {invoice} was paid with {means}. The receipt is attached."
        subject = f"Receipt for {invoice} from {company.name}"
    else:
        said = f"{attempt.method or 'Your card'} could not be charged {amount} for {invoice}."
        link = address_of(invoice)
        how = f"Please pay it here: {link}" if link else "Please call us about another way to pay."
        said = f"{said}\n\n{how}"
        subject = f"{invoice} from {company.name} could not be charged"
    signature = "\n".join(filter(None, [company.name, company.phone, company.email]))
    return subject, f"Hello,\n\n{said}\n\n{signature}"
