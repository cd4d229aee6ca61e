"""Circulation of links round plaquettes, and the curl of plaquettes along links, exact as Stokes' theorem.

In two dimensions plaquettes are one array (Nx, Ny).  In three they come in three orientations, (3, Nx, Ny, Nz):
number c is normal to axis c, starts at the site (i, j, k), and is passed round from axis c + 1 towards c + 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grid import Grid

__all__ = ["areas", "circulation", "curl_of_plaquettes", "face_shape", "normals", "only_existing"]

Array = NDArray[np.float64]


def normals(grid: Grid) -> tuple[tuple[int, int], ...]:
    """The two axes that span each orientation of plaquettes, in the order in which they are passed round."""
    return ((0, 1),) if grid.ndim == 2 else ((1, 2), (2, 0), (0, 1))


def face_shape(grid: Grid) -> tuple[int, ...]:
    """Shape of an array on all plaquettes, those beyond open surfaces included."""
    return grid.shape if grid.ndim == 2 else (3, *grid.shape)


def areas(grid: Grid) -> Array:
    """Areas of the orientations, shaped to multiply a plaquette array: a number (2D) or (3, 1, 1, 1)."""
    found = np.array([grid.spacings[a] * grid.spacings[b] for a, b in normals(grid)])
    return found.reshape(-1, 1, 1, 1) if grid.ndim == 3 else found[0]


def only_existing(grid: Grid, plaquettes: Array) -> Array:
    """Set to zero, in place, the plaquettes beyond open surfaces, and return the array."""
    for face, spanned in zip(_oriented(grid, plaquettes), normals(grid), strict=True):
        for axis in spanned:
            if not grid.periodic_axes[axis]:
                np.moveaxis(face, axis, 0)[-1] = 0.0
    return plaquettes


def circulation(grid: Grid, links: NDArray[Any]) -> Array:
    """Sum of ``links`` anticlockwise round every plaquette, (Nx, Ny) or (3, Nx, Ny, Nz), zero where none exists."""
    around: Array = np.stack(
        [
            links[a] - np.roll(links[a], -1, axis=b) + np.roll(links[b], -1, axis=a) - links[b]
            for a, b in normals(grid)
        ]
    )
    return only_existing(grid, around if grid.ndim == 3 else around[0])


def curl_of_plaquettes(grid: Grid, field: Array) -> Array:
    """Line integrals of ∇×field along links: (∂_y field, −∂_x field) dx in two dimensions, with field = 0 outside.

    With equal spacings the transpose of `circulation`; (Nx, Ny) gives (2, Nx, Ny), (3, Nx, Ny, Nz) its own shape.
    """
    links = np.zeros((grid.ndim, *grid.shape))
    for face, (a, b) in zip(_oriented(grid, field), normals(grid), strict=True):
        ratio = grid.spacings[a] / grid.spacings[b]
        links[a] += ratio * (face - np.roll(face, 1, axis=b))
        links[b] += (np.roll(face, 1, axis=a) - face) / ratio
    return links


def _oriented(grid: Grid, plaquettes: Array) -> Array:
    """The orientations one by one."""
    return plaquettes if grid.ndim == 3 else plaquettes[None]
