import pytest
from django.core.exceptions import ValidationError

from carter.companies.changing import change_company
from carter.companies.models import Company
from carter.companies.rights import NotAllowed, Role
from carter.companies.tenancy import AnotherCompanysRow
from tests.builders import a_member


def test_what_changed_is_kept_with_before_and_after(ours, ada):
    change_company(
        ours,
        values={"name": ours.name, "time_zone": "America/Denver", "has_storage": True},
        by=ada,
    )

    company = Company.objects.get(pk=ours.pk)
    assert (company.time_zone, company.has_storage) == ("America/Denver", True)
    assert [(event.what, event.changes, event.by) for event in ours.settings_events.all()] == [
        (
            "changed the settings",
            {
                "time zone": ["America/New_York", "America/Denver"],
                "Storage module": ["off", "on"],
            },
            ada,
        )
    ]


def test_nothing_changed_leaves_no_trace(ours, ada):
    change_company(ours, values={"name": ours.name}, by=ada)

    assert not ours.settings_events.exists()


def test_an_unknown_time_zone_is_refused(ours, ada):
    with pytest.raises(ValidationError):
        change_company(ours, values={"time_zone": "Mars/Olympus"}, by=ada)

    assert Company.objects.get(pk=ours.pk).time_zone == "America/New_York"


def test_a_time_zone_that_is_no_longer_one_stands_in_nobodys_way(ours, ada):
    Company.objects.update(time_zone="US/Pacific-New")

    assert change_company(ours, values={"name": "Ada & Sons"}, by=ada).name == "Ada & Sons"


def test_only_an_owner_changes_settings(ours):
    with pytest.raises(NotAllowed):
        change_company(ours, values={"name": "Mine"}, by=a_member(ours, Role.MANAGER))


def test_an_owner_of_another_company_changes_nothing_here(ours, stranger):
    with pytest.raises(AnotherCompanysRow):
        change_company(ours, values={"name": "Mine"}, by=stranger)
