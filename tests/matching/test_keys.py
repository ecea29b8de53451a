from carter.matching.keys import LONGEST_VALUE, keys_of
from carter.matching.record import Record


def keys(**typed):
    return {f"{kind} {value}" for kind, value in keys_of(Record.typed(**typed))}


def test_nobody_is_filed_nowhere():
    assert keys() == set()
    assert keys(names=["Unknown"], phones=["000-000-0000"], emails=["none@none.com"]) == set()


def test_a_person_is_filed_under_every_name_the_first_name_stands_for():
    assert keys(names=["Tom Smith"]) == {
        "name smith tom",
        "name smith thom",
        "name smith thomas",
        "initial t smith",
        "sound tom SM0",
    }


def test_a_name_typed_either_way_round_has_one_key():
    assert ("name", "flick ottilie") in keys_of(Record.typed(names=["Ottilie Flick"])) & keys_of(
        Record.typed(names=["Flick Ottilie"])
    )


def test_a_partner_and_the_halves_of_a_surname_are_filed_too():
    filed = keys(names=["Ana García-López & Juan Ruiz"])
    assert {"initial a garcialopez", "initial a garcia", "initial a lopez"} <= filed
    assert "initial j ruiz" in filed


def test_a_mailbox_is_filed_by_user_and_by_its_own_domain():
    assert keys(emails=["bob.smith@gmail.com"]) == {"email bobsmith@gmail.com", "user bobsmith"}
    assert keys(emails=["info@acme.com"]) == {"email info@acme.com", "domain acme.com"}


def test_a_house_is_filed_by_number_and_street():
    assert keys(addresses=["12 North Oak Street Apt 4, Denver"]) == {"street 12 n oak st"}


def test_a_firm_is_filed_by_its_name_and_not_by_who_called():
    assert keys(names=["Bob Smith"], companies=["The Acme Van Lines, Inc."], commercial=True) == {
        "company acme van lines",
        "words acme van",
    }


def test_a_value_is_never_longer_than_the_column():
    filed = keys_of(
        Record.typed(names=["x" * 250 + " " + "y" * 250], emails=["e" * 300 + "@a.com"])
    )
    assert max(len(value) for _, value in filed) == LONGEST_VALUE
