"""Claims about the normal state (App. F): Eqs. F1–F4 and the exact cancellation."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from . import printed
from .linear_response import projectors
from .registry import claim
from .routes import (
    PAULI,
    Metal,
    interband_integral,
    velocity,
)
from .verdicts import Comparison, Evidence, Zero


def _interband_normal(rashba: float) -> tuple[float, float]:
    """Interband current per e²b_zλ𝓔^x at Δ → 0, true prefactor (−2 times Eq. E5), and its error."""
    value, error = interband_integral(1.0, 10.0, 1e-5, rashba)
    return value / (4 * math.pi), (error + 1e-8) / (4 * math.pi)


def _f1(rashba: float, w_x: float = 1e-4) -> float:
    """Eq. F1 per e²b_zλ𝓔^x as printed: δ functions done on the exact Fermi contours, angle by trapezoid."""
    metal = Metal(gap=0.0, w=(w_x, 0.0, rashba))
    total, angles = 0.0, 32
    for theta in 2 * np.pi * (np.arange(angles) + 0.5) / angles:
        spin_orbit = math.hypot(rashba, w_x * math.sin(theta))
        speed = math.sqrt(2 * metal.mu / metal.mass + spin_orbit**2)
        for index, alpha in enumerate((1, -1)):
            k = metal.mass * (speed + alpha * spin_orbit) * np.array([math.cos(theta), math.sin(theta)])
            pi = projectors(k, metal)[index]
            trace = np.trace(velocity(k, metal)[1] @ pi @ PAULI[2] @ pi).real
            total += float(np.linalg.norm(k)) / speed * trace / (2 * math.pi * angles)
    return total / 4 / w_x


def _f2(rashba: float) -> float:
    """Eq. F2 per e²b_zλ𝓔^x as printed, with the true Fermi velocities."""
    speed = math.sqrt(20 + rashba**2)
    momenta = [(alpha, speed + alpha * rashba) for alpha in (1, -1)]
    return -sum(k / speed * (1 - alpha * k / rashba) for alpha, k in momenta) * 0.5 / (2 * math.pi) / 4


def _extra(formula: list[float], rashbas: tuple[float, ...], tolerance: float, note: str) -> Evidence:
    """Compare with the extra current that gauge invariance demands: minus the interband one."""
    inter = [_interband_normal(rashba) for rashba in rashbas]
    return Comparison(
        formula, [-v for v, _ in inter], error=[e for _, e in inter], tolerance=tolerance, note=note
    )


@claim("F1", "F1", "Fermi-surface term of the normal state, prefactor e b_z/4")
def _eq_f1(quick: bool) -> Evidence:
    rashbas = (0.5, 0.25, 1.0)
    note = "per e² b_z λ 𝓔^x, m = 1, μ = 10, w_z = .5, .25, 1: factor −4 (−2 from Eq. 16, 2 from E2)"
    return _extra([_f1(r) for r in rashbas], rashbas, 1e-4, note)


@claim("F2", "F2", "Fermi-surface term to first order in 𝓔^x, prefactor −e² b_z λ 𝓔^x/4")
def _eq_f2(quick: bool) -> Evidence:
    rashbas = (0.5, 0.25, 1.0)
    note = "per e² b_z λ 𝓔^x, w_z = .5, .25, 1, with the true Fermi velocities: factor −4, as F1"
    return _extra([_f2(r) for r in rashbas], rashbas, 1e-4, note)


@claim("F3", "F3", "Rashba Fermi momenta k_α = √(2mμ + (mλe 𝓔^z)²) + αm|λe 𝓔^z|")
def _eq_f3(quick: bool) -> Evidence:
    cases = [(alpha, w) for w in (0.5, 1.5) for alpha in (1, -1)]
    roots = [brentq(lambda k, a=a, w=w: k * k / 2 - 10 - a * w * k, 0.1, 20, xtol=1e-14) for a, w in cases]
    return Comparison([math.sqrt(20 + w * w) + a * w for a, w in cases], roots, error=1e-12, tolerance=1e-10)


@claim("F3-velocity", "F3 (text)", "|∂ξ_α/∂k| at the Fermi momenta is v_F − α|λe 𝓔^z|")
def _f3_velocity(quick: bool) -> Evidence:
    cases = [(alpha, w) for w in (0.5, 1.5) for alpha in (1, -1)]
    speeds = []
    for a, w in cases:
        k, h = math.sqrt(20 + w * w) + a * w, 1e-4
        ends = [(k + s * h) ** 2 / 2 - a * w * (k + s * h) for s in (1, -1)]
        speeds.append((ends[0] - ends[1]) / (2 * h))
    note = "w_z = .5, 1.5: both bands have the same Fermi velocity √(v_F² + (λe 𝓔^z)²)"
    right = [math.sqrt(20 + w * w) for _, w in cases]
    plain = [math.sqrt(20) - a * w for a, w in cases]
    return Comparison(plain, speeds, error=1e-10, tolerance=1e-8, correction=right, note=note)


@claim("F4", "F4", "Extra current of the normal state: ⟨J⟩ = +(e² b_z λ 𝓔^x m/4π) ŷ")
def _eq_f4(quick: bool) -> Evidence:
    rashbas = (0.5, 0.25, 1.0)
    note = "per e² b_z λ 𝓔^x: −m/2π; the two slips of F1 and F2 cancel in the printed sum rule"
    return _extra([printed.extra_f4(1.0, 1.0, 1.0)] * 3, rashbas, 1e-4, note)


@claim("F-cancellation", "F4", "Interband and Fermi-surface terms cancel exactly in the normal state")
def _f_cancellation(quick: bool) -> Evidence:
    residues, error = [], 0.0
    for rashba in (0.5, 0.25, 1.0):
        inter, uncertainty = _interband_normal(rashba)
        residues.append(inter - 4 * _f1(rashba))
        error = max(error, uncertainty)
    note = "interband + Fermi-surface term, prefactors with E1 and E2 corrected, per e² b_z λ 𝓔^x"
    return Zero(residues, scale=1 / (2 * math.pi), tolerance=1e-5, error=error + 1e-8, note=note)
