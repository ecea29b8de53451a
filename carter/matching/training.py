"""Learning weights from a company's own book."""

from collections import defaultdict

from carter.companies.models import Company
from carter.matching.in_memory import BookInMemory
from carter.matching.keying import refresh_keys
from carter.matching.learning import Learnt, learn
from carter.matching.record import Record
from carter.matching.sharing import words_on


def learn_from_own_book(company: Company) -> Learnt:
    """The weights that explain the company's current customers best. Raises TooLittleToLearn.

    The whole book is held in memory for it: about a gigabyte for 200,000 customers.
    """
    refresh_keys(company)
    book = BookInMemory(_current(company), said=words_on(company))
    return learn(book.scores(), len(book.records))


def _current(company: Company) -> dict[str, Record]:
    """What is known of each current customer, with everybody merged into it, by its number."""
    parts: dict[int, list[Record]] = defaultdict(list)
    profiles = company.profiles.filter(customer__withdrawn_at=None).order_by("customer_id")
    rows = profiles.values_list("customer_id", "customer__head_id", "stored")
    for customer, head, stored in rows.iterator():
        parts[head or customer].append(Record.restored(stored))
    return {f"{head:012}": Record.joined(records) for head, records in parts.items()}
