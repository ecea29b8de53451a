"""Cards, consent and what is to be collected, when customers are merged and it is undone."""

from carter.gateway.collecting import collect_due, collect_later
from carter.gateway.models import Collection, StoredMethod
from carter.gateway.switches import auto_pay_is_on_for, stop_auto_pay
from carter.merging.merge import merge_customers
from carter.merging.undo import undo_merge
from tests.builders import a_charge, a_customer, a_job, an_invoice
from tests.gateway.directing import a_card


def rows() -> list[tuple[int, ...]]:
    methods = StoredMethod.across_companies.order_by("id").values_list(
        "id", "customer", "born_to", "job", "gateway_customer", "consent"
    )
    collections = Collection.across_companies.order_by("id").values_list(
        "id", "invoice__customer", "method__customer", "next_on"
    )
    return [*methods, *collections]


def test_a_merge_takes_cards_along_charges_nothing_and_is_undone_exactly(connected, gateway, ada):
    customers = [a_customer(connected, name) for name in ("Ann Lee", "Anne Lee")]
    for customer in customers:
        job = a_job(customer)
        card = a_card(gateway, customer, job=job)
        invoice = an_invoice([a_charge(job, 10_000)])
        collect_later(invoice=invoice, method=card, on=connected.today)
    before = rows()

    merge = merge_customers(survivor=customers[0], duplicates=customers[1:], by=ada)
    assert (customers[0].stored_methods.count(), gateway.tell("payments")) == (2, [])

    undo_merge(merge, by=ada)
    assert rows() == before
    assert collect_due(connected, connected.today).paid == 2


def test_of_two_merged_one_of_whom_said_no_none_is_charged(connected, gateway, ada):
    ann, anne = (a_customer(connected, name) for name in ("Ann Lee", "Anne Lee"))
    stop_auto_pay(anne, by=ada)

    merge = merge_customers(survivor=ann, duplicates=[anne], by=ada)
    assert not auto_pay_is_on_for(ann.refreshed())

    undo_merge(merge, by=ada)
    assert (auto_pay_is_on_for(ann.refreshed()), auto_pay_is_on_for(anne.refreshed())) == (
        True,
        False,
    )
