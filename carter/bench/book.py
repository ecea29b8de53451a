"""The rows of a made book: two jobs each on average, most of them invoiced and paid.

Every row follows from the seed and its number alone, so that processes can make them side by side.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import models

from carter.bench.people import SOURCES, Person, person, place
from carter.bench.tables import Row
from carter.billing.documents import VERSION
from carter.billing.models import (
    Allocation,
    Charge,
    Entry,
    Invoice,
    InvoiceLine,
    MonthTotal,
    Owed,
    Payment,
    PaymentPart,
)
from carter.billing.models.invoice import FOREVER
from carter.customers.addresses import street_key
from carter.customers.emails import email_key
from carter.customers.models import Address, Contact, Customer, Email, Event, Phone
from carter.customers.names import fold
from carter.customers.phones import phone_key
from carter.jobs.models import Job, Stage
from carter.matching.keys import keys_of
from carter.matching.models import Key, Profile
from carter.matching.record import Record
from carter.search import words
from carter.search.models import Word
from carter.search.subjects import CUSTOMER, JOB, LEAD

COUNTRY = "US"
JOBS = (*[1] * 12, *[2] * 4, 3, 3, 4, 10)
"""How many jobs each of some customers in a row has: two on average."""
DAYS = 3 * 365
NOT_DONE = 4
"""One job in so many is a lead, or not carried out yet: nothing is charged for it."""
PAID_IN_TWELVE = 12
"""Of so many jobs one is not paid and one in part."""
UNDER_WAY = (Stage.NEW, Stage.CONTACTED, Stage.LOST, Stage.BOOKED)

Rows = dict[type[models.Model], list[Row]]


@dataclass(frozen=True)
class Plan:
    """A book to make: `customers` of them, up to a day.

    The last ones are `busy`, a van line and a relocation company, with so many jobs.
    """

    customers: int
    seed: int
    today: date
    busy: tuple[int, ...] = (500, 5_000)

    def jobs_of(self, customer: int) -> range:
        """The keys and numbers of a customer's jobs."""
        busiest = customer - (self.customers - len(self.busy)) - 1
        if busiest < 0:
            start = _jobs_before(customer)
            return range(start + 1, start + JOBS[(customer - 1) % len(JOBS)] + 1)
        start = _jobs_before(self.customers - len(self.busy) + 1) + sum(self.busy[:busiest])
        return range(start + 1, start + self.busy[busiest] + 1)

    @property
    def jobs(self) -> int:
        return self.jobs_of(self.customers).stop - 1


def _jobs_before(customer: int) -> int:
    rounds, rest = divmod(customer - 1, len(JOBS))
    return rounds * sum(JOBS) + sum(JOBS[:rest])


def is_lead(job: int) -> bool:
    """Whether it is a lead that is open."""
    stage = UNDER_WAY[job // NOT_DONE % len(UNDER_WAY)]
    return job % NOT_DONE == 0 and stage in (Stage.NEW, Stage.CONTACTED)


def is_owed(job: int) -> bool:
    """Whether something is still to be paid for it."""
    return job % PAID_IN_TWELVE in (1, 2)


def invoices_up_to(job: int) -> int:
    """How many of the first jobs are carried out, and invoiced in the order of their numbers."""
    return job - job // NOT_DONE


def rows_of(plan: Plan, customers: range) -> Rows:
    """Everything of some customers, by table."""
    making = Making(plan)
    for customer in customers:
        making.make(customer)
    making.rows[Word].sort()
    return making.rows


class Making:
    """The rows of customers, one after the other."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows: Rows = defaultdict(list)

    def make(self, customer: int) -> None:
        """All rows of one customer."""
        who = person(self.plan.seed, customer)
        jobs = self.plan.jobs_of(customer)
        since = self._day(jobs[0]) - timedelta(days=20)
        self._customer(customer, who, since)
        self._details(customer, who, since)
        said = _words_of(who)
        self._findable(customer, who, said)
        months = Counter[date]()
        for job in jobs:
            months[self._day(job).replace(day=1)] += self._job(customer, who, job, said)
        self._totals(customer, months)

    def _day(self, job: int) -> date:
        """When the goods are moved: the later the number, the later the day."""
        return self.plan.today - timedelta(days=DAYS - DAYS * job // (self.plan.jobs + 1))

    def _customer(self, customer: int, who: Person, since: date) -> None:
        name, is_firm = who.firm or who.name, bool(who.firm)
        self.rows[Customer].append(
            (
                *(customer, customer, name, fold(name)),
                Customer.Kind.COMPANY.value if is_firm else Customer.Kind.PERSON.value,
                Customer.Category.COMMERCIAL.value
                if is_firm
                else Customer.Category.RESIDENTIAL.value,
                *(SOURCES[customer % len(SOURCES)], _at(since), Customer.Origin.LEAD.value, 0, 0),
            )
        )

    def _details(self, customer: int, who: Person, since: date) -> None:
        owned = (customer, customer, customer, 1, _at(since))
        home = who.home
        self.rows[Phone].append((*owned, who.phone, phone_key(who.phone, COUNTRY)))
        if who.email:
            self.rows[Email].append((*owned, who.email, email_key(who.email)))
        self.rows[Address].append(
            (*owned, home.street, home.city, home.state, home.postcode, street_key(str(home)))
        )
        if who.firm:
            self.rows[Contact].append((*owned, who.name))

    def _findable(self, customer: int, who: Person, said: set[str]) -> None:
        """Keys, profile and words, as they are made when they are due."""
        record = Record.typed(
            names=[who.name],
            companies=[who.firm] if who.firm else [],
            phones=[(who.phone, Phone.Label.MOBILE.value)],
            emails=[who.email],
            addresses=[str(who.home)],
            commercial=bool(who.firm),
            country=COUNTRY,
        )
        self.rows[Key] += [(kind, value, customer) for kind, value in keys_of(record)]
        self.rows[Profile].append((customer, json.dumps(record.stored()), Profile.Due.NOT.value))
        self._words(CUSTOMER.letter, customer, said)

    def _words(self, letter: str, row: int, found: set[str]) -> None:
        found = words.trimmed(found | {words.number_word(row)})
        self.rows[Word] += [(letter, words.start_of(word), row, word) for word in found]

    def _totals(self, customer: int, months: Counter[date]) -> None:
        """What the database itself keeps of the ledger."""
        if balance := months.total():
            self.rows[Owed].append((customer, balance))
        self.rows[MonthTotal] += [
            (str(month), customer, cents) for month, cents in months.items() if cents
        ]

    def _job(self, customer: int, who: Person, job: int, said: set[str]) -> int:
        """A job with its history and money; returns what is owed for it, in cents."""
        chance = Random(job)
        on, to = self._day(job), place(chance)
        taken = on - timedelta(days=20)
        done = bool(job % NOT_DONE)
        stage = Stage.COMPLETED_CLOSED if done else UNDER_WAY[job // NOT_DONE % len(UNDER_WAY)]
        booked = _at(taken + timedelta(days=3)) if done or stage == Stage.BOOKED else None
        home = who.home
        is_lead = not booked
        self.rows[Job].append(
            (
                *(job, customer, customer, job, stage.value),
                "commercial" if who.firm else "residential",
                *(who.name, who.firm, who.phone, who.email, str(on)),
                *(home.street, home.city, home.state, home.postcode),
                *(to.street, to.city, to.state, to.postcode),
                *("2-bedroom", SOURCES[job % len(SOURCES)], chance.randrange(60_000, 400_000)),
                *(_at(taken), booked, 0),
            )
        )
        self._words(LEAD.letter if is_lead else JOB.letter, job, said | words.place_words(str(to)))
        event = (customer, customer, _at(taken), "took the lead", "job", job)
        self.rows[Event].append((job, *event))
        return self._money(customer, who, job, on, chance) if done else 0

    def _money(self, customer: int, who: Person, job: int, on: date, chance: Random) -> int:
        """Two charges, their invoice, and a payment: in full, in part, or none yet."""
        labour, materials = chance.randrange(40_000, 300_000, 500), chance.randrange(2_000, 20_000)
        total = labour + materials
        paid = {1: 0, 2: total // 3}.get(job % PAID_IN_TWELVE, total)
        posted = (customer, customer, str(on), _at(on), job)
        lines = [("labour", "Crew and truck", labour), ("materials", "Boxes and tape", materials)]
        for place_, (kind, said, cents) in enumerate(lines):
            charge = 2 * job + place_
            self.rows[Charge].append((charge, *posted, kind, said, 1000, cents, cents))
            self.rows[Entry].append((3 * job + place_, *posted, charge, None, cents))
        self._invoice(customer, who, job, on, [labour, materials], is_open=paid < total)
        if paid:
            self.rows[Payment].append((job, str(on), _at(on), "card", "", paid))
            self.rows[PaymentPart].append((job, *posted, job, paid, 1))
            self.rows[Entry].append((3 * job + 2, *posted, None, job, -paid))
            self.rows[Allocation].append((job, *posted, job, job, paid))
        return total - paid

    def _invoice(
        self, customer: int, who: Person, job: int, on: date, amounts: list[int], *, is_open: bool
    ) -> None:
        number, due = invoices_up_to(job), on + timedelta(days=30)
        bill_to = f"{who.firm or who.name}\n{who.home}"
        document = _document(number, bill_to, on, due, amounts)
        self.rows[Invoice].append(
            (
                *(job, customer, customer, job, "net-30", bill_to, _at(on), number, str(on)),
                *(_at(on), str(due), sum(amounts), document, int(is_open)),
                str(FOREVER if is_open else on),
            )
        )
        for position in range(len(amounts)):
            line = 2 * job + position
            self.rows[InvoiceLine].append((line, customer, customer, job, line, job, position + 1))


def _words_of(who: Person) -> set[str]:
    """What the customer and each of their jobs are found by."""
    return (
        words.name_words(who.name)
        | words.firm_words(who.firm)
        | words.pair_words([who.firm or who.name, who.name], [who.email], [who.firm])
        | words.phone_words(who.phone, COUNTRY)
        | words.email_words(who.email)
        | words.place_words(str(who.home))
    )


def _at(day: date) -> str:
    return f"{day} 17:00:00+00:00"


def _document(number: int, bill_to: str, on: date, due: date, amounts: list[int]) -> str:
    """What the invoice says, in short."""
    said = {
        "version": VERSION,
        "kind": "invoice",
        "number": f"INV-{number}",
        "bill_to": bill_to,
        "issued_on": str(on),
        "due_on": str(due),
        "lines": [{"amount_cents": cents} for cents in amounts],
        "total_cents": sum(amounts),
    }
    return json.dumps(said)
