"""Choosing a file, and saying what its columns hold."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from carter.transfer.models import ImportBatch
from carter.transfer.reading.limits import MEGABYTE, MOST_BYTES
from carter.transfer.understanding.fields import ONLY_OURS, Field, Holds
from carter.transfer.uploads import rows_of

SAMPLES = 3
LOOKED_AT = 200
SHOWN_OF_A_SAMPLE = 60


class UploadForm(forms.Form):
    """A CSV or XLSX file."""

    file = forms.FileField(
        label="CSV or XLSX file",
        help_text=f"Up to {MOST_BYTES // MEGABYTE} MB. Nothing is imported until you have seen "
        "what would happen.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                f"The file is larger than {MOST_BYTES // MEGABYTE} MB. Split it into parts."
            )
        return file


class ColumnsForm(forms.Form):
    """What each column of a file holds; a field for each column, with a few of its values."""

    holds = forms.ChoiceField(label="Each row is about", choices=Holds, widget=forms.RadioSelect)
    source = forms.CharField(
        label="Name of the list",
        max_length=40,
        help_text="Ids count within one list. Give lists of different programs different names.",
    )

    def __init__(self, data: Any = None, *, batch: ImportBatch) -> None:
        super().__init__(data, initial={"holds": batch.holds, "source": batch.source})
        self.samples = _samples(batch)
        for place, (column, field) in enumerate(zip(batch.columns, batch.mapping, strict=True)):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column, choices=_choices(batch.mapping), initial=field
            )

    @property
    def columns(self) -> list[tuple[Any, list[str]]]:
        """Each column's select, with some values of the column."""
        selects = (self[name] for name in self.fields if name.startswith("column-"))
        return list(zip(selects, self.samples, strict=True))

    @property
    def mapping(self) -> list[str]:
        """What was chosen, in the order of the columns."""
        return [self.cleaned_data[name] for name in self.fields if name.startswith("column-")]


def _choices(mapping: Sequence[str]) -> list[tuple[str, str]]:
    """Every meaning; those of Carter's own export only for a file that has them."""
    return [
        (field.value, str(field.label))
        for field in Field
        if field not in ONLY_OURS or field in mapping
    ]


def _samples(batch: ImportBatch) -> list[list[str]]:
    """A few different values of each column."""
    rows = [row.cells for row in islice(rows_of(batch), LOOKED_AT) if not row.problem]
    return [list(_first_values(rows, place)) for place in range(len(batch.columns))]


def _first_values(rows: Sequence[Sequence[str]], place: int) -> Iterator[str]:
    values = dict.fromkeys(row[place] for row in rows if place < len(row) and row[place])
    for value in islice(values, SAMPLES):
        plain = " ".join(value.split())
        yield f"{plain[:SHOWN_OF_A_SAMPLE]}…" if len(plain) > SHOWN_OF_A_SAMPLE else plain
