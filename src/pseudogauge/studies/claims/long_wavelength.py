"""Claims about q → 0 (App. C), the normal state, and the β term (Eq. 1, App. G)."""

from __future__ import annotations

import math
from functools import cache

from scipy.special import zeta

from . import printed
from .package import beta, coefficients, current, current_scale
from .registry import claim
from .routes import (
    Metal,
    beta_response,
    static_q_response,
)
from .verdicts import Comparison, Evidence, Nonzero, Zero, short


@claim("C-alpha-gamma", "App. C", "The α and γ currents are forbidden in the normal state")
def _c_normal(quick: bool) -> Evidence:
    g, e1 = current(gap=0.0, temperature=0.3)
    a, e2 = current(gap=0.0, temperature=0.3, exchange=(0.01, 0.0, 0.0), in_plane=(0.0, 0.0))
    return Zero([*g, *a], scale=current_scale(), tolerance=1e-5, error=max(e1, e2), note="Δ = 0, T/μ = .03")


@claim("C-K0", "App. C", "In the gapped state the response K_q is nonzero at q → 0")
def _c_k0(quick: bool) -> Evidence:
    found, clean = coefficients(gap=0.01), (20 + 0.25) / (2 * math.pi)
    note = "stiffness −∂j/∂A at Δ/μ = .001 over (e² m/2π)(v_F² + w_z²)"
    return Nonzero(found.stiffness / clean, error=found.errors["stiffness"] / clean, note=note)


Q_SCALE = 2.0
"""Δ of the rows at finite q (μ = 10): it sets ξ0 = v_F/πΔ."""


@cache
def _towards_zero(w_x: float, source: str) -> tuple[float, float, float, float]:
    """J_y response at q = 0, its limit from qξ0 = .05, .1, .2, the error of that limit, and the value at .1."""
    metal = Metal(gap=Q_SCALE, w=(w_x, 0.0, 0.5))
    xi0 = math.sqrt(20) / (math.pi * metal.gap)
    still, near, middle, far = (
        static_q_response(metal, s / xi0, 0.0, source=source).real for s in (0.0, 0.05, 0.1, 0.2)
    )
    first, second = (4 * near - middle) / 3, (4 * middle - far) / 3
    limit = (16 * first - second) / 15  # without the terms in q² and q⁴
    return still, limit, abs(limit - first), middle


@claim("C-Kq", "App. C", "K_q is continuous at q → 0 in the gapped state")
def _c_kq(quick: bool) -> Evidence:
    still, limit, error, _ = _towards_zero(0.0, "vector")
    note = "paramagnetic J_y response to A_y exp(iqx), from qξ0 = .2, .1, .05 to 0, minus its value at q = 0"
    scale = (20 + 0.25) / (2 * math.pi)
    return Zero(limit - still, scale=scale, tolerance=1e-4, error=error, note=note)


@claim(
    "footnote-4",
    "footnote 4",
    "The uniform-field γ current is the q → 0 limit of the response to a varying b_z(q)",
)
def _footnote4(quick: bool) -> Evidence:
    still, limit, error, far = _towards_zero(0.01, "exchange")
    note = (
        "J_y per b_z at w_x = .01, Δ/μ = .2, extrapolated from qξ0 = .2, .1, .05; "
        f"γ(.1)/γ(0) = {far / still:.4f}"
    )
    return Comparison(still, limit, error=error, tolerance=1e-3, note=note)


@claim("C-beta", "App. C, footnote 6", "β vanishes in the normal state of this model")
def _c_beta(quick: bool) -> Evidence:
    value, error = beta_response(Metal(gap=0.0), 0.5, nambu=False)
    note = "β/e at Δ = 0, T/μ = .05 from the O(q) response, against e/4π"
    return Zero(value, scale=1 / (4 * math.pi), tolerance=1e-6, error=error + 1e-9, note=note)


@claim("G-quartic", "App. G", "With a |k|⁴ term in the dispersion β survives in the normal state")
def _g_quartic(quick: bool) -> Evidence:
    value, error = beta_response(Metal(gap=0.0, quartic=0.005), 0.5, nambu=False)
    note = "β/e at Δ = 0, T/μ = .05 with +.005 k⁴ (m = 1, μ = 10, w_z = .5); without it |β|/e < 10⁻⁹"
    return Nonzero(value, error=error, note=note)


@claim("G-beta", "App. G", "For Δ_R ≫ m (λe 𝓔^z)² ≫ Δ: β ~ (mλe 𝓔^z)²/k_F²")
def _g_beta(quick: bool) -> Evidence:
    rashbas = (0.5, 1.0)
    found = [beta(gap=0.01, rashba=w) for w in rashbas]
    values = [value for value, _ in found]
    estimates = [printed.beta_estimate(1, 10, w) for w in rashbas]
    note = (
        f"w_z = .5, 1, Δ/μ = .001, T = 0: {values[0]:.5f}, {values[1]:.5f} e against {estimates[0]:.4f}, "
        f"{estimates[1]:.4f}: independent of 𝓔^z"
    )
    return Comparison(estimates, values, error=[error for _, error in found], tolerance=0.1, note=note)


@claim("G-beta-Tc", "App. G", "Near T_c: β ~ (mλe 𝓔^z)²/k_F² (the estimate read as its dependence on 𝓔^z)")
def _g_beta_tc(quick: bool) -> Evidence:
    temperature, gap = 0.1, 0.02
    rashbas = (1.0, 2.0)
    found = [beta_response(Metal(gap=gap, w=(0, 0, w)), temperature, panels=120, angles=8) for w in rashbas]
    limit = 7 * float(zeta(3)) / (4 * math.pi**2) * (gap / temperature) ** 2 / (4 * math.pi)
    note = (
        f"β/e at Δ = T/5, T/μ = .01, w_z = 1, 2 (m (λe 𝓔^z)² ≫ T): {short(found[0][0], 4)}, "
        f"{short(found[1][0], 4)}, near (1/4π)(7ζ(3)/4π²)(Δ/T)² = {short(limit, 4)}: set by the superfluid fraction, "
        "not 𝓔^z; it does fall with 𝓔^z once m (λe 𝓔^z)² ≲ T"
    )
    estimates = [printed.beta_estimate(1, 10, w) for w in rashbas]
    return Comparison(estimates, [v for v, _ in found], error=[e for _, e in found], tolerance=0.1, note=note)


@claim(
    "beta-universal",
    "App. G",
    "β at T = 0, q → 0, Δ ≪ Δ_R is e/4π whatever the spin-orbit strength (not in the paper)",
)
def _beta_universal(quick: bool) -> Evidence:
    found = [beta(gap=0.01, rashba=w) for w in (0.5, 1.0)]
    values, error = [value for value, _ in found], [error for _, error in found]
    note = "w_z = .5, 1 at Δ/μ = .001, neglected: Δ/Δ_R; the paper has no formula for the prefactor, the value is ours"
    neglected = 0.01 / (0.5 * math.sqrt(20))
    return Comparison([1 / (4 * math.pi)] * 2, values, error=error, tolerance=neglected, note=note)
