"""The screens of storage, as the desk uses them."""

import csv
from datetime import date, timedelta

import pytest
from django.urls import reverse

from carter.companies.rights import Role
from carter.storage.models import StorageJob
from tests.builders import (
    a_charge,
    a_customer,
    a_job,
    a_lead,
    a_member,
    a_storage_job,
    some_locations,
)

NEW = "/storage/new/"
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def ours(ours):
    ours.has_storage = True
    ours.save()
    return ours


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def said(**fields):
    return {"category": "residential", "type": "permanent"} | fields


def codes(answer) -> list[str]:
    return [stored.job.code for stored in answer.context["page"].rows]


def test_storage_is_saved_with_its_customer_once(ours, desk):
    typed = said(
        name="Ann Lee",
        phone="303 555 0142",
        move_in_on="2026-05-01",
        monthly_price_cents="$125",
        once="token",
    )
    answers = [desk.post(NEW, typed) for _ in range(3)]

    stored = ours.storage_jobs.get()
    assert {answer.url for answer in answers} == {stored.get_absolute_url()}
    assert (stored.customer.name, stored.move_in_on, stored.monthly_price_cents) == (
        "Ann Lee",
        MAY,
        12_500,
    )


def test_storage_of_nobody_keeps_what_was_typed(ours, desk):
    answer = desk.post(NEW, said(volume="2 vaults", move_in_on="2026-05-01"))

    assert answer.status_code == 422
    assert "one of the three is enough" in answer.content.decode()
    assert 'value="2 vaults"' in answer.content.decode()
    assert not ours.jobs.exists()


def test_days_the_wrong_way_round_are_told_beside_the_field(ours, desk):
    typed = said(name="Ann", move_in_on="2026-05-01", move_out_on="2026-04-01")

    answer = desk.post(NEW, typed)

    assert answer.status_code == 422
    assert "not before the move-in date" in str(answer.context["terms"].errors["move_out_on"])


def test_storage_of_a_known_customer_starts_with_the_saved_details(ours, desk):
    known = a_customer(ours, "Ann Lee", phone="303 555 0142")

    shown = desk.get(f"{NEW}?customer={known.pk}").content.decode()
    desk.post(NEW, said(name="Ann Lee", customer=known.pk))

    assert 'value="303 555 0142"' in shown
    assert ours.storage_jobs.get().customer == known


def test_a_suggestion_is_taken_over_with_what_was_typed(ours, desk):
    known = a_customer(ours, "Ann Lee", phone="303 555 0142")

    shown = desk.post(NEW, said(name="Ann", volume="2 vaults", use=known.pk)).content.decode()

    assert "For Ann Lee" in shown
    assert 'value="2 vaults"' in shown
    assert not ours.jobs.exists()


def test_storage_from_a_move_is_linked_to_it(ours, desk):
    move = a_job(a_customer(ours, "Ann Lee"), phone="303 555 0142")
    page = desk.get(reverse("job", args=[move.pk])).content.decode()

    shown = desk.get(f"{NEW}?move={move.pk}").content.decode()
    desk.post(NEW, said(name="Ann Lee", move=move.pk))

    assert f"{NEW}?move={move.pk}" in page
    assert 'value="303 555 0142"' in shown
    stored = ours.storage_jobs.get()
    assert (stored.customer, stored.linked_moves.get().move) == (move.customer, move)


def test_storage_for_a_location_is_reserved_there_or_not_saved(ours, desk):
    (vault,) = some_locations(ours, "V-014")
    typed = said(location=vault.pk, move_in_on="2026-05-01")

    desk.post(NEW, typed | {"name": "Ann Lee"})
    refused = desk.post(NEW, typed | {"name": "Bob Smith"})

    assert ours.storage_jobs.get().stays.get().location == vault
    assert refused.status_code == 422
    assert "is reserved for Ann Lee (S-1)" in refused.content.decode()


def test_the_page_says_what_is_agreed_and_where_the_goods_are(ours, desk):
    (vault,) = some_locations(ours, "V-014")
    stored = a_storage_job(
        a_customer(ours), on=MAY, locations=[vault], volume="900 lb", monthly_price_cents=12_500
    )

    shown = desk.get(stored.get_absolute_url()).content.decode()

    for words in ("900 lb", "$125.00", "V-014", "May 1, 2026", "In storage"):
        assert words in shown
    assert desk.get(reverse("job", args=[stored.pk])).url == stored.get_absolute_url()


def test_the_terms_are_changed_and_clashes_are_told(ours, desk):
    stored = a_storage_job(a_customer(ours), move_in_on=MAY)
    typed = {"type": "in-transit", "was-type": "permanent", "volume": "", "was-volume": ""}
    days = {"move_in_on": "2026-05-01", "was-move_in_on": "2026-05-01"}

    desk.post(stored.get_absolute_url(), typed | days)
    clash = desk.post(stored.get_absolute_url(), typed | days | {"was-type": "in-transit"})
    StorageJob.across_companies.update(volume="2 vaults")
    told = desk.post(stored.get_absolute_url(), typed | days | {"volume": "3 vaults"})

    assert stored.refreshed().type == "in-transit"
    assert clash.status_code == 302
    assert (told.status_code, "2 vaults" in told.content.decode()) == (422, True)


def test_the_goods_move_in(ours, desk):
    stored = a_storage_job(a_customer(ours))
    address = reverse("storage_move_in", args=[stored.pk])

    tomorrow = desk.post(address, {"on": str(ours.today + timedelta(days=1))})
    done = desk.post(address, {"on": "2026-05-01"})

    assert (tomorrow.status_code, done.url) == (422, stored.get_absolute_url())
    assert (stored.refreshed().move_in_on, stored.job.refreshed().stage) == (MAY, "in-storage")


def test_a_reservation_is_called_off_with_a_reason(ours, desk):
    stored = a_storage_job(a_customer(ours))
    address = reverse("storage_call_off", args=[stored.pk])

    assert desk.post(address, {"reason": ""}).status_code == 422
    desk.post(address, {"reason": "Found a garage"})

    assert stored.job.refreshed().archive_reason == "Found a garage"


def test_locations_are_ticked_on_the_plan(ours, desk):
    one, other, third = some_locations(ours)
    stored = a_storage_job(a_customer(ours, "Ann Lee"), on=APRIL, locations=[one])
    a_storage_job(a_customer(ours, "Bob Smith"), on=APRIL, locations=[third])
    address = reverse("storage_places", args=[stored.pk])

    shown = desk.get(address).content.decode()
    taken = desk.post(address, {"on": "2026-05-01", "locations": [one.pk, third.pk]})
    done = desk.post(address, {"on": "2026-05-01", "locations": [other.pk]})

    assert "Bob Smith" in shown
    assert taken.status_code == 422
    assert "is held by Bob Smith (S-2) from Apr 1, 2026" in taken.content.decode()
    assert done.url == stored.get_absolute_url()
    assert [stay.location for stay in stored.stays.standing()] == [other]


def test_the_plan_for_another_day_keeps_what_was_ticked(ours, desk):
    one, other, _ = some_locations(ours)
    stored = a_storage_job(a_customer(ours), on=APRIL, locations=[one])
    address = reverse("storage_places", args=[stored.pk])

    shown = desk.get(address, {"on": "2026-05-01", "locations": [other.pk]})

    assert shown.context["ticked"] == {other.pk}
    assert desk.get(f"{address}?on=2026-05-99").status_code == 200


def test_moves_are_linked_by_their_number_and_taken_off(ours, desk):
    move, stored = a_job(a_customer(ours)), a_storage_job(a_customer(ours))
    address = reverse("storage_moves", args=[stored.pk])

    unknown = desk.post(address, {"move": "J-99"})
    storage = desk.post(address, {"move": stored.job.code})
    desk.post(address, {"move": "j-1"})
    twice = desk.post(address, {"move": "1"})

    assert [unknown.status_code, storage.status_code, twice.status_code] == [422] * 3
    assert "There is no move J-99" in unknown.content.decode()
    assert [link.move for link in stored.linked_moves.all()] == [move]
    link = stored.linked_moves.get()
    desk.post(reverse("storage_move_off", args=[stored.pk, link.pk]))
    assert not stored.linked_moves.exists()


def test_the_intake_of_a_storage_job_is_corrected(ours, desk):
    stored = a_storage_job(a_customer(ours, "Ann Lee"))
    was = {f"was-{name}": getattr(stored.job, name) for name in ("category", "name")}
    typed = {"category": "residential", "name": "Anne Lee", **was}

    answer = desk.post(reverse("storage_intake", args=[stored.pk]), typed)

    assert (answer.status_code, stored.job.refreshed().name) == (302, "Anne Lee")


def test_a_repeat_customer_is_noticed_and_linked(ours, desk):
    known = a_customer(ours, "Robert Smith", phone="(303) 555-0142")
    desk.post(NEW, said(name="Bob Smith", phone="303.555.0142"))
    stored = ours.storage_jobs.get()

    assert "Possible Repeat Customer" in desk.get(stored.get_absolute_url()).content.decode()
    desk.post(reverse("job_link", args=[stored.pk]), {"customer": known.pk})

    assert "Repeat job of Robert Smith" in desk.get(stored.get_absolute_url()).content.decode()
    tab = desk.get(reverse("customer_storage", args=[known.pk]))
    assert codes(tab) == [stored.job.code]


def test_the_list_is_narrowed_and_sorted(ours, desk):
    vault, rack, unit = some_locations(ours, "V-1", "R-1", "U-1")
    soon = ours.today + timedelta(days=10)
    ann, bob, cy = (a_customer(ours, name) for name in ("Ann Lee", "Bob Smith", "Cy Young"))
    first = a_storage_job(ann, on=APRIL, move_out_on=MAY, locations=[vault])
    a_storage_job(bob, on=MAY, move_out_on=soon, locations=[rack])
    a_storage_job(cy, locations=[unit])
    a_charge(first.job, 9_900)
    warehouse = rack.zone.warehouse_id

    def listed(question):
        return codes(desk.get(f"/storage/?{question}"))

    assert listed("") == ["S-3", "S-2", "S-1"]
    assert listed("sort=in") == ["S-1", "S-2", "S-3"]
    assert listed("sort=-in") == ["S-2", "S-1", "S-3"]
    assert listed("sort=out") == ["S-1", "S-2", "S-3"]
    assert listed("stage=reserved") == ["S-3"]
    assert listed("stage=moved-out") == []
    assert listed("out=14") == ["S-2", "S-1"]
    assert listed("out=late") == ["S-1"]
    assert listed("balance=owes") == ["S-1"]
    assert listed(f"warehouse={warehouse}") == ["S-3", "S-2", "S-1"]
    assert [listed(f"q={q}") for q in ("bob", "r-1", "s-3", "%231", "x")] == [
        ["S-2"],
        ["S-2"],
        ["S-3"],
        ["S-1"],
        [],
    ]


def test_customers_with_goods_in_storage_are_listed(ours, desk):
    stored, reserved = a_customer(ours, "Ann Lee"), a_customer(ours, "Bob Smith")
    a_storage_job(stored, on=MAY)
    a_storage_job(reserved, move_in_on=MAY)

    assert list(desk.get("/customers/?storage=yes").context["page"].rows) == [stored]
    ours.has_storage = False
    ours.save()
    assert len(desk.get("/customers/?storage=yes").context["page"].rows) == 2


def test_storage_jobs_are_not_in_the_lists_of_moves(ours, desk):
    known = a_customer(ours)
    a_lead(ours, customer=known)
    a_job(known)
    a_storage_job(known, on=MAY)

    for name in ("leads", "jobs"):
        assert [job.what for job in desk.get(reverse(name)).context["page"].rows] == [
            "Lead" if name == "leads" else "Job"
        ]
    tab = desk.get(reverse("customer_jobs", args=[known.pk]))
    assert {job.is_storage for job in tab.context["page"].rows} == {False}


def test_who_may_not_see_money_sees_no_amounts(ours, client_of):
    (vault,) = some_locations(ours, "V-1")
    known = a_customer(ours)
    stored = a_storage_job(known, on=MAY, locations=[vault], monthly_price_cents=98_765)
    a_charge(stored.job, 98_765)
    dispatcher = client_of(a_member(ours, Role.DISPATCHER))

    addresses = ["/storage/", "/storage/?balance=owes", stored.get_absolute_url()]
    addresses += [f"{stored.get_absolute_url()}?edit=1", f"{NEW}?customer={known.pk}"]
    addresses += [reverse("customer_storage", args=[known.pk])]
    addresses += [reverse("job_history", args=[stored.pk])]
    for address in addresses:
        assert "987.65" not in dispatcher.get(address).content.decode(), address


def test_who_may_only_read_is_told_who_may_change(ours, client_of):
    stored = a_storage_job(a_customer(ours))
    reader = client_of(a_member(ours, Role.READ_ONLY))

    shown = reader.get(stored.get_absolute_url()).content.decode()

    assert ("Move In" in shown, "Choose Locations" in shown) == (False, False)
    for name in ("storage_move_in", "storage_call_off", "storage_places", "storage_moves"):
        assert reader.post(reverse(name, args=[stored.pk])).status_code == 403
    assert reader.get(NEW).status_code == 403


def test_storage_jobs_are_exported(ours, desk):
    (vault,) = some_locations(ours, "V-1")
    a_storage_job(
        a_customer(ours, "Ann Lee"), on=MAY, locations=[vault], monthly_price_cents=12_500
    )

    answer = desk.get(reverse("export", args=["storage-jobs", "csv"]))

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert {name: row[name] for name in ("storage_job_id", "customer", "move_in", "stage")} == {
        "storage_job_id": "S-1",
        "customer": "Ann Lee",
        "move_in": "2026-05-01",
        "stage": "In storage",
    }
    assert (row["locations"], row["monthly_price"]) == (str(vault), "125.00")


def test_a_move_has_no_page_of_storage_and_storage_no_stages_of_a_move(ours, desk):
    move, stored = a_job(a_customer(ours)), a_storage_job(a_customer(ours))

    assert desk.get(reverse("storage_job", args=[move.pk])).status_code == 404
    assert desk.post(reverse("job_stage", args=[stored.pk]), {"stage": "new"}).status_code == 404
    assert desk.post(reverse("job_copies", args=[stored.pk])).status_code == 404
    assert desk.get(f"{NEW}?move={stored.pk}").status_code == 404
