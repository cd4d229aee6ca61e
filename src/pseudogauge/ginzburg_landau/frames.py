"""Gauges in which every link phase is short, patched together when a flux sector allows no single one.

A Laplacian that ignores the link phases resembles the covariant one only where these phases are small.  In a
cell with N flux quanta every gauge has N singular points.  So two gauges are used, singular at different
points, each with a weight that vanishes at its own points; the squares of the weights sum to one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from ..numerics.curl import face_shape, normals
from ..numerics.grid import Grid
from .london import London
from .problem import GinzburgLandau
from .vortex_lines import thread

__all__ = ["gauge_frames", "straight_lines"]

Points = NDArray[np.float64]
GOLDEN = (math.sqrt(5) - 1) / 2


def gauge_frames(problem: GinzburgLandau) -> NDArray[np.complex128]:
    """Complex factors W, (1 or 2, *shape of the grid), Σ|W|² = 1 in the sample: ψ = W × (smooth function)."""
    london, grid, flux = London(problem), problem.grid, np.atleast_1d(problem.flux_quanta)
    inside = 1.0 if problem.mask is None else problem.mask
    if not flux.any():
        none = np.zeros(face_shape(grid), dtype=np.int64)
        return london.order_parameter(none)[None] * inside
    across, count = (0, 1), abs(int(flux[-1]))
    if grid.ndim == 3:
        along, count = _straight(flux)
        across = normals(grid)[along]
    extent = (grid.extent[across[0]], grid.extent[across[1]])
    first = _spread(extent, count, 0.0, 0.0)
    shifts = [(a / 8, b / 8) for a in range(8) for b in range(8)]
    second = max(
        (_spread(extent, count, *shift) for shift in shifts), key=lambda p: _distance(extent, first, p)
    )
    frames = [london.order_parameter(_winding(grid, flux, points)) for points in (first, second)]
    size = np.sqrt(sum(np.abs(frame) ** 2 for frame in frames))
    return np.stack(frames) / size * inside


def _winding(grid: Grid, flux: NDArray[np.int64], points: Points) -> NDArray[np.int64]:
    """Vortices of the flux sector through these points."""
    if grid.ndim == 3:
        return thread(grid, [(line, 1) for line in straight_lines(grid, flux, points)])
    winding = np.zeros(grid.shape, dtype=np.int64)
    np.add.at(winding, tuple((points / grid.spacing).astype(np.int64).T), 1 if flux[0] > 0 else -1)
    return winding


def _straight(flux: NDArray[np.int64]) -> tuple[int, int]:
    """The axis with most flux, and the number of equal straight lines that carry the whole flux of a cell."""
    return int(np.argmax(np.abs(flux))), int(np.gcd.reduce(flux))


def straight_lines(grid: Grid, flux: NDArray[np.int64], points: Points) -> list[Points]:
    """Ends (2, 3) of straight lines that carry the flux, through points on the face that has most of it.

    Without components along two axes there are |flux| of them; else they run round the cell several times.
    """
    along, count = _straight(flux)
    lines = []
    for point in points[:count]:
        line = np.zeros((2, 3))
        line[:, list(normals(grid)[along])] = point
        line[1] += flux // count * np.array(grid.extent)
        if flux[along] < 0 and not grid.periodic_axes[along]:  # down from the upper surface
            line[:, along] += grid.extent[along]
        lines.append(line)
    return lines


def _spread(extent: tuple[float, float], count: int, shift_x: float, shift_y: float) -> Points:
    """``count`` points spread evenly over a periodic cell (a golden-ratio lattice), shifted in units of its step."""
    n = np.arange(count)
    x = (n + 0.5 + shift_x) / count
    y = n * GOLDEN + shift_y / math.sqrt(count)
    return np.stack([(x % 1.0) * extent[0], (y % 1.0) * extent[1]], axis=-1)


def _distance(extent: tuple[float, float], these: Points, those: Points) -> float:
    """Smallest distance between two sets of points in a periodic cell."""
    tree = KDTree(these, boxsize=np.array(extent) * (1 + 1e-12))
    return float(np.min(tree.query(those)[0]))
