"""How well Carter recognises, among imported leads, the customers it knows, against a known truth.

The truth is a file `truth.csv` beside the others, with the columns file, line and entity: rows of
one entity are one customer. The line is the number the row has in a spreadsheet.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from carter.companies.models import Company, Member
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.jobs.repeats import repeats_of_leads
from carter.matching.find import Match, find_matches_for_many
from carter.matching.keying import records_of
from carter.transfer.batches import receive_file, start_import
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.working import work_on

TRUTH = "truth.csv"
ASKED_AT_ONCE = 100


class CannotMeasure(Exception):
    """The folder does not hold what is needed; the words say what."""


@dataclass
class Count:
    """Hits among what was flagged, and among what should have been."""

    right: int = 0
    flagged: int = 0
    true: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0


@dataclass
class Measured:
    """Leads flagged as a known customer's, pairs of lead and customer, pairs of customers.

    A lead counts as right when the customer shown first is the right one.
    """

    leads: Count = field(default_factory=Count)
    pairs: Count = field(default_factory=Count)
    customers: Count = field(default_factory=Count)
    asked: int = 0
    first: int = 0
    among_three: int = 0


def samples_in(folder: Path) -> list[Path]:
    """Every CSV of the folder but the truth.

    Raises CannotMeasure when there is none, or no truth.
    """
    files = [path for path in sorted(folder.glob("*.csv")) if path.name != TRUTH]
    if not files or not (folder / TRUTH).exists():
        raise CannotMeasure(f"{folder} needs CSV files and a {TRUTH}.")
    return files


def import_all(samples: Iterable[Path], by: Member) -> list[ImportBatch]:
    """Import the files: customers first, then leads.

    Raises CannotMeasure when one is unreadable or of a shape nobody knows.
    """
    tried = [_tried_out(path, by) for path in samples]
    tried.sort(key=lambda batch: batch.is_leads)
    return [work_on(start_import(batch, by=by)) for batch in tried]


def measure(company: Company, truth: Path) -> Measured:
    """Compare what Carter flags with the truth, lead by lead and pair by pair."""
    entity_by_customer = _entities(company, truth)
    known = {
        customer.pk: entity_by_customer[customer.pk]
        for customer in company.customers.filter(origin=Customer.Origin.IMPORT)
        if customer.pk in entity_by_customer
    }
    measured = Measured()
    copies = Counter(known.values())
    for lead, matches in _leads_with_matches(company):
        entity = entity_by_customer.get(lead.customer_id, "")
        _count_lead(
            measured, entity, copies, [each for each in matches if each.customer.pk in known], known
        )
    _count_customers(measured.customers, company, known)
    return measured


def _tried_out(path: Path, by: Member) -> ImportBatch:
    batch = receive_file(company=by.company, name=path.name, pieces=[path.read_bytes()], by=by)
    batch = work_on(batch)
    if batch.state != ImportBatch.State.CHECKED:
        raise CannotMeasure(f"{path.name}: {batch.trouble or 'nobody knows these columns.'}")
    return batch


def _entities(company: Company, truth: Path) -> dict[int, str]:
    """Who each imported customer is in truth."""
    with truth.open(encoding="utf-8-sig", newline="") as file:
        entities = {(row["file"], int(row["line"])): row["entity"] for row in csv.DictReader(file)}
    rows = ImportRow.across_companies.filter(
        company=company, outcome=ImportRow.Outcome.CREATED
    ).values_list("customer_id", "batch__file_name", "line")
    return {
        customer_id: entities[name, line]
        for customer_id, name, line in rows
        if customer_id and (name, line) in entities
    }


def _leads_with_matches(company: Company) -> Iterator[tuple[Job, list[Match]]]:
    leads = list(company.jobs.leads().select_related("customer").order_by("id"))
    for some in _slices(leads):
        for lead in some:
            lead.company = company
        found = repeats_of_leads(company, some)
        yield from ((lead, found[lead.pk]) for lead in some)


def _count_lead(
    measured: Measured,
    entity: str,
    copies: Counter[str],
    matches: list[Match],
    known: dict[int, str],
) -> None:
    """One lead: `matches` are the known customers shown, surest first, `known` who they are."""
    flagged = [known[match.customer.pk] for match in matches if match.verdict.is_flag]
    belongs = copies[entity] > 0
    measured.asked += 1
    measured.leads.true += belongs
    measured.leads.flagged += bool(flagged)
    measured.leads.right += flagged[:1] == [entity]
    measured.pairs.true += copies[entity]
    measured.pairs.flagged += len(flagged)
    measured.pairs.right += flagged.count(entity)
    shown = [known[match.customer.pk] for match in matches]
    measured.first += belongs and shown[:1] == [entity]
    measured.among_three += belongs and entity in shown[:3]


def _count_customers(count: Count, company: Company, known: dict[int, str]) -> None:
    """Pairs of imported customers that are flagged as one."""
    pairs = set()
    customers = list(company.customers.filter(pk__in=list(known)).order_by("id"))
    for some in _slices(customers):
        records = records_of(company, some)
        asked = {customer.pk: (records[customer.pk], customer) for customer in some}
        for customer_id, matches in find_matches_for_many(company, asked).items():
            for match in matches:
                if match.verdict.is_flag and match.customer.pk in known:
                    pairs.add(frozenset((customer_id, match.customer.pk)))
    count.flagged = len(pairs)
    count.right = sum(len({known[each] for each in pair}) == 1 for pair in pairs)
    count.true = sum(copies * (copies - 1) // 2 for copies in Counter(known.values()).values())


def _slices(things: list[Any]) -> Iterable[list[Any]]:
    return (things[at : at + ASKED_AT_ONCE] for at in range(0, len(things), ASKED_AT_ONCE))
