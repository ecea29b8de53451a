"""The weights a company's own book was found to have."""

from django.db import models
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned


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
