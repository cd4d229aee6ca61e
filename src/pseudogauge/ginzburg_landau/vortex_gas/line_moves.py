"""The compiled core of the gas of lines: Metropolis moves that add an elementary loop of flux round a link.

Such a loop bends, shifts, joins and cuts lines, makes and shrinks closed ones, and never lets a line end. As in
`moves`, the energy of a positive segment everywhere is kept up to date.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .moves import _add

__all__ = ["add_loop", "metropolis_loops"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def _add_shifted(factor: float, table: Array, i: int, j: int, k: int, target: Array) -> None:
    """target(r) += factor × table(r − (i, j, k)), periodic."""
    nx, ny, nz = target.shape
    for x in range(nx):
        for y in range(ny):
            row = table[(x - i) % nx, (y - j) % ny]
            # two slices, each of unit stride and without index arithmetic: they vectorise
            _add(factor, row[nz - k :], target[x, y, :k])
            _add(factor, row, target[x, y, k:])


@njit(cache=True, nogil=True, error_model="numpy")
def _before(axis: int, i: int, j: int, k: int, shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """The neighbour one step back along an axis."""
    if axis == 0:
        return (i if i > 0 else shape[0]) - 1, j, k
    if axis == 1:
        return i, (j if j > 0 else shape[1]) - 1, k
    return i, j, (k if k > 0 else shape[2]) - 1


@njit(cache=True, nogil=True, error_model="numpy")
def add_loop(
    axis: int, i: int, j: int, k: int, turn: int, dipoles: Array, potential: Array, winding: Ints
) -> None:
    """Wind ``turn`` more round the link along ``axis`` at (i, j, k)."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    shape = (winding.shape[1], winding.shape[2], winding.shape[3])
    winding[second, i, j, k] += turn
    winding[first, i, j, k] -= turn
    x, y, z = _before(first, i, j, k, shape)
    winding[second, x, y, z] -= turn
    x, y, z = _before(second, i, j, k, shape)
    winding[first, x, y, z] += turn
    _add_shifted(turn, dipoles[axis, 0], i, j, k, potential[second])
    _add_shifted(turn, dipoles[axis, 1], i, j, k, potential[first])


@njit(cache=True, nogil=True, error_model="numpy")
def metropolis_loops(
    random: Array,
    beta: float,
    nucleate: bool,
    dipoles: Array,
    own: Array,
    core: Array,
    potential: Array,
    winding: Ints,
    tally: Ints,
) -> float:
    """One attempt per row of ``random`` (n, 3), uniform in [0, 1); returns the change of the energy.

    ``potential`` and ``winding`` are (3, Nx, Ny, Nz); no plaquette is pierced more than once. ``core``:
    energy of a segment by its axis. Without
    ``nucleate`` no loop appears from nothing (one may still shrink away). ``tally``: attempts, acceptances.
    """
    nx, ny, nz = winding.shape[1:]
    sites = nx * ny * nz
    gained = 0.0
    for n in range(random.shape[0]):
        link = int(3 * sites * random[n, 0])
        axis, site = link // sites, link % sites
        i, j, k = site // (ny * nz), site // nz % ny, site % nz
        turn = 1 if random[n, 1] < 0.5 else -1
        first, second = (axis + 1) % 3, (axis + 2) % 3
        a, b, c = _before(first, i, j, k, (nx, ny, nz))
        d, e, f = _before(second, i, j, k, (nx, ny, nz))
        tally[0] += 1
        n0, n1 = turn * winding[second, i, j, k], -turn * winding[second, a, b, c]
        n2, n3 = turn * winding[first, d, e, f], -turn * winding[first, i, j, k]
        if max(n0, n1, n2, n3) > 0 or not (nucleate or n0 or n1 or n2 or n3):
            continue
        across = potential[second, i, j, k] - potential[second, a, b, c]
        along = potential[first, d, e, f] - potential[first, i, j, k]
        change = own[axis] + turn * (across + along)
        change += (2 + 2 * (n0 + n1)) * core[second] + (2 + 2 * (n2 + n3)) * core[first]
        if change > 0 and random[n, 2] >= math.exp(-beta * change):
            continue
        add_loop(axis, i, j, k, turn, dipoles, potential, winding)
        gained += change
        tally[1] += 1
    return gained
