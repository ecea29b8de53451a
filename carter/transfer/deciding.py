"""What becomes of each row: created, attached to who is there already, skipped or refused.

The dry run and the import decide with the same code. A row is never joined to a customer because
they look alike: only an id that names the customer, or the very same row, leads to one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from carter.companies.models import Company
from carter.customers.models import Detail
from carter.transfer.details import details_of
from carter.transfer.known import Holding, Known, detail_key, name_words
from carter.transfer.models import ImportRow
from carter.transfer.reading.spooling import Row
from carter.transfer.understanding.cells import Columns
from carter.transfer.understanding.rows import EmptyRow, understand
from carter.transfer.understanding.said import OpeningBalance, RowRefused, Said, Setting

Outcome = ImportRow.Outcome
LONGEST_WHO = 300


@dataclass
class Additions:
    """What a row adds to a customer who is there already; `again` was taken back by an undo."""

    details: dict[str, list[Detail]] = field(default_factory=dict)
    again: dict[str, list[Detail]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    opening: OpeningBalance | None = None

    def __bool__(self) -> bool:
        return bool(self.details or self.again or self.notes or self.opening)

    @property
    def words(self) -> list[str]:
        """Each thing added, for the report and for History: "the phone (303) 555-0142"."""
        texts = [
            f"the {detail.noun} {detail}"
            for details in (*self.details.values(), *self.again.values())
            for detail in details
        ]
        if self.notes:
            texts.append("a note" if len(self.notes) == 1 else f"{len(self.notes)} notes")
        return [*texts, *(["the opening balance"] if self.opening else [])]


@dataclass
class Decision:
    """What becomes of one row. `holding` is who it leads to, `revives` one who was taken back."""

    line: int
    outcome: Outcome
    who: str = ""
    reason: str = ""
    said: Said | None = None
    holding: Holding | None = None
    additions: Additions = field(default_factory=Additions)
    revives: bool = False


class Seen:
    """The rows of a file so far, by what they are found by again."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, int]] = {}

    def repeats(self, said: Said) -> str:
        """Why a row cannot count beside an earlier one of the same file; empty when it can.

        A row that says the same is skipped, one that says something else is refused: see `same`.
        """
        line, _ = self._rows.setdefault(hash(said.key), (said.line, hash(said.fingerprint)))
        return "" if line == said.line else f"row {line}"

    def same(self, said: Said) -> bool:
        return self._rows[hash(said.key)][1] == hash(said.fingerprint)


class Decider:
    """Decides row after row of one file, in order."""

    def __init__(self, columns: Columns, setting: Setting, source: str) -> None:
        self._columns, self._setting, self._source = columns, setting, source
        self._seen = Seen()

    def pass_over(self, rows: Iterable[Row]) -> None:
        """Rows that were done before an interruption: only what they are found by is noted."""
        for row in rows:
            try:
                self._seen.repeats(understand(row, self._columns, self._setting))
            except (RowRefused, EmptyRow):
                continue

    def understand(self, rows: Iterable[Row]) -> list[Decision]:
        """What becomes of some rows as far as the file itself says; asks no database."""
        return [self._understand(row) for row in rows]

    def settle(self, company: Company, decisions: Sequence[Decision], *, locked: bool) -> None:
        """Complete the decisions with what the book holds now; `locked`: until they are done."""
        saids = [decision.said for decision in decisions if decision.said]
        known = Known.of(company, self._source, saids, locked=locked)
        for decision in decisions:
            if decision.said:
                _settle(decision, decision.said, known)

    def _understand(self, row: Row) -> Decision:
        try:
            said = understand(row, self._columns, self._setting)
        except EmptyRow:
            return Decision(row.line, Outcome.SKIPPED, reason="The row is empty.")
        except RowRefused as refusal:
            return Decision(row.line, Outcome.REFUSED, who=shown(row), reason=str(refusal))
        who = said.new.name[:LONGEST_WHO]
        repeated = self._seen.repeats(said)
        if not repeated:
            return Decision(row.line, Outcome.CREATED, who=who, said=said)
        if self._seen.same(said):
            return Decision(row.line, Outcome.SKIPPED, who=who, reason=f"The same as {repeated}.")
        reason = f"“{said.external_id}” is {repeated} already, which says something else."
        return Decision(row.line, Outcome.REFUSED, who=who, reason=reason)


def shown(row: Row) -> str:
    """Enough of a row to recognise it by."""
    cells = (" ".join(cell.split())[:60] for cell in row.cells if cell)
    return " · ".join(cells)[:LONGEST_WHO]


def _settle(decision: Decision, said: Said, known: Known) -> None:
    """Change the decision to create when the row's id leads to somebody."""
    holding = known.holding_of(said)
    if holding is None:
        decision.reason = " ".join(said.remarks)
        return
    decision.holding = holding
    was_imported = said.fingerprint in holding.fingerprints
    if said.intake is None and not was_imported:
        details = details_of(said, holding.customer)
        if not _agrees(said, holding, details):
            decision.outcome = Outcome.REFUSED
            decision.reason = (
                f"“{said.external_id}” is {_named(holding)} here, and neither name, phone nor "
                "email agrees. If this is another list, give it a name of its own."
            )
            return
        decision.additions = _additions(said, holding, details)
    if holding.customer.withdrawn_at is not None:
        decision.revives = True
        decision.reason = f"{_named(holding)} comes back: an earlier import of this was undone."
    else:
        _attach_or_skip(decision, said, holding)


def _agrees(said: Said, holding: Holding, details: dict[str, list[Detail]]) -> bool:
    """Whether the row can be who its id says: ids of two lists may both count from 1."""
    reached = any(
        detail_key(detail) in holding.keys[kind]
        for kind in ("phones", "emails")
        for detail in details.get(kind, ())
    )
    names = (said.new.name, *(name for name, _ in said.new.contacts))
    return reached or any(holding.knows_name(name) for name in names)


def _additions(said: Said, holding: Holding, details: dict[str, list[Detail]]) -> Additions:
    """What of the row the customer does not have yet."""
    additions = Additions(notes=[note for note in said.notes if note not in holding.notes])
    for kind, given in details.items():
        for detail in given:
            key = detail_key(detail)
            if (kind, key) in holding.taken_back:
                again = holding.taken_back[kind, key]
                additions.again.setdefault(kind, []).append(again)
            elif key not in holding.keys[kind]:
                additions.details.setdefault(kind, []).append(detail)
    if said.opening and not holding.opening_balances:
        additions.opening = said.opening
    _remember(additions, holding)
    return additions


def _remember(additions: Additions, holding: Holding) -> None:
    """A later row may lead to the same customer: what this one adds is there already."""
    for kind, details in additions.details.items():
        holding.keys[kind].update(map(detail_key, details))
    for kind, details in additions.again.items():
        for detail in details:
            holding.taken_back.pop((kind, detail_key(detail)), None)
    holding.notes.update(additions.notes)
    if additions.opening:
        holding.opening_balances.append(additions.opening.cents)


def _attach_or_skip(decision: Decision, said: Said, holding: Holding) -> None:
    remarks = []
    if said.intake is None and not name_words(said.new.name) <= holding.names:
        remarks.append(f"The name stays {holding.customer.name}.")
    if (
        said.opening
        and said.opening.cents not in holding.opening_balances
        and (holding.opening_balances)
    ):
        remarks.append("Its opening balance was imported before and stays as it was.")
    if decision.additions:
        decision.outcome = Outcome.ATTACHED
        words = f"{_named(holding)} gets {', '.join(decision.additions.words)}."
    else:
        decision.outcome = Outcome.SKIPPED
        words = f"{_named(holding)} has all of this already."
    decision.reason = " ".join([words, *remarks])


def _named(holding: Holding) -> str:
    return f"{holding.customer.name} ({holding.customer.code})"
