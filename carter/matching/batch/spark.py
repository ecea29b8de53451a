"""The same comparison on Spark: for a book that is too large for one machine.

The same queries find the pairs and the same engine weighs them, so that the answer is the same;
in local mode it takes many times as long. Where Spark runs is its own setting (spark-defaults.conf
or spark-submit), else this machine. The folder for temporary files must be one that all its
machines see.
"""

import os
import pickle
import shutil
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pyspark import Broadcast, SparkConf, StorageLevel
from pyspark.sql import Row, SparkSession

from carter import ROOT
from carter.matching.batch import queries
from carter.matching.batch.comparing import (
    ENTRIES_AT_ONCE,
    Limits,
    Progress,
    as_it_is,
    untold,
)
from carter.matching.batch.counts import Counts
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.engines import READING
from carter.matching.batch.filing import Filed, file_all
from carter.matching.batch.pairing import Weighed
from carter.matching.batch.shelf import temporary_folder, unpacked
from carter.matching.batch.weighing import weigh_records
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.verdicts import Judged, Name, Verdict

PAIRS_OF_RECORDS = """
    SELECT pairs.one, pairs.other, these.packed AS ours, those.packed AS theirs FROM pairs
    JOIN records AS these ON these.record = pairs.one
    JOIN records AS those ON those.record = pairs.other
"""
PIECES_A_CORE = 3  # Spark's own 200 take minutes on a small book and are few for a large one.
SETTINGS = {
    "spark.app.name": "carter match",
    "spark.master": "local[*]",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.executorEnv.PYTHONPATH": str(ROOT),
}


def compare_all(
    entries: Iterable[tuple[Name, Any]],
    *,
    record_of: Callable[[Any], Record] = as_it_is,
    book: Book = Book(0),  # noqa: B008 (frozen)
    progress: Progress = untold,
    limits: Limits = Limits(),  # noqa: B008 (a tuple)
) -> Iterator[Judged[Name]]:
    """What `comparing.compare_all` does; of the limits only the folder is heeded."""
    with (
        temporary_folder(limits.folder) as folder,
        _session() as spark,
    ):
        names = _write(entries, folder / "entries", progress)
        _find_pairs(spark, folder / "entries", record_of)
        counted = (tuple(row) for row in spark.sql(queries.COUNTED).toLocalIterator())
        shared = spark.sparkContext.broadcast(
            replace(book, size=len(names), holders=Counts(counted))
        )
        weighed = spark.sql(PAIRS_OF_RECORDS).rdd.mapPartitions(partial(_weigh, book=shared))
        _table(
            spark, "weighed", weighed, "one LONG, other LONG, probability DOUBLE, verdict STRING"
        )
        for row in spark.sql(queries.JUDGED).toLocalIterator():
            yield Judged(names[row.one], names[row.other], row.probability, Verdict(row.verdict))


@contextmanager
def _session() -> Iterator[SparkSession]:
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise CannotCompare("Spark needs Java 17 or newer on this machine.")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = SparkConf()
    for name, value in SETTINGS.items():
        settings.setIfMissing(name, value)
    session = SparkSession.builder.config(conf=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    pieces = PIECES_A_CORE * session.sparkContext.defaultParallelism
    session.conf.set("spark.sql.shuffle.partitions", pieces)
    try:
        yield session
    finally:
        session.stop()


def _write(entries: Iterable[tuple[Name, Any]], path: Path, progress: Progress) -> list[Name]:
    """Write numbered entries, one a line, for Spark to divide; returns their names in order."""
    names: list[Name] = []
    with path.open("wb") as file:
        for name, entry in entries:
            file.write(b64encode(pickle.dumps((len(names), entry))) + b"\n")
            names.append(name)
            if len(names) % ENTRIES_AT_ONCE == 0:
                progress(READING, len(names), 0)
    return names


def _find_pairs(spark: SparkSession, path: Path, record_of: Callable[[Any], Record]) -> None:
    lines = spark.sparkContext.textFile(str(path), spark.sparkContext.defaultParallelism)
    filed = lines.mapPartitions(partial(_file, record_of=record_of))
    filed.persist(StorageLevel.MEMORY_AND_DISK)
    _table(spark, "records", filed.map(_record), "record LONG, packed BINARY")
    _table(spark, "keys", filed.flatMap(_keys), "record LONG, key LONG")
    _table(spark, "prints", filed.flatMap(_prints), "record LONG, print LONG")
    for name, query in queries.STEPS.items():
        spark.sql(query).persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView(name)


def _table(spark: SparkSession, name: str, rows: Any, columns: str) -> None:
    """Let queries read the rows under a name; they are made once."""
    table = spark.createDataFrame(rows, columns, verifySchema=False)
    table.persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView(name)


def _file(lines: Iterable[str], record_of: Callable[[Any], Record]) -> Iterator[tuple[int, Filed]]:
    for line in lines:
        number, entry = pickle.loads(b64decode(line))  # noqa: S301 (written by us)
        yield number, file_all([entry], record_of)[0]


def _record(filed: tuple[int, Filed]) -> tuple[int, bytes]:
    return filed[0], filed[1].record


def _keys(filed: tuple[int, Filed]) -> list[tuple[int, int]]:
    return [(filed[0], key) for key in filed[1].keys]


def _prints(filed: tuple[int, Filed]) -> list[tuple[int, int]]:
    return [] if filed[1].print is None else [(filed[0], filed[1].print)]


def _weigh(rows: Iterable[Row], book: "Broadcast[Book]") -> Iterator[Weighed]:
    pairs = ((row.one, row.other, unpacked(row.ours), unpacked(row.theirs)) for row in rows)
    return weigh_records(pairs, book.value)
