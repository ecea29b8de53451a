"""Files that were uploaded before lie in this machine's folder only: keep them as well."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

PIECE = 2**20


def keep(apps: Any, editor: Any) -> None:
    Batch = apps.get_model("transfer", "ImportBatch")._base_manager
    Piece = apps.get_model("transfer", "UploadPiece")._base_manager
    for batch in Batch.filter(pieces=None).order_by("pk"):
        file = Path(settings.VAR) / "uploads" / str(batch.company_id) / f"{batch.pk}.upload"
        if file.exists():
            for place, content in enumerate(pieces_of(file)):
                Piece.create(company_id=batch.company_id, batch=batch, place=place, content=content)


def pieces_of(file: Path) -> Any:
    with file.open("rb") as opened:
        while content := opened.read(PIECE):
            yield content


class Migration(migrations.Migration):
    dependencies = [("transfer", "0003_upload_pieces")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop, elidable=True)]
