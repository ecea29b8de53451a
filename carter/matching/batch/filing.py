"""Making records of what was typed, and filing each under its keys."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from carter.matching.batch.counts import digest, key_digest
from carter.matching.batch.shelf import packed
from carter.matching.keys import keys_of
from carter.matching.record import Record

Normalise = Callable[[Any], Record]


class Filed(NamedTuple):
    """One record: as it lies on the shelf, digests of its keys, and what equal records share.

    `print` is empty for a record that does not say who it is: two such are not the same customer
    because they are equal.
    """

    record: bytes
    keys: list[int]
    print: int | None


def file_all(entries: Sequence[Any], record_of: Normalise) -> list[Filed]:
    """Normalise some entries, in their order."""
    return [_filed(record_of(entry)) for entry in entries]


def _filed(record: Record) -> Filed:
    """The keys in order: a set's differs from one process to the next."""
    stored = packed(record)
    keys = sorted(map(key_digest, keys_of(record)))
    return Filed(stored, keys, digest(stored.decode()) if _says_who_it_is(record) else None)


def _says_who_it_is(record: Record) -> bool:
    is_named = bool(record.names or record.companies)
    return is_named and bool(record.phones or record.emails or _houses(record))


def _houses(record: Record) -> list[str]:
    return [address.building for address in record.addresses if address.building]
