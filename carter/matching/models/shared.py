"""Phones and mailboxes that many customers have, and what people said of them."""

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.phones import written
from carter.matching.keys import LONGEST_KIND, LONGEST_VALUE


class SharedIdentifierQuerySet(CompanyQuerySet["SharedIdentifier"]):
    """Shared phones and mailboxes of a company."""

    def with_words(self) -> Self:
        """Each with `said`, the standing word of a person if there is one, and `whose` it is."""
        words = LastWord.across_companies.standing().filter(
            company=OuterRef("company"), value=OuterRef("value"), kind=OuterRef("kind")
        )
        return self.annotate(said=Subquery(words.values("said")[:1])).annotate(
            whose=Coalesce("said", "conclusion")
        )


class SharedIdentifier(CompanyOwned):
    """A phone or a mailbox that at least three customers have, and what Carter makes of it.

    Kept as keys are made (carter/matching/sharing.py); `is_due` when its holders changed since it
    was last looked at. `held_by` counts current customers.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "Email"

    class Conclusion(models.TextChoices):
        PERSONAL = "personal", "One customer’s own"
        HOUSEHOLD = "household", "Household"
        DESK = "desk", "Desk"
        HUB = "hub", "Hub"
        JUNK = "junk", "Junk"

    kind = models.CharField(max_length=LONGEST_KIND, choices=Kind)
    value = models.CharField(max_length=LONGEST_VALUE)
    held_by = models.PositiveIntegerField()
    conclusion = models.CharField(max_length=10, choices=Conclusion, blank=True)
    why = models.CharField(max_length=100, blank=True)
    is_due = models.BooleanField(default=True)

    across_companies = SharedIdentifierQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "shared_identifiers"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "value", "kind"], name="shared_identifier_once"
            )
        ]
        indexes = [
            models.Index(fields=["company", "-held_by", "id"], name="shared_identifier_by_holders"),
            models.Index(
                fields=["company", "-held_by", "id"],
                condition=Q(is_due=True),
                name="shared_identifier_due",
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    def get_absolute_url(self) -> str:
        return reverse("shared_identifier", args=[self.pk])

    @property
    def key(self) -> tuple[str, str]:
        """The key under which its holders are filed."""
        return self.kind, self.value

    @property
    def whose_it_is(self) -> str:
        """Whose, in words, of a row read `with_words()`."""
        whose: str = self.whose  # type: ignore[attr-defined]
        return self.Conclusion(whose).label if whose else "Not looked at yet"

    @property
    def shown(self) -> str:
        """As people write it; a phone of the company's country without the country code."""
        if self.kind != self.Kind.PHONE:
            return self.value
        return written(self.value, self.company.country)

    def words(self) -> "LastWordQuerySet":
        """Everything that was ever said of it, the latest first."""
        return self.company.last_words.filter(kind=self.kind, value=self.value)


class LastWordQuerySet(CompanyQuerySet["LastWord"]):
    """Words of a company."""

    def standing(self) -> Self:
        """Neither taken back nor replaced by a later one."""
        return self.filter(withdrawn_at=None)


class LastWord(CompanyOwned):
    """What a person said of a shared phone or mailbox; it counts more than Carter's conclusion.

    Kept by the value, not by the row of the list: it holds whoever has the value later on.
    """

    class Said(models.TextChoices):
        PERSONAL = "personal", "One customer’s own"
        HOUSEHOLD = "household", "Household"
        DESK = "desk", "Desk"
        JUNK = "junk", "Junk"

    kind = models.CharField(max_length=LONGEST_KIND)
    value = models.CharField(max_length=LONGEST_VALUE)
    said = models.CharField(max_length=10, choices=Said)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    across_companies = LastWordQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "last_words"
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "value", "kind"],
                condition=Q(withdrawn_at=None),
                name="last_word_standing_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_said_display())
