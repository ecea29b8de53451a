import pytest

from carter.companies.rights import NotAllowed, Right, Role
from carter.companies.staffing import LastOwner, change_role, come_back, leave
from carter.companies.tenancy import AnotherCompanysRow
from tests.builders import a_member


def test_a_role_is_changed_and_who_did_it_is_kept(ours, ada):
    sam = a_member(ours, Role.SALES, name="Sam Sales")

    sam = change_role(sam, Role.MANAGER, by=ada)

    assert (sam.role, sam.may(Right.MERGE)) == ("manager", True)
    assert [(event.what, event.changes, event.by) for event in ours.settings_events.all()] == [
        ("changed the role of Sam Sales", {"role": ["Sales", "Manager"]}, ada)
    ]


def test_the_same_role_is_no_change(ours, ada):
    change_role(ada, Role.OWNER, by=ada)

    assert not ours.settings_events.exists()


def test_the_last_owner_stays(ours, ada):
    with pytest.raises(LastOwner, match="Ada Owner is the only owner"):
        change_role(ada, Role.SALES, by=ada)
    with pytest.raises(LastOwner):
        leave(ada, by=ada)


def test_an_owner_who_left_is_no_owner(ours, ada):
    olga = a_member(ours, Role.OWNER, name="Olga Owner")
    leave(olga, by=ada)

    with pytest.raises(LastOwner):
        leave(ada, by=ada)


def test_of_two_owners_one_may_go(ours, ada):
    olga = a_member(ours, Role.OWNER, name="Olga Owner")

    assert leave(ada, by=ada).is_working is False
    assert olga.refreshed().is_working is True


def test_who_left_comes_back_in_the_same_role(ours, ada):
    sam = a_member(ours, Role.BILLING, name="Sam Sales")
    leave(sam, by=ada)

    sam = come_back(sam, by=ada)

    assert (sam.is_working, sam.role) == (True, "billing")
    assert [event.what for event in ours.settings_events.all()] == [
        "took Sam Sales back",
        "removed Sam Sales",
    ]


@pytest.mark.parametrize(
    "deed", [leave, come_back, lambda sam, by: change_role(sam, "owner", by=by)]
)
def test_only_an_owner_changes_who_works_here(ours, deed):
    with pytest.raises(NotAllowed):
        deed(a_member(ours), by=a_member(ours, Role.MANAGER))


def test_an_owner_of_another_company_changes_nothing_here(ours, stranger):
    sam = a_member(ours)

    with pytest.raises(AnotherCompanysRow):
        leave(sam, by=stranger)
    assert sam.refreshed().is_working is True
