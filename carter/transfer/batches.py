"""What a person does with a file: choose it, say what its columns hold, import it, take it back.

Each of these only says what is wanted; `working` does it, and the person watches.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.transfer.models import ImportBatch, SavedMapping
from carter.transfer.understanding.fields import NAMES_SOMEBODY, SEVERAL, Field, Holds
from carter.transfer.understanding.shapes import signature
from carter.transfer.uploads import keep_upload

State = ImportBatch.State


class CannotImport(Exception):
    """What was asked for cannot be done with this file; the words say why."""


def receive_file(
    *, company: Company, name: str, pieces: Iterable[bytes], by: Member | None
) -> ImportBatch:
    """Keep an uploaded file; it is read next."""
    require(by, Right.IMPORT)
    with transaction.atomic():
        batch = ImportBatch.across_companies.create(
            company=company, file_name=name[-255:], sha256="", size=0, by=by
        )
        keep_upload(batch, pieces)
    return batch


@transaction.atomic
def choose_columns(
    batch: ImportBatch, *, holds: str, mapping: Sequence[str], source: str, by: Member | None
) -> ImportBatch:
    """Say what the columns hold; it is remembered for the next such file, and tried out next."""
    require(by, Right.IMPORT)
    batch = _locked(batch)
    if batch.state not in (State.MAPPING, State.CHECKED):
        raise CannotImport(f"{batch} is {batch.get_state_display().lower()}.")
    _refuse_mapping(batch, mapping)
    batch.company.saved_mappings.update_or_create(
        company=batch.company,
        signature=signature(batch.columns),
        defaults={
            "holds": holds,
            "source": source,
            "mapping": list(mapping),
            "by": by,
            "at": timezone.now(),
        },
    )
    batch.holds, batch.mapping, batch.source = Holds(holds), list(mapping), source
    return _begin(batch, State.CHECKING)


@transaction.atomic
def start_import(batch: ImportBatch, *, by: Member | None) -> ImportBatch:
    """Do what the dry run showed."""
    require(by, Right.IMPORT)
    batch = _locked(batch)
    if batch.state != State.CHECKED:
        raise CannotImport(f"{batch} is {batch.get_state_display().lower()}.")
    batch.rows.all().delete()
    batch.by, batch.started_at, batch.counts = by, timezone.now(), {}
    return _begin(batch, State.IMPORTING)


@transaction.atomic
def start_undo(batch: ImportBatch, *, by: Member | None) -> ImportBatch:
    """Take the whole import back, also one that was interrupted half-way."""
    require(by, Right.IMPORT)
    batch = _locked(batch)
    if not can_undo(batch):
        raise CannotImport(f"{batch} is {batch.get_state_display().lower()}: nothing to undo.")
    batch.undone_by, batch.undone_at = by, timezone.now()
    return _begin(batch, State.UNDOING)


@transaction.atomic
def resume(batch: ImportBatch, *, by: Member | None) -> ImportBatch:
    """Go on with work that was interrupted."""
    require(by, Right.IMPORT)
    batch = _locked(batch)
    if not batch.is_interrupted:
        raise CannotImport(f"{batch} was not interrupted.")
    batch.trouble, batch.alive_at = "", None
    batch.save(update_fields=["trouble", "alive_at"])
    return batch


def can_undo(batch: ImportBatch) -> bool:
    interrupted = batch.state == State.IMPORTING and batch.is_interrupted
    return batch.state == State.IMPORTED or interrupted


def saved_mapping(batch: ImportBatch) -> SavedMapping | None:
    """What somebody said of the last file with the same columns."""
    return batch.company.saved_mappings.filter(signature=signature(batch.columns)).first()


def imported_before(batch: ImportBatch) -> Any:
    """Standing imports of the very same file."""
    same = batch.company.imports.filter(sha256=batch.sha256).exclude(pk=batch.pk)
    return same.filter(state=State.IMPORTED)


def _refuse_mapping(batch: ImportBatch, mapping: Sequence[str]) -> None:
    if len(mapping) != len(batch.columns):
        raise CannotImport("The file has other columns than those that were chosen for.")
    if not NAMES_SOMEBODY.intersection(mapping):
        raise CannotImport(
            "Say which column holds a name, a phone or an email: without one of them there is "
            "nobody to import."
        )
    once = [field for field in mapping if field not in SEVERAL]
    for field in once:
        if once.count(field) > 1:
            raise CannotImport(f"Two columns are chosen for “{Field(field).label}”.")


def _begin(batch: ImportBatch, state: State) -> ImportBatch:
    batch.state, batch.rows_done, batch.alive_at, batch.trouble = state, 0, None, ""
    batch.save()
    return batch


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.across_companies.select_for_update().get(pk=batch.pk)
