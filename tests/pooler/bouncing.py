"""pgbouncer in transaction mode, with fewer connections than there are requests at once."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import Cluster, free_port, unprivileged
from tests.scaling.installation import a_folder, ask, wait_until

CONNECTIONS = 4

CONFIGURATION = """
[databases]
carter = host=127.0.0.1 port={primary} dbname=postgres user=carter
replica = host=127.0.0.1 port={replica} dbname=postgres user=carter

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
"""


@contextmanager
def a_pooler(primary: Cluster, replica: Cluster) -> Iterator[str]:
    """The address of the pooler, without the name of a database."""
    port = free_port()
    with a_folder() as folder:
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(
            CONFIGURATION.format(
                primary=primary.port, replica=replica.port, port=port, connections=CONNECTIONS
            )
        )
        user = unprivileged()
        process = subprocess.Popen(
            [program(), file],
            user=user and user.pw_uid,
            group=user and user.pw_gid,
            extra_groups=None if user is None else [],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"postgres://carter@127.0.0.1:{port}"
        try:
            wait_until(lambda: is_up(url), "the pooler answers")
            yield url
        finally:
            process.kill()
            process.wait()


def program() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    assert found, "pgbouncer is missing"
    return found


def is_up(url: str) -> bool:
    try:
        return bool(ask(f"{url}/carter", "SELECT 1") == 1)
    except psycopg.OperationalError:
        return False
