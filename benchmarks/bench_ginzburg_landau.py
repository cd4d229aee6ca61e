"""Speed of the Ginzburg-Landau engine: one pass against memory bandwidth, iterations, time to a minimum.

python benchmarks/bench_ginzburg_landau.py [--quick]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, ground_state, minimise
from pseudogauge.ginzburg_landau.energy import energy_and_gradient, single
from pseudogauge.ginzburg_landau.london import London


def best_times(actions: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Shortest time of every action by the clock, in seconds; in turns, so that a busy machine is fair to all."""
    best = [np.inf] * len(actions)
    for _ in range(repeats):
        for n, action in enumerate(actions):
            start = time.perf_counter()
            action()
            best[n] = min(best[n], time.perf_counter() - start)
    return best


def ring_field(
    n: int, spacing: float, rings: int = 4, strength: float = 0.4
) -> Callable[..., tuple[np.ndarray, ...]]:
    """A few ring inclusions spread over the cell."""
    centres = np.random.default_rng(0).uniform(0, n * spacing, size=(rings, 2))

    def potential(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
        ax, ay = 0 * x, 0 * y
        for cx, cy in centres:
            dx, dy = (np.mod(d + n * spacing / 2, n * spacing) - n * spacing / 2 for d in (x - cx, y - cy))
            r = np.hypot(dx, dy) + 1e-12
            profile = strength * np.exp(-(((r - 3) / 0.8) ** 2)) / r
            ax, ay = ax - dy * profile, ay + dx * profile
        return ax, ay

    return potential


def passes(shapes: tuple[tuple[int, ...], ...], repeats: int) -> None:
    """One energy and gradient pass against a copy of as many arrays as it reads and writes, over as many threads.

    It reads ψ (2), A and the frozen phases (one per axis each) and writes the gradient: 10 arrays in a plane, 13 in
    layers.  "in cache" is the same pass over a part of the grid that stays in the second-level cache: what arithmetic
    alone takes, on one thread.
    """
    print("one energy+gradient pass                 ns/site   in cache   copy   pass/copy   (by the clock)")
    for shape, part in zip(
        shapes, [(16, s[-1]) if len(s) == 2 else (12, 12, s[-1]) for s in shapes], strict=True
    ):
        for kind in (np.float64, np.float32):
            run, small = (pass_over(s, kind) for s in (shape, part))
            arrays = 1 + 3 * len(shape) / 2  # to read, and as many to write
            source = np.ones(int(arrays * np.prod(shape)), kind)
            target = np.empty_like(source)
            for threads in (1, 2):
                with ThreadPoolExecutor(threads) as pool:
                    halves = list(zip(np.split(target, threads), np.split(source, threads), strict=True))
                    copy = lambda: [w.result() for w in [pool.submit(np.copyto, *half) for half in halves]]  # noqa: B023, E731
                    whole, copied = best_times([lambda: run(threads), copy], repeats)  # noqa: B023
                (fit,) = best_times([lambda: small(1)], 20 * repeats)  # noqa: B023
                per = 1e9 / np.prod(shape)
                print(
                    f"{shape!s:16s}{np.dtype(kind)!s:9s}{threads} thread{'s' if threads > 1 else ' '}"
                    f"{whole * per:14.2f}{fit * 1e9 / np.prod(part):10.2f}{copied * per:9.2f}{whole / copied:10.2f}"
                )
    print(
        "What a pass takes beyond a copy is arithmetic and loads from the caches, as 'in cache' tells; not memory."
    )


def pass_over(shape: tuple[int, ...], kind: type) -> Callable[[int], object]:
    """A pass over a grid of this shape in this precision, as a function of the number of threads."""
    flux = 1 if len(shape) == 2 else (1, 0, 1)
    problem = GinzburgLandau(Grid(shape, 0.25), kappa=2.0, flux_quanta=flux)
    coefficients = problem.coefficients if kind is np.float64 else single(problem.coefficients)
    fields = np.random.default_rng(0).normal(size=(2 + len(shape), *shape)).astype(kind)
    gradient = np.empty_like(fields)
    energy_and_gradient(fields, coefficients, gradient)
    return lambda threads: energy_and_gradient(fields, coefficients, gradient, threads)


def iterations_to_rest(problem: GinzburgLandau, start: object, seed: int = 0) -> int:
    """After how many iterations the energy is within 1e-9 of where it ends, by bisection: it never rises."""
    final = minimise(problem, start=start, rng=seed)
    first, last = 0, final.iterations
    while first < last:
        middle = (first + last) // 2
        state = minimise(problem, start=start, rng=seed, max_iterations=middle)
        if state.energy - final.energy <= 1e-9 * abs(final.energy):
            last = middle
        else:
            first = middle + 1
    return first


def iterations(spacings: tuple[float, ...]) -> None:
    """A cell of 16 ξ with one ring: no vortex; one where London puts it, or 8 ξ from there; random starts."""
    print(
        "\niterations to 1e-9 of the energy: no vortex / at its London place / 8 ξ away / random (median of 3)"
    )
    kappas = (1, 3, 10, 30, 100)
    print("spacing" + "".join(f"{f'κ = {kappa}':>22}" for kappa in kappas))
    for spacing in spacings:
        n, row = round(16 / spacing), f"{spacing:7.3f}"
        for kappa in kappas:
            empty = GinzburgLandau(Grid((n, n), spacing), kappa, ring_field(n, spacing, rings=1))
            one = empty.in_sector(1)
            landscape = London(one).landscape
            x, y = (float(c.flat[landscape.argmin()]) for c in one.grid.plaquettes)
            counts = [iterations_to_rest(empty, "uniform"), iterations_to_rest(one, [(x, y, 1)])]
            counts += [iterations_to_rest(one, [((x + 8) % 16, y, 1)])]
            counts += [sorted(iterations_to_rest(one, None, seed) for seed in range(3))[1]]
            row += f"{' / '.join(map(str, counts)):>22}"
        print(row, flush=True)


def ring_lattice(n: int) -> tuple[GinzburgLandau, list[tuple[float, float, int]]]:
    """A square lattice of rings, 16 ξ apart, and a vortex for every other of them."""
    sides = np.arange(n // 32)
    centres = [(16.0 * a + 8, 16.0 * b + 8) for a in sides for b in sides]
    filled = [(x, y, 1) for k, (x, y) in enumerate(centres) if (k + k // len(sides)) % 2 == 0]

    def rings(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
        u, v = np.mod(x, 16.0) - 8, np.mod(y, 16.0) - 8
        r = np.hypot(u, v) + 1e-12
        profile = 0.5 * np.exp(-(((r - 3) / 0.8) ** 2)) / r
        return -v * profile, u * profile

    return GinzburgLandau(Grid((n, n), 0.5), 4.0, rings, flux_quanta=len(filled)), filled


def peak_memory() -> int:
    """Largest memory of this process so far, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def minima(placed: tuple[int, ...], random: tuple[int, ...]) -> None:
    """Time to a minimum in one flux sector, from vortices placed in every other ring or from a random start."""
    print(
        "\ntime to a minimum (residual 1e-8 or energy settled to 1e-9), κ = 4, rings 16 ξ apart, half of them filled"
    )
    for n, where in [(n, "placed") for n in placed] + [(n, "random") for n in random]:
        problem, filled = ring_lattice(n)
        start, most = (time.perf_counter(), time.process_time()), peak_memory()
        state = minimise(problem, rng=0, start=filled if where == "placed" else None, energy_tol=1e-9)
        spent = f"{time.perf_counter() - start[0]:7.2f} s ({time.process_time() - start[1]:.2f} s CPU)"
        if peak_memory() > most:
            spent += f" {(peak_memory() - most) / n**2:.0f} bytes/site"
        print(
            f"{n:6d}²  {len(filled)} vortices {where} {spent}  {state.iterations} iterations, "
            f"energy {state.energy:.6f}, residual {state.residual:.1e}, {state.message}",
            flush=True,
        )


def search(n: int) -> None:
    """Global search on a cell with a few inclusions."""
    problem = GinzburgLandau(Grid((n, n), 0.5), 2.0, ring_field(n, 0.5, strength=0.5))
    start = time.perf_counter()
    best = ground_state(problem)
    print(
        f"\nground_state {n}², 4 rings: {time.perf_counter() - start:.2f} s, {len(best.candidates)} candidates, {best}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    quick = parser.parse_args().quick
    began = time.perf_counter()
    minimise(GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0), start="uniform")
    print(f"first call, compiling or loading the cache: {time.perf_counter() - began:.2f} s\n")
    passes(((256, 256), (32, 32, 32)) if quick else ((1024, 1024), (96, 96, 96)), 10 if quick else 300)
    iterations((1.0, 0.5) if quick else (1.0, 0.5, 0.25, 0.125))
    if quick:
        minima(placed=(128,), random=(64,))
    else:
        minima(placed=(256, 512, 1024), random=(256,))
    search(64 if quick else 128)
