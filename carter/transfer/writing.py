"""Writing what was decided, a chunk of rows at a time, in bulk.

What `add_customer`, `take_lead`, `add_detail` and `log_charge` do for one row, this does for
thousands; a test holds both to the same result. It belongs in a transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from carter.billing.models import Charge, Entry
from carter.companies.numbering import take_numbers
from carter.companies.tenancy import CompanyOwned
from carter.customers.models import Customer, CustomerTag, Event, ExternalId, Note
from carter.customers.names import fold
from carter.jobs.models import Job, Stage
from carter.transfer.bulk import insert_many
from carter.transfer.deciding import Decision
from carter.transfer.details import DETAILS, details_of
from carter.transfer.known import OPENING_BALANCE
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.understanding.fields import Shape
from carter.transfer.understanding.said import OpeningBalance, Said

LONGEST_EVENT = 300


class Writing:
    """The rows to be written for one chunk, by model, in the order of their need."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch, self.company, self.by_id, self.at = (
            batch,
            batch.company,
            batch.by_id,
            batch.stamp,
        )
        self.rows: dict[type[CompanyOwned], list[Any]] = {}
        self.keyed: dict[type[CompanyOwned], list[Any]] = {}
        self.changed: list[Customer] = []
        self.customers: dict[int, Customer] = {}
        self.jobs: dict[int, Job] = {}
        self.added: dict[int, dict[str, list[Any]]] = {}
        self.tags = {tag.name.casefold(): tag for tag in self.company.tags.all()}

    def add(self, row: CompanyOwned) -> None:
        self.rows.setdefault(type(row), []).append(row)

    def add_keyed(self, row: CompanyOwned) -> None:
        """Add a row whose key is needed by another row."""
        self.keyed.setdefault(type(row), []).append(row)

    def about(self, customer: Customer) -> dict[str, Any]:
        """What every row that follows a customer says of it; ids, because objects cost time."""
        return {
            "company_id": self.company.pk,
            "customer_id": customer.pk,
            "born_to_id": customer.pk,
        }

    def record(
        self, customer: Customer, what: str, *, job: Job | None = None, added: str = ""
    ) -> None:
        """One line of History, at the moment of the import."""
        self.add(
            Event(
                **self.about(customer),
                what=f"{what} {self.batch.file_name}"[:LONGEST_EVENT],
                changes={"added": ["", added]} if added else {},
                by_id=self.by_id,
                at=self.at,
                about_kind="job" if job else "",
                about_id=job.pk if job else None,
            )
        )


def write(batch: ImportBatch, decisions: Sequence[Decision]) -> None:
    """Do what was decided, and note for each row of the file what became of it."""
    writing = Writing(batch)
    created = [each for each in decisions if each.outcome == "created" and not each.revives]
    _create_customers(writing, created)
    _create_jobs(writing, created)
    for decision in created:
        _give_everything(writing, decision)
    for decision in decisions:
        if decision.revives:
            _revive(writing, decision)
        if decision.additions:
            _give_additions(writing, decision)
    _save(writing)
    write_rows(batch, decisions, imported=writing)


def write_rows(
    batch: ImportBatch, decisions: Iterable[Decision], imported: Writing | None = None
) -> None:
    """Note for each row of the file what became of it, or would become of it in a dry run."""
    insert_many([_import_row(batch, decision, imported) for decision in decisions])


def _import_row(batch: ImportBatch, decision: Decision, imported: Writing | None) -> ImportRow:
    row = ImportRow(
        company_id=batch.company_id,
        batch_id=batch.pk,
        line=decision.line,
        who=decision.who,
        outcome=decision.outcome,
        reason=decision.reason,
        customer_id=decision.holding.customer.pk if decision.holding else None,
    )
    if imported:
        if decision.line in imported.customers:
            row.customer_id = imported.customers[decision.line].pk
        if decision.line in imported.jobs:
            row.job_id = imported.jobs[decision.line].pk
        row.fingerprint = decision.said.fingerprint if decision.said and row.customer_id else ""
        row.added = {
            kind: [each.pk for each in rows]
            for kind, rows in imported.added.get(decision.line, {}).items()
        }
    return row


def _create_customers(writing: Writing, created: Sequence[Decision]) -> None:
    if not created:
        return
    numbers = take_numbers(writing.company, "customer", len(created))
    for decision, number in zip(created, numbers, strict=True):
        writing.customers[decision.line] = _customer(writing, _said(decision), number)
    Customer.across_companies.bulk_create(writing.customers.values())


def _customer(writing: Writing, said: Said, number: int) -> Customer:
    return Customer(
        company=writing.company,
        number=number,
        name=said.new.name,
        sort_name=fold(said.new.name)[:300],
        kind=said.new.kind,
        category=said.new.category,
        lead_source=said.new.lead_source,
        bill_to=said.new.bill_to,
        do_not_service=said.do_not_service,
        do_not_service_reason=said.do_not_service_reason,
        origin=said.new.origin,
        created_at=said.since or writing.at,
    )


def _create_jobs(writing: Writing, created: Sequence[Decision]) -> None:
    leads = [decision for decision in created if _said(decision).intake is not None]
    if not leads:
        return
    numbers = take_numbers(writing.company, "job", len(leads))
    for decision, number in zip(leads, numbers, strict=True):
        writing.jobs[decision.line] = Job(
            **writing.about(writing.customers[decision.line]),
            **(_said(decision).intake or {}),
            number=number,
            created_at=writing.at,
        )
    Job.across_companies.bulk_create(writing.jobs.values())


def _give_everything(writing: Writing, decision: Decision) -> None:
    """All that a row says of a new customer."""
    said, customer = _said(decision), writing.customers[decision.line]
    for details in details_of(said, customer).values():
        for place, detail in enumerate(details):
            detail.is_primary, detail.created_at = place == 0, writing.at
            writing.add(detail)
    writing.add(ExternalId(**writing.about(customer), source=writing.batch.source, value=said.key))
    _tag(writing, customer, said.tags)
    _note(writing, customer, said.notes)
    _charge(writing, customer, said.opening)
    writing.record(customer, "added the customer from")
    job = writing.jobs.get(decision.line)
    if job:
        writing.record(customer, "took the lead from", job=job)


def _give_additions(writing: Writing, decision: Decision) -> None:
    """What a row adds to a customer who is there already."""
    holding, additions = decision.holding, decision.additions
    if holding is None:
        return
    customer, added = holding.customer, writing.added.setdefault(decision.line, {})
    for kind, details in additions.details.items():
        for detail in details:
            detail.created_at = writing.at
            detail.is_primary = kind not in holding.with_main
            holding.with_main.add(kind)
            writing.add_keyed(detail)
        added.setdefault(kind, []).extend(details)
    for kind, details in additions.again.items():
        for detail in details:
            again = DETAILS[kind].across_companies.filter(pk=detail.pk)
            again.update(former_at=None, is_primary=kind not in holding.with_main)
            holding.with_main.add(kind)
        added.setdefault(kind, []).extend(details)
    _note(writing, customer, additions.notes)
    _charge(writing, customer, additions.opening)
    writing.changed.append(customer)
    if not decision.revives:
        words = ", ".join(additions.words)
        writing.record(customer, "added to the customer from", added=words)


def _revive(writing: Writing, decision: Decision) -> None:
    """Bring back somebody whose import was undone, with the number and the lead they had."""
    holding = decision.holding
    if holding is None:
        return
    holding.customer.withdrawn_at = None
    writing.changed.append(holding.customer)
    Customer.across_companies.filter(pk=holding.customer.pk).update(withdrawn_at=None)
    writing.record(holding.customer, "brought back the customer from")
    if holding.lead:
        leads = Job.across_companies.filter(pk=holding.lead.pk)
        leads.update(stage=Stage.NEW, words_due=True)
        writing.jobs[decision.line] = holding.lead
        writing.record(holding.customer, "took the lead again from", job=holding.lead)


def _tag(writing: Writing, customer: Customer, names: Iterable[str]) -> None:
    for name in names:
        if name.casefold() not in writing.tags:
            tag = writing.company.tags.create(company=writing.company, name=name)
            writing.tags[name.casefold()] = tag
        writing.add(CustomerTag(**writing.about(customer), tag=writing.tags[name.casefold()]))


def _note(writing: Writing, customer: Customer, texts: Iterable[str]) -> None:
    for text in texts:
        writing.add(Note(**writing.about(customer), text=text, by_id=writing.by_id, at=writing.at))


def _charge(writing: Writing, customer: Customer, opening: OpeningBalance | None) -> None:
    if opening is None:
        return
    posted = {
        **writing.about(customer),
        "amount_cents": opening.cents,
        "on": opening.on or writing.company.today,
        "by_id": writing.by_id,
        "created_at": writing.at,
    }
    whose = "QuickBooks" if writing.batch.shape == Shape.QUICKBOOKS else "an earlier system"
    charge = Charge(**posted, kind=Charge.Kind.OTHER, description=f"{OPENING_BALANCE}{whose}")
    writing.add_keyed(charge)
    writing.add_keyed(Entry(**posted, charge=charge))


def _save(writing: Writing) -> None:
    """Charges stand before their entries, because they were collected in that order."""
    for model, rows in writing.keyed.items():
        model.across_companies.bulk_create(rows)
    for rows in writing.rows.values():
        insert_many(rows)
    if writing.changed:
        ids = [customer.pk for customer in writing.changed]
        Customer.across_companies.filter(pk__in=ids).update(keys_due=True, words_due=True)


def _said(decision: Decision) -> Said:
    if decision.said is None:
        raise ValueError(f"Row {decision.line} was not understood.")
    return decision.said
