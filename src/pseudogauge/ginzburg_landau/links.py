"""From what the user gives to line integrals on links and values on plaquettes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import areas, normals
from ..numerics.grid import Grid
from .checks import blaming, finite_at, values_at

__all__ = ["PseudoPotential", "by_orientation", "check_sources", "on_plaquettes", "pseudo_links"]

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
            values = _call("pseudo_potential", "ã", function, points)
            links[axis] += 0.5 * weight * spacing * values[axis]
        if not grid.periodic_axes[axis]:
            np.moveaxis(links[axis], axis, 0)[-1] = 0.0
    return links


def _call(name: str, symbol: str, function: Callable[..., Any], points: list[Array]) -> list[Array]:
    """The function's components, one per axis; whatever is wrong is the function's, and the message says so."""
    values = blaming(name, function, *points)
    names = "xyz"[: len(points)]
    parts = ", ".join(f"{symbol}_{n}" for n in names)
    fix = f"return {len(points)} arrays shaped like x: return ({parts.replace('ã', 'a')})"
    try:
        real = [np.asarray(v).astype(float, casting="same_kind") for v in values]
        found = [np.broadcast_to(v, points[0].shape) for v in real]
    except (TypeError, ValueError):
        found = []
    allowed = f"{'a pair of' if len(points) == 2 else 'three'} real arrays ({parts})"
    require(len(found) == len(points), f"{name}({', '.join(names)})", repr(values)[:80], allowed, fix)
    for value in found:
        finite_at(name, value, points)
    return found


def on_plaquettes(grid: Grid, values: Any, name: str = "magnetisation") -> Array:
    """A plaquette quantity as a full array (Nx, Ny) or (3, Nx, Ny, Nz).

    A number stands for a uniform one, along z; in three dimensions so do three numbers.  Of a function of the
    coordinates the mean over every plaquette is taken, and in three dimensions of its component normal to it.
    """
    if callable(values):
        return _means(grid, values, name)
    array = _real(values, name, f"give f({', '.join('xyz'[: grid.ndim])}) or an array on the plaquettes")
    require(bool(np.isfinite(array).all()), name, "not finite everywhere", "finite")
    if grid.ndim == 3:
        full = np.zeros((3, *grid.shape))
        if array.ndim == 0:
            full[2] = array
        elif array.shape in ((3,), full.shape):
            full[...] = array.reshape(array.shape + (1,) * (4 - array.ndim))
        else:
            raise InputError(name, f"of shape {array.shape}", f"of shape (), (3,) or {full.shape}")
        return full
    if array.ndim == 0:
        array = np.full(grid.plaquette_shape, float(array))
    fits = array.shape in (grid.plaquette_shape, grid.shape)
    shapes = " or ".join(map(str, dict.fromkeys((grid.plaquette_shape, grid.shape))))
    require(fits, name, f"of shape {array.shape}", f"of shape {shapes}", "one value for each plaquette")
    flat = np.zeros(grid.shape)
    nx, ny = grid.plaquette_shape
    flat[:nx, :ny] = array[:nx, :ny]
    return flat


def _means(grid: Grid, function: Callable[..., Any], name: str, order: int = 3) -> Array:
    """Gauss-Legendre means of a user's function over the plaquettes, called with coordinates inside the domain."""
    rule = list(zip(*np.polynomial.legendre.leggauss(order), strict=True))
    faces = np.zeros((len(normals(grid)), *grid.shape))
    for normal, spanned in enumerate(normals(grid)):
        for nodes in itertools.product(rule, repeat=2):
            points = [np.array(c) for c in grid.link_midpoints(spanned[0])]
            points[spanned[1]] += 0.5 * grid.spacings[spanned[1]]
            for axis, (node, _) in zip(spanned, nodes, strict=True):
                points[axis] += 0.5 * grid.spacings[axis] * node
                if grid.periodic_axes[axis]:
                    points[axis] %= grid.extent[axis]
                else:  # the last ones lie on the surface
                    np.moveaxis(points[axis], axis, 0)[-1] = grid.extent[axis]
            weight = 0.25 * nodes[0][1] * nodes[1][1]
            if grid.ndim == 2:
                faces[0] += weight * values_at(name, function, tuple(points))
            else:
                faces[normal] += (
                    weight * _call(name, "H" if name == "applied_field" else "m", function, points)[normal]
                )
    return faces if grid.ndim == 3 else faces[0]


def by_orientation(grid: Grid, field: Any) -> Array:
    """A field on plaquettes, or a uniform one, with one axis for the orientations and one for each axis of the grid."""
    values = np.asarray(field, dtype=float)
    uniform = values.ndim <= 1
    return values.reshape(-1, *(1,) * grid.ndim) if uniform else values.reshape(-1, *grid.shape)


def check_sources(grid: Grid, field: Array, precision: float) -> None:
    """Refuse an applied field (3, Nx, Ny, Nz) that begins or ends inside the sample.

    The flux out of a cell between eight sites may be this fraction of the largest change of flux across a cell.
    """
    flux = areas(grid) * field
    inside = tuple(slice(None) if wraps else slice(-1) for wraps in grid.periodic_axes)
    steps = [(np.roll(part, -1, axis=axis) - part)[inside] for axis, part in enumerate(flux)]
    net, largest = np.abs(sum(steps)), max(float(np.abs(step).max()) for step in steps)
    worst = np.unravel_index(np.argmax(net >= 0.999 * net.max()), net.shape)
    if net[worst] > precision * largest + 1e-12 * float(np.abs(flux).max()):
        place = ", ".join(f"{(n + 1) * h:.4g}" for n, h in zip(worst, grid.spacings, strict=True))
        given = f"with the flux {net[worst]:.3g} Φ0/2π out of the cell at ({place})"
        allowed = f"free of divergence, to {precision:g} of the largest change across a cell, {largest:.3g}"
        fix = "its sources lie outside the sample; a field with sources inside is a magnetisation"
        raise InputError("applied_field", given, allowed, fix)
