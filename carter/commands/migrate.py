"""Bring the database and the static files up to this version of Carter."""

import argparse

from django.conf import settings
from django.core.management import call_command

from carter.companies.models import Company
from carter.search.indexing import refresh_words
from carter.statistics import gather_statistics

# A single connection says at once that nobody answers; a pool tries for a while.
ENVIRONMENT = {"CARTER_DATABASE_POOL": "0"}


def run(options: argparse.Namespace) -> int:
    bring_up_to_date()
    print("The database and the static files are up to date.")
    return 0


def bring_up_to_date() -> None:
    """Safe to repeat: what is done already is left alone."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    for company in Company.objects.all():
        refresh_words(company)
    gather_statistics()
    if not settings.WHITENOISE_USE_FINDERS:
        call_command("collectstatic", interactive=False, verbosity=0)
