"""Write customers, or leads and jobs, to a CSV or XLSX file that no spreadsheet runs.

    carter export customers customers.xlsx
    carter export jobs jobs.csv
    carter export quickbooks FOLDER --from 2026-01-01 --to 2026-03-31

The kind of file follows from the end of its name. Customers can be imported again. For QuickBooks
Online it is a folder of files: all customers, and the invoices, credits and payments of the days.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

from carter.commands import _book
from carter.companies.rights import NotAllowed
from carter.transfer.exporting.customers import customers_table
from carter.transfer.exporting.files import write_csv, write_xlsx
from carter.transfer.exporting.jobs import jobs_table
from carter.transfer.exporting.quickbooks.files import write_folder

TABLES = {"customers": customers_table, "jobs": jobs_table}
WRITERS = {".csv": write_csv, ".xlsx": write_xlsx}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[*TABLES, "quickbooks"])
    parser.add_argument("file", type=Path, help="a name that ends in .csv or .xlsx; or a folder")
    parser.add_argument("--from", dest="first", metavar="DAY", type=date.fromisoformat)
    parser.add_argument("--to", dest="last", metavar="DAY", type=date.fromisoformat)
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    suffix = options.file.suffix.lower()
    if options.what != "quickbooks" and suffix not in WRITERS:
        print("The name of the file must end in .csv or .xlsx.", file=sys.stderr)
        return 2
    try:
        company, by = _book.chosen(options)
        if options.what == "quickbooks":
            days = options.first, options.last
            made = len(write_folder(company, options.file, days=days, by=by))
        else:
            WRITERS[suffix](TABLES[options.what](company, by=by), options.file)
            made = 0
    except (_book.CannotChoose, NotAllowed) as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"{options.file} cannot be written: {trouble.strerror}.", file=sys.stderr)
        return 1
    files = f" ({made} files)" if made else ""
    print(f"{company}: {options.what} written to {options.file}{files}.")
    return 0
