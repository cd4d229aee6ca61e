"""What a scanning SQUID sees: the flux through a circular pickup loop."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j1

from ..errors import require
from ..units import FLUX_QUANTUM
from .planar import Padding, filter_planar, require_positive
from .stray_field import slab_transfer

__all__ = ["SquidLoop", "loop_flux", "milli_flux_quanta", "squid_image"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SquidLoop:
    """A circular pickup loop parallel to the surface: radius and height above it, in one length unit.

    >>> loop = SquidLoop(radius=0.5, height=0.5)
    >>> round(float(loop.transfer(np.zeros(1))[0]), 6) == round(np.pi / 4, 6)
    True
    """

    radius: float
    height: float

    def __post_init__(self) -> None:
        require_positive("radius", self.radius)
        require(0 <= self.height < math.inf, "height", self.height, "zero or a positive length")

    def transfer(self, k: Floats) -> Floats:
        """∫ over the loop of a plane wave, πa²·2J₁(ka)/(ka)."""
        ka = np.maximum(k * self.radius, 1e-9)
        return np.asarray(math.pi * self.radius**2 * 2 * j1(ka) / ka)


def squid_image(
    bulk_field: ArrayLike,
    spacing: float,
    loop: SquidLoop,
    penetration_depth: float,
    *,
    thickness: float = math.inf,
    periodic: bool | tuple[bool, bool] = True,
    outside: float = 0.0,
    pad: float = 1.0,
) -> Floats:
    """Flux through the loop centred above every point, from the z-uniform bulk field of a slab.

    Arguments and validity as for `stray_field`; the loop's height is above the surface. Returns flux in
    the unit of field × length², at the same points; `milli_flux_quanta` turns T·m² into mΦ0.

    >>> uniform = np.full((16, 16), 2.0)
    >>> image = squid_image(uniform, 0.25, SquidLoop(radius=0.5, height=0.5), penetration_depth=0.7)
    >>> bool(np.allclose(image, 2.0 * np.pi * 0.5**2))
    True
    """
    require_positive("penetration_depth", penetration_depth)
    require(thickness > 0, "thickness", thickness, "a positive length, or infinity for a thick slab")

    def transfer(k: Floats) -> Floats:
        surface = slab_transfer(k, penetration_depth, thickness) * np.exp(-k * loop.height)
        return np.asarray(surface * loop.transfer(k))

    return filter_planar("bulk_field", bulk_field, spacing, transfer, Padding.of(periodic, outside, pad))


def loop_flux(
    field: ArrayLike,
    spacing: float,
    loop: SquidLoop,
    *,
    periodic: bool | tuple[bool, bool] = True,
    outside: float = 0.0,
    pad: float = 1.0,
) -> Floats:
    """Flux through the loop centred at every point of a field B_z given at the loop's own height.

    >>> field = np.full((16, 16), 1.0)
    >>> bool(np.allclose(loop_flux(field, 0.25, SquidLoop(radius=0.5, height=0.5)), np.pi / 4))
    True
    """
    return filter_planar("field", field, spacing, loop.transfer, Padding.of(periodic, outside, pad))


def milli_flux_quanta(flux: ArrayLike) -> Floats:
    """Flux in T·m² as mΦ0.

    >>> round(float(milli_flux_quanta(2.067833848e-15)), 6)
    1000.0
    """
    return np.asarray(flux, dtype=float) * (1e3 / FLUX_QUANTUM)
