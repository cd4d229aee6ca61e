"""Field of one London or Pearl vortex above the surface, by direct Hankel quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j0

from ..errors import require
from .planar import require_positive
from .stray_field import slab_transfer

__all__ = ["pearl_vortex_field", "vortex_field"]

Floats = NDArray[np.float64]
CUTOFF = 38.0
"""kz at which e^{−kz} is below 1e-16."""
ORDER = 16


def vortex_field(
    x: ArrayLike,
    y: ArrayLike,
    height: float,
    penetration_depth: float,
    thickness: float = math.inf,
    flux: float = 1.0,
) -> Floats:
    """B_z of a straight London vortex at the origin of a slab, at points a height > 0 above it.

    B_z(k, z) = Φ e^{−kz} / {λ²α[α + k coth(αd/2)]}, α² = k² + λ⁻² (Carneiro and Brandt, Phys. Rev. B
    61, 6370 (2000)). ``flux`` = Φ; the field is in its unit per length².

    Raises `InputError` for a length that is not positive.

    >>> round(float(vortex_field(0, 0, height=50.0, penetration_depth=0.5)) * 2 * np.pi * 50.5**2, 3)
    1.0
    """
    require_positive("penetration_depth", penetration_depth)
    require(thickness > 0, "thickness", thickness, "a positive length, or infinity for a thick slab")

    def spectrum(k: Floats) -> Floats:
        bulk = 1 / (1 + (k * penetration_depth) ** 2)
        return np.asarray(flux * bulk * slab_transfer(k, penetration_depth, thickness))

    return _hankel(x, y, height, spectrum, 1 / penetration_depth)


def pearl_vortex_field(
    x: ArrayLike, y: ArrayLike, height: float, pearl_length: float, flux: float = 1.0
) -> Floats:
    """B_z of a vortex in a thin film, Φ e^{−kz}/(1 + Λk) with Λ = 2λ²/d (Pearl, Appl. Phys. Lett. 5, 65).

    >>> field = pearl_vortex_field(0, 0, height=0.5e-6, pearl_length=2e-6, flux=2.067833848e-15)
    >>> round(float(field) * 1e3, 5)     # mT
    0.21878
    """
    require_positive("pearl_length", pearl_length)
    return _hankel(x, y, height, lambda k: np.asarray(flux / (1 + pearl_length * k)), 1 / pearl_length)


def _hankel(
    x: ArrayLike, y: ArrayLike, height: float, spectrum: Callable[[Floats], Floats], scale: float
) -> Floats:
    """∫ k dk/2π spectrum(k) e^{−kz} J₀(kr), panels resolving kr, kz and the scale of the spectrum."""
    require_positive("height", height)
    r = np.hypot(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    require(bool(np.isfinite(r).all()), "x, y", "a non-finite point", "finite")
    top = CUTOFF / height
    width = min(6 * math.pi / max(float(r.max(initial=0.0)), 1e-300), 4 / height)
    edges = np.linspace(0, top, 1 + math.ceil(top / width))
    halvings = max(0, math.ceil(math.log2(4 * edges[1] / scale)))
    edges = np.concatenate([edges[:1], edges[1] * 0.5 ** np.arange(halvings, 0, -1), edges[1:]])
    node, weight = np.polynomial.legendre.leggauss(ORDER)
    half = 0.5 * np.diff(edges)[:, None]
    k = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * node).ravel()
    density = (half * weight).ravel() * k / (2 * math.pi) * spectrum(k) * np.exp(-k * height)
    rows = max(1, 4_000_000 // k.size)
    flat = r.ravel()
    parts = [j0(np.multiply.outer(flat[i : i + rows], k)) @ density for i in range(0, flat.size, rows)]
    return np.concatenate(parts).reshape(r.shape)
