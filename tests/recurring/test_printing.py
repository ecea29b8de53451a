"""What a round of printing did is written down like any other run."""

from django.utils import timezone

from carter.recurring.printing import print_papers
from tests.builders import a_charge, a_customer, a_job, an_invoice
from tests.paperwork.test_printing import BROKEN, unprintable


def test_a_round_tells_how_many_were_printed_and_what_failed(ours, theirs):
    job = a_job(a_customer(ours))
    an_invoice([a_charge(job, 5_000)])
    unprintable(job)
    an_invoice([a_charge(a_job(a_customer(theirs)), 5_000)])

    first, second = print_papers()

    why = [{"about": "Invoice INV-900", "why": BROKEN}]
    assert (first.company, first.did, first.failures) == (ours, {"papers printed": 1}, why)
    assert (second.company, second.did, second.failures) == (theirs, {"papers printed": 1}, [])
    assert first.through_on == ours.today
    assert first.started_at <= first.ended_at <= timezone.now()
    assert print_papers() == []


def test_a_company_whose_day_is_unknown_keeps_no_other_from_its_run(ours, theirs):
    for company in (ours, theirs):
        an_invoice([a_charge(a_job(a_customer(company)), 5_000)])
    type(ours).objects.filter(pk=ours.pk).update(time_zone="Nowhere/AtAll")

    assert [run.company for run in print_papers()] == [theirs]
    assert ours.papers.count() == 1
