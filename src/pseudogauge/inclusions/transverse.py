"""Lattice form of ∇×h̃: link variables that are a discrete curl, found from their plaquette fluxes.

Links and plaquettes are laid out as in `pseudogauge.numerics.Grid`. On an open axis the plaquettes just
outside the sample have their centres on its surface, where h̃ = 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dst, fft, idst, ifft

from ..numerics.grid import Grid

__all__ = ["curl_links", "plaquette_flux", "stream_of_flux"]

Floats = NDArray[np.float64]


def plaquette_flux(links: Floats, grid: Grid) -> Floats:
    """Sum of the link integrals counterclockwise round every plaquette, shape grid.plaquette_shape."""
    ax, ay = links
    flux = ax + np.roll(ay, -1, axis=0) - np.roll(ax, -1, axis=1) - ay
    return np.ascontiguousarray(flux[tuple(slice(n) for n in grid.plaquette_shape)])


def curl_links(stream: Floats, grid: Grid) -> Floats:
    """Line integrals of ∇×(h ẑ) = (∂_y h, −∂_x h) over the links: differences of adjacent plaquettes.

    >>> grid = Grid(shape=(4, 4), spacing=0.5, periodic=False)
    >>> float(curl_links(np.ones((3, 3)), grid)[0, 1, 0])   # a plateau: circulation along the surface
    1.0
    """
    full = np.zeros(grid.shape)  # the missing plaquette of an open axis lies on the surface, h = 0
    full[tuple(slice(n) for n in grid.plaquette_shape)] = stream
    return np.stack([full - np.roll(full, 1, axis=1), np.roll(full, 1, axis=0) - full])


def stream_of_flux(flux: Floats, grid: Grid, mean: float = 0.0) -> Floats:
    """h with plaquette_flux(curl_links(h)) = flux, and the given mean if both axes are periodic.

    curl curl = −Δ (five-point Laplacian), diagonal in sine (open axis) and Fourier (periodic) modes.
    """
    modes: Any = flux
    eigenvalue = np.zeros(flux.shape)
    for axis, (count, periodic) in enumerate(zip(grid.shape, grid.periodic_axes, strict=True)):
        k = np.arange(count) * 2 if periodic else np.arange(1, count)
        along = np.expand_dims(2 - 2 * np.cos(np.pi * k / count), 1 - axis)
        eigenvalue = eigenvalue + along
        modes = fft(modes, axis=axis) if periodic else _sine(dst, modes, axis)
    zero = grid.fully_periodic
    if zero:
        eigenvalue[0, 0] = 1.0
    modes = modes / eigenvalue
    if zero:
        modes[0, 0] = mean * grid.size
    for axis, periodic in enumerate(grid.periodic_axes):
        modes = ifft(modes, axis=axis) if periodic else _sine(idst, modes, axis)
    return np.ascontiguousarray(modes.real)


def _sine(transform: Any, values: Any, axis: int) -> Any:
    if np.iscomplexobj(values):
        return transform(values.real, type=1, axis=axis) + 1j * transform(values.imag, type=1, axis=axis)
    return transform(values, type=1, axis=axis)
