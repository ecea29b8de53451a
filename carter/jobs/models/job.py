"""One move, from the first call to the closed job."""

from typing import Any, Self

from django.db import models, transaction
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.functional import cached_property

from carter.companies.models import Member
from carter.companies.paths import path_to
from carter.companies.rights import Right, require
from carter.companies.tenancy import CompanyQuerySet
from carter.customers.following import FollowsCustomer
from carter.customers.locking import lock_row
from carter.customers.models import Customer, Event, Note
from carter.customers.models.history import naming
from carter.jobs.models import stages
from carter.jobs.models.stages import Stage
from carter.jobs.route import End, route
from carter.prepared import Given, Prepared

# Databases disagree where a list has the jobs whose day is to be decided. Ours are last, and the
# indexes say so, too, so that no list has to be sorted.
UNDATED = IsNull(models.F("move_on"), True)
SOONEST_FIRST = (UNDATED, models.F("move_on").asc(), models.F("id").asc())
LATEST_FIRST = (UNDATED, models.F("move_on").desc(), models.F("id").desc())


class JobQuerySet(CompanyQuerySet["Job"]):
    """Leads and jobs of a company or customer."""

    def leads(self) -> Self:
        """Not booked: open, lost and turned down."""
        return self.filter(stage__in=stages.LEAD)

    def booked(self) -> Self:
        """Booked at some time: running, completed and cancelled."""
        return self.filter(stage__in=stages.JOB)

    def moves(self) -> Self:
        """Leads and jobs, without the storage jobs."""
        return self.exclude(stage__in=stages.STORAGE)

    def storage(self) -> Self:
        """Storage jobs."""
        return self.filter(stage__in=stages.STORAGE)

    def open(self) -> Self:
        """Not archived."""
        return self.exclude(stage__in=stages.ARCHIVED)

    def awaiting_words(self) -> Self:
        """Changed since their search words were made."""
        return self.filter(words_due=True)


class Job(FollowsCustomer):
    """One move. It starts as a lead and ends completed, lost or cancelled.

    A storage job is one, too: it has a number, a caller, a customer, money, notes and a history
    like a move, and stages of its own. What else is known of it is in the storage module.

    The fields of **Intake** hold what was said when the lead came in. A person may correct them;
    linking and merging never touch them.
    """

    class MoveSize(models.TextChoices):
        FEW_ITEMS = "few-items", "Few items"
        ROOM_OR_LESS = "room-or-less", "Room or less"
        STUDIO = "studio", "Studio"
        ONE_BEDROOM = "1-bedroom", "One bedroom"
        TWO_BEDROOM = "2-bedroom", "Two bedroom"
        THREE_BEDROOM = "3-bedroom", "Three bedroom"
        FOUR_BEDROOM = "4-bedroom", "Four bedroom"
        FIVE_BEDROOM_PLUS = "5-bedroom-plus", "Five bedroom plus"
        OFFICE = "office", "Office"
        OTHER = "other", "Other"

    class Distance(models.TextChoices):
        LOCAL = "local", "Local"
        INTRASTATE = "intrastate", "Long distance in state"
        INTERSTATE = "interstate", "Interstate"
        INTERNATIONAL = "international", "International"

    class Flexibility(models.TextChoices):
        EXACT = "exact", "Exact day"
        FEW_DAYS = "few-days", "A few days either way"
        WEEKS = "weeks", "Within the month"
        ANY = "any", "Any time"

    class Service(models.TextChoices):
        MOVING = "moving", "Moving"
        PACKING = "packing", "Packing"
        UNPACKING = "unpacking", "Unpacking"
        LOADING = "loading", "Loading or unloading only"
        STORAGE = "storage", "Storage"
        DISPOSAL = "disposal", "Disposal"

    number = models.PositiveBigIntegerField()
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.NEW)
    category = models.CharField(
        "Move Category",
        max_length=12,
        choices=Customer.Category,
        default=Customer.Category.RESIDENTIAL,
    )
    name = models.CharField(max_length=300, blank=True)
    company_name = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=320, blank=True)
    move_on = models.DateField("Move date", null=True, blank=True)
    flexibility = models.CharField(max_length=10, choices=Flexibility, default=Flexibility.EXACT)
    origin_street = models.CharField(max_length=300, blank=True)
    origin_city = models.CharField(max_length=100, blank=True)
    origin_state = models.CharField(max_length=100, blank=True)
    origin_postcode = models.CharField(max_length=20, blank=True)
    destination_street = models.CharField(max_length=300, blank=True)
    destination_city = models.CharField(max_length=100, blank=True)
    destination_state = models.CharField(max_length=100, blank=True)
    destination_postcode = models.CharField(max_length=20, blank=True)
    extra_stops = models.TextField(max_length=2000, blank=True, help_text="One address a line.")
    move_size = models.CharField(max_length=20, choices=MoveSize, blank=True)
    distance = models.CharField(max_length=20, choices=Distance, blank=True)
    services = models.JSONField(default=list, blank=True)
    lead_source = models.CharField(max_length=100, blank=True)
    intake_notes = models.TextField("Notes", max_length=10_000, blank=True)
    estimate_cents = models.BigIntegerField("Estimated amount", null=True, blank=True)

    owner = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    archive_reason = models.CharField(max_length=500, blank=True)
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by"
    )
    created_at = models.DateTimeField(default=timezone.now)
    booked_at = models.DateTimeField(null=True, blank=True)
    words_due = models.BooleanField(default=True)

    across_companies = JobQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "jobs"
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="job_number_once"),
        ]
        indexes = [
            models.Index(fields=["company", "stage", "-created_at", "-id"], name="job_by_stage"),
            models.Index("company", "stage", *SOONEST_FIRST, name="job_by_stage_and_day"),
            models.Index(fields=["company", "-created_at", "-id"], name="job_newest"),
            models.Index("company", *LATEST_FIRST, name="job_latest"),
            models.Index(fields=["customer", "-move_on"], name="job_by_customer"),
            models.Index(
                fields=["company", "id"], condition=models.Q(words_due=True), name="job_words_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.code}"

    def get_absolute_url(self) -> str:
        return path_to("storage_job" if self.is_storage else "job", self.pk)

    @classmethod
    def carried_by(cls, row: FollowsCustomer) -> None:
        """A job hangs on nothing: a repeated move may be another customer's."""

    @property
    def code(self) -> str:
        """The number as it is shown and said: J-10482, or S-10483 of a storage job."""
        company = self.company
        return f"{company.storage_prefix if self.is_storage else company.job_prefix}{self.number}"

    @property
    def what(self) -> str:
        """What it is called on screen."""
        if self.is_storage:
            return "Storage Job"
        return "Lead" if self.is_lead else "Job"

    @property
    def is_lead(self) -> bool:
        return self.stage in stages.LEAD

    @property
    def is_storage(self) -> bool:
        return self.stage in stages.STORAGE

    @property
    def is_archived(self) -> bool:
        return self.stage in stages.ARCHIVED

    @property
    def next_stages(self) -> tuple[Stage, ...]:
        return stages.NEXT[self.stage]

    @property
    def route(self) -> str:
        """From where to where, in few words."""
        return route(
            End(self.origin_street, self.origin_city, self.origin_state),
            End(self.destination_street, self.destination_city, self.destination_state),
        )

    @property
    def caller(self) -> str:
        """Who called, as said at intake."""
        return self.name or self.company_name or self.phone or self.email

    @property
    def origin(self) -> str:
        return _one_line(
            self.origin_street, self.origin_city, self.origin_state, self.origin_postcode
        )

    @property
    def destination(self) -> str:
        return _one_line(
            self.destination_street,
            self.destination_city,
            self.destination_state,
            self.destination_postcode,
        )

    @property
    def service_labels(self) -> list[str]:
        return [self.Service(service).label for service in self.services]

    @cached_property
    def own_record(self) -> Customer:
        """The customer the job was taken for, wherever links have brought it since: for ever."""
        for first in FIRST_LINK(job=self.pk):
            record: Customer = first.from_customer
            record.company = self.company
            return record
        return self.born_to

    @property
    def notes(self) -> "models.QuerySet[Note]":
        """The remarks made about this job."""
        return self.customer.notes.filter(about_kind="job", about_id=self.pk)

    @property
    def count_of_notes(self) -> int:
        """How many there are."""
        return sum(count for (count,) in NOTES(job=self.pk, customer=self.customer_id))

    @property
    def events(self) -> "models.QuerySet[Event]":
        """What happened to this job."""
        return self.customer.events.filter(about_kind="job", about_id=self.pk)

    def record(
        self, what: str, *, by: Member | None, changes: dict[str, list[str]] | None = None
    ) -> Event:
        """Write one line of History about this job."""
        return self.customer.record(what, by=by, about=self, changes=changes)

    @transaction.atomic
    def add_note(self, text: str, *, by: Member | None) -> Note:
        """Add to this job's dated, signed log, with whom the job is now."""
        require(by, Right.EDIT)
        job = lock_row(self)
        return job.customer.notes.create(text=text, by=by, **naming(job))

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is not None and "words_due" not in fields:
            self.words_due = True
            kwargs["update_fields"] = [*fields, "words_due"]
        super().save(*args, **kwargs)


def _first_link() -> Any:
    links: Any = Job._meta.get_field("links").related_model
    rows = links.across_companies.filter(job=Given("job")).order_by("id")
    return rows.select_related("from_customer")[:1]


FIRST_LINK: Prepared[Any] = Prepared(_first_link)


def _notes() -> Any:
    notes = Note._base_manager.filter(about_kind="job", about_id=Given("job"))
    counted = notes.filter(customer=Given("customer")).order_by().values("about_id")
    return counted.annotate(count=models.Count("pk")).values_list("count")


NOTES: Prepared[Any] = Prepared(_notes)


def _one_line(street: str, city: str, state: str, postcode: str) -> str:
    region = " ".join(part for part in (state, postcode) if part)
    return ", ".join(part for part in (street, city, region) if part)
