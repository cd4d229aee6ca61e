"""Closed forms in the quasiclassical limit Δ, Δ_R, T ≪ μ: independent checks of the numerical coefficients.

LOB stands for Levitan, Oreg and Berg (arXiv:2412.15203).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import kv

from ..errors import require
from .rashba import RashbaSuperconductor

__all__ = [
    "GAP_RATIO",
    "alpha_zero_temperature",
    "bcs_gap",
    "beta_zero_temperature",
    "current_zero_temperature",
    "gamma_thermal",
    "gamma_zero_temperature",
    "interband_function",
    "interband_of",
    "moment_ratio",
    "spin_susceptibility_thermal",
    "stiffness_clean",
    "yosida",
]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complexfloating[Any, Any]]

GAP_RATIO = math.pi / math.exp(np.euler_gamma)
"""Δ(0)/T_c = π e^(−γ_E) = 1.7639 in weak coupling."""


def interband_function(y_squared: float) -> float:
    """f(y²) = 1 − y² arcoth√(1+y²)/√(1+y²), y = Δ/Δ_R [LOB Eq. 18].

    For large y, where the two terms cancel, the series Σ_n 2/[(4n²−1)(1+y²)ⁿ] is summed instead.
    Raises `InputError` for y² < 0.

    >>> [round(interband_function(y * y), 9) for y in (0.1, 1.0, 10.0)]
    [0.970166567, 0.37677476, 0.006613786]
    """
    require(y_squared >= 0, "y_squared", y_squared, "zero or positive")
    if y_squared == 0:
        return 1.0
    if math.isinf(y_squared):
        return 0.0
    if y_squared > 2:
        n = np.arange(1, 40)
        return float(np.sum(2 / (4 * n**2 - 1) * (1 / (1 + y_squared)) ** n))
    return 1 - y_squared * math.asinh(1 / math.sqrt(y_squared)) / math.sqrt(1 + y_squared)


def interband_of(model: RashbaSuperconductor) -> float:
    """f at the Δ/Δ_R of a model: 0 without spin-orbit coupling, 1 without a gap."""
    ratio = model.gap / model.rashba_energy if model.rashba_energy else math.inf
    return interband_function(ratio**2) if model.gap else float(model.rashba != 0)


def gamma_zero_temperature(model: RashbaSuperconductor) -> float:
    """γ per λe as T → 0: −(m/2π) f [LOB Eq. 21 with its magnitude corrected]."""
    return -model.mass / (2 * math.pi) * interband_of(model)


def alpha_zero_temperature(model: RashbaSuperconductor) -> float:
    """α = γ w_z: α and γ together are j = −(e²λm/2π) f (𝓔×b)_∥."""
    return model.rashba * gamma_zero_temperature(model)


def beta_zero_temperature(model: RashbaSuperconductor) -> float:
    """β → e/4π for Δ ≪ Δ_R, whatever the spin-orbit strength (0 without any)."""
    return 1 / (4 * math.pi) if model.rashba else 0.0


def stiffness_clean(model: RashbaSuperconductor) -> float:
    """D_s = (m/2π)(v_F² + w_z²) Y_s, Y_s = 1 − Yosida: the density of both bands over the mass, at small Δ."""
    superfluid = 1 - yosida(model.temperature, model.gap)
    return model.mass / (2 * math.pi) * (model.fermi_velocity**2 + model.rashba**2) * superfluid


def current_zero_temperature(model: RashbaSuperconductor, b_z: float, in_plane: tuple[float, float]) -> Array:
    """⟨J⟩ = γ w_∥ × b_zẑ as T → 0 [LOB Eq. 17 with its prefactor corrected], shape (2,)."""
    wx, wy = in_plane
    return gamma_zero_temperature(model) * b_z * np.array([wy, -wx])


def moment_ratio(gamma: float, potential_drop: float, mass: float, bohr_magneton: float) -> float:
    """M_γ/M_n = πγV_∥/(mμ_B) with the Pauli moment M_n = R² m μ_B b_z [LOB Eqs. 9, 10, corrected].

    ``gamma`` is the full coefficient (λe times the γ of `response_coefficients`), e = 1.
    """
    return math.pi * gamma * potential_drop / (mass * bohr_magneton)


def _matsubara_sum(g: Callable[[ComplexArray], ComplexArray], temperature: float, width: float) -> float:
    """2πT Σ_{n≥0} g(ω_n) for g smooth beyond ``width``: direct terms, then the midpoint rule with its corrections."""
    h = 2 * math.pi * temperature
    terms = max(200, math.ceil(20 * width / h))
    head = h * float(np.sum(g((np.arange(terms) + 0.5) * h + 0j).real))
    a = h * terms
    x, weight = np.polynomial.legendre.leggauss(24)
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    u = 0.5 * (x + 1)
    tail = float(np.sum(0.5 * weight * g(a / u + 0j).real * a / u**2))
    slope = float(g(np.array([a + 1e-30j * a]))[0].imag) / (1e-30 * a)
    return head + tail + h * h / 24 * slope


def spin_susceptibility_thermal(temperature: float, gap: float, splitting: float) -> float:
    """χ_zz/χ_N = 1 − 2πT Σ_{ω>0} Δ²/[√(ω²+Δ²)(ω²+Δ²+Δ_R²)], any T (Gor'kov and Rashba, PRL 87, 037004).

    f at T = 0; without spin splitting it is the Yosida function.
    """
    require(temperature >= 0, "temperature", temperature, "zero or positive")
    require(gap >= 0, "gap", gap, "zero or positive")
    if gap == 0:
        return 1.0
    if gap > 38 * temperature:  # exponentially close to zero temperature, also in the sum
        return interband_function((gap / splitting) ** 2) if splitting else _yosida_cold(temperature, gap)

    def g(w: ComplexArray) -> ComplexArray:
        e2 = w * w + gap * gap
        return gap * gap / (np.sqrt(e2) * (e2 + splitting * splitting))

    return 1 - _matsubara_sum(g, temperature, math.hypot(gap, splitting))


def _yosida_cold(temperature: float, gap: float) -> float:
    if temperature == 0:
        return 0.0
    x = gap / temperature * np.arange(1, 40)
    return float(np.sum(-2 * (-1.0) ** np.arange(1, 40) * x * kv(1, x)))


def yosida(temperature: float, gap: float) -> float:
    """Yosida function Y = ∫dξ (−n_F′(√(ξ²+Δ²))): the normal fraction; 0 at T = 0, 1 without a gap.

    >>> round(yosida(0.5, bcs_gap(0.5, 1.0)), 4)
    0.166
    """
    require(temperature >= 0, "temperature", temperature, "zero or positive")
    require(gap >= 0, "gap", gap, "zero or positive")
    if gap > 2 * temperature:
        return _yosida_cold(temperature, gap)
    return spin_susceptibility_thermal(temperature, gap, 0.0)


def gamma_thermal(model: RashbaSuperconductor) -> float:
    """γ(T) = −(m/2π) 2πT Σ_{ω>0} Δ²Δ_R²/[(ω²+Δ²)^{3/2}(ω²+Δ²+Δ_R²)]: interband part minus Yosida function.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5, temperature=0.04)
    >>> round(-2 * math.pi * gamma_thermal(metal), 4)
    0.66
    """
    gap, splitting, temperature = model.gap, model.rashba_energy, model.temperature
    if gap == 0 or splitting == 0:
        return 0.0
    if gap > 38 * temperature:
        return gamma_zero_temperature(model)

    def g(w: ComplexArray) -> ComplexArray:
        e2 = w * w + gap * gap
        return gap**2 * splitting**2 / (e2**1.5 * (e2 + splitting**2))

    return -model.mass / (2 * math.pi) * _matsubara_sum(g, temperature, math.hypot(gap, splitting))


def bcs_gap(temperature: float, critical_temperature: float) -> float:
    """Weak-coupling gap Δ(T) from the gap equation; Δ(0) = 1.7639 T_c, zero at and above T_c.

    T > Δ/2: ln(T_c/T) = Σ_{n≥0} [1/(n+½) − 1/√((n+½)²+x²)], x = Δ/2πT; below:
    ln(Δ(0)/Δ) = 2 Σ_{k≥1} (−1)^{k+1} K₀(kΔ/T).

    >>> round(bcs_gap(0.7, 1.0) / bcs_gap(0.0, 1.0), 4)
    0.8288
    """
    require(temperature >= 0, "temperature", temperature, "zero or positive")
    require(critical_temperature > 0, "critical_temperature", critical_temperature, "positive")
    zero = GAP_RATIO * critical_temperature
    if temperature >= critical_temperature:
        return 0.0
    if temperature < 0.025 * zero:  # the correction is below rounding
        return zero
    k = np.arange(1, 40)
    t = temperature / critical_temperature

    def equation(gap: float) -> float:
        if gap > 2 * temperature:
            return math.log(zero / gap) - 2 * float(np.sum(-((-1.0) ** k) * kv(0, k * gap / temperature)))
        x2 = (gap / (2 * math.pi * temperature)) ** 2

        def g(w: ComplexArray) -> ComplexArray:
            root = np.sqrt(w * w + x2)
            return x2 / (w * root * (w + root))

        return -math.log(t) - _matsubara_sum(g, 0.5 / math.pi, 1.0)

    low = 1e-9 * zero
    if equation(low) <= 0:
        return 0.0
    return float(brentq(equation, low, 1.001 * zero, xtol=1e-15 * zero, rtol=1e-14))
