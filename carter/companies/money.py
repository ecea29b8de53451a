"""How amounts of a company's money are written."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency

# Found once: to find it for each amount would take longer than to write the amount.
LOCALE = Locale("en", "US")


@lru_cache(maxsize=8192)
def money(cents: int, currency: str) -> str:
    """Integer cents as an amount: $1,240.00."""
    return format_currency(cents / 100, currency, locale=LOCALE).replace("-", "−")


def percent(millionths: int) -> str:
    """A rate in integer millionths as a percentage: 88100 is 8.81%."""
    return f"{Decimal(millionths).scaleb(-4).normalize():f}%"
