import re

import pytest


def test_every_answer_has_a_name_of_its_own(client):
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))

    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [
        (1, "0f8fad5b-d9cb-469f-a165-70867728950e", True),
        (1, "two\nlines-of-log", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (0, "0f8fad5b-d9cb-469f-a165-70867728950e", False),
    ],
)
def test_a_name_is_taken_from_a_proxy_of_ours_only(client, settings, proxies, given, kept):
    settings.PROXIES = proxies

    answer = client.get("/healthz", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) is kept


@pytest.mark.django_db
def test_a_request_is_written_down_without_what_was_searched_for(client, caplog):
    answer = client.get("/customers/?q=bob+smith")

    (line,) = (record.msg for record in caplog.records if record.msg.get("event") == "request")
    assert line["ms"] >= 0
    assert {
        name: line[name] for name in ("event", "request_id", "level", "method", "path", "status")
    } == {
        "event": "request",
        "request_id": answer.headers["X-Request-ID"],
        "level": "info",
        "method": "GET",
        "path": "/customers/",
        "status": 302,
    }
