"""Vortices of the London limit walk downhill, each to a neighbouring plaquette at a time.

A random start whose vortices have settled spares a minimisation the slow part: most pairs are gone, and no vortex has
far to drift.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .london import London

__all__ = ["settled"]

Ints = NDArray[np.int64]
STRIDE = 0.5  # ξ, the length of a step until steps of one spacing finish
MEETING = 1.8  # ξ, the distance at which opposite vortices annihilate
SWEEPS = 400
LEAST = 1e-6  # energy gained that is worth a sweep
NEIGHBOURS = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)])


def settled(london: London, winding: Ints) -> Ints:
    """Windings on plaquettes, of the same sum, after steepest descent of the London energy; opposite ones annihilate.

    All vortices step at a time, each to where it costs least beside the others as they were.  When that no longer
    lowers the energy steps shrink, and in the end only every fourth vortex steps at a time.

    >>> from pseudogauge.ginzburg_landau import GinzburgLandau, Grid
    >>> winding = np.zeros((16, 16), dtype=np.int64)
    >>> winding[2, 3] = winding[4, 6] = 1
    >>> places = np.argwhere(settled(London(GinzburgLandau(Grid((16, 16), 1.0), 10.0, flux_quanta=2)), winding))
    >>> np.abs(places[1] - places[0]).tolist()  # as far from each other as a periodic cell allows
    [8, 8]
    """
    grid, charge = london.problem.grid, 2 * math.pi / london.problem.grid.cell
    middle = (grid.shape[0] // 2, grid.shape[1] // 2)
    own = london.repulsion(middle)
    places = np.repeat(np.argwhere(winding), np.abs(winding[winding != 0]), axis=0)
    signs = np.sign(winding[tuple(places.T)])
    best, lowest, idle, groups = places, math.inf, 0, 1
    stride = max(1, round(STRIDE / grid.spacing))
    for sweep in range(SWEEPS):
        places, signs, met = _annihilated(london, places, signs)
        potential = london.potential(charge * _windings(london, places, signs).astype(float))
        energy = float((signs * (london.landscape + 0.5 * potential)[tuple(places.T)]).sum())
        if met or energy < lowest - LEAST:
            best, lowest, idle = places, energy, 0
        else:
            places, idle = best, idle + 1
            potential = london.potential(charge * _windings(london, places, signs).astype(float))
        if idle == groups:
            if groups == 4:
                break
            stride, groups, idle = max(1, stride // 2), 1 if stride > 1 else 4, 0
        around = [_moved(london, places, stride * step) for step in NEIGHBOURS]
        others = [own[tuple(np.add(middle, stride * step))] for step in NEIGHBOURS]
        total = london.landscape + potential
        costs = [signs * total[tuple(near.T)] - least for near, least in zip(around, others, strict=True)]
        cheapest = np.stack(around)[np.argmin(costs, axis=0), np.arange(len(signs))]
        places = np.where((np.arange(len(signs)) % groups == sweep % groups)[:, None], cheapest, places)
    return _windings(london, best, signs)


def _windings(london: London, places: Ints, signs: Ints) -> Ints:
    winding = np.zeros(london.problem.grid.shape, dtype=np.int64)
    np.add.at(winding, tuple(places.T), signs)
    return winding


def _moved(london: London, places: Ints, step: Ints) -> Ints:
    """Through periodic boundaries; at a surface a vortex stays."""
    grid, moved = london.problem.grid, places + step
    for axis, (n, wraps) in enumerate(zip(grid.shape, grid.periodic_axes, strict=True)):
        moved[:, axis] = moved[:, axis] % n if wraps else np.clip(moved[:, axis], 0, n - 2)
    return moved


def _annihilated(london: London, places: Ints, signs: Ints) -> tuple[Ints, Ints, bool]:
    """Without opposite vortices that have met, the nearest first; and whether there were any."""
    grid = london.problem.grid
    around = np.array(grid.shape) * np.array(grid.periodic_axes)  # 0: no way round
    plus, minus = np.flatnonzero(signs > 0), np.flatnonzero(signs < 0)
    if not (len(plus) and len(minus)):
        return places, signs, False
    trees = [KDTree(places[own], boxsize=around) for own in (plus, minus)]
    near = trees[0].sparse_distance_matrix(trees[1], MEETING / grid.spacing, output_type="coo_matrix")
    stay = np.ones(len(signs), dtype=bool)
    for n in np.argsort(near.data, kind="stable"):
        a, b = plus[near.row[n]], minus[near.col[n]]
        if stay[a] and stay[b]:
            stay[a] = stay[b] = False
    return places[stay], signs[stay], not stay.all()
