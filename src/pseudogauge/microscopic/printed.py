"""The formulas as printed by Levitan, Oreg and Berg (arXiv:2412.15203), to stand beside the computed ones.

Nothing in the package computes with them. docs/theory/microscopic.md says where they differ and why.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .closed_forms import interband_of
from .rashba import RashbaSuperconductor

__all__ = [
    "corrected_e8_integrand",
    "printed_e2_fermi_term",
    "printed_e7",
    "printed_e8_integrand",
    "printed_eq9",
    "printed_eq10",
    "printed_eq17",
    "printed_eq19",
    "printed_eq21",
    "printed_eq22",
    "printed_f4",
]

Array = NDArray[np.float64]


def printed_eq17(model: RashbaSuperconductor, b_z: float, in_plane: tuple[float, float]) -> Array:
    """⟨J⟩ = +(m/4π) f w_∥ × b_zẑ; the prefactor should be −m/2π."""
    wx, wy = in_plane
    return model.mass / (4 * math.pi) * interband_of(model) * b_z * np.array([wy, -wx])


def printed_eq19(model: RashbaSuperconductor, b_z: float, in_plane: tuple[float, float]) -> Array:
    """⟨J⟩ = +(m/4π) w_∥ × b_zẑ, for Δ ≪ Δ_R; the prefactor should be −m/2π."""
    wx, wy = in_plane
    return model.mass / (4 * math.pi) * b_z * np.array([wy, -wx])


def printed_eq21(model: RashbaSuperconductor) -> float:
    """γ per λe = −(m/4π) f; the magnitude should be m/2π."""
    return -model.mass / (4 * math.pi) * interband_of(model)


def printed_eq9(radius: float, mass: float, bohr_magneton: float, b_z: float) -> float:
    """M_n = 3π²R² m μ_B b_z, the three-dimensional density of states; in two dimensions R² m μ_B b_z."""
    return 3 * math.pi**2 * radius**2 * mass * bohr_magneton * b_z


def printed_eq10(gamma: float, potential_drop: float, mass: float, bohr_magneton: float) -> float:
    """M_γ/M_n = γV_∥/(3πmμ_B); should be πγV_∥/(mμ_B)."""
    return gamma * potential_drop / (3 * math.pi * mass * bohr_magneton)


def printed_eq22(spin_orbit: float, potential_drop: float, bohr_magneton: float) -> float:
    """M_γ/M_n = −e²λV_∥/(12π²μ_B) at f = 1; should be −e²λV_∥/(2μ_B). ``spin_orbit`` is e²λ."""
    return -spin_orbit * potential_drop / (12 * math.pi**2 * bohr_magneton)


def printed_e2_fermi_term(energy: float, temperature: float) -> float:
    """T Σ_ω tr G_α G_α = n_F′(E); the trace over τ makes it 2 n_F′(E)."""
    return -1 / (4 * temperature * math.cosh(energy / (2 * temperature)) ** 2)


def printed_e7(model: RashbaSuperconductor, b_z: float, in_plane: tuple[float, float]) -> Array:
    """⟨J⟩ = −(m/4π) b_z w_x f ŷ for w_∥ along x: Eq. 17 at that orientation; −½ of the true current."""
    return printed_eq17(model, b_z, in_plane)


def _e8(x: ArrayLike, y: float, sign: int) -> Array:
    x = np.asarray(x, dtype=float)
    p, q = np.hypot(x - 1, y), np.hypot(x + 1, y)
    # 1 − x² − y² + pq without cancellation: (pq)² − (x²+y²−1)² = 4y²
    rest = 1 - x * x - y * y
    numerator = rest - p * q if sign < 0 else np.where(rest < 0, 4 * y * y / (p * q - rest), rest + p * q)
    return np.asarray(0.5 * numerator / (p * q * (p + q)))


def printed_e8_integrand(x: ArrayLike, y: float) -> Array:
    """The integrand of E8 as printed, −1/|x| for large x: its integral diverges."""
    return _e8(x, y, -1)


def corrected_e8_integrand(x: ArrayLike, y: float) -> Array:
    """E8 with +√·√ in the numerator; its integral over x is f(y²)."""
    return _e8(x, y, +1)


def printed_f4(mass: float, b_z: float, in_plane: tuple[float, float]) -> Array:
    """Fermi-surface current of the normal state, (m/4π) b_z w_x ŷ; half of the true one."""
    wx, wy = in_plane
    return mass / (4 * math.pi) * b_z * np.array([-wy, wx])
