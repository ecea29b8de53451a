"""The words by which customers, leads and jobs are found."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from carter.companies.models import Company
from carter.companies.tenancy import CompanyOwned


class PlainText(models.CharField[str, str]):
    """Text compared character by character, whatever language the database sorts in.

    Only so do all words that begin alike stand together in an index.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Word(CompanyOwned):
    """One word of one row: part of a name, an email or an address, or the digits of a phone.

    `subject` is the kind of row by its letter (carter/search/subjects.py) and `subject_id` its
    key; `start` sorts words by their first character (carter/search/words.py). The key lists the
    words that start alike by row, newest last: it finds the newest rows for a start that is
    common, and answers whether one row has a word. The index lists the rows by word: it finds
    all rows for a start that is rare.
    """

    # The key and the index both begin with the company: it needs no index of its own.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    pk = models.CompositePrimaryKey("company_id", "subject", "start", "subject_id", "word")
    subject = PlainText(max_length=1)
    start = PlainText(max_length=1)
    subject_id = models.PositiveBigIntegerField()
    word = PlainText(max_length=80)

    class Meta:
        default_related_name = "words"
        indexes = [
            models.Index(
                fields=["company", "subject", "word", "subject_id"], name="word_finds_row"
            ),
        ]
