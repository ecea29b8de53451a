"""What the book already knows of the people in some rows of a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from carter.billing.models import Charge
from carter.companies.models import Company
from carter.customers.following import FollowsCustomer
from carter.customers.locking import lock_customers
from carter.customers.models import Contact, Customer, Detail, FormerName, Note
from carter.customers.names import fold
from carter.jobs.models import Job, Stage
from carter.transfer.details import DETAILS
from carter.transfer.models import ImportRow
from carter.transfer.understanding.said import Said

OPENING_BALANCE = "Opening balance from "
NAME_WORD = 2
"""Initials are no name: a shorter word agrees with too much."""


@dataclass
class Holding:
    """One customer with what an import compares: keys of details by kind, names, notes, balances.

    `has` are the kinds of details there are at all, `own_mains` those whose main one is the
    customer's own: what is added to them never becomes the main one.
    `taken_back` are details that an import gave and its undo made former, by kind and key;
    `fingerprints` those of rows that were imported for this customer and stand.
    """

    customer: Customer
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    has: set[str] = field(default_factory=set)
    own_mains: set[str] = field(default_factory=set)
    taken_back: dict[tuple[str, str], Detail] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    opening_balances: list[int] = field(default_factory=list)
    fingerprints: set[str] = field(default_factory=set)
    lead: Job | None = None

    def knows_name(self, name: str) -> bool:
        return not self.names.isdisjoint(name_words(name))


class Known:
    """Holdings by the id a row has in its own system, and by Carter's own number."""

    def __init__(self) -> None:
        self._by_id: dict[str, Holding] = {}
        self._by_number: dict[int, Holding] = {}

    def holding_of(self, said: Said) -> Holding | None:
        """Who the row is, by its id; nobody is ever found by likeness."""
        if said.own_number is not None and said.own_number in self._by_number:
            return self._by_number[said.own_number]
        return self._by_id.get(said.key)

    @classmethod
    def of(cls, company: Company, source: str, saids: Sequence[Said], *, locked: bool) -> "Known":
        """What the book knows of these rows, in a fixed number of queries.

        `locked`: until the transaction ends nobody else changes, links or merges who was found.
        """
        known = cls()
        known._look_up(company, source, saids)
        if locked and known._holdings:
            lock_customers(Customer, known._holdings)
            known._look_up(company, source, saids)
        if known._holdings:
            _fill(known._holdings)
        return known

    def _look_up(self, company: Company, source: str, saids: Sequence[Said]) -> None:
        self._holdings: dict[int, Holding] = {}
        for value, customer in _by_external_id(company, source, [said.key for said in saids]):
            self._by_id[value] = self._holdings.setdefault(customer.pk, Holding(customer))
        numbers = [said.own_number for said in saids if said.own_number is not None]
        for number, customer in _by_number(company, numbers):
            self._by_number[number] = self._holdings.setdefault(customer.pk, Holding(customer))


def detail_key(detail: Detail) -> str:
    """What makes two details of one kind the same."""
    text = str(detail)
    if isinstance(detail, Contact):
        return fold(text) or text
    return getattr(detail, "key", "") or text.casefold()


def name_words(name: str) -> set[str]:
    """The words two spellings of a name have in common, and the name itself, however short."""
    whole = fold(name) or name.casefold()
    return {whole, *(word for word in whole.split() if len(word) >= NAME_WORD)} - {""}


def _by_external_id(
    company: Company, source: str, values: list[str]
) -> Iterable[tuple[str, Customer]]:
    rows = company.external_ids.filter(source=source, value__in=values)
    for row in rows.select_related("customer__head"):
        yield row.value, _current(row.customer, company)


def _by_number(company: Company, numbers: list[int]) -> Iterable[tuple[int, Customer]]:
    if numbers:
        for customer in company.customers.filter(number__in=numbers).select_related("head"):
            yield customer.number, _current(customer, company)


def _current(customer: Customer, company: Company) -> Customer:
    current = customer.leads_to
    current.company = company
    return current


def _fill(holdings: dict[int, Holding]) -> None:
    """Load what the holdings compare, one query for each kind."""
    for holding in holdings.values():
        holding.names |= name_words(holding.customer.name)
    for kind, model in DETAILS.items():
        for detail in _rows(model, holdings):
            _hold(holdings[detail.customer_id], kind, detail)
    for former in _rows(FormerName, holdings):
        holdings[former.customer_id].names |= name_words(former.name)
    for note in _rows(Note, holdings):
        holdings[note.customer_id].notes.add(note.text)
    standing = _rows(Charge, holdings).filter(counters=None, countered_by=None)
    for charge in standing.filter(description__startswith=OPENING_BALANCE):
        holdings[charge.customer_id].opening_balances.append(charge.amount_cents)
    _fill_from_imports(holdings)


def _hold(holding: Holding, kind: str, detail: Detail) -> None:
    holding.keys[kind].add(detail_key(detail))
    holding.has.add(kind)
    if detail.is_primary and detail.born_to_id == detail.customer_id and detail.lent_by_id is None:
        holding.own_mains.add(kind)
    if kind == "contacts":
        holding.names |= name_words(str(detail))


def _fill_from_imports(holdings: dict[int, Holding]) -> None:
    """What earlier imports gave these customers, and what of it an undo took back."""
    undone_ids: dict[str, list[int]] = defaultdict(list)
    rows = ImportRow.across_companies.filter(customer__in=list(holdings)).exclude(fingerprint="")
    for row in rows.only("customer_id", "fingerprint", "undo", "added"):
        if row.undo != ImportRow.Undo.UNDONE:
            holdings[row.customer_id or 0].fingerprints.add(row.fingerprint)
            continue
        for kind, added in row.added.items():
            undone_ids[kind].extend(added)
    for kind, model in DETAILS.items():
        if undone_ids[kind]:
            former = _rows(model, holdings).filter(pk__in=undone_ids[kind])
            for detail in former.exclude(former_at=None):
                holdings[detail.customer_id].taken_back[kind, detail_key(detail)] = detail
    for job in _rows(Job, holdings).filter(stage=Stage.IMPORT_UNDONE):
        holdings[job.customer_id].lead = job


def _rows(model: type[FollowsCustomer], holdings: Iterable[int]) -> Any:
    return model.across_companies.filter(customer__in=list(holdings))
