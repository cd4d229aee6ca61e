"""Speed of the dynamics: time per site and step, and a field-driven film against pyTDGL.

python benchmarks/bench_evolve.py [--quick] [--peer PYTHON]

``--peer`` names a Python interpreter in which pyTDGL (``pip install tdgl``) is installed.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time

import numpy as np

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, evolve
from pseudogauge.ginzburg_landau.energy import energy_and_gradient

FIELD, DURATION = 0.2, 300.0
PEER = """
import json, sys, tempfile, time, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
import numpy as np, tdgl
side, edge, field, duration = map(float, sys.argv[1:])
xi = 1.0  # um, so that H_c2 = Phi_0/2 pi xi^2 = 0.32911 mT
layer = tdgl.Layer(london_lambda=2.0, coherence_length=xi, thickness=0.1, u=5.79, gamma=1e-6)
film = tdgl.Polygon("film", points=tdgl.geometry.box(side, side))
device = tdgl.Device("square", layer=layer, film=film, length_units="um")
start = time.perf_counter()
device.make_mesh(max_edge_length=edge, smooth=50)
mesh = time.perf_counter() - start
with tempfile.TemporaryDirectory() as folder:
    options = tdgl.SolverOptions(solve_time=duration, save_every=100000, field_units="mT", current_units="uA",
                                 output_file=folder + "/out.h5", progress_interval=0)
    start = time.perf_counter()
    solution = tdgl.solve(device, options, applied_vector_potential=field * 0.3291055)
    run = time.perf_counter() - start
    psi = solution.tdgl_data.psi
    areas = device.mesh.areas
    density = float((np.abs(psi) ** 2 * areas).sum() / areas.sum())
    steps = len(solution.dynamics.dt)
print(json.dumps({"sites": len(psi), "mesh": mesh, "run": run, "steps": steps, "density": density}))
"""


def per_site(sizes: tuple[int, ...]) -> None:
    """Nanoseconds per site and step beside one energy+gradient pass (a step holds two of them)."""
    print("one step, κ = 2, vortices from a random start")
    print("     n  threads   no noise     noise   energy+gradient pass   (ns/site)")
    for n in sizes:
        problem = GinzburgLandau(Grid((n, n), 0.5), 2.0, flux_quanta=n * n // 400)
        for threads in (1, 2):
            row = f"{n:6d}{threads:9d}"
            for noise in (0.0, 1e-3):
                count = max(4, min(200, 4_000_000 // n**2))
                best = math.inf
                state = evolve(problem, duration=1e3, noise=noise, max_steps=2, threads=threads).state
                for _ in range(3):
                    began = time.perf_counter()
                    run = evolve(
                        problem, state, 1e3, noise=noise, max_steps=count, max_step=0.1, threads=threads
                    )
                    best = min(best, (time.perf_counter() - began) / (run.accepted + run.rejected))
                row += f"{best / n**2 * 1e9:11.0f}"
            fields, best = np.random.default_rng(0).normal(size=(4, n, n)), math.inf
            gradient = np.empty_like(fields)
            for _ in range(9):
                began = time.perf_counter()
                energy_and_gradient(fields, problem.coefficients, gradient, threads)
                best = min(best, time.perf_counter() - began)
            print(row + f"{best / n**2 * 1e9:16.1f}")


def against_peer(side: float, peer: str | None) -> None:
    """A square film in a field of 0.2 H_c2 without screening, ψ = 1 at first: vortices enter from the edges."""
    n = round(2 * side)
    problem = GinzburgLandau(Grid((n, n), 0.5, False), math.inf, applied_field=FIELD)
    print(f"\nfilm {side:g} × {side:g} ξ², H = {FIELD} H_c2, no screening, to t = {DURATION:g}")
    uniform = np.ones((n, n), dtype=complex)
    for tol in (1e-2, 1e-3):
        began = time.perf_counter()
        run = evolve(problem, uniform, DURATION, tol=tol)
        seconds = time.perf_counter() - began
        density = float(np.mean(np.abs(run.state.order_parameter) ** 2))
        print(f"  ours, tol {tol:g}: {n * n} sites, {run.accepted} steps, {seconds:.2f} s, mean |ψ|² {density:.4f}, "
              f"{run.state.vortices}")  # fmt: skip
    if peer is None:
        print("  pyTDGL: give --peer PYTHON to run it beside")
        return
    arguments = [str(side), "0.9", str(FIELD), str(DURATION)]  # edges that give about as many sites as ours
    try:
        done = subprocess.run(
            [peer, "-c", PEER, *arguments], capture_output=True, text=True, timeout=1200, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        print(f"  pyTDGL did not run: {error} {getattr(error, 'stderr', '')[-300:]}", file=sys.stderr)
        return
    theirs = json.loads(done.stdout.strip().splitlines()[-1])
    ratio = (theirs["run"] / theirs["sites"]) / (seconds / n**2)
    print(
        f"  pyTDGL: {theirs['sites']} sites, {theirs['steps']} steps, {theirs['run']:.2f} s (and mesh "
        f"{theirs['mesh']:.2f} s), mean |ψ|² {theirs['density']:.4f}\n"
        f"  pyTDGL takes {ratio:.1f} × our time at tol 1e-3, per site"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    parser.add_argument("--peer", help="Python interpreter with pyTDGL")
    given = parser.parse_args()
    per_site((64, 256) if given.quick else (64, 256, 1024))
    against_peer(20.0 if given.quick else 40.0, given.peer)
