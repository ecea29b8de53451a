"""What went wrong or another way with the demo's money, done by the deeds that do it in life."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q

from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import draft_invoice, issue_invoice, void_invoice
from carter.billing.ledger import give_credit
from carter.billing.models import Invoice, Payment
from carter.billing.taking_back import return_payment
from carter.demo.days import Calendar
from carter.demo.people import Office
from carter.jobs.models import Stage

RETURNED_FEE_CENTS = 3_500


class Troubles:
    """A bounced check, a void invoice and its better one, credits, drafts that wait."""

    def __init__(self, office: Office, calendar: Calendar) -> None:
        self.office = office
        self.company = office.company
        self.calendar = calendar

    def happen(self) -> None:
        for trouble in (
            self._check_bounces,
            self._invoice_is_void,
            self._lamp_is_broken,
            self._hours_are_credited,
            self._drafts_wait,
        ):
            self._dated(trouble)

    def _check_bounces(self) -> None:
        """Of a job that is still open, so that somebody has to call."""
        checks = self.company.payments.filter(
            method=Payment.Method.CHECK, parts__job__stage=Stage.COMPLETED_OPEN
        )
        for check in checks.order_by("-on", "-id")[:2]:
            back = min(check.on + timedelta(days=4), self.calendar.today)
            return_payment(
                check,
                fee_cents=RETURNED_FEE_CENTS,
                reference="NSF",
                on=back,
                by=self.office.billing,
            )

    def _invoice_is_void(self) -> None:
        """It had gone to the wrong address; the charges are on a better one."""
        for invoice in self._unpaid()[:2]:
            charges = [line.charge for line in invoice.lines.select_related("charge")]
            day = self._day_after(invoice)
            reason = "Sent to the old address"
            void_invoice(invoice, reason=reason, on=day, by=self.office.billing)
            again = draft_invoice(
                customer=invoice.customer,
                charges=charges,
                terms=invoice.terms,
                by=self.office.billing,
            )
            issue_invoice(again, on=day, by=self.office.billing)

    def _lamp_is_broken(self) -> None:
        for invoice in self._unpaid()[2:4]:
            give_credit(
                customer=invoice.customer,
                job=invoice.job,
                amount_cents=8_500,
                description="Lamp broken on the stairs",
                on=self._day_after(invoice),
                by=self.office.billing,
            )

    def _hours_are_credited(self) -> None:
        for invoice in self._unpaid()[4:6]:
            credit_invoice(
                invoice,
                amount_cents=(invoice.total_cents or 0) // 10,
                reason="The crew came an hour late",
                on=self._day_after(invoice),
                by=self.office.billing,
            )

    def _drafts_wait(self) -> None:
        """The moves of the last days: gathered, not issued yet."""
        jobs = self.company.jobs.filter(
            charges__isnull=False, charges__invoice_lines__isnull=True
        ).distinct()
        for job in jobs.order_by("-number")[:3]:
            draft_invoice(
                customer=job.customer, charges=job.charges.uninvoiced(), by=self.office.billing
            )

    def _unpaid(self) -> list[Invoice]:
        """Open invoices on which nothing was paid, the latest first."""
        rows = self.company.invoices.open().filter(Q(allocations=None), job__isnull=False)
        return list(rows.select_related("company", "customer__company", "job").order_by("-number"))

    def _day_after(self, invoice: Invoice) -> date:
        return min(
            (invoice.issued_on or self.calendar.today) + timedelta(days=2), self.calendar.today
        )

    def _dated(self, trouble: Callable[[], None]) -> None:
        """Do it; History says that it was this morning, not when the demo was made."""
        last = self.company.events.order_by("-id").values_list("id", flat=True).first() or 0
        trouble()
        self.company.events.filter(id__gt=last).update(at=self.calendar.at(self.calendar.today, 8))
