"""Claims about the screened field of a charged inclusion: App. A."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad
from scipy.special import j0, j1

from .registry import claim
from .verdicts import Bound, Comparison, Evidence, Nonzero


@claim("A1", "A1", "RPA: the screened potential is the external one over 1 − e² U_q χ_q")
def _eq_a1(quick: bool) -> Evidence:
    coulomb, chi, external = 2.7, -0.21, 1.3
    total = external
    for _ in range(200):  # V = V_ext + U χ V, iterated
        total = external + coulomb * chi * total
    return Comparison(
        external / (1 - coulomb * chi),
        total,
        error=1e-12,
        tolerance=1e-10,
        note="self-consistency by iteration",
    )


@claim("A1-coulomb", "A1 (text)", "2D Fourier transform of the bare Coulomb interaction: U_q = 1/(ε0|q|)")
def _a1_coulomb(quick: bool) -> Evidence:
    values, errors = [], []
    for q in (0.5, 2.0):  # ∫d²r e^{iqr}/4πr with a factor e^{−ηqr}, η → 0
        coarse, fine = _damped_transform(q, 0.02), _damped_transform(q, 0.01)
        values.append((4 * fine - coarse) / 3)
        check = (4 * coarse - _damped_transform(q, 0.04)) / 3
        errors.append(abs(values[-1] - check))
    note = "q = .5, 2 (units of 1/ε0): 1/(2ε0q); the 2 is harmless once absorbed in k_TF"
    return Comparison([1 / 0.5, 1 / 2.0], values, error=errors, tolerance=1e-5, note=note)


def _damped_transform(q: float, eta: float) -> float:
    """½∫_0^∞ J0(qr) e^{−ηqr} dr by Gauss panels of one oscillation each."""
    x, w = np.polynomial.legendre.leggauss(12)
    starts = np.arange(0, 40 / eta, math.pi)
    s = starts[:, None] + (x + 1) * math.pi / 2
    return float(np.sum(w * math.pi / 2 * j0(s) * np.exp(-eta * s)) / (2 * q))


def _lindhard(ratio: float) -> tuple[float, float]:
    """Static 2D response at q = ratio × k_F over its q → 0 value, by quadrature over the Fermi sea; its error."""
    # after the angle: (2/q) ∫ k dk/√(q²/4 − k²) over k < min(k_F, q/2); k = (q/2) sin t removes the root
    value, error = quad(lambda t: ratio / 2 * math.sin(t), 0, math.asin(min(1.0, 2 / ratio)), epsabs=1e-13)
    return 2 * value / ratio, 2 * error / ratio


@claim("A2-chi", "A2 (text)", "In the 2D Fermi gas χ_q is constant all the way up to |q| = 2 k_F")
def _a2_chi(quick: bool) -> Evidence:
    found = [_lindhard(x) for x in (0.5, 1.0, 1.9)]
    note = f"χ_q/χ_0 at q/k_F = .5, 1, 1.9; at 2.5 it is {_lindhard(2.5)[0]:.4f}"
    return Comparison(
        [1.0] * 3, [x for x, _ in found], error=[e for _, e in found], tolerance=1e-8, note=note
    )


@claim("A2", "A2", "For |q| ≪ k_TF the screened potential is ρ_q/(ε0 k_TF), ρ_q the external charge")
def _eq_a2(quick: bool) -> Evidence:
    screening, q = 40.0, np.array([0.2, 0.1, 0.4])
    exact = (1 / q) / (1 + screening / q)
    return Comparison(
        np.full(3, 1 / screening),
        exact,
        error=1e-15,
        tolerance=q / screening,
        note="q/k_TF = .005, .0025, .01; neglected: q/k_TF",
    )


@claim(
    "footnote-1", "footnote 1", "With a finite density of states, in-plane fields are incompletely screened"
)
def _footnote1(quick: bool) -> Evidence:
    note = "screened over external potential at q = 1/d for k_TF d = 20 (Eq. A1)"
    return Nonzero(1 / (1 + 20.0), error=1e-16, note=note)


@claim("A-edge", "App. A", "The screened field of a charged inclusion is radial and confined to its edge")
def _a_edge(quick: bool) -> Evidence:
    fraction, coarse = (_share_away_from_edge(points) for points in (6000, 3000))
    note = (
        "share of ∫|E_∥|dr farther than 2d from the edge, R = 10d, k_TF d = 20: incomplete screening; confined if "
        "below .05"
    )
    return Bound(fraction, error=abs(fraction - coarse), below=0.05, note=note)


def _share_away_from_edge(points: int) -> float:
    """Share of ∫|E_∥| dr of a disk of R = 10d farther than 2d from its edge; ``points`` of the integral over q."""
    radius, width, screening = 10.0, 1.0, 20.0
    q = np.linspace(1e-4, 12.0, points)
    density = 2 * math.pi * radius * j1(q * radius) / q * np.exp(-((q * width / 2) ** 2) / 2)
    r = np.linspace(0, 2 * radius, 401)
    field = np.atleast_1d(np.trapezoid(q**2 * j1(np.outer(r, q)) * density / (q + screening), q, axis=1))
    outside = np.abs(r - radius) > 2 * width
    return float(np.sum(np.abs(field[outside])) / np.sum(np.abs(field)))
