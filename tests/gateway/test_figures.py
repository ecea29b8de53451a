"""Charged once and recorded, whatever is cut or killed; no forged event, none done twice.

CARTER_TEST_CHARGES sets how many invoices are charged: 60 by default, 1,000 in a long run.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from carter.billing.ledger import record_payment
from carter.commands import check
from carter.gateway import events, recording
from carter.gateway.collecting import collect_due, collect_later
from carter.gateway.connecting import account_for
from carter.gateway.events import Forged, process_events, receive
from carter.gateway.reconciling import reconcile
from carter.gateway.resolving import resolve_unknown
from tests.billing.test_killing import address_of_database
from tests.builders import a_charge, a_customer, an_invoice
from tests.gateway.directing import BANK, WEBHOOK_SECRET, a_card
from tests.gateway.standin.telling import signed

CHARGES = int(os.environ.get("CARTER_TEST_CHARGES", "60"))
KILLS = max(10, CHARGES // 5)
DEBITS = max(50, CHARGES // 20 * 10)
"""Each of which is told of by two events."""
COLLECTOR = Path(__file__).with_name("collector.py")
AT_ONCE = timedelta(0)


def to_collect(company, gateway, count: int, number: str = "4242424242424242") -> None:
    """So many invoices that are due, each to be charged to the one card of its customer."""
    for _ in range(count // 10 or 1):
        customer = a_customer(company)
        card = a_card(gateway, customer, number)
        for _ in range(min(10, count)):
            invoice = an_invoice([a_charge(customer, 7_700)])
            collect_later(invoice=invoice, method=card, on=company.today)


def charged_at_the_gateway(gateway) -> Counter[str]:
    """How often each invoice was paid there."""
    return Counter(paid["metadata"]["invoice"] for paid in gateway.paid())


def collect_and_be_killed(gateway, kills: int) -> None:
    """Let two collectors work at a time, and kill both at some moment.

    On a busy machine they come to ask nothing at first: until a connection was cut they get longer.
    """
    chance, patience = random.Random(20_26), 0.5
    environment = {
        **os.environ,
        "DATABASE_URL": address_of_database(),
        "CARTER_STRIPE_URL": gateway.url,
        "PYTHONPATH": ".",
    }
    with subprocess.Popen(
        [sys.executable, str(COLLECTOR)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as collectors:
        for _ in range(kills):
            collectors.stdin.write("go\n")
            collectors.stdin.flush()
            pids = [int(pid) for pid in collectors.stdout.readline().split()]
            time.sleep(0.1 + chance.random() * patience)
            patience = 0.5 if gateway.tell("cuts") else patience * 1.5
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            assert collectors.stdout.readline().strip() == "ended"
        collectors.stdin.close()


def collect_to_the_end(company) -> None:
    """What a few ticks later would have done."""
    for _ in range(3):
        resolve_unknown(company, in_flight=AT_ONCE)
        collect_due(company, company.today)


@pytest.mark.django_db(transaction=True)
def test_whatever_is_cut_or_killed_each_invoice_is_charged_once_and_recorded(
    connected, gateway, live_server
):
    to_collect(connected, gateway, CHARGES)
    gateway.tell("wrong", cut_before=0.2, cut_after=0.3)

    collect_and_be_killed(gateway, KILLS)
    assert gateway.tell("cuts") > 0
    gateway.tell("wrong")
    collect_to_the_end(connected)

    charged = charged_at_the_gateway(gateway)
    assert (len(charged), set(charged.values())) == (CHARGES, {1})
    assert (list(reconcile(connected)), connected.invoices.open().count()) == ([], 0)
    assert [rule.says for rule in check.RULES if rule.broken_by()[0]] == []


@pytest.mark.django_db
def test_a_gateway_that_keeps_no_keys_and_tells_nothing_charges_twice(connected, gateway):
    """The control: with both of what saves us switched off, it must go wrong, and be seen."""
    to_collect(connected, gateway, 20)
    gateway.tell("wrong", cut_after=0.5, forgetful=True)

    collect_to_the_end(connected)

    assert max(charged_at_the_gateway(gateway).values()) > 1
    gateway.tell("wrong")
    assert any("is not in the book" in difference for difference in reconcile(connected))


@pytest.mark.django_db
def test_events_save_us_alone_when_keys_do_not(connected, gateway):
    to_collect(connected, gateway, 20)
    gateway.tell("wrong", cut_after=0.5, forgetful=True)
    collect_due(connected, connected.today)

    for event in gateway.tell("events"):
        arrive(connected, event)
    process_events(connected)
    collect_to_the_end(connected)

    assert set(charged_at_the_gateway(gateway).values()) == {1}


def tell_twice_in_any_order(connected, gateway, debits: int) -> int:
    """Bank debits that were asked for come through, and each event of it arrives twice."""
    to_collect(connected, gateway, debits, BANK)
    collect_due(connected, connected.today)
    for intent in gateway.tell("payments"):
        gateway.tell("settle", intent=intent["id"])
    told = gateway.tell("events") * 2
    random.Random(7).shuffle(told)

    for place, event in enumerate(told):
        arrive(connected, event)
        if place % 20 == 0:
            process_events(connected)
    process_events(connected)
    return len(told)


@pytest.mark.django_db
def test_no_event_that_comes_twice_and_in_any_order_has_two_effects(connected, gateway):
    told = tell_twice_in_any_order(connected, gateway, DEBITS)

    assert (told, connected.gateway_events.count()) == (4 * DEBITS, 2 * DEBITS)
    assert connected.payments.count() == DEBITS
    assert list(reconcile(connected)) == []


@pytest.mark.django_db
def test_a_book_that_forgot_what_it_recorded_would_be_paid_twice(connected, gateway, monkeypatch):
    def forgetful(attempt, taken):
        to_whom = {"customer": attempt.invoice.customer, "job": None, "to": {}, "by": None}
        record_payment(method="ach", amount_cents=taken.cents, **to_whom)

    monkeypatch.setattr(recording, "_succeed", forgetful)

    tell_twice_in_any_order(connected, gateway, 10)

    assert connected.payments.count() > 10


@pytest.mark.django_db
def test_no_forged_event_is_accepted(connected):
    chance, account = random.Random(11), account_for(connected)
    accepted = sum(is_accepted(account, *a_forgery(chance)) for _ in range(500))

    assert (accepted, connected.gateway_events.count()) == (0, 0)
    assert is_accepted(account, RAW, signed(RAW, WEBHOOK_SECRET))


@pytest.mark.django_db
def test_if_nobody_looked_at_the_signature_they_would_be(connected, monkeypatch):
    monkeypatch.setattr(events, "verified", lambda raw, **_: json.loads(RAW))

    assert is_accepted(account_for(connected), *a_forgery(random.Random(11)))


RAW = (
    b'{"object": "event", "id": "evt_1", "type": "payment_intent.succeeded",'
    b' "data": {"object": {"id": "pi_1"}}}'
)


def a_forgery(chance) -> tuple[bytes, str]:
    """An event that Stripe did not sign, or not so: another secret, byte, digit or moment."""
    raw, signature = bytearray(RAW), signed(RAW, WEBHOOK_SECRET)
    match chance.randrange(5):
        case 0:
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(7)
        case 1:
            at = -chance.randrange(1, 65)
            digit = "0" if signature[at] != "0" else "1"
            signature = signature[:at] + digit + (signature[at + 1 :] if at != -1 else "")
        case 2:
            signature = signed(RAW, f"whsec_{chance.random()}")
        case 3:
            moment = int(time.time()) - chance.randrange(400, 10**6)
            signature = signed(RAW, WEBHOOK_SECRET, at=moment)
        case _:
            signature = chance.choice(["", "t=1", "v1=", "t=x,v1=y", signature.split(",")[0], "é"])
    return bytes(raw), signature


def is_accepted(account, raw: bytes, signature: str) -> bool:
    try:
        receive(account, raw, signature=signature)
    except Forged:
        return False
    return True


def arrive(company, event) -> None:
    raw = json.dumps(event).encode()
    receive(account_for(company), raw, signature=signed(raw, WEBHOOK_SECRET))
