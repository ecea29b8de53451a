"""What people decided of two customers."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import OnMerge
from carter.customers.models import Customer


class MatchDecisionQuerySet(CompanyQuerySet["MatchDecision"]):
    """Decisions of a company."""

    def standing(self) -> Self:
        """Neither withdrawn nor replaced by a later one."""
        return self.filter(withdrawn_at=None)


class MatchDecision(CompanyOwned):
    """What a person said of two customers: the same, one household, or not the same.

    It holds in both directions, so each pair is kept one way round, and for whoever the two lead
    to after a merge. `evidence` is what was known then: something new reopens the question.
    """

    class Verdict(models.TextChoices):
        SAME = "same", "Same Customer"
        SAME_HOUSEHOLD = "same-household", "Same Household"
        NOT_THE_SAME = "not-the-same", "Not the Same"

    on_merge = OnMerge.STAYS

    a = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="decisions_as_a")
    b = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="decisions_as_b")
    verdict = models.CharField(max_length=20, choices=Verdict)
    reason = models.CharField(max_length=500, blank=True)
    evidence = models.JSONField(default=list)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    across_companies = MatchDecisionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "match_decisions"
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="match_decision_one_way_round"),
            models.UniqueConstraint(
                fields=["a", "b", "company"],
                condition=Q(withdrawn_at=None),
                name="match_decision_standing_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_verdict_display())

    def replaced(self) -> MatchDecisionQuerySet:
        """What held for the two until this was said: it ended in the same moment."""
        return self.company.match_decisions.filter(a=self.a_id, b=self.b_id, withdrawn_at=self.at)

    @property
    def known_facts(self) -> frozenset[str]:
        """What spoke for the same customer when this was decided."""
        speaking = (reason for reason in self.evidence if reason["speaks_for"])
        return frozenset(fact for reason in speaking for fact in reason["facts"])

    @classmethod
    def pair(cls, one: Customer, other: Customer) -> dict[str, Any]:
        """The two as they are stored, the earlier record first."""
        a, b = sorted((one, other), key=lambda customer: customer.pk)
        return {"a": a, "b": b}
