"""Carter as `carter serve --with-worker` runs it, on the database of the tests, to be killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from carter import ROOT
from tests.billing.test_killing import address_of_database
from tests.postgres import free_port

SERVE = (sys.executable, "-m", "carter", "serve", "--with-worker")
WEB_PROCESSES = 2
PATIENCE_SECONDS = 60


class Installation:
    """The server, its web processes and its worker; what it logs is kept in a file."""

    def __init__(self, folder: Path, command: Sequence[str] = SERVE, **settings: str) -> None:
        self.port = free_port()
        self.log = folder / "log"
        self.command = command
        self.environment = {
            **os.environ,
            "DATABASE_URL": address_of_database(),
            "CARTER_DATABASE_POOL": "4",
            "CARTER_PORT": str(self.port),
            "GRANIAN_PORT": str(self.port),
            "CARTER_WORKERS": str(WEB_PROCESSES),
            "PYTHONPATH": str(ROOT),
            **settings,
        }

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = psutil.Popen(
                self.command, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.wait_for(lambda: len(self.web()) == WEB_PROCESSES and self._listens())

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE_SECONDS)
        finally:
            self.kill_all()

    def web(self) -> list[psutil.Process]:
        """The processes that answer, the eldest first: forked, so called like their parent."""
        words = self.process.cmdline()
        found = [each for each in self._children() if _cmdline(each) == words]
        return sorted(found, key=lambda each: each.create_time())

    def worker(self) -> list[psutil.Process]:
        return [each for each in self._children() if _cmdline(each)[-1:] == ["worker"]]

    def kill_all(self) -> None:
        """As a power cut would, but for the disk."""
        tree = [self.process, *self._children()]
        for each in tree:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(tree)

    def wait_for(self, condition) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            assert self.process.is_running(), self.log.read_text()[-3000:]
            time.sleep(0.02)

    def _listens(self) -> bool:
        with socket.socket() as browser:
            return browser.connect_ex(("127.0.0.1", self.port)) == 0

    def _children(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return self.process.children(recursive=True)
        return []


def _cmdline(process: psutil.Process) -> list[str]:
    """Empty for one that has gone."""
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return process.cmdline()
    return []


@contextmanager
def serving(folder: Path, *command: str, **settings: str) -> Iterator[Installation]:
    installation = Installation(folder, command or SERVE, **settings)
    installation.start()
    try:
        yield installation
    finally:
        installation.end()
