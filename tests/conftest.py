"""The cast: our company with its owner Ada, and another company with a stranger."""

from collections.abc import Callable

import pytest
from django.test import Client

from carter.companies.models import Company, Member
from tests.builders import a_company, the_owner


@pytest.fixture
def ours(db: None) -> Company:
    return a_company("Ada’s Movers", owner="Ada Owner")


@pytest.fixture
def theirs(db: None) -> Company:
    return a_company("Strange Movers", owner="Stella Stranger")


@pytest.fixture
def ada(ours: Company) -> Member:
    return the_owner(ours)


@pytest.fixture
def stranger(theirs: Company) -> Member:
    return the_owner(theirs)


@pytest.fixture
def client_of() -> Callable[[Member], Client]:
    """The browser of somebody who is signed in."""

    def of(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return of
