"""Pass on to one of Django's own commands: `carter django makemigrations`."""

import argparse

from django.core.management import execute_from_command_line

PASSES_WORDS_ON = True


def run(options: argparse.Namespace) -> int:
    execute_from_command_line(["carter django", *options.words])
    return 0
