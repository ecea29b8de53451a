"""The screens of the payment gateway: its keys, cards on file, paying by a link, what failed."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carter.billing.applying import take_off
from carter.billing.models import Payment
from carter.companies.rights import Role
from carter.gateway.charging import charge_on_file
from carter.gateway.collecting import collect_due, collect_later
from carter.gateway.connecting import account_for, change_account
from carter.gateway.events import process_events
from carter.gateway.models import PaymentAttempt
from carter.paperwork.links import make_link
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment, an_invoice
from tests.gateway.builders import gateway_rows
from tests.gateway.directing import EMPTY, GOOD, KEY, STOLEN, WEBHOOK_SECRET, a_card
from tests.gateway.standin.telling import signed


@pytest.fixture
def bob(connected):
    return a_customer(connected, "Bob Smith", email="bob@example.com")


@pytest.fixture
def invoice(bob):
    return an_invoice([a_charge(a_job(bob), 12_500)])


@pytest.fixture
def link(invoice, ada):
    return reverse("public_invoice", args=[make_link(invoice, by=ada).token])


def words_of(answer) -> str:
    return answer.content.decode()


def told(client, address) -> str:
    """What the next page says about what was just done."""
    return words_of(client.get(address))


# Settings.


def test_keys_are_kept_encrypted_and_never_shown_again(ours, ada, client_of):
    client, page = client_of(ada), reverse("gateway_settings")

    answer = client.post(
        page, {"secret_key": KEY, "webhook_secret": WEBHOOK_SECRET, "has_auto_pay": "on"}
    )

    account = account_for(ours)
    assert (answer.status_code, account.key_ends_with) == (302, KEY[-4:])
    assert KEY not in account.secret_key
    assert KEY not in told(client, page)
    assert ours.settings_events.filter(what="changed the payment gateway").count() == 1


def test_what_is_no_key_is_refused_beside_its_field(ours, ada, client_of):
    answer = client_of(ada).post(reverse("gateway_settings"), {"secret_key": "pk_test_123456789"})

    assert answer.status_code == 422
    assert "begins with sk_" in words_of(answer)


def test_saving_without_a_key_keeps_the_one_there_is(connected, ada, client_of):
    client_of(ada).post(reverse("gateway_settings"), {})

    account = account_for(connected)
    assert (account.is_connected, account.has_auto_pay) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "books@example.com"),
        ({"down": True}, "cannot be reached"),
    ],
)
def test_the_connection_is_tested(connected, gateway, ada, client_of, wrong, said):
    gateway.tell("wrong", **wrong)
    client = client_of(ada)

    client.post(reverse("gateway_test"))

    assert said in told(client, reverse("gateway_settings"))


def test_keys_that_are_refused_say_so(connected, ada, client_of):
    change_account(connected, secret_key="sk_test_wrong_key", has_auto_pay=True, by=ada)
    client = client_of(ada)

    client.post(reverse("gateway_test"))

    assert "does not accept the keys" in told(client, reverse("gateway_settings"))


def test_keys_of_another_secret_key_of_the_installation_are_asked_for_again(
    connected, ada, client_of, settings
):
    settings.SECRET_KEY = "another"
    client = client_of(ada)

    client.post(reverse("gateway_test"))

    assert "enters them again" in told(client, reverse("gateway_settings"))


def test_only_an_owner_sees_the_keys(ours, client_of):
    biller = a_member(ours, Role.BILLING, name="Bea Billing")

    assert client_of(biller).get(reverse("gateway_settings")).status_code == 403


# Cards on file.


def add_card(client, customer, gateway, number=GOOD, **typed) -> str:
    """Add a card as the desk does; the address it comes back to."""
    answer = client.post(reverse("card_new", args=[customer.pk]), {"agreed": "on", **typed})
    session = re.search(r"/c/pay/([^\"]+)\"", words_of(answer))[1]
    gateway.tell("finish", session=session, number=number)
    return reverse("card_back", args=[customer.stored_methods.get(session=session).pk])


def test_a_card_is_put_on_file_with_the_customers_consent(bob, gateway, ada, client_of):
    client = client_of(ada)

    client.get(add_card(client, bob, gateway))

    card = bob.stored_methods.on_file().get()
    assert (str(card), str(card.expires_on)) == ("Visa ending in 4242", "2034-12-31")
    assert "Bob Smith agrees that" in card.consent
    assert "Visa ending in 4242" in told(client, reverse("customer_cards", args=[bob.pk]))


def test_no_card_is_added_unless_the_customer_agreed(bob, ada, client_of):
    answer = client_of(ada).post(reverse("card_new", args=[bob.pk]), {})

    assert (answer.status_code, bob.stored_methods.count()) == (422, 0)


def test_a_page_that_was_not_finished_puts_nothing_on_file(bob, ada, client_of):
    client = client_of(ada)
    client.post(reverse("card_new", args=[bob.pk]), {"agreed": "on"})

    client.get(reverse("card_back", args=[bob.stored_methods.get().pk]))

    assert not bob.stored_methods.on_file().exists()


def test_with_the_gateway_away_no_card_is_added_and_it_is_said(bob, gateway, ada, client_of):
    gateway.tell("wrong", down=True)

    answer = client_of(ada).post(reverse("card_new", args=[bob.pk]), {"agreed": "on"})

    assert answer.status_code == 422
    assert "cannot be reached" in words_of(answer)


def test_a_card_is_removed_here_and_at_the_gateway(bob, gateway, ada, client_of):
    card = a_card(gateway, bob)

    client_of(ada).post(reverse("card_removal", args=[card.pk]))

    assert not bob.stored_methods.on_file().exists()
    assert [event["type"] for event in gateway.tell("events")] == ["payment_method.detached"]


def test_auto_pay_is_turned_off_and_on_for_a_customer(bob, ada, client_of):
    client, page = client_of(ada), reverse("customer_cards", args=[bob.pk])

    client.post(reverse("customer_auto_pay", args=[bob.pk]), {"off": "1"})
    assert "Turn On for This Customer" in told(client, page)

    client.post(reverse("customer_auto_pay", args=[bob.pk]), {"on": "1"})
    assert "Turn Off for This Customer" in told(client, page)


# Charging by hand, and giving back.


def test_a_card_on_file_is_charged_by_hand_once(bob, invoice, gateway, ada, client_of):
    card, client = a_card(gateway, bob), client_of(ada)
    address = reverse("invoice_charge", args=[invoice.pk])

    answers = [client.post(address, {"method": card.pk, "once": "one"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert (len(gateway.paid()), invoice.refreshed().open_cents) == (1, 0)


def test_a_declined_card_is_said_to_be(bob, invoice, gateway, ada, client_of):
    card, client = a_card(gateway, bob, EMPTY), client_of(ada)

    answer = client.post(reverse("invoice_charge", args=[invoice.pk]), {"method": card.pk})

    assert "not enough money" in told(client, answer.url)


def test_a_cut_connection_is_said_and_nothing_is_done_twice(bob, invoice, gateway, ada, client_of):
    card, client = a_card(gateway, bob), client_of(ada)
    gateway.tell("wrong", cut_after=1)
    address = reverse("invoice_charge", args=[invoice.pk])

    answer = client.post(address, {"method": card.pk, "once": "one"})
    assert "Carter keeps asking" in told(client, answer.url)
    again = client.post(address, {"method": card.pk, "once": "two"})

    assert "under way" in words_of(again)
    assert len(gateway.paid()) == 1


def test_another_customers_card_is_not_offered(connected, bob, invoice, gateway, ada, client_of):
    card = a_card(gateway, a_customer(connected, "Carla Diaz"))

    answer = client_of(ada).post(reverse("invoice_charge", args=[invoice.pk]), {"method": card.pk})

    assert (answer.status_code, gateway.tell("payments")) == (422, [])


def test_a_payment_through_the_gateway_is_given_back_through_it_once(
    bob, invoice, gateway, ada, client_of
):
    payment = charge_on_file(invoice, method=a_card(gateway, bob), by=ada).payment
    take_off(payment, invoice=invoice, by=ada)
    client = client_of(ada)
    asked = client.get(reverse("payment_refund", args=[payment.pk]))

    for _ in range(3):
        client.post(asked.url, {"amount": "50", "once": "one"})

    assert [each["amount"] for each in gateway.tell("refunds")] == [5_000]
    refund = payment.taken_back_by.get()
    assert (refund.amount_cents, refund.by) == (-5_000, ada)


def test_no_more_is_given_back_than_is_left(bob, invoice, gateway, ada, client_of):
    payment = charge_on_file(invoice, method=a_card(gateway, bob), by=ada).payment

    answer = client_of(ada).post(reverse("gateway_refund", args=[payment.pk]), {"amount": "1"})

    assert (answer.status_code, gateway.tell("refunds")) == (422, [])


# Paying by the link.


def pay(link) -> tuple[Client, str]:
    """A customer presses **Pay**; where the gateway's page comes back to."""
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', words_of(client.get(link)))[1]
    going = client.post(f"{link}pay/", {"csrfmiddlewaretoken": token})
    assert going.status_code == 302
    return client, going.url


def test_an_invoice_is_paid_by_its_link(link, invoice, gateway):
    client, going = pay(link)
    attempt = invoice.attempts.get()
    assert attempt.page in words_of(client.get(going))
    gateway.tell("finish", session=attempt.session, number=GOOD)

    for _ in range(3):
        assert "$125.00 is paid. Thank you." in words_of(client.get(f"{going}back/"))

    payment = attempt.refreshed().payment
    assert (payment.amount_cents, payment.reference) == (12_500, "Visa ending in 4242")
    assert "is paid. Thank you" in words_of(client.get(link))


def test_whoever_presses_pay_twice_gets_the_same_page(link, invoice):
    assert pay(link)[1] == pay(link)[1]
    assert invoice.attempts.count() == 1


def test_when_another_amount_is_open_the_old_page_is_closed(link, invoice, gateway):
    pay(link)
    a_payment(invoice.job, 2_500)

    pay(link)

    assert sorted(page["status"] for page in gateway.tell("sessions")) == ["expired", "open"]
    assert [each.amount_cents for each in invoice.attempts.live()] == [10_000]


def test_whoever_gives_up_has_paid_nothing_and_may_try_again(link, invoice, gateway):
    client, going = pay(link)

    assert "Waiting for the payment gateway" in words_of(client.get(f"{going}back/"))
    assert b"Pay $125.00" in client.get(link).content


def test_a_card_declined_on_the_page_may_be_followed_by_another(link, invoice, gateway):
    client, going = pay(link)
    session = invoice.attempts.get().session
    gateway.tell("finish", session=session, number=STOLEN)
    client.get(f"{going}back/")
    gateway.tell("finish", session=session, number=GOOD)

    assert "is paid. Thank you." in words_of(client.get(f"{going}back/"))


def test_with_the_gateway_away_the_customer_is_told_and_nothing_is_charged(link, invoice, gateway):
    client = Client()
    gateway.tell("wrong", down=True)

    answer = client.post(f"{link}pay/")

    assert answer.status_code == 503
    assert "Nothing was charged" in words_of(answer)
    assert not invoice.attempts.live().exists()


def test_without_a_gateway_there_is_nothing_to_press(ours, ada):
    invoice = an_invoice([a_charge(a_job(a_customer(ours)), 12_500)])
    link = reverse("public_invoice", args=[make_link(invoice, by=ada).token])

    assert "public_pay" not in words_of(Client().get(link))
    assert "<button" not in words_of(Client().get(link))


def test_an_attempt_is_seen_by_the_link_of_its_own_invoice_only(link, invoice, bob, ada):
    pay(link)
    other = make_link(an_invoice([a_charge(bob, 100)]), by=ada)
    attempt = invoice.attempts.get()

    answer = Client().get(reverse("public_paid", args=[other.token, attempt.token]))

    assert answer.status_code == 404


# What the gateway tells.


def hear(company, event) -> int:
    raw = json.dumps(event).encode()
    address = reverse("stripe_hook", args=[account_for(company).token])
    header = {"Stripe-Signature": signed(raw, WEBHOOK_SECRET)}
    return Client().post(address, raw, content_type="application/json", headers=header).status_code


def test_an_event_is_kept_and_done_at_once_when_it_tells_what_is_known(
    connected, bob, invoice, gateway, ada
):
    charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    (event,) = gateway.tell("events")

    assert [hear(connected, event), hear(connected, event)] == [200, 200]

    assert connected.gateway_events.get().processed_at is not None
    assert connected.payments.count() == 1


def test_an_unknown_address_and_a_wrong_signature_look_alike(connected):
    wrong = reverse("stripe_hook", args=["somebody-elses"])
    right = reverse("stripe_hook", args=[account_for(connected).token])

    answers = [Client().post(each, b"{}", content_type="text/plain") for each in (wrong, right)]

    assert [(each.status_code, each.content) for each in answers] == [(400, b""), (400, b"")]


# Billing › Failed Auto-Payments.


def test_what_was_given_up_is_listed_and_taken_up_again(
    connected, bob, invoice, gateway, ada, client_of
):
    collect_later(invoice=invoice, method=a_card(gateway, bob, STOLEN), on=connected.today)
    collect_due(connected, connected.today)
    client, page = client_of(ada), reverse("failed_auto_payments")
    assert "declined for good" in told(client, page)

    again = reverse("collection_again", args=[invoice.collection.pk])
    client.post(again, {"method": a_card(gateway, bob).pk})
    collect_due(connected, connected.today)

    assert "No auto-payment has failed." in told(client, page)
    assert invoice.attempts.filter(status=PaymentAttempt.Status.SUCCEEDED).count() == 1


def test_the_lists_ask_as_often_for_three_rows_as_for_one(ours, ada, client_of):
    client, customer = client_of(ada), a_customer(ours)
    pages = [reverse("failed_auto_payments"), reverse("customer_cards", args=[customer.pk])]
    asked = []
    for rows in (1, 2):
        for _ in range(rows):
            ours.gateway_events.all().delete()
            gateway_rows(ours, "Visa")
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            asked.append(len(queries))

    assert asked[:2] == asked[2:]
    assert max(asked) < 20


def test_a_chargeback_is_put_before_a_person(connected, bob, invoice, gateway, ada, client_of):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    gateway.tell("dispute", intent=attempt.gateway_reference, cents=100)
    for event in gateway.tell("events"):
        hear(connected, event)
    process_events(connected)
    client, page = client_of(ada), reverse("failed_auto_payments")
    assert "Only $1.00 of a payment was charged back" in told(client, page)

    event = connected.gateway_events.for_a_person().get()
    client.post(reverse("gateway_event_done", args=[event.pk]))

    assert "charged back" not in told(client, page)
    assert not connected.payments.filter(kind=Payment.Kind.CHARGEBACK).exists()
