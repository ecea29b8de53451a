"""A customer, lead or job that was found, in few words.

Written here and not in a template, which takes several times as long: it is said with every key
that somebody types.
"""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from carter.search.hits import CustomerHit, Hit, JobHit
from carter.web.templatetags.carter import day, money, stage_chip

register = template.Library()

CUSTOMER = (
    '<a class="hit" href="{}"{}><span class="hit__name">{}</span><span class="muted">{}</span>{}\n'
    '{}<span class="hit__more">{}</span></a>'
)
JOB = (
    '<a class="hit" href="{}"{}><span class="hit__name">{}</span>{}{}\n'
    '<span class="hit__more">{}</span></a>'
)
OPTION = mark_safe(' role="option" aria-selected="false" tabindex="-1"')


@register.simple_tag(takes_context=True)
def link_to_hit(context: Any, hit: Hit, *, is_option: bool = False) -> SafeString:
    """What was found as a link, perhaps as an option of the list under the box."""
    option = OPTION if is_option else ""
    if isinstance(hit, JobHit):
        chip = stage_chip(hit.job)
        return format_html(
            JOB, hit.address, option, hit.title, chip, _warning(hit), _more_of_job(hit)
        )
    owed = _owed(hit, context["company"].currency) if context["may"]["see_money"] else ""
    code, more = hit.customer.code, _more_of_customer(hit)
    return format_html(CUSTOMER, hit.address, option, hit.name, code, _warning(hit), owed, more)


def _warning(hit: Hit) -> str:
    if not hit.is_refused:
        return ""
    return render_to_string("components/_warning.html", {"customer": hit.customer})


def _more_of_customer(hit: CustomerHit) -> str:
    """A phone, by which namesakes are told apart, and the last move."""
    moved = hit.last_move
    last = f"Last move {day(moved.on)}" if moved else "No move yet"
    return f"{hit.phone} · {last}" if hit.phone else last


def _more_of_job(hit: JobHit) -> str:
    """When and from where to where; of a storage job when it comes in."""
    if hit.job.is_storage:
        return f"Move-in {day(hit.move_in_on)}" if hit.move_in_on else ""
    said = (day(hit.job.move_on), hit.job.route)
    return " · ".join(filter(None, said))


def _owed(hit: CustomerHit, currency: str) -> SafeString:
    """Owes $1,240.00; or what is to their credit."""
    owes = " owes" if hit.owes else ""
    return format_html('<span class="hit__money{}">{}</span>', owes, _balance(hit, currency))


def _balance(hit: CustomerHit, currency: str) -> str:
    if not hit.balance_cents:
        return "Owes nothing"
    word = "Owes" if hit.owes else "Credit"
    return f"{word} {money(hit.balance_cents, currency)}"
