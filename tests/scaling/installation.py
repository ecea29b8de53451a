"""An installation on more than one machine: a primary, its replica, servers and workers."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import psutil
import psycopg

from carter import ROOT
from carter.bench.office import Data, Office, Request
from tests.postgres import Cluster, following, free_port, hand_over, programs, reachable, running

PATIENCE_SECONDS = 60


@dataclass
class Installation:
    """What all its machines share: the addresses, and who works there."""

    primary: Cluster
    replica: Cluster
    settings: dict[str, str]
    cast: dict[str, Any] = field(default_factory=dict)

    def environment(self, **settings: str) -> dict[str, str]:
        """A machine's own environment: with a folder of its own, it shares none with another."""
        return {**os.environ, **self.settings, **settings}

    def run(self, *words: str, fails: bool = False, **settings: str) -> str:
        """What a program says."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment(**settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert bool(done.returncode) is fails, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self, **settings: str) -> Iterator[int]:
        """A web machine; the port it answers at."""
        port = free_port()
        with self.process("serve", CARTER_PORT=str(port), **settings):
            wait_until(lambda: answers(port), "Carter answers")
            yield port

    @contextmanager
    def process(self, command: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """One of Carter's own processes on a machine of its own."""
        with tempfile.TemporaryDirectory(prefix="carter-machine-") as folder:
            process = subprocess.Popen(
                [sys.executable, "-m", "carter", command],
                cwd=ROOT,
                env=self.environment(**{"CARTER_VAR": folder, **settings}),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                yield process
            finally:
                end(process)

    @contextmanager
    def desk(self, who: str, port: int) -> Iterator["Desk"]:
        with closing(Desk(port, self.cast[who])) as desk:
            yield desk


@contextmanager
def an_installation(**settings: str) -> Iterator[Installation]:
    """A primary with its streaming replica, and Carter's tables and people in it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(a_folder()))
        bin_folder = reachable(programs(), folder)
        primary = stack.enter_context(running(bin_folder, folder))
        replica = stack.enter_context(following(primary, folder))
        shared = {
            "DATABASE_URL": primary.url,
            "CARTER_SECRET_KEY": "one-for-all-machines-" * 3,
            "CARTER_DEMO": "yes",
            "CARTER_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "carter.settings",
            **settings,
        }
        here = Installation(primary, replica, shared)
        here.cast = json.loads(here.run("tests.scaling.cast").splitlines()[-1])
        yield here


@contextmanager
def a_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="carter-scale-", ignore_cleanup_errors=True) as folder:
        hand_over(Path(folder))
        yield folder


class Desk(Office):
    """A browser, which keeps the cookies it is given."""

    def send(self, request: Request) -> tuple[HTTPResponse, bytes]:
        answer, body = super().send(request)
        kept = dict(cookie.split("=", 1) for cookie in self.cookies.split("; "))
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, value = cookie.partition(";")[0].split("=", 1)
            kept[name] = value
        self.cookies = "; ".join(f"{name}={value}" for name, value in kept.items())
        return answer, body

    def close(self) -> None:
        self.connection.close()

    def page(self, path: str) -> str:
        return self.send(Request(path))[1].decode()

    def post(self, path: str, to: str = "", **typed: str) -> HTTPResponse:
        """Fill in the form of a page and send it."""
        return self.send(self.filled(path, to, **typed))[0]

    def sent(self, path: str, data: Data) -> HTTPResponse:
        return self.send(Request(path, data))[0]


def end(process: "subprocess.Popen[bytes]") -> None:
    """End it and its own processes at once, whoever is still connected."""
    main = psutil.Process(process.pid)
    for each in [main, *main.children(recursive=True)]:
        each.kill()
    process.wait(timeout=30)


def ask(url: str, question: str) -> Any:
    """The one value a database answers with."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]  # type: ignore[index]


def answers(port: int) -> bool:
    client = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/healthz")
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()


def wait_until(holds: Any, what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f"Waited in vain until: {what}.")
