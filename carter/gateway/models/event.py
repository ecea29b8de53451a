"""What the gateway told by itself."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.companies.tenancy import CompanyOwned, CompanyQuerySet


class GatewayEventQuerySet(CompanyQuerySet["GatewayEvent"]):
    """Events of a company."""

    def waiting(self) -> Self:
        """Not taken note of yet."""
        return self.filter(processed_at=None)

    def for_a_person(self) -> Self:
        """Carter cannot book what they say, until somebody does something about it."""
        return self.waiting().exclude(trouble="")


class GatewayEvent(CompanyOwned):
    """One message of the gateway, kept as it came before anything is done about it.

    It may come twice, late, or before what happened earlier. `trouble` says to the desk why it
    could not be booked; it is tried again until it can be, or somebody says that it is done.
    """

    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    across_companies = GatewayEventQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "gateway_events"
        constraints = [
            models.UniqueConstraint(fields=["company", "event_id"], name="gateway_event_once")
        ]
        indexes = [
            models.Index(
                fields=["company", "id"],
                condition=Q(processed_at=None),
                name="gateway_event_waiting",
            )
        ]
