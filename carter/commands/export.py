"""Write customers, or leads and jobs, to a CSV or XLSX file that no spreadsheet runs.

    carter export customers customers.xlsx
    carter export jobs jobs.csv

The kind of file follows from the end of its name. Customers can be imported again.
"""

import argparse
import sys
from pathlib import Path

from carter.commands import _book
from carter.companies.rights import NotAllowed
from carter.transfer.exporting.customers import customers_table
from carter.transfer.exporting.files import write_csv, write_xlsx
from carter.transfer.exporting.jobs import jobs_table

TABLES = {"customers": customers_table, "jobs": jobs_table}
WRITERS = {".csv": write_csv, ".xlsx": write_xlsx}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=TABLES)
    parser.add_argument("file", type=Path, help="a name that ends in .csv or .xlsx")
    _book.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    write = WRITERS.get(options.file.suffix.lower())
    if write is None:
        print("The name of the file must end in .csv or .xlsx.", file=sys.stderr)
        return 2
    try:
        company, by = _book.chosen(options)
        write(TABLES[options.what](company, by=by), options.file)
    except (_book.CannotChoose, NotAllowed) as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"{options.file} cannot be written: {trouble.strerror}.", file=sys.stderr)
        return 1
    print(f"{company}: {options.what} written to {options.file}.")
    return 0
