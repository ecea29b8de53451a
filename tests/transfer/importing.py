"""Importing files in tests, as the screens and the command do it."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from carter.companies.models import Company, Member
from carter.transfer.batches import choose_columns, receive_file, start_import, start_undo
from carter.transfer.models import ImportBatch
from carter.transfer.working import work_on

SAMPLES = Path(__file__).parents[1] / "data" / "imports"


def a_csv(*rows: Sequence[str]) -> bytes:
    """A file with these rows, the first of which holds the column names."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def a_dry_run(
    company: Company, content: bytes, *, name: str = "people.csv", by: Member | None = None
) -> ImportBatch:
    """A file that was chosen, read and, when its columns are known, tried out."""
    return work_on(receive_file(company=company, name=name, pieces=[content], by=by))


def mapped(
    batch: ImportBatch,
    mapping: Iterable[str] | None = None,
    *,
    holds: str = "",
    source: str = "",
    by: Member | None = None,
) -> ImportBatch:
    """The file tried out with what somebody says its columns hold."""
    return work_on(
        choose_columns(
            batch,
            holds=holds or batch.holds,
            mapping=list(mapping or batch.mapping),
            source=source or batch.source,
            by=by,
        )
    )


def an_import(
    company: Company, content: bytes, *, name: str = "people.csv", by: Member | None = None
) -> ImportBatch:
    """A file that was imported, with what Carter proposed for its columns."""
    batch = a_dry_run(company, content, name=name, by=by)
    if batch.state == ImportBatch.State.MAPPING:
        batch = mapped(batch, by=by)
    return work_on(start_import(batch, by=by))


def the_sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def undone(batch: ImportBatch, *, by: Member | None = None) -> ImportBatch:
    """The import, taken back."""
    return work_on(start_undo(batch, by=by))
