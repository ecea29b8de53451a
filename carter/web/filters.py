"""What lists can be narrowed by; each filter is a question in the address."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from carter.companies.models import Member
from carter.companies.rights import Right
from carter.customers.models import Customer, CustomerTag, Tag
from carter.customers.names import fold
from carter.jobs.models import Job, stages
from carter.jobs.models.stages import Stage
from carter.matching.duplicates import with_possible_duplicates
from carter.matching.models import MatchDecision, SharedIdentifier
from carter.web.filtering import Filters, Offered
from carter.web.forms.days import DayFilter
from carter.web.middleware.company import StaffRequest

TAGS: Any = Offered(lambda company: Tag.across_companies.filter(company=company))
MEMBERS: Any = Offered(
    lambda company: Member.across_companies.filter(company=company).select_related("user")
)


class CustomerFilter(Filters):
    """Filters of the Customers list."""

    name = filters.CharFilter(method="by_name", label="Name starts with")
    category = filters.ChoiceFilter(
        choices=Customer.Category.choices, label="Move Category", empty_label="Any"
    )
    balance = filters.ChoiceFilter(
        choices=[("owes", "Owes money"), ("credit", "Has credit")],
        method="by_balance",
        label="Account Balance",
        empty_label="Any",
    )
    duplicates = filters.ChoiceFilter(
        choices=[("yes", "Possible duplicates")],
        method="by_duplicates",
        label="Duplicates",
        empty_label="Any",
    )
    storage = filters.ChoiceFilter(
        choices=[("yes", "In storage")], method="by_storage", label="Storage", empty_label="Any"
    )
    tag = filters.ModelChoiceFilter(
        queryset=TAGS,
        method="by_tag",
        label="Tag",
        empty_label="Any",
    )
    source = filters.CharFilter(
        field_name="lead_source", lookup_expr="icontains", label="Lead source"
    )

    class Meta:
        model = Customer
        fields: list[str] = []

    def __init__(self, *args: Any, request: StaffRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.company = request.company
        if not request.member.may(Right.SEE_MONEY):
            del self.filters["balance"]
        if not request.company.has_storage:
            del self.filters["storage"]

    def by_name(self, customers: QuerySet[Customer], _: str, value: str) -> QuerySet[Customer]:
        return customers.filter(sort_name__startswith=fold(value))

    def by_balance(self, customers: QuerySet[Customer], _: str, value: str) -> QuerySet[Customer]:
        wanted = "owed__balance_cents__gt" if value == "owes" else "owed__balance_cents__lt"
        return customers.filter(**{wanted: 0})

    def by_duplicates(
        self, customers: QuerySet[Customer], _: str, value: str
    ) -> QuerySet[Customer]:
        return with_possible_duplicates(self.company, customers)

    def by_storage(self, customers: QuerySet[Customer], _: str, value: str) -> QuerySet[Customer]:
        stored = self.company.jobs.filter(customer=OuterRef("pk"), stage__in=stages.STORED)
        return customers.filter(Exists(stored))

    def by_tag(self, customers: QuerySet[Customer], _: str, value: Tag) -> QuerySet[Customer]:
        tagged = CustomerTag.across_companies.filter(customer=OuterRef("pk"), tag=value)
        return customers.filter(Exists(tagged))


class JobFilter(Filters):
    """Filters of the Jobs list. Archived ones show when their stage is asked for."""

    shown: tuple[Stage, ...] = stages.JOB

    stage = filters.ChoiceFilter(label="Stage", empty_label="Not archived", method="by_stage")
    category = filters.ChoiceFilter(
        choices=Customer.Category.choices, label="Move Category", empty_label="Any"
    )
    owner = filters.ModelChoiceFilter(
        queryset=MEMBERS,
        label="Sales owner",
        empty_label="Anybody",
    )
    source = filters.CharFilter(
        field_name="lead_source", lookup_expr="icontains", label="Lead source"
    )
    start = DayFilter(
        field_name="move_on",
        lookup_expr="gte",
        label="Moves from",
    )
    end = DayFilter(
        field_name="move_on",
        lookup_expr="lte",
        label="Moves until",
    )

    class Meta:
        model = Job
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["stage"].extra["choices"] = [(one.value, one.label) for one in self.shown]

    def filter_queryset(self, queryset: QuerySet[Any]) -> Any:
        rows: Any = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("stage") else rows.open()

    def by_stage(self, jobs: QuerySet[Job], _: str, value: str) -> QuerySet[Job]:
        return jobs.filter(stage=value)


class LeadFilter(JobFilter):
    """Filters of the Leads list."""

    shown = stages.LEAD


class SharedFilter(Filters):
    """Filters of the shared phones and emails; it expects them with people's words."""

    q = filters.CharFilter(method="by_value", label="Phone or email")
    kind = filters.ChoiceFilter(
        choices=SharedIdentifier.Kind.choices, label="Kind", empty_label="Any"
    )
    whose = filters.ChoiceFilter(
        choices=SharedIdentifier.Conclusion.choices, label="Whose it is", empty_label="Any"
    )
    word = filters.ChoiceFilter(
        choices=[("yes", "Somebody here"), ("no", "Carter alone")],
        method="by_word",
        label="Said by",
        empty_label="Any",
    )

    class Meta:
        model = SharedIdentifier
        fields: list[str] = []

    def by_value(self, rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        """A part of it, of a phone whichever way it is written."""
        wanted = Q(value__contains=value.strip().lower())
        if digits := "".join(filter(str.isdecimal, value)):
            wanted |= Q(kind=SharedIdentifier.Kind.PHONE, value__contains=digits)
        return rows.filter(wanted)

    def by_word(self, rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        return rows.filter(said__isnull=value == "no")


class DecisionFilter(Filters):
    """Filters of what was decided about customers who may be the same."""

    verdict = filters.ChoiceFilter(
        choices=MatchDecision.Verdict.choices, label="Decided", empty_label="Anything"
    )
    by = filters.ModelChoiceFilter(queryset=MEMBERS, label="By", empty_label="Anybody")
    undone = filters.ChoiceFilter(
        choices=[("no", "Still holds"), ("yes", "Undone or replaced")],
        method="by_undone",
        label="Standing",
        empty_label="Any",
    )
    start = DayFilter(
        field_name="at",
        lookup_expr="date__gte",
        label="Since",
    )

    class Meta:
        model = MatchDecision
        fields: list[str] = []

    def by_undone(self, rows: QuerySet[Any], _: str, value: str) -> QuerySet[Any]:
        return rows.filter(withdrawn_at__isnull=value == "no")
