"""What Carter writes down while it works: one line an event, with the request it belongs to."""

import logging.config
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

SECRET_ADDRESSES = re.compile(r"(/(?:i|hooks/[a-z]+)/)[^/\s'\"]+")
"""What follows opens an invoice, or is where a gateway may tell something, to whoever has it."""


def configure(wanted: dict[str, str]) -> None:
    """Set up logging; Django calls this with settings.LOGGING: a `form` and a `level`."""
    logging.config.dictConfig(described(**wanted))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *facts(wanted["form"]),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def described(*, form: str, level: str) -> dict[str, Any]:
    """The logging of Carter and of its server as `logging.config` wants it."""
    console = {"handlers": ["console"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *renderers(form),
                ],
                "foreign_pre_chain": facts(form),
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "carter": console | {"level": level.upper()},
            "_granian": console | {"level": "INFO"},
            "granian.access": console | {"level": "INFO"},
            # Carter writes a line for every request itself; of Django's only its errors say more.
            "django.request": console | {"level": "ERROR"},
        },
    }


def facts(form: str) -> list[Processor]:
    """What every line says besides its event; people read their own clock."""
    clock = {"fmt": "%H:%M:%S", "utc": False} if form == "readable" else {"fmt": "iso"}
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(**clock),
        without_secrets,
    ]


def without_secrets(logger: Any, name: str, event: EventDict) -> EventDict:
    """The line without what stands in an address and is nobody's to read."""
    event.pop("request", None)  # Django's own object, whose words are the address again.
    return {
        key: SECRET_ADDRESSES.sub(r"\1…", value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def renderers(form: str) -> list[Processor]:
    if form == "readable":
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=24,
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
