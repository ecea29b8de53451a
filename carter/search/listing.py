"""The queries that list the rows which have all that is asked for.

A start is rare or common. Of a rare one all words are read and sorted, unless its rows are known
already. Of a common one the words are walked by row, newest first, until there are enough: it is
common, so they come soon. Of several things typed the rarest leads, and each of its rows is asked
whether it has the others.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from carter.search.asking import Asked, Way, ranks
from carter.search.conditions import TABLE, Sql, also, those_who_have, words_in, words_walked
from carter.search.looking import SPARE, Looked
from carter.search.question import Reading, Span, Token


def rows_led(looked: Looked, asked: Iterable[Asked]) -> Iterator[Sql]:
    """The queries, each for all kinds of rows of which the same token is rarest."""
    led: dict[tuple[Way, Reading, int], list[str]] = {}
    for each in asked:
        sizes = looked.sizes(each)
        key = (each.way, each.reading, sizes.index(min(sizes)))
        led.setdefault(key, []).append(each.letter)
    for (way, reading, leader), letters in led.items():
        others = [_held(looked, letters, token) for token in reading]
        token = others.pop(leader)
        if others and all(looked.is_listed(letter, token) for letter in letters):
            rows = (looked.rows(letter, token, way, alone=False) for letter in letters)
            yield those_who_have(looked.company, list(chain.from_iterable(rows)), others)
            continue
        needed = {letter: looked.needed(letter, token, alone=not others) for letter in letters}
        for span in token:
            wanted = [letter for letter in letters if span in needed[letter]]
            yield from _led_by(looked, span, ranks(span, way), wanted, others)


def _held(looked: Looked, letters: list[str], token: Token) -> Token:
    return tuple(span for span in token if any(looked.size(letter, span) for letter in letters))


def _led_by(
    looked: Looked, span: Span, grades: tuple[int, int], letters: list[str], others: list[Token]
) -> Iterator[Sql]:
    held = [letter for letter in letters if looked.size(letter, span)]
    common = [letter for letter in held if looked.size(letter, span) >= looked.common]
    besides = also(looked.company, others)
    if rare := [letter for letter in held if letter not in common]:
        yield _best(looked, span, grades, rare, besides)
    for letter in common:
        yield from _walked(looked, span, grades, letter, besides)


def _best(
    looked: Looked, span: Span, grades: tuple[int, int], letters: list[str], others: Sql
) -> Sql:
    """All words of a rare span, the best rows of each kind."""
    word, (exact, longer) = span.word or span.among[0], grades
    words = words_in(looked.company, letters, span) + others
    most = looked.enough + SPARE
    text = BEST.format(exact=exact, longer=longer, most=most, words=words.text)
    return Sql(text, [word, *words.values])


def _walked(
    looked: Looked, span: Span, grades: tuple[int, int], letter: str, others: Sql
) -> Iterator[Sql]:
    """The newest rows of a kind that have a word of a common span.

    Where the word itself is plenty, no longer ones are looked for: they may be few, and far.
    """
    exact, longer = grades
    if span.among or not others.text:
        equal = words_in(looked.company, [letter], Span(among=span.among or (span.word,)))
        yield _newest(looked, letter, exact, equal + others)
    if not span.among and (others.text or not looked.is_plenty(letter, span)):
        walked = words_walked(looked.company, letter, span) + others
        yield _newest(looked, letter, longer, walked)


def _newest(looked: Looked, letter: str, rank: int, words: Sql) -> Sql:
    select = f"SELECT '{letter}', {rank}, a.* FROM (SELECT DISTINCT w.subject_id"
    end = f"ORDER BY w.subject_id DESC LIMIT {looked.enough + SPARE}) a"
    return Sql(f"{select} FROM {TABLE} w WHERE") + words + Sql(end)


BEST = f"""
    SELECT subject, grade, subject_id FROM (
        SELECT g.*, ROW_NUMBER() OVER (
            PARTITION BY subject ORDER BY grade, subject_id DESC
        ) AS place
        FROM (
            SELECT w.subject, w.subject_id,
                MIN(CASE WHEN w.word = %s THEN {{exact}} ELSE {{longer}} END) AS grade
            FROM {TABLE} w WHERE {{words}} GROUP BY w.subject, w.subject_id
        ) g
    ) a WHERE place <= {{most}}
"""
