import pytest

from carter.companies.rights import NotAllowed, Right, Role, require
from tests.builders import a_member

COLUMNS = ("owner", "manager", "sales", "dispatcher", "billing", "read-only")
MATRIX = """
    EDIT            x x x x x -
    SEE_MONEY       x x x - x x
    TAKE_PAYMENT    x x x - x -
    TAKE_BACK       x x - - x -
    LINK            x x x x x -
    MERGE           x x - - x -
    UNDO_MERGE      x x - - - -
    RECOMMEND_MERGE x x x x - -
    IMPORT          x x - - - -
    EXPORT          x x - - x -
    SETTINGS        x - - - - -
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()]
ALLOWED = {
    (role, right)
    for right, *marks in ROWS
    for role, mark in zip(COLUMNS, marks, strict=True)
    if mark == "x"
}


def test_each_role_may_do_exactly_what_the_matrix_says(ours):
    members = {role: a_member(ours, role) for role in Role}

    assert {right for right, *_ in ROWS} == {right.name for right in Right}
    assert {
        (str(role), right.name) for role in Role for right in Right if members[role].may(right)
    } == ALLOWED


def test_a_refused_deed_says_who_may_do_it(ours):
    with pytest.raises(NotAllowed) as refusal:
        require(a_member(ours, Role.SALES), Right.MERGE)

    assert str(refusal.value) == (
        "Your role may not merge or split customers."
        " Ask somebody who may: owner, manager or billing."
    )


def test_one_role_alone_is_named_alone(ours):
    with pytest.raises(NotAllowed) as refusal:
        require(a_member(ours, Role.MANAGER), Right.SETTINGS)

    assert str(refusal.value) == ("Your role may not change settings. Ask somebody who may: owner.")


def test_who_left_may_do_nothing(ours):
    member = a_member(ours, Role.OWNER)
    member.left_at = ours.created_at

    assert [right for right in Right if member.may(right)] == []


def test_carter_itself_may_do_everything():
    for right in Right:
        require(None, right)
