"""Finding the pairs that are worth weighing, by DuckDB, in bounded memory."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb

from carter.matching.batch.filing import Filed
from carter.matching.keys import CAP

KEYS, PRINTS, WEIGHED = "keys.csv", "prints.csv", "weighed.csv"
ROWS_AT_ONCE = 10_000
THREADS = 2

Pair = tuple[int, int]
Weighed = tuple[int, int, float, str]
"""Two numbers of records, the probability that both are the same customer, and the verdict."""

# Equal records that say who they are: the first is compared with others, and stands for the rest.
EQUALS = """
    CREATE TABLE equals AS
    SELECT record, first, copies FROM (
        SELECT record, min(record) OVER same AS first, count(*) OVER same AS copies
        FROM read_csv($prints, header = false, auto_detect = false, columns = {
            record: 'UINTEGER', print: 'UBIGINT'
        })
        WINDOW same AS (PARTITION BY print)
    )
    WHERE copies > 1
"""
FILED = """
    CREATE TABLE filed AS
    SELECT key, keys.record, least(coalesce(copies, 1), $copies)::UTINYINT AS copies
    FROM read_csv($keys, header = false, auto_detect = false, columns = {
        record: 'UINTEGER', key: 'UBIGINT'
    }) AS keys
    LEFT JOIN equals USING (record)
    WHERE first IS NULL OR first = record
"""
HOLDERS = """
    CREATE TABLE holders AS
    SELECT key, sum(copies)::UINTEGER AS holders, count(*) AS firsts FROM filed
    GROUP BY key HAVING holders > 1
"""
COUNTED = "SELECT key, holders FROM holders WHERE holders > 2 ORDER BY key"
PAIRS = """
    CREATE TABLE pairs AS
    WITH finding AS (
        SELECT key, record FROM filed
        SEMI JOIN (FROM holders WHERE firsts > 1 AND holders <= $cap) USING (key)
    )
    SELECT DISTINCT one.record AS one, other.record AS other
    FROM finding AS one JOIN finding AS other ON one.key = other.key AND one.record < other.record
    UNION ALL
    SELECT DISTINCT first, first FROM equals
"""
IN_ORDER = "FROM pairs ORDER BY one, other"
# Of very many equal records only the first is named in a pair with another; the others are
# connected through it.
JUDGED = """
    WITH weighed AS (
        FROM read_csv($weighed, header = false, auto_detect = false, columns = {
            one: 'UINTEGER', other: 'UINTEGER', probability: 'DOUBLE', verdict: 'VARCHAR'
        })
    ),
    few AS (SELECT first, record FROM equals WHERE copies <= $cap),
    stars AS (SELECT first, record FROM equals WHERE copies > $cap AND record <> first),
    judged AS (
        SELECT coalesce(these.record, one) AS one, coalesce(those.record, other) AS other,
            probability, verdict
        FROM weighed LEFT JOIN few AS these ON these.first = one
        LEFT JOIN few AS those ON those.first = other
        WHERE one <> other OR these.record < those.record
        UNION ALL
        SELECT one, stars.record, probability, verdict
        FROM weighed JOIN stars ON stars.first = one WHERE one = other
    )
    SELECT least(one, other) AS one, greatest(one, other) AS other, probability,
        coalesce(verdict, '')
    FROM judged ORDER BY one, other
"""
MOST_COPIES = 6
"""As so many holders count equal records, however many there are: they are one customer entered
again and again, and not a crowd."""


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
        with self._writing(KEYS) as keys, self._writing(PRINTS) as prints:
            for number, record in enumerate(filed):
                keys.writelines(f"{number},{key}\n" for key in record.keys)
                if record.print is not None:
                    prints.write(f"{number},{record.print}\n")
                yield record

    def find(self) -> None:
        """Find who is equal to whom, and who shares a key that finds."""
        keys, prints = self._path(KEYS), self._path(PRINTS)
        self._database.execute(EQUALS, {"prints": prints})
        self._database.execute(FILED, {"keys": keys, "copies": MOST_COPIES})
        self._database.execute(HOLDERS)
        self._database.execute(PAIRS, {"cap": CAP})
        self._database.execute("DROP TABLE filed")

    def counted(self) -> Iterator[tuple[int, int]]:
        """The digests of keys that more than two hold, in order, each with how many do."""
        return self._rows(COUNTED)

    def __len__(self) -> int:
        """How many pairs there are to weigh."""
        return sum(count for (count,) in self._rows("SELECT count(*) FROM pairs"))

    def __iter__(self) -> Iterator[Pair]:
        """The pairs to weigh, in order; a record that has equals is paired with itself."""
        return self._rows(IN_ORDER)

    def judged(self, weighed: Iterable[Weighed]) -> Iterator[Weighed]:
        """The pairs as they were weighed, those of equal records included, in order."""
        with self._writing(WEIGHED) as file:
            csv.writer(file).writerows(weighed)
        return self._rows(JUDGED, {"weighed": self._path(WEIGHED), "cap": CAP})

    def _writing(self, name: str) -> TextIO:
        return (self._folder / name).open("w", encoding="ascii", newline="")

    def _path(self, name: str) -> str:
        return str(self._folder / name)

    def _rows(self, query: str, values: dict[str, Any] | None = None) -> Iterator[Any]:
        """The rows, a few at a time. Each query has a cursor, so that two can be read at once."""
        cursor = self._database.cursor()
        cursor.execute(query, values)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
