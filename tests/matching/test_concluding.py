"""What is concluded of a phone or mailbox that several customers have."""

import pytest

from carter.matching.concluding import conclude
from carter.matching.record import Record


def people(*names, **known):
    return [Record.typed(names=[name], **known) for name in names]


def firms(*names):
    return [Record.typed(companies=[name], commercial=True) for name in names]


@pytest.mark.parametrize(
    ("kind", "value", "holders", "expected"),
    [
        (
            "phone",
            "3035550142",
            people("Bob Smith", "Robert Smith", "Bob Smith"),
            ("personal", "one name, entered again and again"),
        ),
        (
            "phone",
            "3035550142",
            people("Bob Smith", "Mary Smith", "Zoe Smith"),
            ("household", "one last name, several first names"),
        ),
        (
            "email",
            "oak@gmail.com",
            people("Bob Smith", "Mary Jones", "Zoe Quill", addresses=["12 Oak St, Denver, CO"]),
            ("household", "one address"),
        ),
        (
            "phone",
            "3035550142",
            people("Bob Smith", "Mary Jones", "Zoe Quill"),
            ("desk", "3 different last names"),
        ),
        (
            "email",
            "info@acme.com",
            people("Bob Smith", "Mary Jones", "Zoe Quill"),
            ("desk", "an office mailbox"),
        ),
        (
            "phone",
            "3035550142",
            firms("Acme Inc", "Zenith LLC", "Quill Co"),
            ("desk", "3 companies"),
        ),
        (
            "phone",
            "3035550142",
            [
                *firms("Keystone Property Management LLC"),
                *people("Mary Jones", "Zoe Quill", addresses=["12 Oak St, Denver, CO"]),
            ],
            ("desk", "2 different last names"),
        ),
        (
            "phone",
            "3035550142",
            firms("Acme Inc", "Acme LLC", "ACME"),
            ("personal", "one name, entered again and again"),
        ),
        ("phone", "3033333333", people("Bob Smith", "Mary Jones"), ("junk", "looks made up")),
        ("email", "none@acme.com", people("Bob Smith", "Mary Jones"), ("junk", "looks made up")),
    ],
)
def test_the_conclusion_follows_from_who_has_it(kind, value, holders, expected):
    assert conclude(kind, value, len(holders), holders) == expected


def test_of_a_hub_nobody_is_looked_at():
    assert conclude("phone", "3035550142", 51, []).conclusion == "hub"


def test_an_address_with_many_customers_is_no_home():
    holders = people(*(f"Tenant Number{n}" for n in range(9)), addresses=["12 Oak St, Denver"])

    assert conclude("phone", "3035550142", 9, holders).conclusion == "desk"


def test_nobody_and_nothing_known_is_no_trouble():
    assert conclude("phone", "3035550142", 0, []).conclusion == "personal"
    assert conclude("phone", "3035550142", 3, [Record()] * 3).conclusion == "desk"
