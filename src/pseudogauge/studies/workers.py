"""Independent pieces of work on all cores: what fails is recorded, the rest goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
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
    once. Raises `PartialFailure` at the end if any call failed.
    """
    failures: dict[str, BaseException] = {}
    context = multiprocessing.get_context("spawn")  # compiled code and its threads do not survive a fork
    count = min(workers or os.cpu_count() or 1, len(names))
    with ProcessPoolExecutor(count, context, _die_on_interrupt) as pool:
        try:
            running = {pool.submit(work, name): name for name in names}
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


def _die_on_interrupt() -> None:
    """Let Ctrl-C end a worker silently; the parent reports it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
