"""What each role may do. Screens hide what is not allowed; deeds refuse it."""

from enum import StrEnum
from typing import TYPE_CHECKING, Optional

from django.db import models

if TYPE_CHECKING:
    from carter.companies.models import Member


class Role(models.TextChoices):
    """A person's place in the office."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    SALES = "sales", "Sales"
    DISPATCHER = "dispatcher", "Dispatcher"
    BILLING = "billing", "Billing"
    READ_ONLY = "read-only", "Read only"


class Right(StrEnum):
    """One thing a person may be allowed to do; the value completes "may …"."""

    EDIT = "change customers and jobs"
    SEE_MONEY = "see money"
    TAKE_PAYMENT = "take payments"
    TAKE_BACK = "refund, credit or void"
    LINK = "link jobs"
    MERGE = "merge or split customers"
    UNDO_MERGE = "undo merges and splits"
    RECOMMEND_MERGE = "recommend merges"
    IMPORT = "import"
    EXPORT = "export"
    SETTINGS = "change settings"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.SETTINGS},
    Role.SALES: frozenset(
        {Right.EDIT, Right.SEE_MONEY, Right.TAKE_PAYMENT, Right.LINK, Right.RECOMMEND_MERGE}
    ),
    Role.DISPATCHER: frozenset({Right.EDIT, Right.LINK, Right.RECOMMEND_MERGE}),
    Role.BILLING: frozenset(
        {
            Right.EDIT,
            Right.SEE_MONEY,
            Right.TAKE_PAYMENT,
            Right.TAKE_BACK,
            Right.LINK,
            Right.MERGE,
            Right.EXPORT,
        }
    ),
    Role.READ_ONLY: frozenset({Right.SEE_MONEY}),
}


class NotAllowed(Exception):
    """A person tried what their role does not allow. Says who may."""

    def __init__(self, right: Right) -> None:
        self.right = right
        who = [role.label.lower() for role in Role if right in RIGHTS[role]]
        super().__init__(f"Your role may not {right.value}. Ask somebody who may: {_listed(who)}.")


def require(by: Optional["Member"], right: Right) -> None:
    """Refuse the deed unless the actor may do it. Nobody (`None`) is Carter itself."""
    if by is not None:
        by.must(right)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
