"""What is kept of matching: keys and profiles of customers, and what people decided of pairs."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import OnMerge
from carter.customers.models import Customer
from carter.matching.keys import LONGEST_KIND, LONGEST_VALUE
from carter.matching.record import Record


class Key(CompanyOwned):
    """A value under which a customer's record is filed and looked for (carter/matching/keys.py).

    Made per record, from what is known of it: a merge or a link changes no key, it only changes
    where the record leads.
    """

    on_merge = OnMerge.STAYS

    # The primary key begins with the company: it needs no index of its own.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    pk = models.CompositePrimaryKey("company_id", "kind", "value", "customer_id")
    kind = models.CharField(max_length=LONGEST_KIND)
    value = models.CharField(max_length=LONGEST_VALUE)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)

    class Meta:
        default_related_name = "keys"

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Profile(CompanyOwned):
    """What is compared of a customer's record, normalised when the record last changed.

    `compare_due`: since then, or since somebody decided about it, it was not compared with the
    others for the list of duplicates.
    """

    on_merge = OnMerge.STAYS

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="profiles")
    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    stored = models.JSONField()
    compare_due = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "customer"],
                condition=Q(compare_due=True),
                name="profile_compare_due",
            )
        ]

    @property
    def record(self) -> Record:
        return Record.restored(self.stored)


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
                fields=["a", "b"],
                condition=Q(withdrawn_at=None),
                name="match_decision_standing_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_verdict_display())

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
            models.UniqueConstraint(fields=["a", "b"], name="duplicate_once"),
        ]


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


class MatchModel(CompanyOwned):
    """The weights a company's own book was found to have; the newest standing one is used.

    `weights` is the JSON of weights.Weights.stored(), kept as text: a lookup brings it along and
    recognises it without reading it again. `pairs` is how many pairs it was learnt from.
    """

    weights = models.TextField()
    pairs = models.PositiveIntegerField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "match_models"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"weights of {self.at:%Y-%m-%d} from {self.pairs:,} pairs"
