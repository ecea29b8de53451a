"""How a customer is reached: contacts, phones, emails, addresses; kept as typed and as keys."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Case, F, When
from django.utils import timezone

from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers import addresses, emails, phones
from carter.customers.following import FollowsCustomer, OnMerge
from carter.prepared import Given, Prepared

if TYPE_CHECKING:
    from carter.customers.models.customer import Customer

Kind = TypeVar("Kind", bound="Detail")

OWN_FIRST = Case(When(born_to=F("customer"), lent_by=None, then=0), default=1)


class DetailQuerySet(CompanyQuerySet["Any"]):
    """Details of customers."""

    def current(self) -> Self:
        """Still in use, the main one first, then what did not come with a link or a merge."""
        return self.filter(former_at=None).order_by("-is_primary", OWN_FIRST, "id")


class Detail(FollowsCustomer):
    """One thing known of a customer. A former one is kept and still found.

    `lent_by` is the record a link took it from, as long as it is away from there. `is_primary`
    says that it is the main one of its kind; see `customers/mains.py`, which alone writes it.

    Matching keys and search words are made per record, from the rows `born_to` it, and lead to
    the record's current customer: a merge or a link changes no key.
    """

    noun = "detail"

    former_at = models.DateTimeField(null=True, blank=True)
    is_primary = models.BooleanField(default=False)
    lent_by = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    across_companies = DetailQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True
        ordering = ("-is_primary", "id")

    @classmethod
    def of(cls, customer: "Customer") -> list[Self]:
        """What a customer has of the kind, the main one first, former ones too."""
        return _with(customer, _of_customer(cls)(customer=customer.pk))

    @classmethod
    def main_of(cls, customer: "Customer") -> Self | None:
        """The main one of those in use."""
        return next(iter(_with(customer, _main_of_customer(cls)(customer=customer.pk))), None)

    @property
    def is_former(self) -> bool:
        return self.former_at is not None

    @property
    def said(self) -> str:
        """What it says, whatever the format: what a customer has twice is shown once.

        That is finer than the keys, by which flat 4 and flat 5 of a house are one address.
        """
        return str(self).casefold()


class Contact(Detail):
    """A person reached for a customer."""

    class Role(models.TextChoices):
        PRIMARY = "primary", "Primary"
        PARTNER = "partner", "Spouse or partner"
        ROOMMATE = "roommate", "Roommate"
        SITE = "site", "Site contact"
        BILLING = "billing", "Billing"
        REALTOR = "realtor", "Realtor"
        PROPERTY_MANAGER = "property-manager", "Property manager"
        RELOCATION = "relocation", "Relocation coordinator"
        OTHER = "other", "Other"

    noun = "contact"

    name = models.CharField(max_length=300)
    role = models.CharField(max_length=20, choices=Role, default=Role.PRIMARY)

    class Meta(Detail.Meta):
        default_related_name = "contacts"

    def __str__(self) -> str:
        return self.name

    @property
    def said(self) -> str:
        return f"{super().said} {self.role}"

    @property
    def key(self) -> str:
        return self.name.casefold().strip()


class Phone(Detail):
    """A phone number of a customer, as typed; `key` is the number whatever the format."""

    class Label(models.TextChoices):
        MOBILE = "mobile", "Mobile"
        HOME = "home", "Home"
        WORK = "work", "Work"
        FAX = "fax", "Fax"
        OTHER = "other", "Other"

    noun = "phone"

    text = models.CharField(max_length=100)
    key = models.CharField(max_length=32, blank=True, editable=False)
    label = models.CharField(max_length=10, choices=Label, default=Label.MOBILE)

    class Meta(Detail.Meta):
        default_related_name = "phones"

    def __str__(self) -> str:
        return self.text

    @property
    def said(self) -> str:
        """The number, and the extension after it."""
        digits = "".join(filter(str.isdigit, self.text))
        return f"{self.key} {digits.partition(self.key)[2]}" if self.key else super().said

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_key(self.customer.company.country)
        super().save(*args, **kwargs)

    def set_key(self, country: str) -> None:
        self.key = phones.phone_key(self.text, country)[:32]


class Email(Detail):
    """An email address of a customer, as typed; `key` is the mailbox it reaches."""

    class Label(models.TextChoices):
        PERSONAL = "personal", "Personal"
        WORK = "work", "Work"
        BILLING = "billing", "Billing"
        OTHER = "other", "Other"

    noun = "email"

    text = models.CharField(max_length=320)
    key = models.CharField(max_length=320, blank=True, editable=False)
    label = models.CharField(max_length=10, choices=Label, default=Label.PERSONAL)

    class Meta(Detail.Meta):
        default_related_name = "emails"

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_key()
        super().save(*args, **kwargs)

    def set_key(self) -> None:
        self.key = emails.email_key(self.text)[:320]


class Address(Detail):
    """A postal address of a customer, as typed; `key` is house number, street and postcode."""

    class Label(models.TextChoices):
        HOME = "home", "Home"
        WORK = "work", "Work"
        BILLING = "billing", "Billing"
        FORMER = "former", "Former home"
        OTHER = "other", "Other"

    noun = "address"

    street = models.CharField(max_length=300)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=320, blank=True, editable=False)
    label = models.CharField(max_length=10, choices=Label, default=Label.HOME)

    class Meta(Detail.Meta):
        default_related_name = "addresses"
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_key()
        super().save(*args, **kwargs)

    def set_key(self) -> None:
        self.key = addresses.street_key(self.text)[:320]

    @property
    def said(self) -> str:
        return " ".join(re.findall(r"\w+", super().said))

    @property
    def text(self) -> str:
        """The address on one line."""
        region = " ".join(part for part in (self.state, self.postcode) if part)
        return ", ".join(part for part in (self.street, self.city, region) if part)


class FormerName(Detail):
    """A name a customer had before; still found. `write` is what it gave way to, if that is known.

    See `customers/field_log.py`, which computes those that gave way to a write.
    """

    noun = "former name"

    name = models.CharField(max_length=300)
    write = models.OneToOneField(
        "customers.FieldWrite",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_name",
    )

    class Meta(Detail.Meta):
        default_related_name = "former_names"

    def __str__(self) -> str:
        return self.name


class MainChoice(CompanyOwned):
    """Somebody chose a detail as the main one of its kind for the customer who had it then.

    Choices are never changed or taken back: the latest one whose detail the customer has, and
    still uses, holds. So what a link or a merge brings and takes disturbs no choice.
    """

    on_merge = OnMerge.STAYS

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    detail_id = models.PositiveBigIntegerField()

    class Meta:
        default_related_name = "main_choices"
        indexes = [models.Index(fields=["customer", "kind", "-id"], name="main_choice_latest")]


@cache
def _of_customer(kind: type[Kind]) -> Prepared[Kind]:
    return Prepared(lambda: kind.across_companies.filter(customer=Given("customer")))


@cache
def _main_of_customer(kind: type[Kind]) -> Prepared[Kind]:
    return Prepared(lambda: kind.across_companies.filter(customer=Given("customer")).current()[:1])


def _with(customer: "Customer", rows: list[Kind]) -> list[Kind]:
    """The rows with whom they are asked for, at hand."""
    for row in rows:
        row.customer, row.company = customer, customer.company
    return rows
