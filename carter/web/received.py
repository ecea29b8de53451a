"""Payments and credits as lists show them: what is for which job, and what of it is applied."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from carter.billing.models import Allocation, Invoice, PaymentPart
from carter.companies.models import Company


@dataclass(frozen=True)
class Received:
    """One line: a payment or credit for one job or on account, or what takes one back."""

    part: PaymentPart
    cents: int
    unapplied_cents: int
    applied: list[tuple[Invoice, int]]

    @property
    def is_back(self) -> bool:
        """Whether nothing of what was received is left."""
        return self.part.takes_from_id is None and not self.applied and not self.unapplied_cents

    @property
    def is_part(self) -> bool:
        """Whether the payment is for other jobs, too."""
        return self.cents != self.part.payment.amount_cents


def received(company: Company, parts: Any) -> Any:
    """The parts to be listed, with what went to other jobs taken off, and what of each is left.

    Money that was first held for one job and then used for another is shown where it is now.
    """
    moved = company.payment_parts.filter(takes_from=OuterRef("pk"), payment=OuterRef("payment"))
    summed = moved.order_by().values("takes_from").annotate(total=Sum("amount_cents"))
    away = Coalesce(Subquery(summed.values("total"), output_field=BigIntegerField()), 0)
    shown = parts.filter(Q(takes_from=None) | Q(payment__of__isnull=False))
    return (
        shown.with_unapplied()
        .annotate(net_cents=F("amount_cents") + away)
        .exclude(net_cents=0)
        .select_related("payment__of", "job")
    )


def lines_of(company: Company, parts: list[Any]) -> list[Received]:
    """The lines of some parts, with the invoices each is applied to. One query."""
    with_company(company, parts)
    applied = _applied(company, parts)
    return [
        Received(
            part=part,
            cents=part.net_cents,
            unapplied_cents=part.unapplied_cents if part.takes_from_id is None else 0,
            applied=applied.get(part.pk, []),
        )
        for part in parts
    ]


def with_company(company: Company, parts: list[Any]) -> None:
    """Put the company at hand, which the codes of jobs and credit notes ask for."""
    for part in parts:
        payment, job = part.payment, part.job
        for row in (part, payment, job, payment.of if payment.of_id else None):
            if row is not None:
                row.company = company


def _applied(company: Company, parts: list[Any]) -> dict[int, list[tuple[Invoice, int]]]:
    rows: QuerySet[Allocation] = company.allocations.filter(part__in=parts)
    cents: dict[int, dict[Invoice, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.select_related("invoice__company").order_by("id"):
        cents[row.part_id][row.invoice] += row.amount_cents
    return {
        pk: [(invoice, some) for invoice, some in found.items() if some]
        for pk, found in cents.items()
    }
