"""Making a backup of this installation's database, and putting one back."""

from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from carter.backup import postgresql, sqlite
from carter.backup.archive import CannotBackUp, Manifest, pack, read_manifest, unpack
from carter.companies.models import Company

ENGINES = {"sqlite": "the embedded SQLite", "postgresql": "PostgreSQL"}


def back_up(place: Path) -> Manifest:
    """Keep the whole database in a file, also while people work. Raises CannotBackUp, OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent, prefix=".carter-backup-") as folder:
        copy = Path(folder) / "copy"
        return pack(copy, _engine().copy_out(copy), place)


def restore(place: Path, *, replace: bool) -> Manifest:
    """Put the database back as it was when the backup was made, and bring it up to this version.

    Refuses to put it over a book that holds companies unless told to replace it. Raises
    CannotBackUp, in which case nothing was changed, and OSError.
    """
    manifest = read_manifest(place)
    _refuse_strange(place, manifest)
    if not replace:
        _refuse_to_lose()
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.VAR, prefix=".carter-restore-") as folder:
        copy = Path(folder) / "copy"
        unpack(place, manifest, copy)
        _engine().copy_in(copy, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def _engine() -> ModuleType:
    return sqlite if connection.vendor == "sqlite" else postgresql


def _refuse_strange(place: Path, manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise CannotBackUp(
            f"{place} is a backup of {ENGINES[manifest.engine]}; this installation uses "
            f"{ENGINES[connection.vendor]}. Set DATABASE_URL to such a database."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    strange = [each for each in manifest.migrations if tuple(each.split(".", 1)) not in known]
    if strange:
        raise CannotBackUp(
            f"{place} was made by another version of Carter ({manifest.carter}), which knows more "
            f"than this one ({strange[0]}). Install that version first."
        )


def _refuse_to_lose() -> None:
    try:
        companies = list(Company.objects.order_by("name").values_list("name", flat=True)[:3])
    except DatabaseError:
        return  # There are no tables yet: an empty database.
    if companies:
        raise CannotBackUp(
            f"This installation holds the book of {', '.join(companies)}. Add --replace to put "
            "the backup in its place; what was written since is then gone."
        )
