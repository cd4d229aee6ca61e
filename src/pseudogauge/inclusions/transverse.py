"""Lattice form of ∇×h̃: link variables that are a discrete curl, found from their plaquette fluxes.

Links and plaquettes are laid out as in `pseudogauge.numerics.Grid`. On an open axis the plaquettes just
outside the sample have their centres on its surface, where h̃ = 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import circulation, curl_of_plaquettes
from ..numerics.grid import Grid
from ..numerics.modes import BETWEEN, Modes

__all__ = ["curl_links", "plaquette_flux", "stream_of_flux"]

Floats = NDArray[np.float64]


def plaquette_flux(links: Floats, grid: Grid) -> Floats:
    """Sum of the link integrals counterclockwise round every plaquette, shape grid.plaquette_shape."""
    return np.ascontiguousarray(circulation(grid, links)[_inside(grid)])


def curl_links(stream: Floats, grid: Grid) -> Floats:
    """Line integrals of ∇×(h ẑ) = (∂_y h, −∂_x h) over the links: differences of adjacent plaquettes.

    >>> grid = Grid(shape=(4, 4), spacing=0.5, periodic=False)
    >>> float(curl_links(np.ones((3, 3)), grid)[0, 1, 0])   # a plateau: circulation along the surface
    1.0
    """
    return curl_of_plaquettes(grid, _full(stream, grid))


def stream_of_flux(flux: Floats, grid: Grid, mean: float = 0.0) -> Floats:
    """h with plaquette_flux(curl_links(h)) = flux, and the given mean if both axes are periodic.

    curl curl = −Δ (five-point Laplacian), diagonal in sine (open axis) and Fourier (periodic) modes.
    """
    modes, place = Modes(grid), (BETWEEN, BETWEEN)
    squared = modes.squared * grid.spacing**2
    amplitudes = modes.forward(_full(flux, grid), place) / np.where(squared > 0, squared, np.inf)
    stream = modes.inverse(amplitudes, place)
    if grid.fully_periodic:
        stream += mean
    return np.ascontiguousarray(stream[_inside(grid)])


def _inside(grid: Grid) -> tuple[slice, ...]:
    return tuple(slice(n) for n in grid.plaquette_shape)


def _full(values: Floats, grid: Grid) -> Floats:
    """Plaquette values with the missing ones of open axes, which lie on the surface, set to 0."""
    full = np.zeros(grid.shape)
    full[_inside(grid)] = values
    return full
