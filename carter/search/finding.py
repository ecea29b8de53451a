"""Search Jobs: customers, leads, jobs and storage jobs by anything a caller says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from carter.companies.models import Company
from carter.customers.names import fold
from carter.search.candidates import Candidates
from carter.search.hits import Hit, customer_hits, job_hits
from carter.search.indexing import refresh_words
from carter.search.question import Question
from carter.search.reading import questions
from carter.search.subjects import CUSTOMER, JOB, LEAD, STORAGE_JOB, Subject

PER_GROUP = 6
ROWS_MADE_CURRENT = 200
"""So many rows a search brings up to date itself; after an import, which has more, the import."""


@dataclass(frozen=True)
class Shelf:
    """Kinds of rows that one query shows: their subjects, and how, best first and by letter."""

    subjects: tuple[Subject, ...]
    show: Callable[[Company, dict[str, list[int]], int], dict[str, list[Hit]]]


CUSTOMERS, MOVES = Shelf((CUSTOMER,), customer_hits), Shelf((LEAD, JOB), job_hits)
JOBS = Shelf((LEAD, JOB, STORAGE_JOB), job_hits)


@dataclass(frozen=True)
class Group:
    """What was found of one kind, best first; `has_more` when not all of it is listed."""

    label: str
    hits: list[Hit]
    has_more: bool


@dataclass(frozen=True)
class Results:
    """The answer to what was typed, as groups that are not empty."""

    text: str
    groups: list[Group]

    def __bool__(self) -> bool:
        return bool(self.groups)


def search(company: Company, text: str, *, limit: int = PER_GROUP) -> Results:
    """Whatever has all the words of the text: customers, leads, jobs, storage jobs.

    At most `limit` of a kind. A word may be the start of a word; nicknames and addresses come
    after literal hits. At most ten queries, and four more where nobody has a mailbox that starts
    as what was typed. While the Storage module is off, nothing of it is found.
    """
    refresh_words(company, at_most=ROWS_MADE_CURRENT)
    shelves = (CUSTOMERS, JOBS if company.has_storage else MOVES)
    letters = "".join(subject.letter for shelf in shelves for subject in shelf.subjects)
    for question in questions(text, company):
        found = Candidates(company, question, letters, enough=limit + 1).best_first()
        if any(found.values()):
            return Results(text, list(_groups(company, question, shelves, found, limit)))
    return Results(text, [])


def _groups(
    company: Company,
    question: Question,
    shelves: tuple[Shelf, ...],
    found: dict[str, list[int]],
    limit: int,
) -> Iterator[Group]:
    for shelf in shelves:
        keys = {subject.letter: found[subject.letter] for subject in shelf.subjects}
        hits = shelf.show(company, keys, limit + 1) if any(keys.values()) else {}
        for subject in shelf.subjects:
            if some := hits.get(subject.letter):
                some = sorted(some, key=lambda hit: _distance(hit.name, question.words))
                yield Group(subject.label, some[:limit], has_more=len(some) > limit)


def _distance(name: str, words: list[str]) -> int:
    """How far a name is from what was typed: whole words before starts before anything else."""
    said = f" {fold(name)} "
    return sum(2 - (f" {word}" in said) - (f" {word} " in said) for word in words)
