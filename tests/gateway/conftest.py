"""A company whose gateway is the stand-in, and what is on file there."""

from collections.abc import Iterator

import pytest

from carter.gateway.connecting import change_account
from tests.gateway.directing import KEY, WEBHOOK_SECRET, StandIn, a_stand_in


@pytest.fixture(scope="session")
def stand_in_process() -> Iterator[StandIn]:
    with a_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def gateway(stand_in_process, settings) -> StandIn:
    """The stand-in, empty, and asked by Carter."""
    settings.STRIPE_URL = stand_in_process.url
    stand_in_process.reset()
    return stand_in_process


@pytest.fixture
def connected(ours, ada, gateway):
    """Our company, whose gateway is the stand-in."""
    change_account(ours, secret_key=KEY, webhook_secret=WEBHOOK_SECRET, has_auto_pay=True, by=ada)
    return ours
