"""Writing what was decided, a chunk of rows at a time, in bulk.

What `add_customer`, `take_lead`, `add_detail` and `log_charge` do for one row, this does for
thousands; a test holds both to the same result. It belongs in a transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from carter.billing.models import Charge, Entry
from carter.companies.numbering import take_numbers
from carter.customers.models import Customer, CustomerTag, ExternalId, Note
from carter.customers.names import fold
from carter.jobs.models import Job, Stage
from carter.transfer.bulk import Values, insert_many
from carter.transfer.collecting import Writing
from carter.transfer.deciding import Decision
from carter.transfer.details import DETAILS, details_of
from carter.transfer.known import OPENING_BALANCE
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.understanding.fields import Shape
from carter.transfer.understanding.said import OpeningBalance, Said


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
    writing.save()
    write_rows(batch, decisions, imported=writing)


def write_rows(
    batch: ImportBatch, decisions: Iterable[Decision], imported: Writing | None = None
) -> None:
    """Note for each row of the file what became of it, or would become of it in a dry run."""
    insert_many(ImportRow, [_import_row(batch, decision, imported) for decision in decisions])


def _import_row(batch: ImportBatch, decision: Decision, imported: Writing | None) -> Values:
    row: dict[str, Any] = {
        "company_id": batch.company_id,
        "batch_id": batch.pk,
        "line": decision.line,
        "who": decision.who,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "customer_id": decision.holding.customer.pk if decision.holding else None,
        "job_id": None,
        "fingerprint": "",
        "added": {},
    }
    return row | dict(_written(decision, row["customer_id"], imported)) if imported else row


def _written(decision: Decision, customer_id: int | None, imported: Writing) -> Values:
    """What a row of the file really became."""
    customer, job = imported.customers.get(decision.line), imported.jobs.get(decision.line)
    customer_id = customer.pk if customer else customer_id
    added = imported.added.get(decision.line, {})
    return {
        "customer_id": customer_id,
        "job_id": job.pk if job else None,
        "fingerprint": decision.said.fingerprint if decision.said and customer_id else "",
        "added": {kind: [each.pk for each in rows] for kind, rows in added.items()},
    }


def _create_customers(writing: Writing, created: Sequence[Decision]) -> None:
    if not created:
        return
    numbers = take_numbers(writing.company, "customer", len(created))
    for decision, number in zip(created, numbers, strict=True):
        writing.customers[decision.line] = _customer(writing, _said(decision), number)
    _insert_numbered(writing.company.customers.all(), list(writing.customers.values()))


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
    _insert_numbered(writing.company.jobs.all(), list(writing.jobs.values()))


def _insert_numbered(theirs: "QuerySet[Any]", rows: Sequence[Customer] | Sequence[Job]) -> None:
    """Insert rows and give each the key it got, found by its number: twice as fast as asking."""
    insert_many(type(rows[0]), [vars(row) for row in rows])
    numbers = rows[0].number, rows[-1].number
    keys = dict(theirs.filter(number__range=numbers).values_list("number", "pk"))
    for row in rows:
        row.pk = keys[row.number]


def _give_everything(writing: Writing, decision: Decision) -> None:
    """All that a row says of a new customer."""
    said, customer = _said(decision), writing.customers[decision.line]
    for details in details_of(said, customer).values():
        for place, detail in enumerate(details):
            detail.is_primary, detail.created_at = place == 0, writing.at
            writing.add(type(detail), vars(detail))
    known_as = {"source": writing.batch.source, "value": said.key}
    writing.add(ExternalId, writing.about(customer) | known_as)
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
        if kind in holding.has and kind not in holding.own_mains:
            writing.unsettled[kind].add(customer.pk)
        for detail in details:
            detail.created_at, detail.is_primary = writing.at, kind not in holding.has
            holding.has.add(kind)
            writing.add_keyed(detail)
        added.setdefault(kind, []).extend(details)
    for kind, details in additions.again.items():
        again = DETAILS[kind].across_companies.filter(pk__in=[each.pk for each in details])
        again.update(former_at=None)
        added.setdefault(kind, []).extend(details)
        writing.unsettled[kind].add(customer.pk)
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
        tag_id = writing.tags[name.casefold()].pk
        writing.add(CustomerTag, writing.about(customer) | {"tag_id": tag_id})


def _note(writing: Writing, customer: Customer, texts: Iterable[str]) -> None:
    for text in texts:
        note = {"text": text, "by_id": writing.by_id, "at": writing.at}
        writing.add(Note, writing.about(customer) | note)


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
    charge = Charge(
        **posted,
        kind=Charge.Kind.OTHER,
        description=f"{OPENING_BALANCE}{whose}",
        unit_price_cents=opening.cents,
    )
    writing.add_keyed(charge)
    writing.add_keyed(Entry(**posted, charge=charge))
    writing.record(customer, "logged a charge from")


def _said(decision: Decision) -> Said:
    if decision.said is None:
        raise ValueError(f"Row {decision.line} was not understood.")
    return decision.said
