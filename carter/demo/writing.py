"""Writing the demo's customers into the book, many rows at a time.

Each row is what the deeds would have written on the day: who did it, when, and in which words.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from carter.billing.models import Charge, Entry, Payment
from carter.companies.models import Member
from carter.companies.numbering import take_numbers
from carter.customers.models import (
    Address,
    Contact,
    Customer,
    CustomerTag,
    Detail,
    Email,
    Event,
    FormerName,
    Note,
    Phone,
)
from carter.customers.names import fold
from carter.demo.days import Calendar
from carter.demo.moves import Move
from carter.demo.people import Office
from carter.demo.places import Place
from carter.demo.profiles import Profile
from carter.jobs.models import Job, Stage
from carter.jobs.models.stages import COMPLETED

FIRST_CUSTOMER, FIRST_JOB = 1_001, 10_001
ROWS_AT_ONCE = 500
TABLES = (
    Contact,
    FormerName,
    Phone,
    Email,
    Address,
    CustomerTag,
    Event,
    Note,
    Charge,
    Payment,
    Entry,
)
SIGNED_BY: dict[str, Callable[[Office], Member]] = {
    Stage.IN_PROGRESS: lambda office: office.dispatcher,
    Stage.COMPLETED_OPEN: lambda office: office.dispatcher,
    Stage.COMPLETED_CLOSED: lambda office: office.billing,
}
"""Who takes a job to a stage; the other steps are its owner's."""


def write(profiles: list[Profile], office: Office, calendar: Calendar) -> list[Customer]:
    """Every customer with all rows; returns them in the order given."""
    customers = _write_customers(profiles, office, calendar)
    pairs = [(profile, customer) for profile, customer in zip(profiles, customers, strict=True)]
    jobs = _write_jobs(pairs, office)
    rows = _Rows(office, calendar)
    for profile, customer in pairs:
        rows.of_customer(profile, customer)
    for move, job in jobs:
        rows.of_job(move, job)
    for table in TABLES:
        made = [row for row in rows.made if type(row) is table]
        table.across_companies.bulk_create(_in_time(made), batch_size=ROWS_AT_ONCE)
    return customers


def _write_customers(profiles: list[Profile], office: Office, calendar: Calendar) -> list[Customer]:
    company = office.company
    came = {id(profile): profile.moves[0].taken_at for profile in profiles}
    in_order = sorted(profiles, key=lambda profile: came[id(profile)])
    numbers = _numbers(office, "customer", FIRST_CUSTOMER, len(profiles))
    made = {
        id(profile): Customer(
            company=company,
            number=number,
            name=profile.name,
            sort_name=fold(profile.name)[:300],
            kind=profile.kind,
            category=profile.category,
            lead_source=profile.source,
            bill_to=profile.bill_to,
            do_not_service=bool(profile.do_not_service),
            do_not_service_reason=profile.do_not_service,
            origin=Customer.Origin.LEAD,
            created_at=came[id(profile)],
        )
        for profile, number in zip(in_order, numbers, strict=True)
    }
    company.customers.bulk_create(made.values(), batch_size=ROWS_AT_ONCE)
    return [made[id(profile)] for profile in profiles]


def _write_jobs(pairs: list[tuple[Profile, Customer]], office: Office) -> list[tuple[Move, Job]]:
    moves = [(move, customer) for profile, customer in pairs for move in profile.moves]
    moves.sort(key=lambda pair: pair[0].taken_at)
    numbers = _numbers(office, "job", FIRST_JOB, len(moves))
    jobs = [
        (move, _job(move, customer, number, office.sales[number % len(office.sales)]))
        for (move, customer), number in zip(moves, numbers, strict=True)
    ]
    office.company.jobs.bulk_create([job for _, job in jobs], batch_size=ROWS_AT_ONCE)
    return jobs


def _numbers(office: Office, series: str, first: int, count: int) -> range:
    """The next numbers, of a company that did not begin with number one."""
    office.company.series.get_or_create(
        name=series, defaults={"company": office.company, "last": first - 1}
    )
    return take_numbers(office.company, series, count)


def _job(move: Move, customer: Customer, number: int, owner: Member) -> Job:
    booked = [at for at, stage in move.steps if stage == Stage.BOOKED]
    return Job(
        company=customer.company,
        customer=customer,
        born_to=customer,
        number=number,
        stage=move.stage,
        category=customer.category,
        name=move.name,
        company_name=move.company_name,
        phone=move.phone,
        email=move.email,
        move_on=move.move_on,
        flexibility=move.flexibility,
        extra_stops=move.extra_stops,
        move_size=move.size,
        distance=move.distance,
        services=move.services,
        lead_source=move.source,
        intake_notes=move.remark,
        estimate_cents=move.estimate_cents,
        owner=owner,
        archive_reason=move.reason,
        created_at=move.taken_at,
        booked_at=booked[0] if booked else None,
        **_said("origin", move.origin),
        **_said("destination", move.destination),
    )


def _said(which: str, place: Place) -> dict[str, str]:
    return {
        f"{which}_street": place.street,
        f"{which}_city": place.city,
        f"{which}_state": place.state,
        f"{which}_postcode": place.postcode,
    }


def _in_time(rows: list[Any]) -> list[Any]:
    """In the order they came, so that their keys are in that order too."""
    return (
        sorted(rows, key=lambda row: getattr(row, "at", None) or row.created_at)
        if _dated(rows)
        else rows
    )


def _dated(rows: Iterable[Any]) -> bool:
    return all(hasattr(row, "at") or hasattr(row, "created_at") for row in rows)


class _Rows:
    """The rows that hang on customers and jobs."""

    def __init__(self, office: Office, calendar: Calendar) -> None:
        self.office = office
        self.calendar = calendar
        self.made: list[Any] = []

    def of_customer(self, profile: Profile, customer: Customer) -> None:
        by = self.office.sales[customer.number % len(self.office.sales)]
        at = customer.created_at
        self._event(customer, "added the customer", by, at)
        for name, role in profile.contacts:
            self._detail(Contact(name=name, role=role), customer, at)
        for text, label in profile.phones:
            self._detail(Phone(text=text, label=label), customer, at)
        for text, label in profile.emails:
            self._detail(Email(text=text, label=label), customer, at)
        self._what_was_before(profile, customer, by)
        self._homes(profile, customer)
        for name in profile.tags:
            tag, _ = customer.company.tags.get_or_create(
                name=name, defaults={"company": customer.company}
            )
            self.made.append(CustomerTag(**_of(customer), tag=tag))
            self._event(customer, f"added the tag {name}", by, at)
        for text in profile.notes:
            self.made.append(Note(**_of(customer), text=text, by=by, at=at))

    def of_job(self, move: Move, job: Job) -> None:
        """History, charges and payments of a lead or job."""
        self._event(job.customer, "took the lead", job.owner, move.taken_at, job)
        before = Stage.NEW
        for at, stage in move.steps:
            signer = SIGNED_BY.get(stage)
            by = signer(self.office) if signer else job.owner
            changes = {"stage": [before.label, stage.label]}
            self._event(job.customer, "moved the stage", by, at, job, changes)
            before = stage
        self._money(move, job)

    def _detail(self, detail: Detail, customer: Customer, at: datetime) -> None:
        """The first of its kind is the main one, as long as it is in use."""
        same = any(
            type(row) is type(detail) and row.customer is customer and row.is_primary
            for row in self.made[-12:]
        )
        for name, value in _of(customer).items():
            setattr(detail, name, value)
        detail.created_at = at
        detail.is_primary = not same and detail.former_at is None
        if isinstance(detail, Phone):
            detail.set_key(customer.company.country)
        elif isinstance(detail, Email | Address):
            detail.set_key()
        self.made.append(detail)

    def _what_was_before(self, profile: Profile, customer: Customer, by: Member) -> None:
        """Names and phones that are no longer in use, since about halfway."""
        at = customer.created_at
        since = at + (self.calendar.now - at) / 2
        for name in profile.former_names:
            self._detail(FormerName(name=name, former_at=since), customer, at)
            changes = {"name": [name, customer.name]}
            self._event(customer, "changed the details", by, since, None, changes)
        for text in profile.former_phones:
            self._detail(Phone(text=text, label="mobile", former_at=since), customer, at)
            self._event(customer, f"marked the phone {text} as former", by, since)

    def _homes(self, profile: Profile, customer: Customer) -> None:
        """Where they lived before each move, and where they live now."""
        label = Address.Label.WORK if profile.is_firm else Address.Label.HOME
        stays = [(customer.created_at, profile.home)]
        stays += [
            (self.calendar.at(move.move_on, 18), move.destination)
            for move in profile.moves
            if move.stage in COMPLETED and move.move_on and not profile.is_firm
        ]
        for (since, place), until in zip(stays, [*(at for at, _ in stays[1:]), None], strict=True):
            address = Address(
                street=place.street,
                city=place.city,
                state=place.state,
                postcode=place.postcode,
                label=Address.Label.FORMER if until else label,
                former_at=until,
            )
            self._detail(address, customer, since)

    def _money(self, move: Move, job: Job) -> None:
        if move.stage in COMPLETED and move.move_on:
            for line in move.lines:
                charge = Charge(
                    kind=line.kind, description=line.description, amount_cents=line.cents
                )
                self._post(charge, job, move.move_on, line.cents)
        for receipt in move.receipts:
            payment = Payment(
                method=receipt.method, reference=receipt.reference, amount_cents=receipt.cents
            )
            self._post(payment, job, receipt.on, -receipt.cents)

    def _post(self, document: Charge | Payment, job: Job, on: date, owed: int) -> None:
        posted = {
            **_of(job.customer),
            "job": job,
            "on": on,
            "by": self.office.billing,
            "created_at": self.calendar.at(on, 17, 45),
        }
        for name, value in posted.items():
            setattr(document, name, value)
        mirrored = "charge" if isinstance(document, Charge) else "payment"
        self.made += [document, Entry(amount_cents=owed, **posted, **{mirrored: document})]

    def _event(
        self,
        customer: Customer,
        what: str,
        by: Member | None,
        at: datetime,
        job: Job | None = None,
        changes: dict[str, list[str]] | None = None,
    ) -> None:
        about = {"about_kind": "job", "about_id": job.pk} if job else {}
        self.made.append(
            Event(**_of(customer), what=what, by=by, at=at, changes=changes or {}, **about)
        )


def _of(customer: Customer) -> dict[str, Any]:
    return {"company": customer.company, "customer": customer, "born_to": customer}
