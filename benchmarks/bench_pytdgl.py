"""Time to the same steady state as pyTDGL, and both energies under one functional.

python benchmarks/bench_pytdgl.py --peer PYTHON [--quick] [--sides 10 20 40 80]

``--peer`` names a Python interpreter in which pyTDGL (``pip install tdgl``) is installed.  Square films without
screening (κ = ∞), in the frozen vector potential of two opposite Gaussian pseudo-vortices or of 12 rings at random
places; both sides start from ψ = 1 with about equally many sites.  Times are CPU time on one thread, of one run after
one to warm up (a short one of pyTDGL, whose other options are its defaults); ours from the functions of the field to
the converged state.
"""

from __future__ import annotations

import argparse
import functools
import inspect
import json
import math
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.interpolate import CloughTocher2DInterpolator

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, evolve, minimise

SPACING = 4 / 15  # ξ; 22 500 sites at 40 ξ
EDGES = (1.84, 1.8, 1.88)  # longest edges of its triangles, tried in turn, in units of our spacing
TIMEOUT = 7200  # s
PEER = """
import h5py, json, logging, sys, tempfile, time, warnings
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
import numpy as np, tdgl
side, edge, duration = map(float, sys.argv[1:4])
swirls, target = json.loads(sys.argv[4]), sys.argv[5]
unit = 0.32910598  # Phi_0/2 pi in mT um^2; xi = 1 um
def potential(x, y, z, *, field_units="mT", length_units="um"):
    ax, ay = swirl(np.ravel(x) + side / 2, np.ravel(y) + side / 2, swirls)
    return -unit * np.stack([ax, ay, 0 * ax], axis=1)  # its covariant derivative is grad - iA
layer = tdgl.Layer(london_lambda=2.0, coherence_length=1.0, thickness=0.1, u=5.79, gamma=1e-6)
film = tdgl.Polygon("film", points=tdgl.geometry.box(side, side))
device = tdgl.Device("square", layer=layer, film=film, length_units="um")
start = time.process_time()
device.make_mesh(max_edge_length=edge, smooth=50)
meshing = time.process_time() - start
mesh = device.mesh
pairs, weight = mesh.edge_mesh.edges, mesh.edge_mesh.dual_edge_lengths / mesh.edge_mesh.edge_lengths
a = potential(*(mesh.edge_mesh.centers.T), 0.0)[:, :2] / unit
link = np.exp(-1j * (a * mesh.edge_mesh.directions).sum(axis=1))
def energy(psi):  # the functional whose gradient the mesh's equations are
    density = np.abs(psi) ** 2
    steps = link * psi[pairs[:, 1]] - psi[pairs[:, 0]]
    return float((mesh.areas * (0.5 * density**2 - density)).sum() + (weight * np.abs(steps) ** 2).sum())
with tempfile.TemporaryDirectory() as folder:
    options = tdgl.SolverOptions(solve_time=duration, save_every=20, field_units="mT", current_units="uA",
                                 output_file=folder + "/out.h5", progress_interval=0)
    warm = tdgl.SolverOptions(solve_time=0.1, field_units="mT", current_units="uA", progress_interval=0)
    tdgl.solve(device, warm, applied_vector_potential=potential)
    start = time.process_time()
    solution = tdgl.solve(device, options, applied_vector_potential=potential)
    run = time.process_time() - start
    with h5py.File(solution.path, "r") as file:
        steps = sorted(int(k) for k in file["data"])
        energies = np.array([energy(np.asarray(file["data"][str(k)]["psi"])) for k in steps])
    psi = solution.tdgl_data.psi
settled = int(np.argmax(np.abs(energies - energies[-1]) <= 1e-5 * abs(energies[-1])))
np.savez(target, points=mesh.sites + side / 2, psi=psi)
print(json.dumps({"sites": len(psi), "mesh": meshing, "run": run, "settled": run * settled / (len(steps) - 1),
                  "steps": len(solution.dynamics.dt), "energy": energies[-1]}))
"""


def swirl(x, y, swirls):  # type: ignore[no-untyped-def]  # the peer runs this text too
    """Sum of azimuthal fields: ``[x, y, strength, radius, width]``; radius 0 is a Gaussian flux tube."""
    ax, ay = 0.0 * x, 0.0 * y
    for cx, cy, strength, radius, width in swirls:
        u, v = x - cx, y - cy
        square = u * u + v * v + 1e-24
        if radius:
            profile = strength * np.exp(-(((np.sqrt(square) - radius) / width) ** 2)) / np.sqrt(square)
        else:
            profile = -strength * np.expm1(-square / (2 * width**2)) / square
        ax, ay = ax - v * profile, ay + u * profile
    return ax, ay


def pseudo_vortices(side: float) -> list[list[float]]:
    """Two opposite Gaussian tubes of one flux quantum each, 2 ξ wide."""
    return [[0.3 * side, 0.5 * side, 1.0, 0.0, 2.0], [0.7 * side, 0.5 * side, -1.0, 0.0, 2.0]]


def rings(side: float) -> list[list[float]]:
    """Twelve aligned rings at random places."""
    places = np.random.default_rng(5).uniform(0.1, 0.9, size=(12, 2)) * side
    return [[x, y, 0.4, max(1.5, side / 16), 0.8] for x, y in places.tolist()]


def on_fine_grid(points: np.ndarray, psi: np.ndarray, fine: GinzburgLandau) -> float:
    """Energy of a state given at scattered points, interpolated to a grid that is neither side's own."""
    values = CloughTocher2DInterpolator(points, psi)(np.stack(fine.grid.sites, axis=-1))
    return State.of(fine, values, np.zeros((2, *fine.grid.shape))).energy


def with_ghosts(state: State, swirls: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Sites and ψ with one more row beyond each surface, where the covariant normal derivative vanishes."""
    spacing, n = state.problem.grid.spacing, state.problem.grid.shape[0]
    psi = np.pad(state.order_parameter, 1)
    line = (np.arange(-1, n + 1) + 0.5) * spacing
    for axis in (0, 1):
        rows = np.moveaxis(psi, axis, 0)
        for ghost, inside, surface in ((0, 1, 0.0), (-1, -2, n * spacing)):
            middle = (np.full_like(line, surface), line)
            step = spacing * swirl(*(middle if axis == 0 else middle[::-1]), swirls)[axis]
            rows[ghost] = np.exp((1j if ghost == 0 else -1j) * step) * rows[inside]
    points = np.stack([c.ravel() for c in np.meshgrid(line, line, indexing="ij")], axis=-1)
    return points, psi.ravel()


def run_peer(python: str, side: float, swirls: list[list[float]], target: Path) -> dict[str, float] | None:
    """pyTDGL's figures, with a mesh edge that gives it about as many sites as we; on some meshes its solver fails."""
    program = "import numpy as np\n" + inspect.getsource(swirl) + PEER
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    for edge in EDGES:
        given = [str(side), str(edge * SPACING), "100", json.dumps(swirls), str(target)]
        run = functools.partial(subprocess.run, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        done = run([python, "-c", program, *given], env=one_thread)
        if not done.returncode:
            figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
            return figures
        last = done.stderr.strip().splitlines()[-1]
        print(f"  pyTDGL   failed with a mesh edge of {edge * SPACING:.3f} ξ: {last}", flush=True)
    return None


def timed(action):  # type: ignore[no-untyped-def]
    """One run after one to warm up, in seconds of CPU time, and the answer."""
    action()
    began = time.process_time()
    answer = action()
    return time.process_time() - began, answer


def compare(side: float, name: str, swirls: list[list[float]], peer: str | None) -> None:
    """One film, one field."""
    n = round(side / SPACING)
    grid = Grid((n, n), side / n, False)

    def potential(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return swirl(x, y, swirls)  # type: ignore[no-any-return]

    def relaxed(kappa: float) -> tuple[float, State]:
        return timed(
            lambda: minimise(GinzburgLandau(grid, kappa, potential), start="uniform", tol=1e-6, threads=1)
        )

    (seconds, state), (screened, other) = relaxed(math.inf), relaxed(2.0)
    print(f"\n{side:g} ξ, {name}: {n * n} sites")
    print(f"  minimise {seconds:8.3f} s  {state.iterations} iterations, {state}")
    print(
        f"  screened {screened:8.3f} s  κ = 2, {other.iterations} iterations: {screened / seconds:.1f} × unscreened"
    )
    uniform = np.ones((n, n), dtype=complex)
    problem = GinzburgLandau(grid, math.inf, potential)
    took, run = timed(lambda: evolve(problem, uniform, 1e4, rest_tol=1e-4, tol=1e-2, threads=1))
    print(f"  evolve   {took:8.3f} s  {run.accepted} steps, {run.message}, energy {run.state.energy:.4f}")
    if peer is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "peer.npz"
        theirs = run_peer(peer, side, swirls, target)
        if theirs is None:
            return
        stored = np.load(target)
        fine = GinzburgLandau(Grid((2 * n, 2 * n), side / (2 * n), False), math.inf, potential)
        ours = on_fine_grid(*with_ghosts(state, swirls), fine)
        neutral = on_fine_grid(stored["points"], stored["psi"], fine)
    print(
        f"  pyTDGL   {theirs['settled']:8.3f} s  until its energy stays within 1e-5 (of {theirs['run']:.1f} s, "
        f"{theirs['steps']} steps), and {theirs['mesh']:.1f} s of meshing; {theirs['sites']} sites\n"
        f"  energy on one finer grid: ours {ours:.4f}, pyTDGL {neutral:.4f}, difference "
        f"{(ours - neutral) / abs(neutral):+.1e}\n"
        f"  pyTDGL needs {theirs['settled'] / seconds:.0f} × our time, "
        f"{(theirs['settled'] + theirs['mesh']) / seconds:.0f} × with meshing; "
        f"{theirs['settled'] / took:.1f} × the time of evolve"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10 and 20 ξ only")
    parser.add_argument("--sides", type=float, nargs="+", help="sides of the films in ξ")
    parser.add_argument("--peer", help="Python interpreter with pyTDGL")
    given = parser.parse_args()
    for length in given.sides or ([10.0, 20.0] if given.quick else [10.0, 20.0, 40.0]):
        compare(length, "two pseudo-vortices", pseudo_vortices(length), given.peer)
        compare(length, "12 rings", rings(length), given.peer)
