"""What a book says, as files that people get."""

import csv
from pathlib import Path

from carter.companies.models import Company, Member
from carter.transfer.exporting.customers import customers_table
from carter.transfer.exporting.files import write_csv
from carter.transfer.exporting.jobs import jobs_table
from carter.transfer.exporting.money import invoices_table

NAMES = ("customers", "jobs", "invoices")


def export_all(company: Company, folder: Path, *, by: Member) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = company.invoices.issued().with_status().order_by("id")
    tables = (
        customers_table(company, by=by),
        jobs_table(company, by=by),
        invoices_table(company, rows, by=by),
    )
    for name, table in zip(NAMES, tables, strict=True):
        write_csv(table, folder / f"{name}.csv")


def said_in(folder: Path, *, like: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each file, in the columns that the files of another folder have."""
    said = {}
    for name in NAMES:
        with (like / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            columns = next(csv.reader(file))
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            said[name] = [{one: row[one] for one in columns} for row in csv.DictReader(file)]
    return said
