"""Thin films: what the nonlocal screening costs beside none at all, at equal sites, and that it scales as N log N.

python benchmarks/bench_film.py [--quick]
"""

from __future__ import annotations

import argparse
import math
import time

import numpy as np

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, minimise
from pseudogauge.ginzburg_landau.energy import energy_and_gradient


def passes(sizes: tuple[int, ...]) -> None:
    """One energy and gradient pass on one thread."""
    print("one energy+gradient pass, ns per site      n   unscreened    film   ratio")
    for n in sizes:
        fields = np.random.default_rng(0).normal(size=(4, n, n))
        gradient = np.empty_like(fields)
        found = []
        for kind in ({"kappa": math.inf}, {"pearl_length": 10.0}):
            problem = GinzburgLandau(Grid((n, n), 0.5), flux_quanta=1, **kind)
            energy_and_gradient(fields, problem.coefficients, gradient)
            times = []
            for _ in range(7):
                start = time.process_time()
                energy_and_gradient(fields, problem.coefficients, gradient)
                times.append(time.process_time() - start)
            found.append(min(times) * 1e9 / n**2)
        print(f"{n:44d}{found[0]:13.1f}{found[1]:8.1f}{found[1] / found[0]:8.2f}")


def timed(problem: GinzburgLandau, start: object) -> tuple[float, State]:
    """CPU seconds and result of a minimisation."""
    before = time.process_time()
    state = minimise(problem, start=start, energy_tol=1e-9)
    return time.process_time() - before, state


def row(label: str, unscreened: GinzburgLandau, film: GinzburgLandau, start: object) -> None:
    """One line of the comparison."""
    (bare, a), (screened, b) = timed(unscreened, start), timed(film, start)
    text = f"{label:34s}{bare:9.2f} s ({a.iterations:3d}){screened:9.2f} s ({b.iterations:3d}){screened / bare:8.2f}"
    print(f"{text}   {a.vortices.net} and {b.vortices.net} vortices")


def endless(n: int) -> None:
    """A cell with a lattice of pinned vortices."""
    side = n // 64
    places = [(32.0 * (i + 0.5), 32.0 * (j + 0.5)) for i in range(side) for j in range(side)]

    def epsilon(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        u, v = np.mod(x, 32.0) - 16, np.mod(y, 32.0) - 16
        return 1 - np.exp(-(u**2 + v**2) / 2)

    start = [(x + 1.0, y + 0.5, 1) for x, y in places]
    common = {"epsilon": epsilon, "flux_quanta": len(places)}
    grid = Grid((n, n), 0.5)
    for pearl_length in (2.0, 20.0):
        unscreened = GinzburgLandau(grid, math.inf, **common)
        film = GinzburgLandau(grid, pearl_length=pearl_length, **common)
        row(f"film without end, {n}², Λ = {pearl_length:g}", unscreened, film, start)


def isolated(n: int, hole: float) -> None:
    """A square, or a square with a square hole, in a field, with the vacuum that keeps its images away."""
    middle, side = n / 4, 0.19 * n

    def sample(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        r = np.maximum(np.abs(x - middle), np.abs(y - middle))
        return (r < side / 2) & (r > hole * side / 2)

    common = {"sample": sample, "applied_field": 2.0 / side**2}
    unscreened = GinzburgLandau(Grid((n, n), 0.5, False), math.inf, **common)
    for pearl_length in (2.0, 20.0):
        film = GinzburgLandau(Grid((n, n), 0.5), pearl_length=pearl_length, **common)
        row(f"{'ring' if hole else 'square'} in {n}², Λ = {pearl_length:g}", unscreened, film, "uniform")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    quick = parser.parse_args().quick
    minimise(GinzburgLandau(Grid((16, 16), 0.5), pearl_length=2.0), start="uniform")
    passes((256,) if quick else (256, 512, 1024))
    print("\nCPU time to a minimum (iterations)   unscreened             film      ratio")
    for cells in (128,) if quick else (256, 512):
        endless(cells)
        isolated(cells, 0.0)
        isolated(cells, 0.5)
