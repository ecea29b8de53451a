"""Pieces of pages that are written once for all who are shown the same.

Pages are opened again and again with the same rows in them, and to write a row takes Django longer
than to find it. A piece is a template and plain values, which it sees as `row`, and nothing else:
the same values can only look the same, whoever asks, and no company's piece is another's.

So what it says must hang on them alone: days rather than moments, which every company reads by its
own clock, and no form, whose token is the browser's.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

KEPT = 4096
"""So many pieces a process remembers, of about a thousand characters each."""
KEPT_BY_KEY = 1024
_kept: dict[Any, str] = {}


def written_once(template: str, row: tuple[Any, ...] = ()) -> SafeString:
    """One piece as HTML, perhaps without any values."""
    return written_each(template, [row])


def written_each(template: str, rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """A piece for each row, as HTML."""
    html = "".join(written(template, type(row), *row) for row in rows)
    return mark_safe(html)  # noqa: S308 Each is the work of a template, which escapes.


# By type as well: True equals 1, and text that is HTML equals text that is not.
@lru_cache(maxsize=KEPT, typed=True)
def written(template: str, kind: Callable[..., Any], *values: Any) -> str:
    """One piece, by its template, and the class and the values of its row."""
    return get_template(template).render({"row": kind(*values)})


def kept(key: Any, write: Callable[[], str]) -> str:
    """What was written for this key, which says everything it hangs on; else it is written now."""
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= KEPT_BY_KEY:
            _kept.clear()
        found = _kept[key] = write()
    return found


def frozen(value: Any) -> Any:
    """A value of lists and dictionaries as a key: equal when both look the same, types included."""
    if isinstance(value, dict):
        return dict, *((name, frozen(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return type(value), *map(frozen, value)
    return type(value), value
