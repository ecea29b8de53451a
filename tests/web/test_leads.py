"""The screens of leads and jobs, as somebody on the phone uses them."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from carter.jobs.linking import link_job
from carter.jobs.models import Job, JobLink, Stage
from carter.web.templatetags.carter import day
from tests.builders import a_customer, a_job, a_lead

NEW = "/leads/new/"


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def said(**fields):
    return {"category": "residential", "flexibility": "exact"} | fields


def test_a_lead_is_saved_with_its_customer(ours, ada, desk):
    answer = desk.post(
        NEW,
        said(
            name="Ann Lee",
            phone="303 555 0142",
            services=["moving", "packing"],
            estimate_cents="$2,400.50",
        ),
    )

    job = ours.jobs.get()
    assert answer.url == job.get_absolute_url()
    assert (job.customer.name, job.services, job.estimate_cents) == (
        "Ann Lee",
        ["moving", "packing"],
        240_050,
    )


def test_an_empty_lead_is_told_what_is_enough(ours, ada, desk):
    answer = desk.post(NEW, said())

    assert answer.status_code == 422
    assert "one of the three is enough" in answer.content.decode()
    assert not ours.jobs.exists()


def test_a_lead_sent_five_times_is_saved_once(ours, desk):
    answers = [desk.post(NEW, said(name="Ann Lee", once="token")) for _ in range(5)]

    assert {answer.url for answer in answers} == {ours.jobs.get().get_absolute_url()}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("phone", "none of your business", "This is not a phone number."),
        ("email", "ann at example", "This is not an email address."),
        ("move_on", "2026-02-31", "Write a day such as 2026-05-31."),
        ("estimate_cents", "lots", "Write an amount such as"),
        ("estimate_cents", "-5", "Write the amount without a sign."),
        ("estimate_cents", "1.005", "Cents have two digits"),
        ("name", "x" * 10_000, "at most 300 characters"),
        ("move_size", "palace", "Select a valid choice."),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_typed_is_lost(field, typed, sentence, ours, desk):
    answer = desk.post(NEW, said(name="Ann Lee", origin_city="Denver") | {field: typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Denver"' in page
    assert typed in page or field == "move_size"
    assert not ours.jobs.exists()


def test_a_chosen_suggestion_fills_in_the_saved_details_and_keeps_what_was_typed(ours, desk):
    known = a_customer(ours, "Robert Smith", phone="(303) 555-0142", street="88 Erb St")

    answer = desk.post(NEW, said(name="Bob", use=known.pk))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "For Robert Smith" in page
    assert [
        text in page for text in ('value="Bob"', 'value="(303) 555-0142"', 'value="88 Erb St"')
    ] == [True] * 3


def test_a_lead_for_a_chosen_customer_goes_to_that_customer(ours, desk):
    known = a_customer(ours, "Robert Smith")

    desk.post(NEW, said(name="Bob", customer=known.pk))

    assert ours.jobs.get().customer == known


def test_a_lead_for_a_customer_retired_meanwhile_goes_to_who_has_the_record(ours, ada, desk):
    known = a_customer(ours, "Robert Smith")
    lead = a_lead(ours, "Bob Smith", by=ada)
    own = lead.customer
    link_job(lead, to=known, by=ada)

    assert "For Robert Smith" in desk.get(f"{NEW}?customer={own.pk}").content.decode()
    desk.post(NEW, said(name="Bob", customer=own.pk))
    assert ours.jobs.get(name="Bob").customer == known


def test_a_lead_for_a_customer_taken_back_with_an_import_is_not_lost(ours, ada, desk):
    gone = a_customer(ours, "Robert Smith")
    gone.withdrawn_at = gone.created_at
    gone.save()

    answer = desk.post(NEW, said(name="Bob", customer=gone.pk), follow=True)

    assert "C-1 Robert Smith came with an import that was undone." in answer.content.decode()
    assert ours.jobs.get().customer.name == "Bob"


def test_suggestions_say_why_when_they_moved_and_what_they_owe(ours, ada, desk):
    known = a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    a_job(known, by=ada, move_on="2026-05-01")

    page = desk.get("/leads/suggestions/?name=Bob Smith&phone=303.555.0142").content.decode()

    assert [
        text in page for text in ("Robert Smith", "Last move May 1, 2026", "Owes nothing", "number")
    ] == [True] * 4


def test_a_company_is_suggested_by_the_beginning_of_its_name(ours, desk):
    a_customer(ours, "Acme Logistics, L.L.C.", kind="company", category="commercial")

    page = desk.get(
        "/leads/suggestions/?category=commercial&company_name=acme log"
    ).content.decode()

    assert "Acme Logistics, L.L.C." in page


def test_nothing_typed_suggests_nobody(ours, desk):
    a_customer(ours)

    assert desk.get("/leads/suggestions/").content.strip() == b""


def test_a_card_dropped_on_a_stage_moves_the_lead_and_shows_the_board(ours, ada, desk):
    lead = a_lead(ours, by=ada)

    answer = desk.post(
        reverse("job_stage", args=[lead.pk]), {"stage": "contacted", "next": "/leads/?view=board"}
    )

    assert (answer.url, lead.refreshed().stage) == ("/leads/?view=board", Stage.CONTACTED)


def test_after_moving_a_card_the_board_is_shown_as_it_was(ours, ada, desk):
    lead = a_lead(ours, by=ada)
    mine = reverse("customer_jobs", args=[lead.customer_id]) + "?view=board"

    for board in ("/leads/?view=board&source=Yelp", "/jobs/?view=board", mine):
        answer = desk.post(
            reverse("job_stage", args=[lead.pk]), {"stage": "contacted", "next": board}
        )
        assert answer.url == board


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example/leads/", ""])
def test_no_other_site_is_shown_after_moving_a_card(elsewhere, ours, ada, desk):
    lead = a_lead(ours, by=ada)

    answer = desk.post(
        reverse("job_stage", args=[lead.pk]), {"stage": "contacted", "next": elsewhere}
    )

    assert answer.url == lead.get_absolute_url()


def test_a_customers_board_can_be_moved_on(ours, ada, desk):
    lead = a_lead(ours, by=ada)
    board = reverse("customer_jobs", args=[lead.customer_id]) + "?view=board"

    page = desk.get(board).content.decode()

    assert ["js/board.js" in page, f'name="next" value="{board}"' in page] == [True, True]


def test_a_full_stage_of_a_board_leads_to_its_list_narrowed_as_the_board_was(ours, ada, desk):
    bob = a_customer(ours)
    for _ in range(41):
        a_lead(ours, customer=bob, lead_source="Yelp", by=ada)
    a_job(bob, by=ada)

    page = desk.get("/leads/?view=board&source=Yelp").content.decode()
    assert 'href="?source=Yelp&amp;stage=new"' in page

    jobs = reverse("customer_jobs", args=[bob.pk])
    assert 'href="?stage=new"' in desk.get(f"{jobs}?view=board").content.decode()
    shown = desk.get(f"{jobs}?stage=booked").context["page"].rows
    assert [job.stage for job in shown] == ["booked"]


def test_a_stage_that_was_not_chosen_is_asked_for(ours, ada, desk):
    lead = a_lead(ours, by=ada)
    address = reverse("job_stage", args=[lead.pk])

    assert '<option value="contacted">Contacted</option>' in desk.get(address).content.decode()
    assert desk.post(address, {"stage": ""}).status_code == 422
    assert "<select" not in desk.get(f"{address}?stage=lost").content.decode().partition("main")[2]


def test_losing_a_lead_asks_why(ours, ada, desk):
    lead = a_lead(ours, by=ada)

    answer = desk.post(reverse("job_stage", args=[lead.pk]), {"stage": "lost"})

    assert answer.status_code == 422
    assert "Say why it is lost." in answer.content.decode()


def test_a_lead_with_a_possible_repeat_customer_is_marked_in_the_list(ours, ada, desk):
    a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    a_lead(ours, "Bob Smith", phone="3035550142", by=ada)
    a_lead(ours, "Zoe Quist", phone="7205550101", by=ada)

    assert desk.get("/leads/").content.decode().count("Possible Repeat Customer") == 1


def test_archived_leads_are_shown_when_asked_for(ours, ada, desk):
    lead = a_lead(ours, "Zoe Quist", by=ada)
    desk.post(reverse("job_stage", args=[lead.pk]), {"stage": "lost", "reason": "Price"})

    assert "Zoe Quist" not in desk.get("/leads/").content.decode()
    assert "Zoe Quist" in desk.get("/leads/?stage=lost").content.decode()


def test_a_job_is_duplicated_once_however_often_the_button_is_pressed(ours, ada, desk):
    job = a_job(a_customer(ours), by=ada)

    for _ in range(3):
        desk.post(reverse("job_copies", args=[job.pk]), {"once": "token"})

    assert Job.across_companies.filter(repeats=job).count() == 1


def test_who_goes_back_and_types_another_name_gets_another_lead(ours, desk):
    desk.post(NEW, said(name="Ann Lee", once="token"))
    desk.post(NEW, said(name="Anne Leigh", once="token"))

    assert [job.name for job in ours.jobs.order_by("number")] == ["Ann Lee", "Anne Leigh"]


def test_a_lead_without_a_name_is_opened_by_its_customers(ours, ada, desk):
    lead = a_lead(ours, "", customer=a_customer(ours, "Robert Smith"), by=ada)

    page = desk.get("/leads/").content.decode()

    assert f'<a href="{lead.get_absolute_url()}">Robert Smith</a>' in page


def test_days_are_those_of_the_company(ours, ada, desk):
    ours.time_zone = "America/Denver"
    ours.save()
    lead = a_lead(ours, by=ada)
    link_job(lead, to=a_customer(ours, "Robert Smith"), by=ada)
    evening = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    Job.across_companies.update(created_at=evening)
    JobLink.across_companies.update(at=evening)

    assert '"date">Mar 1, 2026' in desk.get("/leads/").content.decode()
    assert "Linked on Mar 1, 2026" in desk.get(lead.get_absolute_url()).content.decode()


def test_a_moment_is_refused_where_a_day_is_written():
    assert day(date(2026, 3, 2)) == "Mar 2, 2026"
    with pytest.raises(TypeError):
        day(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))
