"""Recurring invoices on screen: set up, changed, paused, moved out, and what the runs did."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from carter.companies.rights import Role
from carter.jobs.models import Stage
from carter.recurring.late_fees import charge_late_fees, policy_of
from carter.recurring.models import LateFee, LatePolicy, RecurringInvoice, TickRun
from carter.recurring.printing import print_papers
from carter.recurring.ticking import tick
from tests.builders import a_member, some_locations
from tests.paperwork.test_printing import BROKEN, unprintable
from tests.recurring.builders import a_schedule, at, invoiced, storage

TYPED = {
    "starts_on": "2026-01-17",
    "ends_on": "",
    "months": "1",
    "anchor": "first",
    "prorates_in": "on",
    "prorates_out": "on",
    "days_ahead": "0",
    "terms": "on-receipt",
    "form-TOTAL_FORMS": "2",
    "form-INITIAL_FORMS": "0",
    "form-0-kind": "storage",
    "form-0-description": "Two vaults",
    "form-0-quantity": "2",
    "form-0-price": "85.00",
    "form-1-kind": "",
}


EMPTY = ("form-0-kind", "form-0-description", "form-0-quantity", "form-0-price")


@pytest.fixture(autouse=True)
def the_day():
    with at("2026-01-17"):
        yield


@pytest.fixture
def ours(ours):
    ours.has_storage = True
    ours.save()
    return ours


@pytest.fixture
def bob(ours):
    return storage(ours, since="2026-01-17", monthly_price_cents=17_000)


def body(answer):
    return answer.content.decode()


def test_the_next_twelve_invoices_are_shown_before_anything_is_saved(ours, ada, bob, client_of):
    address = reverse("recurring_new", args=[bob.pk])
    answer = client_of(ada).post(address, {**TYPED, "preview": "1"})

    assert answer.status_code == 200
    assert "Two vaults, Jan 17 – 31, 2026 (15 days)" in body(answer)
    assert "$82.26" in body(answer)
    assert body(answer).count("$170.00") == 11
    assert not RecurringInvoice.across_companies.exists()


def test_it_is_set_up_once_and_the_first_invoice_is_made(ours, ada, bob, client_of):
    client, address = client_of(ada), reverse("recurring_new", args=[bob.pk])
    for _ in range(2):
        answer = client.post(address, {**TYPED, "once": "a-token"})

    assert (answer.status_code, answer.headers["Location"]) == (302, bob.get_absolute_url())
    assert [total for *_, total in invoiced(ours)] == [8_226]
    page = body(client.get(bob.get_absolute_url()))
    assert "Next invoice" in page
    assert "Feb 1, 2026, for Feb 1 – 28, 2026" in page
    invoices = reverse("customer_invoices", args=[bob.job.customer_id])
    assert "Recurring Invoices" in body(client.get(invoices))


def test_the_agreed_price_is_typed_in_already(ada, bob, client_of):
    page = body(client_of(ada).get(reverse("recurring_new", args=[bob.pk])))

    assert 'value="170.00"' in page
    assert 'value="2026-01-17"' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"form-0-price": ""}, "Write the price of one."),
        (dict.fromkeys(EMPTY, ""), "its kind and its price"),
        ({"ends_on": "2026-01-01"}, "The last day is not before the first."),
        ({"auto_pay": "on"}, "choose a card or bank account on file"),
        ({"form-0-kind": "discount"}, "The discounts are more than what is charged."),
        ({"starts_on": ""}, "Say on which day."),
        ({"starts_on": "1999-01-01"}, "That would make more than 24 invoices at once."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(ada, bob, client_of, wrong, words):
    address = reverse("recurring_new", args=[bob.pk])
    answer = client_of(ada).post(address, {**TYPED, "purchase_order": "PO 7", **wrong})

    assert answer.status_code == 422
    assert words in body(answer)
    assert 'value="PO 7"' in body(answer)


def test_what_is_invoiced_at_once_is_said_before(ada, bob, client_of):
    address, client = reverse("recurring_new", args=[bob.pk]), client_of(ada)
    said = {
        day: " ".join(
            body(client.post(address, {**TYPED, "starts_on": day, "preview": "1"})).split()
        )
        for day in ("2026-01-18", "2026-01-17", "2025-12-01", "2020-01-01")
    }

    assert "as soon as you save" not in said["2026-01-18"]
    assert "1 of these is invoiced as soon as you save." in said["2026-01-17"]
    assert "2 of these are invoiced as soon as you save." in said["2025-12-01"]
    assert "All of these, and what follows until today, are invoiced" in said["2020-01-01"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2026-01-01"}, "Last day</a>: The last day is not before the first."),
        ({"form-0-price": "-5"}, "Row 1</a>: Write the amount without a sign."),
        (dict.fromkeys(EMPTY, ""), "<li>Write at least one charge: its kind and its price.</li>"),
    ],
)
def test_where_the_next_invoices_would_stand_it_says_what_is_wrong(
    wrong, words, ada, bob, client_of
):
    typed = {**TYPED, **wrong, "preview": "1"}

    page = body(client_of(ada).post(reverse("recurring_new", args=[bob.pk]), typed))

    assert words in page.partition('id="upcoming"')[2]


def test_more_rows(ada, bob, client_of):
    answer = client_of(ada).post(reverse("recurring_new", args=[bob.pk]), {**TYPED, "more": "1"})

    assert answer.status_code == 200
    assert 'name="form-6-kind"' in body(answer)


def test_the_price_rises_on_a_day_in_place(ours, ada, bob, client_of):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    client, line = client_of(ada), schedule.lines.get()
    typed = {"line": line.pk, "unit_price_cents": "120", "quantity_thousandths": ""}
    address = reverse("price_change_new", args=[schedule.pk])

    refused = client.post(address, {**typed, "from_on": "2026-01-20"})
    client.post(address, {**typed, "from_on": "2026-03-01"})

    assert refused.status_code == 422
    assert "Choose Feb 1, 2026 or later" in body(refused)
    page = body(client.get(reverse("recurring_invoice", args=[schedule.pk])))
    assert (page.count("$100.00"), page.count("$120.00")) == (2, 12)
    client.post(reverse("price_change_withdrawal", args=[line.changes.get().pk]))
    assert not line.changes.exists()


def test_it_is_paused_goes_on_ends_and_goes_on(ours, ada, bob, client_of):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    client = client_of(ada)
    client.post(
        reverse("pause_new", args=[schedule.pk]),
        {"from_on": "2026-01-18", "until_on": "", "reason": "Fire in the hall"},
    )
    pause = schedule.pauses.get()
    client.post(reverse("pause_end", args=[pause.pk]), {"on": "2026-02-01"})
    assert schedule.pauses.get().until_on == date(2026, 2, 1)
    assert schedule.periods.get().credited_cents == 4_516

    client.post(reverse("recurring_end", args=[schedule.pk]), {"on": "2026-02-28"})
    assert schedule.refreshed().ends_on == date(2026, 3, 1)
    client.post(reverse("recurring_continuation", args=[schedule.pk]))
    assert schedule.refreshed().ends_on is None


def test_how_it_invoices_is_changed_and_two_people_do_not_overwrite_each_other(ada, bob, client_of):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    client, address = client_of(ada), reverse("recurring_edit", args=[schedule.pk])
    was = {
        "was-months": "1",
        "was-anchor_day": "1",
        "was-days_ahead": "0",
        "was-terms": "on-receipt",
    }
    typed = {"months": "1", "anchor_day": "1", "days_ahead": "0", "terms": "on-receipt"}
    keep = {"was-prorates_out": "True", "prorates_out": "on"}

    done = client.post(address, {**typed, **was, **keep, "days_ahead": "7"})
    clash = client.post(address, {**typed, **was, **keep, "days_ahead": "9"})

    assert (done.status_code, clash.status_code) == (302, 422)
    assert "Somebody else changed this" in body(clash)
    assert str(schedule.refreshed().next_bill_on) == "2026-01-25"


def test_moving_out_does_what_it_showed(ours, ada, bob, client_of):
    a_schedule(bob, starts_on="2026-01-17", cents=31_000)
    client, address = client_of(ada), reverse("storage_move_out", args=[bob.pk])

    shown = client.post(address, {"on": "2026-01-17", "preview": "1"})
    assert "Credit note over INV-1" in body(shown)
    assert "$150.00" in body(shown)
    assert bob.refreshed().job.stage == Stage.IN_STORAGE
    stale = client.post(address, {"on": "2026-01-17", "seen": "1/2"})
    done = client.post(address, {"on": "2026-01-17", "seen": "0/15000"})

    assert (stale.status_code, done.status_code) == (422, 302)
    assert "Something else comes of it now than was shown." in body(stale)
    assert 'name="seen" value="0/15000"' in body(stale)
    assert bob.refreshed().job.stage == Stage.MOVED_OUT


def test_where_the_plan_would_stand_it_says_why_nothing_can_move_out(ours, ada, client_of):
    places = some_locations(ours)
    bob = storage(ours, since="2026-01-17", locations=places)
    client, address = client_of(ada), reverse("storage_move_out", args=[bob.pk])
    wrong = [
        ({"on": "2026-01-18"}, "The goods went out on</a>: Goods are moved out when they are gone"),
        ({"on": "2026-01-16"}, "The goods went out on</a>: They moved in on Jan 17, 2026"),
        ({"what": "some"}, "Empty now</a>: Choose the locations that are empty now."),
        ({"new_monthly_price_cents": "-1"}, "New monthly price</a>: Write the amount without"),
    ]
    for typed, words in wrong:
        answer = client.post(address, {"on": "2026-01-17", "what": "all", **typed, "preview": "1"})

        assert words in body(answer).partition('id="what-comes"')[2]


@pytest.mark.parametrize(
    ("deed", "typed", "field"),
    [
        ("price_change_new", {"from_on": "2026-01-16", "unit_price_cents": "1"}, "from_on"),
        ("pause_new", {"from_on": "2026-01-16"}, "from_on"),
        ("pause_new", {"from_on": "2026-02-16", "until_on": "2026-02-16"}, "until_on"),
        ("recurring_end", {"on": "2020-01-01"}, "on"),
    ],
)
def test_a_day_that_cannot_be_is_told_beside_its_field(deed, typed, field, ada, bob, client_of):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    client, address = client_of(ada), reverse(deed, args=[schedule.pk])
    typed = {"line": schedule.lines.get().pk, **typed}

    answer = client.post(address, typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert schedule.refreshed().is_running


def test_some_of_the_goods_move_out(ours, ada, client_of):
    places = some_locations(ours)
    bob = storage(ours, since="2026-01-17", locations=places)
    typed = {"on": "2026-01-17", "what": "some", "locations": [places[0].pk]}
    answer = client_of(ada).post(
        reverse("storage_move_out", args=[bob.pk]),
        {**typed, "new_monthly_price_cents": "50", "seen": "0/0"},
    )

    assert answer.status_code == 302
    assert bob.refreshed().monthly_price_cents == 5_000


def test_a_run_that_stopped_is_let_go_on(ours, ada, bob, client_of, monkeypatch):
    monkeypatch.setattr("carter.recurring.bounds.FIRST_MONTH", 0)
    a_schedule(bob, starts_on="2026-02-01")
    with at("2026-02-01"):
        client = client_of(ada)
        tick()
        page = body(client.get(reverse("billing_recurring")))
        assert "A run stopped and asks." in page
        run = TickRun.across_companies.get()
        client.post(reverse("run_approval", args=[run.pk]))
        tick()

        assert len(invoiced(ours)) == 1
        assert "let it go on" in body(client.get(reverse("recurring_runs")))


def test_what_cannot_be_printed_is_named_until_it_can(ours, ada, bob, client_of):
    invoice, client = unprintable(bob.job), client_of(ada)
    print_papers()
    page = body(client.get(reverse("recurring_runs")))

    assert f'<a href="{reverse("invoice", args=[invoice.pk])}">Invoice INV-900</a>' in page
    assert page.count(BROKEN) == 2  # Once for the document, once for the run.
    assert ("Next try" in page, "Not tried again" in page) == (True, False)

    ours.papers_due.update(due_at=None)
    assert "Open its PDF to try it now." in body(client.get(reverse("recurring_runs")))
    ours.papers_due.all().delete()
    assert body(client.get(reverse("recurring_runs"))).count(BROKEN) == 1


def test_late_fees_are_set_up_shown_and_waived(ours, ada, bob, client_of):
    client, address = client_of(ada), reverse("late_fees")
    typed = {
        "is_on": "on",
        "fee": "percent",
        "fee_millionths": "5",
        "often": "once",
        "fee_days": "10",
        "reminder_days": "5",
        "was-fee": "none",
        "was-often": "once",
        "was-fee_days": "10",
        "was-reminder_days": "5",
        "was-second_letter_days": "20",
        "was-lien_notice_days": "45",
    }
    wrong = client.post(address, {**typed, "fee_millionths": ""})
    assert (wrong.status_code, "Write how many percent." in body(wrong)) == (422, True)
    assert client.post(address, typed).status_code == 302
    policy = policy_of(ours)
    assert (policy.since_on, policy.fee_millionths) == (date(2026, 1, 17), 50_000)
    assert (policy.second_letter_days, policy.lien_notice_days) == (None, None)

    a_schedule(bob, starts_on="2026-01-17", ends_on=date(2026, 2, 1))
    with at("2026-02-10"):
        client = client_of(ada)
        charge_late_fees(ours, ours.today)
        assert "Late fee for Invoice INV-1" in body(client.get(bob.get_absolute_url()))
        fee = LateFee.across_companies.get()
        silent = client.post(reverse("late_fee_waiver", args=[fee.pk]), {"reason": " "})
        assert (silent.status_code, "Say why." in body(silent)) == (422, True)
        client.post(reverse("late_fee_waiver", args=[fee.pk]), {"reason": "First time"})
        assert "waived: First time" in body(client.get(bob.get_absolute_url()))


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("fee_millionths", "101", "Write a percentage from 0 to 100, such as 1.5."),
        ("fee_millionths", "-1", "Write a percentage from 0 to 100, such as 1.5."),
        ("fee_millionths", "0", "Write how many percent."),
        ("cap_cents", "0", "The amount is more than zero."),
        ("fee_days", "", "Write how many days, from 0 to 365."),
        ("fee_days", "99999", "Write how many days, from 0 to 365."),
        ("reminder_days", "-3", "Write how many days, from 0 to 365."),
        ("lien_notice_days", "99999", "Write how many days, from 0 to 365."),
    ],
)
def test_a_late_fee_that_cannot_be_is_told_once_beside_its_field(
    field, typed, words, ours, ada, client_of
):
    said = {"fee": "percent", "fee_millionths": "5", "often": "once", "fee_days": "10"}

    answer = client_of(ada).post(reverse("late_fees"), {**said, field: typed})

    assert (answer.status_code, dict(answer.context["form"].errors)) == (422, {field: [words]})
    assert policy_of(ours).fee == LatePolicy.Fee.NONE


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.READ_ONLY])
def test_amounts_and_deeds_are_for_who_may(ours, bob, client_of, role):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    client = client_of(a_member(ours, role))
    sees = role == Role.READ_ONLY

    page = client.get(reverse("recurring_invoice", args=[schedule.pk]))
    new = client.get(reverse("recurring_new", args=[bob.pk]))
    out = client.get(reverse("storage_move_out", args=[bob.pk]))

    assert [page.status_code, new.status_code, out.status_code] == (
        [200, 403, 403] if sees else [404, 404, 404]
    )
    assert ("Recurring Invoices" in body(client.get(bob.get_absolute_url()))) == sees


def test_with_the_module_off_all_of_it_is_gone(ours, ada, bob, client_of):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    ours.has_storage = False
    ours.save()
    client = client_of(ada)
    addresses = [
        reverse("recurring_invoice", args=[schedule.pk]),
        reverse("recurring_new", args=[bob.pk]),
        reverse("storage_move_out", args=[bob.pk]),
        reverse("billing_recurring"),
        reverse("recurring_runs"),
        reverse("late_fees"),
    ]

    assert {client.get(address).status_code for address in addresses} == {404}
    assert "Recurring" not in body(client.get(reverse("billing")))
    assert "Late fees" not in body(client.get(reverse("settings")))
    invoices = reverse("customer_invoices", args=[bob.job.customer_id])
    assert "Recurring" not in body(client.get(invoices))


LISTS = {"billing_recurring": 7, "recurring_runs": 5, "customer_invoices": 16, "recurring": 7}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_as_often_for_three_rows_as_for_one(
    ours, ada, client_of, django_assert_num_queries, name, count
):
    policy = LatePolicy(
        company=ours, is_on=True, since_on=date(2026, 1, 1), fee="fixed", fee_cents=5
    )
    policy.save()
    first = storage(ours, since="2026-01-17")
    for each in [first, *(storage(ours, customer=first.customer) for _ in range(count - 1))]:
        schedule = a_schedule(each, starts_on="2026-01-17")
    with at("2026-02-01"):
        tick()
        now = timezone.now()
        for _ in range(count - 1):
            TickRun(company=ours, through_on=ours.today, started_at=now, did={"invoices": 1}).save()
        address = {
            "customer_invoices": lambda: reverse(name, args=[first.job.customer_id]),
            "recurring": lambda: reverse("recurring_invoice", args=[schedule.pk]),
        }.get(name, lambda: reverse(name))()
        client = client_of(ada)
        client.get(address)
        with django_assert_num_queries(LISTS[name]):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"anchor_day": "0"}, "Write a day of the month, from 1 to 31."),
        ({"anchor_day": "34"}, "Write a day of the month, from 1 to 31."),
        ({"days_ahead": "61"}, "Write how many days, from 0 to 60."),
        ({"days_ahead": "9" * 12}, "Write how many days, from 0 to 60."),
    ],
)
def test_a_cycle_that_is_none_is_told_beside_its_field(wrong, words, ada, bob, client_of):
    schedule = a_schedule(bob, starts_on="2026-01-17")
    client, address = client_of(ada), reverse("recurring_edit", args=[schedule.pk])
    typed = {"months": "1", "anchor_day": "1", "days_ahead": "0", "terms": "on-receipt"}
    was = {f"was-{name}": value for name, value in typed.items()}

    answer = client.post(address, {**typed, **was, **wrong})

    assert (answer.status_code, words in body(answer)) == (422, True)
    assert (schedule.refreshed().anchor_day, schedule.refreshed().days_ahead) == (1, 0)


def test_a_new_recurring_invoice_is_not_made_years_ahead(ada, bob, client_of):
    address = reverse("recurring_new", args=[bob.pk])

    answer = client_of(ada).post(address, {"starts_on": "2026-01-17", "days_ahead": "9" * 12})

    assert (answer.status_code, "Write how many days, from 0 to 60." in body(answer)) == (422, True)
