"""Importing twice is importing once, whatever stands in the file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carter.customers.models import Event
from carter.transfer.exporting.customers import customers_table
from carter.transfer.exporting.jobs import jobs_table
from tests.builders import a_company
from tests.transfer.importing import a_csv, an_import, undone

NAMES = st.sampled_from(["Bob", "Ann", "Mary & John", "", "=1+1", "Zoë", "Bob (2)"])
PHONES = st.sampled_from(
    ["303-555-0142", "(303) 555 0142 x3", "call", "", "720 555 0177; 3035550142"]
)
EMAILS = st.sampled_from(
    ["bob@example.com", "B.ob@gmail.com", "none", "", "a@example.com b@example.com"]
)
STREETS = st.sampled_from(["12 Oak St Reno 89501", "Apt 5", "", "9 Elm St, Boise, ID"])
AMOUNTS = st.sampled_from(["", "0.00", "125.00", "(10.00)", "much"])
IDS = st.sampled_from(["1", "2", "3", ""])

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Street Address")
QUICKBOOKS = ("Customer", "Company", "Email", "Phone", "Opening Balance", "Notes")
LEADS = ("FullName", "PhoneNumber", "Email", "MoveDate", "MoveSize", "OriginStreet")

FILES = st.one_of(
    st.tuples(
        st.just(HUBSPOT),
        st.lists(st.tuples(IDS, NAMES, NAMES, EMAILS, PHONES, STREETS), max_size=6),
    ),
    st.tuples(
        st.just(QUICKBOOKS),
        st.lists(st.tuples(NAMES, NAMES, EMAILS, PHONES, AMOUNTS, NAMES), max_size=6),
    ),
    st.tuples(
        st.just(LEADS),
        st.lists(st.tuples(NAMES, PHONES, EMAILS, IDS, NAMES, STREETS), max_size=6),
    ),
)


def the_book(company) -> list[list[list[object]]]:
    """Everything that can be seen of the book, and how often something happened."""
    events = Event.across_companies.filter(company=company).count()
    return [
        list(customers_table(company, by=None).rows),
        list(jobs_table(company, by=None).rows),
        [[events]],
    ]


BOOKS = st.lists(FILES, min_size=1, max_size=3)


@settings(max_examples=15, deadline=None)
@given(files=BOOKS)
@pytest.mark.django_db
def test_importing_twice_is_importing_once(files):
    ours = a_company()
    contents = [a_csv(names, *rows) for names, rows in files]
    first = [an_import(ours, content) for content in contents]
    before = the_book(ours)

    again = [an_import(ours, content) for content in contents]

    assert the_book(ours) == before
    assert {outcome for batch in again for outcome in batch.counts} <= {"skipped", "refused"}
    assert [batch.rows_total for batch in again] == [batch.rows.count() for batch in first]


@settings(max_examples=15, deadline=None)
@given(files=BOOKS)
@pytest.mark.django_db
def test_undoing_the_last_and_importing_it_again_is_importing_once(files):
    ours = a_company()
    contents = [a_csv(names, *rows) for names, rows in files]
    batches = [an_import(ours, content) for content in contents]
    before = the_book(ours)[:2]

    undone(batches[-1])
    an_import(ours, contents[-1])

    assert the_book(ours)[:2] == before


@settings(max_examples=15, deadline=None)
@given(files=BOOKS)
@pytest.mark.django_db
def test_undoing_all_from_the_last_to_the_first_leaves_an_empty_book(files):
    ours = a_company()
    batches = [an_import(ours, a_csv(names, *rows)) for names, rows in files]

    for batch in reversed(batches):
        undone(batch)

    assert the_book(ours)[:2] == [[], []]
