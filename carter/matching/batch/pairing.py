"""Finding the pairs that are worth weighing, by DuckDB, in bounded memory."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TextIO

import duckdb

from carter.matching.batch import queries
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.filing import Filed

Pair = tuple[int, int]
Weighed = tuple[int, int, float, str]
"""Two numbers of records, the probability that both are the same customer, and the verdict."""

TABLES = {
    "keys": "record INTEGER, key BIGINT",
    "prints": "record INTEGER, print BIGINT",
    "weighed": "one INTEGER, other INTEGER, probability DOUBLE, verdict VARCHAR",
}
LAYOUT = "FORMAT csv, AUTO_DETECT false, HEADER false, DELIMITER ',', NULLSTR 'NULL'"
ROWS_AT_ONCE = 10_000
THREADS = 2


@contextmanager
def opened_pairing(folder: Path, memory: str) -> Iterator["Pairing"]:
    """A pairing that is closed in the end. What DuckDB has to say is raised as CannotCompare."""
    try:
        with closing(Pairing(folder, memory)) as pairing:
            yield pairing
    except duckdb.Error as trouble:
        raise CannotCompare(
            f"The pairs cannot be found. {str(trouble).splitlines()[0]}"
        ) from trouble


class Pairing:
    """The records by number, their keys, and who shares one with whom."""

    def __init__(self, folder: Path, memory: str) -> None:
        self._folder = folder
        self._database = duckdb.connect(
            config={
                "memory_limit": memory,
                "temp_directory": str(folder),
                "threads": THREADS,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
            }
        )

    def close(self) -> None:
        self._database.close()

    def noting(self, filed: Iterable[Filed]) -> Iterator[Filed]:
        """Pass records on, the first being number 0, and note who holds which keys."""
        with self._writing("keys") as keys, self._writing("prints") as prints:
            for number, record in enumerate(filed):
                keys.writelines(f"{number},{key}\n" for key in record.keys)
                if record.print is not None:
                    prints.write(f"{number},{record.print}\n")
                yield record

    def find(self) -> None:
        """Find who is equal to whom, and who shares a key that finds."""
        self._load("keys")
        self._load("prints")
        for table, query in queries.STEPS.items():
            self._database.execute(f"CREATE TABLE {table} AS {query}")
        self._database.execute("DROP TABLE keys; DROP TABLE filed")

    def counted(self) -> Iterator[tuple[int, int]]:
        """The digests of keys that more than two hold, in order, each with how many do."""
        return self._rows(queries.COUNTED)

    def __len__(self) -> int:
        """How many pairs there are to weigh."""
        return sum(count for (count,) in self._rows("SELECT COUNT(*) FROM pairs"))

    def __iter__(self) -> Iterator[Pair]:
        """The pairs to weigh, in order; a record that has equals is paired with itself."""
        return self._rows("SELECT one, other FROM pairs ORDER BY one, other")

    def judged(self, weighed: Iterable[Weighed]) -> Iterator[Weighed]:
        """The pairs as they were weighed, those of equal records included, in order."""
        with self._writing("weighed") as file:
            csv.writer(file).writerows(weighed)
        self._load("weighed")
        return self._rows(queries.JUDGED)

    def _writing(self, table: str) -> TextIO:
        return self._path(table).open("w", encoding="ascii", newline="")

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}.csv"

    def _load(self, table: str) -> None:
        """Make a table of what was written for it. An empty verdict is one, and not unknown."""
        place = str(self._path(table)).replace("'", "''")
        self._database.execute(f"CREATE TABLE {table} ({TABLES[table]})")
        self._database.execute(f"COPY {table} FROM '{place}' ({LAYOUT})")

    def _rows(self, query: str) -> Iterator[Any]:
        """The rows, a few at a time. Each query has a cursor, so that two can be read at once."""
        cursor = self._database.cursor()
        cursor.execute(query)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
