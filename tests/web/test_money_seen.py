"""Who may not see money sees none, however they ask; who may sees it in the same places."""

import pytest
from django.urls import reverse

from carter import urls
from carter.billing.ledger import log_charge
from carter.companies.rights import NotAllowed, Role
from carter.jobs.intake import take_lead
from carter.jobs.moving import change_intake
from tests.builders import a_customer, a_job, a_lead, a_member, a_payment, an_invoice

AMOUNTS = ("98,765.43", "98765.43", "9876543", "87,654.32", "87654.32", "8765432")
MONEY_WORDS = ("Account Balance", "Estimated amount", "Owes", "owes", "Charged", ">Price<")
AMOUNTS_ON = {
    "customers",
    "customer",
    "customer edited",
    "customer's jobs",
    "customer's board",
    "customer's history",
    "jobs",
    "job",
    "job edited",
    "job's history",
    "candidates",
    "search",
    "suggestions",
}


@pytest.fixture
def rich(ours, ada):
    return a_customer(ours, "Rich Zimmer", phone="303 555 0142", by=ada)


@pytest.fixture
def job(rich, ada):
    """A job with a charge and an estimate that was changed."""
    job = a_job(rich, by=ada, estimate_cents=100)
    log_charge(customer=rich, job=job, kind="labour", amount_cents=9_876_543, by=ada)
    return change_intake(
        job, values={"estimate_cents": 8_765_432}, was={"estimate_cents": 100}, by=ada
    )


@pytest.fixture
def pages(ours, ada, rich, job):
    """Every page that is about a customer or job, by name."""
    lead = a_lead(ours, "Rich Zimmer", phone="303 555 0142", by=ada)
    return {
        "customers": "/customers/",
        "customer": rich.get_absolute_url(),
        "customer edited": f"{rich.get_absolute_url()}?edit=1",
        "customer's jobs": reverse("customer_jobs", args=[rich.pk]),
        "customer's board": reverse("customer_jobs", args=[rich.pk]) + "?view=board",
        "customer's history": reverse("customer_history", args=[rich.pk]),
        "jobs": "/jobs/",
        "jobs board": "/jobs/?view=board",
        "job": job.get_absolute_url(),
        "job edited": f"{job.get_absolute_url()}?edit=1",
        "job's notes": reverse("job_notes", args=[job.pk]),
        "job's history": reverse("job_history", args=[job.pk]),
        "leads": "/leads/",
        "lead": lead.get_absolute_url(),
        "new lead": reverse("lead_new") + f"?customer={rich.pk}",
        "candidates": reverse("job_candidates", args=[lead.pk]),
        "link": reverse("job_link", args=[lead.pk]) + f"?customer={rich.pk}",
        "suggestions": reverse("lead_suggestions") + "?name=Rich+Zimmer&phone=3035550142",
        "search": reverse("search") + "?q=Zimmer",
    }


@pytest.fixture
def dispatcher(ours):
    return a_member(ours, Role.DISPATCHER)


def showing(client, pages, words):
    texts = {name: client.get(address).content.decode() for name, address in pages.items()}
    return {name for name, text in texts.items() if any(word in text for word in words)}


def test_amounts_are_on_these_pages_for_who_may_see_money(pages, ada, client_of):
    assert showing(client_of(ada), pages, AMOUNTS) == AMOUNTS_ON


def test_no_page_shows_an_amount_to_who_may_not_see_money(pages, dispatcher, client_of):
    assert showing(client_of(dispatcher), pages, AMOUNTS) == set()


def test_no_page_speaks_of_money_to_who_may_not_see_it(pages, dispatcher, client_of):
    assert showing(client_of(dispatcher), pages, MONEY_WORDS) == set()


def test_no_question_in_the_address_tells_who_owes(rich, job, ours, ada, dispatcher, client_of):
    a_customer(ours, "Ann Lee")

    def listed(member, question):
        page = client_of(member).get(f"/customers/?{question}").context["page"]
        return [customer.name for customer in page.rows]

    assert listed(ada, "balance=owes") == ["Rich Zimmer"]
    assert listed(ada, "sort=-balance") == ["Rich Zimmer", "Ann Lee"]
    assert listed(dispatcher, "balance=owes") == ["Ann Lee", "Rich Zimmer"]
    assert listed(dispatcher, "sort=-balance") == ["Ann Lee", "Rich Zimmer"]


def test_who_may_not_see_money_changes_no_estimate(job, ours, dispatcher, client_of):
    seen = {"name": "Rich Zimmer", "category": "residential", "flexibility": "exact"}
    twins = {f"was-{name}": value for name, value in seen.items()}

    client_of(dispatcher).post(
        job.get_absolute_url(), seen | twins | {"name": "Zim", "estimate_cents": "1"}
    )

    assert (job.refreshed().name, job.refreshed().estimate_cents) == ("Zim", 8_765_432)
    with pytest.raises(NotAllowed):
        change_intake(
            job, values={"estimate_cents": 1}, was={"estimate_cents": 8_765_432}, by=dispatcher
        )
    with pytest.raises(NotAllowed):
        take_lead(company=ours, intake={"name": "Ann", "estimate_cents": 1}, by=dispatcher)


def test_history_writes_an_estimate_as_an_amount(job):
    changes = job.events.first().changes

    assert changes == {"Estimated amount": ["$1.00", "$87,654.32"]}


def test_the_pages_about_money_are_not_there_for_who_may_not_see_it(
    rich, job, dispatcher, client_of
):
    invoice, payment = an_invoice(job.charges.all()), a_payment(job, 100)
    desk = client_of(dispatcher)
    of = {"customer": rich, "job": job, "invoice": invoice, "payment": payment}
    of["charge"] = job.charges.first()

    answers = {
        pattern.name: desk.get(
            pattern.name
            and reverse(
                pattern.name,
                kwargs={
                    name: of[name.removesuffix("_id")].pk for name in pattern.pattern.converters
                },
            )
        ).status_code
        for pattern in urls.money
        if all(name.endswith("_id") for name in pattern.pattern.converters)
    }

    assert {name for name, status in answers.items() if status not in (404, 405)} == set()
    page = desk.get(rich.get_absolute_url()).content.decode()
    words = ("Billing", "Invoices", "Payments", "/balance/")
    assert [word for word in words if word in page] == []
    assert desk.get(job.get_absolute_url()).content.decode().count("Charges") == 0
