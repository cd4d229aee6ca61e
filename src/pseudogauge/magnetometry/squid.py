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

__all__ = ["SquidLoop", "milli_flux_quanta", "squid_image"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SquidLoop:
    """A circular pickup loop parallel to the surface.

    radius, and height above the plane on which `squid_image` is given the field, in one length unit.
    """

    radius: float
    height: float = 0.0

    def __post_init__(self) -> None:
        require_positive("radius", self.radius)
        require(0 <= self.height < math.inf, "height", self.height, "zero or a positive length")

    def transfer(self, k: Floats) -> Floats:
        """Flux through the loop over the field below its centre, e^{−kz} πa²·2J₁(ka)/(ka)."""
        ka = np.maximum(k * self.radius, 1e-9)
        return np.asarray(np.exp(-k * self.height) * math.pi * self.radius**2 * 2 * j1(ka) / ka)


def squid_image(
    field: ArrayLike,
    spacing: float,
    loop: SquidLoop,
    *,
    periodic: bool | tuple[bool, bool] = True,
    outside: float = 0.0,
    pad: float = 1.0,
) -> Floats:
    """Flux through the loop centred above every point of a plane on which B_z is known.

    The plane is outside the sample: its surface (`stray_field` with height 0), or the loop's own height
    (and ``loop.height`` 0). Shapes, padding and errors as for `stray_field`. The result is in the unit of
    field × length²; `milli_flux_quanta` turns T·m² into mΦ0.

    >>> uniform = np.full((16, 16), 2.0)
    >>> image = squid_image(uniform, 0.25, SquidLoop(radius=0.5, height=0.5))
    >>> bool(np.allclose(image, 2.0 * np.pi * 0.5**2))
    True
    """
    return filter_planar("field", field, spacing, loop.transfer, Padding.of(periodic, outside, pad))


def milli_flux_quanta(flux: ArrayLike) -> Floats:
    """Flux in T·m² as mΦ0.

    >>> round(float(milli_flux_quanta(2.067833848e-15)), 6)
    1000.0
    """
    return np.asarray(flux, dtype=float) * (1e3 / FLUX_QUANTUM)
