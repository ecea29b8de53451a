"""The file: a ZIP with the database and a manifest that says what is in it.

It is written beside its place and then put there, so that a file of that name is always whole.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
COMPRESSION = {"sqlite": ZIP_DEFLATED, "postgresql": ZIP_STORED}
"""What pg_dump writes is compressed already."""


class CannotBackUp(Exception):
    """The backup was not made, or not put back; nothing was changed. In words for the desk."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself. `counts` has the number of rows of every table."""

    carter: str
    engine: str
    made_at: str
    companies: list[str]
    migrations: list[str]
    counts: dict[str, int]
    sha256: str = ""
    format: int = FORMAT

    @property
    def database(self) -> str:
        """The name of the database inside of the file."""
        return f"database.{self.engine}"


def pack(copy: Path, manifest: Manifest, place: Path) -> Manifest:
    """Put the copy of a database into a file at the place; returns the complete manifest."""
    manifest = Manifest(**asdict(manifest) | {"sha256": checksum(copy)})
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        with ZipFile(draft, "w", COMPRESSION[manifest.engine], compresslevel=4) as file:
            file.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
            file.write(copy, manifest.database)
        _read_back(draft)
        _settle(draft)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(place: Path) -> Manifest:
    """What the file says about itself. Raises CannotBackUp when it is no backup of ours."""
    try:
        with ZipFile(place) as file:
            said = json.loads(file.read(MANIFEST))
        if said["format"] > FORMAT:
            raise CannotBackUp(f"{place} was made by a newer Carter ({said['carter']}).")
        return Manifest(**said)
    except FileNotFoundError:
        raise CannotBackUp(f"There is no file {place}.") from None
    except (BadZipFile, KeyError, ValueError, TypeError):
        raise CannotBackUp(f"{place} is not a backup of Carter, or is damaged.") from None


def unpack(place: Path, manifest: Manifest, copy: Path) -> None:
    """Take the database out of the file. Raises CannotBackUp when it is not as it was put in."""
    try:
        with ZipFile(place) as file, file.open(manifest.database) as packed, copy.open("wb") as out:
            shutil.copyfileobj(packed, out, CHUNK)
    except (BadZipFile, KeyError, EOFError) as trouble:
        raise CannotBackUp(f"{place} is damaged ({trouble}).") from None
    if checksum(copy) != manifest.sha256:
        raise CannotBackUp(f"{place} is damaged: its database is not the one that was put in.")


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_back(draft: Path) -> None:
    """A disk that lies is found out now, not on the day the backup is needed."""
    with ZipFile(draft) as file:
        if broken := file.testzip():
            raise CannotBackUp(f"The disk did not keep {broken} as it was written.")


def _settle(draft: Path) -> None:
    """Have the disk keep it before it takes the place of an older one."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
