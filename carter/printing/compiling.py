"""Pages become PDF by Typst (https://typst.app), which is kept warm in every process.

The PDF is tagged and says its language and title, so that a screen reader reads it (PDF/UA-1), and
the same page gives the same bytes.
"""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import structlog
import typst

from carter.printing.logos import Logo, as_svg
from carter.printing.pages import Page

log = structlog.get_logger(__name__)

FOLDER = Path(__file__).parent
ONE_AT_A_TIME = Lock()
"""A compiler serves one thread; another that asked meanwhile would get an error, not a turn."""


class CannotPrint(Exception):
    """The paper could not be made; the words are for the desk."""


def compiled(page: Page, *, on: str | None, logo: Logo | None) -> bytes:
    """The page as PDF, dated with the document's own day. Raises CannotPrint."""
    head = page["head"] | {"logo": as_svg(logo) if logo else ""}
    said = {"page": json.dumps(page | {"head": head}, ensure_ascii=False)}
    made_at = datetime.fromisoformat(on or "2000-01-01").replace(tzinfo=UTC)
    try:
        return _pdf(said, made_at, "ua-1")
    except typst.TypstError as trouble:
        log.warning("not every character can be printed", trouble=trouble.message)
    try:
        return _pdf(said, made_at)
    except typst.TypstError as trouble:
        log.exception("not printed", trouble=trouble.diagnostic)
        raise CannotPrint(
            f"“{page['title']}” could not be made into a PDF. Try it without the logo, and tell "
            "whoever runs Carter."
        ) from trouble


def _pdf(said: dict[str, str], made_at: datetime, *standards: "typst.PDFStandard") -> bytes:
    with ONE_AT_A_TIME:
        made = _compiler().compile(
            format="pdf", sys_inputs=said, pdf_standards=list(standards), timestamp=made_at
        )
    return cast(bytes, made)


@cache
def _compiler() -> typst.Compiler:
    """It reads its own folder only: no font and no file of the machine gets onto the paper."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[FOLDER / "fonts"],
    )
    return typst.Compiler(FOLDER / "layout.typ", root=FOLDER, font_paths=fonts)
