"""A book of customers whose truth is known, with habits of its own: not the one tuned on.

Landlines shared by whole families, partners who share a mailbox, three generations of one name,
buildings full of tenants with the manager's phone, relocation desks, double surnames, agencies
with branches, numbers keyed with a slip.
"""

import random
from collections.abc import Iterator

from faker import Faker

from carter.matching.record import Record

Row = tuple[str, dict[str, str]]
"""Who it really is, and what was typed."""

NICKNAMES = {
    "Robert": "Bob",
    "William": "Will",
    "Elizabeth": "Liz",
    "Michael": "Mike",
    "Jennifer": "Jenny",
    "Christopher": "Chris",
    "Patricia": "Pat",
    "Thomas": "Tom",
    "Daniel": "Dan",
    "Katherine": "Kathy",
}
PROVIDERS = ["gmail.com", "yahoo.com", "outlook.com", "comcast.net"]


class BookMaker:
    """Makes the rows of a book, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.fake = Faker("en_US")
        self.fake.seed_instance(seed)
        self.entities = 0
        self.mailboxes: set[str] = set()

    def rows(self, size: int) -> Iterator[Row]:
        made = 0
        makers = (self.family, self.family, self.single, self.single, self.building, self.agency)
        while made < size:
            for row in self.chance.choice(makers)():
                made += 1
                yield row

    def family(self) -> Iterator[Row]:
        last, landline, home = self.fake.last_name(), self.phone(), self.street()
        shared = f"{last.lower()}.home{self.chance.randrange(99)}@{self.chance.choice(PROVIDERS)}"
        people = list({self.first(): 0, self.first(): 0, self.first(): 0})
        father = people[0]
        if self.chance.random() < 0.15:
            people.append(f"{father}|Jr.")
        for person in people:
            first, _, suffix = person.partition("|")
            mobile, own = self.phone(), self.mailbox(first, last)
            for _ in range(self.times()):
                phone = landline if self.chance.random() < 0.3 else mobile
                email = shared if self.chance.random() < 0.15 else own
                name = f"{self.said(first)} {last} {suffix}".strip()
                yield self.row(name, phone, email, home if self.chance.random() < 0.7 else "")
                self.keep()
            self.next()

    def single(self) -> Iterator[Row]:
        first, last = self.first(), self.fake.last_name()
        if self.chance.random() < 0.1:
            last = f"{last}-{self.fake.last_name()}"
        mobile, email = self.phone(), self.mailbox(first, last)
        for _ in range(self.times()):
            said = last.split("-")[0] if self.chance.random() < 0.3 else last
            phone = self.slip(mobile) if self.chance.random() < 0.05 else mobile
            name = (
                f"{last}, {first}" if self.chance.random() < 0.2 else f"{self.said(first)} {said}"
            )
            yield self.row(name, phone, email, self.street())
            self.keep()
        self.next()

    def building(self) -> Iterator[Row]:
        """Tenants who all gave the manager's number, at one house number."""
        house, manager = self.street(), self.phone()
        for unit in range(1, self.chance.randrange(4, 15)):
            first, last = self.first(), self.fake.last_name()
            address = f"{house} Apt {unit}" if self.chance.random() < 0.6 else house
            yield self.row(f"{first} {last}", manager, self.mailbox(first, last), address)
            self.next()

    def agency(self) -> Iterator[Row]:
        """A firm whose office and people call in turn."""
        firm, desk = f"{self.fake.last_name()} & {self.fake.last_name()}", self.phone()
        domain = firm.lower().replace(" & ", "") + ".com"
        for _ in range(self.times()):
            first, last = self.first(), self.fake.last_name()
            company = firm + self.chance.choice([" LLC", ", Inc.", "", " Company"])
            email = f"{first[0]}{last}@{domain}" if self.chance.random() < 0.8 else ""
            phone = desk if self.chance.random() < 0.7 else self.phone()
            yield self.row(f"{first} {last}", phone, email, "", company)
            self.keep()
        self.next()

    def row(self, name: str, phone: str, email: str, address: str, company: str = "") -> Row:
        typed = {
            "name": name.upper() if self.chance.random() < 0.1 else name,
            "phone": "" if self.chance.random() < 0.1 else self.written(phone),
            "email": "" if self.chance.random() < 0.4 else email,
            "address": address,
            "company_name": company,
        }
        return f"E{self.entities}", typed

    def keep(self) -> None:
        """The next row is of the same customer."""

    def next(self) -> None:
        self.entities += 1

    def times(self) -> int:
        return self.chance.choice([1, 1, 1, 2, 2, 3])

    def first(self) -> str:
        usual = self.chance.random() < 0.4
        return self.chance.choice(list(NICKNAMES)) if usual else self.fake.first_name()

    def said(self, first: str) -> str:
        return NICKNAMES.get(first, first) if self.chance.random() < 0.3 else first

    def street(self) -> str:
        return f"{self.chance.randrange(1, 3000)} {self.fake.street_name()}"

    def phone(self) -> str:
        return f"{self.chance.choice(['303', '720'])}{self.chance.randrange(2_000_000, 9_999_999)}"

    def slip(self, phone: str) -> str:
        place = self.chance.randrange(3, 10)
        return phone[:place] + str((int(phone[place]) + 3) % 10) + phone[place + 1 :]

    def written(self, phone: str) -> str:
        forms = ("({}) {}-{}", "{}.{}.{}", "+1{}{}{}", "{} {} {}")
        return self.chance.choice(forms).format(phone[:3], phone[3:6], phone[6:])

    def mailbox(self, first: str, last: str) -> str:
        name = f"{first[0]}{last.split('-', maxsplit=1)[0]}".lower()
        mailbox = f"{name}@{self.chance.choice(PROVIDERS)}"
        while mailbox in self.mailboxes:
            mailbox = f"{name}{self.chance.randrange(100)}@{self.chance.choice(PROVIDERS)}"
        self.mailboxes.add(mailbox)
        return mailbox


def a_book(size: int, seed: int) -> tuple[dict[str, Record], dict[str, str]]:
    """Records by number, and who each really is."""
    records, truth = {}, {}
    for number, (entity, typed) in enumerate(BookMaker(seed).rows(size)):
        truth[str(number)] = entity
        records[str(number)] = record_of(typed, commercial=bool(typed["company_name"]))
    return records, truth


def record_of(typed: dict[str, str], *, commercial: bool) -> Record:
    """A row as it was typed, with one value of each."""
    return Record.typed(
        names=[typed["name"]],
        companies=[typed["company_name"]],
        phones=[typed["phone"]],
        emails=[typed["email"]],
        addresses=[typed["address"]],
        commercial=commercial,
    )
