"""Open a company: the book of one moving company, with its owner.

Asks for the owner's password, or reads it from the first line of what is piped in. An owner who
already signs in to Carter keeps theirs.
"""

import argparse
import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from carter.companies.models import Company, User
from carter.companies.opening import open_company
from carter.configuration import public_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="the name of the moving company")
    parser.add_argument("--owner-email", required=True, help="what the owner signs in with")
    parser.add_argument("--owner-name", default="", help="the owner's own name")
    parser.add_argument("--time-zone", default="America/New_York", help="where it works")
    parser.add_argument("--country", default=Company.Country.US, choices=Company.Country.values)
    parser.add_argument("--currency", default=Company.Currency.USD, choices=Company.Currency.values)


def run(options: argparse.Namespace) -> int:
    is_known = User.objects.filter(email=options.owner_email.lower()).exists()
    try:
        validate_email(options.owner_email)
        owner = open_company(
            name=options.name,
            owner_email=options.owner_email,
            owner_name=options.owner_name,
            password=None if is_known else _asked_password(),
            time_zone=options.time_zone,
            country=options.country,
            currency=options.currency,
        )
    except ValidationError as trouble:
        print("\n".join(trouble.messages), file=sys.stderr)
        return 1
    print(f"{owner.company} is open. Sign in at {public_url()} as {owner.user.email}.")
    return 0


def _asked_password() -> str:
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    elif (password := getpass.getpass("Password: ")) != getpass.getpass("The same again: "):
        raise ValidationError("These were two different passwords.")
    validate_password(password)
    return password
