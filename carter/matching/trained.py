"""The weights a company's own book was found to have, in place of the shipped ones."""

import json
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.matching.models import MatchModel
from carter.matching.weights import SHIPPED, UnreadableWeights, Weights

NEWEST_WEIGHTS = f"""
    SELECT weights FROM {MatchModel._meta.db_table}
    WHERE company_id = %s AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 1
"""  # noqa: S608 (a table's name)


class NothingToRevert(Exception):
    """The shipped weights are in use."""


@transaction.atomic
def adopt_weights(
    *, company: Company, weights: Weights, pairs: int, by: Member | None
) -> MatchModel:
    """Judge the company's book by these weights from now on; the earlier ones are kept."""
    require(by, Right.SETTINGS)
    stored = json.dumps(weights.stored())
    return company.match_models.create(weights=stored, pairs=pairs, by=by)


@transaction.atomic
def revert_weights(*, company: Company, by: Member | None) -> MatchModel:
    """Go back to the weights before the newest ones, at last to the shipped; returns the model
    that was taken back.

    Raises NothingToRevert when none was learnt.
    """
    require(by, Right.SETTINGS)
    standing = company.match_models.select_for_update(no_key=True).filter(withdrawn_at=None)
    newest = standing.order_by("-id").first()
    if newest is None:
        raise NothingToRevert(f"{company} uses the weights that Carter comes with.")
    newest.withdrawn_at, newest.withdrawn_by = timezone.now(), by
    newest.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return newest


def weights_of(company: Company) -> Weights:
    """The weights the company's book is judged by. One query; a lookup that reads
    NEWEST_WEIGHTS along with something else asks weights_in() and needs none."""
    newest = company.match_models.filter(withdrawn_at=None).order_by("-id")
    return weights_in(newest.values_list("weights", flat=True).first())


@lru_cache(maxsize=64)
def weights_in(stored: str | None) -> Weights:
    """The weights in a model's text; the shipped ones when there is none, or it is of an earlier
    version of Carter. Remembered by the text itself: what is remembered is never out of date."""
    try:
        return Weights.restored(json.loads(stored)) if stored else SHIPPED
    except (ValueError, UnreadableWeights):
        return SHIPPED
