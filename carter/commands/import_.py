"""Import customers or leads from a CSV or XLSX file, or take an import back.

    carter import contacts.csv               try it out, show the result, ask, import
    carter import contacts.csv --dry-run     only try it out
    carter import contacts.csv --yes         import without asking
    carter import list.csv --column "Cell=mobile" --column "Who=name"
    carter import --undo 12
    carter import --resume 12

HubSpot contacts, QuickBooks customers, lead provider files and Carter's own export are recognised.
For others say what the columns hold; what is said is remembered.
"""

import argparse
import sys
from pathlib import Path

from carter.commands import _book
from carter.companies.models import Company, Member
from carter.companies.rights import NotAllowed
from carter.transfer.batches import (
    CannotImport,
    choose_columns,
    receive_file,
    resume,
    start_import,
    start_undo,
)
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.reporting import write_report
from carter.transfer.understanding.fields import Field, Holds, offered
from carter.transfer.working import work_on

State = ImportBatch.State
SHOWN = 20
BAR = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="the CSV or XLSX file")
    parser.add_argument("--dry-run", action="store_true", help="only show what would happen")
    parser.add_argument("--yes", action="store_true", help="import without asking")
    parser.add_argument("--report", type=Path, help="write what became of every row to this CSV")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=MEANING",
        help=f"what a column holds: {', '.join(offered(Holds.LEADS))} …",
    )
    parser.add_argument("--holds", choices=Holds.values, help="whether rows are customers or leads")
    parser.add_argument("--list", help="name of the list, when its ids are its own")
    parser.add_argument("--undo", type=int, metavar="ID", help="take an import back")
    parser.add_argument("--resume", type=int, metavar="ID", help="go on with an interrupted one")
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    try:
        company, by = _book.chosen(options)
        batch = _done(options, company, by)
    except (_book.CannotChoose, CannotImport, NotAllowed) as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"{options.file} cannot be read: {trouble.strerror}.", file=sys.stderr)
        return 1
    if options.report:
        write_report(batch, options.report)
    return 1 if batch.trouble else 0


def _done(options: argparse.Namespace, company: Company, by: Member | None) -> ImportBatch:
    if options.undo:
        return _undo(_found(company, options.undo), by)
    if options.resume:
        return _finished(resume(_found(company, options.resume), by=by))
    if options.file is None:
        raise CannotImport("Say which file to import. `carter import --help` shows how.")
    with options.file.open("rb") as file:
        pieces = iter(lambda: file.read(1 << 20), b"")
        batch = receive_file(company=company, name=options.file.name, pieces=pieces, by=by)
    batch = _tried_out(batch, options, by)
    if batch.state != State.CHECKED or options.dry_run or not (options.yes or _agreed()):
        return batch
    return _finished(start_import(batch, by=by))


def _tried_out(batch: ImportBatch, options: argparse.Namespace, by: Member | None) -> ImportBatch:
    batch = work_on(batch, _show_progress)
    if batch.state == State.UNREADABLE:
        print(batch.trouble, file=sys.stderr)
        return batch
    if options.column or options.holds or options.list:
        mapping = _mapping(batch, options.column)
        batch = choose_columns(
            batch,
            holds=options.holds or batch.holds,
            mapping=mapping,
            source=options.list or batch.source,
            by=by,
        )
        batch = work_on(batch, _show_progress)
    print(f"{batch.file_name}: {batch.get_shape_display()}, {batch.form}")
    for remark in batch.remarks:
        print(remark)
    if batch.state == State.MAPPING:
        _show_columns(batch)
        raise CannotImport("Say what the columns hold with --column, or on screen.")
    _show_result(batch)
    return batch


def _mapping(batch: ImportBatch, said: list[str]) -> list[str]:
    mapping = list(batch.mapping)
    for pair in said:
        name, _, meaning = pair.rpartition("=")
        if name not in batch.columns or meaning not in Field.values:
            raise CannotImport(f"“{pair}” names no column of the file, or no meaning Carter knows.")
        mapping[batch.columns.index(name)] = meaning
    return mapping


def _undo(batch: ImportBatch, by: Member | None) -> ImportBatch:
    batch = work_on(start_undo(batch, by=by), _show_progress)
    for row in batch.rows.filter(undo=ImportRow.Undo.STAYS):
        print(f"{row.who} stays: {row.undo_reason}.")
    undone = batch.rows.filter(undo=ImportRow.Undo.UNDONE).count()
    print(f"{batch.file_name}: {undone:,} rows undone.")
    return batch


def _finished(batch: ImportBatch) -> ImportBatch:
    batch = work_on(batch, _show_progress)
    _show_result(batch)
    if batch.state == State.IMPORTED:
        print(f"To take it back: carter import --undo {batch.pk}")
    return batch


def _found(company: Company, batch_id: int) -> ImportBatch:
    batch = company.imports.filter(pk=batch_id).first()
    if batch is None:
        raise CannotImport(f"There is no import {batch_id}.")
    return batch


def _show_columns(batch: ImportBatch) -> None:
    for name, field in zip(batch.columns, batch.mapping, strict=True):
        print(f"  {name} = {field}")


def _show_result(batch: ImportBatch) -> None:
    if batch.trouble:
        print(batch.trouble, file=sys.stderr)
    print(f"{batch.get_state_display()}: {batch.rows_done:,} rows")
    for outcome in ImportRow.Outcome:
        print(f"  {outcome.label:<9} {batch.counts.get(outcome, 0):>8,}")
    for row in batch.rows.filter(outcome=ImportRow.Outcome.REFUSED)[:SHOWN]:
        print(f"  Row {row.line} refused: {row.reason}")


def _agreed() -> bool:
    return sys.stdin.isatty() and input("Import? [y/N] ").strip().lower() in {"y", "yes"}


def _show_progress(batch: ImportBatch) -> None:
    if sys.stderr.isatty():
        filled = batch.percent * BAR // 100
        bar = "█" * filled + "·" * (BAR - filled)
        end = "\n" if batch.rows_done >= batch.rows_total else ""
        label = f"{batch.get_state_display()} {bar} {batch.rows_done:,} of {batch.rows_total:,}"
        print(f"\r{label}", end=end, file=sys.stderr, flush=True)
