"""How many records hold each key of a whole book, in little memory."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b

from carter.matching.keys import Key


def digest(text: str) -> int:
    """Sixty-four bits, as a signed number, that stand for a text.

    That any two of a million texts share theirs happens in one book of 37 million.
    """
    stamp = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(stamp, "big", signed=True)


def key_digest(key: Key) -> int:
    """Sixty-four bits that stand for a key."""
    return digest("\n".join(key))


class Counts:
    """Holders by key, of the keys that more than two hold: what a Book asks for.

    Sixteen bytes a key. A dictionary takes ten times as much, and every process has one.
    """

    def __init__(self, counted: Iterable[tuple[int, int]] = ()) -> None:
        """Take digests of keys, in order, each with how many hold it."""
        self._digests, self._holders = array("q"), array("q")
        for key, holders in counted:
            self._digests.append(key)
            self._holders.append(holders)

    def get(self, key: Key, default: int, /) -> int:
        wanted = key_digest(key)
        place = bisect_left(self._digests, wanted)
        if place < len(self._digests) and self._digests[place] == wanted:
            return self._holders[place]
        return default
