"""The file of an import, on whichever machine works on it.

It is kept in the database, in pieces, and so is in a backup. A machine that needs it has a copy in
its own folder, with the spool beside it; either is made again where it is missing.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from carter.transfer.models import ImportBatch, UploadPiece
from carter.transfer.reading.spooling import Row, Table, read_spool, spool_file
from carter.transfer.understanding import shapes

PIECE = 2**20


def keep_upload(batch: ImportBatch, sent: Iterable[bytes]) -> None:
    """Keep what was sent, with its size and fingerprint on the batch."""
    digest = hashlib.sha256()
    for place, content in enumerate(_pieces(sent)):
        digest.update(content)
        batch.size += len(content)
        UploadPiece(company=batch.company, batch=batch, place=place, content=content).save()
    batch.sha256 = digest.hexdigest()
    batch.save(update_fields=["sha256", "size"])


def spooled(batch: ImportBatch) -> Table:
    """Read the file into a spool on this machine. Raises UnreadableFile."""
    return _spool(batch, batch.spool)


def rows_of(batch: ImportBatch) -> Iterator[Row]:
    """The rows of the file, in order."""
    if not batch.spool.exists():
        _make(batch.spool, lambda draft: _spool(batch, draft))
    return read_spool(batch.spool)


def _spool(batch: ImportBatch, to: Path) -> Table:
    if not batch.upload.exists():
        _make(batch.upload, lambda draft: _fetch(batch, draft))
    return spool_file(batch.upload, to, is_header=shapes.is_header, is_ours=shapes.is_ours)


def _fetch(batch: ImportBatch, to: Path) -> None:
    """A piece at a time: the whole need not fit into memory."""
    pieces = batch.pieces.order_by("place")
    with to.open("wb") as file:
        for place in pieces.values_list("place", flat=True):
            file.write(pieces.get(place=place).content)


def _make(path: Path, write: Callable[[Path], object]) -> None:
    """Make the file whole or not at all: somebody else may be making it, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
    try:
        write(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _pieces(sent: Iterable[bytes]) -> Iterator[bytes]:
    """What was sent, in pieces of one size but the last."""
    waiting = bytearray()
    for some in sent:
        waiting += some
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)
