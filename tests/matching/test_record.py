import json

from hypothesis import given
from hypothesis import strategies as st

from carter.customers.addresses import PostalAddress
from carter.customers.names import PersonName
from carter.matching.record import Number, Record

BOB = Record.typed(
    names=["Smith, Bob", "BOB SMITH", "Unknown"],
    companies=["", "N/A"],
    phones=[("(303) 555-0142", "mobile"), "303.555.0142", "000-000-0000"],
    emails=["Bob.Smith+move@gmail.com", "none@none.com"],
    addresses=["12 Oak Street", ""],
)


def test_what_is_compared_is_normal_once_each_and_without_junk():
    expected = Record(
        names=(PersonName(first="bob", last="smith"),),
        phones=(Number("3035550142", "", "mobile"),),
        emails=("bobsmith@gmail.com",),
        addresses=(PostalAddress("12", "oak st"),),
    )
    assert expected == BOB


def test_records_of_one_customer_are_joined():
    other = Record.typed(names=["Bob Smith", "Robert Smith"], phones=["970 555 0100"])

    joined = Record.joined([BOB, other])

    assert [name.first for name in joined.names] == ["bob", "robert"]
    assert [number.key for number in joined.phones] == ["3035550142", "9705550100"]
    assert Record.joined([]) == Record()


def test_a_firm_is_an_account_only_with_a_name():
    firm = Record.typed(companies=["Acme, Inc."], commercial=True)
    nameless = Record.typed(companies=["N/A"], commercial=True)
    assert [firm.is_account, nameless.is_account, BOB.is_account] == [True, False, False]


def test_a_firm_typed_as_a_person_is_a_firm():
    typed = Record.typed(names=["Acme Logistics, LLC"], phones=["303 555 0142"])
    assert typed == Record.typed(
        companies=["Acme Logistics"], phones=["303 555 0142"], commercial=True
    )


texts = st.lists(st.text(max_size=30), max_size=3)


@given(texts, texts, texts, texts, texts, st.booleans())
def test_a_record_of_any_text_is_kept_and_read_back(names, firms, phones, emails, streets, firm):
    record = Record.typed(
        names=names,
        companies=firms,
        phones=phones,
        emails=emails,
        addresses=streets,
        commercial=firm,
    )
    assert Record.restored(json.loads(json.dumps(record.stored()))) == record
