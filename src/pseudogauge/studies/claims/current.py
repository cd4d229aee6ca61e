"""Claims about the integrated current: Eqs. 17–23, E5–E8 and Fig. 2."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from . import printed
from .package import FIG2, current, gamma
from .registry import claim
from .routes import (
    Metal,
    arcoth_f,
    brute_current,
    f_integral,
    interband_integral,
)
from .verdicts import Comparison, Evidence, Zero, short

Real = NDArray[np.float64]

FIG2_TEXT = "m = 1, μ = 10, w_x/v_F = −.01/√20, b/μ = .001, w_z/v_F = .5/√20"


@claim("E5", "E5", "⟨J_y⟩ as a single radial integral, prefactor −e² b_z λ 𝓔^x/2")
def _eq_e5(quick: bool) -> Evidence:
    gaps, w_x, b = (0.1, 1.0), FIG2["w_x"], FIG2["exchange"]
    closed = [printed.current_e5(interband_integral(1, 10, gap, 0.5)[0], b, w_x) for gap in gaps]
    exact = [-gamma(gap=gap)[0] * w_x * b for gap in gaps]
    error = max(abs(gamma(gap=gap)[1] * w_x * b) for gap in gaps)
    note = f"Δ/μ = .01, .1 at {FIG2_TEXT}; the integral is right, the prefactor is −2 times the printed one"
    return Comparison(closed, exact, error=error, tolerance=1e-5, note=note)


@claim("E5-text", "E5", "Without Rashba coupling (𝓔^z = 0) the integrand of E5 is identically zero")
def _eq_e5_text(quick: bool) -> Evidence:
    value, error = interband_integral(1, 10, 0.5, 0.0)
    return Zero(value, scale=2.0, tolerance=1e-7, error=error, note="the integral at w_z = 0 (2m at Δ ≪ Δ_R)")


@claim("E6", "E6", "Near k_F: ξ_α ≈ (v_F − αṽ) k′, α = ±1")
def _eq_e6(quick: bool) -> Evidence:
    k_fermi, w = math.sqrt(20), 0.01 * math.sqrt(20)
    shifts = np.array([0.004, 0.05, -0.05, -0.004]) * k_fermi
    sign = np.array([[1.0], [-1.0]])
    exact = ((k_fermi + shifts) ** 2 - 20) / 2 - sign * w * (k_fermi + shifts)
    note = "ṽ/v_F = .01, k′/k_F = ±.004, ±.05: the splitting −αṽ k_F was dropped; ξ_α ≈ v_F k′ − αṽ k_F"
    return Comparison(
        (k_fermi - sign * w) * shifts,
        exact,
        error=1e-12,
        tolerance=0.05,
        correction=k_fermi * shifts - sign * w * k_fermi,
        note=note,
    )


def _against_e7(
    gaps: tuple[float, ...], rashbas: tuple[float, ...], temperature: float = 0.0
) -> tuple[Real, Real, Real]:
    """Printed E7, exact current and its error at Fig. 2's fields for each (Δ, w_z)."""
    w_x, b = FIG2["w_x"], FIG2["exchange"]
    pairs = [(gap, rashba) for gap in gaps for rashba in rashbas]
    curve = [printed.current_e7(1, 10, gap, rashba, b, w_x) for gap, rashba in pairs]
    exact = [current(gap=gap, rashba=rashba, temperature=temperature) for gap, rashba in pairs]
    return (
        np.array(curve),
        np.array([value[1] for value, _ in exact]),
        np.array([error for _, error in exact]),
    )


@claim("E7", "E7", "⟨J_y⟩ ≈ −(e² b_z λ 𝓔^x m/4π) f at Fig. 2's parameters")
def _eq_e7(quick: bool) -> Evidence:
    curve, exact, error = _against_e7((0.01,) if quick else (0.01, 0.1, 1.0), (0.5,))
    note = f"{FIG2_TEXT}, Δ/μ = .001: exact/printed = {short(exact[0] / curve[0], 6)}"
    if len(curve) == 1:  # a factor needs a second point
        more = _against_e7((0.1,), (0.5,))
        curve, exact, error = (np.concatenate(pair) for pair in zip((curve, exact, error), more, strict=True))
    return Comparison(curve, exact, error=error, tolerance=1e-3, note=note)


@claim("17", "17", "⟨J⟩ = (e² λ m/4π) f 𝓔_∥×(b_z ẑ)")
def _eq17(quick: bool) -> Evidence:
    gaps = ((0.1, 0.5), (1.0, 0.5), (0.1, 0.25))
    coefficient = [-printed.gamma_21(1, 10, gap, rashba) for gap, rashba in gaps]
    exact = [gamma(gap=gap, rashba=rashba) for gap, rashba in gaps]
    note = "coefficient of λe 𝓔_∥×b_z ẑ, m = 1, μ = 10, (Δ, w_z) = (.1, .5), (1, .5), (.1, .25): truly −(e² λ m/2π) f"
    return Comparison(
        coefficient, [g for g, _ in exact], error=[e for _, e in exact], tolerance=1e-3, note=note
    )


@claim("18", "18", "f[y²] = 1 − y²/√(1+y²) arcoth√(1+y²), y = Δ/|λe 𝓔^z| k_F")
def _eq18(quick: bool) -> Evidence:
    rashba = 0.02
    ys = (0.5, 0.1, 1.0, 2.0)
    integrals = [interband_integral(1, 10, y * rashba * math.sqrt(20), rashba) for y in ys]
    return Comparison(
        [arcoth_f(y * y) for y in ys],
        [value / 2 for value, _ in integrals],
        error=[error for _, error in integrals],
        tolerance=(rashba * math.sqrt(20) / 10) ** 2,
        note="y = .5, .1, 1, 2 from the full radial integral of E5 at Δ_R/μ = .009; neglected: (Δ_R/μ)²",
    )


@claim("18-limits", "18", "f → 1 for Δ ≪ |λe 𝓔^z| k_F")
def _eq18_limits(quick: bool) -> Evidence:
    y = 1e-4
    value, error = f_integral(y, +1)
    note = "y = 10⁻⁴, neglected: y² ln(2/y); for y ≫ 1, f ≃ 2/(3y²)"
    return Comparison(1.0, value, error=error, tolerance=y * y * math.log(2 / y), note=note)


@claim("19", "19", "For Δ ≪ |λe 𝓔^z| k_F: ⟨J⟩ = (e² λ m/4π) 𝓔_∥×(b_z ẑ)")
def _eq19(quick: bool) -> Evidence:
    _, exact, error = _against_e7((0.01, 0.03), (0.5,))
    plain = -FIG2["exchange"] * FIG2["w_x"] / (4 * math.pi)
    note = f"J_y at {FIG2_TEXT}, Δ/μ = .001, .003; the true prefactor is −e² λ m/2π"
    return Comparison([plain, plain], exact, error=error, tolerance=2e-3, note=note)


@claim("20", "17, 20, 21", "Eqs. 17 and 21 agree through ⟨J⟩ = γ 𝓔_∥×(b_z ẑ)")
def _eq20(quick: bool) -> Evidence:
    w_x, b, gaps = 0.01, 0.01, (0.1, 1.0)
    e7 = [printed.current_e7(1, 10, gap, 0.5, b, w_x) for gap in gaps]
    via_gamma = [-printed.gamma_21(1, 10, gap, 0.5) * w_x * b for gap in gaps]
    note = "J_y printed in 17/E7 against −γ λe 𝓔^x b_z with the γ of 21: opposite signs; 21 has the right one"
    return Comparison(e7, via_gamma, error=0.0, tolerance=1e-12, note=note)


@claim("21", "21", "γ = −(e² λ m/4π) f")
def _eq21(quick: bool) -> Evidence:
    cases = ((0.1, 0.5), (1.0, 0.5), (0.1, 0.25))
    exact = [gamma(gap=gap, rashba=rashba) for gap, rashba in cases]
    values = [printed.gamma_21(1, 10, gap, rashba) for gap, rashba in cases]
    note = "γ/λe at m = 1, μ = 10, (Δ, w_z) = (.1, .5), (1, .5), (.1, .25): sign right, γ = −(e² λ m/2π) f"
    return Comparison(values, [g for g, _ in exact], error=[e for _, e in exact], tolerance=1e-3, note=note)


@claim("21-limit", "21", "γ is independent of Δ and 𝓔^z for Δ ≪ |λe 𝓔^z| k_F ≪ μ")
def _eq21_limit(quick: bool) -> Evidence:
    first, second = gamma(gap=0.01, rashba=0.5), gamma(gap=0.003, rashba=0.25)
    error = first[1] + second[1]
    neglected = 1 - arcoth_f((0.01 / (0.5 * math.sqrt(20))) ** 2)
    note = f"(Δ/μ, w_z) = (.001, .5) against (.0003, .25); neglected: 1 − f = {short(neglected)}"
    return Comparison(first[0], second[0], error=error, tolerance=neglected, note=note)


@claim(
    "23",
    "23",
    "The current is Σ_k Σ_n ⟨n|J_k|n⟩ n_F(ε_n): the package's integration (computed) against plain diagonalisation",
)
def _eq23(quick: bool) -> Evidence:
    w_x, b = FIG2["w_x"], FIG2["exchange"]
    cases = ((3.0, 0.0), (1.0, 0.0), (1.0, 0.4))
    brute = [brute_current(Metal(gap=gap, w=(w_x, 0, 0.5), b=(0, 0, b)), t)[1] for gap, t in cases]
    package = [current(gap=gap, temperature=t) for gap, t in cases]
    return Comparison(
        brute,
        [value[1] for value, _ in package],
        error=[error + 3e-13 for _, error in package],
        tolerance=1e-6,
        note=f"{FIG2_TEXT}, (Δ/μ, T/μ) = (.3, 0), (.1, 0), (.1, .04)",
    )


@claim("Fig2a", "Fig. 2(a)", "J_y against 𝓔^z at low T follows the analytic curve E7")
def _fig2a(quick: bool) -> Evidence:
    rashbas = (0.5, 1.0) if quick else (0.25, 0.5, 1.0, 1.5)
    curve, exact, error = _against_e7((0.1,), rashbas, temperature=1e-3)
    note = f"Δ/μ = .01, T/μ = 10⁻⁴, w_z = {rashbas}: the shape is right; the factor −2 of E7 remains"
    return Comparison(curve, exact, error=error, tolerance=0.02, note=note)


@claim("Fig2b", "Fig. 2(b)", "At T > 0 the jump of J_y at Δ → 0 is smoothed: J_y vanishes as Δ²")
def _fig2b(quick: bool) -> Evidence:
    temperature = 0.1
    ((_, small), e1), ((_, large), e2) = (
        current(gap=s * temperature, temperature=temperature) for s in (0.1, 0.2)
    )
    error = abs(small / large) * (e1 / abs(small) + e2 / abs(large))
    note = "J_y(Δ = T/10)/J_y(Δ = T/5), T/μ = .01; neglected: (Δ/T)²/2 = .02"
    return Comparison(0.25, small / large, error=error, tolerance=0.02, note=note)


@claim("singular-gap", "19", "The T = 0 current tends to a constant as Δ → 0, yet is zero at Δ = 0")
def _singular_gap(quick: bool) -> Evidence:
    (_, at_zero), error = current(gap=0.0, temperature=0.0)
    (_, small), _ = current(gap=0.01)
    return Zero(
        at_zero,
        scale=abs(small),
        tolerance=1e-5,
        error=error,
        note=f"J_y(Δ = 0) against J_y(Δ/μ = .001) = {short(small, 6)}",
    )


@claim(
    "singular-rashba",
    "19",
    "The current vanishes if 𝓔^z = 0, though constant for small 𝓔^z with Δ ≪ |λe 𝓔^z| k_F",
)
def _singular_rashba(quick: bool) -> Evidence:
    (_, at_zero), error = current(gap=0.1, rashba=0.0)
    (_, small), _ = current(gap=0.01)
    return Zero(
        at_zero, scale=abs(small), tolerance=1e-5, error=error, note="J_y(w_z = 0) against J_y(w_z = .5)"
    )


@claim("E8", "E8", "f as an integral, numerator 1−x²−y² − √·√")
def _eq_e8(quick: bool) -> Evidence:
    ys, cutoff = (0.5, 0.1, 1.0, 2.0), 1e3
    plus = [f_integral(y, +1) for y in ys]
    return Comparison(
        [f_integral(y, -1, cutoff)[0] for y in ys],
        [arcoth_f(y * y) for y in ys],
        error=[error for _, error in plus],
        tolerance=1e-8,
        correction=[value for value, _ in plus],
        note=f"y = .5, .1, 1, 2; printed, it diverges as −ln X (here X = {cutoff:g}); with + √·√ it is f",
    )


@claim("E8-closed", "E8", "The integral (with + √·√) equals the closed form of Eq. 18")
def _eq_e8_closed(quick: bool) -> Evidence:
    ys = (0.5, 0.1, 1.0, 2.0, 10.0)
    values = [f_integral(y, +1) for y in ys]
    closed = [arcoth_f(y * y) for y in ys]
    return Comparison(
        closed,
        [v for v, _ in values],
        error=[e for _, e in values],
        tolerance=1e-8,
        note="y = .5, .1, 1, 2, 10",
    )
