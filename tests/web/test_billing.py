"""**Billing**, statements and what the Account Balance is made of: every figure adds up."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carter.billing.balances import balance_of
from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import draft_invoice, void_invoice
from carter.billing.taking_back import return_payment
from carter.companies.rights import Role
from carter.customers.models import Customer
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment, an_invoice
from tests.web.money import address


@pytest.fixture
def desk(ours, client_of):
    return client_of(a_member(ours, Role.BILLING, name="Ruth Billing"))


def a_customer_with_money(company, name: str, member) -> Customer:
    """Who owes $180 on two jobs: overdue, partly paid, paid, void, draft, not invoiced, deposit."""
    customer = a_customer(company, name, by=member)
    today = company.today
    first, second = (a_job(customer, by=member) for _ in range(2))
    late = an_invoice([a_charge(first, on=today - timedelta(45))], on=today - timedelta(45))
    partly = an_invoice([a_charge(second)], terms="net-30")
    paid = an_invoice([a_charge(second, 2_000)])
    a_payment(second, 6_000, to={partly: 4_000, paid: 2_000}, reference="1042")
    void = an_invoice([a_charge(second, 3_000)])
    void_invoice(void, reason="Wrong address", by=None)
    draft_invoice(customer=customer, charges=second.charges.uninvoiced(), by=None)
    a_charge(second, 1_000)
    a_payment(first, 4_000, to={}, method="cash")
    bounced = a_payment(customer, 5_000, to={})
    return_payment(bounced, by=None)
    credit_invoice(late, amount_cents=500, reason="Late crew", by=None)
    return customer


@pytest.fixture
def ann(ours, ada):
    return a_customer_with_money(ours, "Ann Lee", ada)


OWED = 9_500 + 6_000 + 3_000 + 1_000 - 4_000


def numbers(rows) -> list[str]:
    return [row.code for row in rows]


def test_open_invoices_are_listed_the_oldest_due_first(ann, desk):
    shown = desk.get("/billing/").context["page"].rows

    assert [(row.code, row.status.label, row.open_cents) for row in shown] == [
        ("INV-1", "Overdue", 9_500),
        ("INV-2", "Partly paid", 6_000),
    ]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("status=overdue", ["INV-1"]),
        ("status=not-due", ["INV-2"]),
        ("status=paid", ["INV-3"]),
        ("status=void", ["INV-4"]),
        ("status=draft", [""]),
        ("status=nonsense", ["INV-1", "INV-2"]),
        ("number=inv-3", ["INV-3"]),
        ("number=9" * 3, []),
        ("customer=ann", ["INV-1", "INV-2"]),
        ("customer=lee", []),
        ("end=2000-01-01", []),
        ("sort=-total", ["INV-2", "INV-1"]),
        ("sort=-due", ["INV-2", "INV-1"]),
        ("status=all&sort=number", ["INV-1", "INV-2", "INV-3", "INV-4"]),
    ],
)
def test_invoices_are_narrowed_and_ordered(question, found, ann, desk):
    listed = numbers(desk.get(f"/billing/?{question}").context["page"].rows)

    assert listed == found


def test_the_aging_adds_up_to_the_balances(ann, ours, ada, desk):
    bob = a_customer(ours, "Bob Smith", by=ada)
    a_payment(bob, 700, to={})

    shown = desk.get("/billing/aging/").context

    rows = [(customer.name, row.late_cents, row.rest_cents) for customer, row, _ in shown["rows"]]
    assert rows == [
        ("Ann Lee", (6_000, 0, 9_500, 0, 0), 0),
        ("Bob Smith", (0, 0, 0, 0, 0), -700),
    ]
    assert shown["aging"].total_cents == balance_of(ann) + balance_of(bob) == OWED - 700
    before = desk.get("/billing/aging/?on=2020-01-01").context
    assert (before["rows"], before["aging"].total_cents) == ([], 0)


def test_the_aging_of_any_day_is_on_paper_for_who_sees_money(ours, ann, client_of, desk):
    reader = client_of(a_member(ours, Role.READ_ONLY))
    address_of_paper = "/billing/aging/pdf/?on=2020-01-01"
    link = f'href="{address_of_paper}"'

    assert link in reader.get("/billing/aging/?on=2020-01-01").content.decode()
    answer = reader.get(address_of_paper)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="aging-2020-01-01.pdf"'
    assert client_of(a_member(ours, Role.DISPATCHER)).get(address_of_paper).status_code == 404


def test_a_days_closing_is_by_method(ann, ours, desk):
    shown = desk.get("/billing/payments/").context

    assert [(taking.label, taking.count, taking.cents) for taking in shown["takings"]] == [
        ("Cash", 1, 4_000),
        ("Check", 3, 6_000),
    ]
    assert shown["total_cents"] == 10_000
    assert sum(line.cents for line in shown["received"]) == 10_000
    assert sum(week.cents for week in shown["weeks"]) == 10_000
    yesterday = ours.today - timedelta(1)
    other = desk.get(f"/billing/payments/?since={yesterday}&through={yesterday}").context
    assert (other["total_cents"], other["received"]) == (0, [])


def test_days_in_the_wrong_order_or_no_days_are_understood(ours, desk):
    turned = desk.get("/billing/payments/?since=2026-02-01&through=2026-01-01").context
    nothing = desk.get("/billing/payments/?since=soon").context

    assert (str(turned["since"]), str(turned["through"])) == ("2026-01-01", "2026-02-01")
    assert (nothing["since"], nothing["through"]) == (ours.today, ours.today)


def test_money_that_is_not_applied_is_listed_with_whose_it_is(ann, desk):
    rows = desk.get("/billing/unapplied/").context["page"].rows

    assert [(part.customer.name, part.unapplied_cents) for part in rows] == [("Ann Lee", 4_000)]


def table(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_list_is_exported_as_it_is_narrowed(ann, ours, desk):
    def exported(name, question=""):
        return table(desk.get(address("billing_export", name, "csv") + question))

    assert [(row["invoice"], row["open"]) for row in exported("invoices")] == [
        ("INV-1", "95.00"),
        ("INV-2", "60.00"),
    ]
    assert [row["invoice"] for row in exported("invoices", "?status=void")] == ["INV-4"]
    assert [row["total"] for row in exported("aging")] == ["155.00", "155.00"]
    assert [row["not_applied"] for row in exported("unapplied")] == ["40.00"]
    amounts = [row["amount"] for row in exported("payments")]
    assert amounts == ["-50.00", "50.00", "40.00", "60.00"]
    xlsx = desk.get(address("billing_export", "aging", "xlsx"))
    assert xlsx.content.startswith(b"PK")
    assert desk.get(address("billing_export", "people", "csv")).status_code == 404


def test_the_balance_is_made_of_charges_payments_and_credits(ann, desk):
    made_of = desk.get(address("customer_balance", ann)).context["made_of"]

    assert (made_of.charged_cents, made_of.paid_cents, made_of.credited_cents) == (
        26_000,
        10_000,
        500,
    )
    assert made_of.balance_cents == balance_of(ann) == OWED
    assert made_of.open_cents + made_of.not_invoiced_cents - made_of.unapplied_cents == OWED


@pytest.mark.parametrize("kind", ["open-item", "balance-forward", "activity"])
def test_a_statement_closes_with_the_balance_on_screen_and_on_paper(kind, ann, desk):
    shown = desk.get(address("customer_statement", ann, kind=kind)).context

    assert shown["closing_cents"] == OWED
    assert sum(each["amount_cents"] for each in shown["ages"]) == OWED
    assert desk.get(address("statement_pdf", ann, kind=kind)).content.startswith(b"%PDF")
    rows = table(desk.get(address("statement_csv", ann, kind=kind)))
    assert rows[-1]["balance"] == "155.00"


def test_a_statement_of_some_days_opens_with_what_was_owed_before(ann, ours, desk):
    day = ours.today - timedelta(44)

    shown = desk.get(address("customer_statement", ann, kind="balance-forward", since=day)).context
    past = desk.get(address("customer_statement", ann, through=day)).context

    assert (shown["opening_cents"], shown["closing_cents"]) == (10_000, OWED)
    assert past["closing_cents"] == 10_000
    assert numbers(past["page"].rows) == ["INV-1"]


def test_a_statement_of_nonsense_is_one_of_open_items(ann, desk):
    shown = desk.get(address("customer_statement", ann, kind="x", since="y", through="z"))

    assert (shown.status_code, shown.context["kind"]) == (200, "open-item")


PAGES = {
    "billing": "/billing/",
    "all invoices": "/billing/?status=all",
    "aging": "/billing/aging/",
    "unapplied": "/billing/unapplied/",
    "payments": "/billing/payments/",
}
OF_CUSTOMER = [
    "customer_invoices",
    "customer_payments",
    "customer_balance",
    "payment_new",
    "invoice_new",
]
QUERIES = {
    "billing": 3,
    "all invoices": 3,
    "aging": 5,
    "unapplied": 3,
    "payments": 6,
    "customer_invoices": 11,
    "customer_payments": 10,
    "customer_balance": 8,
    "payment_new": 4,
    "invoice_new": 5,
    "job_charges": 12,
    "open items": 6,
    "activity": 6,
    "invoice": 11,
    "payment": 7,
}


def pages_of(customer) -> dict[str, str]:
    job = customer.jobs.order_by("id").last()
    return {
        **PAGES,
        **{name: address(name, customer) for name in OF_CUSTOMER},
        "job_charges": address("job_charges", job),
        "open items": address("customer_statement", customer),
        "activity": address("customer_statement", customer, kind="activity"),
        "invoice": address("invoice", customer.invoices.order_by("id")[1]),
        "payment": address("payment", customer.company.payments.order_by("id")[0]),
    }


def queries_of(client, where) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    return len(queries)


@pytest.fixture
def counted(ours, theirs, ada, stranger, client_of):
    """The queries of each page, of a customer like Ann and of one with three times as much."""
    one = a_customer_with_money(ours, "Ann Lee", ada)
    three = a_customer_with_money(theirs, "Ann Lee", stranger)
    for _ in range(2):
        more = a_customer_with_money(theirs, "Ann Lee", stranger)
        for job in (three.jobs.order_by("id").last(), more.jobs.last()):
            a_charge(job, 1_100)
            a_payment(job, 900, to={})
            an_invoice([a_charge(job, 1_200)])
    found = {}
    for name, where in pages_of(one).items():
        found[name] = (
            queries_of(client_of(ada), where),
            queries_of(client_of(stranger), pages_of(three)[name]),
        )
    return found


def test_pages_about_money_ask_exactly_so_often_for_one_row_and_for_three(counted):
    assert counted == {name: (count, count) for name, count in QUERIES.items()}
