"""The words by which customers and jobs are found."""

from django.db import models

from carter.companies.tenancy import CompanyOwned


class Word(CompanyOwned):
    """One word of one row: part of a name, an email, a street, or the digits of a phone.

    `subject` is the kind of row ("customer", "job", later "invoice"), `subject_id` its key.
    Phones stand twice, as dialled and backwards, so that their last digits find them too.
    """

    word = models.CharField(max_length=80)
    subject = models.CharField(max_length=12)
    subject_id = models.PositiveBigIntegerField()

    class Meta:
        default_related_name = "words"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "subject", "subject_id", "word"], name="word_once_per_row"
            )
        ]
        indexes = [
            models.Index(
                fields=["company", "word", "subject", "subject_id"], name="word_finds_row"
            ),
        ]
