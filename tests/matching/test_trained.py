"""A company's own weights: adopted, used, taken back."""

import pytest

from carter.companies.rights import NotAllowed
from carter.matching.models import MatchModel
from carter.matching.trained import (
    NothingToRevert,
    adopt_weights,
    revert_weights,
    weights_in,
    weights_of,
)
from carter.matching.weights import ACCOUNT, PERSON, SHIPPED, Chances, Weights

pytestmark = pytest.mark.django_db

RARER = Weights(PERSON._replace(met=Chances(0.1, 0.4, 0.06, 0.5)), ACCOUNT)
COMMONER = Weights(PERSON._replace(met=Chances(0.6, 0.4, 0.06, 0.5)), ACCOUNT)


def test_a_company_starts_with_the_shipped_weights(ours):
    assert weights_of(ours) == SHIPPED


def test_the_newest_weights_are_used_by_the_company_that_adopted_them(ours, theirs, ada):
    for weights in (RARER, COMMONER):
        adopt_weights(company=ours, weights=weights, pairs=1_000, by=ada)
    assert (weights_of(ours), weights_of(theirs)) == (COMMONER, SHIPPED)


def test_weights_are_taken_back_one_by_one(ours, ada):
    for weights in (RARER, COMMONER):
        adopt_weights(company=ours, weights=weights, pairs=1_000, by=ada)
    seen = []
    for _ in range(2):
        taken = revert_weights(company=ours, by=ada)
        seen.append((weights_in(taken.weights), taken.withdrawn_by, weights_of(ours)))
    assert seen == [(COMMONER, ada, RARER), (RARER, ada, SHIPPED)]
    with pytest.raises(NothingToRevert, match="that Carter comes with"):
        revert_weights(company=ours, by=ada)
    assert MatchModel.across_companies.count() == 2


def test_only_who_may_change_settings_changes_weights(ours, ada):
    ada.role = "manager"
    ada.save()
    with pytest.raises(NotAllowed):
        adopt_weights(company=ours, weights=RARER, pairs=1, by=ada)
    with pytest.raises(NotAllowed):
        revert_weights(company=ours, by=ada)


@pytest.mark.parametrize("stored", [None, "", "not JSON", '{"format": 0}', "[]"])
def test_what_cannot_be_read_is_answered_with_the_shipped_weights(stored):
    assert weights_in(stored) == SHIPPED


def test_weights_are_read_once(ours, ada, django_assert_num_queries):
    adopt_weights(company=ours, weights=RARER, pairs=1_000, by=ada)
    with django_assert_num_queries(2):
        assert weights_of(ours) is weights_of(ours)
