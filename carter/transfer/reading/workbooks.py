"""Reading XLSX, after looking at the archive itself: a workbook may be a bomb."""

import math
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from carter.transfer.reading import limits
from carter.transfer.reading.limits import MEGABYTE, UnreadableFile
from carter.transfer.reading.sheets import SheetScan

ZIP = b"PK\x03\x04"
STORED, DEFLATED = 0, 8
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DAMAGED = "This workbook is damaged. Open it in Excel, save it again as XLSX, and choose that."


def is_zip(path: Path) -> bool:
    """Whether the file is an archive, as every XLSX is."""
    with path.open("rb") as file:
        return file.read(4) == ZIP


class Workbook:
    """The first visible sheet of an XLSX that holds anything.

    Raises UnreadableFile when the archive is none, is damaged, or would need too much room.
    """

    def __init__(self, path: Path) -> None:
        scans = _scanned(path)
        try:
            self._book = CalamineWorkbook.from_path(path)
            self._sheet, self.others = self._first_sheet()
        except (CalamineError, OSError) as trouble:
            raise UnreadableFile(DAMAGED) from trouble
        self.scan = scans.get(self._sheet.name, SheetScan())

    @property
    def name(self) -> str:
        return self._sheet.name

    def rows(self) -> Iterator[tuple[list[str], str]]:
        """Each row's cells as text, with the problem it has, if any."""
        lead = [""] * (self._sheet.start or (0, 0))[1]
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            yield lead + [_as_text(cell) for cell in cells], self.scan.problem(number)

    def _first_sheet(self) -> tuple[CalamineSheet, list[str]]:
        """The sheet to read, and the names of others that hold something and are not read."""
        visible = [
            each.name
            for each in self._book.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
        ]
        filled = [
            sheet for sheet in map(self._book.get_sheet_by_name, visible) if sheet.start is not None
        ]
        if not filled:
            raise UnreadableFile("The workbook is empty.")
        return filled[0], [sheet.name for sheet in filled[1:]]


def _scanned(path: Path) -> dict[str, SheetScan]:
    """Every sheet's size and broken cells by its name, read with bounded memory."""
    try:
        with ZipFile(path) as archive, path.open("rb") as file:
            entries = {info.filename: info for info in archive.infolist()}
            _refuse_bomb(entries)
            scans = _unpack(file, list(entries.values()))
            return {name: scans[part] for name, part in _sheet_parts(archive) if part in scans}
    except (BadZipFile, zlib.error, ElementTree.ParseError, struct.error, KeyError) as trouble:
        raise UnreadableFile(DAMAGED) from trouble


def _refuse_bomb(entries: dict[str, ZipInfo]) -> None:
    if "xl/workbook.xml" not in entries:
        raise UnreadableFile(
            "This is an archive and no Excel workbook. Unpack it, or save the table as CSV or XLSX."
        )
    if len(entries) > limits.MOST_ENTRIES:
        raise UnreadableFile(f"This workbook consists of {len(entries):,} parts: it is no table.")
    if any(info.flag_bits & 1 for info in entries.values()):
        raise UnreadableFile("This workbook has a password. Save it without, or as CSV.")


def _unpack(file: BinaryIO, entries: list[ZipInfo]) -> dict[str, SheetScan]:
    """Unpack every part once, trusting no size it claims, and look at the sheets on the way."""
    room = limits.MOST_UNPACKED_BYTES
    scans = {}
    for info in entries:
        scan = SheetScan() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename) else None
        unpacked = 0
        for piece in _pieces(file, info):
            unpacked += len(piece)
            too_dense = unpacked > max(MEGABYTE, info.compress_size * limits.MOST_RATIO)
            if unpacked > room or too_dense:
                raise UnreadableFile(
                    "This workbook unpacks to far more than a customer list can hold. "
                    "It was not opened. Save the sheet as CSV and choose that."
                )
            if scan:
                scan.feed(piece)
        room -= unpacked
        if scan:
            scan.close()
            scans[info.filename] = scan
    return scans


def _pieces(file: BinaryIO, info: ZipInfo) -> Iterator[bytes]:
    """The content of one part in pieces of bounded size."""
    file.seek(info.header_offset)
    name_length, extra_length = struct.unpack("<26x2H", file.read(30))
    file.seek(name_length + extra_length, 1)
    left = info.compress_size
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not unpacker.eof:
        packed = file.read(min(left, 64 * 1024))
        if not packed:
            raise BadZipFile
        left -= len(packed)
        if info.compress_type == STORED:
            yield packed
        elif info.compress_type == DEFLATED:
            while packed:
                yield unpacker.decompress(packed, MEGABYTE)
                packed = unpacker.unconsumed_tail
        else:
            raise BadZipFile


def _sheet_parts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name with the part of the archive that holds it."""
    related = {
        each.get("Id"): each.get("Target", "")
        for each in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = related[sheet.get(RELATED)]
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield sheet.get("name", ""), part


def _as_text(cell: Any) -> str:
    """A cell as somebody would type it: 51000000000 and not 5.1E+10, 2026-11-11 for a day."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        plain_day = cell.time() == time()
        return cell.date().isoformat() if plain_day else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta | int) else ""
