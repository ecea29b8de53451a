"""Several people at the same moment, for tests marked `postgresql`."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(*deeds: Callable[[], object]) -> list[Exception]:
    """Do the deeds at the same moment, each with a connection of its own; what they raised."""
    start, raised = threading.Barrier(len(deeds)), []

    def work(deed):
        try:
            start.wait()
            deed()
        except Exception as reason:  # noqa: BLE001 whatever a deed raises is for the test to judge
            raised.append(reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
