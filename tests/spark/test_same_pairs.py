"""Spark gives what DuckDB gives. Run by `carter test-spark`."""

from carter.matching.batch.engines import compare_all_with
from carter.matching.record import Record
from tests.matching.book import a_book


def test_spark_and_duckdb_find_the_same_pairs_in_the_same_order():
    records, _ = a_book(10_000, seed=5)
    bob = Record.typed(names=["Bob Smith"], phones=["303 555 0142"])
    copies = [(f"copy {number}", bob) for number in range(60)]
    book = [*records.items(), *copies, ("few 1", records["7"]), ("few 2", records["7"])]
    ours, theirs = (list(compare_all_with(engine)(book)) for engine in ("duckdb", "spark"))

    assert len(ours) > 10_000
    assert theirs == ours
