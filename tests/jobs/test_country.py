import pytest

from carter.companies.models import Company
from carter.companies.rights import NotAllowed, Role
from carter.jobs.country import change_country
from carter.matching.keying import refresh_keys
from carter.matching.models import Key
from tests.builders import a_customer, a_lead, a_member


def test_numbers_in_the_book_are_read_as_the_new_countrys(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="020 7946 0018")
    eve = a_customer(ours, "Eve Jones", phone="+44 20 7946 0019")
    nobody = a_customer(ours, "Nobody")
    ours.customers.update(keys_due=False, words_due=False)

    change_country(ours, "GB", by=ada)

    assert [customer.phones.get().key for customer in (bob, eve)] == ["2079460018", "2079460019"]
    assert [customer.refreshed().keys_due for customer in (bob, eve, nobody)] == [
        True,
        True,
        False,
    ]
    assert a_customer(Company.objects.get(), phone="020 7946 0018").phones.get().key == (
        "2079460018"
    )


def test_the_second_number_of_a_field_is_read_anew_too(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="+44 20 7946 0018 or 020 7946 0019")
    refresh_keys(ours)

    company = change_country(ours, "GB", by=ada)

    assert bob.refreshed().keys_due is True
    refresh_keys(company)
    numbers = Key.across_companies.filter(kind="phone").values_list("value", flat=True)
    assert sorted(numbers) == ["2079460018", "2079460019"]


def test_a_country_with_the_same_numbers_changes_none(ours, ada):
    bob = a_customer(ours, "Bob Smith", phone="303-555-0142")
    ours.customers.update(keys_due=False, words_due=False)

    change_country(ours, "CA", by=ada)

    assert (bob.phones.get().key, bob.refreshed().keys_due) == ("3035550142", False)


def test_leads_with_a_number_are_found_anew(ours, ada):
    lead = a_lead(ours, phone="020 7946 0018")
    ours.jobs.update(words_due=False)

    change_country(ours, "GB", by=ada)

    assert lead.refreshed().words_due is True


def test_another_companys_numbers_stay(ours, theirs, ada):
    stranger = a_customer(theirs, phone="+44 20 7946 0018")

    change_country(ours, "GB", by=ada)

    assert stranger.phones.get().key == "+442079460018"


def test_the_change_is_kept_in_the_settings_history(ours, ada):
    change_country(ours, "US", by=ada)
    change_country(ours, "CA", by=ada)

    assert [(event.what, event.changes) for event in ours.settings_events.all()] == [
        ("changed the country", {"country": ["United States", "Canada"]})
    ]


def test_only_an_owner_changes_the_country(ours):
    with pytest.raises(NotAllowed):
        change_country(ours, "CA", by=a_member(ours, Role.MANAGER))
