"""Beancount, a double-entry bookkeeper by others, comes to the balances that Carter shows.

Every balance that Carter says, of today and of a past day, is written as an assertion. Beancount
is asked as a program of its own; its licence is the GPL, Carter only feeds it a file.
"""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.billing.journal import (
    CREDITS,
    INCOME,
    MONEY,
    account_of,
    amount,
    by_chance,
    transactions,
    what_carter_says,
)

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


@pytest.fixture
def book(ours):
    return by_chance(ours, seed=20_26)


def written(company, said):
    """The book as beancount reads it, with what we say of each customer on some days."""
    lines = ['option "operating_currency" "USD"']
    names = [account_of(customer.pk) for customer in company.customers.all()]
    lines += [f"2020-01-01 open {name} USD" for name in (*names, INCOME, MONEY, CREDITS)]
    for day, what, account, cents, other in transactions(company):
        lines += [f'{day} * "{what}"', f"  {account}  {amount(cents)}", f"  {other}"]
    for customer_id, day, cents in said:
        # Beancount asserts what was there when the day began, and would let a cent pass.
        asserted = amount(cents).replace(" USD", " ~ 0.001 USD")
        lines.append(f"{day + timedelta(days=1)} balance {account_of(customer_id)} {asserted}")
    return "\n".join(lines) + "\n"


def judged(company, said, folder):
    """How many of our balances beancount disagrees with."""
    file = folder / "book.beancount"
    file.write_text(written(company, said), encoding="utf-8")
    done = subprocess.run(
        [BEAN_CHECK, "--no-cache", file], capture_output=True, text=True, check=False
    )
    wrong = done.stderr.count("Balance failed")
    assert bool(wrong) == bool(done.returncode), done.stderr
    return wrong


def test_beancount_comes_to_the_same_balances(book, tmp_path):
    assert judged(book, list(what_carter_says(book)), tmp_path) == 0


def test_beancount_would_notice_a_balance_that_is_a_cent_off(book, tmp_path):
    said = [(pk, day, cents + 1) for pk, day, cents in what_carter_says(book)]

    assert judged(book, said, tmp_path) == len(said)
