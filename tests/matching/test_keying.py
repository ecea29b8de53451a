"""Keys and profiles follow what is known of a customer, and nothing else."""

from carter.customers.changing import add_detail
from carter.customers.models import Customer
from carter.matching import keying
from carter.matching.keying import refresh_keys
from carter.matching.keys import keys_of
from carter.matching.models import Key
from carter.matching.record import Record
from tests.builders import a_customer


def keys(customer):
    rows = Key.across_companies.filter(customer=customer).values_list("kind", "value")
    return set(rows)


def test_a_customer_has_the_keys_of_what_is_known(ours):
    bob = a_customer(
        ours, "Bob Smith", phone="(303) 555-0142", email="bob@acme.com", street="12 Oak St"
    )

    assert refresh_keys(ours) == 1

    record = Record.typed(
        names=["Bob Smith"],
        phones=[("(303) 555-0142", "mobile")],
        emails=["bob@acme.com"],
        addresses=["12 Oak St, Denver, CO 80202"],
    )
    assert keys(bob) == keys_of(record)
    assert bob.profile.record == record


def test_only_what_changed_is_made_again(ours, ada, django_assert_num_queries):
    bob = a_customer(ours, "Bob Smith", phone="(303) 555-0142")
    refresh_keys(ours)
    with django_assert_num_queries(1):
        assert refresh_keys(ours) == 0

    add_detail(bob, "phones", text="970 555 0100", by=ada)

    assert refresh_keys(ours) == 1
    assert {value for kind, value in keys(bob) if kind == "phone"} == {"3035550142", "9705550100"}


def test_a_number_that_was_corrected_leaves_no_key_behind(ours):
    bob = a_customer(ours, "Bob Smith", phone="(303) 555-0142")
    refresh_keys(ours)
    bob.phones.update(text="303 555 0143")
    bob.mark_changed()

    refresh_keys(ours)

    assert {value for kind, value in keys(bob) if kind == "phone"} == {"3035550143"}


def test_another_companys_customers_are_left_alone(ours, theirs):
    a_customer(theirs, "Bob Smith")

    assert refresh_keys(ours) == 0
    assert Customer.across_companies.filter(keys_due=True).count() == 1


def test_go_betweens_are_not_the_customer(ours, ada):
    bob = a_customer(ours, "Bob Smith")
    add_detail(bob, "contacts", name="Rita Realtor", role="realtor", by=ada)
    add_detail(bob, "contacts", name="Mary Smith", role="partner", by=ada)

    refresh_keys(ours)

    assert [name.first for name in bob.profile.record.names] == ["bob", "mary"]


def test_a_withdrawn_customer_has_no_keys(ours):
    bob = a_customer(ours, "Bob Smith", phone="(303) 555-0142")
    refresh_keys(ours)
    bob.withdrawn_at = bob.created_at
    bob.keys_due = True
    bob.save()

    refresh_keys(ours)

    assert keys(bob) == set()


def test_the_work_is_done_in_batches_of_bounded_size(ours, monkeypatch):
    monkeypatch.setattr(keying, "BATCH", 2)
    for number in range(5):
        a_customer(ours, f"Bob Smith{number}")

    assert refresh_keys(ours, at_most=3) == 3
    assert refresh_keys(ours) == 2
