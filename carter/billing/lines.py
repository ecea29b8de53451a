"""Charges as they are typed or planned, and as they are posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from carter.billing.models import Charge
from carter.billing.posting import CannotPost, check_amount
from carter.billing.rounding import apportion, half_even
from carter.companies.models import Company, Member

LARGEST_QUANTITY = 1_000_000_000


@dataclass(frozen=True)
class Line:
    """One charge as it is typed. The price of one is in cents, less than zero for a discount."""

    kind: str
    unit_price_cents: int
    quantity_thousandths: int = 1000
    description: str = ""
    is_taxed: bool = False

    @property
    def net_cents(self) -> int:
        return half_even(self.quantity_thousandths * self.unit_price_cents, 1000)


def taxes_of(lines: Sequence[Line], rate_millionths: int) -> list[int]:
    """The tax each line bears, in cents. That of all together is rounded once."""
    return apportion(
        [line.net_cents * rate_millionths * line.is_taxed for line in lines], 1_000_000
    )


def charges_of(
    lines: Sequence[Line],
    company: Company,
    *,
    on: date,
    keys: Sequence[str | None],
    by: Member | None,
    **whose: Any,
) -> list[Charge]:
    """The lines as charges with the company's tax, not posted yet. Raises CannotPost."""
    for line in lines:
        check_line(line, company)
    rate = company.tax_rate_millionths
    return [
        Charge(
            company=company,
            kind=line.kind,
            description=line.description,
            quantity_thousandths=line.quantity_thousandths,
            unit_price_cents=line.unit_price_cents,
            tax_rate_millionths=rate * line.is_taxed,
            tax_cents=tax,
            amount_cents=line.net_cents + tax,
            on=on,
            key=key,
            by=by,
            **whose,
        )
        for line, tax, key in zip(lines, taxes_of(lines, rate), keys, strict=True)
    ]


def check_line(line: Line, company: Company) -> None:
    """Raise CannotPost unless a charge can be made of the line."""
    if not 0 < line.quantity_thousandths <= LARGEST_QUANTITY:
        raise CannotPost("A quantity is more than zero and at most a million.")
    is_discount = line.kind == Charge.Kind.DISCOUNT
    if is_discount and line.unit_price_cents > 0:
        raise CannotPost("A discount is less than zero: it lowers what is owed.")
    sign = -1 if is_discount else 1
    what = "A discount, without its sign," if is_discount else "A charge"
    check_amount(sign * line.unit_price_cents, what, company)
    check_amount(sign * line.net_cents, what, company)
