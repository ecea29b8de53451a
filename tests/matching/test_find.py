import pytest
from django.test.utils import CaptureQueriesContext
from django.db import connection

from carter.matching.find import find_matches
from carter.matching.record import Record
from tests.builders import a_customer


def test_a_caller_is_found_by_number_and_nickname(ours):
    bob = a_customer(ours, "Robert Smith", phone="(303) 555-0142")

    found = find_matches(ours, Record.typed(names=["Bob Smith"], phones=["303.555.0142 ext 4"]))

    assert [(match.customer, match.verdict) for match in found] == [(bob, "sure")]
