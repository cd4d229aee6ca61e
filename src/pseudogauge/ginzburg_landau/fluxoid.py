"""The fluxoid of a loop: whole turns, made of true flux, pseudo-flux and current."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import normals
from ..numerics.grid import Grid
from .state import State
from .vortices import NORMAL

__all__ = ["Fluxoid", "fluxoid"]

Sites = NDArray[np.int64]


class Fluxoid(NamedTuple):
    """Parts of the fluxoid in Φ0: ``winding`` = ``flux`` + ``pseudo`` + ``current``, an integer to rounding."""

    winding: int
    flux: float  # ∮A, which is ∫B inside the loop
    pseudo: float  # ∮ã
    current: float  # −∮(∇θ + A + ã), which is ∮ j/(|ψ|² × stiffness)


def fluxoid(
    state: State, x: Sequence[float], y: Sequence[float], z: Sequence[float] | float | None = None
) -> Fluxoid:
    """The fluxoid of a loop from corner to corner, through the sites nearest to straight lines between them.

    London's fluxoid with a pseudo-gauge field, ∮A + ∮ã − ∮(∇θ + A + ã) = 2π × winding.  The loop must run
    through superconductor; holes and vortices inside it are what it counts.

    Parameters
    ----------
    x, y : coordinates of the corners, in ξ.  Two corners that differ in both stand for the rectangle between them
        (anticlockwise).  Along periodic axes they may lie beyond the cell.  The loop returns to its first corner,
        unless the last is an image of it: it then winds round the cell.  ``flux`` is that of A with the background of
        the sector in the gauge (0, Bx), and only differences between such loops tell what lies between them.
    z : in layers, the height of a loop in one layer, or coordinates of the corners of one in space.

    Raises
    ------
    InputError : for a loop that leaves the domain, encloses nothing, or touches sites where ψ = 0, naming the point.

    >>> from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
    >>> state = minimise(GinzburgLandau(Grid((32, 32), 0.5), kappa=2.0, flux_quanta=1), start=[(8.0, 8.0, 1)])
    >>> loop = fluxoid(state, x=(2.0, 14.0), y=(2.0, 14.0))
    >>> loop.winding, round(loop.flux, 2), round(loop.flux + loop.pseudo + loop.current, 9)
    (1, 0.91, 1.0)
    >>> below, above = (fluxoid(state, x=(0.0, 16.0), y=(height, height)) for height in (4.0, 12.0))
    >>> below.winding - above.winding
    1
    """
    require(isinstance(state, State), "state", state, "a State")
    problem, grid = state.problem, state.problem.grid
    path = _path(_corners(grid, x, y, z))
    _check_inside(grid, path)
    at = tuple((path % grid.shape).T)
    dead = np.flatnonzero(np.abs(state.order_parameter[at]) < NORMAL)
    if dead.size:
        _refuse(grid, path[dead[0]], "where ψ = 0")
    axis, start, passes = _passes(path)
    fix = "corners are (x0, x1, …), (y0, y1, …)"
    require(passes.size > 0, "loop", (x, y), "one that encloses something", fix)
    here, ahead = (
        tuple((start + step).T % np.reshape(grid.shape, (-1, 1)))
        for step in (0, np.eye(grid.ndim, dtype=np.int64)[axis])
    )
    links = (axis, *here)
    closed = np.flatnonzero(~problem.links_inside[links])
    if closed.size:
        _refuse(grid, start[closed[0]], "across its edge")
    psi, potential = state.order_parameter, state.vector_potential[links]
    phase = potential + problem.coefficients.phase[links]
    along = np.angle(psi[here].conj() * np.exp(1j * phase) * psi[ahead])

    def around(values: NDArray[np.float64]) -> float:
        return float((passes * values).sum()) / (2 * math.pi)

    flux = around(potential) + _background(grid, problem.flux_quanta, path)
    pseudo, current = around(problem.pseudo_links[links]), -around(along)
    return Fluxoid(round(flux + pseudo + current), flux, pseudo, current)


def _corners(grid: Grid, x: Sequence[float], y: Sequence[float], z: Sequence[float] | float | None) -> Sites:
    """Sites of the corners of the closed loop, (n, axes)."""
    require(
        (z is None) == (grid.ndim == 2),
        "z",
        z,
        "the height of the loop",
        "give it for layers, and only there",
    )
    try:
        flat = z is None or np.ndim(z) == 0
        columns = (x, y) if z is None else (x, y, np.broadcast_to(z, np.shape(x)))
        points = np.array(columns, dtype=float).T
        good = points.ndim == 2 and len(points) > 1 and bool(np.isfinite(points).all())
    except (TypeError, ValueError):
        good = False
    fix = "corners are (x0, x1, …), (y0, y1, …)"
    require(good, "loop", (x, y), "as many finite numbers for each axis, two or more", fix)
    sites = np.floor(points / grid.spacings + 1e-9).astype(np.int64)
    if flat and len(sites) == 2 and np.all(sites[0, :2] != sites[1, :2]):
        low, high = sites.min(axis=0), sites.max(axis=0)
        sites = np.repeat(low[None], 4, axis=0)
        sites[1:3, 0], sites[2:4, 1] = high[0], high[1]
        return np.concatenate([sites, sites[:1]])
    turns = sites[-1] - sites[0]
    image = np.where(grid.periodic_axes, turns % grid.shape, turns)
    return sites if not image.any() else np.concatenate([sites, sites[:1]])


def _path(corners: Sites) -> Sites:
    """From corner to corner in steps along one axis, (n, axes), as near to the straight lines as the lattice allows."""
    steps = []
    for move in np.diff(corners, axis=0):
        axis = np.repeat(np.arange(move.size), np.abs(move))
        when = np.concatenate([(np.arange(n) + 0.5) / max(n, 1) for n in np.abs(move)])
        order = np.argsort(when, kind="stable")
        steps.append(np.eye(move.size, dtype=np.int64)[axis[order]] * np.sign(move))
    return np.cumsum(np.concatenate([corners[:1], *steps]), axis=0)


def _check_inside(grid: Grid, path: Sites) -> None:
    for axis, wraps in enumerate(grid.periodic_axes):
        h = grid.spacings[axis]
        least, most = (float(n + 0.5) * h for n in (path[:, axis].min(), path[:, axis].max()))
        inside = wraps or (least > 0 and most < grid.extent[axis])
        ends, fix = f"from {least:.4g} to {most:.4g} along {'xyz'[axis]}", "only periodic axes go on"
        require(inside, "loop", ends, f"inside the domain {grid.extent}", fix)


def _refuse(grid: Grid, site: Sites, why: str) -> None:
    point = ", ".join(f"{(n + 0.5) * h:.4g}" for n, h in zip(site, grid.spacings, strict=True))
    fix = "move the loop into the superconductor"
    raise InputError("loop", f"through ({point}), {why},", "in the superconductor", fix)


def _passes(path: Sites) -> tuple[Sites, Sites, Sites]:
    """The links of the loop: their axes, the sites they start from, and how often they are passed, less backwards."""
    steps = np.diff(path, axis=0)
    start = np.minimum(path[:-1], path[1:])
    links, which = np.unique(
        np.column_stack([np.abs(steps).argmax(axis=1), start]), axis=0, return_inverse=True
    )
    passes = np.zeros(len(links), dtype=np.int64)
    np.add.at(passes, which.ravel(), steps.sum(axis=1))
    links, passes = links[passes != 0], passes[passes != 0]
    return links[:, 0], links[:, 1:], passes


def _background(grid: Grid, flux_quanta: int | tuple[int, ...], path: Sites) -> float:
    """∮ of the uniform background in Φ0, in the gauge (0, Bx) of every orientation, unwrapped.

    Its links carry i_a along b and the twist −N_a i_b where a closes; summed along the loop, up to whole quanta.
    """
    steps, turns, total = np.diff(path, axis=0), path[-1] - path[0], 0.0
    for quanta, (a, b) in zip(np.atleast_1d(flux_quanta), normals(grid), strict=True):
        swept = int((path[:-1, a] * steps[:, b]).sum() - turns[a] * path[-1, b])
        total += float(quanta) * swept / (grid.shape[a] * grid.shape[b])
    return total
