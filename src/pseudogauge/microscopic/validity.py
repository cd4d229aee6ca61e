"""Where the response linear in b_z and 𝓔_∥ stops describing the exact current."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from ..errors import require
from .exact_current import exact_current
from .rashba import RashbaSuperconductor, as_in_plane
from .response import ResponseCoefficients, response_coefficients

__all__ = ["LinearResponseError", "gapless_exchange", "linear_response_error", "saturation"]


@dataclass(frozen=True)
class LinearResponseError:
    """``residual`` = exact/linear − 1 of the current along w_∥ × b_z ẑ, and its absolute ``error``."""

    residual: float
    error: float
    converged: bool


def linear_response_error(
    model: RashbaSuperconductor, exchange: float, in_plane: ArrayLike, rtol: float = 1e-6
) -> LinearResponseError:
    """exact_current over γ w_∥ × b_z ẑ, minus one, for an exchange ``b_z``.

    For Δ ≪ Δ_R and a gapped state about (b_z/Δ_R)² + `saturation` − 1; beyond `gapless_exchange` the current
    collapses (docs/theory/microscopic.md, section 11).

    Raises `InputError` where the linear current vanishes: no w_z, gap, exchange or in-plane field.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> round(linear_response_error(metal, 0.001, (0.05, 0.0)).residual, 4)
    -0.0025
    """
    w = as_in_plane(in_plane)
    for name, value in (("rashba", model.rashba), ("gap", model.gap), ("exchange", exchange)):
        require(value != 0, name, value, "non-zero", "the linear current vanishes")
    require(bool(w.any()), "in_plane", in_plane, "non-zero", "the linear current vanishes")
    coefficients = _coefficients(model, rtol)
    exact = exact_current(model, exchange, w, rtol)
    direction = np.array([w[1], -w[0]]) / float(np.hypot(*w))
    linear = coefficients.gamma * float(exchange) * float(np.hypot(*w))
    ratio = float(exact.value @ direction) / linear
    error = math.sqrt(2) * exact.error / abs(linear) + abs(
        ratio * coefficients.errors["gamma"] / coefficients.gamma
    )
    return LinearResponseError(ratio - 1, error, exact.converged and coefficients.converged)


@lru_cache(maxsize=16)
def _coefficients(model: RashbaSuperconductor, rtol: float) -> ResponseCoefficients:
    return response_coefficients(model, rtol)


def saturation(model: RashbaSuperconductor, in_plane: ArrayLike) -> float:
    """2/[1 + √(1 + w_∥²/w_z²)]: current over its linear value in strong 𝓔_∥, for b → 0 and Δ ≪ Δ_R.

    >>> saturation(RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5), (0.5, 0.0)).__round__(4)
    0.8284
    """
    require(model.rashba != 0, "rashba", model.rashba, "non-zero", "the linear current vanishes")
    return 2 / (1 + math.hypot(1, float(np.hypot(*as_in_plane(in_plane))) / model.rashba))


def gapless_exchange(model: RashbaSuperconductor, in_plane: ArrayLike) -> float:
    """b_z = Δ √(1 + w_z²/w_∥²) at which states at the Fermi contours reach zero energy, for Δ ≪ Δ_R.

    Spins lie along d̂; only the part of b along d̂ splits pairs, at most |b_z| w_∥/√(w_∥² + w_z²).

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> round(gapless_exchange(metal, (0.2, 0.0)), 3)
    0.269
    """
    w = float(np.hypot(*as_in_plane(in_plane)))
    return model.gap * math.hypot(1, model.rashba / w) if w else math.inf
