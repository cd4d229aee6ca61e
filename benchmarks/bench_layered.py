"""Speed of the layered engine: one pass, memory, time to a minimum with a vortex line among balls.

python benchmarks/bench_layered.py [--quick]
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.ginzburg_landau.energy import energy_and_gradient
from pseudogauge.inclusions import layered_pseudo_field, random_balls


def passes(shapes: tuple[tuple[int, int, int], ...]) -> None:
    """One energy and gradient pass against a copy of the arrays it reads (8) and writes (5), in CPU time."""
    print("one energy+gradient pass          ns/site (1 thread)   copy of its arrays   ratio")
    for shape in shapes:
        problem = GinzburgLandau(Grid(shape, 0.5), kappa=2.0, flux_quanta=(1, 0, 1))
        fields = np.random.default_rng(0).normal(size=(5, *shape))
        gradient, source = np.empty_like(fields), np.ones((13, *shape[1:], shape[0]))
        target, spent = np.empty_like(source), [np.inf, np.inf]
        for _ in range(7):
            for n, action in enumerate(
                (
                    lambda: energy_and_gradient(fields, problem.coefficients, gradient, 1),  # noqa: B023
                    lambda: np.copyto(target[:6], source[:6]),  # noqa: B023  6.5 read, 6.5 written
                )
            ):
                start = time.process_time()
                action()
                spent[n] = min(spent[n], time.process_time() - start)
        ours, copy = (s * 1e9 / np.prod(shape) for s in spent)
        print(f"{shape!s:32s}{ours:12.1f}{copy:23.1f}{ours / copy:12.1f}")


def minimum(n: int) -> None:
    """One vortex line through a cube of random balls."""
    extent = (0.5 * n,) * 3
    inclusions = random_balls(3.0, extent=extent, filling=0.15, edge_width=1.0, exchange=0.03, rng=0)
    field = layered_pseudo_field(inclusions, 1.0, kappa=4.0)
    start = time.perf_counter(), time.process_time()
    problem = GinzburgLandau(Grid((n, n, n), 0.5), 4.0, field, flux_quanta=1, anisotropy=3.0)
    made = time.perf_counter() - start[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter(), time.process_time()
    state = minimise(problem, start=[(0.25 * n, 0.25 * n, 1)], tol=1e-5, energy_tol=1e-9)
    wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / n**3
    print(
        f"\n{n}³, {len(inclusions)} balls: problem {made:.1f} s, minimum {wall:.1f} s ({cpu:.1f} s CPU), ",
        end="",
    )
    print(f"{state.iterations} iterations, {wall / state.iterations / n**3 * 1e9:.0f} ns/site each")
    print(
        f"{memory:.0f} bytes/site beyond the problem; {state!r}, {state.message}, lines {state.vortex_lines[:3]}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    quick = parser.parse_args().quick
    began = time.perf_counter()
    minimise(GinzburgLandau(Grid((4, 4, 4), 0.5), kappa=2.0), start="uniform")
    print(f"first call, compiling or loading the cache: {time.perf_counter() - began:.2f} s\n")
    passes(((32, 32, 32),) if quick else ((96, 96, 96), (256, 256, 16)))
    minimum(32 if quick else 96)
