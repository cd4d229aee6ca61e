"""Vortices followed in time: where each came from, went, appeared and vanished."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ..errors import require
from ..numerics.grid import Grid
from .vortices import Vortices

__all__ = ["Track", "track_vortices"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Track:
    """The path of one vortex of unit winding.

    ``x``, ``y`` (in ξ) at ``times`` are continuous: through a periodic boundary they run on beyond the cell.
    ``born`` says that it appeared after the first snapshot, ``died`` that it vanished before the last.
    """

    winding: int
    times: Array
    x: Array
    y: Array
    born: bool
    died: bool

    def __repr__(self) -> str:
        ends = f"{'born' if self.born else 'there'} at {self.times[0]:.4g}, "
        ends += f"{'gone after' if self.died else 'there at'} {self.times[-1]:.4g}"
        return f"Track({self.winding:+d}, {ends})"


def track_vortices(
    snapshots: Sequence[Vortices], times: Sequence[float] | Array, grid: Grid, *, reach: float = 2.0
) -> tuple[Track, ...]:
    """Link the vortices of successive snapshots into tracks, in order of appearance.

    Between two snapshots the pairs of equal sign are chosen that minimise Σ d² + ``reach``² × (vortices left
    alone), with d the distance to the nearest periodic image: no vortex is taken to have moved further than
    ``reach``.  Take snapshots often enough that vortices move less than half their distance.  A vortex of
    winding n counts as n vortices.

    Parameters
    ----------
    snapshots : one `Vortices` for each time, such as ``evolution.recorded``.
    times : rising; such as ``evolution.recorded_times``.
    grid : whose extent and periodic axes hold; ``problem.grid``.
    reach : in ξ.

    Raises
    ------
    InputError : for unequal numbers of snapshots and times, times that do not rise, a reach that is not positive.

    >>> def at(x):
    ...     return Vortices(np.array([x]), np.array([2.0]), np.array([1]))
    >>> track_vortices([at(3.0), at(3.8), at(0.6)], [0, 1, 2], Grid((8, 8), 0.5))[0].x
    array([3. , 3.8, 4.6])
    """
    when = np.asarray(times, dtype=float)
    allowed = "as many times as snapshots, at least one"
    require(when.shape == (len(snapshots),) and when.size > 0, "times", f"of shape {when.shape}", allowed)
    require(
        bool(np.all(np.isfinite(when)) and np.all(np.diff(when) > 0)), "times", times, "rising and finite"
    )
    require(0 < reach < math.inf, "reach", reach, "a positive length in ξ")
    paths: list[list[tuple[int, float, float]]] = []  # (snapshot, x, y) of each track
    signs: list[int] = []
    alive: list[int] = []
    for n, vortices in enumerate(snapshots):
        spots, winding = _units(vortices)
        before = np.array([paths[k][-1][1:] for k in alive]).reshape(-1, 2)
        owner = _links(before, np.array([signs[k] for k in alive]), spots, winding, grid, reach)
        now = []
        for spot, sign, old in zip(spots, winding.tolist(), owner, strict=True):
            if old < 0:
                signs.append(sign)
                paths.append([(n, float(spot[0]), float(spot[1]))])
                now.append(len(paths) - 1)
            else:
                x, y = before[old] + _nearest(spot - before[old], grid)
                paths[alive[old]].append((n, float(x), float(y)))
                now.append(alive[old])
        alive = now
    return tuple(_track(path, sign, when) for path, sign in zip(paths, signs, strict=True))


def _units(vortices: Vortices) -> tuple[Array, NDArray[np.int64]]:
    """Positions (n, 2) and signs, one row for each unit of winding."""
    spots = np.stack([vortices.x, vortices.y], axis=-1)
    count = np.abs(vortices.winding)
    return np.repeat(spots, count, axis=0), np.repeat(np.sign(vortices.winding), count)


def _nearest(step: Array, grid: Grid) -> Array:
    """A displacement (…, 2) to the nearest periodic image."""
    size = np.where(grid.periodic_axes, grid.extent, np.inf)
    turns = np.where(grid.periodic_axes, np.rint(step / size), 0.0)
    moved: Array = step - turns * np.where(grid.periodic_axes, grid.extent, 0.0)
    return moved


def _links(
    before: Array,
    signs: NDArray[np.int64],
    spots: Array,
    winding: NDArray[np.int64],
    grid: Grid,
    reach: float,
) -> list[int]:
    """For each vortex the row of ``before`` it came from, or −1."""
    owner = [-1] * len(spots)
    if not len(before) or not len(spots):
        return owner
    square = (_nearest(spots[None] - before[:, None], grid) ** 2).sum(axis=-1)
    # a pair out of reach costs what leaving both alone costs, so it is never preferred; it is dropped below
    cost = np.where(signs[:, None] == winding, np.minimum(square, reach**2), reach**2)
    for old, new in zip(*linear_sum_assignment(cost), strict=True):
        if cost[old, new] < reach**2:
            owner[new] = int(old)
    return owner


def _track(path: list[tuple[int, float, float]], sign: int, when: Array) -> Track:
    number, x, y = (np.array(column) for column in zip(*path, strict=True))
    return Track(sign, when[number], x, y, bool(number[0] > 0), bool(number[-1] < when.size - 1))
