"""A server of its own for a measurement, and what its processes and the database cost."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

import psutil
from django.db import connection

from carter import ROOT

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and its processes."""

    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system time so far of the server's processes and the database's."""
        return sum(map(_spent, [*_tree(self.process), *_database()]))

    def megabytes(self) -> dict[str, float]:
        """Resident memory: of all processes, and of the largest that answers."""
        sizes = [each.memory_info().rss / 1e6 for each in _tree(self.process)]
        return {"all": sum(sizes), "largest": max(sizes)}


@contextmanager
def carter() -> Iterator[Server]:
    """Carter as `carter serve` runs it."""
    with _started([sys.executable, "-m", "carter", "serve"], {}, "/healthz") as server:
        yield server


@contextmanager
def floor() -> Iterator[Server]:
    """The bare views, on the same kind of server with as many processes and threads."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", _env("WORKERS")]
    command += ["--blocking-threads", _env("THREADS"), "--no-ws", "--log-level", "critical"]
    command += ["--backpressure", "512"]
    settings = {"DJANGO_SETTINGS_MODULE": "carter.bench.floor_settings"}
    with _started([*command, "carter.wsgi:application"], settings, "/hello/") as server:
        yield server


def _env(name: str) -> str:
    return os.environ.get(f"CARTER_{name}", {"WORKERS": "2", "THREADS": "2"}[name])


@contextmanager
def _started(command: list[str], settings: dict[str, str], alive: str) -> Iterator[Server]:
    port = _free_port()
    environment = os.environ | {"CARTER_PORT": str(port), "GRANIAN_PORT": str(port)} | settings
    process = subprocess.Popen(  # noqa: S603 (words of our own)
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, alive, process)
        yield Server(port, psutil.Process(process.pid))
    finally:
        _end(psutil.Process(process.pid))


def _end(process: psutil.Process) -> None:
    """Ask the processes to end; a connection that is still open does not keep them."""
    tree = _tree(process)
    process.terminate()
    _, still_there = psutil.wait_procs(tree, timeout=5)
    for each in still_there:
        each.kill()


def _wait_for(port: int, address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        client = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            client.request("GET", address)
            if client.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            client.close()
    raise RuntimeError("The server to be measured did not start; `carter doctor` may tell why.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _database() -> Iterable[psutil.Process]:
    """The processes of a PostgreSQL on this machine; none of SQLite, nor of one elsewhere."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = int(cursor.fetchone()[0])
    if not psutil.pid_exists(own) or "postgres" not in psutil.Process(own).name():
        return []
    postmaster = psutil.Process(own).parent()
    return [each for each in _tree(postmaster) if each.pid != own] if postmaster else []


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
