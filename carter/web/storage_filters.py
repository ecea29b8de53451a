"""What the list of storage jobs can be narrowed by."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from carter.companies.rights import Right
from carter.customers.names import fold
from carter.jobs.models.stages import STORAGE, STORED, Stage
from carter.storage.models import StorageJob, Warehouse
from carter.storage.owing import with_storage_balances
from carter.web.filtering import Filters, Offered
from carter.web.middleware.company import StaffRequest

RUNNING = (Stage.RESERVED, *STORED)


WAREHOUSES: Any = Offered(lambda company: Warehouse.across_companies.filter(company=company))


class StorageFilter(Filters):
    """Filters of the storage jobs; those that are over show when their stage is asked for."""

    q = filters.CharFilter(method="by_words", label="Customer or location")
    stage = filters.ChoiceFilter(
        choices=[(stage.value, stage.label) for stage in STORAGE],
        field_name="job__stage",
        label="Stage",
        empty_label="Not over",
    )
    warehouse = filters.ModelChoiceFilter(
        queryset=WAREHOUSES,
        method="by_warehouse",
        label="Warehouse",
        empty_label="Any",
    )
    out = filters.ChoiceFilter(
        choices=[("14", "Within 14 days"), ("30", "Within 30 days"), ("late", "Overdue")],
        method="by_out",
        label="Moving out",
        empty_label="Any time",
    )
    balance = filters.ChoiceFilter(
        choices=[("owes", "Owes money")], method="by_balance", label="Balance", empty_label="Any"
    )

    class Meta:
        model = StorageJob
        fields: list[str] = []

    def __init__(self, *args: Any, request: StaffRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.company = request.company
        if not request.member.may(Right.SEE_MONEY):
            del self.filters["balance"]

    def filter_queryset(self, queryset: QuerySet[Any]) -> Any:
        rows: Any = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("stage") else rows.filter(job__stage__in=RUNNING)

    def by_words(self, rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        """The customer’s name from its start, the number, or where the goods are."""
        prefix = self.company.storage_prefix
        number = value.strip().upper().removeprefix(prefix.upper()).lstrip("#")
        there = self.company.stays.standing().filter(
            storage_job=OuterRef("pk"), location__name__istartswith=value.strip()
        )
        wanted = Q(job__customer__sort_name__startswith=fold(value)) | Q(Exists(there))
        if number.isascii() and number.isdigit() and len(number) < 19:
            wanted |= Q(job__number=int(number))
        return rows.filter(wanted)

    def by_warehouse(self, rows: QuerySet[Any], _: str, value: Any) -> QuerySet[Any]:
        stays = self.company.stays.standing().filter(location__zone__warehouse=value)
        return rows.filter(Exists(stays.filter(storage_job=OuterRef("pk"))))

    def by_out(self, rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        today, stored = self.company.today, rows.filter(job__stage__in=STORED)
        if value == "late":
            return stored.filter(move_out_on__lt=today)
        return stored.filter(move_out_on__lte=today + timedelta(days=int(value)))

    def by_balance(self, rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        return with_storage_balances(rows).filter(balance_cents__gt=0)
