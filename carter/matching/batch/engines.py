"""The programs that can find the pairs of a book: DuckDB on this machine, or Spark on many."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any, cast

from carter.matching.batch.crew import CannotCompare
from carter.matching.verdicts import Judged

ENGINES = {
    "duckdb": "carter.matching.batch.comparing",
    "spark": "carter.matching.batch.spark",
}
READING, COMPARING = "Reading", "Comparing"
"""The steps of their work, as they tell of their progress."""
NOT_INSTALLED = "Spark is not installed here. `./run add-spark` does that; it also needs Java."


def compare_all_with(engine: str) -> Callable[..., Iterator[Judged[Any]]]:
    """`compare_all` of an engine; the pairs are the same. Raises CannotCompare."""
    if engine not in ENGINES:
        raise CannotCompare(f"There is no engine “{engine}”, but {' and '.join(ENGINES)}.")
    try:
        module = importlib.import_module(ENGINES[engine])
    except ModuleNotFoundError as missing:
        if missing.name != "pyspark":
            raise
        raise CannotCompare(NOT_INSTALLED) from missing
    return cast(Callable[..., Iterator[Judged[Any]]], module.compare_all)
