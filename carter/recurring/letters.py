"""What customers are mailed about storage: their invoices, and reminders of those that are late.

A PDF takes a tenth of a second, so nothing of this happens while invoices are made.
"""

import time
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from carter.billing.models import Invoice
from carter.billing.posting import CannotPost
from carter.companies.days import written
from carter.companies.models import Company
from carter.companies.money import money
from carter.customers.locking import lock_row
from carter.outbox.models import Letter
from carter.paperwork.keeping import pdf_of_invoice
from carter.paperwork.sending import letter_about, send_invoice
from carter.printing.compiling import CannotPrint
from carter.recurring.late_fees import late_invoices, policy_of
from carter.recurring.models import LatePolicy, LateStep, SchedulePeriod

ROUND_SECONDS = 30
"""Then the worker looks after its other chores."""

Kind = LateStep.Kind
SAYS = {
    Kind.REMINDER: (
        "A reminder of {invoice}",
        "Perhaps it slipped your mind: {amount} of {invoice} was due on {due} and is still open.",
    ),
    Kind.SECOND: (
        "Second reminder of {invoice}",
        (
            "{amount} of {invoice} was due on {due}. Please pay it now, or call us so that we can"
            " find a way together."
        ),
    ),
    Kind.LIEN: (
        "Notice before lien: {invoice}",
        (
            "{amount} of {invoice} was due on {due} and is still open. Unless it is paid, we will"
            " enforce our lien on the goods in storage, as the law and your agreement allow."
        ),
    ),
}


@dataclass
class Mailed:
    """How many letters were written, and about which invoices none could be, and why."""

    letters: int = 0
    failures: dict[str, str] = field(default_factory=dict)


def mail_invoices(company: Company) -> Mailed:
    """Mail the recurring invoices that are to be mailed, for a while."""
    mailed, until = Mailed(), time.monotonic() + ROUND_SECONDS
    rows = company.schedule_periods.to_mail().select_related(
        "invoice__company", "invoice__customer"
    )
    for period in rows.order_by("id"):
        if period.invoice is not None and time.monotonic() < until:
            try:
                mailed.letters += _mail(period, period.invoice)
            except (CannotPost, CannotPrint) as trouble:
                mailed.failures[period.invoice.code] = str(trouble)
    return mailed


def remind(company: Company, day: date) -> Mailed:
    """Take the steps of the policy that are due on late invoices, one a day for each invoice."""
    policy, mailed = policy_of(company), Mailed()
    until = time.monotonic() + ROUND_SECONDS
    for kind, days in steps_of(policy):
        found = late_invoices(policy, days=days, day=day).open()
        waiting = found.exclude(late_steps__kind=kind).exclude(late_steps__on=day)
        for invoice in waiting.select_related("company", "customer").order_by("due_on", "id"):
            if time.monotonic() < until:
                try:
                    mailed.letters += _remind(invoice, kind, day)
                except (CannotPost, CannotPrint) as trouble:
                    mailed.failures[invoice.code] = str(trouble)
    return mailed


def steps_of(policy: LatePolicy) -> list[tuple[LateStep.Kind, int]]:
    """The letters a policy wants, with the days after due, in their order; none when it is off."""
    days = {
        Kind.REMINDER: policy.reminder_days,
        Kind.SECOND: policy.second_letter_days,
        Kind.LIEN: policy.lien_notice_days,
    }
    return [(kind, after) for kind, after in days.items() if policy.is_on and after is not None]


def _mail(period: SchedulePeriod, invoice: Invoice) -> bool:
    draft = letter_about(invoice)
    if draft.to:
        pdf_of_invoice(invoice)  # Printed and kept before anything is locked.
    with transaction.atomic():
        lock_row(invoice)
        if not period.company.schedule_periods.to_mail().filter(pk=period.pk).exists():
            return False
        is_sent = bool(draft.to) and invoice.stands
        if is_sent:
            send_invoice(invoice, to=[draft.to], subject=draft.subject, text=draft.text, by=None)
        mail = SchedulePeriod.Mail
        period.mail = mail.POSTED if is_sent else mail.NOWHERE if not draft.to else mail.NONE
        period.save(update_fields=["mail"])
    return is_sent


def _remind(invoice: Invoice, kind: LateStep.Kind, day: date) -> bool:
    to = letter_about(invoice).to
    if to:
        pdf_of_invoice(invoice)
    with transaction.atomic():
        invoice = lock_row(invoice)
        taken = invoice.late_steps.filter(kind=kind).exists()
        if taken or not invoice.open_cents:
            return False
        letter = _written(invoice, kind, to) if to else None
        LateStep(company=invoice.company, invoice=invoice, kind=kind, on=day, letter=letter).save()
    return letter is not None


def _written(invoice: Invoice, kind: LateStep.Kind, to: str) -> Letter:
    company = invoice.company
    subject, says = SAYS[kind]
    words = {
        "invoice": invoice,
        "amount": money(invoice.open_cents, company.currency),
        "due": written(invoice.due_on) if invoice.due_on else "",
    }
    signed = "\n".join(filter(None, [company.name, company.phone, company.email]))
    text = "\n\n".join(["Hello,", says.format(**words), f"{invoice} is attached.", signed])
    return send_invoice(
        invoice,
        to=[to],
        subject=f"{subject.format(**words)}, {company.name}",
        text=text,
        by=None,
    )
