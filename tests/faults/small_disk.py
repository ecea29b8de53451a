"""A really small disk: a file system of a few megabytes in memory, seen by its own programs only.

It is mounted in a mount namespace that a waiting process holds; other programs are run in it.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOLD = 'mount -t tmpfs -o size="$2" carter "$1" && echo mounted && exec cat'
OWN = [] if os.geteuid() == 0 else ["--map-root-user"]


class SmallDisk:
    """The folder it is mounted on, and its contents as seen from outside."""

    def __init__(self, folder: Path, holder: "subprocess.Popen[str]") -> None:
        self.folder, self.pid = folder, holder.pid
        self.seen = Path(f"/proc/{holder.pid}/root{folder}")

    def within(self, *words: str) -> list[str]:
        """The command that runs another on this disk."""
        users = ["--user", "--preserve-credentials"] if OWN else []
        return ["nsenter", f"--target={self.pid}", "--mount", *users, *words]

    def fill(self) -> Path:
        """Leave no room at all; the file to remove for room."""
        filler = self.seen / "filler"
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        return filler


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[SmallDisk]:
    words = ["unshare", *OWN, "--mount", "sh", "-c", HOLD, "sh", str(folder), size]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "mounted\n"
        try:
            yield SmallDisk(folder, holder)
        finally:
            holder.stdin.close()
