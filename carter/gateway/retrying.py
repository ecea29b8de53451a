"""When a declined card is tried again, and when it is given up."""

from datetime import date, timedelta

from django.utils import timezone

from carter.gateway.models import Collection, PaymentAttempt

RETRY_DAYS = (1, 3, 5, 7, 10, 14)
"""Days after the first try."""
MOST_TRIES, WITHIN = 8, timedelta(days=30)
"""The card companies fine whoever asks more often; tries by hand count, too."""


def next_try(first_on: date, tried_on: date) -> date | None:
    """The next day to try after one on which it was declined; None when it is given up."""
    days = (first_on + timedelta(days=days) for days in RETRY_DAYS)
    return next((day for day in days if day > tried_on), None)


def tries_of(attempt: PaymentAttempt) -> int:
    """How often the invoice was tried to be charged lately, this time included."""
    since = attempt.at - WITHIN
    return attempt.invoice.attempts.filter(at__gte=since, status="failed", session="").count()


def after_decline(attempt: PaymentAttempt) -> bool:
    """Set when a collection is tried next, or stop it; whether it was stopped.

    A try with another card changes nothing.
    """
    collection = Collection.across_companies.filter(invoice=attempt.invoice_id).first()
    if collection is None or collection.is_stopped or attempt.method_id != collection.method_id:
        return False
    if why := _why_given_up(collection, attempt):
        stop(collection, why)
    return collection.is_stopped


def stop(collection: Collection, why: str) -> None:
    """Charge nothing by itself any more for an invoice; the desk is told why."""
    collection.stopped_at, collection.next_on = timezone.now(), None
    collection.why = why[:300]
    collection.save(update_fields=["stopped_at", "next_on", "why"])


def _why_given_up(collection: Collection, attempt: PaymentAttempt) -> str:
    """Why nothing more is tried; empty when it is, and then the day is set."""
    if attempt.is_hard:
        return f"{attempt.method} was declined for good. {attempt.words}"
    tries = tries_of(attempt)
    following = next_try(_first_on(collection, attempt), attempt.on)
    if following is None or tries >= MOST_TRIES:
        times = "once" if tries == 1 else f"{tries} times"
        return f"{attempt.method} was declined {times}. {attempt.words}"
    collection.next_on = following
    collection.save(update_fields=["next_on"])
    return ""


def _first_on(collection: Collection, attempt: PaymentAttempt) -> date:
    """The day of the first try with this card since the invoice is to be collected."""
    tried = attempt.invoice.attempts.filter(
        method=collection.method_id, status="failed", at__gte=collection.since
    )
    found: date | None = tried.order_by("on").values_list("on", flat=True).first()
    return found or attempt.on
