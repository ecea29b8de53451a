"""Carter: the customer book of a moving company."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def version() -> str:
    """The release this is: the first one named in CHANGELOG.md."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    return heading[1] if heading else "0"
