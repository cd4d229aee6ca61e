"""Vortex lines of a layered crystal: traced through the plaquettes they pierce, or threaded through given points.

Between eight neighbouring sites lies a cell.  A plaquette with winding w is a face that |w| lines cross, and because
the winding has no divergence, as many lines enter a cell as leave it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from ..numerics.curl import normals
from ..numerics.grid import Grid
from .vortices import Piercings

__all__ = ["VortexLine", "thread", "trace"]

Array = NDArray[np.float64]
Cell = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class VortexLine:
    """A vortex line: ``points`` (n, 3) in ξ in order, and ``winding``, +1 if its flux runs along them.

    ``closed`` lines end where they began, or at a periodic image of it; others end at surfaces of the sample.  Points
    are not folded back into a periodic cell.  A line that ends higher or lower than it begins is listed upwards.
    """

    points: Array
    winding: int
    closed: bool

    @property
    def length(self) -> float:
        """Length in ξ."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    @property
    def span(self) -> Array:
        """From its beginning to its end: zero for a loop, whole periods for a line that wraps round a periodic cell."""
        return np.asarray(self.points[-1] - self.points[0])

    def __repr__(self) -> str:
        return f"VortexLine({len(self.points)} points, length={self.length:.4g}, winding={self.winding:+d})"


def thread(grid: Grid, lines: Iterable[tuple[Any, int]]) -> NDArray[np.int64]:
    """Windings (3, Nx, Ny, Nz) of lines given as points (n, 3) and a winding along them.

    Raises
    ------
    InputError : for a line that leaves the domain, or ends inside the sample.
    """
    winding = np.zeros((3, *grid.shape), dtype=np.int64)
    for points, turns in lines:
        place = _checked(grid, points) / np.array(grid.spacings) - 0.5
        place = np.where(
            np.abs(place - np.rint(place)) < 1e-9, np.rint(place), place
        )  # traced points lie on faces
        first = cell = np.floor(place[0]).astype(np.int64)
        for here, there in pairwise(place):
            for axis, step in _crossings(here, there):
                face = cell.copy()
                face[axis] += step > 0
                spot = _existing(grid, axis, face)
                if spot is not None:
                    winding[(axis, *spot)] += step * turns
                cell = cell + step * np.eye(3, dtype=np.int64)[axis]
        meets = all((b - a) % n == 0 if w else a == b
                    for a, b, n, w in zip(first, cell, grid.shape, grid.periodic_axes, strict=True))  # fmt: skip
        fix = "end it at an open surface, or repeat the first point at the end (shifted by whole periods)"
        ends = meets or (_outside(grid, first) and _outside(grid, cell))
        require(
            ends, "vortex line", f"from {points[0]} to {points[-1]}", "closed, or end at open surfaces", fix
        )
    return winding


def trace(grid: Grid, pierced: Iterable[Piercings]) -> tuple[VortexLine, ...]:
    """Lines through the pierced plaquettes, one `Piercings` for each orientation.

    Where several lines meet in one cell, each goes on through the face nearest to where it came in.
    """
    leaving, excess = _edges(grid, pierced)
    ends = [cell for cell, count in excess.items() for _ in range(count) if count > 0]
    lines = [_follow(grid, leaving, cell, False) for cell in ends]
    for cell in list(leaving):
        while leaving[cell]:
            lines.append(_follow(grid, leaving, cell, True))
    return tuple(sorted((_upwards(line) for line in lines), key=lambda line: -line.length))


class _Edge(NamedTuple):
    """A face that a line leaves a cell by: its axis, the direction, and the place in units of the spacings."""

    axis: int
    step: int
    offset: Array  # from the cell's first corner site


def _edges(grid: Grid, pierced: Iterable[Piercings]) -> tuple[dict[Cell, list[_Edge]], dict[Cell, int]]:
    """Faces by the cell (folded back) they lead out of, and how many more leave each cell than enter it."""
    leaving: dict[Cell, list[_Edge]] = defaultdict(list)
    excess: dict[Cell, int] = defaultdict(int)
    for axis, (found, (a, b)) in enumerate(zip(pierced, normals(grid), strict=True)):
        faces = zip(
            *found.at, found.first.tolist(), found.second.tolist(), found.winding.tolist(), strict=True
        )
        for i, j, k, u, v, turns in faces:
            step = 1 if turns > 0 else -1
            tail = np.array([i, j, k])
            tail[axis] -= step > 0
            head = tail.copy()
            head[axis] += step
            offset = np.zeros(3)
            offset[axis] = step > 0
            # strictly inside the face, so that `thread` finds it again
            offset[[a, b]] = np.clip((u, v), 1e-6, 1 - 1e-6)
            for _ in range(abs(turns)):
                leaving[_folded(grid, tail)].append(_Edge(axis, step, offset))
                excess[_folded(grid, tail)] += 1
                excess[_folded(grid, head)] -= 1
    return leaving, excess


def _follow(grid: Grid, leaving: dict[Cell, list[_Edge]], start: Cell, closes: bool) -> VortexLine:
    """The line that leaves ``start``; it uses its faces up."""
    spacings = np.array(grid.spacings)
    cell, here = np.array(start), None
    points: list[Array] = []
    while leaving[_folded(grid, cell)]:
        options = leaving[_folded(grid, cell)]
        places = [(cell + 0.5 + edge.offset) * spacings for edge in options]
        nearest = 0 if here is None else int(np.argmin([np.linalg.norm(p - here) for p in places]))
        edge, here = options.pop(nearest), places[nearest]
        if not points and _outside(grid, cell):
            points.append(_on_surface(grid, here, edge.axis))
        points.append(here)
        cell = cell + edge.step * np.eye(3, dtype=np.int64)[edge.axis]
        if _outside(grid, cell):
            points.append(_on_surface(grid, here, edge.axis))
        if (_outside(grid, cell) and not closes) or (closes and _folded(grid, cell) == start):
            break
    if closes:  # back to the first face, perhaps in another period
        points.append(points[0] + (cell - np.array(start)) * spacings)
    return VortexLine(np.array(points), 1, closes)


def _upwards(line: VortexLine) -> VortexLine:
    return VortexLine(line.points[::-1].copy(), -line.winding, line.closed) if line.span[2] < -1e-9 else line


def _crossings(here: Array, there: Array) -> list[tuple[int, int]]:
    """Axes and directions of the faces between two points, in order."""
    found = []
    for axis in range(3):
        low, high = int(np.floor(here[axis])), int(np.floor(there[axis]))
        step = 1 if high > low else -1
        for plane in range(low + 1, high + 1) if step > 0 else range(low, high, -1):
            found.append(((plane - here[axis]) / (there[axis] - here[axis]), axis, step))
    return [(axis, step) for _, axis, step in sorted(found)]


def _existing(grid: Grid, axis: int, face: NDArray[np.int64]) -> Cell | None:
    """The index of a plaquette, folded back; None if there is none."""
    spot = []
    for a, (index, n, wraps) in enumerate(zip(face.tolist(), grid.shape, grid.periodic_axes, strict=True)):
        if not wraps and not 0 <= index < (n if a == axis else n - 1):
            return None
        spot.append(index % n)
    return spot[0], spot[1], spot[2]


def _outside(grid: Grid, cell: Any) -> bool:
    """Whether this cell is the outer half of an open surface."""
    axes = zip(cell, grid.shape, grid.periodic_axes, strict=True)
    return any(not wraps and not 0 <= index < n - 1 for index, n, wraps in axes)


def _folded(grid: Grid, cell: Any) -> Cell:
    axes = zip(cell, grid.shape, grid.periodic_axes, strict=True)
    i, j, k = (int(index) % n if wraps else int(index) for index, n, wraps in axes)
    return i, j, k


def _on_surface(grid: Grid, point: Array, axis: int) -> Array:
    """The point of the surface straight outwards along an axis."""
    found = point.copy()
    found[axis] = 0.0 if point[axis] < 0.5 * grid.extent[axis] else grid.extent[axis]
    return found


def _checked(grid: Grid, points: Any) -> Array:
    try:
        line = np.array(points, dtype=float)
    except (TypeError, ValueError):
        line = np.zeros(0)
    good = line.ndim == 2 and line.shape[1] == 3 and len(line) > 1 and bool(np.isfinite(line).all())
    require(good, "vortex line", repr(points)[:60], "at least two finite points (x, y, z)")
    for axis, (length, wraps) in enumerate(zip(grid.extent, grid.periodic_axes, strict=True)):
        low, high = line[:, axis].min(), line[:, axis].max()
        if not wraps and (low < -1e-9 * length or high > length * (1 + 1e-9)):
            raise InputError(
                "vortex line", f"from {low:.6g} to {high:.6g} along {'xyz'[axis]}", f"within {grid.extent}"
            )
    return line
