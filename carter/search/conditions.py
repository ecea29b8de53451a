"""Pieces of queries on the words table."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import connection

from carter.among import array, filled_up, listed, numbers_in
from carter.companies.models import Company
from carter.search.models import Word
from carter.search.question import Span, Token
from carter.search.words import start_of

TABLE = Word._meta.db_table
AFTER_ALL = "\U0010ffff"
HIDDEN = "|| ''"
"""Keeps a condition on words from tempting the database to the index of words."""


@dataclass(slots=True)
class Sql:
    """A piece of a query with the values for its places."""

    text: str
    values: list[Any] = field(default_factory=list)

    def __add__(self, other: "Sql") -> "Sql":
        return Sql(f"{self.text} {other.text}", self.values + other.values)


def joined(word: str, pieces: Sequence[Sql]) -> Sql:
    values = [value for piece in pieces for value in piece.values]
    return Sql(f" {word} ".join(piece.text for piece in pieces), values)


def fetched(query: Sql) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query.text, query.values)
        return list(cursor.fetchall())


COUNTED_AT_ONCE = 6
NOTHING = ("", "", "")
FEW = 100


@dataclass(slots=True)
class Found:
    """The words of a kind of rows in a span: how many there are, and whose, where they are few.

    The keys of their rows: `exact` have the span's word itself, `longer` a word that starts so.
    """

    words: int = 0
    exact: list[int] = field(default_factory=list)
    longer: list[int] = field(default_factory=list)

    @property
    def is_listed(self) -> bool:
        return self.words <= FEW


def found_in(company: Company, spans: Sequence[tuple[str, Span]], most: int) -> list[Found]:
    """What there is in each span of a kind of rows, counted up to `most`. One query.

    A few sizes of statement serve all, so that PostgreSQL plans them once.
    """
    stretches = [
        (number, letter, first, last)
        for number, (letter, span) in enumerate(spans)
        for first, last in _stretches(span)
    ]
    places = -(-len(stretches) // COUNTED_AT_ONCE) * COUNTED_AT_ONCE
    stretches += [(0, *NOTHING)] * (places - len(stretches))
    statement = FOUND.format(
        most=most,
        few=FEW,
        listed=listed("found"),
        values=", ".join(["(%s, %s, %s, %s)"] * places),
    )
    answers = fetched(Sql(statement, [company.pk, company.pk, *chain.from_iterable(stretches)]))
    found = [Found() for _ in spans]
    for number, words, keys in answers:
        found[number].words += words
        for key in numbers_in(keys):
            (found[number].longer if key > 0 else found[number].exact).append(abs(key))
    return found


# Both databases call what VALUES has column1, column2 and so on. Of a row that has the word itself
# the key is listed with a minus.
WITHIN = f"""
    {TABLE} w WHERE w.company_id = %s AND w.subject = s.column2
    AND w.word >= s.column3 AND w.word <= s.column4
"""
FOUND = f"""
    SELECT s.column1,
        (SELECT COUNT(*) FROM (SELECT 1 FROM {WITHIN} LIMIT {{most}}) c),
        (SELECT {{listed}} FROM (
            SELECT CASE WHEN w.word = s.column3 THEN -w.subject_id ELSE w.subject_id END AS found
            FROM {WITHIN} LIMIT {{few}}
        ) c)
    FROM (VALUES {{values}}) s
"""


def _stretches(span: Span) -> Iterator[tuple[str, str]]:
    """The first and the last word of each stretch of the index that is in the span."""
    if span.among:
        return ((word, word) for word in span.among)
    return iter([(span.word, span.word + AFTER_ALL)])


def words_in(company: Company, letters: Sequence[str], span: Span) -> Sql:
    """The words of some kinds of rows that are in the span, by the index of words."""
    kinds = f"w.company_id = %s AND w.subject IN ({_places(letters)}) AND"
    return Sql(kinds, [company.pk, *letters]) + _within(span, "w.word")


def words_walked(company: Company, letter: str, span: Span) -> Sql:
    """The same words, to be read by row through the key."""
    kind = "w.company_id = %s AND w.subject = %s AND w.start = %s AND"
    values = [company.pk, letter, start_of(span.word)]
    return Sql(kind, values) + _within(span, f"(w.word {HIDDEN})")


ROWS = {
    "postgresql": "unnest(%s::text[], %s::int[], %s::bigint[]) AS w (subject, grade, subject_id)",
    "sqlite": """(
        SELECT json_extract(value, '$[0]') AS subject, json_extract(value, '$[1]') AS grade,
            json_extract(value, '$[2]') AS subject_id
        FROM json_each(%s)
    ) w""",
}
Row = tuple[str, int, int]
"""A row that may have what was typed: the letter of its kind, how well, and its key."""


def those_who_have(company: Company, rows: Sequence[Row], tokens: Sequence[Token]) -> Sql:
    """Of some rows those that have every one of the tokens."""
    if connection.vendor == "postgresql":
        given = list(map(array, zip(*filled_up(list(rows)), strict=True)))
    else:
        given = [json.dumps(rows)]
    select = "SELECT w.subject, w.grade, w.subject_id FROM"
    return Sql(f"{select} {ROWS[connection.vendor]} WHERE 1 = 1", given) + also(company, tokens)


def also(company: Company, tokens: Sequence[Token]) -> Sql:
    """That the row of the word has every one of these tokens too: a look at its few words each.

    Not EXISTS, which PostgreSQL turns into joins over all rows that have the token.
    """
    return joined("", [_has(company, token) for token in tokens])


def _has(company: Company, token: Token) -> Sql:
    starts = sorted({start_of(word) for span in token for word in span.among or [span.word]})
    return (
        Sql(
            f"AND 1 = (SELECT 1 FROM {TABLE} o WHERE o.company_id = %s AND o.subject = w.subject"
            f" AND o.start IN ({_places(starts)}) AND o.subject_id = w.subject_id AND (",
            [company.pk, *starts],
        )
        + joined("OR", [_within(span, f"(o.word {HIDDEN})") for span in token])
        + Sql(") LIMIT 1)")
    )


def _within(span: Span, word: str) -> Sql:
    if span.among:
        return Sql(f"{word} IN ({_places(span.among)})", list(span.among))
    return Sql(f"{word} >= %s AND {word} < %s", [span.word, span.word + AFTER_ALL])


def _places(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
