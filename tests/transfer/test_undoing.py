"""Taking an import back: what goes, what stays and why, and what comes back with the file."""

import pytest

from carter.billing.balances import balance_of
from carter.billing.ledger import record_payment
from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import add_detail, change_customer
from carter.jobs.linking import link_job, unlink_job
from carter.jobs.moving import move_to_stage
from carter.transfer.batches import CannotImport, start_undo
from tests.builders import a_customer, a_lead, a_member
from tests.transfer.importing import a_csv, a_dry_run, an_import, undone

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")
QUICKBOOKS = ("Customer", "Company", "Phone", "Opening Balance", "Opening Balance Date", "Notes")
LEADS = ("FullName", "PhoneNumber", "Email", "MoveDate", "MoveSize")

BOB = ("51000", "Bob", "Smith", "bob@example.com", "(303) 555-0142")
ANN = ("51001", "Ann", "Lee", "ann@example.com", "")
OWING = ("Sandra Walter", "", "513-332-0463", "312.40", "06/08/2026", "Prefers text")
MARIE = ("Marie Thomas", "510-989-7924", "marie@example.com", "20261111", "Studio")


def what_became(batch) -> list[tuple[int, str, str]]:
    return list(batch.rows.values_list("line", "undo", "undo_reason"))


def everything(company) -> dict[str, list[str]]:
    """What a person sees of the book: current customers with their details, leads, balances."""
    return {
        customer.code: [
            customer.name,
            *(str(each) for each in customer.phones.current()),
            *(str(each) for each in customer.emails.current()),
            *(job.code for job in customer.jobs.open()),
            str(balance_of(customer)),
        ]
        for customer in company.customers.current()
    }


@pytest.mark.parametrize(
    "content",
    [a_csv(HUBSPOT, BOB, ANN), a_csv(QUICKBOOKS, OWING), a_csv(LEADS, MARIE)],
    ids=["hubspot", "quickbooks", "leads"],
)
def test_an_undone_import_is_gone_and_comes_back_with_its_numbers(ours, ada, content):
    first = an_import(ours, content, by=ada)
    before = everything(ours)

    assert undone(first, by=ada).state == "undone"
    assert everything(ours) == {}

    again = an_import(ours, content, by=ada)
    assert set(again.counts) == {"created"}
    assert everything(ours) == before


def test_an_undone_revival_is_gone_again(ours, ada):
    content = a_csv(QUICKBOOKS, OWING)
    undone(an_import(ours, content, by=ada), by=ada)
    again = an_import(ours, content, by=ada)

    undone(again, by=ada)

    assert everything(ours) == {}
    assert balance_of(ours.customers.get()) == 0


def test_an_undone_import_is_found_by_nobody_and_its_rows_are_kept(ours, ada):
    batch = an_import(ours, a_csv(HUBSPOT, BOB), by=ada)

    undone(batch, by=ada)

    bob = ours.customers.get()
    assert bob.withdrawn_at == batch.refreshed().undone_at
    assert [event.what for event in bob.events.all()] == [
        "took back the import of people.csv",
        "added the customer from people.csv",
    ]
    assert not ours.words.exists()


def test_an_undone_lead_is_in_the_archive(ours, ada):
    batch = an_import(ours, a_csv(LEADS, MARIE), by=ada)

    undone(batch, by=ada)

    lead = ours.jobs.get()
    assert (lead.stage, [event.what for event in lead.events.all()][:1]) == (
        "import-undone",
        ["took back the import of people.csv"],
    )


def test_a_charge_is_countered_not_deleted(ours, ada):
    batch = an_import(ours, a_csv(QUICKBOOKS, OWING), by=ada)

    undone(batch, by=ada)

    posted, mirror = ours.customers.get().charges.order_by("id")
    assert (mirror.counters, mirror.amount_cents, mirror.on) == (posted, -31_240, posted.on)
    assert [entry.amount_cents for entry in ours.entries.order_by("id")] == [31_240, -31_240]


def test_what_an_import_added_to_somebody_else_becomes_former_and_returns(ours, ada):
    an_import(ours, a_csv(HUBSPOT, BOB), by=ada)
    newer = a_csv(HUBSPOT, ("51000", "Bob", "Smith", "", "720 555 0177"))
    batch = an_import(ours, newer, by=ada)
    bob = ours.customers.get()

    undone(batch, by=ada)
    assert [str(each) for each in bob.phones.current()] == ["(303) 555-0142"]

    again = an_import(ours, newer, by=ada)
    assert again.counts == {"attached": 1}
    assert [str(each) for each in bob.phones.current()] == ["(303) 555-0142", "720 555 0177"]
    assert bob.phones.count() == 2


def test_the_next_phone_is_the_main_one_when_the_main_one_goes(ours, ada):
    an_import(ours, a_csv(HUBSPOT, ANN), by=ada)
    batch = an_import(ours, a_csv(HUBSPOT, (*ANN[:4], "303 555 0142")), by=ada)
    add_detail(ours.customers.get(), "phones", text="720 555 0177", by=ada)

    undone(batch, by=ada)

    assert [(str(each), each.is_primary) for each in ours.customers.get().phones.current()] == [
        ("720 555 0177", True)
    ]


def changed(customer, ada):
    change_customer(customer, values={"name": "Rob"}, was={"name": customer.name}, by=ada)


def noted(customer, ada):
    customer.add_note("Has a piano.", by=ada)


def paid(customer, ada):
    record_payment(customer=customer, job=None, method="cash", amount_cents=100, by=ada)


def asked_again(customer, ada):
    a_lead(customer.company, "Bob Smith", customer=customer, by=ada)


def linked_to(customer, ada):
    link_job(a_lead(customer.company, "Bobby Smith", by=ada), to=customer, by=ada)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (changed, "Ada Owner changed the details on "),
        (noted, "Ada Owner wrote a note"),
        (paid, "has a payment since"),
        (asked_again, "Ada Owner took the lead on "),
        (linked_to, "Lead J-1 was linked to it"),
    ],
)
def test_whom_people_have_worked_with_stays_and_says_why(ours, ada, deed, reason):
    batch = an_import(ours, a_csv(HUBSPOT, BOB, ANN), by=ada)
    deed(ours.customers.get(name="Bob Smith"), ada)

    undone(batch, by=ada)

    (bobs, anns) = what_became(batch)
    assert (bobs[:2], anns) == ((2, "stays"), (3, "undone", ""))
    assert bobs[2].startswith(reason)
    assert ours.customers.current().filter(external_ids__value="51000").exists()


def booked(lead, ada):
    move_to_stage(lead, "booked", by=ada)


def linked_away(lead, ada):
    link_job(lead, to=a_customer(lead.company, "Mary Thomas"), by=ada)


def linked_and_back(lead, ada):
    linked_away(lead, ada)
    unlink_job(lead.refreshed(), by=ada)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (booked, "Job J-1 is booked"),
        (linked_away, "Lead J-1 was linked to another customer"),
        (linked_and_back, "Ada Owner unlinked Lead J-1 from Mary Thomas on "),
    ],
)
def test_a_lead_that_people_have_worked_with_stays_and_says_why(ours, ada, deed, reason):
    batch = an_import(ours, a_csv(LEADS, MARIE), by=ada)
    deed(ours.jobs.get(), ada)

    undone(batch, by=ada)

    ((line, undo, why),) = what_became(batch)
    assert (line, undo) == (2, "stays")
    assert why.startswith(reason)
    assert ours.jobs.exclude(stage="import-undone").exists()


def test_both_sides_of_a_merge_stay(ours, ada, merged):
    batch = an_import(ours, a_csv(HUBSPOT, BOB, ANN), by=ada)
    merged(ours.customers.get(name="Ann Lee"), ours.customers.get(name="Bob Smith"))

    undone(batch, by=ada)

    assert what_became(batch) == [
        (2, "stays", "Ann Lee was merged into it"),
        (3, "stays", "was merged into Bob Smith"),
    ]


def test_a_later_import_is_not_work_of_people(ours, ada):
    first = an_import(ours, a_csv(HUBSPOT, BOB), by=ada)
    second = an_import(ours, a_csv(HUBSPOT, (*BOB[:4], "720 555 0177")), by=ada)
    undone(second, by=ada)

    undone(first, by=ada)

    assert everything(ours) == {}


def test_what_was_skipped_or_refused_is_nothing_to_undo(ours, ada):
    an_import(ours, a_csv(HUBSPOT, BOB), by=ada)
    batch = an_import(ours, a_csv(HUBSPOT, BOB, ("1", "", "", "", "")), by=ada)

    undone(batch, by=ada)

    assert what_became(batch) == [(2, "", ""), (3, "", "")]
    assert ours.customers.current().count() == 1


def test_an_import_is_undone_once(ours, ada):
    batch = undone(an_import(ours, a_csv(HUBSPOT, BOB), by=ada), by=ada)

    with pytest.raises(CannotImport, match=r"^people.csv is undone: nothing to undo\.$"):
        start_undo(batch, by=ada)


def test_a_dry_run_is_nothing_to_undo(ours, ada):
    with pytest.raises(CannotImport):
        start_undo(a_dry_run(ours, a_csv(HUBSPOT, BOB)), by=ada)


def test_only_who_may_import_undoes(ours):
    batch = an_import(ours, a_csv(HUBSPOT, BOB))

    with pytest.raises(NotAllowed):
        start_undo(batch, by=a_member(ours, Role.BILLING))
