"""The processes among which a long comparison is divided."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import Self, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

AHEAD = 3  # Pieces a process: enough that none waits, few enough that they do not pile up.


class CannotCompare(Exception):
    """The comparison cannot be made or finished; the words say why and what to do."""


class Crew:
    """Carries out the same work on many pieces, at once, with the results in the pieces' order.

    One piece alone is not worth a process: it is worked on here.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def each(self, work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
        """The results of `work`, in order. Reads only a few pieces ahead."""
        pieces = iter(pieces)
        first = list(islice(pieces, 2))
        pieces = chain(first, pieces)
        if len(first) < 2 or not self._processes:
            yield from map(work, pieces)
            return
        try:
            yield from self._divided(work, pieces)
        except BrokenProcessPool as trouble:
            raise CannotCompare(
                "One of the processes was ended from outside, perhaps because memory ran out."
            ) from trouble

    def _divided(
        self, work: Callable[[Piece], Result], pieces: Iterator[Piece]
    ) -> Iterator[Result]:
        executor = self._started()
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(executor.submit(work, piece))
            if len(waiting) > self._processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _started(self) -> ProcessPoolExecutor:
        """Fresh processes: a fork would take this one's threads and connections along, broken."""
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self._processes, mp_context=get_context("spawn"), initializer=_join_the_crew
            )
        return self._executor


def _join_the_crew() -> None:
    """Leave it to the first process what Ctrl-C means, and end when it ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
