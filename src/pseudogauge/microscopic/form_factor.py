"""How far the γ current reaches: K(q) = γ(q)/γ(0) as a sum of elementary kernels.

In the quasiclassical limit the static response to w_∥(q) b_z is that of a clean superconductor to a transverse
vector potential, weighted with the spin splitting (docs/theory/nonlocal.md):

γ(q) = −(m/2π) 2πT Σ_{ω>0} Δ²Δ_R²/[s²(s² + Δ_R²)] · 2/[s + √(s² + v²q²/4)],   s² = ω² + Δ²,

with v² = v_F² + w_z², the velocity of both bands. Every K(q) is therefore a sum of
2a/[a + √(a² + (πqξ₀/2)²)] with a = s/Δ ≥ 1. What is left beyond the quasiclassical limit is small and smooth,
and is fitted by a few more of the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ._input import finite_array, finite_number
from .rashba import RashbaSuperconductor
from .second_order import gamma_q

__all__ = ["ResponseKernel", "gamma_q_thermal", "quasiclassical_kernel", "response_kernel"]

Array = NDArray[np.float64]

COLD = 1 / 38
"""T/Δ below which finite-temperature corrections are below rounding."""
EXTRA, SAMPLES = 5, 8
"""Terms and wave vectors of the fit of `response_kernel`; three more wave vectors check it."""


@dataclass(frozen=True, eq=False)
class ResponseKernel:
    """K(qξ₀) = Σ_j amplitudes_j · 2a_j/[a_j + √(a_j² + (πqξ₀/2)²)], a = scales; K(0) = 1.

    error : estimated largest deviation from γ(q)/γ(0) of the model (nan if none was compared)
    reach : qξ₀ up to which they were; beyond, K falls like 1/q (the true one up to q ≈ k_F; above 2k_F it is about 1)

    >>> kernel = quasiclassical_kernel(gap_ratio=0.1)
    >>> kernel([0.0, 1.0, 10.0]).round(4)
    array([1.   , 0.771, 0.164])
    """

    scales: Array
    amplitudes: Array
    error: float
    reach: float

    def __call__(self, q: ArrayLike) -> Array:
        """K at qξ₀, any shape."""
        return np.asarray(_elementary(self.scales, np.asarray(q, dtype=float)) @ self.amplitudes)

    @property
    def range(self) -> float:
        """Length, in ξ₀, on which the kernel decays in space: π/(2 min a)."""
        return float(0.5 * math.pi / self.scales.min())


def _elementary(scales: Array, q: Array) -> Array:
    return np.asarray(2 * scales / (scales + np.hypot(scales, 0.5 * math.pi * q[..., None])))


def _matsubara(temperature_ratio: float) -> tuple[Array, Array]:
    """s/Δ and weights of 2πT Σ_{ω>0} → Σ, in units of Δ, for summands that fall at least like s⁻³."""
    if temperature_ratio < COLD:  # ∫dω, ω = Δ sinh t
        x, weight = np.polynomial.legendre.leggauss(40)
        t = 9.0 * (x + 1)
        return np.cosh(t), 9.0 * weight * np.cosh(t)
    h = 2 * math.pi * temperature_ratio
    terms = max(30, math.ceil(20 / h))
    x, weight = np.polynomial.legendre.leggauss(12)
    u, last = 0.5 * (x + 1), terms * h
    omega = np.concatenate([(np.arange(terms) + 0.5) * h, last / u])  # the tail by the midpoint rule
    return np.hypot(omega, 1), np.concatenate([np.full(terms, h), 0.5 * weight * last / u**2])


def _spectrum(gap_ratio: float, temperature_ratio: float) -> tuple[Array, Array]:
    """Scales a and c of −2πγ(q)/m = Σ c · 2a/[a + √(a² + x²)]."""
    s, weight = _matsubara(temperature_ratio)
    return s, weight / (s**3 * (1 + (s * gap_ratio) ** 2))


def _stretch(model: RashbaSuperconductor) -> float:
    """Fermi velocity of the Rashba bands over k_F/m."""
    return math.hypot(1, model.rashba / model.fermi_velocity)


def quasiclassical_kernel(gap_ratio: float, temperature_ratio: float = 0.0) -> ResponseKernel:
    """K(qξ₀; Δ/Δ_R, T/Δ) for q ≪ k_F and Δ, Δ_R ≪ μ: the closed form above, no quadrature in k.

    The true kernel differs from it by about 0.2 Δ/μ (``error`` is nan: no model was compared).

    Raises `InputError` unless both ratios are finite and ≥ 0.
    """
    for name, value in (("gap_ratio", gap_ratio), ("temperature_ratio", temperature_ratio)):
        require(finite_number(name, value) >= 0, name, value, "zero or a positive number")
    scales, weight = _spectrum(float(gap_ratio), float(temperature_ratio))
    return ResponseKernel(scales, weight / weight.sum(), math.nan, math.inf)


def gamma_q_thermal(model: RashbaSuperconductor, q: ArrayLike) -> Array:
    """Closed form of γ(q) per λe for Δ, Δ_R, T, v_Fq ≪ μ; at q = 0 it is `gamma_thermal`.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.01, rashba=0.5)
    >>> closed = gamma_q_thermal(metal, [0.0, 2.0 / metal.coherence_length])
    >>> (-2 * math.pi * closed).round(3)
    array([1.  , 0.56])
    """
    wave_vectors = finite_array("q", q, "finite")
    if model.gap == 0 or model.rashba == 0:
        return np.zeros(wave_vectors.shape)
    scales, weight = _spectrum(model.gap / model.rashba_energy, model.temperature / model.gap)
    values = _elementary(scales, wave_vectors * model.coherence_length * _stretch(model)) @ weight
    return np.asarray(-model.mass / (2 * math.pi) * values)


@lru_cache(maxsize=64)
def response_kernel(model: RashbaSuperconductor) -> ResponseKernel:
    """K(q) = γ(q)/γ(0) of ``model`` from `gamma_q` at twelve wave vectors up to 0.7 k_F or 60/ξ₀, cached.

    The difference from `quasiclassical_kernel` is fitted at nine of them; ``error`` is twice the largest deviation
    at all of them, below 1e-3 throughout.

    Raises `InputError` without gap or Rashba coupling, where γ vanishes.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.5, rashba=0.5)
    >>> kernel = response_kernel(metal)
    >>> bool(kernel.error < 1e-3), float(kernel(0.0).round(9))
    (True, 1.0)
    """
    for name in ("gap", "rashba"):
        require(getattr(model, name) != 0, name, 0.0, "non-zero", "without it there is no γ current")
    ideal = quasiclassical_kernel(model.gap / model.rashba_energy, model.temperature / model.gap)
    base = replace(ideal, scales=ideal.scales / _stretch(model))
    reach = min(0.7 * model.fermi_momentum * model.coherence_length, 60.0)
    fitted = np.sinh(np.linspace(0, math.asinh(reach), SAMPLES + 1))
    checks = np.sinh(math.asinh(reach) * (np.array([1, 3, 6]) + 0.5) / SAMPLES)
    q = np.concatenate([fitted, checks])
    small = abs(float(gamma_q_thermal(model, 0.0))) * 2 * math.pi / model.mass
    gamma = gamma_q(model, q / model.coherence_length, rtol=2e-5 * small).value
    deviation = gamma / gamma[0] - base(q)
    scales = base.scales.min() * np.geomspace(1, max(4.0, reach), EXTRA + 1)
    functions = _elementary(scales, q)
    functions = functions[:, 1:] - functions[:, :1]
    extra = np.linalg.lstsq(functions[: SAMPLES + 1], deviation[: SAMPLES + 1], rcond=1e-8)[0]
    error = 2 * float(np.abs(functions @ extra - deviation).max())
    amplitudes = np.concatenate([base.amplitudes, [-extra.sum()], extra])
    return ResponseKernel(np.concatenate([base.scales, scales]), amplitudes, error, reach)
