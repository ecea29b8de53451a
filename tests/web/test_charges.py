"""**Charges & Payments**: logging charges, and what becomes of what is typed wrong."""

import pytest

from carter.companies.rights import Role
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment, an_invoice
from tests.web.money import address, rows_of


@pytest.fixture
def job(ours, ada):
    return a_job(a_customer(ours, "Ann Lee", by=ada), by=ada, estimate_cents=123_400)


@pytest.fixture
def ruth(ours):
    return a_member(ours, Role.BILLING, name="Ruth Billing")


def charged(job) -> list[tuple[str, str, int, int, int]]:
    rows = job.charges.order_by("id")
    fields = ("kind", "description", "quantity_thousandths", "tax_cents", "amount_cents")
    return list(rows.values_list(*fields))


def test_several_charges_are_logged_at_once(job, ours, ruth, client_of):
    ours.tax_rate_millionths = 88_100
    ours.save()
    typed = rows_of(
        {"kind": "labour", "description": "3 movers", "quantity": "5.5", "price": "$180"},
        {"kind": "materials", "price": "62.50", "taxed": "on"},
        {"kind": "discount", "description": "Military", "price": "50"},
        on=str(ours.today),
    )

    answer = client_of(ruth).post(address("job_charges", job), typed)

    assert (answer.status_code, answer["Location"]) == (302, address("job_charges", job))
    assert charged(job) == [
        ("labour", "3 movers", 5_500, 0, 99_000),
        ("materials", "", 1_000, 551, 6_801),
        ("discount", "Military", 1_000, 0, -5_000),
    ]


def test_an_estimate_is_shown_as_one_and_is_not_owed(job, ruth, client_of):
    page = client_of(ruth).get(address("job_charges", job))

    text = " ".join(page.content.decode().split())
    assert "<dt>Estimated amount</dt><dd>$1,234.00" in text
    assert (page.context["charged_cents"], page.context["balance_cents"]) == (0, 0)


def test_a_form_sent_five_times_logs_once(job, ours, ruth, client_of):
    desk, typed = client_of(ruth), rows_of({"kind": "fuel", "price": "9"}, on=str(ours.today))

    for _ in range(5):
        assert desk.post(address("job_charges", job), typed).status_code == 302

    assert charged(job) == [("fuel", "", 1_000, 0, 900)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"kind": "fuel", "price": "-5"}, "Write the amount without a sign."),
        ({"kind": "fuel", "price": "0"}, "The amount is more than zero."),
        ({"kind": "fuel", "price": "1.005"}, "Cents have two digits, such as 1240.50."),
        ({"kind": "fuel", "price": "ten"}, "Write an amount such as 1,240 or 1240.50"),
        ({"kind": "fuel", "price": "9999999999999"}, "That is more than 100,000,000"),
        ({"kind": "fuel", "price": "99999", "quantity": "99999"}, "A charge is at most $1"),
        ({"kind": "fuel"}, "Write the price of one."),
        ({"price": "5"}, "Choose the kind."),
        ({"kind": "fuel", "price": "5", "quantity": "0"}, "The quantity is more than zero."),
        ({"kind": "fuel", "price": "5", "quantity": "1.0001"}, "At most three digits after"),
        ({"kind": "fuel", "price": "5", "quantity": "lots"}, "Write a number such as 3 or 3.5"),
        ({"kind": "gold", "price": "5"}, "Select a valid choice."),
        ({}, "Write at least one charge: its kind and its price."),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(row, words, job, ours, ruth, client_of):
    kept = {"kind": "labour", "description": "Typed with care", "price": "180"}
    rows = (kept, row) if row else (row,)

    answer = client_of(ruth).post(address("job_charges", job), rows_of(*rows, on=str(ours.today)))

    text = answer.content.decode()
    assert (answer.status_code, words in text, charged(job)) == (422, True, [])
    assert ("Typed with care" in text) == bool(row)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2999-01-01", "The date is in the future."),
        ("2020-05-31", "The books are closed through Dec 31, 2020."),
        ("soon", "Write a day such as 2026-05-31."),
        ("", "Say on which day."),
    ],
)
def test_a_day_that_cannot_be_is_told(day, words, job, ours, ruth, client_of):
    ours.books_closed_through = "2020-12-31"
    ours.save()

    typed = rows_of({"kind": "fuel", "price": "5"}, on=day)
    answer = client_of(ruth).post(address("job_charges", job), typed)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_more_rows_keep_what_was_typed(job, ours, ruth, client_of):
    typed = rows_of({"kind": "fuel", "price": "5"}, on=str(ours.today), more="1")

    answer = client_of(ruth).post(address("job_charges", job), typed)

    assert answer.status_code == 200
    assert len(answer.context["rows"].forms) == 8
    assert 'value="5"' in answer.content.decode()
    assert charged(job) == []


def test_a_wrong_charge_is_taken_back_by_its_mirror(job, ruth, client_of):
    charge = a_charge(job, 9_900)
    desk = client_of(ruth)
    assert desk.get(address("charge_taking_back", charge)).status_code == 200

    desk.post(address("charge_taking_back", charge))
    again = desk.post(address("charge_taking_back", charge))

    assert [row[-1] for row in charged(job)] == [9_900, -9_900]
    assert again.status_code == 422
    assert "already taken back" in again.content.decode()


def test_a_charge_on_an_issued_invoice_is_credited_there(job, ruth, client_of):
    charge = a_charge(job, 9_900)
    invoice = an_invoice([charge])

    answer = client_of(ruth).post(address("charge_taking_back", charge))

    assert answer.status_code == 422
    assert f"The charge is on {invoice}. Credit it there" in answer.content.decode()


def test_charges_of_no_job_are_logged_on_account(job, ours, ruth, client_of):
    typed = rows_of({"kind": "late-fee", "price": "25"}, on=str(ours.today))
    where = address("customer_charges", job.customer)
    assert client_of(ruth).get(where).status_code == 200

    answer = client_of(ruth).post(where, typed)

    assert answer["Location"] == address("customer_invoices", job.customer)
    assert list(job.customer.charges.values_list("job", "amount_cents")) == [(None, 2_500)]


def test_the_tab_says_what_was_charged_paid_and_held(job, ruth, client_of):
    a_charge(job, 100_000)
    an_invoice(job.charges.all())
    a_charge(job, 5_000)
    a_payment(job, 60_000)
    a_payment(job, 70_000)

    shown = client_of(ruth).get(address("job_charges", job)).context

    assert shown["charged_cents"] == 105_000
    assert (shown["paid_cents"], shown["balance_cents"]) == (130_000, -25_000)
    assert (shown["not_invoiced_cents"], shown["held_cents"]) == (5_000, 30_000)


def test_who_may_see_money_only_sees_no_way_to_change_it(job, ours, client_of):
    charge = a_charge(job, 9_900)
    reader = client_of(a_member(ours, Role.READ_ONLY))

    page = reader.get(address("job_charges", job)).content.decode()
    refused = reader.post(address("job_charges", job), rows_of({"kind": "fuel", "price": "5"}))

    assert "$99.00" in page
    assert [word for word in ("Take Payment", "Log Charges", "Take Back") if word in page] == []
    assert refused.status_code == 403
    assert "Ask somebody who may: owner, manager, sales or billing." in refused.content.decode()
    assert list(job.charges.all()) == [charge]
