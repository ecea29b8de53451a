"""Whatever the office does, merges and splits lose nothing and can be taken back exactly.

CARTER_MERGING_STEPS says how many steps the office takes; `CARTER_MERGING_STEPS=20000` is the long
run (about twenty minutes).
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.merging.office import Office

DAY = 60
STEPS = int(os.environ.get("CARTER_MERGING_STEPS", "1200"))
WORKDAYS = settings(
    max_examples=max(STEPS // DAY, 1),
    stateful_step_count=DAY,
    deadline=None,
    phases=[Phase.generate],  # Making a failing day shorter takes longer than reading it.
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_whatever_the_office_merges_and_splits_can_be_taken_back_exactly():
    run_state_machine_as_test(Office, settings=WORKDAYS)
