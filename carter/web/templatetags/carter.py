"""What templates write often: icons, money, days, chips."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from carter.companies.money import money as in_words
from carter.customers import alike
from carter.customers.models import Detail, Event
from carter.jobs.models import Job, Stage
from carter.storage.models import StorageJob
from carter.web.pieces import written_each, written_once

register = template.Library()

register.simple_tag(written_each, name="pieces")
register.simple_tag(written_once, name="piece")

PLACES = ("after", "before")

TONES = {
    Stage.NEW: "blue",
    Stage.CONTACTED: "blue",
    Stage.ESTIMATE_SENT: "amber",
    Stage.BOOKED: "blue",
    Stage.IN_PROGRESS: "amber",
    Stage.COMPLETED_OPEN: "green",
    Stage.COMPLETED_CLOSED: "green",
    Stage.RESERVED: "blue",
    Stage.IN_STORAGE: "green",
    Stage.PARTLY_OUT: "amber",
}

MONEY = frozenset(
    {
        str(Job._meta.get_field("estimate_cents").verbose_name),
        str(StorageJob._meta.get_field("monthly_price_cents").verbose_name),
    }
)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 18) -> str:
    """A Lucide icon, as decoration beside words."""
    return lucide(name, size=size, aria_hidden="true")


@register.filter
def money(cents: int | None, currency: str = "USD") -> str:
    """Cents as an amount of the company's currency: $1,240.00."""
    return "" if cents is None else in_words(cents, currency)


@register.filter
def counted(number: int) -> str:
    """How many, as 12,345."""
    return f"{number:,}"


@register.simple_tag(takes_context=True)
def changes_of(context: Any, event: Event) -> dict[str, list[str]]:
    """What a line of History says was changed, without amounts for who may not see money."""
    sees_money = context["may"]["see_money"]
    return {
        field: values for field, values in event.changes.items() if sees_money or field not in MONEY
    }


@register.filter
def once(rows: Iterable[Detail]) -> list[Detail]:
    """What a merge brought a second time is shown once."""
    return alike.once(rows)


@register.filter
def day(value: date | None) -> str:
    """A day as Dec 4, 2026. The day of a moment depends on the place: see `moment_day`."""
    if isinstance(value, datetime):
        raise TypeError("A moment is not a day: use moment_day.")
    return _written(value) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """A day of this year or the next as Dec 4, where there is little room."""
    return f"{value:%b} {value.day}" if value else ""


@register.filter
def moment_day(value: datetime | None) -> str:
    """The day of a moment, in the company's time zone."""
    return _written(timezone.localtime(value)) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the company's time zone as Dec 4, 2026, 9:12 AM, the last two unparted."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{_written(local)}, {local:%I:%M\N{NO-BREAK SPACE}%p}".replace(", 0", ", ")


@register.simple_tag
def stage_chip(job: Any) -> SafeString:
    """The stage of a lead or job as a dot and a word."""
    return _chip_of(Stage(job.stage))


@cache
def _chip_of(stage: Stage) -> SafeString:
    tone = TONES.get(stage, "grey")
    return format_html('<span class="chip" data-tone="{}">{}</span>', tone, stage.label)


@register.filter
def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value under a key that is itself a variable."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def address_with(context: Any, **changes: Any) -> str:
    """The address of this page with some of its questions changed; empty ones go away.

    Another page, order or filter begins anew, not after some row.
    """
    query = context["request"].GET.copy()
    for name in PLACES:
        query.pop(name, None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _written(value: date) -> str:
    return f"{value:%b} {value.day}, {value.year}"
