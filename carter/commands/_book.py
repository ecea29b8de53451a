"""Whose book a command works on, and as whom."""

import argparse

from carter.companies.models import Company, Member


class CannotChoose(Exception):
    """It is not clear whose book is meant; the words say what to add."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--company", help="name of the company, when there is more than one")
    parser.add_argument(
        "--as",
        dest="email",
        metavar="EMAIL",
        help="sign what is done as this member, with their rights; else as Carter itself",
    )


def chosen(options: argparse.Namespace) -> tuple[Company, Member | None]:
    """The company and the member that were asked for. Raises CannotChoose."""
    companies = Company.objects.order_by("name")
    if options.company:
        companies = companies.filter(name__iexact=options.company)
    found = list(companies[:2])
    if len(found) != 1:
        names = ", ".join(Company.objects.order_by("name").values_list("name", flat=True)[:20])
        raise CannotChoose(f"Say whose book with --company NAME. There is: {names or 'nobody'}.")
    return found[0], _member(found[0], options.email) if options.email else None


def _member(company: Company, email: str) -> Member:
    member = company.members.filter(user__email=email.lower(), left_at=None).first()
    if member is None:
        raise CannotChoose(f"Nobody with the address {email} works at {company}.")
    return member
