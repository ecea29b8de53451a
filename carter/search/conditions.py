"""Pieces of queries on the words table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from carter.companies.models import Company
from carter.search.models import Word
from carter.search.reading import Span, Token
from carter.search.words import start_of

TABLE = Word._meta.db_table
AFTER_ALL = "\U0010ffff"


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


def words_in(company: Company, letter: str, span: Span) -> Sql:
    """The words of one kind of rows that are in the span."""
    kind = Sql("w.company_id = %s AND w.subject = %s AND", [company.pk, letter])
    return kind + in_span(span, "w")


def in_span(span: Span, table: str) -> Sql:
    if span.among:
        return Sql(f"{table}.word IN ({_places(span.among)})", list(span.among))
    return Sql(f"{table}.word >= %s AND {table}.word < %s", [span.word, span.word + AFTER_ALL])


def also(company: Company, letter: str, tokens: Sequence[Token]) -> Sql:
    """That the row of the word has every one of these tokens too."""
    return joined("", [_has(company, letter, token) for token in tokens])


def _has(company: Company, letter: str, token: Token) -> Sql:
    starts = sorted({start_of(word) for span in token for word in span.among or [span.word]})
    return (
        Sql(
            f"AND EXISTS (SELECT 1 FROM {TABLE} o WHERE o.company_id = %s AND o.subject = %s"
            f" AND o.start IN ({_places(starts)}) AND o.subject_id = w.subject_id AND (",
            [company.pk, letter, *starts],
        )
        + joined("OR", [in_span(span, "o") for span in token])
        + Sql("))")
    )


def _places(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
