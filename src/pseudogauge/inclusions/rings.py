"""Ring currents and moments of single inclusions, and maps of the fields they exert."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .radial import RadialProfiles, Superposition, sample_radii
from .screening import Screening, edge_field
from .shapes import Inclusions

__all__ = [
    "Rings",
    "electric_field",
    "electric_potential",
    "exchange_field",
    "ring_currents",
    "ring_profiles",
    "spin_magnetisation",
]

Floats = NDArray[np.float64]
EDGE_REACH = 9.0
"""σ beyond an edge at which its Gaussian is below 1e-17."""
TAIL = 1e-5
"""Fraction of V_∥ at which the r⁻³ tail of a screened potential is cut in the maps."""


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
    radii, rows = _distinct(inclusions)
    outer = radii + inclusions.exchange_overhang
    r = sample_radii(outer.max() + EDGE_REACH * inclusions.smoothing, inclusions.smoothing)
    exchange = _edge_integral(r, edge_field(r, outer, inclusions.edge_width, Screening(0.0)))
    slope = exchange * edge_field(r, radii, inclusions.edge_width, inclusions.screening)
    return RadialProfiles.from_slope(r, slope), rows


def exchange_field(inclusions: Inclusions, x: ArrayLike, y: ArrayLike) -> Floats:
    """b_z(x, y), in the unit of ``exchange``."""
    radii, rows = _distinct(inclusions)
    outer = radii + inclusions.exchange_overhang
    r = sample_radii(outer.max() + EDGE_REACH * inclusions.smoothing, inclusions.smoothing)
    profiles = RadialProfiles.from_slope(r, edge_field(r, outer, inclusions.edge_width, Screening(0.0)))
    return np.asarray(Superposition(profiles, inclusions, rows, inclusions.exchange)(x, y)[0])


def spin_magnetisation(inclusions: Inclusions, response: float, x: ArrayLike, y: ArrayLike) -> Floats:
    """M_z(x, y) = response · b_z(x, y) of the electron spins [LOB Eq. 8].

    With H = −b·σ and the electron's moment −μ_Bσ the response is −μ_B χ_zz (per area of a layer).
    """
    require(math.isfinite(response), "response", response, "a finite number, −μ_B χ_zz")
    return response * exchange_field(inclusions, x, y)


def electric_potential(inclusions: Inclusions, x: ArrayLike, y: ArrayLike) -> Floats:
    """Screened electric potential, −V_∥ inside and 0 far away, to 1e-5 V_∥ per inclusion.

    V_∥ = V(outside) − V(inside), so an inclusion with V_∥ > 0 is charged negatively.
    """
    return np.asarray(-_unit_potential(inclusions)(x, y)[0])


def electric_field(inclusions: Inclusions, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """(𝓔_x, 𝓔_y) = −∇V of the screened potential; radially inward for V_∥ > 0 [LOB Sec. II].

    >>> from pseudogauge.inclusions import disks
    >>> one = disks([(10, 10)], 4.0, edge_width=0.5, extent=(20, 20), potential=3.0)
    >>> [round(float(e), 3) for e in electric_field(one, 14, 10)]
    [-5.994, 0.0]
    """
    _, along_x, along_y = _unit_potential(inclusions)(x, y)
    return along_x, along_y


def _unit_potential(inclusions: Inclusions) -> Superposition:
    radii, rows = _distinct(inclusions)
    largest = radii.max()
    tail = (largest**2 * inclusions.screening_length / (2 * TAIL)) ** (1 / 3)
    reach = max(largest + EDGE_REACH * inclusions.smoothing, tail)
    r = sample_radii(reach, inclusions.smoothing)
    profiles = RadialProfiles.from_slope(r, edge_field(r, radii, inclusions.edge_width, inclusions.screening))
    return Superposition(profiles, inclusions, rows, inclusions.potential)


def _edge_integral(r: Floats, slope: Floats) -> Floats:
    """∫_r^∞ slope dr at the sample radii: the knots of the spline reproduce the series there."""
    profiles = RadialProfiles.from_slope(r, slope)
    c = profiles.coefficients
    at_knots = (c[:, :-4] + c[:, 4:] + 26 * (c[:, 1:-3] + c[:, 3:-1]) + 66 * c[:, 2:-2]) / 120
    stride = (at_knots.shape[1] - 2) // (len(r) - 1)
    return at_knots[:, : stride * (len(r) - 1) + 1 : stride].T


def _distinct(inclusions: Inclusions) -> tuple[Floats, NDArray[np.int64]]:
    if len(inclusions) == 0:
        return np.array([inclusions.edge_width]), np.zeros(0, dtype=np.int64)
    radii, rows = np.unique(inclusions.radius, return_inverse=True)
    return radii, rows.astype(np.int64)
