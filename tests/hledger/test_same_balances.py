"""hledger, another bookkeeper by others, comes to the balances of many books made by chance.

Run by `carter test-hledger`; CARTER_TEST_BOOKS says how many books, 20 by default. hledger's
licence is the GPL, Carter only feeds it a file.
"""

import csv
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction

from tests.billing.journal import account_of, amount, by_chance, transactions, what_carter_says
from tests.builders import a_company

BOOKS = int(os.environ.get("CARTER_TEST_BOOKS", "20"))
SEEDS = range(BOOKS)


@pytest.fixture
def compared(db, tmp_path, capsys):
    """What Carter and hledger say of every book: customer, day, our cents, theirs."""
    found = []
    for seed in SEEDS:
        with transaction.atomic():
            book = by_chance(a_company(f"Movers {seed}"), seed)
            file = tmp_path / f"{seed}.journal"
            file.write_text(written(book), encoding="utf-8")
            said = list(what_carter_says(book))
            theirs = {day: balances(file, day) for _, day, _ in said}
            found += [
                (pk, day, cents, theirs[day].get(account_of(pk), 0)) for pk, day, cents in said
            ]
            transaction.set_rollback(True)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(found)} balances of {BOOKS} books compared with hledger\n")
    return found


def written(company):
    """The book as hledger reads it."""
    rows = sorted(transactions(company), key=lambda row: row[0])
    return "".join(
        f"{day} {what}\n    {account}  {amount(cents)}\n    {other}\n\n"
        for day, what, account, cents, other in rows
    )


def balances(file, through):
    """Cents by account at the end of a day, as hledger adds them up."""
    end = str(through + timedelta(days=1))
    asked = ["balance", "Assets:Owed", "--flat", "--no-total", "--end", end, "-O", "csv"]
    done = subprocess.run(
        ["hledger", "-f", file, *asked], capture_output=True, text=True, check=True
    )
    rows = csv.DictReader(done.stdout.splitlines())
    return {row["account"]: cents_of(row["balance"]) for row in rows}


def cents_of(said):
    """`-12.30 USD` in cents."""
    whole, _, cents = said.removesuffix(" USD").partition(".")
    return int(whole + cents.ljust(2, "0"))


def test_hledger_comes_to_the_same_balances(compared):
    assert len(compared) == 12 * BOOKS
    assert [each for each in compared if each[2] != each[3]] == []
    assert sum(bool(each[2]) for each in compared) > len(compared) // 2


def test_hledger_would_notice_a_charge_that_is_a_cent_off(ours, tmp_path):
    book, file = by_chance(ours, seed=1), tmp_path / "off.journal"
    written_once = written(book)
    dear = next(row for row in transactions(book) if row[4] == "Income:Charges")
    file.write_text(
        written_once.replace(
            f"{dear[1]}\n    {dear[2]}  {amount(dear[3])}",
            f"{dear[1]}\n    {dear[2]}  {amount(dear[3] + 1)}",
        ),
        encoding="utf-8",
    )

    off = [
        (pk, day)
        for pk, day, cents in what_carter_says(book)
        if balances(file, day).get(account_of(pk), 0) != cents
    ]

    assert (int(dear[2].rpartition("C")[2]), book.today) in off
    assert {account_of(pk) for pk, _ in off} == {dear[2]}
