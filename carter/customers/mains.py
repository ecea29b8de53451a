"""Which phone, email, address or contact is the main one of a customer: computed, never moved.

It is the one last chosen of those that the customer has and uses; without a choice the oldest of
the customer's own, before those that came with a link or a merge.
"""

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
    marks = list(rows.order_by(OWN_FIRST, "id").values_list("pk", "is_primary", "former_at"))
    main_id = _chosen(customer, kind, [pk for pk, _, former_at in marks if former_at is None])
    if any(is_primary and pk != main_id for pk, is_primary, _ in marks):
        rows.filter(is_primary=True).exclude(pk=main_id or 0).update(is_primary=False)
    if any(pk == main_id and not is_primary for pk, is_primary, _ in marks):
        rows.filter(pk=main_id).update(is_primary=True)


def _chosen(customer: Customer, kind: type[Detail], used: list[int]) -> int | None:
    """The one last chosen of those in use, given the customer's own and oldest first."""
    if len(used) < 2:
        return next(iter(used), None)
    choices = MainChoice.across_companies.filter(
        customer=customer, kind=kind.noun, detail_id__in=used
    )
    chosen = choices.order_by("-id").values_list("detail_id", flat=True).first()
    return chosen or used[0]
