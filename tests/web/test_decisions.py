"""Same Household and Not the Same on screen, and taking them back."""

import pytest
from django.urls import reverse

from carter.jobs.repeats import repeats_of
from tests.builders import a_customer, a_lead


@pytest.fixture
def known(ours):
    return a_customer(ours, "Robert Smith", phone="(303) 555-0142")


@pytest.fixture
def lead(ours, ada, known):
    return a_lead(ours, "Bob Smith", phone="3035550142", by=ada)


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def decide(desk, lead, **typed):
    return desk.post(reverse("job_decisions", args=[lead.pk]), typed, follow=True)


def test_a_made_up_verdict_decides_nothing(lead, known, ours, desk):
    answer = decide(desk, lead, customer=known.pk, verdict="banana")

    assert "Choose a customer and Same Household or Not the Same." in answer.content.decode()
    assert not ours.match_decisions.exists()


@pytest.mark.parametrize("customer", ["abc", "\x00", "-1", "1.5", "9" * 20, "9" * 5_000])
def test_a_made_up_customer_is_not_found(customer, lead, ours, desk):
    assert decide(desk, lead, customer=customer, verdict="not-the-same").status_code == 404
    assert not ours.match_decisions.exists()


def test_a_decision_is_shown_with_its_reason_and_can_be_withdrawn(lead, known, ours, desk):
    answer = decide(
        desk, lead, customer=known.pk, verdict="same-household", reason="Father and son."
    )
    decision = ours.match_decisions.get()

    page = answer.content.decode()
    assert [words in page for words in ("Decided before", "Same Household", "Father and son.")] == [
        True
    ] * 3

    answer = desk.post(reverse("decision_withdrawal", args=[lead.pk, decision.pk]), {}, follow=True)
    assert "“Same Household” is withdrawn." in answer.content.decode()
    assert "Decided before" not in answer.content.decode()
    assert [match.customer for match in repeats_of(lead.refreshed())] == [known]


def test_a_decision_withdrawn_twice_is_said_to_be(lead, known, ours, desk):
    decide(desk, lead, customer=known.pk, verdict="not-the-same")
    address = reverse("decision_withdrawal", args=[lead.pk, ours.match_decisions.get().pk])

    desk.post(address)
    assert "already withdrawn" in desk.post(address, follow=True).content.decode()


def test_a_decision_about_others_is_not_found(lead, known, ours, desk):
    decide(desk, lead, customer=known.pk, verdict="not-the-same")
    other = a_lead(ours, "Ann Lee")

    address = reverse("decision_withdrawal", args=[other.pk, ours.match_decisions.get().pk])

    assert desk.post(address).status_code == 404
