"""Speed of the vortex gas: attempted and accepted moves per second with 10³ and 10⁴ vortices, time of an annealing.

python benchmarks/bench_vortex_gas.py [--quick]

The peer is the direct sum: the energy change of one move of one vortex from all others, vectorised K0 in NumPy.
"""

from __future__ import annotations

import argparse
import math
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.special import k0

from pseudogauge.ginzburg_landau import Grid
from pseudogauge.ginzburg_landau.vortex_gas import Configuration, VortexGas, anneal
from pseudogauge.ginzburg_landau.vortex_gas.walk import walker

KAPPA, FIELD = 10.0, 0.065  # about one vortex per 100 ξ²


def vortex_lattice(gas: VortexGas, sites: int) -> Configuration:
    """A roughly square lattice of vortices, to begin with."""
    step = 10
    winding = np.zeros((sites, sites), dtype=np.int64)
    winding[step // 2 :: step, step // 2 :: step] = 1
    return gas.configuration(winding)


def rates(sites: int, attempts: int) -> None:
    """Moves per second of one core, by its own clock, at four temperatures, and by the wall with two threads."""
    start = time.process_time()
    gas = VortexGas(Grid((sites, sites), 1.0), KAPPA, landscape=-4 * math.pi * KAPPA**2 * FIELD)
    begin = vortex_lattice(gas, sites)
    print(f"\n{len(begin)} vortices on {sites}² places, set up in {time.process_time() - start:.2f} s")
    print("     T   accepted   attempts per CPU s   2 threads, attempts per s   CPU µs per acceptance")
    for temperature in (0.01, 0.03, 0.1, 0.2):
        walkers = [walker(gas, np.random.default_rng(k), begin) for k in range(2)]
        for w in walkers:
            w.run(attempts // 4, temperature)
            w.tally[:] = 0
        wall, cpu = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda w, t=temperature: w.run(attempts, t), walkers))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        accepted = sum(int(w.tally[1].sum()) for w in walkers)
        part, per = accepted / (2 * attempts), 1e6 * cpu / max(1, accepted)
        print(
            f"{temperature:6.2f}{part:11.2%}{2 * attempts / cpu:18.2e}{2 * attempts / wall:24.2e}{per:26.1f}"
        )


def peer(count: int) -> None:
    """Attempts per second when every one sums over all other vortices."""
    rng = np.random.default_rng(0)
    places = rng.uniform(0, 10 * math.sqrt(count), size=(count, 2))
    start, repeats = time.perf_counter(), 200
    for _ in range(repeats):
        for target in (places[0], places[0] + 1.0):
            r = np.hypot(*(places[1:] - target).T)
            k0(r / KAPPA).sum()
    print(
        f"direct sums over {count} vortices, no images: {repeats / (time.perf_counter() - start):.1e} attempts/s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10³ vortices only")
    quick = parser.parse_args().quick
    began = time.perf_counter()
    walker(VortexGas(Grid((8, 8), 1.0), 2.0), np.random.default_rng(0)).run(10, 1.0)
    print(f"first call, compiling or loading the cache: {time.perf_counter() - began:.2f} s")
    for sites, attempts in ((316, 200_000),) if quick else ((316, 600_000), (1000, 600_000)):
        rates(sites, attempts)
    for count in (1000,) if quick else (1000, 10_000):
        peer(count)
    gas = VortexGas(Grid((72, 72), 1.0), KAPPA, landscape=-4 * math.pi * KAPPA**2 * FIELD)
    began = time.perf_counter()
    print(f"annealing of a cell of 72²: {anneal(gas)!r} in {time.perf_counter() - began:.2f} s")
