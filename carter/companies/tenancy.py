"""Rows that belong to one company, and what keeps companies apart."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from carter.companies.models import Company

Row_co = TypeVar("Row_co", bound="CompanyOwned", covariant=True)


class AnotherCompanysRow(Exception):
    """A row was about to point at a row of another company."""


class CompanyQuerySet(models.QuerySet[Row_co]):
    """Rows of company-owned models; writing in bulk is guarded like `save()`."""

    def bulk_create(self, objs: Iterable[Row_co], *args: Any, **kwargs: Any) -> list[Row_co]:
        rows = list(objs)
        _refuse_strangers(rows)
        return super().bulk_create(rows, *args, **kwargs)


class CompanyOwned(models.Model):
    """A row of one company.

    There is no `objects`: one starts from what one holds (`company.customers`, `customer.jobs`)
    or says `across_companies` out loud; a test lists the modules that may.
    """

    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT)

    # A model with questions of its own overrides this, which the type checker does not expect.
    across_companies = CompanyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_strangers([self])
        super().save(*args, **kwargs)

    @classmethod
    @cache
    def pointers(cls) -> list["models.ForeignKey[Any, Any]"]:
        """The columns of this model that point at other company-owned rows."""
        return [
            field
            for field in cls._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
            and issubclass(field.related_model, CompanyOwned)
        ]

    def refreshed(self) -> Self:
        """The same row as it is in the database now."""
        return type(self)._base_manager.get(pk=self.pk)


def know_company(row: CompanyOwned, company: "Company") -> None:
    """Put the company at hand for a row of it, and for the rows it points at that are at hand.

    To join a company to each of them would take longer than the rest of the query.
    """
    row.company = company
    for field in row.pointers():
        if field.is_cached(row) and (other := getattr(row, field.name)) is not None:
            other.company = company


def _refuse_strangers(rows: list[Any]) -> None:
    if not rows:
        return
    for field in rows[0].pointers():
        for row, owner_id in _owners(rows, field):
            if owner_id != row.company_id:
                raise AnotherCompanysRow(
                    f"{row._meta.label}.{field.name} points at a row of another company."
                )


def _owners(rows: list[Any], field: "models.ForeignKey[Any, Any]") -> Iterable[tuple[Any, Any]]:
    """Each row with the company its pointer leads to; one query for those not at hand."""
    unknown = []
    for row in rows:
        if getattr(row, field.attname) is None:
            continue
        if field.is_cached(row):
            yield row, getattr(row, field.name).company_id
        else:
            unknown.append(row)
    if unknown:
        ids = {getattr(row, field.attname) for row in unknown}
        owners: dict[Any, Any] = {}
        for some in _in_slices(sorted(ids)):
            owners.update(
                field.related_model._base_manager.filter(pk__in=some).values_list(
                    "pk", "company_id"
                )
            )
        for row in unknown:
            yield row, owners.get(getattr(row, field.attname))


def _in_slices(ids: list[Any], size: int = 5_000) -> Iterable[list[Any]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
