"""Exact current and response coefficients: time per point, accuracy, growth of the work, and the peer.

The peer is batched `numpy.linalg.eigh` on the smallest uniform momentum grid of equal accuracy.
"""

from __future__ import annotations

import time

start = time.perf_counter()

import numpy as np  # noqa: E402

from pseudogauge.microscopic import (  # noqa: E402
    RashbaSuperconductor,
    density_of_states,
    edge_kernel,
    exact_current,
    gamma_q,
    gamma_q1q2,
    response_coefficients,
    response_kernel,
    spin_density,
)

VELOCITY = np.sqrt(20.0)
FIG2 = (-0.01 / np.sqrt(20.0) * VELOCITY, 0.0)


def metal(gap: float, temperature: float = 0.0, rashba: float = 0.5) -> RashbaSuperconductor:
    return RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature)


def timed(work):
    begin = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begin


def fig2(rtol: float = 1e-8):
    """Two panels of 60 points: w_z at fixed Δ, T/μ = 1e-4; Δ at fixed w_z, four temperatures."""
    points = [metal(gap, 1e-3, w) for gap in (0.01, 0.1, 0.3) for w in np.linspace(0.02, 0.8, 20)]
    points += [metal(gap, t) for t in (0.0, 1e-3, 1e-2, 0.1) for gap in np.geomspace(0.01, 3, 15)]
    return [exact_current(point, 0.01, FIG2, rtol=rtol) for point in points]


def uniform_grid(model: RashbaSuperconductor, n: int, cut: float, b: float, w: tuple[float, float]) -> float:
    """J_y by diagonalising every momentum of an n × n grid on |k_x|, |k_y| < cut (half of it, by symmetry)."""
    step = 2 * cut / n
    axis = (np.arange(n) + 0.5) * step - cut
    total = 0.0
    for kx in axis[n // 2 :]:
        k = np.stack([np.full(n, kx), axis], axis=-1)
        e, u = np.linalg.eigh(model.hamiltonian(k, b, w))
        f = -0.5 * np.tanh(e / (2 * model.temperature))
        j = model.current_operators(k, w)[1]
        total += 2 * float(np.einsum("kin,kij,kjn,kn->", u.conj(), j, u, f, optimize=True).real)
    return total * step**2 / (2 * np.pi) ** 2


def main() -> None:
    print(f"import {time.perf_counter() - start:.2f} s")
    _, cold = timed(lambda: exact_current(metal(0.1), 0.01, FIG2))
    print(f"first current (compiled code loaded from cache, or compiled) {cold:.2f} s")
    for gap in (0.01, 0.1, 1.0):
        for temperature in (0.0, 1e-3, 0.1):
            model = metal(gap, temperature)
            current, seconds = timed(lambda model=model: exact_current(model, 0.01, FIG2))
            print(
                f"  Δ/μ = {gap / 10:g}, T/μ = {temperature / 10:g}: {seconds * 1e3:.2f} ms, "
                f"{current.evaluations} momenta, error/scale {current.error / model.scale(0.01, FIG2):.1e}"
            )
    results, seconds = timed(fig2)
    print(
        f"Fig. 2, {len(results)} symbols at 1e-8: {seconds:.2f} s, all converged: {all(r.converged for r in results)}"
    )
    _, seconds = timed(lambda: response_coefficients(metal(0.1, 0.01)))
    print(f"response coefficients {seconds * 1e3:.0f} ms")

    gamma_q(metal(0.3), 0.1)  # compiled
    for x in (0.1, 1.0, 5.0, 10.0):
        kernel, seconds = timed(lambda x=x: gamma_q(metal(0.3), x / metal(0.3).coherence_length))
        print(f"γ(q) at qξ₀ = {x:g} to 1e-6: {seconds * 1e3:.0f} ms, error {kernel.error[0]:.0e}")
    q = np.array([1.0, 0.0]) / metal(0.3).coherence_length
    _, seconds = timed(lambda: gamma_q1q2(metal(0.3), q, q[::-1]))
    print(f"γ(q₁, q₂) to 1e-5: {seconds * 1e3:.0f} ms")
    kernel, seconds = timed(lambda: response_kernel(metal(0.3)))
    print(f"kernel of the form factor: {seconds:.2f} s, error {kernel.error:.0e}")
    _, seconds = timed(lambda: density_of_states(metal(0.1), np.linspace(0, 0.5, 100)))
    print(f"density of states, 100 energies: {seconds * 1e3:.0f} ms")
    energies = np.linspace(0.01, 0.3, 10)
    _, seconds = timed(lambda: density_of_states(metal(0.1), energies, (0.02, 0.0, 0.05), (0.05, 0.1), 1e-4))
    print(f"  with in-plane fields to 1e-4, 10 energies: {seconds * 1e3:.0f} ms")
    _, seconds = timed(lambda: spin_density(metal(0.1), (0.02, 0.0, 0.05), (0.05, 0.1)))
    print(f"spin density {seconds * 1e3:.0f} ms")

    gapless = (0.15, 0.0, 0.05)  # beyond the gap, in the plane
    exact_current(metal(0.1), gapless, FIG2)
    for temperature in (0.0, 1e-3, 0.1):
        current, seconds = timed(lambda t=temperature: exact_current(metal(0.1, t), gapless, FIG2))
        print(f"gapless, T/Δ = {temperature / 0.1:g}: {seconds * 1e3:.0f} ms, {current.evaluations} momenta")
    kernel, seconds = timed(lambda: edge_kernel(metal(0.3, rashba=0.2)))
    print(f"kernel of an edge: {seconds:.1f} s, error {kernel.error:.0e}")

    print("growth of the work: momenta at b = Δ/10")
    for name, make in (
        ("Δ", lambda x: metal(x)),
        ("T", lambda x: metal(0.0, x)),
        ("T, Δ = T", lambda x: metal(x, x)),
    ):
        counts = [exact_current(make(10.0**-p), 10.0 ** -(p + 1), FIG2).evaluations for p in range(1, 6)]
        print(f"  {name}/μ = 1e-2 … 1e-6: {counts}")

    model = metal(0.1, 1e-3)
    exact = exact_current(model, 0.01, FIG2, rtol=1e-10)
    ours = timed(lambda: [exact_current(model, 0.01, FIG2) for _ in range(20)])[1] / 20
    print("uniform grid with numpy.linalg.eigh, Δ/μ = 0.01, T/μ = 1e-4, cut at 2 k_F")
    for n in (200, 400, 800, 1600):
        value, seconds = timed(lambda n=n: uniform_grid(model, n, 9.0, 0.01, FIG2))
        print(
            f"  {n}²: error {abs(value / exact.value[1] - 1):.1e}, {seconds:.2f} s, {seconds / ours:.0f} × ours"
        )


if __name__ == "__main__":
    main()
