"""What is said of a customer, lead or job that was found, in few words.

Written here and not in a template, which takes several times as long: it is said with every key
that somebody types.
"""

from django import template

from carter.search.hits import CustomerHit, JobHit
from carter.web.templatetags.carter import day, money

register = template.Library()


@register.filter
def more_of_customer(hit: CustomerHit) -> str:
    """A phone, by which namesakes are told apart, and the last move."""
    moved = hit.last_move
    last = f"Last move {day(moved.on)}" if moved else "No move yet"
    return f"{hit.phone} · {last}" if hit.phone else last


@register.filter
def more_of_job(hit: JobHit) -> str:
    """When and from where to where; of a storage job when it comes in."""
    if hit.job.is_storage:
        return f"Move-in {day(hit.move_in_on)}" if hit.move_in_on else ""
    said = (day(hit.job.move_on), hit.job.route)
    return " · ".join(filter(None, said))


@register.filter
def owed(hit: CustomerHit, currency: str) -> str:
    """Owes $1,240.00; or what is to their credit."""
    if not hit.balance_cents:
        return "Owes nothing"
    word = "Owes" if hit.balance_cents > 0 else "Credit"
    return f"{word} {money(hit.balance_cents, currency)}"
