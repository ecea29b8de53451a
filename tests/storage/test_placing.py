"""A location holds one storage job at a time, and says who is in it."""

from datetime import date, timedelta

import pytest

from carter.storage.changing import change_storage_job
from carter.storage.locking import NotOfStorage
from carter.storage.models import Location
from carter.storage.moving_in import CannotMoveIn, call_off, move_in
from carter.storage.placing import CannotPlace, place
from tests.builders import a_customer, a_storage_job, some_locations

APRIL, MAY, JUNE, JULY = (date(2026, month, 1) for month in (4, 5, 6, 7))


def stays_of(stored):
    rows = stored.stays.order_by("start_on", "location__name").select_related("location")
    return [(stay.location.name, stay.start_on, stay.end_on) for stay in rows]


def changed(stored, by=None, **values):
    was = {name: getattr(stored, name) for name in values}
    return change_storage_job(stored, values=values, was=was, by=by)


def test_reserved_locations_are_held_from_the_move_in_to_the_move_out(ours, ada):
    one, other, _ = some_locations(ours)

    stored = a_storage_job(
        a_customer(ours), move_in_on=MAY, move_out_on=JULY, locations=[one, other], by=ada
    )

    assert stays_of(stored) == [("V-001", MAY, JULY), ("V-002", MAY, JULY)]
    assert stored.job.events.first().changes == {"locations": ["", "V-001, V-002"]}


def test_a_location_is_not_given_to_two_at_once_and_the_sentence_names_who_is_in_it(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    ann, bob = a_customer(ours, "Ann Lee"), a_customer(ours, "Bob Smith")
    a_storage_job(ann, on=APRIL, move_out_on=JULY + timedelta(days=365), locations=[vault], by=ada)

    with pytest.raises(CannotPlace) as refused:
        a_storage_job(bob, move_in_on=JUNE, locations=[vault], by=ada)

    assert str(refused.value) == (
        f"{vault} is held by Ann Lee (S-1) from Apr 1, 2026 until Jul 1, 2027."
    )


def test_a_location_reserved_for_good_says_that_no_end_is_planned(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    a_storage_job(a_customer(ours, "Ann Lee"), move_in_on=MAY, locations=[vault], by=ada)

    with pytest.raises(
        CannotPlace, match=r"is reserved for Ann Lee \(S-1\) from May 1, 2026, with no"
    ):
        a_storage_job(a_customer(ours, "Bob"), move_in_on=JUNE, locations=[vault], by=ada)


@pytest.mark.parametrize(("first", "last"), [(APRIL, MAY), (JUNE, JULY), (JUNE, None)])
def test_days_that_only_touch_do_not_overlap(first, last, ours, ada):
    (vault,) = some_locations(ours, "V-014")
    a_storage_job(a_customer(ours), move_in_on=MAY, move_out_on=JUNE, locations=[vault], by=ada)

    stored = a_storage_job(
        a_customer(ours), move_in_on=first, move_out_on=last, locations=[vault], by=ada
    )

    assert stays_of(stored) == [("V-014", first, last)]


@pytest.mark.parametrize(
    ("first", "last"), [(APRIL, JUNE), (APRIL, None), (MAY, JUNE), (date(2026, 5, 31), None)]
)
def test_days_that_overlap_are_refused(first, last, ours, ada):
    (vault,) = some_locations(ours, "V-014")
    a_storage_job(a_customer(ours), move_in_on=MAY, move_out_on=JUNE, locations=[vault], by=ada)

    with pytest.raises(CannotPlace):
        a_storage_job(
            a_customer(ours), move_in_on=first, move_out_on=last, locations=[vault], by=ada
        )


def test_goods_go_from_one_location_to_another(ours, ada):
    one, other, third = some_locations(ours)
    stored = a_storage_job(a_customer(ours), on=APRIL, locations=[one, other], by=ada)

    place(stored, locations=[other, third], on=MAY, by=ada)

    assert stays_of(stored) == [("V-001", APRIL, MAY), ("V-002", APRIL, None), ("V-003", MAY, None)]
    assert [stay.location.name for stay in stored.stays.standing()] == ["V-002", "V-003"]
    assert stored.job.events.first().changes == {"locations": ["V-001, V-002", "V-002, V-003"]}


def test_a_reservation_that_is_changed_before_it_begins_leaves_no_stay(ours, ada):
    one, other, _ = some_locations(ours)
    stored = a_storage_job(a_customer(ours), move_in_on=MAY, locations=[one], by=ada)

    place(stored, locations=[other], on=MAY, by=ada)

    assert stays_of(stored) == [("V-002", MAY, None)]


def test_goods_in_storage_are_not_placed_in_the_future(ours, ada):
    one, other, _ = some_locations(ours)
    stored = a_storage_job(a_customer(ours), on=APRIL, locations=[one], by=ada)

    with pytest.raises(CannotPlace, match="when they are there"):
        place(stored, locations=[other], on=ours.today + timedelta(days=1), by=ada)


def test_a_closed_location_takes_nothing(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    Location.across_companies.update(closed_at=ours.created_at)

    with pytest.raises(CannotPlace, match="V-014 is closed"):
        a_storage_job(a_customer(ours), locations=[vault], by=ada)


def test_moving_in_holds_the_locations_from_the_day_the_goods_came(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    stored = a_storage_job(a_customer(ours), move_in_on=MAY, locations=[vault], by=ada)

    moved = move_in(stored, on=JUNE, by=ada)

    assert (moved.job.stage, moved.move_in_on) == ("in-storage", JUNE)
    assert stays_of(stored) == [("V-014", JUNE, None)]


def test_goods_move_in_once_and_not_before_they_are_there(ours, ada):
    stored = a_storage_job(a_customer(ours), by=ada)
    with pytest.raises(CannotMoveIn, match="when they are there"):
        move_in(stored, on=ours.today + timedelta(days=1), by=ada)

    move_in(stored, on=ours.today, by=ada)

    with pytest.raises(CannotMoveIn, match="already"):
        move_in(stored, on=ours.today, by=ada)


def test_goods_that_were_to_be_out_hold_their_location_until_they_are(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    late = a_storage_job(
        a_customer(ours, "Ann Lee"), on=APRIL, move_out_on=MAY, locations=[vault], by=ada
    )
    soon = ours.today + timedelta(days=1)
    waiting = a_storage_job(a_customer(ours, "Bob"), move_in_on=soon, locations=[vault], by=ada)

    assert ours.locations.free(soon, None, today=ours.today).exists() is False
    with pytest.raises(CannotPlace, match=r"was to be out on May 1, 2026 and is still there"):
        move_in(waiting, on=ours.today, by=ada)
    assert late.stays.on(ours.today, today=ours.today).exists()


def test_a_reservation_is_called_off_with_its_locations(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    stored = a_storage_job(a_customer(ours), move_in_on=MAY, locations=[vault], by=ada)

    off = call_off(stored, reason="Found a garage", by=ada)

    assert (off.job.stage, off.job.archive_reason) == ("called-off", "Found a garage")
    assert list(ours.locations.free(MAY, None, today=ours.today)) == [vault]
    with pytest.raises(NotOfStorage, match="is called off"):
        place(stored, locations=[vault], on=MAY, by=ada)


def test_goods_that_are_in_are_not_called_off(ours, ada):
    stored = a_storage_job(a_customer(ours), on=APRIL, by=ada)

    with pytest.raises(NotOfStorage, match="move them out instead"):
        call_off(stored, reason="Changed their mind", by=ada)


def test_a_later_move_out_needs_a_location_that_is_free_so_long(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    future = [ours.today + timedelta(days=days) for days in (30, 60, 90)]
    stored = a_storage_job(
        a_customer(ours), on=APRIL, move_out_on=future[0], locations=[vault], by=ada
    )
    a_storage_job(a_customer(ours, "Bob"), move_in_on=future[1], locations=[vault], by=ada)

    with pytest.raises(CannotPlace, match="is reserved for Bob"):
        changed(stored, ada, move_out_on=future[2])
    longer = changed(stored, ada, move_out_on=future[1])

    assert stays_of(longer) == [("V-014", APRIL, future[1])]


def test_a_reservation_that_is_put_off_takes_its_locations_along(ours, ada):
    (vault,) = some_locations(ours, "V-014")
    stored = a_storage_job(a_customer(ours), move_in_on=MAY, locations=[vault], by=ada)

    later = changed(stored, ada, move_in_on=JUNE, monthly_price_cents=12_500)

    assert stays_of(later) == [("V-014", JUNE, None)]
    assert stored.job.events.first().changes == {
        "Move-in date": ["2026-05-01", "2026-06-01"],
        "Monthly price": ["", "$125.00"],
    }


def test_the_move_out_is_not_before_the_move_in(ours, ada):
    stored = a_storage_job(a_customer(ours), move_in_on=MAY, by=ada)

    with pytest.raises(NotOfStorage, match="not before"):
        changed(stored, ada, move_out_on=APRIL)
