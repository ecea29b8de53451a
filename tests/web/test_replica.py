import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.urls import URLPattern, get_resolver, reverse

from carter.web.replica import RememberWrites

ARGUMENTS = {"customer_id": 1, "form": "csv"}


def those_that_only_read(patterns=None):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern) and getattr(pattern.callback, "only_reads", False):
            yield pattern


def test_without_a_replica_nothing_is_remembered():
    with pytest.raises(MiddlewareNotUsed):
        RememberWrites(lambda request: None)


@pytest.mark.django_db
def test_a_page_that_only_reads_takes_no_form(client_of, ada):
    found = list(those_that_only_read())
    assert len(found) > 20
    desk = client_of(ada)

    for pattern in found:
        wanted = pattern.pattern.converters
        address = reverse(pattern.name, kwargs={name: ARGUMENTS[name] for name in wanted})
        assert desk.post(address).status_code in (404, 405), address
