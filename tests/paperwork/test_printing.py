"""What is issued is printed by itself, once; what cannot be printed keeps nothing else."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse

from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import draft_invoice
from carter.billing.models import Invoice, PaperDue
from carter.health import data
from carter.health.finding import fine
from carter.paperwork import printing
from carter.paperwork.keeping import pdf_of_credit_note, pdf_of_invoice
from carter.paperwork.models import Paper
from carter.paperwork.printing import PAUSES, STOPPED, Printed, print_due
from tests.builders import a_charge, a_customer, a_job, an_invoice

BROKEN = "Something went wrong (ValueError); Carter’s log says what."


@pytest.fixture
def job(ours):
    return a_job(a_customer(ours, "Ann Lee"))


@pytest.fixture
def another_job(theirs):
    return a_job(a_customer(theirs, "Strange Ann"))


def invoices_of(job, count=1):
    return [an_invoice([a_charge(job, 10_000)]) for _ in range(count)]


def not_issued_here(job, issued_on="2026-01-01") -> Invoice:
    """An issued invoice that Carter did not issue: nothing says that it is to be printed."""
    invoice = Invoice(
        company=job.company,
        customer=job.customer,
        born_to=job.born_to,
        job=job,
        number=900,
        issued_on="2026-01-01",
        due_on="2026-01-01",
        total_cents=0,
        document={"issued_on": issued_on},
    )
    invoice.save()
    return invoice


def unprintable(job) -> Invoice:
    """One of which no paper can be made: its document has no day that there is."""
    invoice = not_issued_here(job, issued_on="some day")
    PaperDue(company=job.company, invoice=invoice).save()
    return invoice


def whose_were_printed() -> list[int]:
    """The companies of the papers, in their order."""
    return list(Paper.across_companies.order_by("id").values_list("company", flat=True))


def test_what_is_issued_is_printed_without_being_asked(ours, job):
    (invoice,) = invoices_of(job)
    note = credit_invoice(invoice, amount_cents=500, reason="Late", by=None)

    assert print_due(60) == {ours: Printed(papers=2)}

    papers = ours.papers.order_by("id")
    assert [(paper.invoice, paper.credit_note) for paper in papers] == [
        (invoice, None),
        (None, note),
    ]
    assert [sha256(paper.pdf).hexdigest() for paper in papers] == [each.sha256 for each in papers]
    assert [pdf_of_invoice(invoice), pdf_of_credit_note(note)] == [bytes(p.pdf) for p in papers]
    assert print_due(60) == {}


def test_what_is_printed_by_itself_is_what_would_be_printed_when_asked_for(ours, job):
    asked, by_itself = invoices_of(job, 2)
    note = credit_invoice(by_itself, amount_cents=500, reason="Late", by=None)
    first = pdf_of_invoice(asked)
    print_due(60)

    kept = bytes(by_itself.paper.pdf)
    Paper.across_companies.all().delete()
    assert (pdf_of_invoice(asked), pdf_of_invoice(by_itself)) == (first, kept)
    assert note.refreshed().number == 1


def test_drafts_and_what_was_issued_elsewhere_are_not_printed(ours, job):
    draft_invoice(customer=job.customer, charges=[a_charge(job, 500)], by=None)
    not_issued_here(job)

    assert print_due(60) == {}
    assert not ours.papers.exists()


def test_what_somebody_asked_for_is_not_printed_again(ours, job):
    (invoice,) = invoices_of(job)
    pdf_of_invoice(invoice)

    assert not ours.papers_due.exists()
    assert print_due(60) == {}


def test_what_somebody_keeps_meanwhile_stays(ours, job):
    """The loser of a race finds a paper where it wanted to keep its own."""
    (invoice,) = invoices_of(job)
    lost = printing.paper_of(invoice, pay_link="https://elsewhere.example", logo=None)
    first = pdf_of_invoice(invoice)

    assert printing.keep(ours, [lost]) == 0
    assert bytes(ours.papers.get().pdf) == first


def test_when_nothing_is_due_one_question_says_so(ours, job, django_assert_num_queries):
    invoices_of(job, 3)
    print_due(60)

    with django_assert_num_queries(1):
        print_due(60)


@pytest.mark.parametrize("count", [1, 3])
def test_three_are_printed_with_as_many_questions_as_one(job, django_assert_num_queries, count):
    invoices_of(job, count)

    with django_assert_num_queries(19):
        print_due(60)


def test_companies_take_turns(ours, theirs, job, another_job, monkeypatch):
    monkeypatch.setattr(printing, "AT_ONCE", 1)
    invoices_of(job, 3)
    invoices_of(another_job, 2)

    assert print_due(60) == {ours: Printed(3), theirs: Printed(2)}
    assert whose_were_printed() == [ours.pk, theirs.pk, ours.pk, theirs.pk, ours.pk]


def test_it_ends_when_its_time_is_over(ours, job):
    invoices_of(job, 2)

    assert print_due(0) == {}
    assert ours.papers_due.count() == 2


def test_what_cannot_be_printed_is_named_and_keeps_no_other(ours, theirs, job, another_job):
    bad, (good,), (strange,) = unprintable(job), invoices_of(job), invoices_of(another_job)

    assert print_due(60) == {ours: Printed(1, {"Invoice INV-900": BROKEN}), theirs: Printed(1)}
    assert set(Paper.across_companies.values_list("invoice", flat=True)) == {good.pk, strange.pk}
    assert ours.papers_due.troubled().get().invoice == bad


def test_the_page_of_an_invoice_says_that_it_is_not_printed(ours, job, ada, client_of):
    bad, (good,) = unprintable(job), invoices_of(job)
    print_due(60)
    pages = [client_of(ada).get(reverse("invoice", args=[each.pk])) for each in (bad, good)]

    assert [BROKEN in page.content.decode() for page in pages] == [True, False]


def test_it_is_tried_again_at_growing_distances_and_then_by_people_only(ours, job, time_machine):
    unprintable(job)
    time_machine.move_to("2026-11-02T09:00:00Z", tick=False)
    ours.papers_due.update(due_at="2026-11-02T09:00:00Z")
    tried = [len(print_due(60))]
    for pause in (*PAUSES, timedelta(days=300)):
        time_machine.shift(pause - timedelta(seconds=1))
        early = len(print_due(60))
        time_machine.shift(timedelta(seconds=2))
        tried.append(len(print_due(60)) - early)

    assert tried == [1, 1, 1, 1, 1, 1, 0]
    words = f"1 could not be printed, as Invoice INV-900: {BROKEN}"
    assert data.papers().words == words


def test_doctor_is_content_while_all_is_printed_or_will_be(ours, job):
    invoices_of(job)

    assert data.papers() == fine("Papers", "All that was issued is printed, or is to be.")


def test_what_may_have_brought_down_a_process_is_printed_alone(ours, job):
    invoices_of(job, 2)
    together = printing._taken(ours)
    ours.papers_due.update(due_at="2026-01-01T00:00:00Z")
    alone = [printing._taken(ours), printing._taken(ours)]

    assert [len(taken) for taken in (together, *alone)] == [2, 1, 1]
    assert set(ours.papers_due.values_list("tries", "trouble")) == {(2, STOPPED)}
    assert printing._taken(ours) == []
