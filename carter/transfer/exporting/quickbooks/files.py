"""All files for QuickBooks, each as small as QuickBooks takes it, in a folder or a ZIP."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.transfer.exporting.files import csv_pieces
from carter.transfer.exporting.quickbooks.customers import customers_table
from carter.transfer.exporting.quickbooks.invoices import Days, credits_table, invoices_table
from carter.transfer.exporting.quickbooks.names import merged_table, names_of
from carter.transfer.exporting.quickbooks.payments import payments_table, refunds_table
from carter.transfer.exporting.tables import Table, Value

MOST_ROWS = 1_000
MOST_DOCUMENTS = 100
"""In one file that QuickBooks Online imports, by its help pages."""
README = """How to bring these files into QuickBooks Online

1. Gear › Import data › Customers: every customers file.
2. Gear › Import data › Invoices: every invoices file, in the order of their numbers. First turn on
   custom transaction numbers (Gear › Account and settings › Sales), so that invoices keep theirs.
   Choose tax “exclusive”, and let QuickBooks make the customers and items that are not there.
3. Gear › Import data › Credit notes, where your edition has it: every credits file.
4. Payments and refunds: QuickBooks itself does not import them; add-ons that do read these files.
5. merged.csv: in Carter these were found to be one customer. In QuickBooks, rename the first to the
   second, and it asks whether to merge them.

Names are the key: do not change them in the files. Days are written {days}. Void invoices and
payments are left out.
"""


def write_folder(company: Company, folder: Path, *, days: Days, by: Member | None) -> list[Path]:
    """Write all files into the folder; returns them. Raises NotAllowed."""
    made = []
    tables = quickbooks_tables(company, days=days, by=by)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables:
        made.append(folder / name)
        with made[-1].open("wb") as file:
            file.writelines(csv_pieces(table))
    made.append(folder / "README.txt")
    made[-1].write_text(_readme(company), encoding="utf-8")
    return made


def write_zip(company: Company, file: BinaryIO, *, days: Days, by: Member | None) -> None:
    """Write all files into one ZIP. Raises NotAllowed."""
    tables = quickbooks_tables(company, days=days, by=by)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, table in tables:
            archive.writestr(name, b"".join(csv_pieces(table)))
        archive.writestr("README.txt", _readme(company))


def quickbooks_tables(
    company: Company, *, days: Days, by: Member | None
) -> Iterator[tuple[str, Table]]:
    """Each file's name and table. Customers are all; the rest is of the days. Raises NotAllowed."""
    require(by, Right.EXPORT)
    require(by, Right.SEE_MONEY)
    return _tables(company, days)


def _tables(company: Company, days: Days) -> Iterator[tuple[str, Table]]:
    names = names_of(company)
    yield from _split(customers_table(company, names), most=MOST_ROWS)
    yield from _split(invoices_table(company, names, days), most=MOST_DOCUMENTS)
    yield from _split(credits_table(company, names, days), most=MOST_DOCUMENTS)
    for table in (payments_table, refunds_table):
        whole = table(company, names, days)
        yield f"{whole.name}.csv", whole
    yield "merged.csv", merged_table(company, names)


def _split(table: Table, *, most: int) -> Iterator[tuple[str, Table]]:
    """The table in files of so many documents at most; the lines of one stay together."""
    for number, rows in enumerate(_portions(table.rows, most), start=1):
        yield f"{table.name}-{number}.csv", Table(table.name, table.columns, iter(rows))


def _portions(rows: Iterator[list[Value]], most: int) -> Iterator[list[list[Value]]]:
    portion: list[list[Value]] = []
    documents = 0
    for _, lines in groupby(rows, key=lambda row: row[0]):
        document = list(lines)
        if portion and (documents == most or len(portion) + len(document) > MOST_ROWS):
            yield portion
            portion, documents = [], 0
        portion += document
        documents += 1
    if portion:
        yield portion


def _readme(company: Company) -> str:
    return README.format(days="MM/DD/YYYY" if company.country in ("US", "CA") else "DD/MM/YYYY")
