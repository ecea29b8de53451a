"""A book of habits that matching was never tuned on: it only judges, and is not looked at before.

Keys hit beside the right one, digits swapped, letters read wrong from paper; surnames of two
halves, given names first or last, other scripts; nicknames in mailboxes, mailboxes of an employer
that change; numbers that go to a stranger when somebody gives them up; students of one flat,
tenants of one landlord, a relocation desk with many moves, branches and franchises of one name.

    python -m tests.matching.strangers --rows 10000 --seed 5 --habit telephone --out FOLDER
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

from tests.matching.strangers_words import (
    HOBBIES,
    NEIGHBOURS,
    NOTES,
    PROVIDERS,
    READ_WRONG,
    SURNAMES,
    TRADES,
    Naming,
    eastern,
    english,
    slavic,
    spanish,
)

COLUMNS = ("name", "company_name", "category", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Habit:
    """How one office keeps its book: the chance of each thing."""

    no_phone: float
    no_email: float
    no_address: float
    slip: float  # In each of name, number and mailbox.
    short: float  # A nickname in place of the name.
    note: float
    shouting: float  # All capitals or none.
    again: float  # A customer comes once more.


HABITS = {
    "telephone": Habit(0.03, 0.55, 0.30, 0.06, 0.25, 0.04, 0.05, 0.32),
    "web": Habit(0.12, 0.08, 0.55, 0.03, 0.15, 0.01, 0.20, 0.28),
    "paper": Habit(0.20, 0.45, 0.10, 0.08, 0.10, 0.06, 0.30, 0.35),
}


@dataclass(slots=True)
class Somebody:
    """A customer as he really is; what he gives changes from time to time."""

    entity: str
    naming: Naming
    phones: list[str]
    emails: list[str]
    homes: list[str]
    suffix: str = ""
    partner: str = ""
    uses_short: bool = False


@dataclass(slots=True)
class Strangers:
    """Makes rows of (entity, columns as typed), the same for the same seed and habit."""

    chance: Random
    habit: Habit
    entities: int = 0
    mailboxes: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    given_up: list[str] = field(default_factory=list)
    employers: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        makers = (
            *((self.alone,) * 9),
            *((self.household,) * 6),
            self.students,
            self.tenants,
            *((self.firm,) * 2),
        )
        while True:
            yield from self.chance.choice(makers)()
            if self.happens(0.001):
                yield from self.relocation_desk()

    def alone(self) -> Iterator[tuple[str, list[str]]]:
        yield from self.visits(self.somebody(self.naming()))

    def household(self) -> Iterator[tuple[str, list[str]]]:
        """Partners, of one surname or two, some with a grown child of the father's name."""
        one, other = self.naming(), self.naming()
        if self.happens(0.8):
            other = other.married(one)
        landline, home = self.number(), self.street()
        family = self.mailbox(one.surnames[0] + self.chance.choice(["5", "clan", "home", "fam"]))
        people = [self.somebody(one, [home]), self.somebody(other, [home])]
        people[0].partner, people[1].partner = other.given, one.given
        if self.happens(0.12):
            child = self.somebody(one, [home])
            child.suffix, people[0].suffix = "Jr", self.chance.choice(["", "Sr"])
            people.append(child)
        for person in people:
            person.phones += [landline] if self.happens(0.4) else []
            person.emails += [family] if self.happens(0.2) else []
        for person in people[: self.chance.choice([1, 2, 2, 3])]:
            yield from self.visits(person)

    def students(self) -> Iterator[tuple[str, list[str]]]:
        """A flat: one address, sometimes one telephone, nothing else."""
        home, telephone = f"{self.street()} Apt {self.chance.randrange(1, 99)}", self.number()
        for _ in range(self.chance.randrange(3, 6)):
            student = self.somebody(self.naming(), [home])
            if self.happens(0.25):
                student.phones = [telephone]
            yield from self.visits(student)

    def tenants(self) -> Iterator[tuple[str, list[str]]]:
        """They give the landlord's number, and live in his house."""
        landlord, house = self.somebody(self.naming()), self.street()
        yield from self.visits(landlord)
        for unit in range(1, self.chance.randrange(3, 18)):
            tenant = self.somebody(self.naming(), [f"{house} #{unit}"])
            if self.happens(0.7):
                tenant.phones = [landlord.phones[0]]
            yield from self.visits(tenant)

    def relocation_desk(self) -> Iterator[tuple[str, list[str]]]:
        """One office books the moves of many employees, with its own number and mailbox."""
        desk, domain = self.number(), f"{self.chance.choice(TRADES).split()[0].lower()}relo.com"
        for _ in range(self.chance.randrange(60, 300)):
            mover = self.somebody(self.naming())
            mover.phones = [desk] if self.happens(0.8) else mover.phones
            if self.happens(0.6):
                mover.emails = [f"{self.chance.choice(['moves', 'kim.b', 'transfers'])}@{domain}"]
            yield from self.visits(mover)

    def firm(self) -> Iterator[tuple[str, list[str]]]:
        """A firm alone, or two branches or franchises, each a customer of its own."""
        stem = f"{self.naming().surnames[0]} {self.chance.choice(TRADES)}"
        domain = stem.lower().replace(" ", "").replace("&", "")[:18]
        while domain in self.domains:
            domain += str(self.chance.randrange(10))
        self.domains.add(domain)
        towns = self.chance.sample(["Aurora", "Mesa", "Tampa", "Akron"], 2)
        places = [f" of {town}" for town in towns] if self.happens(0.15) else [""]
        for place in places:
            self.entities += 1
            entity, desk, home = f"F{self.entities}", self.number(), self.street()
            staff = [self.naming() for _ in range(self.chance.randrange(1, 4))]
            for _ in range(self.times()):
                contact = self.chance.choice(staff)
                form = self.chance.choice(["", " LLC", ", Inc.", " Co.", " L.L.C."])
                user = f"{contact.given[0]}{contact.surnames[-1]}".lower()
                office = self.chance.choice(["info", "office", user, user])
                phone = desk if self.happens(0.65) else self.number()
                name = contact.usual if self.happens(0.8) else ""
                email = f"{office}@{domain}.com"
                yield entity, self.typed(name, stem + place + form, phone, email, home)

    def visits(self, person: Somebody) -> Iterator[tuple[str, list[str]]]:
        """Each time he comes: he may have moved, changed his number, or his employer."""
        phone = email = home = 0
        for _ in range(self.times()):
            phone = self.chance.randrange(len(person.phones)) if self.happens(0.25) else phone
            email = self.chance.randrange(len(person.emails)) if self.happens(0.25) else email
            home = self.chance.randrange(len(person.homes)) if self.happens(0.4) else home
            given = (person.phones[phone], person.emails[email], person.homes[home])
            yield person.entity, self.typed(self.said(person), "", *given)
            if self.happens(0.1):
                person.phones.append(self.number())
                person.emails.append(self.address_of(person.naming))
                person.homes.append(self.street())
                phone = len(person.phones) - 1
        if self.happens(0.03):
            self.given_up.append(person.phones[0])

    def somebody(self, naming: Naming, homes: list[str] | None = None) -> Somebody:
        self.entities += 1
        recycled = self.given_up and self.happens(0.02)
        return Somebody(
            f"P{self.entities}",
            naming,
            [self.given_up.pop() if recycled else self.number()],
            [self.address_of(naming)],
            homes or [self.street()],
            uses_short=self.happens(self.habit.short),
        )

    def said(self, person: Somebody) -> str:
        """His name, the way it is said this time."""
        naming = person.naming
        given, last = naming.given, self.surname(naming)
        if naming.short and (person.uses_short or self.happens(self.habit.short / 3)):
            given = self.chance.choice(naming.short)
        given, last = self.slipped(given), self.slipped(last)
        tail = f" {person.suffix}" if person.suffix and self.happens(0.6) else ""
        form = self.chance.random()
        if person.partner and form < 0.06:
            written = ("{0} and {1} {2}", "{2}, {0} & {1}", "{0} {2} / {1}", "{0} + {1} {2}")
            return self.chance.choice(written).format(given, person.partner, last)
        if form < 0.12:
            return f"{last}{tail}, {given}"
        if form < 0.16 and naming.family_first:
            return f"{last} {given}"
        if form < 0.18 and naming.other_script:
            return naming.other_script
        if form < 0.20:
            return self.chance.choice([given, f"Ms. {last}", f"{given[0]}. {last}"])
        middle = f" {naming.middle}" if naming.middle and form < 0.30 else ""
        return f"{given}{middle} {last}{tail}"

    def surname(self, naming: Naming) -> str:
        """Of two surnames both, one, or with a hyphen; a maiden name now and then."""
        if len(naming.surnames) > 1:
            first, second = naming.surnames
            spoken = (f"{first} {second}", f"{first}-{second}", first, first, second)
            return self.chance.choice(spoken)
        maiden = naming.maiden and self.happens(0.12)
        return naming.maiden if maiden else naming.surnames[0]

    def typed(self, name: str, company: str, phone: str, email: str, home: str) -> list[str]:
        habit = self.habit
        phone = "" if self.happens(habit.no_phone) else self.dialled(phone)
        email = "" if self.happens(habit.no_email) else self.mailed(email)
        home = "" if self.happens(habit.no_address) else home
        if self.happens(habit.note):
            before, after = self.chance.choice(NOTES)
            name, phone = before.format(name) if name else "", after.format(phone) if phone else ""
        if self.happens(habit.shouting):
            style = self.chance.choice([str.upper, str.lower])
            name, company, home = style(name), style(company), style(home)
        return [name, company, "commercial" if company else "residential", phone, email, home]

    def dialled(self, phone: str) -> str:
        if self.happens(self.habit.slip / 3):
            place = self.chance.randrange(3, 9)
            phone = phone[:place] + phone[place + 1] + phone[place] + phone[place + 2 :]
        forms = ("{}-{}-{}", "({}){}-{}", "{} {} {}", "+1 {} {} {}", "{}{}{}", "{}/{}-{}")
        form = self.chance.choice(forms) if self.happens(0.97) else "{1}-{2}"
        return form.format(phone[:3], phone[3:6], phone[6:])

    def mailed(self, email: str) -> str:
        user, _, domain = email.partition("@")
        email = f"{self.slipped(user, 0.3)}@{domain}"
        return email.title() if self.happens(0.05) else email

    def slipped(self, word: str, part: float = 1.0) -> str:
        if len(word) < 4 or not word.isascii() or not self.happens(self.habit.slip * part):
            return word
        place = self.chance.randrange(1, len(word) - 1)
        wrong = NEIGHBOURS.get(word[place].lower(), "e")
        read, as_other = self.chance.choice(READ_WRONG)
        return self.chance.choice(
            [
                word[:place] + self.chance.choice(wrong) + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                word[:place] + word[place:].replace(read, as_other, 1),
                word[:place] + word[place] + word[place:],
            ]
        )

    def naming(self) -> Naming:
        peoples = (english,) * 12 + (spanish,) * 5 + (eastern,) * 2 + (slavic,)
        return self.chance.choice(peoples)(self.chance)

    def address_of(self, naming: Naming) -> str:
        given, last = naming.given, naming.surnames[-1]
        nickname = self.chance.choice(naming.short or [given])
        forms = (
            f"{nickname}{last}",
            f"{given}.{last}",
            f"{nickname}{self.chance.randrange(40, 99)}",
            f"{self.chance.choice(HOBBIES)}{nickname}",
            f"{last}{given[:2]}{self.chance.randrange(10)}",
        )
        if self.happens(0.12):
            return self.mailbox(f"{given}.{last}", self.employer())
        return self.mailbox(self.chance.choice(forms))

    def mailbox(self, user: str, provider: str = "") -> str:
        """One that nobody else has."""
        user = user.lower().replace(" ", "").replace("-", "")
        provider = provider or self.chance.choice(PROVIDERS)
        while f"{user}@{provider}" in self.mailboxes:
            user += str(self.chance.randrange(10))
        self.mailboxes.add(f"{user}@{provider}")
        return f"{user}@{provider}"

    def employer(self) -> str:
        if len(self.employers) < 5 or self.happens(0.1):
            surname = self.naming().surnames[0].lower()
            self.employers.append(f"{surname}{self.chance.choice(['corp', 'tech', 'u'])}.com")
        return self.chance.choice(self.employers)

    def number(self) -> str:
        area = self.chance.choice(["480", "602", "813", "330", "216", "720"])
        return f"{area}{self.chance.randrange(2_110_000, 9_990_000)}"

    def street(self) -> str:
        name = self.chance.choice(SURNAMES)
        kind = self.chance.choice(["St", "Avenue", "Rd", "Ct"])
        line = f"{self.chance.randrange(1, 9_900)} {name} {kind}"
        town = self.chance.choice([", Mesa, AZ 85201", ", Akron OH", " Tampa FL 33602", ""])
        return line + town

    def times(self) -> int:
        visits = 1
        while visits < 6 and self.happens(self.habit.again):
            visits += 1
        return visits

    def happens(self, chance: float) -> bool:
        return self.chance.random() < chance


def strangers(rows: int, seed: int, habit: str) -> list[tuple[str, dict[str, str]]]:
    """A book of so many rows: who each really is, and what was typed; in no order."""
    chance = Random(f"{habit} {seed}")
    maker = Strangers(chance, HABITS[habit])
    made = list(islice(maker.rows(), rows))
    chance.shuffle(made)
    return [(entity, dict(zip(COLUMNS, row, strict=True))) for entity, row in made]


def write(rows: int, seed: int, habit: str, out: Path) -> None:
    """customers.csv and truth.csv, as `carter match report` reads them."""
    out.mkdir(parents=True, exist_ok=True)
    made = strangers(rows, seed, habit)
    with (
        (out / "customers.csv").open("w", newline="", encoding="utf-8") as book,
        (out / "truth.csv").open("w", newline="", encoding="utf-8") as truth,
    ):
        typed, known = csv.writer(book), csv.writer(truth)
        typed.writerow(["customer_id", *COLUMNS])
        known.writerow(["customer_id", "entity_id"])
        typed.writerows([number, *row.values()] for number, (_, row) in enumerate(made, 1))
        known.writerows([number, entity] for number, (entity, _) in enumerate(made, 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--habit", choices=HABITS, default="telephone")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    write(options.rows, options.seed, options.habit, options.out)
