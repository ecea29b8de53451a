"""Reading paper back, as a person or their machine would."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader

AMOUNT = re.compile(r"−?(?:CA\$|A\$|[$£€])[\d,]+\.\d\d")


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def text_of(pdf: bytes) -> str:
    """Every word on it, page by page, with single spaces between."""
    pages = (page.extract_text() for page in opened(pdf).pages)
    return re.sub(r"\s+", " ", " ".join(pages)).replace("\u200b", "")


def amounts_on(pdf: bytes) -> Counter[str]:
    """Every amount of money on it, with how often it stands there."""
    return Counter(AMOUNT.findall(text_of(pdf)))


def pictures_on(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every picture, drawings within drawings included."""
    return [size for page in opened(pdf).pages for size in _pictures(page["/Resources"])]


def _pictures(resources: Any) -> Iterator[tuple[int, int]]:
    for each in resources.get("/XObject", {}).values():
        drawn = each.get_object()
        if drawn["/Subtype"] == "/Image":
            yield drawn["/Width"], drawn["/Height"]
        else:
            yield from _pictures(drawn.get("/Resources", {}))
