"""Speed of the layered engine: memory and time to a minimum with a vortex line among balls.

One pass over a layered grid is measured beside one in the plane in `bench_ginzburg_landau.py`.

python benchmarks/bench_layered.py [--quick]
"""

from __future__ import annotations

import argparse
import resource
import time

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.inclusions import layered_pseudo_field, random_balls


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
    minimum(32 if quick else 96)
