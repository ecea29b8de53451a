"""Looking in the book for what clerks sent: how often each is there, and whether it is whole."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import F, Sum

from carter.billing.models import Charge, Payment
from carter.commands import check
from carter.companies.models import Submission
from carter.customers.models import Customer, Event, Note
from carter.jobs.models import Job, JobLink
from carter.merging.models import Merge, MergedRecord
from carter.storage.models import StorageJob
from tests.faults.clerks import Clerk, Deed


def in_the_book() -> dict[str, Counter[str]]:
    """How often each thing is there, by kind and by what a clerk called it."""
    moves = Job.across_companies.moves()
    return {
        "lead": Counter(moves.values_list("name", flat=True)),
        "payment": Counter(Payment.across_companies.values_list("reference", flat=True)),
        "charge": Counter(Charge.across_companies.values_list("description", flat=True)),
        "note": Counter(Note.across_companies.values_list("text", flat=True)),
        "storage": Counter(StorageJob.across_companies.values_list("job__name", flat=True)),
        "link": Counter(
            f"{job} to {customer}"
            for job, customer in JobLink.across_companies.values_list("job", "to_customer")
        ),
        "merge": Counter(
            f"{min(pair)} and {max(pair)}"
            for pair in MergedRecord.across_companies.values_list("merge__survivor", "duplicate")
        ),
        "undo": Counter(
            str(pk) for (pk,) in Merge.across_companies.exclude(undone_at=None).values_list("pk")
        ),
    }


def lost(clerks: Iterable[Clerk]) -> list[Deed]:
    """What was acknowledged and is not there."""
    book = in_the_book()
    return [
        deed for deed in _deeds(clerks) if deed.is_acknowledged and not book[deed.kind][deed.key]
    ]


def doubled(clerks: Iterable[Clerk]) -> list[Deed]:
    """What is there more than once, although the form was one."""
    book = in_the_book()
    return [deed for deed in _deeds(clerks) if book[deed.kind][deed.key] > 1]


def halves() -> list[str]:
    """What is there without what was to be written with it.

    The rules of `carter check` say the rest: of money, who has a row, numbers, links, periods.
    """
    return [
        *(f"{row} without History" for row in _without_history()),
        *(f"{payment} less a part" for payment in _payments_in_parts()),
        *(f"a form that led nowhere, {token}" for token in _forms_that_led_nowhere()),
    ]


def _without_history() -> list[Job | Customer]:
    """Jobs and customers that nobody made."""
    lines = Event.across_companies.all()
    jobs = lines.filter(about_kind="job").values("about_id")
    customers = lines.filter(what="added the customer").values("born_to")
    return [
        *Job.across_companies.exclude(pk__in=jobs),
        *Customer.across_companies.exclude(pk__in=customers),
    ]


def _payments_in_parts() -> list[Payment]:
    paid = Payment.across_companies.annotate(in_parts=Sum("parts__amount_cents"))
    return list(paid.exclude(in_parts=F("amount_cents")))


def _forms_that_led_nowhere() -> list[str]:
    return list(Submission.across_companies.filter(leads_to="").values_list("token", flat=True))


def broken_rules() -> dict[str, list[str]]:
    """What `carter check` would name."""
    said = {rule.says: rule.broken_by()[1] for rule in check.RULES}
    return {says: shown for says, shown in said.items() if shown}


def _deeds(clerks: Iterable[Clerk]) -> list[Deed]:
    return [deed for clerk in clerks for deed in clerk.deeds]
