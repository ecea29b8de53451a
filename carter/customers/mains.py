"""Which phone, email, address or contact is the main one of a customer: computed, never moved.

It is the one last chosen of those that the customer has and uses; without a choice the oldest of
the customer's own, before those that came with a link or a merge.
"""

from django.db.models import QuerySet

from carter.customers.models import Customer, Detail, MainChoice
from carter.customers.models.details import OWN_FIRST


def choose_main(detail: Detail) -> None:
    """Let a detail be the main one of its kind for the customer who has it."""
    MainChoice.across_companies.create(
        company_id=detail.company_id,
        customer_id=detail.customer_id,
        kind=detail.noun,
        detail_id=detail.pk,
    )
    settle_main(detail.customer, type(detail))


def settle_main(customer: Customer, kind: type[Detail]) -> None:
    """Mark the main one of a kind, after the customer's details or choices changed."""
    rows = kind.across_companies.filter(customer=customer)
    main_id = _chosen(customer, kind, rows.filter(former_at=None))
    rows.filter(is_primary=True).exclude(pk=main_id or 0).update(is_primary=False)
    rows.filter(pk=main_id or 0, is_primary=False).update(is_primary=True)


def _chosen(customer: Customer, kind: type[Detail], rows: "QuerySet[Detail]") -> int | None:
    ids = list(rows.order_by(OWN_FIRST, "id").values_list("pk", flat=True))
    choices = MainChoice.across_companies.filter(
        customer=customer, kind=kind.noun, detail_id__in=ids
    )
    chosen = choices.order_by("-id").values_list("detail_id", flat=True).first()
    return chosen or next(iter(ids), None)
