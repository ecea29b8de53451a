"""A customer, lead or job that was found, in few words.

Written here and not in a template, which takes several times as long: it is said with every key
that somebody types.
"""

from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from carter.search.hits import CustomerHit, Hit, JobHit
from carter.web.templatetags.carter import day, money, stage_chip

register = template.Library()

OPTION = ' role="option" aria-selected="false" tabindex="-1"'


@register.simple_tag(takes_context=True)
def hits_as_options(context: Any, hits: list[Hit]) -> SafeString:
    """What was found, as options of the list under the box."""
    return _safe("".join(_link(hit, context, OPTION) for hit in hits))


@register.simple_tag(takes_context=True)
def hits_as_items(context: Any, hits: list[Hit]) -> SafeString:
    """What was found, as items of a list."""
    return _safe("".join(f"<li>{_link(hit, context)}</li>" for hit in hits))


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 Everything that was typed is escaped below.


def _link(hit: Hit, context: Any, option: str = "") -> str:
    if isinstance(hit, JobHit):
        said, beside, more = hit.title, stage_chip(hit) + _warning(hit), _more_of_job(hit)
    else:
        owed = _owed(hit, context["company"].currency) if context["may"]["see_money"] else ""
        code = f'<span class="muted">{escape(hit.code)}</span>'
        said, beside, more = hit.name, code + _warning(hit) + owed, _more_of_customer(hit)
    return (
        f'<a class="hit" href="{hit.address}"{option}><span class="hit__name">{escape(said)}</span>'
        f'{beside}<span class="hit__more">{escape(more)}</span></a>'
    )


def _warning(hit: Hit) -> str:
    if not hit.do_not_service:
        return ""
    return render_to_string("components/_warning.html", {"customer": hit})


def _more_of_customer(hit: CustomerHit) -> str:
    """A phone, by which namesakes are told apart, and the last move."""
    moved = hit.last_move_on
    last = f"Last move {day(moved)}" if moved else "No move yet"
    return f"{hit.phone} · {last}" if hit.phone else last


def _more_of_job(hit: JobHit) -> str:
    """When and from where to where; of a storage job when it comes in."""
    if hit.is_storage:
        return f"Move-in {day(hit.move_in_on)}" if hit.move_in_on else ""
    return " · ".join(filter(None, (day(hit.move_on), hit.route)))


def _owed(hit: CustomerHit, currency: str) -> str:
    """Owes $1,240.00; or what is to their credit."""
    owes = " owes" if hit.owes else ""
    return f'<span class="hit__money{owes}">{escape(_balance(hit, currency))}</span>'


def _balance(hit: CustomerHit, currency: str) -> str:
    if not hit.balance_cents:
        return "Owes nothing"
    word = "Owes" if hit.owes else "Credit"
    return f"{word} {money(hit.balance_cents, currency)}"
