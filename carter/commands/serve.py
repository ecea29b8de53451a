"""Serve Carter to browsers. With --with-worker: do the work that is due as well."""

import argparse
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.conf import settings
from django.db import connections
from granian.constants import Interfaces
from granian.server import MPServer

from carter.configuration import env
from carter.health.readiness import why_not_ready
from carter.logs import described

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 512
"""How many browsers may stay connected to each process. Granian counts an idle, kept-alive
connection like a busy one, so a number near that of the threads would lock people out."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-worker", action="store_true", help="also do the work that is due")


def run(options: argparse.Namespace) -> int:
    reason = why_not_ready() or why_not_listening()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    connections.close_all()
    with worker() if options.with_worker else nullcontext():
        server().serve()
    return 0


def why_not_listening() -> str:
    """The reason the address cannot be listened on, in a sentence; empty when it can."""
    address, port = env("CARTER_BIND"), env("CARTER_PORT")
    try:
        family, kind, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as trouble:
        return (
            f"Carter cannot listen on {address}, port {port}: {trouble.strerror}. "
            "Choose another port with CARTER_PORT, another address with CARTER_BIND."
        )
    return ""


def server() -> MPServer:
    return MPServer(
        "carter.wsgi:application",
        address=env("CARTER_BIND"),
        port=env("CARTER_PORT"),
        interface=Interfaces.WSGI,
        workers=env("CARTER_WORKERS"),
        blocking_threads=env("CARTER_THREADS"),
        blocking_threads_idle_timeout=600,
        backpressure=CONNECTIONS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_dictconfig=described(**settings.LOGGING),
    )


@contextmanager
def worker() -> Iterator[None]:
    """The worker in a process of its own; it finishes what it is doing before the server ends.

    Not in a thread: the server's processes are forked from this one, and what a busy thread holds
    at that moment, such as a lock of the log, would stay locked in them for ever.
    """
    process = subprocess.Popen([sys.executable, "-m", "carter", "worker"], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
