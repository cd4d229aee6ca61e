"""Claims about the linear response at one momentum: Eqs. 16 and E1–E4."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from .registry import claim
from .routes import (
    IDENTITY,
    PAULI,
    Metal,
    brute_current,
    current_vertex,
    hamiltonian,
    matsubara,
    occupied_expectation,
    spin_orbit_vector,
    velocity,
)
from .verdicts import Comparison, Evidence, Zero

Real = NDArray[np.float64]

POINTS = np.array([[3.1, 2.2], [4.6, -0.9], [-1.7, 4.3]])
TILTED = Metal(gap=1.0, w=(0.3, 0.0, 0.5))
WARM = 0.4
"""A few momenta near the Fermi contours, a metal with both fields, and a temperature."""
ROUNDING = 1e-14
"""Of a sum of order one over eigenvectors of a 4×4 matrix."""


@cache
def _exact_slopes() -> tuple[Real, Real]:
    """∂/∂b_z of Σ_n ⟨n|J_y|n⟩ n_F(ε_n) at POINTS, by differences in b extrapolated to 0, and its error."""

    def slope(step: float) -> Real:
        up, down = (
            occupied_expectation(POINTS, replace(TILTED, b=(0, 0, s * step)), WARM)[1] for s in (1, -1)
        )
        return np.asarray((up - down) / (2 * step))

    fine, middle, coarse = (slope(step) for step in (1e-3, 2e-3, 4e-3))
    value, check = (4 * fine - middle) / 3, (4 * middle - coarse) / 3
    return value, np.abs(value - check) + ROUNDING / 1e-3


def _green(k: Real, metal: Metal, omega: Real) -> NDArray[np.complex128]:
    return np.asarray(np.linalg.inv(1j * omega[:, None, None] * np.eye(4) - hamiltonian(k, metal)), complex)


def _loop(index: int) -> float:
    """T Σ_n tr{J_y G σ^z τ^0 G} at one of POINTS."""
    k, source = POINTS[index], np.kron(IDENTITY, PAULI[2])
    vertex = current_vertex(k, TILTED)[1]

    def summand(omega: Real) -> Real:
        green = _green(k, TILTED, omega)
        return np.asarray(np.einsum("ab,nbc,cd,nda->n", vertex, green, source, green).real)

    return matsubara(summand, WARM)


@claim("16", "16", "Linear response to b_z: the integrand of ⟨J⟩ is (b_z/2) T Σ_n tr{J_k G σ^z G}")
def _eq16(quick: bool) -> Evidence:
    printed_slope = [0.5 * _loop(i) for i in range(len(POINTS))]
    note = "⟨J_y⟩ per b_z at three momenta: the perturbation is −b_z σ^z, so the prefactor is −b_z; factor −2"
    slopes, error = _exact_slopes()
    return Comparison(printed_slope, slopes, error=error, tolerance=1e-6, note=note)


def projectors(k: Real, metal: Metal) -> list[NDArray[np.complex128]]:
    d = spin_orbit_vector(k, metal.w)
    unit = np.einsum("i,iab->ab", d / np.linalg.norm(d), np.array(PAULI))
    return [(IDENTITY + alpha * unit) / 2 for alpha in (1, -1)]


def _bands(k: Real, metal: Metal) -> tuple[Real, Real]:
    """(ξ_+, ξ_−) and (E_+, E_−) of Eqs. D4, D5."""
    split = np.linalg.norm(spin_orbit_vector(k, metal.w))
    xi = k @ k / (2 * metal.mass) - metal.mu - np.array([1.0, -1.0]) * split
    return xi, np.hypot(xi, metal.gap)


def _particle_hole_sum(xi: tuple[float, float], gap: float, temperature: float, count: int = 4000) -> float:
    """T Σ_n tr_τ{G_α G_β} by brute force from Eq. D3."""
    energy = [math.hypot(x, gap) for x in xi]

    def summand(omega: Real) -> Real:
        numerator = 2 * (-(omega**2) + xi[0] * xi[1] + gap**2)
        return np.asarray(numerator / ((omega**2 + energy[0] ** 2) * (omega**2 + energy[1] ** 2)))

    return matsubara(summand, temperature, count)


def _sum_and_error(xi: tuple[float, float], gap: float, temperature: float) -> tuple[float, float]:
    """The sum, and how far half as many frequencies are from it."""
    value, check = (_particle_hole_sum(xi, gap, temperature, count) for count in (4000, 2000))
    return value, abs(value - check)


@claim("E1", "E1", "The trace factorises over spin and particle–hole space, with prefactor −e b_z/4")
def _eq_e1(quick: bool) -> Evidence:
    values = []
    for k in POINTS:
        xi, _ = _bands(k, TILTED)
        pi, vertex = projectors(k, TILTED), velocity(k, TILTED)[1]
        spin = [[np.trace(vertex @ pi[a] @ PAULI[2] @ pi[b]).real for b in (0, 1)] for a in (0, 1)]
        loops = [[_particle_hole_sum((xi[a], xi[b]), TILTED.gap, WARM) for b in (0, 1)] for a in (0, 1)]
        values.append(-0.25 * float(np.sum(np.array(spin) * np.array(loops))))
    note = "⟨J_y⟩ per b_z at three momenta; factorisation right, prefactor +e b_z/2 (factor −2, from Eq. 16)"
    slopes, error = _exact_slopes()
    return Comparison(values, slopes, error=error, tolerance=1e-6, note=note)


@claim("E2", "E2", "Intraband Matsubara sum: T Σ tr{G_α G_α} over particle–hole space = n_F′(E)")
def _eq_e2(quick: bool) -> Evidence:
    cases = [(0.3, 0.5, 0.2), (-0.7, 0.4, 0.3), (1.1, 0.2, 0.5)]
    found = [_sum_and_error((xi, xi), gap, t) for xi, gap, t in cases]
    slopes = [-expit(e / t) * expit(-e / t) / t for e, t in ((math.hypot(x, g), t) for x, g, t in cases)]
    note = "(ξ, Δ, T) = (.3, .5, .2), …: the particle–hole trace gives 2 n_F′(E)"
    return Comparison(slopes, [s for s, _ in found], error=[e for _, e in found], tolerance=1e-6, note=note)


@claim("E2-text", "E2", "n_F′(E) → 0 as T → 0 whenever Δ ≠ 0")
def _eq_e2_text(quick: bool) -> Evidence:
    values = [expit(1 / t) * expit(-1 / t) / t for t in (0.05, 0.02)]
    return Zero(values[-1], scale=1.0, tolerance=1e-12, note="Δ·|n_F′| at the gap edge, T = Δ/50")


@claim("E3", "E3", "Interband Matsubara sum at T → 0: {(ξ₊ξ₋+Δ²)/E₊E₋ − 1}/(E₊+E₋)")
def _eq_e3(quick: bool) -> Evidence:
    cases = [(0.6, -0.5, 0.4), (1.2, 0.3, 0.5), (-0.2, -0.9, 0.7)]
    found, closed = [], []
    for plus, minus, gap in cases:
        e_plus, e_minus = math.hypot(plus, gap), math.hypot(minus, gap)
        found.append(_sum_and_error((plus, minus), gap, gap / 60))
        closed.append(((plus * minus + gap**2) / (e_plus * e_minus) - 1) / (e_plus + e_minus))
    note = "three (ξ₊, ξ₋, Δ), summed at T = Δ/60"
    return Comparison(closed, [s for s, _ in found], error=[e for _, e in found], tolerance=1e-5, note=note)


@claim("E4", "E4", "Interband spin trace: 2eλ (𝓔^z)² 𝓔^x (k_x k_y x̂ − k_x² ŷ)/{(𝓔^z k)² + (𝓔^x k_y)²}")
def _eq_e4(quick: bool) -> Evidence:
    wx, _, wz = TILTED.w
    traces, closed = [], []
    for k in POINTS:
        pi, vertex = projectors(k, TILTED), velocity(k, TILTED)
        traces += [sum(np.trace(v @ pi[a] @ PAULI[2] @ pi[1 - a]).real for a in (0, 1)) for v in vertex]
        scale = 2 * wz**2 * wx / (wz**2 * (k @ k) + (wx * k[1]) ** 2)
        closed += [scale * k[0] * k[1], -scale * k[0] ** 2]
    return Comparison(
        closed, traces, error=1e-15, tolerance=1e-12, note="x and y components at three momenta"
    )


@claim("E4-text", "E4", "The x component of the current vanishes on integration: J ⟂ 𝓔_∥")
def _eq_e4_text(quick: bool) -> Evidence:
    jx, jy = brute_current(Metal(gap=3.0, w=(-0.01, 0, 0.5), b=(0, 0, 0.01)), 0.0)
    return Zero(
        jx,
        scale=abs(jy),
        tolerance=1e-6,
        error=1e-12,
        note="J_x against J_y at Δ/μ = .3, by diagonalisation",
    )
