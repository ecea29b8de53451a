"""What is compared of a customer or of an intake, normalised once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, NamedTuple, Self, TypeVar

from carter.customers.addresses import PostalAddress, postal_address
from carter.customers.emails import email_keys
from carter.customers.names import PersonName, company_key, is_firm_name, person_name
from carter.customers.phones import phone_keys

Value = TypeVar("Value")

parts_of_name = attrgetter(*(field.name for field in fields(PersonName)))
parts_of_address = attrgetter(*(field.name for field in fields(PostalAddress)))


class Number(NamedTuple):
    """A phone number: national digits, extension, and what kind it was said to be."""

    key: str
    extension: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Names, companies, numbers, mailboxes and addresses of one customer or intake.

    Each field holds every value known, former ones included, each once. Junk is left out, so that
    blank never equals blank.
    """

    names: tuple[PersonName, ...] = ()
    companies: tuple[str, ...] = ()
    phones: tuple[Number, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    commercial: bool = False

    @classmethod
    def typed(
        cls,
        *,
        names: Iterable[str] = (),
        companies: Iterable[str] = (),
        phones: Iterable[str | tuple[str, str]] = (),
        emails: Iterable[str] = (),
        addresses: Iterable[str] = (),
        commercial: bool = False,
        country: str = "US",
    ) -> Self:
        """The record of fields as they were typed; a phone may come with its label.

        A firm typed where a person is expected is a firm all the same.
        """
        people, firms = _told_apart(names)
        return cls(
            names=_each(person_name(name) for name in people),
            companies=_each(company_key(company) for company in [*companies, *firms]),
            phones=_numbers(phones, country),
            emails=_each(key for email in emails for key in email_keys(email)),
            addresses=_each(postal_address(address) for address in addresses),
            commercial=commercial or bool(firms),
        )

    @classmethod
    def joined(cls, records: Iterable["Record"]) -> Self:
        """What several records of one customer say together."""
        records = list(records)
        return cls(
            names=_each(name for record in records for name in record.names),
            companies=_each(company for record in records for company in record.companies),
            phones=_each_number(number for record in records for number in record.phones),
            emails=_each(email for record in records for email in record.emails),
            addresses=_each(address for record in records for address in record.addresses),
            commercial=any(record.commercial for record in records),
        )

    def keeping(self, is_kept: Callable[[str, str], bool]) -> Self:
        """The record with only those phones and mailboxes of which is_kept(kind, value)."""
        phones = tuple(number for number in self.phones if is_kept("phone", number.key))
        emails = tuple(email for email in self.emails if is_kept("email", email))
        if len(phones) == len(self.phones) and len(emails) == len(self.emails):
            return self
        return replace(self, phones=phones, emails=emails)

    @property
    def is_account(self) -> bool:
        """Whether a firm is compared and not a person."""
        return self.commercial and bool(self.companies)

    def stored(self) -> dict[str, Any]:
        """The record as plain values, for keeping."""
        return {
            "names": [parts_of_name(name) for name in self.names],
            "companies": self.companies,
            "phones": self.phones,
            "emails": self.emails,
            "addresses": [parts_of_address(address) for address in self.addresses],
            "commercial": self.commercial,
        }

    @classmethod
    def restored_together(cls, stored: Iterable[dict[str, Any]]) -> Self:
        """What several stored records of one customer say together."""
        return cls.joined(cls.restored(each) for each in stored)

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """The record that `stored()` gave, also after a way through JSON."""
        return cls(
            names=tuple(PersonName(*name) for name in stored["names"]),
            companies=tuple(stored["companies"]),
            phones=tuple(Number(*number) for number in stored["phones"]),
            emails=tuple(stored["emails"]),
            addresses=tuple(PostalAddress(*address) for address in stored["addresses"]),
            commercial=stored["commercial"],
        )


def _each(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _told_apart(names: Iterable[str]) -> tuple[list[str], list[str]]:
    people: list[str] = []
    firms: list[str] = []
    for name in names:
        (firms if is_firm_name(name) else people).append(name)
    return people, firms


def _numbers(phones: Iterable[str | tuple[str, str]], country: str) -> tuple[Number, ...]:
    labelled = (phone if isinstance(phone, tuple) else (phone, "") for phone in phones)
    return _each_number(
        Number(key, extension, label)
        for text, label in labelled
        for key, extension in phone_keys(text, country)
    )


def _each_number(numbers: Iterable[Number]) -> tuple[Number, ...]:
    """One entry a number and extension, with the label if any of them has one."""
    found: dict[tuple[str, str], Number] = {}
    for number in numbers:
        place = (number.key, number.extension)
        if place not in found or not found[place].label:
            found[place] = number
    return tuple(found.values())
