"""Reading what Stripe's library sends: forms whose names say where a value goes, `a[b][0]=c`."""

import re
from typing import Any
from urllib.parse import parse_qsl


def read(encoded: str) -> dict[str, Any]:
    """Nested values; a list is a mapping by place, as it came."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        place = found
        for following in rest:
            place, first = place.setdefault(first, {}), following
        place[first] = value
    return found
