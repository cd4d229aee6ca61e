"""Field above the flat surface of a superconducting slab, from the field deep inside it.

Every source that is uniform along the slab's normal (vortices, anomalous currents, spin magnetisation)
leaves through the surface with the same transfer function (docs/theory/magnetometry.md),

B_z(k, z) = B_bulk(k) e^{−kz} α/[α + k coth(αd/2)],     α² = k² + 1/λ².

Lengths share one unit, fields another; both are the caller's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .planar import Padding, filter_planar, require_positive

__all__ = ["magnetised_slab_field", "moment_sheet_field", "slab_transfer", "stray_field"]

Floats = NDArray[np.float64]


def slab_transfer(k: ArrayLike, penetration_depth: float, thickness: float = math.inf) -> Floats:
    """Surface field over bulk field, α/[α + k coth(αd/2)]: 1 at k = 0, ½ for a thick slab at kλ ≫ 1.

    >>> slab_transfer([0.0, 1e6], penetration_depth=1.0)
    array([1. , 0.5])
    """
    wave = np.asarray(k, dtype=float)
    alpha = np.hypot(wave, 1 / penetration_depth)
    coth = 1.0 if math.isinf(thickness) else 1 / np.tanh(alpha * thickness / 2)
    return np.asarray(alpha / (alpha + wave * coth))


def stray_field(
    bulk_field: ArrayLike,
    spacing: float,
    height: float,
    penetration_depth: float,
    *,
    thickness: float = math.inf,
    periodic: bool | tuple[bool, bool] = True,
    outside: float = 0.0,
    pad: float = 1.0,
) -> Floats:
    """B_z at ``height`` above the surface of a slab whose z-uniform bulk field is ``bulk_field``.

    Parameters
    ----------
    bulk_field : (Nx, Ny) array at points ``spacing`` apart, any unit; the result has both.
    height, penetration_depth, thickness : lengths; height 0 is the surface itself, thickness may be inf.
    periodic : the pattern repeats; on an open axis it is continued by ``outside``.
    outside : the applied field beyond the sample, in the unit of ``bulk_field``.
    pad : width of that continuation on either side, in sample lengths.

    The slab is taken to continue beyond an open edge, so the result holds more than a few λ (and
    heights) from it. Amplitude variations (vortex cores) enter through ``bulk_field`` only.

    Raises `InputError` for a bad shape, a non-finite field, or a length that is not positive.

    >>> import numpy as np
    >>> field = np.zeros((32, 32)); field[16, 16] = 1.0
    >>> above = stray_field(field, spacing=0.1, height=0.3, penetration_depth=0.5)
    >>> bool(abs(above.sum() - 1) < 1e-12)      # flux is conserved
    True
    """
    require_positive("penetration_depth", penetration_depth)
    _require_slab(height, thickness)

    def transfer(k: Floats) -> Floats:
        return slab_transfer(k, penetration_depth, thickness) * np.exp(-k * height)

    padding = Padding.of(periodic, outside, pad)
    return filter_planar("bulk_field", bulk_field, spacing, transfer, padding)


def moment_sheet_field(
    moment: ArrayLike,
    spacing: float,
    height: float,
    *,
    periodic: bool | tuple[bool, bool] = True,
    pad: float = 1.0,
) -> Floats:
    """B_z at ``height`` above a sheet of vertical moments in vacuum: μ0 g(k) k e^{−kz}/2.

    ``moment`` is μ0 × moment per area (field × length), zero beyond an open edge. ``height`` > 0.

    >>> import numpy as np
    >>> bool(np.all(moment_sheet_field(np.ones((8, 8)), 1.0, 2.0) == 0))   # a uniform infinite sheet
    True
    """
    require_positive("height", height)

    def transfer(k: Floats) -> Floats:
        return np.asarray(0.5 * k * np.exp(-k * height))

    return filter_planar("moment", moment, spacing, transfer, Padding.of(periodic, 0.0, pad))


def magnetised_slab_field(
    magnetisation: ArrayLike,
    spacing: float,
    height: float,
    *,
    thickness: float = math.inf,
    periodic: bool | tuple[bool, bool] = True,
    pad: float = 1.0,
) -> Floats:
    """B_z at ``height`` above a non-superconducting slab of vertical magnetisation, uniform along z.

    The moment sheets of all depths add up to μ0 M(k) (1 − e^{−kd}) e^{−kz}/2. ``magnetisation`` is μ0 M
    in a unit of field. This is what is seen above T_c. The mean of a fully periodic pattern makes no
    field (a uniform slab without edges); with infinite thickness that is a choice of the limit.

    >>> import numpy as np
    >>> stripes = np.sin(2 * np.pi * np.arange(8) / 8)[:, None] * np.ones(8)
    >>> field = magnetised_slab_field(stripes, spacing=1.0, height=0.0)
    >>> bool(np.allclose(field, stripes / 2))
    True
    """
    _require_slab(height, thickness)
    padding = Padding.of(periodic, 0.0, pad)
    mean = 0.0 if all(padding.periodic) else 1.0

    def transfer(k: Floats) -> Floats:
        depth = np.where(k > 0, 1.0, mean) if math.isinf(thickness) else -np.expm1(-k * thickness)
        return np.asarray(0.5 * depth * np.exp(-k * height))

    return filter_planar("magnetisation", magnetisation, spacing, transfer, padding)


def _require_slab(height: float, thickness: float) -> None:
    require(0 <= height < math.inf, "height", height, "zero or a positive length above the surface")
    require(thickness > 0, "thickness", thickness, "a positive length, or infinity for a thick slab")
