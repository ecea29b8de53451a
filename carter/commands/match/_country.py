"""The option that says whose phone numbers a file holds."""

import argparse

import phonenumbers


def add_country(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--country", type=_region, default="US", help="whose phone numbers they are: US, CA, MX …"
    )


def _region(text: str) -> str:
    if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise argparse.ArgumentTypeError(f"“{text}” is not a country such as US, CA or MX.")
    return text.upper()
