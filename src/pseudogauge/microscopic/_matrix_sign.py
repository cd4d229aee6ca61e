"""Compiled traces of tanh(H/2T) for the 4×4 Hamiltonian of the Rashba superconductor.

With ξ, Δ, d, b as in `rashba`, tanh(H/2T) = c₀ + c₁H + c₂H² + c₃H³ is the polynomial that interpolates
tanh on the spectrum, and the traces of H, H², H³ with 1 and σ are known polynomials. The spectrum enters
through the two pairs of eigenvalues s ± ρ₁ (upper) and −s ± ρ₂ (lower); no eigenvectors, no degeneracy
problem, and at T = 0 every term carries the factors b and w, so that no large terms cancel.
docs/theory/microscopic.md derives the formulas. (numba's cache does not notice edits of an imported kernel:
after changing this file, delete __pycache__ or touch its importers.)
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..numerics.small_matrices import jacobi_eigh

__all__ = ["level_pairs", "pair_functions", "sign_traces"]

Array = NDArray[np.float64]
EPS = 2.220446049250313e-16


@njit(cache=True, nogil=True)
def fermi(x: float) -> float:
    """1/(eˣ + 1) without overflow."""
    if x > 0.0:
        e = math.exp(-x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(x))


@njit(cache=True, nogil=True)
def fermi_difference(a: float, b: float, a_minus_b: float) -> float:
    """1/(eᵃ + 1) − 1/(eᵇ + 1), to the relative precision of ``a_minus_b``."""
    if a_minus_b > 0.0:
        return fermi(b) * (1.0 - fermi(a)) * math.expm1(-a_minus_b)
    return -fermi(a) * (1.0 - fermi(b)) * math.expm1(a_minus_b)


@njit(cache=True, nogil=True)
def pair_functions(
    s: float, r1: float, r2: float, r2_minus_r1: float, t: float
) -> tuple[float, float, float, float]:
    """Means M and slopes g of tanh(ε/2T) over the pairs s ± r₁, s ± r₂: (M₁+M₂−2, g₁+g₂, M₁−M₂, g₁−g₂).

    The differences keep their relative precision when r₂ − r₁ is small and given.
    """
    if r1 < r2:
        a, b, c, d = pair_functions(s, r2, r1, -r2_minus_r1, t)
        return a, b, -c, -d
    high1, low1, high2, low2 = (s + r1) / t, (s - r1) / t, (s + r2) / t, (s - r2) / t
    total = -fermi(high1) - fermi(low1) - fermi(high2) - fermi(low2)
    upper = fermi_difference(high2, high1, r2_minus_r1 / t)
    lower = fermi_difference(low2, low1, -r2_minus_r1 / t)
    limit = fermi(s / t) * (1.0 - fermi(s / t)) * 2.0 / t
    g1 = fermi_difference(low1, high1, -2.0 * r1 / t) / r1 if r1 > 1e-150 else limit
    g2 = fermi_difference(low2, high2, -2.0 * r2 / t) / r2 if r2 > 1e-150 else limit
    odd = (upper - lower + g2 * r2_minus_r1) / r1 if r1 > 1e-150 else 0.0
    return total, g1 + g2, upper + lower, odd


@njit(cache=True, nogil=True)
def _by_eigenvectors(
    xi: float, gap: float, d1: float, d2: float, b: float, temperature: float, a: Array, v: Array
) -> tuple[float, float, float]:
    """tr f, tr σ₁f, tr σ₂f, f = tanh(H/2T), where b lies along 1 and d in the plane (1, 2)."""
    a[:, :] = 0.0
    a[0, 0], a[1, 1], a[2, 2], a[3, 3] = xi - d1 - b, xi + d1 + b, -xi + d1 - b, -xi - d1 + b
    a[0, 1] = a[1, 0] = -d2
    a[2, 3] = a[3, 2] = d2
    a[0, 2] = a[2, 0] = a[1, 3] = a[3, 1] = -gap
    jacobi_eigh(a, v)
    charge = spin1 = spin2 = 0.0
    for n in range(4):
        e = a[n, n]
        f = np.sign(e) if temperature == 0.0 else math.tanh(0.5 * e / temperature)
        charge += f
        spin1 += f * (v[0, n] ** 2 - v[1, n] ** 2 + v[2, n] ** 2 - v[3, n] ** 2)
        spin2 += f * 2.0 * (v[0, n] * v[1, n] + v[2, n] * v[3, n])
    return charge, spin1, spin2


@njit(cache=True, nogil=True)
def level_pairs(xi: float, ee: float, det: float, db: float) -> tuple[float, float, float]:
    """s², P and δ of the two pairs s ± √(s² − P + δ), −s ± √(s² − P − δ), from E² and det H > 0."""
    cross = 4.0 * xi * xi * db * db
    u = 0.5 * (ee + math.sqrt(det))
    if cross > 0.0:
        for _ in range(8):  # Newton for the resolvent 2u = E² + √(det H + 4ξ²(d·b)²/u)
            p = math.sqrt(det + cross / u)
            step = (u - 0.5 * (ee + p)) / (1.0 + cross / (4.0 * u * u * p))
            u -= step
            if abs(step) <= 1e-15 * u:
                break
    delta = 2.0 * xi * db / math.sqrt(u)
    return u, math.sqrt(det + delta * delta), delta


@njit(cache=True, nogil=True)
def sign_traces(
    xi: float, gap: float, dd: float, db: float, bb: float, temperature: float, a: Array, v: Array
) -> tuple[float, float, float, float, float]:
    """Scalars (N, D, B) of tr f = N and tr σf = D d + B b, f = tanh(H/2T), and their rounding errors.

    Takes ξ, Δ, d·d, d·b, b·b; ``a`` and ``v`` are (4, 4) work space. Returns (N, D, B, error of N,
    relative error of D and B). Where upper and lower pair nearly touch, which needs a gapless state,
    the eigenvectors are used instead of the polynomial.
    """
    ee = xi * xi + dd + gap * gap + bb
    length = math.sqrt(dd)
    minus = (abs(xi) - length) ** 2 + gap * gap + bb
    plus = (abs(xi) + length) ** 2 + gap * gap + bb
    det = minus * plus - 4.0 * db * db - 4.0 * bb * (xi * xi + gap * gap)
    if det <= 0.01 * minus * plus:
        b = math.sqrt(bb)
        if b == 0.0:  # an exact zero of H
            return 0.0, 0.0, 0.0, EPS, EPS
        d1 = db / b
        d2 = math.sqrt(max(dd - d1 * d1, 0.0))
        n, s1, s2 = _by_eigenvectors(xi, gap, d1, d2, b, temperature, a, v)
        scale = math.sqrt(ee) * (1.0 / temperature if temperature > 0.0 else 0.0)
        along = s2 / d2 if d2 > 1e-8 * (length + b) else 0.0
        return n, along, (s1 - along * d1) / b, 8.0 * EPS * (1.0 + scale), 16.0 * EPS * (1.0 + scale)
    u, p, delta = level_pairs(xi, ee, det, db)
    s = math.sqrt(u)
    total = slopes = skew = odd = 0.0
    if temperature > 0.0:
        r1, r2 = math.sqrt(max(u - p + delta, 0.0)), math.sqrt(max(u - p - delta, 0.0))
        apart = -2.0 * delta / (r1 + r2) if r1 + r2 > 0.0 else 0.0
        total, slopes, skew, odd = pair_functions(s, r1, r2, apart, temperature)
    mean, slope, skew, odd = 1.0 + 0.5 * total, 0.5 * slopes, 0.5 * skew, 0.5 * odd
    c3 = -(mean - s * slope - 0.5 * delta * odd / s) / (2.0 * s * p + 0.5 * delta * delta / s)
    c2 = 0.5 * (odd - delta * c3) / s
    c1 = slope - (4.0 * u - p) * c3
    c0 = c2 * p - 2.0 * s * delta * c3 + skew - s * odd
    number = 4.0 * (c0 + c2 * ee + 6.0 * c3 * xi * db)
    along_b = -4.0 * (c1 + c3 * (2.0 * xi * xi + 2.0 * gap * gap + ee))
    along_d = -8.0 * (c2 * xi + c3 * db)
    # energies carry the error EPS s, which the thermal functions see divided by T
    loss = minus * plus / det
    blur = s / temperature if temperature > 0.0 else 0.0
    size = abs(c2) * (p + ee) + abs(c3) * (2.0 * s * abs(delta) + 6.0 * abs(xi * db))
    noise = 4.0 * EPS * (loss * size + (1.0 + blur) * (abs(skew) + (s + ee / s) * abs(odd)))
    return number, along_d, along_b, noise, 8.0 * EPS * (loss + blur * (abs(total) + s * slopes))
