"""Starting the stand-in, and telling it what to do."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from carter.customers.models import Customer
from carter.gateway.models import StoredMethod
from tests.gateway.standin.telling import deliver

KEY = "sk_test_0123456789abcdef"
WEBHOOK_SECRET = "whsec_0123456789abcdef"
GOOD, EMPTY, STOLEN, EXPIRED = (
    "4242424242424242",
    "4000000000009995",
    "4000000000009979",
    "4000000000000069",
)
BANK = "000123456789"


@dataclass
class StandIn:
    """The gateway's process, seen from a test."""

    url: str

    def tell(self, deed: str, **told: Any) -> Any:
        body = json.dumps(told).encode()
        request = urllib.request.Request(f"{self.url}/standin/{deed}", body)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def reset(self) -> None:
        self.tell("reset")

    def deliver(self, url: str, **how: Any) -> list[int]:
        """Tell Carter what happened since the last time; what it answered."""
        return deliver(self.tell("events"), url=url, secret=WEBHOOK_SECRET, **how)

    def paid(self) -> list[dict[str, Any]]:
        """Every payment that succeeded there."""
        return [each for each in self.tell("payments") if each["status"] == "succeeded"]


@contextmanager
def a_stand_in() -> Iterator[StandIn]:
    """The stand-in, which ends with the test that started it."""
    command = [sys.executable, "-m", "tests.gateway.standin"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield StandIn(process.stdout.readline().strip())
        finally:
            process.stdin.close()
            process.wait(timeout=10)


def a_card(
    gateway: StandIn, customer: Customer, number: str = GOOD, *, job: Any = None
) -> StoredMethod:
    """A card or bank account on file, as if somebody had typed it on the gateway's page."""
    known = gateway.tell("card", number=number)
    is_card = known["type"] == "card"
    method = StoredMethod(
        customer=customer,
        job=job,
        kind="card" if is_card else "bank",
        brand="Visa" if is_card else "Stripe Test Bank",
        last4=number[-4:],
        expires_on=date(2034, 12, 31) if is_card else None,
        consent="May be charged.",
        gateway_customer=known["customer"],
        gateway_method=known["id"],
        ready_at=timezone.now(),
    )
    method.save()
    return method
