"""Lattice currents and responses: time and accuracy against NumPy; γ/χ_N of the ready band structures.

The table of docs/theory/band_structures.md is printed by `enhancement`.
"""

from __future__ import annotations

import time

import numpy as np

from pseudogauge.microscopic import (
    TANTALUM_DISELENIDE,
    LatticeSuperconductor,
    lattice_current,
    lattice_response,
    square_rashba,
    tantalum_diselenide,
    triplet,
    two_layers,
)

ELECTRON = 1 / 7619.964
"""Mass of the electron where energies are in meV, lengths in Å and ħ = 1."""
IN_PLANE = (-0.05, 0.0)


def timed(work):
    begin = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begin


def by_numpy(model: LatticeSuperconductor, exchange: float, n: int) -> np.ndarray:
    """The current from batched `numpy.linalg.eigh` on a uniform n × n grid, T = 0, no symmetry used."""
    axis = 2 * np.pi * np.arange(n) / n
    k = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    total = np.zeros(2)
    for part in np.array_split(k, max(1, n * n // 4096)):
        particle, velocity = model.particle(np.concatenate([part, -part]), exchange, IN_PLANE)
        e, u = np.linalg.eigh(model.paired(part, particle))
        f = -0.5 * np.sign(e)
        blocks = zip((u[:, :2], u[:, 2:]), (velocity[:, : len(part)], velocity[:, len(part) :]), strict=True)
        (up, v), (down, minus) = blocks
        total -= 0.5 * np.einsum("kin,okij,kjn,kn->o", up.conj(), v, up, f, optimize=True).real
        flipped = np.stack([down[:, 1], -down[:, 0]], axis=1)  # holes seen as particles at −k
        total += 0.5 * np.einsum("kin,okij,kjn,kn->o", flipped, minus, flipped.conj(), f, optimize=True).real
    return total / n**2


def speed() -> None:
    print("current of the square lattice, t = 1, t′ = −0.3, μ = −1.2, w_z = 0.4, T = 0")
    for gap, grids in ((0.2, (64, 128, 256)), (0.02, (256, 512, 1024))):
        model = LatticeSuperconductor(square_rashba(1.0, 0.4, -1.2, -0.3), gap, mass=0.5)
        exact = lattice_current(model, 0.25 * gap, IN_PLANE, rtol=1e-9).value
        size = np.abs(exact).max()
        for n in grids:
            value, seconds = timed(lambda n=n, m=model, g=gap: by_numpy(m, 0.25 * g, n))
            print(f"  Δ = {gap}: NumPy {n}²: error {np.abs(value - exact).max() / size:.1e}, {seconds:.3f} s")
        for rtol in (1e-4, 1e-6, 1e-8):
            c, seconds = timed(lambda r=rtol, m=model, g=gap: lattice_current(m, 0.25 * g, IN_PLANE, rtol=r))
            error = np.abs(c.value - exact).max() / size
            print(f"  Δ = {gap}: rtol {rtol:g}: error {error:.1e}, {seconds:.3f} s, {c.evaluations} momenta")
    print("work against the gap at rtol 1e-6 (b = Δ/10)")
    for gap in (0.1, 0.01, 1e-3, 1e-4):
        model = LatticeSuperconductor(square_rashba(1.0, 0.4, -1.2, -0.3), gap, mass=0.5)
        c, seconds = timed(lambda m=model, g=gap: lattice_current(m, 0.1 * g, IN_PLANE, rtol=1e-6))
        print(f"  Δ/t = {gap:g}: {c.evaluations} momenta, {seconds:.2f} s, converged: {c.converged}")


def row(name, bands, mass, gap, pairing=None):
    """2π|γ|/m, the density-of-states mass πχ_N/m and 2|γ|/χ_N, which is f in the parabolic model."""
    super_state = LatticeSuperconductor(bands, gap if pairing is None else pairing, mass=mass)
    normal = LatticeSuperconductor(bands, 0.0, mass=mass)
    r, seconds = timed(lambda: lattice_response(super_state, rtol=5e-3))
    chi = lattice_response(normal, temperature=gap, rtol=5e-3).spin_susceptibility[2, 2]
    flag = "" if r.converged else " (not converged)"
    print(
        f"| {name} | {2 * np.pi * r.gamma / mass:+.3f} | {np.pi * chi / mass:.2f} | "
        f"{2 * abs(r.gamma) / chi:.3f} |{flag}"
        f" <!-- {seconds:.1f} s -->",
        flush=True,
    )


def enhancement() -> None:
    print("| bands | 2πγ/m | πχ_N/m | 2\\|γ\\|/χ_N |\n|---|---|---|---|")
    for mu in (-3.6, -2.0, -0.5, 0.5, 2.0):
        row(f"square, μ = {mu}t, w_z = 0.4", square_rashba(1.0, 0.4, mu), 0.5, 0.02)
    for tunnelling in (0.1, 0.5):
        stack = two_layers(square_rashba(1.0, 0.4, -2.0), square_rashba(1.0, -0.4, -2.0), tunnelling)
        row(f"two square layers, w_z = ±0.4, μ = −2t, tunnelling {tunnelling}t", stack, 0.5, 0.02)

    def chiral(k):
        return 0.02 * np.sin(k) @ np.array([[1], [1j]]) * np.array([1.0, 0.0, 0.0])

    row("square, μ = −2t, w_z = 0, triplet d ∥ x", square_rashba(1.0, 0.0, -2.0), 0.5, 0.02, triplet(chiral))
    for fit in TANTALUM_DISELENIDE:
        row(f"TaSe₂ {fit}, w_z = 300", tantalum_diselenide(fit).with_rashba(300.0, ELECTRON), ELECTRON, 10.0)
    for ising in (5.0, 20.0, 58.0):
        bands = tantalum_diselenide("rossnagel2005_barrel", ising).with_rashba(300.0, ELECTRON)
        row(f"TaSe₂ rossnagel2005_barrel, w_z = 300, λ_I = {ising:g} meV", bands, ELECTRON, 10.0)


if __name__ == "__main__":
    speed()
    enhancement()
