"""Progress of long work: a bar on a terminal, plain lines in a log, silence by default."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["Progress", "console_progress", "silent"]


class Progress(Protocol):
    """Called with the work done so far (0 to 1) and what is being done now."""

    def __call__(self, fraction: float, message: str) -> None: ...


def silent(fraction: float, message: str) -> None:
    """Report nothing."""


@contextmanager
def console_progress() -> Iterator[Progress]:
    """Report on stderr: rich's bar if it is a terminal, else one line for each new message."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description:<48}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
        with Bar(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0)

            def update(fraction: float, message: str) -> None:
                if message.startswith("warning: "):  # to stay when the bar has gone on
                    bar.console.print(message)
                bar.update(task, completed=fraction, description=message)

            yield update
        return
    start, last = time.perf_counter(), ""

    def line(fraction: float, message: str) -> None:
        nonlocal last
        if message != last:
            last = message
            print(
                f"[{time.perf_counter() - start:6.1f} s] {fraction:4.0%} {message}",
                file=sys.stderr,
                flush=True,
            )

    yield line
