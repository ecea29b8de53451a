import json
import subprocess
import sys

SETUP = """
import logging, structlog
from carter import logs
logs.configure({{"form": "{form}", "level": "info"}})
structlog.contextvars.bind_contextvars(request_id="abc")
"""


def written(form, code):
    """What the code writes down, in a process of its own: logging is set up once for each."""
    program = SETUP.format(form=form) + code
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stderr


def test_each_line_of_an_installation_is_one_object_with_its_request():
    line = json.loads(
        written("json", "structlog.get_logger('carter.billing').info('invoice sent', invoice=7)")
    )

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "invoice sent",
        "invoice": 7,
        "level": "info",
        "logger": "carter.billing",
        "request_id": "abc",
    }


def test_lines_of_the_server_and_of_django_look_the_same():
    code = "logging.getLogger('django.request').error('Failed: %s', '/customers/')"

    line = json.loads(written("json", code))

    assert (line["event"], line["request_id"]) == ("Failed: /customers/", "abc")


def test_an_error_brings_its_traceback_in_the_same_line():
    code = "try: 1 / 0\nexcept ArithmeticError: logging.getLogger('carter.jobs').exception('no')"

    line = json.loads(written("json", code))

    assert line["exception"].endswith("ZeroDivisionError: division by zero")


def test_people_read_a_plain_line():
    line = written("readable", "structlog.get_logger('carter.jobs').info('lead taken', job=3)")

    assert line.split()[1:] == [
        "[info",
        "]",
        "lead",
        "taken",
        "[carter.jobs]",
        "job=3",
        "request_id=abc",
    ]


def test_nothing_typed_makes_a_line_of_its_own():
    typed = '\'Bob\\n{"event": "signed in"}\\r\\u2028\\x1b[2J\''

    line = written("json", f"structlog.get_logger('carter.jobs').info('lead taken', name={typed})")

    assert len(line.splitlines()) == 1
    assert json.loads(line)["event"] == "lead taken"
