"""The package's own answers that the claims compare with, cached."""

from __future__ import annotations

import math
from functools import cache

from ...microscopic import RashbaSuperconductor, ResponseCoefficients, exact_current, response_coefficients

__all__ = ["FIG2", "beta", "coefficients", "current", "current_scale", "gamma"]

FIG2 = {"w_x": -0.01, "exchange": 0.01}
"""λe𝓔^x/v_F = −0.01/√20 and b/μ = 0.001 for m = 1, μ = 10 (v_F = √20)."""

Vector = tuple[float, float, float]


@cache
def current(
    gap: float = 0.1,
    rashba: float = 0.5,
    temperature: float = 0.0,
    exchange: float | Vector = FIG2["exchange"],
    in_plane: tuple[float, float] = (FIG2["w_x"], 0.0),
) -> tuple[tuple[float, float], float]:
    """Exact ⟨J⟩ (J_x, J_y) for m = 1, μ = 10 and its absolute error."""
    metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=gap, rashba=rashba, temperature=temperature)
    found = exact_current(metal, exchange=exchange, in_plane=in_plane, rtol=1e-8)
    return (float(found.value[0]), float(found.value[1])), float(found.error)


@cache
def coefficients(gap: float = 0.1, rashba: float = 0.5, temperature: float = 0.0) -> ResponseCoefficients:
    """Linear-response coefficients for m = 1, μ = 10."""
    return response_coefficients(
        RashbaSuperconductor(mass=1.0, mu=10.0, gap=gap, rashba=rashba, temperature=temperature)
    )


def gamma(gap: float = 0.1, rashba: float = 0.5) -> tuple[float, float]:
    """γ per λe at T = 0 and its error."""
    found = coefficients(gap, rashba)
    return found.gamma, found.errors["gamma"]


def beta(gap: float, rashba: float) -> tuple[float, float]:
    """β at T = 0 and its error."""
    found = coefficients(gap, rashba)
    return found.beta, found.errors["beta"]


def current_scale() -> float:
    """e²|b w_∥|m/2π, the size of the γ current at Fig. 2's fields."""
    return abs(FIG2["exchange"] * FIG2["w_x"]) / (2 * math.pi)
