"""What each level of each row is worth: the numbers of the two models, to be read and argued with.

Every level has four chances: how often two records reach it when they are the same customer, when
they are of one household (for firms: sister branches), when they only share a desk (a property
manager's phone, a relocation office's mailbox), and when they have nothing to do with each other.
Only pairs in which both records speak are counted, so the chances of a row add up to about one.

Estimated from labelled synthetic books, then smoothed and rounded; the rows of households and of
accounts are set by hand, because counting cannot learn them (docs/decisions/0010-matching.md).
"""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, NamedTuple, Self

FORMAT = 1  # Of stored weights.


class Chances(NamedTuple):
    """The chance of a level, or of meeting, under each of the four hypotheses."""

    same: float
    household: float
    desk: float
    unrelated: float


Row = dict[str, Chances]


class Model(NamedTuple):
    """One set of numbers. `met` is how many such pairs a book has for each of its records; the
    unrelated ones, which grow with the book, are per record and other record."""

    met: Chances
    rows: dict[str, Row]


class Weights(NamedTuple):
    """The numbers of both models: what a book is judged by."""

    person: Model
    account: Model

    def stored(self) -> dict[str, Any]:
        """The weights as plain values, for keeping as JSON."""
        return {"format": FORMAT, **{name: model._asdict() for name, model in _named(self)}}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """The weights that `stored()` gave, also after a way through JSON.

        A level that was not known when they were stored has its shipped chances. Raises
        UnreadableWeights when it is something else.
        """
        if not isinstance(stored, dict) or stored.get("format") != FORMAT:
            raise UnreadableWeights("These are not weights of this version of Carter.")
        try:
            return cls(*(_restored(model, stored[name]) for name, model in _named(SHIPPED)))
        except (KeyError, TypeError, ValueError) as trouble:
            raise UnreadableWeights(f"The weights are damaged: {trouble}.") from trouble


class UnreadableWeights(Exception):
    """A stored model is not one, or of another version."""


def _named(weights: Weights) -> Iterator[tuple[str, Model]]:
    return zip(Weights._fields, weights, strict=True)


def _restored(shipped: Model, stored: dict[str, Any]) -> Model:
    rows = {
        row: {
            level: _chances(stored["rows"].get(row, {}).get(level, chances))
            for level, chances in levels.items()
        }
        for row, levels in shipped.rows.items()
    }
    return Model(_chances(stored["met"]), rows)


def _chances(values: Iterable[float]) -> Chances:
    chances = Chances(*map(float, values))
    if min(chances) <= 0 or not all(map(isfinite, chances)):
        raise ValueError("a chance has to be more than nothing")
    return chances


# How many records hold the number or mailbox that two records share, the two included.
CROWDS = ((2, ""), (3, " of three"), (6, " of few"), (15, " of many"), (10**9, " of a crowd"))

# A name or a street that two records share is met by chance as often as others have it; this much
# is added for those who are not in the book yet.
UNSEEN = {"name": 0.5, "initial": 0.5, "sound": 0.5, "street": 0.03, "company": 0.3, "words": 1.0}

PERSON = Model(
    met=Chances(0.35, 0.40, 0.06, 0.5),
    rows={
        "first": {
            "same": Chances(0.700, 0.012, 0.010, 0.010),
            "nickname": Chances(0.175, 0.005, 0.008, 0.008),
            "typo": Chances(0.058, 0.004, 0.001, 0.001),
            "near": Chances(0.014, 0.012, 0.003, 0.003),
            "initial": Chances(0.039, 0.010, 0.003, 0.003),
            "middle": Chances(0.008, 0.004, 0.002, 0.002),
            "partner": Chances(0.002, 0.040, 0.0005, 0.0005),
            "different": Chances(0.018, 0.925, 0.975, 0.975),
        },
        "last": {
            "same": Chances(0.875, 0.730, 0.002, 0.001),
            "typo": Chances(0.068, 0.055, 0.001, 0.0005),
            "half": Chances(0.012, 0.005, 0.0001, 0.0001),
            "sound": Chances(0.005, 0.002, 0.0005, 0.0005),
            "different": Chances(0.040, 0.208, 0.996, 0.998),
        },
        "middle": {
            "same": Chances(0.97, 0.15, 0.10, 0.10),
            "different": Chances(0.03, 0.85, 0.90, 0.90),
        },
        "generation": {
            "same": Chances(0.0120, 0.02, 0.01, 0.01),
            "unsaid": Chances(0.0120, 0.50, 0.02, 0.02),
            "different": Chances(1e-5, 0.20, 0.01, 0.01),
        },
        "phone": {
            "same": Chances(0.235, 0.040, 0.020, 3e-7),
            "same of three": Chances(0.180, 0.018, 0.030, 3e-7),
            "same of few": Chances(0.130, 0.008, 0.200, 3e-7),
            "same of many": Chances(0.012, 0.002, 0.480, 1e-6),
            "same of a crowd": Chances(0.002, 0.0005, 0.200, 1e-6),
            "extension": Chances(0.004, 0.001, 0.030, 1e-7),
            "ending": Chances(0.004, 0.001, 0.001, 2e-7),
            "digit": Chances(0.018, 0.002, 0.002, 1e-6),
            "family": Chances(0.020, 0.020, 0.002, 1e-7),
            "different": Chances(0.415, 0.928, 0.037, 1.0),
        },
        "email": {
            "same": Chances(0.320, 0.015, 0.025, 1e-7),
            "same of three": Chances(0.230, 0.005, 0.045, 1e-7),
            "same of few": Chances(0.155, 0.003, 0.110, 1e-7),
            "same of many": Chances(0.005, 0.001, 0.150, 3e-7),
            "same of a crowd": Chances(0.001, 0.0005, 0.070, 3e-7),
            "family": Chances(0.020, 0.020, 0.002, 1e-7),
            "role": Chances(0.010, 0.010, 0.300, 1e-6),
            "typo": Chances(0.014, 0.002, 0.001, 1e-5),
            "name typo": Chances(0.012, 0.003, 0.001, 0.002),
            "user": Chances(0.006, 0.001, 0.001, 1e-6),
            "name user": Chances(0.015, 0.002, 0.015, 0.020),
            "domain": Chances(0.006, 0.010, 0.100, 0.0005),
            "different": Chances(0.215, 0.945, 0.180, 0.9795),
        },
        "address": {
            "same": Chances(0.450, 0.780, 0.200, 1e-6),
            "close": Chances(0.010, 0.010, 0.010, 1e-5),
            "unit": Chances(0.005, 0.005, 0.200, 1e-5),
            "different": Chances(0.535, 0.205, 0.590, 1.0),
        },
    },
)

ACCOUNT = Model(
    met=Chances(0.25, 0.03, 0.03, 0.5),
    rows={
        "company": {
            "same": Chances(0.870, 0.600, 0.0005, 0.0005),
            "typo": Chances(0.105, 0.060, 0.0001, 0.0001),
            "part": Chances(0.018, 0.280, 0.0010, 0.0010),
            "words": Chances(0.005, 0.050, 0.0010, 0.0010),
            "different": Chances(0.002, 0.010, 0.997, 0.9974),
        },
        "contact": {
            "same": Chances(0.580, 0.150, 0.010, 0.0001),
            "nickname": Chances(0.020, 0.005, 0.001, 0.0001),
            "typo": Chances(0.020, 0.005, 0.001, 0.0001),
            "near": Chances(0.005, 0.005, 0.001, 0.0002),
            "initial": Chances(0.010, 0.005, 0.002, 0.0005),
            "different": Chances(0.370, 0.835, 0.986, 0.9992),
        },
        "phone": {
            "same": Chances(0.220, 0.030, 0.030, 3e-7),
            "same of three": Chances(0.130, 0.020, 0.040, 3e-7),
            "same of few": Chances(0.110, 0.020, 0.200, 3e-7),
            "same of many": Chances(0.020, 0.010, 0.400, 1e-6),
            "same of a crowd": Chances(0.005, 0.005, 0.200, 1e-6),
            "extension": Chances(0.015, 0.020, 0.050, 1e-7),
            "ending": Chances(0.004, 0.002, 0.001, 2e-7),
            "digit": Chances(0.010, 0.005, 0.002, 1e-6),
            "family": Chances(0.020, 0.020, 0.002, 1e-7),
            "different": Chances(0.486, 0.888, 0.077, 1.0),
        },
        "email": {
            "same": Chances(0.180, 0.050, 0.020, 1e-7),
            "same of three": Chances(0.080, 0.030, 0.040, 1e-7),
            "same of few": Chances(0.040, 0.020, 0.100, 1e-7),
            "same of many": Chances(0.010, 0.010, 0.150, 3e-7),
            "same of a crowd": Chances(0.002, 0.010, 0.070, 3e-7),
            "family": Chances(0.002, 0.005, 0.002, 1e-7),
            "role": Chances(0.120, 0.080, 0.060, 1e-6),
            "typo": Chances(0.005, 0.003, 0.001, 1e-6),
            "name typo": Chances(0.005, 0.003, 0.001, 1e-4),
            "user": Chances(0.010, 0.003, 0.001, 1e-6),
            "name user": Chances(0.010, 0.003, 0.010, 0.010),
            "domain": Chances(0.530, 0.560, 0.100, 1e-4),
            "different": Chances(0.060, 0.215, 0.458, 0.9900),
        },
        "address": {
            "same": Chances(0.540, 0.040, 0.020, 1e-6),
            "close": Chances(0.010, 0.005, 0.001, 1e-5),
            "unit": Chances(0.020, 0.020, 0.020, 1e-5),
            "different": Chances(0.430, 0.935, 0.959, 1.0),
        },
    },
)

SHIPPED = Weights(PERSON, ACCOUNT)
