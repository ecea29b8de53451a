"""What **View** and the list of leads show of possible repeat customers."""

import pytest
from django.urls import reverse

from carter.jobs.repeats import are_repeats, repeats_of_leads
from carter.matching.decide import not_the_same
from tests.builders import a_customer, a_lead


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


@pytest.fixture
def lead(ours, ada):
    return a_lead(ours, "Bob Smith", phone="3035550142", by=ada)


def view(desk, lead):
    return desk.get(reverse("job_candidates", args=[lead.pk]))


def shown(answer, group):
    return [each["customer"] for each in answer.context[group]]


def test_others_with_the_name_come_after_those_with_evidence(ours, lead, desk):
    likely = a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    other = a_customer(ours, "Bob Smith", phone="970 555 0199")

    answer = view(desk, lead)

    assert [shown(answer, group) for group in ("candidates", "namesakes")] == [[likely], [other]]
    assert "Others with This Name" in answer.content.decode()


def test_a_name_alone_raises_no_banner(ours, lead, desk):
    a_customer(ours, "Bob Smith", phone="970 555 0199")

    assert "Possible Repeat Customer</h2>" not in desk.get(lead.get_absolute_url()).content.decode()
    assert "No other customer looks like this one." in view(desk, lead).content.decode()


def test_at_most_a_few_of_them_are_shown(ours, lead, desk):
    for number in range(8):
        a_customer(ours, "Bob Smith", phone=f"970 555 019{number}")

    assert len(shown(view(desk, lead), "namesakes")) == 3


def test_who_is_not_the_same_is_no_namesake_either(ours, lead, desk, ada):
    other = a_customer(ours, "Bob Smith", phone="970 555 0199")
    not_the_same(lead.customer, other, by=ada)

    assert shown(view(desk, lead), "namesakes") == []


def test_how_the_evidence_adds_up_is_drawn(ours, lead, desk):
    a_customer(ours, "Robert <b>Smith", phone="(303) 555-0142")

    page = view(desk, lead).content.decode()

    assert "How this adds up</summary>" in page
    assert "the same customer</text>" in page
    assert "<b>Smith" not in page


def test_the_list_marks_the_leads_that_somebody_is_found_for(ours, theirs, ada, desk):
    a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    a_customer(theirs, "Zoe Quill", phone="720 555 0177")
    same = a_customer(ours, "Mary Jones", phone="970 555 0100")
    leads = [
        a_lead(ours, name, phone=phone, by=ada)
        for name, phone in (
            ("Bob Smith", "3035550142"),
            ("Sue Smith", "303 555 0142"),
            ("Robert Smith", "719 555 0123"),
            ("Zoe Quill", "7205550177"),
            ("Mary Jones", "9705550100"),
        )
    ]
    not_the_same(leads[4].customer, same, by=ada)

    found = are_repeats(ours, leads)

    assert found == {lead for lead, matches in repeats_of_leads(ours, leads).items() if matches}
    assert found == {leads[0].pk, leads[1].pk}
    page = desk.get(reverse("leads")).content.decode()
    assert page.count("Possible Repeat Customer</a>") == 2
