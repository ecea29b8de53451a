"""Which phone, email, address or contact is the main one of a customer: computed, never moved.

It is the one last chosen of those that the customer has and uses; without a choice the oldest of
the customer's own, before those that came with a link or a merge.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from carter.customers.models import Address, Contact, Customer, Detail, Email, MainChoice, Phone

REACHED_BY: tuple[type[Detail], ...] = (Contact, Phone, Email, Address)


def with_mains(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers, each with the text of its `main_phone` and `main_email`, None without."""
    return customers.annotate(
        main_phone=Subquery(_texts(Phone)[:1]), main_email=Subquery(_texts(Email)[:1])
    )


def choose_main(detail: Detail) -> None:
    """Let a detail be the main one of its kind for the customer who has it."""
    MainChoice.across_companies.create(
        company_id=detail.company_id,
        customer_id=detail.customer_id,
        kind=detail.noun,
        detail_id=detail.pk,
    )
    settle_mains([detail.customer_id], type(detail))


def settle_mains(customers: Collection[int], *kinds: type[Detail]) -> None:
    """Mark the main one of each kind, after details or choices of these customers changed.

    One statement a kind; only rows are written whose mark changes.
    """
    if not customers:
        return
    places = ", ".join(["%s"] * len(customers))
    with connection.cursor() as cursor:
        for kind in kinds:
            statement = SETTLE.format(
                details=kind._meta.db_table, choices=MainChoice._meta.db_table, customers=places
            )
            cursor.execute(statement, [kind.noun, *customers])


# A customer's details in the order in which they come into question: the first of them is the main
# one if it is in use. A choice made later has the higher key.
SETTLE = """
    UPDATE {details} SET is_primary = NOT is_primary WHERE id IN (
        SELECT id FROM (
            SELECT id, is_primary, former_at IS NULL AND 1 = ROW_NUMBER() OVER (
                PARTITION BY customer_id ORDER BY
                former_at IS NOT NULL,
                COALESCE((
                    SELECT MAX(choice.id) FROM {choices} choice
                    WHERE choice.customer_id = detail.customer_id
                    AND choice.kind = %s AND choice.detail_id = detail.id
                ), 0) DESC,
                born_to_id <> customer_id OR lent_by_id IS NOT NULL,
                id
            ) AS is_main
            FROM {details} detail WHERE customer_id IN ({customers})
        ) placed WHERE is_primary <> is_main
    )
"""


def _texts(kind: type[Phone] | type[Email]) -> QuerySet[Any, Any]:
    """What a customer's rows of a kind say, the main one first."""
    return kind.across_companies.current().filter(customer=OuterRef("pk")).values("text")
