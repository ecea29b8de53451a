"""Serve Carter to browsers. With --with-worker: do the work that is due as well."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Event, Thread

from django.conf import settings
from django.db import connection, connections
from granian.constants import Interfaces
from granian.server import MPServer

from carter.configuration import env
from carter.health.readiness import why_not_ready
from carter.logs import described

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 512
"""How many browsers may stay connected to each process. Granian counts an idle, kept-alive
connection like a busy one, so a number near that of the threads would lock people out."""

PAUSE_SECONDS = 1
"""Before a worker is started again that has died: it may die at once, for the same reason."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-worker", action="store_true", help="also do the work that is due")


def run(options: argparse.Namespace) -> int:
    reason = why_not_ready() or why_not_listening()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    get_ready_to_fork()
    with worker() if options.with_worker else nullcontext():
        server().serve()
    return 0


def get_ready_to_fork() -> None:
    """Load all that answers, once for all processes, and share no connection between them.

    A process that has died is back in a moment. One connection used by two processes would mix
    their questions and answers up; a pool keeps its connections open even when all are closed.
    """
    import_module(settings.ROOT_URLCONF)
    connections.close_all()
    if close_pool := getattr(connection, "close_pool", None):
        close_pool()
    os.register_at_fork(after_in_child=partial(end_with, os.getpid()))


def end_with(parent: int) -> None:
    """Have this process end when the one it was forked from is killed.

    Else it would go on listening, and whoever starts Carter again could not.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()


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
    at that moment, such as a lock of the log, would stay locked in them for ever. The thread that
    starts a worker anew when one has died only waits.
    """
    over, process = Event(), start_worker()

    def start_again() -> None:
        nonlocal process
        process.wait()
        while not over.wait(PAUSE_SECONDS):
            process = start_worker()
            process.wait()

    keeper = Thread(target=start_again)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        while keeper.is_alive():
            process.terminate()
            keeper.join(timeout=1)


def start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "carter", "worker"], cwd=ROOT)
