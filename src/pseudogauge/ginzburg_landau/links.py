"""From what the user gives to line integrals on links and values on plaquettes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import only_existing
from ..numerics.grid import Grid
from .checks import blaming, finite_at, values_at

__all__ = ["PseudoPotential", "on_plaquettes", "pseudo_links"]

Array = NDArray[np.float64]


class OnLinks(Protocol):
    """Anything that can give its own line integrals, such as a pseudo-field of inclusions."""

    def on_links(self, grid: Grid) -> Array:
        """Line integrals, shape (2, Nx, Ny) or (3, Nx, Ny, Nz)."""


PseudoPotential = Callable[..., Any] | OnLinks | Array | None


def pseudo_links(grid: Grid, potential: PseudoPotential) -> Array:
    """Line integrals of ã along every link, (2, Nx, Ny) or (3, Nx, Ny, Nz), from any accepted form of it."""
    if potential is None:
        return np.zeros((grid.ndim, *grid.shape))
    if hasattr(potential, "on_links"):
        links = np.asarray(potential.on_links(grid), dtype=float)
    elif callable(potential):
        links = _integrate(grid, potential)
    else:
        fix = "give f(x, y), line integrals, or an object with on_links(grid)"
        links = _real(potential, "pseudo_potential", fix)
    shape = (grid.ndim, *grid.shape)
    require(links.shape == shape, "pseudo_potential", f"an array of shape {links.shape}", f"of shape {shape}")
    _refuse_nan(links)
    for axis, wraps in enumerate(grid.periodic_axes):
        missing = np.moveaxis(links[axis], axis, 0)[-1]
        fix = "the last link of an open axis does not exist: set it to 0"
        zero = wraps or not missing.any()
        require(zero, f"pseudo_potential[{axis}]", "nonzero beyond the open surface", "0 there", fix)
    return links


def _real(values: Any, name: str, fix: str) -> Array:
    """A real array, or a clear refusal."""
    array = np.asarray(values)
    require(array.dtype.kind in "fiub", name, f"of type {array.dtype}", "real numbers", fix)
    return array.astype(float)


def _refuse_nan(links: Array) -> None:
    bad = np.argwhere(~np.isfinite(links))
    if bad.size:
        axis, *site = (int(n) for n in bad[0])
        where = f"{links[tuple(bad[0])]} on link {tuple(site)} along axis {axis}"
        raise InputError("pseudo_potential", where, "finite everywhere", "check the array that was given")


def _integrate(grid: Grid, function: Callable[..., Any], order: int = 8) -> Array:
    """Gauss-Legendre line integrals of a user's function, called with coordinates inside the domain."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    links = np.zeros((grid.ndim, *grid.shape))
    for axis, spacing in enumerate(grid.spacings):
        middle = grid.link_midpoints(axis)
        for node, weight in zip(nodes, weights, strict=True):
            points = [np.array(c) for c in middle]
            points[axis] += 0.5 * spacing * node
            if grid.periodic_axes[axis]:
                points[axis] %= grid.extent[axis]
            else:  # the link beyond the surface does not exist; ask at a point that does and drop the answer
                np.minimum(points[axis], grid.extent[axis], out=points[axis])
            links[axis] += 0.5 * weight * spacing * _call(function, points)[axis]
        if not grid.periodic_axes[axis]:
            np.moveaxis(links[axis], axis, 0)[-1] = 0.0
    return links


def _call(function: Callable[..., Any], points: list[Array]) -> list[Array]:
    """The function's components, one per axis; whatever is wrong is the function's, and the message says so."""
    values = blaming("pseudo_potential", function, *points)
    names = "xyz"[: len(points)]
    parts = ", ".join("a" + n for n in names)
    fix = f"return {len(points)} arrays shaped like x: return ({parts})"
    try:
        found = [np.broadcast_to(np.asarray(v, dtype=float), points[0].shape) for v in values]
    except (TypeError, ValueError):
        found = []
    allowed = f"{'a pair' if len(points) == 2 else 'three arrays'} ({parts.replace('a', 'ã_')})"
    good = len(found) == len(points)
    require(good, f"pseudo_potential({', '.join(names)})", repr(values)[:80], allowed, fix)
    for value in found:
        finite_at("pseudo_potential", value, points)
    return found


def on_plaquettes(grid: Grid, values: Any) -> Array:
    """A plaquette quantity as a full array (Nx, Ny) or (3, Nx, Ny, Nz), zero where no plaquette exists.

    A number stands for a uniform one, along z; in three dimensions so do three numbers.  In two, a function is
    called with the coordinates of the plaquettes.
    """
    if callable(values) and grid.ndim == 2:
        values = values_at("magnetisation", values, grid.plaquettes)
    array = _real(values, "magnetisation", "give an array on the plaquettes, or in two dimensions f(x, y)")
    require(bool(np.isfinite(array).all()), "magnetisation", "not finite everywhere", "finite")
    if grid.ndim == 3:
        full = np.zeros((3, *grid.shape))
        if array.ndim == 0:
            full[2] = array
        elif array.shape in ((3,), full.shape):
            full[...] = array.reshape(array.shape + (1,) * (4 - array.ndim))
        else:
            raise InputError("magnetisation", f"of shape {array.shape}", f"of shape (), (3,) or {full.shape}")
        return only_existing(grid, full)
    if array.ndim == 0:
        array = np.full(grid.plaquette_shape, float(array))
    fits = array.shape in (grid.plaquette_shape, grid.shape)
    require(fits, "magnetisation", f"of shape {array.shape}", f"of shape {grid.plaquette_shape}")
    flat = np.zeros(grid.shape)
    nx, ny = grid.plaquette_shape
    flat[:nx, :ny] = array[:nx, :ny]
    return flat
