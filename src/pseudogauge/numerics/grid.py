"""Regular grids: sites, the links between them, and the plaquettes they enclose."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require

__all__ = ["Grid"]

Coordinates = tuple[NDArray[np.float64], ...]


@dataclass(frozen=True)
class Grid:
    """A regular grid of sites at cell centres, x_i = (i + 1/2) spacing, indexed [ix, iy] or [ix, iy, iz].

    Link ``i`` of an axis runs from site ``i`` to site ``i + 1``; on a periodic axis the last one wraps
    round, on an open axis it does not exist.  Plaquette ``(i, j)`` has its corners at the sites ``(i, j)``,
    ``(i+1, j)``, ``(i+1, j+1)``, ``(i, j+1)`` and its centre at ``((i+1) spacing, (j+1) spacing)``.  The
    domain is ``[0, extent]``, so an open surface lies half a spacing outside the outermost sites.

    Parameters
    ----------
    shape : number of sites along each axis, 2 or 3 integers, each at least 2.
    spacing : distance of neighbouring sites (in coherence lengths for Ginzburg-Landau problems).
    periodic : one flag, or one per axis; kept as a tuple.
    layer_spacing : distance of neighbouring sites along z, in three dimensions; equal to ``spacing`` unless given.

    Raises
    ------
    InputError : for anything else, before any work starts.

    >>> grid = Grid(shape=(4, 3), spacing=0.5, periodic=(True, False))
    >>> grid.extent, grid.size, grid.plaquette_shape
    ((2.0, 1.5), 12, (4, 2))
    >>> grid.sites[0][:, 0]
    array([0.25, 0.75, 1.25, 1.75])
    """

    shape: tuple[int, ...]
    spacing: float
    periodic: bool | tuple[bool, ...] = True
    layer_spacing: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", _shape(self.shape))
        object.__setattr__(self, "spacing", _length("spacing", self.spacing))
        object.__setattr__(self, "periodic", _flags(self.periodic, self.ndim))
        given = self.layer_spacing
        if self.ndim == 3:
            given = _length("layer_spacing", self.spacing if given is None else given)
            object.__setattr__(self, "layer_spacing", given)
        fix = "layers need a third axis: Grid(shape=(Nx, Ny, Nz), ...)"
        require(given is None or self.ndim == 3, "layer_spacing", given, "None in two dimensions", fix)

    @property
    def ndim(self) -> int:
        """Number of axes, 2 or 3."""
        return len(self.shape)

    @property
    def periodic_axes(self) -> tuple[bool, ...]:
        """``periodic``, one flag per axis."""
        flags = self.periodic
        return flags if isinstance(flags, tuple) else (flags,) * self.ndim

    @property
    def fully_periodic(self) -> bool:
        """Whether every axis is periodic."""
        return all(self.periodic_axes)

    @property
    def spacings(self) -> tuple[float, ...]:
        """Distance of neighbouring sites along each axis."""
        along_z = () if self.layer_spacing is None else (self.layer_spacing,)
        return (self.spacing, self.spacing, *along_z)

    @property
    def extent(self) -> tuple[float, ...]:
        """Length of the domain along each axis."""
        return tuple(n * h for n, h in zip(self.shape, self.spacings, strict=True))

    @property
    def size(self) -> int:
        """Number of sites."""
        return math.prod(self.shape)

    @property
    def cell(self) -> float:
        """Area (2D) or volume (3D) belonging to one site."""
        return math.prod(self.spacings)

    @property
    def plaquette_shape(self) -> tuple[int, ...]:
        """Number of x-y plaquettes along each axis: one less than sites where x or y is open."""
        return tuple(
            n if axis > 1 or wraps else n - 1
            for axis, (n, wraps) in enumerate(zip(self.shape, self.periodic_axes, strict=True))
        )

    @property
    def sites(self) -> Coordinates:
        """Coordinates of the sites, one array of ``shape`` per axis."""
        return self._mesh(self.shape, (0.5,) * self.ndim)

    @property
    def plaquettes(self) -> Coordinates:
        """Centres of the x-y plaquettes that exist, arrays of ``plaquette_shape``."""
        return self._mesh(self.plaquette_shape, (1.0, 1.0, 0.5)[: self.ndim])

    def link_midpoints(self, axis: int) -> Coordinates:
        """Midpoints of the links of ``axis``, arrays of ``shape``; on an open axis the last does not exist."""
        require(axis in range(self.ndim), "axis", axis, f"between 0 and {self.ndim - 1}")
        return self._mesh(self.shape, tuple(1.0 if a == axis else 0.5 for a in range(self.ndim)))

    def _mesh(self, shape: tuple[int, ...], offset: tuple[float, ...]) -> Coordinates:
        axes = [(np.arange(n) + o) * h for n, o, h in zip(shape, offset, self.spacings, strict=True)]
        return tuple(np.meshgrid(*axes, indexing="ij"))


def _length(name: str, value: object) -> float:
    good = isinstance(value, (int, float, np.number)) and math.isfinite(value) and bool(value > 0)
    require(good, name, value, "a positive finite number")
    return float(value)  # type: ignore[arg-type]


def _shape(shape: object) -> tuple[int, ...]:
    allowed = "2 or 3 integers, each at least 2"
    try:
        numbers = tuple(operator.index(n) for n in shape)  # type: ignore[attr-defined]
    except TypeError:
        raise InputError("shape", shape, allowed, "for example shape=(64, 64)") from None
    require(len(numbers) in (2, 3) and min(numbers) >= 2, "shape", numbers, allowed)
    return numbers


def _flags(periodic: object, ndim: int) -> tuple[bool, ...]:
    flags = (periodic,) * ndim if isinstance(periodic, (bool, np.bool_)) else periodic
    good = isinstance(flags, (tuple, list)) and len(flags) == ndim
    good = good and all(isinstance(flag, (bool, np.bool_)) for flag in flags)  # type: ignore[attr-defined]
    require(good, "periodic", periodic, f"True, False, or {ndim} of them")
    return tuple(bool(flag) for flag in flags)  # type: ignore[attr-defined]
