"""What hangs on the demo's customers and jobs: details, history, notes, charges, payments."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from carter.billing.models import Charge, Entry, Payment, PaymentPart
from carter.companies.models import Member
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
from carter.demo.days import Calendar
from carter.demo.invoices import Invoices
from carter.demo.moves import Move
from carter.demo.people import Office
from carter.demo.prices import Receipt
from carter.demo.profiles import Profile
from carter.jobs.models import Job, Stage
from carter.jobs.models.stages import COMPLETED

ROWS_AT_ONCE = 500
TABLES: tuple[type[Any], ...] = (
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
    PaymentPart,
    Entry,
)
SIGNED_BY: dict[str, Callable[[Office], Member]] = {
    Stage.IN_PROGRESS: lambda office: office.dispatcher,
    Stage.COMPLETED_OPEN: lambda office: office.dispatcher,
    Stage.COMPLETED_CLOSED: lambda office: office.billing,
}
"""Who takes a job to a stage; the other steps are its owner's."""


class Rows:
    """The rows that hang on customers and jobs."""

    def __init__(self, office: Office, calendar: Calendar) -> None:
        self.office = office
        self.calendar = calendar
        self.made: list[Any] = []

    def write(self) -> None:
        """Write what was made, table by table, each in the order things happened."""
        for table in TABLES:
            made = [row for row in self.made if type(row) is table]
            if table is not CustomerTag:
                made.sort(key=lambda row: row.at if hasattr(row, "at") else row.created_at)
            rows = getattr(self.office.company, table._meta.default_related_name)
            rows.bulk_create(made, batch_size=ROWS_AT_ONCE)
        charges = [row for row in self.made if isinstance(row, Charge)]
        parts = [row for row in self.made if isinstance(row, PaymentPart)]
        Invoices(self.office, self.calendar).write(charges, parts)

    def of_customer(self, profile: Profile, customer: Customer, by: Member | None) -> None:
        """What is known of the customer, as whoever took the first call wrote it down."""
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

    def _what_was_before(self, profile: Profile, customer: Customer, by: Member | None) -> None:
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
                    kind=line.kind,
                    description=line.description,
                    unit_price_cents=line.price_cents,
                    quantity_thousandths=line.quantity_thousandths,
                    amount_cents=line.cents,
                )
                self._post(charge, job, move.move_on, line.cents)
        for receipt in move.receipts:
            self._receive(receipt, job)

    def _receive(self, receipt: Receipt, job: Job) -> None:
        payment = Payment(
            company=job.company,
            method=receipt.method,
            reference=receipt.reference,
            amount_cents=receipt.cents,
            **self._signed(receipt.on),
        )
        self.made.append(payment)
        part = PaymentPart(payment=payment, amount_cents=receipt.cents)
        self._post(part, job, receipt.on, -receipt.cents)

    def _post(self, document: Charge | PaymentPart, job: Job, on: date, owed: int) -> None:
        posted = {**_of(job.customer), "job": job, **self._signed(on)}
        for name, value in posted.items():
            setattr(document, name, value)
        mirrored = "charge" if isinstance(document, Charge) else "part"
        self.made += [document, Entry(amount_cents=owed, **posted, **{mirrored: document})]

    def _signed(self, on: date) -> dict[str, Any]:
        at = self.calendar.at(on, 17, 45)
        return {"on": on, "by": self.office.billing, "created_at": at}

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
