"""The moving company and the people who work in it."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator

from carter.companies.rights import RIGHTS, NotAllowed, Right, Role
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.prepared import Given, Prepared


class UserManager(BaseUserManager["User"]):
    """Makes people from an email address and a password."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        # Nobody signs up by themselves: an address is given by whoever runs the installation, or
        # proved by the link in an invitation. So it counts as verified.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser):
    """A person who signs in. What they may do is said by their `Member` in a company."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def places(self) -> "list[Member]":
        """Where the person works, the longest first."""
        return Member.places_of(self.pk)


def known_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. An example: America/Chicago.")


class Company(models.Model):
    """The moving company that uses Carter: the tenant."""

    class Currency(models.TextChoices):
        USD = "USD", "US dollar"
        CAD = "CAD", "Canadian dollar"
        GBP = "GBP", "Pound sterling"
        EUR = "EUR", "Euro"
        AUD = "AUD", "Australian dollar"

    class Country(models.TextChoices):
        US = "US", "United States"
        CA = "CA", "Canada"
        GB = "GB", "United Kingdom"
        IE = "IE", "Ireland"
        AU = "AU", "Australia"

    class Terms(models.TextChoices):
        ON_RECEIPT = "on-receipt", "Due on receipt"
        NET_15 = "net-15", "Net 15"
        NET_30 = "net-30", "Net 30"

    name = models.CharField(max_length=200)
    time_zone = models.CharField(
        max_length=64, default="America/New_York", validators=[known_time_zone]
    )
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.USD)
    country = models.CharField(
        max_length=2,
        choices=Country,
        default=Country.US,
        help_text="Phone numbers without a country code are read as numbers of this country.",
    )
    customer_prefix = models.CharField(max_length=8, blank=True, default="C-")
    job_prefix = models.CharField(max_length=8, blank=True, default="J-")
    storage_prefix = models.CharField(max_length=8, blank=True, default="S-")
    invoice_prefix = models.CharField(max_length=8, blank=True, default="INV-")
    credit_note_prefix = models.CharField(max_length=8, blank=True, default="CN-")
    payment_terms = models.CharField(max_length=12, choices=Terms, default=Terms.ON_RECEIPT)
    tax_rate_millionths = models.PositiveIntegerField("Tax rate", default=0)
    books_closed_through = models.DateField(
        null=True, blank=True, help_text="Nothing is posted on this day or an earlier one."
    )
    has_storage = models.BooleanField("Storage module", default=False)
    requires_second_step = models.BooleanField("Require a second step", default=False)
    address = models.TextField(
        max_length=300, blank=True, help_text="As it is printed, line by line."
    )
    phone = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True, help_text="Customers who answer a mail write to it.")
    website = models.CharField(max_length=200, blank=True)
    tax_number = models.CharField(max_length=60, blank=True)
    paper_footer = models.CharField(
        "At the foot of every page",
        max_length=300,
        blank=True,
        help_text="Licences, bank account, thanks.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def today(self) -> date:
        """The day it is where the company works; it decides every business date."""
        return timezone.now().astimezone(self.zone).date()

    def record(
        self, what: str, *, by: "Member | None", changes: dict[str, list[str]] | None = None
    ) -> "SettingsEvent":
        """Write one line of the settings' history, in the transaction of the deed; shortened."""
        what = Truncator(what).chars(SettingsEvent.LONGEST)
        return self.settings_events.create(company=self, what=what, by=by, changes=changes or {})


class Member(CompanyOwned):
    """A person's place in one company: who acts, and what they may do."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=12, choices=Role)
    left_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "members"
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="member_once_per_company")
        ]

    def __str__(self) -> str:
        return self.user.name or self.user.email

    @classmethod
    def places_of(cls, user_id: int) -> "list[Member]":
        """Where a person works, the longest first."""
        return PLACES(user=user_id)

    @property
    def is_working(self) -> bool:
        return self.left_at is None

    def may(self, right: Right) -> bool:
        return self.is_working and right in RIGHTS[self.role]

    def must(self, right: Right) -> None:
        """Raise `NotAllowed`, which says who may, unless this person may do it."""
        if not self.may(right):
            raise NotAllowed(right)


class CompanyLogo(CompanyOwned):
    """The picture at the head of a company's paper, in the database so that a backup has it."""

    media_type = models.CharField(max_length=40)
    data = models.BinaryField()

    class Meta:
        default_related_name = "logos"
        constraints = [models.UniqueConstraint(fields=["company"], name="logo_once_per_company")]


class Series(CompanyOwned):
    """A run of numbers of one company, without gaps: customers, jobs, later invoices."""

    name = models.CharField(max_length=20)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_related_name = "series"
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="series_once_per_company")
        ]


class InvitationQuerySet(CompanyQuerySet["Invitation"]):
    """Invitations of a company."""

    def pending(self) -> Self:
        """Neither taken nor withdrawn; they may have run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(CompanyOwned):
    """A place in the company offered to an email address, until taken, withdrawn or run out.

    `token` is the hash of the secret in the link: whoever reads the database cannot join.
    """

    LASTS = timedelta(days=14)

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    token = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    across_companies = InvitationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "invitations"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_pending_once",
            ),
            models.UniqueConstraint(fields=["token", "company"], name="invitation_token_once"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def ends_at(self) -> datetime:
        return self.sent_at + self.LASTS

    @property
    def has_run_out(self) -> bool:
        return timezone.now() >= self.ends_at


class SettingsEvent(CompanyOwned):
    """One line of the settings' history: who changed what about the company or its people.

    `changes` holds, by field, the value before and the value after, as shown on screen.
    """

    LONGEST = 300

    what = models.CharField(max_length=LONGEST)
    changes = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "settings_events"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.what

    @property
    def signature(self) -> str:
        """Who it was; Carter itself when nobody was."""
        return str(self.by) if self.by else "Carter"


class Submission(CompanyOwned):
    """A form that made something, remembered so that sending it again makes nothing more."""

    token = models.CharField(max_length=40)
    leads_to = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "submissions"
        constraints = [models.UniqueConstraint(fields=["company", "token"], name="submission_once")]


def _places() -> "models.QuerySet[Member]":
    places = Member.across_companies.filter(user=Given("user"), left_at=None)
    return places.select_related("company", "user").order_by("id")


PLACES = Prepared(_places)
