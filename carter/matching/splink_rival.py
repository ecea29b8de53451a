"""The same file of customers through Splink, for comparison; an extra that nothing else needs.

Splink is given what it is known to do well with: the values as Carter normalises them, blocking on
every detail, expectation maximisation, term frequencies, and no threshold but the best.
"""

import csv
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from carter.customers.emails import email_parts
from carter.matching.record import Record
from carter.matching.verdicts import Judged, Verdict

COLUMNS = ("unique_id", "first", "last", "phone", "email", "mailbox_user", "street", "company")
LEAST = 0.01  # Pairs less probable are not asked for.
BLOCKS = (
    block_on("phone"),
    block_on("email"),
    block_on("mailbox_user"),
    block_on("first", "last"),
    block_on("last", "street"),
    block_on("substr(first, 1, 1)", "last"),
    block_on("company"),
)
SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    blocking_rules_to_generate_predictions=list(BLOCKS),
    comparisons=[
        cl.JaroWinklerAtThresholds("first", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("last", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("phone", [1]).configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
        cl.ExactMatch("street").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("company", [0.9]).configure(term_frequency_adjustments=True),
    ],
)


def splink_pairs(entries: Iterable[tuple[str, Record]]) -> list[Judged[str]]:
    """Every pair that Splink finds worth naming, with the probability of a match."""
    with TemporaryDirectory(prefix="carter-match-") as folder:
        linker = _linker(entries, Path(folder) / "customers.csv")
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block_on("phone", "last"), block_on("email")], recall=0.6
        )
        training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        for rule in (block_on("phone"), block_on("first", "last"), block_on("street")):
            training.estimate_parameters_using_expectation_maximisation(rule)
        found = linker.inference.predict(threshold_match_probability=LEAST)
        return [
            Judged(row["unique_id_l"], row["unique_id_r"], row["match_probability"], Verdict.NONE)
            for row in found.as_record_list()
        ]


def _linker(entries: Iterable[tuple[str, Record]], path: Path) -> Linker:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_row(name, record) for name, record in entries)
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE customers AS FROM read_csv(?, all_varchar = true, nullstr = '')", [str(path)]
    )
    api = DuckDBAPI(connection=database)
    return Linker(api.register("customers"), SETTINGS, log_level=logging.CRITICAL)


def _row(name: str, record: Record) -> Iterator[str]:
    """The first of each detail: a column holds one."""
    yield name
    person = record.names[0] if record.names else None
    email = record.emails[0] if record.emails else ""
    yield from (person.first, person.last) if person else ("", "")
    yield record.phones[0].key if record.phones else ""
    yield from (email, email_parts(email)[0])
    yield record.addresses[0].building if record.addresses else ""
    yield record.companies[0] if record.companies else ""
