"""Independent pieces of work on all cores: what fails is recorded, the rest goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from ..errors import PseudogaugeError
from ..progress import Progress, silent

__all__ = ["PartialFailure", "run_all"]


class PartialFailure(PseudogaugeError):
    """Some pieces of work failed; the others are done and kept."""

    def __init__(self, failures: dict[str, BaseException]) -> None:
        self.failures = failures
        super().__init__("\n".join(f"{name}: {type(e).__name__}: {e}" for name, e in failures.items()))


def run_all(
    work: Callable[[str], None], names: Sequence[str], progress: Progress = silent, workers: int | None = None
) -> None:
    """Call ``work(name)`` for every name, each in one of ``workers`` processes (default: one for each core).

    ``work`` must be importable by another process and keep its own results. An interrupt ends the workers at
    once; if this process is killed they finish what they are at and end. Raises `PartialFailure` at the end if any
    call failed.
    """
    failures: dict[str, BaseException] = {}
    context = multiprocessing.get_context("spawn")  # compiled code and its threads do not survive a fork
    count = min(workers or os.cpu_count() or 1, len(names))
    with ProcessPoolExecutor(count, context, _begin) as pool:
        try:
            running = {pool.submit(_busy_with, work, name): name for name in names}
            for done, future in enumerate(as_completed(running), start=1):
                error = future.exception()
                if error is not None:
                    failures[running[future]] = error
                outcome = "failed" if error else "done"
                progress(done / len(names), f"{running[future]}: {outcome}")
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    if failures:
        raise PartialFailure(failures)


_BUSY = threading.Lock()
"""Held by a worker while it works."""


def _begin() -> None:
    """Let Ctrl-C end a worker silently (the parent reports it), and the death of the parent once it is idle."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    _BUSY.acquire()
    os._exit(1)


def _busy_with(work: Callable[[str], None], name: str) -> None:
    with _BUSY:
        work(name)
