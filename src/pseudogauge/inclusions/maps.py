"""Maps of the fields that the inclusions exert on the electrons."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .radial import RadialProfiles, Superposition, sample_radii
from .rings import EDGE_REACH, distinct_radii
from .screening import Screening, edge_field
from .shapes import Inclusions

__all__ = ["electric_field", "electric_potential", "exchange_field", "spin_magnetisation"]

Floats = NDArray[np.float64]
TAIL = 1e-5
"""Fraction of V_∥ at which the r⁻³ tail of a screened potential is cut."""


def exchange_field(inclusions: Inclusions, x: ArrayLike, y: ArrayLike) -> Floats:
    """See `Inclusions.exchange_field`."""
    radii, rows = distinct_radii(inclusions)
    outer = radii + inclusions.exchange_overhang
    r = sample_radii(outer.max() + EDGE_REACH * inclusions.smoothing, inclusions.smoothing)
    profiles = RadialProfiles.from_slope(r, edge_field(r, outer, inclusions.edge_width, Screening(0.0)))
    return np.asarray(Superposition(profiles, inclusions, rows, inclusions.exchange)(x, y)[0])


def spin_magnetisation(inclusions: Inclusions, response: float, x: ArrayLike, y: ArrayLike) -> Floats:
    """M_z(x, y) = response · b_z(x, y) of the electron spins [LOB Eq. 8].

    With H = −b·σ and the electron's moment −μ_Bσ the response is −μ_B χ_zz (per area of a layer).
    """
    require(math.isfinite(response), "response", response, "a finite number, −μ_B χ_zz")
    return response * inclusions.exchange_field(x, y)


def electric_potential(inclusions: Inclusions, x: ArrayLike, y: ArrayLike) -> Floats:
    """See `Inclusions.electric_potential`."""
    return np.asarray(-_depth(inclusions)(x, y)[0])


def electric_field(inclusions: Inclusions, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """See `Inclusions.electric_field`."""
    _, along_x, along_y = _depth(inclusions)(x, y)
    return along_x, along_y


def _depth(inclusions: Inclusions) -> Superposition:
    """Σ V_∥ v(|r − r_i|), minus the electric potential."""
    radii, rows = distinct_radii(inclusions)
    # the tail R²/(2 k_TF r³) is followed until it falls below TAIL
    tail = (radii.max() ** 2 * inclusions.screening_length / (2 * TAIL)) ** (1 / 3)
    reach = max(radii.max() + EDGE_REACH * inclusions.smoothing, tail)
    r = sample_radii(reach, inclusions.smoothing)
    profiles = RadialProfiles.from_slope(r, edge_field(r, radii, inclusions.edge_width, inclusions.screening))
    return Superposition(profiles, inclusions, rows, inclusions.potential)
