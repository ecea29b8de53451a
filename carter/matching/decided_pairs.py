"""What people decided of two customers, with what matching says of them now."""

from collections.abc import Iterator
from typing import NamedTuple

from carter.companies.models import Company
from carter.matching.engine import judge
from carter.matching.holders import counts_of, holders_of
from carter.matching.keying import refresh_keys
from carter.matching.keys import keys_of
from carter.matching.models import MatchDecision
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.trained import weights_of
from carter.matching.verdicts import Verdict

Pair = tuple[int, int]
AT_ONCE = 200


class Labelled(NamedTuple):
    """A pair that somebody knows about: what matching says, and what is so."""

    probability: float
    verdict: Verdict
    is_same: bool


def decided_pairs(company: Company) -> Iterator[Labelled]:
    """Every pair of records that people decided or merged, judged by itself as it is now.

    A merged record counts with the one it was merged into: that too is somebody's word.
    """
    refresh_keys(company)
    known = {**_merged(company), **_decided(company)}
    pairs = sorted(known)
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        records = _records(company, some)
        book = _book(company, records)
        for one, other in some:
            if one in records and other in records:
                probability, verdict = judge(records[one], records[other], book)
                yield Labelled(probability, verdict, known[one, other])


def _decided(company: Company) -> dict[Pair, bool]:
    rows = company.match_decisions.filter(withdrawn_at=None).order_by("at", "id")
    return {
        (one, other): verdict == MatchDecision.Verdict.SAME
        for one, other, verdict in rows.values_list("a", "b", "verdict")
    }


def _merged(company: Company) -> dict[Pair, bool]:
    rows = company.customers.filter(withdrawn_at=None, merged_into__isnull=False)
    pairs = rows.values_list("pk", "merged_into")
    return {(min(one, into), max(one, into)): True for one, into in pairs if into is not None}


def _records(company: Company, pairs: list[Pair]) -> dict[int, Record]:
    wanted = {record for pair in pairs for record in pair}
    return {profile.pk: profile.record for profile in company.profiles.filter(pk__in=wanted)}


def _book(company: Company, records: dict[int, Record]) -> Book:
    holders = holders_of(company, {key for record in records.values() for key in keys_of(record)})
    return Book(company.customers.count(), counts_of(company, holders), weights_of(company))
