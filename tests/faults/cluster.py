"""A PostgreSQL of a test's own, as safe as in production, to be stopped and started."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from tests.faults.small_disk import SmallDisk
from tests.postgres import ask, free_port, hand_over, programs, reachable


class Cluster:
    """Its folder, its port, and how it is stopped: `fast` asks everybody to go, `immediate` is
    a crash. On a `disk` it lies there, as small as one can be made.
    """

    def __init__(self, folder: Path, disk: SmallDisk | None = None) -> None:
        hand_over(folder)
        if disk is not None:
            hand_over(disk.seen)
        self.programs, self.folder, self.port = reachable(programs(), folder), folder, free_port()
        self.data = (disk.folder if disk else folder) / "data"
        self.within = disk.within if disk else None
        words = ["-U", "carter", "-A", "trust", "-E", "UTF8", "--no-sync"]
        words += ["--wal-segsize=1"] if disk else []
        ask(self.programs / "initdb", "-D", self.data, *words, within=self.within)

    def start(self) -> None:
        place = f"-cport={self.port} -clisten_addresses=127.0.0.1 -cunix_socket_directories="
        self._control("start", "-l", self.folder / "log", "-o", place)

    def stop(self, mode: str) -> None:
        self._control("stop", "-m", mode)

    def take_over(self, name: str, address: str) -> None:
        """Fill the empty database `postgres` with what another server's database has."""
        dump = [self.programs / "pg_dump", "--no-owner", f"--file={self.folder / 'dump'}", address]
        subprocess.run(dump, check=True)
        mine = f"postgres://carter@127.0.0.1:{self.port}/{name}"
        words = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        psql = [self.programs / "psql", *words, f"--file={self.folder / 'dump'}", mine]
        subprocess.run(psql, check=True)

    def _control(self, *words: object) -> None:
        ask(self.programs / "pg_ctl", "-D", self.data, "-w", *words, within=self.within)


@contextmanager
def moved_to_a_cluster(
    address: str, monkeypatch, disk: SmallDisk | None = None
) -> Iterator[Cluster]:
    """The tests' connection leads to a cluster of its own with the same tables."""
    with TemporaryDirectory(prefix="carter-cluster-", ignore_cleanup_errors=True) as name:
        cluster = Cluster(Path(name), disk)
        cluster.start()
        try:
            cluster.take_over("postgres", address)
            with monkeypatch.context() as patched:
                for setting, value in (
                    ("HOST", "127.0.0.1"),
                    ("PORT", cluster.port),
                    ("USER", "carter"),
                    ("NAME", "postgres"),
                ):
                    patched.setitem(connection.settings_dict, setting, value)
                _let_go()
                yield cluster
            _let_go()
        finally:
            cluster.stop("immediate")


def _let_go() -> None:
    connection.close()
    connection.close_pool()
