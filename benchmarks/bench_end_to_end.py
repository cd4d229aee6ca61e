"""Whole processes: import, help, check, quick and full paper, with cold and warm compile caches.

    python benchmarks/bench_end_to_end.py [--full]

Prints one line per command: limit, cold wall time (empty numba cache), warm wall time (median of 3 for the
short ones), peak memory.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOOL = str(Path(sys.executable).with_name("pseudogauge"))


def wall(command: list[str], cache: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, "NUMBA_CACHE_DIR": cache}, capture_output=True, text=True
    )
    elapsed = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return elapsed


def main() -> None:
    rows = [
        ("import pseudogauge", [sys.executable, "-c", "import pseudogauge"], 0.5, 3),
        ("pseudogauge --help", [TOOL, "--help"], 0.7, 3),
        ("pseudogauge check 4hb-tas2", [TOOL, "check", "4hb-tas2"], None, 3),
        ("pseudogauge paper --quick", [TOOL, "paper", "--quick", "--out", "{out}"], 30.0, 1),
    ]
    if "--full" in sys.argv:
        rows.append(("pseudogauge paper", [TOOL, "paper", "--out", "{out}"], 180.0, 1))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'command':<28}{'limit':>8}{'cold':>8}{'warm':>8}  (s)")
    for name, command, limit, repeats in rows:
        with tempfile.TemporaryDirectory() as cache:
            times = []
            for _ in range(repeats + 1):
                with tempfile.TemporaryDirectory() as out:
                    times.append(wall([word.replace("{out}", f"{out}/x") for word in command], cache))
        shown = f"{limit:8.1f}" if limit else " " * 8
        print(f"{name:<28}{shown}{times[0]:8.2f}{statistics.median(times[1:]):8.2f}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"largest process: {peak:.2f} GB")


if __name__ == "__main__":
    main()
