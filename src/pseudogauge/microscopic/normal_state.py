"""Why a normal metal carries no γ current: interband and Fermi-surface parts, term by term [LOB App. F]."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .rashba import RashbaSuperconductor, as_in_plane

__all__ = ["NormalStateTerms", "normal_state_terms"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class NormalStateTerms:
    """Current per b_z at Δ = 0, T = 0, linear in b_z, any w_∥: vectors (2,) that add up to zero."""

    interband: Array
    """Polarisation of the states between the two Fermi contours; all that survives of it in a superconductor."""
    fermi_surface: Array
    """Shift of the Fermi contours, the δ(ξ) terms of [LOB F1]."""


def normal_state_terms(
    model: RashbaSuperconductor, in_plane: ArrayLike, angles: int = 512
) -> NormalStateTerms:
    """∂⟨J⟩/∂b_z of the normal state at T = 0, split as in [LOB App. F], whose factors it corrects.

    With bands ξ_α = ξ − α|d|, d = k (−w_z n_y, w_z n_x, e_z), c = |d|/k and Fermi momenta k_α,

    interband = ∫dφ/4π² (k₊ − k₋)/c [∂d_z − d̂_z d̂·∂d],   Fermi surface = −Σ_α ∫dφ/4π² α d̂_z k_α ∂ξ_α/(∂ξ_α/∂k),

    by the trapezoidal rule on the circle. The gap and the temperature of ``model`` are not used.

    Raises `InputError` without spin-orbit coupling, where the two contours coincide.

    >>> terms = normal_state_terms(RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.0, rashba=0.5), (0.01, 0.0))
    >>> bool(abs(terms.interband[1]) > 1e-3), bool(np.abs(terms.interband + terms.fermi_surface).max() < 1e-16)
    (True, True)
    """
    w = as_in_plane(in_plane)
    whole = isinstance(angles, int | np.integer) and angles >= 4
    require(whole, "angles", angles, "a whole number, at least 4", "the default is 512")
    require(model.rashba != 0, "rashba", model.rashba, "non-zero", "without it the two terms are singular")
    phi = (np.arange(angles) + 0.5) * 2 * math.pi / angles
    n, m, wz = np.stack([np.cos(phi), np.sin(phi)]), model.mass, model.rashba
    turn = np.stack([-n[1], n[0]])
    d = np.stack([-wz * n[1], wz * n[0], w[0] * n[1] - w[1] * n[0]])  # per k
    gradient = np.array([[0.0, wz, -w[1]], [-wz, 0.0, w[0]]])  # ∂d/∂k_x, ∂d/∂k_y
    c = np.linalg.norm(d, axis=0)
    unit = d / c
    root = np.sqrt(2 * m * model.mu + (m * c) ** 2)
    interband = 2 * m * (gradient[:, 2, None] - unit[2] * (gradient @ unit))
    slope = (gradient @ d / c * turn).sum(axis=0)  # ∂|d|/∂(kφ)
    surface = np.zeros_like(n)
    for alpha in (1, -1):
        fermi, radial = root + alpha * m * c, root / m
        velocity = n * radial - alpha * slope * turn
        surface -= alpha * unit[2] * fermi * velocity / radial
    measure = 1 / (2 * math.pi * angles)
    return NormalStateTerms(interband.sum(axis=1) * measure, surface.sum(axis=1) * measure)
