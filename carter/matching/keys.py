"""The keys by which records that may be the same find each other."""

from collections.abc import Iterator

from carter.customers.emails import email_parts, is_free_mail
from carter.customers.given_names import canons
from carter.customers.names import PersonName, sound
from carter.matching.record import Record

CAP = 50  # A key that more records hold finds nobody by itself: it is a desk, or John Smith.
MOST_COPIES = 5
"""As so many holders count equal records, however many there are: with who asks they are still few.
They are one customer entered again and again, and not a crowd."""

LONGEST_KIND = 8
LONGEST_VALUE = 120

ROLE_WORDS = """
    info office admin sales contact hello support service billing accounting accounts mail
    moves moving leasing relocation frontdesk reception orders dispatch manager team help hr
"""
ROLES = frozenset(ROLE_WORDS.split())

Key = tuple[str, str]


def keys_of(record: Record) -> set[Key]:
    """Every (kind, value) under which a record is filed and looked for."""
    return {(kind, value[:LONGEST_VALUE]) for kind, value in _keys(record) if value}


def name_key(first: str, last: str) -> str:
    """A full name whichever way round it was typed."""
    return " ".join(sorted((first.replace(" ", ""), last.replace(" ", ""))))


def initial_key(name: PersonName) -> str:
    """The first letter and the surname."""
    return f"{name.first[:1]} {name.last.replace(' ', '')}" if name.first and name.last else ""


def sound_key(name: PersonName) -> str:
    """The first name and how the surname sounds."""
    return f"{name.first.replace(' ', '')} {sound(name.last)}" if name.first and name.last else ""


def user_key(email: str) -> str:
    """The user part of a mailbox, where it is long enough to be somebody's own."""
    user = email_parts(email)[0].replace(".", "").replace("-", "").replace("_", "")
    return user if len(user) > 5 and user not in ROLES else ""


def _keys(record: Record) -> Iterator[Key]:
    for number in record.phones:
        yield "phone", number.key
    for email in record.emails:
        yield from _email_keys(email)
    for address in record.addresses:
        yield "street", address.building
    for name in record.names:
        if not record.is_account:
            yield from _name_keys(name)
    for company in record.companies:
        yield "company", company
        yield "words", " ".join(company.split()[:2])


def _email_keys(email: str) -> Iterator[Key]:
    domain = email_parts(email)[1]
    yield "email", email
    yield "user", user_key(email)
    if not is_free_mail(domain):
        yield "domain", domain


def _name_keys(name: PersonName) -> Iterator[Key]:
    """Under each name the first name may stand for, halves of a surname and partners included."""
    for person in _people(name):
        for first in canons(person.first):
            yield "name", name_key(first, person.last)
        yield "initial", initial_key(person)
        yield "sound", sound_key(person)
    if not name.last and not name.first.isascii():
        yield "name", name.first  # 王小明 is a full name, though it is one word.


def _people(name: PersonName) -> Iterator[PersonName]:
    couple = ((name.first, name.last), (name.partner_first, name.partner_last))
    for first, last in couple:
        if first and last:
            yield PersonName(first=first, last=last)
            halves = PersonName(last=last).last_parts
            yield from (PersonName(first=first, last=half) for half in halves if half != last)
