"""The folder that the processes of a comparison share: every record, and the book they are in."""

import json
import pickle
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from carter.matching.batch.crew import CannotCompare
from carter.matching.record import Record
from carter.matching.scoring import Book

RECORDS, PLACES, BOOK = "records.json", "places", "book"


@contextmanager
def temporary_folder(within: str) -> Iterator[Path]:
    """A folder for as long as a comparison takes. Raises CannotCompare when it cannot be used."""
    try:
        with TemporaryDirectory(prefix="carter-match-", dir=within or None) as folder:
            yield Path(folder)
    except OSError as trouble:
        raise CannotCompare(f"No temporary file can be kept: {trouble.strerror}.") from trouble


def packed(record: Record) -> bytes:
    """A record as it lies on the shelf."""
    return json.dumps(record.stored(), separators=(",", ":")).encode()


def unpacked(packed: bytes) -> Record:
    """The record that was packed."""
    return Record.restored(json.loads(packed))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Records by their number, one at a time: all of them would not fit into every process."""

    folder: Path

    @property
    def book(self) -> Book:
        return _book(self.folder)

    def write(self, records: Iterable[bytes]) -> None:
        """Put packed records on the shelf; the first has number 0."""
        places, end = array("Q", [0]), 0
        with (self.folder / RECORDS).open("wb") as file:
            for record in records:
                file.write(record)
                end += len(record)
                places.append(end)
        (self.folder / PLACES).write_bytes(places.tobytes())

    def write_book(self, book: Book) -> None:
        (self.folder / BOOK).write_bytes(pickle.dumps(book))

    def read(self, numbers: Iterable[int]) -> Iterator[Record]:
        """The records with these numbers, in their order."""
        places = _places(self.folder)
        with (self.folder / RECORDS).open("rb", buffering=0) as file:
            for number in numbers:
                yield _record(file, places[number], places[number + 1])


def _record(file: BinaryIO, start: int, end: int) -> Record:
    file.seek(start)
    return unpacked(file.read(end - start))


@lru_cache(maxsize=1)
def _places(folder: Path) -> "array[int]":
    return array("Q", (folder / PLACES).read_bytes())


@lru_cache(maxsize=1)
def _book(folder: Path) -> Book:
    return cast(Book, pickle.loads((folder / BOOK).read_bytes()))  # noqa: S301 (written by us)
