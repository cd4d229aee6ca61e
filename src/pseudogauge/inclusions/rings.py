"""Ring currents and magnetic moments of single inclusions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from .radial import RadialProfiles, integrate_inwards, sample_radii
from .screening import Screening, edge_field
from .shapes import Inclusions

__all__ = ["Rings", "distinct_radii", "ring_currents", "ring_profiles", "ring_slopes"]

Floats = NDArray[np.float64]
EDGE_REACH = 9.0
"""σ beyond an edge at which its Gaussian is below 1e-17."""


@dataclass(frozen=True, eq=False)
class Rings:
    """What each inclusion's γ-current amounts to, one number per inclusion.

    current : I_γ = γ b_z V_∥ g, positive along +φ̂ [LOB Eq. 6 has g = 1]
    moment : ∫ of the magnetisation over the area, γ b_z V_∥ × effective area [LOB Eq. 7: πR² I_γ]
    geometry_factor : g = ∫ β(r) |dv/dr| dr, β the exchange profile
    """

    current: Floats
    moment: Floats
    geometry_factor: Floats


def ring_currents(inclusions: Inclusions, gamma: float) -> Rings:
    """Ring current, moment and geometry factor of every inclusion [LOB Eqs. 6, 7].

    ``gamma`` in any unit; the current is in its unit × exchange × potential.

    >>> from pseudogauge.inclusions import disks
    >>> ring = ring_currents(disks([(10, 10)], 4.0, edge_width=0.5, extent=(20, 20)), gamma=-0.16)
    >>> [round(float(v), 4) for v in (ring.current[0], ring.moment[0] / ring.current[0] / (np.pi * 16))]
    [-0.16, 0.9999]
    """
    require(math.isfinite(gamma), "gamma", gamma, "a finite number")
    profiles, rows = ring_profiles(inclusions)
    strength = gamma * inclusions.exchange * inclusions.potential
    factor = profiles.centre[rows]
    return Rings(strength * factor, strength * profiles.area[rows], factor)


def ring_profiles(inclusions: Inclusions) -> tuple[RadialProfiles, NDArray[np.int64]]:
    """h̃ of unit strength for every distinct radius, ∫_r^∞ β (−dv/dr′) dr′, and each inclusion's row."""
    r, slope, rows = ring_slopes(inclusions)
    return RadialProfiles.from_slope(r, slope), rows


def ring_slopes(inclusions: Inclusions) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Radii (n,), β (−dv/dr) there for every distinct radius (n, M), and each inclusion's row."""
    radii, rows = distinct_radii(inclusions)
    outer = radii + inclusions.exchange_overhang
    r = sample_radii(outer.max() + EDGE_REACH * inclusions.smoothing, inclusions.smoothing)
    exchange = integrate_inwards(r, edge_field(r, outer, inclusions.edge_width, Screening(0.0)))
    slope = exchange * edge_field(r, radii, inclusions.edge_width, inclusions.screening)
    return r, slope, rows


def distinct_radii(inclusions: Inclusions) -> tuple[Floats, NDArray[np.int64]]:
    """The different radii and, for every inclusion, which of them it has."""
    if len(inclusions) == 0:
        return np.array([inclusions.edge_width]), np.zeros(0, dtype=np.int64)
    radii, rows = np.unique(inclusions.radius, return_inverse=True)
    return radii, rows.astype(np.int64)
