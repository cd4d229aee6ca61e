"""Closed formulas exactly as printed in the paper, misprints included (ħ = e = 1, w = λe𝓔).

Kept apart from the package's own formulas: nothing else may use them.
"""

from __future__ import annotations

import math

from .routes import arcoth_f

__all__ = [
    "beta_estimate",
    "current_e5",
    "current_e7",
    "extra_f4",
    "gamma_21",
    "moment_ratio_10",
    "moment_ratio_22",
    "moment_ratio_g1",
    "normal_moment_9",
]


def _f(mass: float, mu: float, gap: float, rashba: float) -> float:
    return arcoth_f((gap / (rashba * math.sqrt(2 * mass * mu))) ** 2)


def current_e5(radial: float, exchange: float, w_x: float) -> float:
    """⟨J_y⟩ of Eq. E5 with its radial integral given."""
    return -exchange * w_x / 2 * 0.5 * radial / (2 * math.pi)


def current_e7(mass: float, mu: float, gap: float, rashba: float, exchange: float, w_x: float) -> float:
    """⟨J_y⟩ of Eq. E7, which is Eq. 17 for 𝓔_∥ ∥ x."""
    return -exchange * w_x * mass / (4 * math.pi) * _f(mass, mu, gap, rashba)


def gamma_21(mass: float, mu: float, gap: float, rashba: float) -> float:
    """γ of Eq. 21 (per λe)."""
    return -mass / (4 * math.pi) * _f(mass, mu, gap, rashba)


def extra_f4(mass: float, exchange: float, w_x: float) -> float:
    """⟨J_extra⟩_y of Eq. F4."""
    return exchange * w_x * mass / (4 * math.pi)


def normal_moment_9(radius: float, mass: float, magneton: float, exchange: float) -> float:
    """M_n of Eq. 9."""
    return 3 * math.pi**2 * radius**2 * mass * magneton * exchange


def moment_ratio_10(gamma: float, drop: float, mass: float, magneton: float) -> float:
    """M_γ/M_n of Eq. 10."""
    return gamma * drop / (3 * math.pi * mass * magneton)


def moment_ratio_22(strength: float, drop: float, magneton: float) -> float:
    """M_γ/M_n of Eq. 22, ``strength`` = λ (e = 1)."""
    return -strength * drop / (12 * math.pi**2 * magneton)


def moment_ratio_g1(drop_ratio: float, k_fermi_d: float, rashba_energy: float, mu: float) -> float:
    """|M_γ/M_n| of Eq. G1, its last form."""
    return drop_ratio * k_fermi_d * rashba_energy / mu


def beta_estimate(mass: float, mu: float, rashba: float) -> float:
    """β ~ (mλe𝓔^z)²/k_F² of App. G."""
    return mass * rashba**2 / (2 * mu)
