"""Where a minimisation begins: random, uniform, given, or with vortices placed by hand."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import face_shape, normals
from .checks import check_whole
from .frames import straight_lines
from .london import London
from .problem import GinzburgLandau
from .settling import settled
from .state import State, pack
from .vortex_lines import VortexLine, thread

__all__ = ["Rng", "Start", "as_rng", "fields_of"]

Array = NDArray[np.float64]
Rng = int | np.random.Generator | None
Vortex = tuple[float, float, int]
Line = tuple[NDArray[Any], int]
Start = State | NDArray[Any] | Sequence[Vortex | VortexLine | NDArray[Any]] | str | None


def as_rng(rng: Rng) -> np.random.Generator:
    """A generator from a seed; None means seed 0, so that every call can be repeated."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is not None:
        check_whole("rng", rng, least=0)
    return np.random.default_rng(rng or 0)


def fields_of(problem: GinzburgLandau, start: Start, rng: Rng) -> Array:
    """Initial fields (2 + axes, *shape) for any accepted form of ``start``."""
    fields = _fields_of(problem, start, rng)
    if not isinstance(start, State) and (problem.frozen_field or problem.stray_field is not None):
        fields[2:] = London(problem).frozen_potential
    return fields


def _fields_of(problem: GinzburgLandau, start: Start, rng: Rng) -> Array:
    no_potential = np.zeros((problem.grid.ndim, *problem.grid.shape))
    if start is None:
        return pack(problem, random_order(problem, as_rng(rng)), no_potential)
    if isinstance(start, str):
        fix = 'give "uniform", None (random), a State, an array or a list of (x, y, winding)'
        require(start == "uniform", "start", repr(start), '"uniform"', fix)
        fix = "a cell with flux holds vortices: leave start out, or place them"
        require(not np.any(problem.flux_quanta), "start", repr(start), "used with flux_quanta = 0 only", fix)
        none = np.zeros(face_shape(problem.grid), dtype=np.int64)
        return pack(problem, London(problem).order_parameter(none), no_potential)
    if isinstance(start, State):
        same = start.problem.grid == problem.grid and start.problem.flux_quanta == problem.flux_quanta
        fix = "start from a list of vortices instead"
        require(same, "start", start, "a state of the same grid and flux sector", fix)
        links = start.vector_potential  # a frozen field becomes that of this problem, in the state's gauge
        links = London(problem).with_frozen_field(links) if problem.frozen_field else links
        return pack(problem, start.order_parameter, links)
    if isinstance(start, np.ndarray):
        return pack(problem, start, no_potential)
    if problem.grid.ndim == 3:
        psi = London(problem).order_parameter(_winding_of_lines(problem, start))
        return pack(problem, psi, no_potential)
    return pack(problem, order_with_vortices(problem, _checked(problem, start)), no_potential)


def random_order(problem: GinzburgLandau, rng: np.random.Generator) -> NDArray[np.complex128]:
    """Vortices from random places: those of the flux sector, and one pair of opposite ones per 100 ξ²; `settled`.

    In layers straight lines along the flux, and one loop per 1000 ξ³, where they are.
    """
    grid = problem.grid
    if grid.ndim == 3:
        return London(problem).order_parameter(thread(grid, _random_lines(problem, rng)))
    flux = problem.flux_quanta
    pairs = max(1, round(grid.size * grid.cell / 100))
    signs = np.repeat([1, -1], [pairs + max(flux, 0), pairs + max(-flux, 0)])
    winding, london = np.zeros(grid.shape, dtype=np.int64), London(problem)
    places = rng.choice(math.prod(grid.plaquette_shape), size=signs.size, replace=False)
    winding[np.unravel_index(places, grid.plaquette_shape)] = signs
    beside_vacuum = problem.stray_field is not None and not problem.quantised  # London there takes iterations
    return london.order_parameter(winding if beside_vacuum else settled(london, winding))


def _random_lines(problem: GinzburgLandau, rng: np.random.Generator) -> list[Line]:
    grid, flux = problem.grid, np.array(problem.flux_quanta)
    extent = np.array(grid.extent)
    lines: list[Line] = []
    if flux.any():
        across = list(normals(grid)[int(np.argmax(np.abs(flux)))])
        points = rng.uniform(0, 1, size=(int(np.gcd.reduce(flux)), 2)) * extent[across]
        lines += [(line, 1) for line in straight_lines(grid, flux, points)]
    for _ in range(max(1, round(grid.size * grid.cell / 1000))):
        axis = int(rng.integers(3))
        corners = np.zeros((5, 3))
        for n, a in enumerate(normals(grid)[axis]):
            corners[:, a] = min(4.0, extent[a] / 2) * np.array([(0, 1, 1, 0, 0), (0, 0, 1, 1, 0)][n])
        lines.append((corners + rng.uniform(0, 1, size=3) * (extent - corners.max(axis=0)), 1))
    return lines


def _winding_of_lines(problem: GinzburgLandau, start: Any) -> NDArray[np.int64]:
    """Windings of the plaquettes that lines of any accepted form pierce."""
    grid = problem.grid
    fix = "give VortexLine objects, arrays of points (n, 3), or (x, y, winding) for straight lines along z"
    allowed = f"an array of shape {grid.shape} or a list of vortex lines"
    lines: list[Line] = []
    try:
        for line in start:
            if isinstance(line, VortexLine):
                lines.append((line.points, line.winding))
            elif np.ndim(line) == 1:
                x, y, turns = line
                ends = np.array([(x, y, 0.0), (x, y, grid.extent[2])], dtype=float)
                lines.append((ends, operator.index(turns)))
            else:
                lines.append((np.array([tuple(point) for point in line], dtype=float), 1))
    except (TypeError, ValueError):
        raise InputError("start", repr(start)[:60], allowed, fix) from None
    winding = thread(grid, lines)
    for axis, (quanta, spanned) in enumerate(zip(problem.flux_quanta, normals(grid), strict=True)):
        net = int(winding[axis].sum()) // grid.shape[axis]
        fits = net == quanta or not all(grid.periodic_axes[a] for a in spanned)
        given = f"windings along {'xyz'[axis]} that sum to {net}"
        fix = "add lines, or change flux_quanta"
        require(fits, "start", given, f"a sum equal to the flux, {quanta}", fix)
    return winding


def order_with_vortices(problem: GinzburgLandau, vortices: Sequence[Vortex]) -> NDArray[np.complex128]:
    """ψ with vortices on the plaquettes nearest to the given places, with the flow of the London limit."""
    grid = problem.grid
    winding = np.zeros(grid.shape, dtype=np.int64)
    for x, y, turns in vortices:
        spot = tuple(
            round(c / grid.spacing - 1) % n if wraps else min(max(round(c / grid.spacing - 1), 0), n - 2)
            for c, n, wraps in zip((x, y), grid.shape, grid.periodic_axes, strict=True)
        )
        winding[spot] += turns
    return London(problem).order_parameter(winding)


def _checked(problem: GinzburgLandau, start: Any) -> list[Vortex]:
    fix = 'give "uniform", None (random), a State, an array of ψ or a list of (x, y, winding)'
    shape = problem.grid.shape
    allowed = f"an array of shape {shape} or a list of (x, y, winding)"
    try:
        given = [(x, y, w) for x, y, w in start]
        vortices = [(float(x), float(y), int(w)) for x, y, w in given]
    except (TypeError, ValueError):
        raise InputError("start", repr(start)[:60], allowed, fix) from None
    whole = all(w == turns for (*_, w), (*_, turns) in zip(given, vortices, strict=True))
    require(whole, "start", repr(given)[:60], "vortices of whole windings", fix)
    for x, y, _ in vortices:
        axes = zip((x, y), problem.grid.extent, problem.grid.periodic_axes, strict=True)
        inside = all(math.isfinite(c) and (wraps or 0 <= c <= length) for c, length, wraps in axes)
        require(inside, "start", f"a vortex at ({x}, {y})", f"inside the domain {problem.grid.extent}")
    net = sum(w for *_, w in vortices)
    fits = net == problem.flux_quanta or not problem.quantised
    fix = "add or remove vortices, or change flux_quanta"
    require(
        fits,
        "start",
        f"windings that sum to {net}",
        f"a sum equal to flux_quanta = {problem.flux_quanta}",
        fix,
    )
    return vortices
