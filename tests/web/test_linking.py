"""Link and Unlink on screen: what a person confirms is what they saw."""

import pytest
from django.urls import reverse

from carter.customers.changing import make_former
from carter.jobs.linking import link_job, standing_link
from tests.builders import a_customer, a_lead


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def seen(page):
    standing = page.context["standing"]
    return standing.pk if standing else 0


def test_a_link_sent_twice_is_made_once(ours, desk):
    lead, known = a_lead(ours), a_customer(ours, "Known")
    url = reverse("job_link", args=[lead.pk])
    sent = {"customer": known.pk, "standing": seen(desk.get(url, {"customer": known.pk}))}

    answers = [desk.post(url, sent) for _ in range(2)]

    assert [answer.url for answer in answers] == [reverse("customer_jobs", args=[known.pk])] * 2
    assert lead.links.count() == 1


def test_a_link_confirmed_after_a_colleague_s_asks_again(ours, desk):
    lead, known, other = a_lead(ours), a_customer(ours, "Known"), a_customer(ours, "Other")
    url = reverse("job_link", args=[lead.pk])
    sent = {"customer": known.pk, "standing": seen(desk.get(url, {"customer": known.pk}))}
    link_job(lead, to=other, by=None)

    answer = desk.post(url, sent)

    assert (answer.status_code, lead.refreshed().customer) == (422, other)
    assert "went to Other meanwhile" in answer.content.decode()


def test_an_unlink_sent_twice_undoes_one_link(ours, desk):
    lead, known, other = a_lead(ours), a_customer(ours, "Known"), a_customer(ours, "Other")
    link_job(lead, to=other, by=None)
    link_job(lead, to=known, by=None)
    url = reverse("job_unlink", args=[lead.pk])
    sent = {"standing": seen(desk.get(url))}

    answers = [desk.post(url, sent).status_code for _ in range(2)]

    assert (answers, lead.refreshed().customer) == ([302, 302], other)
    assert standing_link(lead).to_customer == other


def test_a_former_phone_made_the_main_one_from_a_stale_page_is_told_why_not(ours, desk):
    known = a_customer(ours, "Known", phone="303 555 0142")
    phone = known.phones.get()
    make_former(phone, by=None)

    url = reverse("customer_detail_standing", args=[known.pk, "phones", phone.pk])
    answer = desk.post(url, {"standing": "primary"})

    assert answer.status_code == 409
    assert "no longer in use" in answer.content.decode()
    assert not known.phones.get().is_primary
