from datetime import date

import pytest
from django.utils import timezone

from carter.billing.ledger import log_charge
from carter.customers.changing import add_detail, change_customer, make_former
from carter.customers.following import reroute
from carter.customers.models import Customer
from carter.jobs.linking import link_job
from carter.jobs.models import Job, Stage
from carter.jobs.moving import move_to_stage
from carter.merging.merge import merge_customers
from carter.search import conditions, looking
from carter.search.finding import PER_GROUP, search
from carter.search.hits import CustomerHit, JobHit
from carter.search.indexing import refresh_words
from tests.builders import a_customer, a_job, a_lead


def found(company, text, **options):
    """What is found, by group: names of customers, codes of leads and jobs."""
    return {
        group.label: [hit.name if group.label == "Customers" else hit.code for hit in group.hits]
        for group in search(company, text, **options).groups
    }


def customers_found(company, text, **options):
    return found(company, text, **options).get("Customers", [])


@pytest.fixture(params=[conditions.FEW, 0], ids=["listed", "asked for"], autouse=True)
def few(request, monkeypatch):
    """Rows of rare words are listed as the words are counted, others are asked for: found alike."""
    monkeypatch.setattr(conditions, "FEW", request.param)
    return request.param


@pytest.fixture
def bob(ours):
    return a_customer(
        ours,
        "Robert Smith",
        phone="(303) 555-0142 ext 4",
        email="Bob.Smith+move@gmail.com",
        street="4821 North Elm Street",
    )


@pytest.mark.parametrize(
    "said",
    [
        "smith",
        "rob",
        "robert smi",
        "SMI rob",
        "Smith, Robert",
        "bob smi",
        "(303) 555-0142",
        "+1 303.555.0142",
        "3035550142",
        "303-555-0142 ext 4",
        "303 555",
        "555-0142",
        "555 01",
        "0142",
        "smith 0142",
        "smith 303 555 0142",
        "bob.smith@gm",
        "bobsmith@gmail.com",
        "bob.smith+move@gmail.com",
        "bobsmith",
        "C-1",
        "c1",
        "#1",
        "1",
        "4821 elm",
        "4821 n elm st",
        "4821 North Elm Street, Denver, CO 80202",
        "elm stre",
        "80202",
        "smith denver",
        "elm colorado",
    ],
)
def test_anything_a_caller_says_finds_the_customer(ours, bob, said):
    a_customer(ours, "Ann Lee", phone="720 444 8899", email="ann@acme.com")

    assert customers_found(ours, said)[0] == "Robert Smith"


@pytest.mark.parametrize(
    "said", ["smithson", "robert jones", "0143", "bob.smyth@", "C-2", "4822 elm", "", " ", "&", "@"]
)
def test_what_was_not_said_finds_nobody(ours, bob, said):
    assert found(ours, said) == {}


def test_a_formal_name_finds_the_nickname(ours):
    a_customer(ours, "Bob Smith")

    assert customers_found(ours, "robert smith") == ["Bob Smith"]


def test_a_literal_name_comes_before_a_nickname_and_a_whole_one_before_a_start(ours):
    for name in ("Bobbie Lee", "Bob Lee", "Robert Lee"):
        a_customer(ours, name)

    assert customers_found(ours, "bob") == ["Bob Lee", "Bobbie Lee", "Robert Lee"]


def test_a_person_comes_before_a_street_of_the_same_name(ours):
    a_customer(ours, "Jackson Pell")
    a_customer(ours, "Ann Lee", street="5 Jackson St")

    assert customers_found(ours, "jackson") == ["Jackson Pell", "Ann Lee"]


def test_among_equals_the_newest_come_first(ours):
    for name in ("Ann Smith", "Ben Smith", "Cal Smith"):
        a_customer(ours, name)

    assert customers_found(ours, "smith") == ["Cal Smith", "Ben Smith", "Ann Smith"]
    assert customers_found(ours, "smith", limit=2) == ["Cal Smith", "Ben Smith"]
    assert search(ours, "smith", limit=2).groups[0].has_more
    assert not search(ours, "smith", limit=3).groups[0].has_more


def test_a_start_that_many_have_is_found_newest_first(ours, monkeypatch):
    monkeypatch.setattr(looking, "COMMON", 2)
    monkeypatch.setattr(looking, "COMMON_AMONG_SEVERAL", 2)
    for name in ("John Smith", "John Smithers", "Ann Smithson", "John Smith"):
        a_customer(ours, name)

    assert customers_found(ours, "smith") == [
        "John Smith",
        "John Smith",
        "Ann Smithson",
        "John Smithers",
    ]
    assert customers_found(ours, "john smithe") == ["John Smithers"]
    assert customers_found(ours, "joh smi") == ["John Smith", "John Smithers", "John Smith"]
    assert customers_found(ours, "jack smi") == ["John Smith", "John Smithers", "John Smith"]


def test_contacts_and_firms_are_found(ours):
    firm = a_customer(ours, "U-Haul, Inc.", kind=Customer.Kind.COMPANY)
    add_detail(firm, "contacts", name="Pat Quinn", role="billing", by=None)
    add_detail(firm, "emails", text="pat@uhaul-denver.com", label="work", by=None)

    for said in ("uhaul", "u-haul", "haul inc", "pat quinn", "@uhaul-denver.com"):
        assert customers_found(ours, said) == ["U-Haul, Inc."]


def test_former_names_phones_and_emails_still_find(ours, bob):
    add_detail(bob, "phones", text="720-444-8899", label="home", by=None)
    change_customer(bob, values={"name": "Robert Jones"}, was={"name": "Robert Smith"}, by=None)
    make_former(bob.phones.get(text="720-444-8899"), by=None)
    make_former(bob.emails.get(), by=None)

    for said in ("robert smith", "jones", "8899", "bobsmith@gmail.com"):
        assert customers_found(ours, said) == ["Robert Jones"]


def test_names_in_any_script_are_found(ours):
    for name in ("王小明", "Иван Петров", "محمد علي", "José Núñez"):
        a_customer(ours, name)

    assert customers_found(ours, "小明") == ["王小明"]
    assert customers_found(ours, "петр") == ["Иван Петров"]
    assert customers_found(ours, "علي") == ["محمد علي"]
    assert customers_found(ours, "nunez jose") == ["José Núñez"]


def test_leads_and_jobs_are_found_by_number_route_and_caller(ours, bob):
    lead = a_lead(ours, "Ann Lee", phone="720 444 8899", origin_street="77 Oak Avenue")
    job = a_job(bob, destination_city="Boulder", extra_stops="12 Pine Rd\n9 Ash Ln")

    assert found(ours, "ann lee") == {"Customers": ["Ann Lee"], "Leads": [lead.code]}
    assert found(ours, "77 oak ave") == {"Customers": ["Ann Lee"], "Leads": [lead.code]}
    assert found(ours, "boulder") == {"Jobs": [job.code]}
    assert found(ours, "9 ash") == {"Jobs": [job.code]}
    assert found(ours, job.code) == {"Jobs": [job.code]}
    assert found(ours, lead.code.lower()) == {"Leads": [lead.code]}


def test_a_lead_that_is_booked_is_found_among_the_jobs(ours):
    lead = a_lead(ours, "Ann Lee")
    assert found(ours, "ann") == {"Customers": ["Ann Lee"], "Leads": [lead.code]}

    move_to_stage(lead, Stage.BOOKED, by=None)

    assert found(ours, "ann") == {"Customers": ["Ann Lee"], "Jobs": [lead.code]}


def test_numbers_are_found_whatever_letters_the_company_writes_before_them(ours, bob):
    job = a_job(bob)
    ours.job_prefix, ours.customer_prefix = "SM/", ""
    ours.save()

    assert found(ours, f"SM/{job.number}") == {"Jobs": [f"SM/{job.number}"]}
    assert customers_found(ours, str(bob.number)) == ["Robert Smith"]


def test_a_merged_customer_leads_to_the_survivor_once(ours, bob):
    other = a_customer(ours, "Bob Smith", phone="720 444 8899")
    other.merged_into = bob
    other.save()
    reroute(other)

    assert customers_found(ours, "8899") == ["Robert Smith"]
    assert customers_found(ours, "C-2") == ["Robert Smith"]
    assert customers_found(ours, "smith") == ["Robert Smith"]


def test_a_lead_that_was_linked_leads_to_the_customer(ours, bob):
    lead = a_lead(ours, "Bobby Smythe", phone="720 444 8899")
    link_job(lead, to=bob, by=None)

    assert found(ours, "smythe") == {"Customers": ["Robert Smith"], "Leads": [lead.code]}


def test_what_was_taken_back_with_an_import_is_not_found(ours, bob):
    job = a_job(bob)
    ours.customers.update(withdrawn_at=timezone.now(), words_due=True)
    ours.jobs.update(stage=Stage.IMPORT_UNDONE, words_due=True)

    assert found(ours, "smith") == {}
    assert found(ours, job.code) == {}


def test_a_customer_shows_balance_last_move_and_phone(ours, bob):
    a_job(bob, move_on="2026-03-01")
    latest = a_job(bob, move_on="2026-05-01")
    cancelled = a_job(bob, move_on="2026-07-01")
    move_to_stage(cancelled, Stage.CANCELLED, reason="No longer moving", by=None)
    log_charge(customer=bob, job=latest, kind="labour", amount_cents=124_000, by=None)

    hit = search(ours, "smith").groups[0].hits[0]

    assert hit == CustomerHit(
        pk=bob.pk,
        code=bob.code,
        name="Robert Smith",
        do_not_service=False,
        do_not_service_reason="",
        balance_cents=124_000,
        phone="(303) 555-0142 ext 4",
        last_move_on=date(2026, 5, 1),
    )


@pytest.mark.parametrize("said", ["ann zed quill", "zed quill ann", "ann quill 303555", "quill"])
def test_who_was_merged_comes_where_the_best_of_their_records_does(ours, ada, said):
    people = [a_customer(ours, "Ann Zed Quill", phone=f"303 555 {100 + n:04}") for n in range(13)]
    merge_customers(survivor=people[0], duplicates=[people[-1]], by=ada)

    hits = search(ours, said).groups[0].hits

    assert [hit.pk for hit in hits[:3]] == [people[at].pk for at in (0, 11, 10)]


def test_merged_records_take_no_place_of_others(ours, ada):
    people = [a_customer(ours, "Ann Quill") for _ in range(PER_GROUP + 3)]
    merge_customers(survivor=people[0], duplicates=people[-2:], by=ada)

    (group,) = search(ours, "quill").groups

    newest = [people[0].pk, *(each.pk for each in reversed(people[2:-2]))]
    assert ([hit.pk for hit in group.hits], group.has_more) == (newest, True)


def test_a_job_shows_its_customer_stage_date_and_route(ours, bob):
    job = a_job(bob, move_on="2026-05-01", origin_city="Denver", destination_city="Boulder")

    hit = search(ours, job.code).groups[0].hits[0]

    assert hit == JobHit(
        pk=job.pk,
        code=job.code,
        name=job.caller,
        stage="booked",
        customer="Robert Smith",
        do_not_service=False,
        do_not_service_reason="",
        move_on=date(2026, 5, 1),
        move_in_on=None,
        route="Denver → Boulder",
    )


def test_another_companys_rows_never_appear(ours, theirs, bob):
    their_bob = a_customer(theirs, "Robert Smith", phone="(303) 555-0142", street="4821 Elm St")
    a_job(their_bob)
    a_job(bob)

    for said in ("smith", "bob smith", "3035550142", "0142", "4821 elm", "C-1", "J-1", "1"):
        for company in (ours, theirs):
            results = search(company, said)
            hits = [hit for group in results.groups for hit in group.hits]
            people = {hit.pk for hit in hits if isinstance(hit, CustomerHit)}
            moves = {hit.pk for hit in hits if isinstance(hit, JobHit)}
            assert hits
            assert people <= set(company.customers.values_list("pk", flat=True))
            assert moves <= set(company.jobs.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("said", "listed", "asked_for"),
    [
        *(("smith", 5, 6), ("bob smith", 7, 7), ("4821 elm", 6, 6), ("0142", 5, 6)),
        *(("J-1", 4, 5), ("xyz", 3, 3), ("", 1, 1)),
    ],
)
def test_the_number_of_queries_does_not_grow_with_what_is_found(
    ours, said, listed, asked_for, few, django_assert_num_queries
):
    for _ in range(3):
        customer = a_customer(ours, "Bob Smith", phone="303 555 0142", street="4821 Elm St")
        a_lead(ours, "Bob Smith", customer=customer, phone="303 555 0142", origin_street="4821 Elm")
        a_job(customer, phone="303 555 0142", origin_street="4821 Elm St")
        refresh_words(ours)

        with django_assert_num_queries(listed if few else asked_for):
            search(ours, said)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("an nguyen", {"An Nguyen", "Anh Nguyen 1", "Anh Nguyen 2", "Anh Nguyen 3"}),
        ("bob smith", {"Bob Smith", "Robert James Smith Jr", "Smith Family"}),
    ],
)
def test_what_stands_together_keeps_nobody_else_from_being_found_however_common(
    ours, said, names, monkeypatch
):
    monkeypatch.setattr(looking, "RARE", 2)
    for common in ("Robert Jones", "Anna Smith", "Anh Nguyen"):
        for number in (1, 2, 3):
            a_customer(ours, f"{common} {number}")
    for name in ("An Nguyen", "Bob Smith", "Robert James Smith Jr"):
        a_customer(ours, name)
    a_customer(ours, "Smith Family").contacts.create(name="Pat Robert Lee")

    assert {hit.name for group in search(ours, said).groups for hit in group.hits} == names


@pytest.mark.parametrize("said", ["scott lee", "lee scot", "sco lee"])
def test_a_name_and_a_part_of_a_mailbox_are_found_beside_who_has_both_for_names(ours, said):
    a_customer(ours, "Scott Lee")
    a_customer(ours, "Ann Lee", email="scott.day@gmail.com")

    assert set(customers_found(ours, said)) == {"Scott Lee", "Ann Lee"}


@pytest.mark.parametrize("said", ["lee bob", "lee robert", "bob lee", "robert lee"])
def test_a_nickname_is_understood_whichever_word_it_is(ours, said):
    for name in ("Robert Lee", "Bob Lee"):
        a_customer(ours, name)

    assert set(customers_found(ours, said)) == {"Robert Lee", "Bob Lee"}


@pytest.mark.parametrize("said", ["bob.smi", "bob.smith22", "BOB.smith22"])
def test_the_start_of_a_mailbox_is_no_nickname_and_has_nothing_in_between(ours, said):
    people = {"Robert Smith", "Robert Smithson", "Bob Allen Smith22"}
    for name in people:
        a_customer(ours, name, email="bob.smith22@gmail.com" if name == "Robert Smith" else "")

    assert customers_found(ours, said) == ["Robert Smith"]
    assert customers_found(ours, f"smi {said}") == ["Robert Smith"]
    assert set(customers_found(ours, "bob smi")) == people


@pytest.mark.parametrize("said", ["bob.smi", "bobsmi", "bob.smith+mo", "b.o.b.smith@g"])
def test_dots_of_a_mailbox_that_make_no_difference_make_none(ours, said):
    a_customer(ours, "Robert Jones", email="Bob.Smith+move@gmail.com")

    assert customers_found(ours, said) == ["Robert Jones"]


def test_what_starts_no_mailbox_may_be_names_or_a_place(ours):
    a_customer(ours, "Bob Smith", street="12 St. Louis Ave")

    for said in ("bob.smi", "bob_smith", "smith.bob", "st.louis", "bob st.louis"):
        assert customers_found(ours, said) == ["Bob Smith"]


def test_two_words_that_stand_together_often_enough_are_not_looked_for_apart(
    ours, few, django_assert_num_queries
):
    for _ in range(12):
        customer = a_customer(ours, "Bob Smith")
        a_lead(ours, "Bob Smith", customer=customer)
        a_job(customer)
    a_customer(ours, "Robert Smith")
    refresh_words(ours)

    with django_assert_num_queries(4 if few else 5):
        found = search(ours, "bob smi", limit=3)

    assert {hit.name for group in found.groups for hit in group.hits} == {"Bob Smith"}


@pytest.mark.parametrize(
    "said", ["j", "%", "_", "'", "\\", "\x00", "😀", "a" * 500, "1" * 300, "x " * 90]
)
def test_whatever_is_typed_is_answered(ours, bob, said):
    assert search(ours, said).text == said


def test_a_search_makes_only_so_many_rows_current(ours, monkeypatch):
    monkeypatch.setattr("carter.search.finding.ROWS_MADE_CURRENT", 2)
    for _ in range(3):
        a_customer(ours, "Ann Lee")

    assert len(customers_found(ours, "ann")) == 2
    assert len(customers_found(ours, "ann")) == 3


def test_a_job_is_found_after_any_change_to_it(ours):
    lead = a_lead(ours, "Ann Lee")
    Job.across_companies.get(pk=lead.pk).add_note("Called back.", by=None)

    assert found(ours, "ann")["Leads"] == [lead.code]


def test_half_a_first_name_with_half_a_last_name_finds(ours):
    for name in ("Rob Smith", "Robert Smith", "Bob Smithers", "Robin Small"):
        a_customer(ours, name)

    assert customers_found(ours, "rob smi") == ["Rob Smith", "Robert Smith", "Bob Smithers"]
    assert customers_found(ours, "robi sma") == ["Robin Small"]
    assert customers_found(ours, "smi rob")[:2] == ["Rob Smith", "Robert Smith"]


def test_who_is_called_so_comes_before_whose_names_only_begin_so(ours):
    for common in ("John Smith", "Johnathan Smithson"):
        for _ in range(14):
            a_customer(ours, common)

    assert customers_found(ours, "john smith") == ["John Smith"] * PER_GROUP


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("liz kate", {"Liz Kate", "Elizabeth Katherine Smith"}),
        ("acme zoe", {"Acme Zoe", "Acme Storage"}),
    ],
)
def test_one_who_is_found_keeps_nobody_else_from_being_found(ours, said, names):
    for name in sorted(names, reverse=True):
        a_customer(ours, name)
    firm = ours.customers.filter(name="Acme Storage").first()
    for number in range(8):
        if firm:
            firm.contacts.create(name=f"Ann{number} Bo{number}")
    if firm:
        firm.contacts.create(name="Zoe Last")

    assert set(customers_found(ours, said)) == names


def test_a_firm_by_its_name_in_one_is_found_with_a_person_beside_others(ours):
    a_lead(ours, "Bob Jones", company_name="U-Haul")
    a_lead(ours, "Bob Peters", company_name="Uhaul")

    assert len(found(ours, "uhaul bob")["Leads"]) == 2
