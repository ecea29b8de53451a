"""Writing a file that is there as a whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class CannotWrite(Exception):
    """The file cannot be written; the words say why."""


@contextmanager
def written(path: Path, *, besides: Path) -> Iterator[TextIO]:
    """Open a file beside `path` and give it that name once everything is written.

    Raises CannotWrite, before anything is done where that can be known; `besides` is a file that
    must stay.
    """
    path = path.resolve()
    if path == besides.resolve():
        raise CannotWrite(f"{path} is the file that is read: choose another name.")
    if path.exists() and not path.is_file():
        raise CannotWrite(f"{path} is not a file.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as trouble:
        raise CannotWrite(f"{path} cannot be written: {trouble.strerror}.") from trouble
