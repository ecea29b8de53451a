"""Examine this installation: one line a finding; exit status 1 when something needs to be fixed."""

import argparse
from collections.abc import Iterator

import django
from django.core.exceptions import ImproperlyConfigured

from carter.configuration import unreadable
from carter.health import data, installation, machine
from carter.health.finding import Finding, Verdict, broken

NEEDS_DJANGO = False
# A single connection says why it fails; a pool only that it waited in vain.
ENVIRONMENT = {"CARTER_DATABASE_POOL": "0"}


def run(options: argparse.Namespace) -> int:
    healthy = True
    for finding in findings():
        print(finding)
        healthy = healthy and finding.verdict is not Verdict.BROKEN
    print("\nThis installation is healthy." if healthy else "\nSomething needs to be fixed.")
    return 0 if healthy else 1


def findings() -> Iterator[Finding]:
    """From the ground up; it ends where a finding leaves nothing to stand on."""
    yield from (examine() for examine in machine.EXAMINATIONS)
    if troubles := unreadable():
        yield broken("Settings", " ".join(troubles))
        return
    try:
        django.setup()
    except ImproperlyConfigured as trouble:
        yield broken("Settings", str(trouble))
        return
    yield from findings_inside()


def findings_inside() -> Iterator[Finding]:
    """What can be found once Django stands."""
    yield from (examine() for examine in installation.EXAMINATIONS)
    database = data.reachable()
    yield database
    if database.verdict is not Verdict.BROKEN:
        yield from (examine() for examine in data.EXAMINATIONS)
