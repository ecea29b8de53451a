"""A customer's household and other decisions on the customer's own page."""

import pytest
from django.urls import reverse

from carter.companies.rights import Role
from carter.customers.following import reroute
from carter.matching.decide import not_the_same, same_household
from carter.matching.decided import circle_of
from tests.builders import a_customer, a_lead, a_member


@pytest.fixture
def ann(ours):
    return a_customer(ours, "Ann Smith", phone="(303) 555-0142")


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone="(303) 555-0177")


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def page(desk, customer):
    return desk.get(customer.get_absolute_url()).content.decode()


def join(desk, customer, **typed):
    return desk.post(reverse("household", args=[customer.pk]), typed, follow=True)


def household(customer):
    return [relative.customer for relative in circle_of(customer.refreshed()).household]


def test_who_is_looked_for_and_ticked_is_of_the_household(ann, bob, desk):
    found = desk.get(reverse("household", args=[ann.pk]), {"q": "bob"}).context["offered"]
    assert found == [bob]

    answer = join(desk, ann, ids=bob.pk, reason="Siblings.")

    assert "Bob Smith is noted as the same household." in answer.content.decode()
    assert [household(ann), household(bob)] == [[bob], [ann]]
    for one, other in ((ann, bob), (bob, ann)):
        shown = page(desk, one)
        assert [words in shown for words in (other.name, "(303) 555-01", "Siblings.")] == [True] * 3


def test_who_looks_like_family_is_offered_without_looking(ours, ann, desk):
    mary = a_customer(ours, "Mary Smith", phone="(303) 555-0142")

    offered = desk.get(reverse("household", args=[ann.pk])).context["offered"]

    assert offered == [mary]


def test_nobody_is_offered_twice(ann, bob, desk, ada):
    same_household(ann, bob, by=ada)

    assert desk.get(reverse("household", args=[ann.pk]), {"q": "smith"}).context["offered"] == []


def test_nobody_ticked_is_asked_again_with_what_was_typed(ann, bob, desk):
    answer = join(desk, ann, q="bob", reason="Siblings.")

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert [words in shown for words in ("Tick who lives there.", 'value="Siblings."')] == [
        True
    ] * 2
    assert household(ann) == []


def test_too_long_a_reason_keeps_who_was_ticked(ann, bob, desk):
    answer = join(desk, ann, q="bob", ids=bob.pk, reason="x" * 501)

    assert answer.status_code == 422
    assert f'value="{bob.pk}" id="other-{bob.pk}" checked' in answer.content.decode()
    assert household(ann) == []


def test_a_decision_is_withdrawn_from_either_page(ann, bob, desk, ada):
    for customer in (ann, bob):
        decision = not_the_same(ann, bob, reason="Cousins.", by=ada)
        assert "Cousins." in page(desk, customer)

        address = reverse("customer_decision_withdrawal", args=[customer.pk, decision.pk])
        answer = desk.post(address, follow=True)

        assert "“Not the Same” is withdrawn." in answer.content.decode()
        assert "Cousins." not in page(desk, customer)


def test_what_counts_again_after_a_withdrawal_is_said(ours, ann, bob, desk, ada):
    cy = a_customer(ours, "Cy Smith")
    not_the_same(cy, bob, by=ada)
    later = same_household(ann, bob, by=ada)
    cy.merged_into = ann
    cy.save()
    reroute(cy)
    assert "counts more than “Not the Same”" in page(desk, ann)

    address = reverse("customer_decision_withdrawal", args=[ann.pk, later.pk])
    answer = desk.post(address, follow=True)

    assert "“Not the Same”, which was noted earlier, counts again." in answer.content.decode()


def test_leaving_a_household_is_a_button(ann, bob, desk, ada):
    same_household(ann, bob, by=ada)

    answer = desk.post(reverse("household_leaving", args=[ann.pk]), follow=True)

    assert "Ann Smith is no longer of the household." in answer.content.decode()
    assert household(bob) == []


def test_who_may_not_change_customers_sees_the_household_and_no_buttons(ours, ann, bob, client_of):
    same_household(ann, bob, by=None)
    reader = client_of(a_member(ours, Role.READ_ONLY))

    shown = page(reader, ann)
    assert "Bob Smith" in shown
    assert [words in shown for words in ("Same Household with…", "Withdraw", "Leave This")] == [
        False
    ] * 3
    assert reader.get(reverse("household", args=[ann.pk])).status_code == 403


def test_a_reason_given_on_view_is_kept(ours, ann, desk, ada):
    lead = a_lead(ours, "Ann Smith", phone="3035550142", by=ada)
    typed = {"customer": ann.pk, "verdict": "not-the-same", "reason": "Another Ann."}

    desk.post(reverse("job_decisions", args=[lead.pk]), typed)

    assert "Another Ann." in page(desk, ann)
