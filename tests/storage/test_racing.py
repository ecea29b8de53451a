"""Two people at once in the warehouse: on PostgreSQL, where they really are at once."""

from functools import partial

import pytest

from carter.storage import placing
from carter.storage.checking import RULES
from carter.storage.placing import CannotPlace, place
from carter.storage.setting_up import CannotSetUp, close_location
from tests.builders import a_customer, a_storage_job, some_locations
from tests.racing import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS, RIVALS = 12, 4


def rounds_with_two_in_one_location(company) -> int:
    """How many of the rounds in which four want two locations end with two in one of them."""
    rivals = [a_storage_job(a_customer(company, f"Rival {n}")) for n in range(RIVALS)]
    broken = 0
    for number in range(ROUNDS):
        vaults = some_locations(company, f"V-{number}", f"W-{number}")
        raised = at_once(
            *[partial(place, each, locations=vaults, on=company.today, by=None) for each in rivals]
        )
        assert {type(reason) for reason in raised} <= {CannotPlace}
        broken += any(vault.stays.count() != 1 for vault in vaults)
        company.stays.all().delete()
    return broken


def test_of_several_who_want_the_same_locations_one_has_them(ours):
    assert rounds_with_two_in_one_location(ours) == 0


def test_the_control_without_locking_lets_two_in(ours, monkeypatch):
    """Without the lock, and without the database's own rule, two look and both find it free."""

    def only_look(company, locations):
        return list(company.locations.filter(pk__in=[location.pk for location in locations]))

    monkeypatch.setattr(placing, "lock_locations", only_look)
    monkeypatch.setattr(placing, "end_of_stay", lambda storage_job, on: on.replace(year=9999))

    assert rounds_with_two_in_one_location(ours) > 0


@pytest.mark.parametrize("_", range(5))
def test_a_location_is_closed_or_taken_but_not_both(_, ours):
    (vault,) = some_locations(ours, "V-1")
    stored = a_storage_job(a_customer(ours))

    raised = at_once(
        lambda: place(stored, locations=[vault], on=ours.today, by=None),
        lambda: close_location(vault, by=None),
    )

    assert [type(reason) for reason in raised] in ([CannotPlace], [CannotSetUp])
    assert [rule.says for rule in RULES if rule.broken_by(ours.pk)[0]] == []
