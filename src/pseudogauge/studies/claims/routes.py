"""Independent numerical routes: slow, short and literal, so that the claims do not test a module with itself.

Everything is in microscopic units (ħ = k_B = e = 1) and written straight from the definitions of Levitan,
Oreg and Berg: 4×4 matrices and `numpy.linalg.eigh`, brute Matsubara sums, adaptive quadrature, link sums.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import expit

__all__ = [
    "IDENTITY",
    "PAULI",
    "Metal",
    "arcoth_f",
    "beta_response",
    "brute_current",
    "current_vertex",
    "f_integral",
    "hamiltonian",
    "interband_integral",
    "matsubara",
    "occupied_expectation",
    "static_q_response",
]

Real = NDArray[np.float64]
Matrix = NDArray[np.complex128]

IDENTITY: Matrix = np.eye(2, dtype=complex)
PAULI: tuple[Matrix, Matrix, Matrix] = (
    np.array([[0, 1], [1, 0]], complex),
    np.array([[0, -1j], [1j, 0]], complex),
    np.array([[1, 0], [0, -1]], complex),
)


@dataclass(frozen=True)
class Metal:
    """Parameters of Eq. 14: mass, μ, Δ, the velocities w = λe𝓔 and the exchange field b."""

    mass: float = 1.0
    mu: float = 10.0
    gap: float = 1.0
    w: tuple[float, float, float] = (0.0, 0.0, 0.5)
    b: tuple[float, float, float] = (0.0, 0.0, 0.0)
    quartic: float = 0.0


def _spin(vector: Real) -> Matrix:
    return np.asarray(np.einsum("...i,iab->...ab", vector, np.array(PAULI)))


def spin_orbit_vector(k: Real, w: tuple[float, float, float]) -> Real:
    """d_k = w × k for k of shape (..., 2) (App. D)."""
    return np.cross(np.array(w), np.concatenate([k, np.zeros((*k.shape[:-1], 1))], axis=-1))


def dispersion(k: Real, metal: Metal) -> Real:
    k2 = np.sum(k**2, axis=-1)
    return np.asarray(k2 / (2 * metal.mass) + metal.quartic * k2**2 - metal.mu)


def hamiltonian(k: Real, metal: Metal) -> Matrix:
    """H_k of Eq. 14 for k of shape (..., 2): kron(τ, σ)."""
    x, _, z = PAULI
    normal = dispersion(k, metal)[..., None, None] * IDENTITY - _spin(spin_orbit_vector(k, metal.w))
    exchange = np.kron(IDENTITY, _spin(np.array(metal.b)))
    return np.asarray(_tau(z, normal) - metal.gap * np.kron(x, IDENTITY) - exchange)


def _tau(tau: Matrix, sigma: Matrix) -> Matrix:
    """kron(tau, sigma) for a stack of 2×2 matrices sigma."""
    return np.asarray(np.einsum("ab,...cd->...acbd", tau, sigma).reshape(*sigma.shape[:-2], 4, 4))


def velocity(k: Real, metal: Metal) -> Matrix:
    """k/m − (σ×w), the bracket of Eq. 15, of shape (2, ..., 2, 2)."""
    x, y, z = PAULI
    wx, wy, wz = metal.w
    speed = 1 / metal.mass + 4 * metal.quartic * np.sum(k**2, axis=-1)
    cross = (y * wz - z * wy, z * wx - x * wz)
    parts = [(k[..., i] * speed)[..., None, None] * IDENTITY - cross[i] for i in range(2)]
    return np.array(parts, dtype=np.complex128)


def current_vertex(k: Real, metal: Metal) -> Matrix:
    """J_k of Eq. 15, of shape (2, ..., 4, 4)."""
    return np.asarray(-0.5 * np.stack([_tau(IDENTITY, v) for v in velocity(k, metal)]), np.complex128)


def occupied_expectation(k: Real, metal: Metal, temperature: float) -> Real:
    """Σ_n ⟨n|J_k|n⟩ n_F(ε_n), the summand of Eq. 23, of shape (2, ...).

    n_F − ½ instead of n_F: Σ_n ⟨n|J_k|n⟩ = tr J_k is odd in k and drops out of the sum.
    """
    energy, vectors = np.linalg.eigh(hamiltonian(k, metal))
    filling = -0.5 * (np.sign(energy) if temperature == 0 else np.tanh(energy / (2 * temperature)))
    vertex = current_vertex(k, metal)
    return np.asarray(
        np.einsum("...an,d...ab,...bn,...n->d...", vectors.conj(), vertex, vectors, filling).real
    )


def _polar(mass: float, mu: float, panels: int, angles: int) -> tuple[Real, Real]:
    """Points (N, 2) and weights of ∫d²k/(2π)²: Gauss panels in |k|, trapezoid in angle.

    The angles avoid symmetry axes; panels stretch to 30 k_F, where every integrand used here has died out.
    """
    k_fermi = math.sqrt(2 * mass * mu)
    edges = k_fermi * np.concatenate([np.linspace(0, 2, panels + 1), 2 * 15 ** (np.arange(1, 9) / 8)])
    x, weight = np.polynomial.legendre.leggauss(10)
    half = np.diff(edges)[:, None] / 2
    k = (edges[:-1, None] + half * (1 + x)).ravel()
    radial = (half * weight).ravel() * k / (2 * math.pi)
    theta = 2 * math.pi * (np.arange(angles) + 0.25) / angles
    points = k[:, None, None] * np.stack([np.cos(theta), np.sin(theta)], axis=-1)
    return points.reshape(-1, 2), np.repeat(radial / angles, angles)


@cache
def brute_current(
    metal: Metal, temperature: float, panels: int = 40, angles: int = 16
) -> tuple[float, float]:
    """⟨J⟩ of Eq. 23 by diagonalising H_k on a polar grid that resolves Δ/v_F (so Δ/μ ≳ 0.1)."""
    k, weight = _polar(metal.mass, metal.mu, panels, angles)
    jx, jy = occupied_expectation(k, metal, temperature)
    return float(np.sum(jx * weight)), float(np.sum(jy * weight))


def matsubara(summand: Callable[[Real], Real], temperature: float, count: int = 4000) -> float:
    """T Σ_n of a summand that falls off as 1/ω² and is even in ω_n; the tail is extrapolated in 1/ω."""
    omega = np.arange(1.0, 4 * count, 2.0) * (math.pi * temperature)
    terms = 2 * temperature * summand(omega)
    return float(2 * terms.sum() - terms[:count].sum())


def interband_integral(mass: float, mu: float, gap: float, rashba: float) -> tuple[float, float]:
    """∫dk k {1 − (ξ₊ξ₋+Δ²)/E₊E₋}/(E₊+E₋), the radial integral of Eq. E5, and its error."""
    k_fermi = math.sqrt(2 * mass * mu + (mass * rashba) ** 2)

    def integrand(k: float) -> float:
        base, split = k * k / (2 * mass) - mu, abs(rashba) * k
        plus, minus = base - split, base + split
        e_plus, e_minus = math.hypot(plus, gap), math.hypot(minus, gap)
        # 1 − (ξ₊ξ₋+Δ²)/E₊E₋ without the cancellation far from the Fermi contours
        numerator = (gap * (plus - minus)) ** 2
        scalar = plus * minus + gap**2
        product = e_plus * e_minus
        bracket = numerator / (product * (product + scalar)) if scalar > 0 else 1 - scalar / product
        return k * bracket / (e_plus + e_minus)

    contours = [k_fermi - mass * abs(rashba), k_fermi + mass * abs(rashba)]
    width = gap * mass / k_fermi
    graded = {max(k + side * width * 4.0**n, 0.0) for k in contours for side in (-1, 1) for n in range(8)}
    edges = sorted({0.0, *contours, *(k for k in graded if k < 3 * k_fermi), 3 * k_fermi, 100 * k_fermi})
    parts = [quad(integrand, low, high, epsrel=1e-11) for low, high in itertools.pairwise(edges)]
    return sum(p[0] for p in parts), sum(p[1] for p in parts) + 1e-9


def arcoth_f(y_squared: float) -> float:
    """f[y²] exactly as printed in Eq. 18, with arcoth(x) = ½ ln[(x+1)/(x−1)]."""
    root = math.sqrt(1 + y_squared)
    return 1 - y_squared / root * 0.5 * math.log((root + 1) ** 2 / y_squared)


def f_integral(y: float, sign: int, cutoff: float = math.inf) -> tuple[float, float]:
    """Eq. E8 with ``sign`` before √·√ in the numerator (printed: −1), integrated over |x| < cutoff."""

    def integrand(x: float) -> float:
        left, right = math.hypot(x - 1, y), math.hypot(x + 1, y)
        product, plain = left * right, 1 - x * x - y * y
        # (p + √·√) = (product² − plain²)/(product − plain) far out, where the two nearly cancel
        stable = sign > 0 and plain < 0
        numerator = 4 * y * y / (product - plain) if stable else plain + sign * product
        return numerator / (product * (left + right))

    edges = [0.0, 1.0, 2.0, 10.0, cutoff]
    parts = [quad(integrand, low, high, epsabs=1e-12, limit=200) for low, high in itertools.pairwise(edges)]
    return sum(p[0] for p in parts), sum(p[1] for p in parts)


def _occupation_matrix(lower: Real, upper: Real, temperature: float) -> Real:
    """[n_F(ε_a) − n_F(ε_b)]/(ε_a − ε_b), with the derivative on the diagonal."""
    a, b = lower[..., :, None], upper[..., None, :]
    if temperature == 0:
        same = np.sign(a) == np.sign(b)
        return np.where(same, 0.0, 0.5 * (np.sign(b) - np.sign(a)) / np.where(same, 1.0, a - b))
    close = np.abs(a - b) < 1e-6 * temperature
    slope = -expit(a / temperature) * expit(-b / temperature) / temperature
    quotient = (expit(-a / temperature) - expit(-b / temperature)) / np.where(close, 1.0, a - b)
    return np.asarray(np.where(close, slope, quotient))


def static_q_response(
    metal: Metal,
    q: float,
    temperature: float,
    panels: int = 30,
    angles: int = 12,
    nambu: bool = True,
    source: str = "exchange",
) -> complex:
    """Linear response of J_y to b_z e^{iqx} (per b_z), from the eigenvectors at k ± q/2.

    ``source="vector"``: the paramagnetic response to A_y e^{iqx} instead (Nambu only).
    """
    k, weight = _polar(metal.mass, metal.mu, panels, angles)
    shift = np.array([q / 2, 0.0])
    if nambu:
        lower, upper = hamiltonian(k - shift, metal), hamiltonian(k + shift, metal)
        vertex = (current_vertex(k - shift, metal) + current_vertex(k + shift, metal))[1] / 2
        perturbation = -np.kron(IDENTITY, PAULI[2]) if source == "exchange" else -2 * vertex
    else:
        lower, upper = (
            dispersion(p, metal)[..., None, None] * IDENTITY - _spin(spin_orbit_vector(p, metal.w))
            for p in (k - shift, k + shift)
        )
        vertex = -(velocity(k - shift, metal) + velocity(k + shift, metal))[1] / 2
        perturbation = -PAULI[2]
    e_minus, v_minus = np.linalg.eigh(lower)
    e_plus, v_plus = np.linalg.eigh(upper)
    to_plus = np.swapaxes(v_plus.conj(), -1, -2) @ perturbation @ v_minus
    to_minus = np.swapaxes(v_minus.conj(), -1, -2) @ vertex @ v_plus
    factor = _occupation_matrix(e_plus, e_minus, temperature)
    return complex(np.einsum("n,nab,nab,nba->", weight, factor, to_plus, to_minus))


@cache
def beta_response(
    metal: Metal, temperature: float, panels: int = 30, angles: int = 12, nambu: bool = True
) -> tuple[float, float]:
    """β of j = β∇×(b_z ẑ), i.e. i J_y(q)/q as q → 0 (two values of q, extrapolated), and its error."""
    unit = 0.01 * math.sqrt(2 * metal.mass * metal.mu)
    small, large = (
        (1j * static_q_response(metal, q, temperature, panels, angles, nambu) / q).real
        for q in (unit, 2 * unit)
    )
    return (4 * small - large) / 3, abs(large - small) / 3
