"""The list of duplicates: possible pairs, their groups, and the runs that found them."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import OnMerge
from carter.customers.models import Customer


class DuplicateGroup(CompanyOwned):
    """Customers to be looked at together: held to be one, one household, or users of one desk.

    `sureness` orders the list: by verdict, then by probability. Made from the pairs
    (carter/matching/grouping.py); one whose members stay the same stays the same row.
    """

    class Verdict(models.TextChoices):
        SURE = "sure", "Surely the same"
        LIKELY = "likely", "Likely the same"
        HOUSEHOLD = "household", "Same household"
        DESK = "desk", "Shared desk"

    verdict = models.CharField(max_length=10, choices=Verdict)
    probability = models.FloatField()
    sureness = models.FloatField()
    size = models.PositiveIntegerField()

    class Meta:
        default_related_name = "duplicate_groups"
        indexes = [
            models.Index(fields=["company", "-sureness", "id"], name="duplicate_group_surest"),
            models.Index(
                fields=["company", "verdict", "-sureness", "id"], name="duplicate_group_by_verdict"
            ),
        ]


class PossibleDuplicate(CompanyOwned):
    """Two current customers who may be the same, share a home or a desk, or were decided about.

    `is_open` while a person should look: nobody has decided, or there is evidence that is new
    since. The verdict is empty where a person said Not the Same. Pairs that are closed keep
    others from being grouped against what was said.
    """

    on_merge = OnMerge.STAYS

    a = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    b = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, blank=True)
    probability = models.FloatField()
    is_open = models.BooleanField(default=True)
    group = models.ForeignKey(
        DuplicateGroup, on_delete=models.PROTECT, null=True, related_name="pairs"
    )

    class Meta:
        default_related_name = "possible_duplicates"
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="duplicate_one_way_round"),
            models.UniqueConstraint(fields=["a", "b", "company"], name="duplicate_once"),
        ]


class BookRunQuerySet(CompanyQuerySet["BookRun"]):
    """Runs of a company."""

    def working(self) -> Self:
        """Waiting to start, or under way."""
        return self.filter(state__in=BookRun.WORKING)


class BookRun(CompanyOwned):
    """One comparing of a company's whole book: who started it, how far it is, what it found.

    `alive_at` is when whoever works on it last gave a sign; `counts` holds pairs by verdict.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to start"
        KEYS = "keys", "Reading what changed"
        COMPARING = "comparing", "Comparing"
        GROUPING = "grouping", "Making the list"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Did not finish"

    WORKING = (State.WAITING, State.KEYS, State.COMPARING, State.GROUPING)

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)
    alive_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    across_companies = BookRunQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "book_runs"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(state__in=("waiting", "keys", "comparing", "grouping")),
                name="book_run_one_at_a_time",
            )
        ]

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0
