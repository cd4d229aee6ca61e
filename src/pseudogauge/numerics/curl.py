"""Circulation of links round plaquettes, and its transpose: the curl on a grid, exact as Stokes' theorem."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .grid import Grid

__all__ = ["circulation", "curl_of_plaquettes"]

Array = NDArray[np.float64]


def circulation(grid: Grid, links: Array) -> Array:
    """Sum of ``links`` anticlockwise round every plaquette, shape (Nx, Ny), zero where none exists."""
    ax, ay = links
    around: Array = ax - np.roll(ax, -1, axis=1) + np.roll(ay, -1, axis=0) - ay
    if not grid.periodic_axes[0]:
        around[-1] = 0.0
    if not grid.periodic_axes[1]:
        around[:, -1] = 0.0
    return around


def curl_of_plaquettes(grid: Grid, field: Array) -> Array:
    """∇×(field ẑ) dx along links: the differences (∂_y field, −∂_x field) dx, with field = 0 outside.

    The transpose of `circulation`; field (Nx, Ny) gives links (2, Nx, Ny).
    """
    along_x = field - np.roll(field, 1, axis=1)
    along_y = np.roll(field, 1, axis=0) - field
    return np.stack([along_x, along_y])
