"""What the demo knows of a customer, and customers drawn by chance."""

from dataclasses import dataclass, field
from random import Random

from faker import Faker

from carter.customers.models import Contact, Customer, Phone
from carter.customers.names import fold
from carter.demo.moves import Move
from carter.demo.places import Place

AREAS = {"303": 44, "720": 30, "970": 7, "719": 6, "983": 3, "801": 2, "505": 2, "512": 3, "312": 3}
NOBODYS_EXCHANGE = "555"
"""No subscriber has a number with it; 1212 and the placeholders 1234 and 5555 stay out."""
LINES = (2_001, 4_999)
WRITTEN = ("({}) {}-{}", "{}-{}-{}", "{}{}{}", "{}.{}.{}", "+1 {} {} {}")
HOW_OFTEN = (46, 30, 14, 6, 4)

MAIL = ("example.com", "example.com", "example.net", "example.org")
MAILBOXES = ("{first}.{last}", "{first}{last}", "{f}{last}", "{first}.{last}{n}", "{first}{n}")

SOURCES = {
    "Google": 30,
    "Referral": 20,
    "Website": 14,
    "Yelp": 9,
    "Thumbtack": 7,
    "Saw the truck": 6,
    "Realtor": 6,
    "Facebook": 4,
    "Mailer": 4,
}


@dataclass
class Profile:
    """A customer of the demo with everything that hangs on it.

    Phones and emails are paired with a label, contacts with a role.
    """

    name: str
    home: Place
    kind: str = Customer.Kind.PERSON
    category: str = Customer.Category.RESIDENTIAL
    phones: list[tuple[str, str]] = field(default_factory=list)
    former_phones: list[str] = field(default_factory=list)
    emails: list[tuple[str, str]] = field(default_factory=list)
    contacts: list[tuple[str, str]] = field(default_factory=list)
    former_names: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    source: str = ""
    bill_to: str = ""
    do_not_service: str = ""
    moves: list[Move] = field(default_factory=list)

    @property
    def is_firm(self) -> bool:
        return self.kind == Customer.Kind.COMPANY


@dataclass
class Townsfolk:
    """Draws people; no phone and no mailbox twice, and all of them nobody's in life."""

    chance: Random
    faker: Faker
    taken: set[str] = field(default_factory=set)

    def first_name(self) -> str:
        female = self.chance.random() < 0.5
        name = self.faker.first_name_female() if female else self.faker.first_name_male()
        return str(name)

    def last_name(self) -> str:
        return str(self.faker.last_name())

    def phone(self, area: str = "") -> str:
        """A number that nobody has, written the way somebody might."""
        while True:
            code = area or self.chance.choices(list(AREAS), list(AREAS.values()))[0]
            line = f"{self.chance.randint(*LINES)}"
            if self._is_new(code + line):
                (written,) = self.chance.choices(WRITTEN, HOW_OFTEN)
                return written.format(code, NOBODYS_EXCHANGE, line)

    def email(self, name: str) -> str:
        first, *_, last = fold(name).split() or ["office"]
        while True:
            mailbox = self.chance.choice(MAILBOXES).format(
                first=first, last=last, f=first[0], n=self.chance.randint(2, 98)
            )
            address = f"{mailbox}@{self.chance.choice(MAIL)}"
            if self._is_new(address):
                return address

    def source(self) -> str:
        return self.chance.choices(list(SOURCES), list(SOURCES.values()))[0]

    def person(self, home: Place) -> Profile:
        """Somebody who moves alone, or who at least calls alone."""
        first, last = self.first_name(), self.last_name()
        profile = Profile(self._as_typed(first, last), home, source=self.source())
        profile.phones.append((self.phone(), Phone.Label.MOBILE))
        if self.chance.random() < 0.12:
            profile.phones.append((self.phone(), Phone.Label.WORK))
        if self.chance.random() < 0.07:
            profile.former_phones.append(self.phone())
        if self.chance.random() < 0.84:
            profile.emails.append((self.email(f"{first} {last}"), "personal"))
        return profile

    def couple(self, home: Place) -> Profile:
        """Two people who move together, each with a phone."""
        one, other, last = self.first_name(), self.first_name(), self.last_name()
        profile = Profile(
            f"{one} & {other} {last}", home, kind=Customer.Kind.HOUSEHOLD, source=self.source()
        )
        profile.contacts += [
            (f"{one} {last}", Contact.Role.PRIMARY),
            (f"{other} {last}", Contact.Role.PARTNER),
        ]
        profile.phones += [(self.phone(), Phone.Label.MOBILE), (self.phone(), Phone.Label.MOBILE)]
        profile.emails.append((self.email(f"{one} {last}"), "personal"))
        return profile

    def _as_typed(self, first: str, last: str) -> str:
        typed = self.chance.random()
        if typed < 0.02:
            return f"{last}, {first}"
        if typed < 0.035:
            return f"{first} {last}".upper()
        if typed < 0.08:
            return f"{first} {self.chance.choice('ABCDEJLMRST')}. {last}"
        return f"{first} {last}"

    def _is_new(self, value: str) -> bool:
        is_new = value not in self.taken
        self.taken.add(value)
        return is_new
