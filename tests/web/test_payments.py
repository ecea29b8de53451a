"""Taking payments, applying them, and giving money back, as the desk does it."""

import pytest

from carter.billing.balances import balance_of
from carter.billing.invoicing import void_invoice
from carter.billing.taking_back import return_payment
from carter.companies.rights import Role
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment, an_invoice
from tests.web.money import address, payment_of, status_of


@pytest.fixture
def ann(ours, ada):
    return a_customer(ours, "Ann Lee", by=ada)


@pytest.fixture
def jobs(ann, ada):
    return [a_job(ann, by=ada), a_job(ann, by=ada)]


@pytest.fixture
def bills(jobs, ours):
    """Two invoices of two jobs over $100 each."""
    return [an_invoice([a_charge(job)]) for job in jobs]


@pytest.fixture
def desk(ours, client_of):
    return client_of(a_member(ours, Role.BILLING, name="Ruth Billing"))


def states(bills) -> list[str]:
    return [status_of(bill) for bill in bills]


def paid(company) -> list[tuple[str, int]]:
    return list(company.payments.order_by("id").values_list("kind", "amount_cents"))


def test_the_amount_is_what_is_open(ann, jobs, bills, desk):
    everything = desk.get(address("payment_new", ann)).context["form"]["amount"].value()
    one_job = desk.get(address("payment_new", ann, job=jobs[0].pk)).context["form"]
    one_bill = desk.get(address("payment_new", ann, invoice=bills[1].pk)).context["form"]

    assert (everything, one_job["amount"].value(), one_bill["amount"].value()) == (
        "200.00",
        "100.00",
        "100.00",
    )
    assert (one_job.invoices, one_bill.invoices) == ([bills[0]], [bills[1]])


def test_one_payment_pays_several_jobs_the_oldest_due_first(ann, jobs, bills, ours, desk):
    answer = desk.post(address("payment_new", ann), payment_of(ours, "150"))

    payment = ours.payments.get()
    assert answer["Location"] == address("payment", payment)
    assert list(payment.parts.order_by("id").values_list("job", "amount_cents")) == [
        (jobs[0].pk, 10_000),
        (jobs[1].pk, 5_000),
    ]
    assert states(bills) == ["Paid", "Partly paid"]


def test_what_goes_where_can_be_changed_before_it_is_saved(ann, bills, ours, desk):
    shares = {f"to-{bills[0].pk}": "20", f"to-{bills[1].pk}": "100"}

    desk.post(address("payment_new", ann), payment_of(ours, "150", apply="chosen", **shares))

    page = desk.get(address("payment", ours.payments.get())).context
    assert states(bills) == ["Partly paid", "Paid"]
    assert page["unapplied_cents"] == 3_000


def test_more_than_is_owed_is_held_and_said(ann, bills, ours, desk):
    desk.post(address("payment_new", ann), payment_of(ours, "250"))

    payment = ours.payments.get()
    page = desk.get(address("payment", payment))
    assert page.context["unapplied_cents"] == 5_000
    assert "Not applied in full" in page.content.decode()
    assert balance_of(ann) == -5_000
    listed = desk.get("/billing/unapplied/").context["page"].rows
    assert [part.unapplied_cents for part in listed] == [5_000]


def test_a_deposit_before_the_move_is_applied_when_the_invoice_is_issued(ann, jobs, ours, desk):
    desk.post(address("payment_new", ann, job=jobs[0].pk), payment_of(ours, "40"))
    assert desk.get(address("job_charges", jobs[0])).context["held_cents"] == 4_000

    invoice = an_invoice([a_charge(jobs[0])])

    assert status_of(invoice) == "Partly paid"
    assert desk.get(address("job_charges", jobs[0])).context["held_cents"] == 0


def test_a_payment_sent_five_times_is_taken_once(ann, bills, ours, desk):
    for _ in range(5):
        desk.post(address("payment_new", ann), payment_of(ours, "100"))

    assert paid(ours) == [("payment", 10_000)]


def test_a_payment_that_uses_up_what_it_is_applied_to_is_taken_once(ann, bills, ours, desk):
    shares = {f"to-{bill.pk}": "100" for bill in bills}
    sent = payment_of(ours, "200", apply="chosen", **shares)

    answers = [desk.post(address("payment_new", ann), sent) for _ in range(5)]

    assert {answer["Location"] for answer in answers} == {address("payment", ours.payments.get())}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "-10"}, "Write the amount without a sign."),
        ({"amount": "0"}, "The amount is more than zero."),
        ({"amount": "10.001"}, "Cents have two digits"),
        ({"amount": "a lot"}, "Write an amount such as"),
        ({"amount": "900000000"}, "That is more than 100,000,000 in one"),
        ({"reference": " "}, "Write the number of the check."),
        ({"on": "2999-01-01"}, "The date is in the future."),
        ({"apply": "chosen"}, "Write how much goes to which invoice, or choose another way."),
        ({"apply": "chosen", "first": "100.01"}, "Only $100.00 of it is open."),
        ({"apply": "chosen", "first": "-1"}, "Write the amount without a sign."),
        ({"apply": "chosen", "first": "80", "amount": "50"}, "That is $30.00 more than"),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(typed, words, ann, bills, ours, desk):
    if "first" in typed:
        typed = {**typed, f"to-{bills[0].pk}": typed["first"]}
    sent = payment_of(ours, **{"reference": "Kept 77", **typed})

    answer = desk.post(address("payment_new", ann), sent)

    text = answer.content.decode()
    assert (answer.status_code, words in text, paid(ours)) == (422, True, [])
    assert ("Kept 77" in text) == (typed.get("reference") is None)


def test_nobody_pays_a_void_invoice_or_one_that_was_paid_meanwhile(ann, bills, ours, desk):
    share = {f"to-{bills[0].pk}": "100"}
    a_payment(ann, 10_000, to={bills[0]: 10_000})

    answer = desk.post(
        address("payment_new", ann), payment_of(ours, "100", apply="chosen", **share)
    )

    assert answer.status_code == 422
    assert len(paid(ours)) == 1


def test_who_writes_an_amount_for_the_only_invoice_that_was_voided_meanwhile_is_told(
    ann, bills, ours, desk
):
    for bill in bills:
        void_invoice(bill, reason="Wrong customer", by=None)
    typed = payment_of(ours, "100", apply="chosen", **{f"to-{bills[0].pk}": "100"})

    answer = desk.post(address("payment_new", ann), typed)

    told = "An invoice you wrote an amount for was paid or voided meanwhile."
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert paid(ours) == []


def test_a_bounced_check_is_owed_again_with_the_fee(ann, bills, ours, desk):
    check = a_payment(ann, 20_000)
    typed = {"kind": "returned", "on": str(ours.today), "fee": "35", "reference": "NSF"}
    assert "The check bounced" in desk.get(address("payment", check)).content.decode()

    for _ in range(2):
        desk.post(address("payment_return", check), {**typed, "once": "one"})

    assert paid(ours) == [("payment", 20_000), ("returned", -20_000)]
    assert (states(bills), balance_of(ann)) == (["Open", "Open"], 23_500)
    again = desk.post(address("payment_return", check), {**typed, "fee": ""})
    assert again.status_code == 422
    assert "Nothing is left of it" in again.content.decode()


def test_a_refund_gives_back_what_is_not_applied(ann, bills, ours, desk):
    payment = a_payment(ann, 25_000)
    typed = {"method": "check", "reference": "9", "on": str(ours.today)}

    too_much = desk.post(address("payment_refund", payment), {**typed, "amount": "60"})
    done = desk.post(address("payment_refund", payment), {**typed, "amount": "50"})

    assert (too_much.status_code, done.status_code) == (422, 302)
    assert "Only $50.00 of it is neither applied nor given back." in too_much.content.decode()
    assert paid(ours)[-1] == ("refund", -5_000)
    assert desk.get(done["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "60"}, "amount"),
        ({"reference": " "}, "reference"),
        ({"on": "2020-01-01"}, "on"),
        ({"on": "2999-01-01"}, "on"),
    ],
)
def test_a_refund_that_cannot_be_is_told_beside_its_field(typed, field, ann, bills, ours, desk):
    payment = a_payment(ann, 25_000)
    right = {"amount": "50", "method": "check", "reference": "9", "on": str(ours.today)}

    answer = desk.post(address("payment_refund", payment), {**right, **typed})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert paid(ours) == [("payment", 25_000)]


def test_a_payment_logged_by_mistake_is_void(ann, bills, ours, desk):
    payment = a_payment(ann, 20_000)

    assert desk.post(address("payment_void", payment), {"reason": ""}).status_code == 422
    desk.post(address("payment_void", payment), {"reason": "Typed twice"})

    assert (states(bills), balance_of(ann)) == (["Open", "Open"], 20_000)
    assert "Taken back in full" in desk.get(address("payment", payment)).content.decode()


def test_what_is_left_is_applied_later_and_taken_off_again(ann, bills, ours, desk):
    payment = a_payment(ann, 10_000, to={})
    typed = {"on": str(ours.today), "apply": "chosen", f"to-{bills[1].pk}": "100"}

    desk.post(address("payment_apply", payment), typed)
    assert states(bills) == ["Open", "Paid"]
    back = desk.post(
        address("payment_off", payment, bills[1]), {"next": f"/invoices/{bills[1].pk}/"}
    )

    assert states(bills) == ["Open", "Open"]
    assert back["Location"] == address("invoice", bills[1])
    assert desk.post(address("payment_off", payment, bills[1])).status_code == 409


def test_a_credit_lowers_what_is_owed(ann, jobs, bills, ours, desk):
    typed = {"amount": "30", "on": str(ours.today), "apply": "oldest"}
    where = address("credit_new", ann, job=jobs[1].pk)

    assert desk.post(where, typed).status_code == 422
    desk.post(where, {**typed, "description": "Broken lamp", "job": jobs[1].pk})

    assert (states(bills), balance_of(ann)) == (["Open", "Partly paid"], 17_000)


def test_the_tab_lists_each_payment_with_its_job_and_invoices(ann, jobs, bills, ours, desk):
    a_payment(ann, 15_000, reference="77")
    bounced = a_payment(ann, 1_000, to={})
    return_payment(bounced, by=None)

    lines = desk.get(address("customer_payments", ann)).context["received"]

    assert [
        (line.part.payment.kind, line.part.job, line.cents, line.unapplied_cents, line.is_back)
        for line in lines
    ] == [
        ("returned", None, -1_000, 0, False),
        ("payment", None, 1_000, 0, True),
        ("payment", jobs[1], 5_000, 0, False),
        ("payment", jobs[0], 10_000, 0, False),
    ]
    assert [line.applied for line in lines[2:]] == [[(bills[1], 5_000)], [(bills[0], 10_000)]]


def test_money_used_for_another_job_is_shown_where_it_is_now(ann, jobs, bills, desk):
    payment = a_payment(jobs[0], 15_000)
    typed = {"on": str(ann.company.today), "apply": "oldest", "once": "one"}

    desk.post(address("payment_apply", payment), typed)

    lines = desk.get(address("payment", payment)).context["received"]
    assert [(line.part.job, line.cents) for line in lines] == [
        (jobs[0], 10_000),
        (jobs[1], 5_000),
    ]


def test_who_may_only_see_money_is_told_who_takes_it(ann, ours, client_of):
    answer = client_of(a_member(ours, Role.READ_ONLY)).get(address("payment_new", ann))

    assert answer.status_code == 403
    assert "may not take payments" in answer.content.decode()


def test_of_many_open_invoices_those_due_first_are_shown_and_more_on_request(ann, ours, desk):
    for _ in range(22):
        an_invoice([a_charge(ann, 1_00)])
    form = address("payment_new", ann)

    first = desk.get(form)
    more = desk.post(form, {"more": "70", "amount": "5,00x", "reference": "1042"})
    wrong = desk.post(form, {"shown": "70", "amount": "5,00x"})

    shown = [answer.context["form"].invoices for answer in (first, more, wrong)]
    assert [len(rows) for rows in shown] == [20, 22, 22]
    assert shown[1][:20] == shown[0]
    assert [answer.context["owed"] for answer in (first, more, wrong)] == [22_00] * 3
    assert [answer.context["open"].next for answer in (first, more)] == [70, 0]
    assert (more.status_code, more.context["form"].errors) == (200, {})
    assert more.context["form"]["amount"].value() == "5,00x"
    assert wrong.status_code == 422
    assert 'name="more"' in first.content.decode()
    assert 'name="more"' not in more.content.decode()


def test_sales_takes_payments_and_is_told_who_gives_money_back(ann, ours, client_of):
    payment, invoice = a_payment(ann, 500, to={}), an_invoice([a_charge(ann, 900)])
    seller = client_of(a_member(ours, Role.SALES))
    pages = {
        "payment_refund": payment,
        "payment_return": payment,
        "payment_void": payment,
        "credit_new": ann,
        "credit_note_new": invoice,
    }
    refused = {name: seller.get(address(name, row)) for name, row in pages.items()}
    shown = "".join(
        seller.get(address(*place)).content.decode()
        for place in (("payment", payment), ("invoice", invoice), ("customer_payments", ann))
    )

    assert seller.get(address("payment_new", ann)).status_code == 200
    assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(
        pages, 403
    )
    assert (
        "Your role may not refund, credit or void. Ask somebody who may: owner, manager or billing."
    ) in refused["payment_refund"].content.decode()
    assert [address(name, row) for name, row in pages.items() if address(name, row) in shown] == []


def test_a_receipt_is_printed(ann, bills, desk):
    answer = desk.get(address("payment_paper", a_payment(ann, 15_000)))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
