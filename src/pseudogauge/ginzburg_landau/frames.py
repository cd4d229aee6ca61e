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

from ..numerics.grid import Grid
from .london import London
from .problem import GinzburgLandau

__all__ = ["gauge_frames"]

Points = NDArray[np.float64]
GOLDEN = (math.sqrt(5) - 1) / 2


def gauge_frames(problem: GinzburgLandau) -> NDArray[np.complex128]:
    """Complex factors W, shape (1 or 2, Nx, Ny), Σ|W|² = 1 in the sample: ψ = W × (smooth function)."""
    london, grid, flux = London(problem), problem.grid, problem.flux_quanta
    inside = 1.0 if problem.mask is None else problem.mask
    if flux == 0:
        return london.order_parameter(np.zeros(grid.shape, dtype=np.int64))[None] * inside
    first = _spread(grid, abs(flux), 0.0, 0.0)
    shifts = [(a / 8, b / 8) for a in range(8) for b in range(8)]
    second = max(
        (_spread(grid, abs(flux), *shift) for shift in shifts), key=lambda p: _distance(grid, first, p)
    )
    frames = []
    for points in (first, second):
        winding = np.zeros(grid.shape, dtype=np.int64)
        spots = tuple((points / grid.spacing).astype(np.int64).T)
        np.add.at(winding, spots, 1 if flux > 0 else -1)
        frames.append(london.order_parameter(winding))
    size = np.sqrt(sum(np.abs(frame) ** 2 for frame in frames))
    return np.stack(frames) / size * inside


def _spread(grid: Grid, count: int, shift_x: float, shift_y: float) -> Points:
    """``count`` points spread evenly over a periodic cell (a golden-ratio lattice), shifted in units of its step."""
    n = np.arange(count)
    x = (n + 0.5 + shift_x) / count
    y = n * GOLDEN + shift_y / math.sqrt(count)
    return np.stack([(x % 1.0) * grid.extent[0], (y % 1.0) * grid.extent[1]], axis=-1)


def _distance(grid: Grid, these: Points, those: Points) -> float:
    """Smallest distance between two sets of points in a periodic cell."""
    tree = KDTree(these, boxsize=np.array(grid.extent) * (1 + 1e-12))
    return float(np.min(tree.query(those)[0]))
