"""Normal modes of the lattice Laplacian on a grid with periodic and open axes.

Along a periodic axis everything is a Fourier series.  Along an open axis, whose surface lies half a spacing
outside the outermost sites, quantities at sites (and tangential links) are cosine series,
and quantities between sites (normal links, plaquettes) are sine series that vanish at the surface.
All of them are eigenfunctions with the same lattice wavenumbers d = (2/dx) sin(k dx/2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from .curl import normals
from .grid import Grid

__all__ = ["AT", "BETWEEN", "Modes"]

Array = NDArray[np.float64]
AT, BETWEEN = False, True  # where a quantity lives along an axis: at the sites or between them


@dataclass(frozen=True)
class Modes:
    """Transforms between a grid and its modes; ``place`` says, per axis, `AT` sites or `BETWEEN` them.

    >>> modes = Modes(Grid(shape=(4, 4), spacing=1.0, periodic=(True, False)))
    >>> values = np.arange(16.0).reshape(4, 4)
    >>> bool(np.allclose(modes.inverse(modes.forward(values, (AT, AT)), (AT, AT)), values))
    True
    """

    grid: Grid
    workers: int = 1

    @cached_property
    def periodic_axes(self) -> tuple[int, ...]:
        """Numbers of the periodic axes."""
        return tuple(axis for axis, wraps in enumerate(self.grid.periodic_axes) if wraps)

    @cached_property
    def wavenumbers(self) -> tuple[Array, ...]:
        """Ordinary wavenumbers k of every axis, shaped to broadcast over the modes."""
        found: list[Array] = []
        for axis, (n, spacing) in enumerate(zip(self.grid.shape, self.grid.spacings, strict=True)):
            if not self.grid.periodic_axes[axis]:
                k = np.arange(n) * (math.pi / (n * spacing))
            elif axis == self.periodic_axes[-1]:
                k = fft.rfftfreq(n) * (2 * math.pi / spacing)
            else:
                k = fft.fftfreq(n) * (2 * math.pi / spacing)
            shape = [-1 if a == axis else 1 for a in range(self.grid.ndim)]
            found.append(np.asarray(k, dtype=float).reshape(shape))
        return tuple(found)

    @cached_property
    def gradient(self) -> tuple[NDArray[Any], ...]:
        """Factors that turn the modes of a site function into those of its link differences / spacing."""
        axes = zip(self.wavenumbers, self.grid.spacings, self.grid.periodic_axes, strict=True)
        return tuple(
            (np.exp(1j * k * dx) - 1) / dx if wraps else -2 / dx * np.sin(k * dx / 2) for k, dx, wraps in axes
        )

    @property
    def link_places(self) -> tuple[tuple[bool, ...], ...]:
        """Where the links of every axis live."""
        return tuple(self._between(axis) for axis in range(self.grid.ndim))

    @property
    def plaquette_places(self) -> tuple[tuple[bool, ...], ...]:
        """Where the plaquettes of every orientation live."""
        return tuple(self._between(*spanned) for spanned in normals(self.grid))

    def _between(self, *axes: int) -> tuple[bool, ...]:
        return tuple(BETWEEN if axis in axes else AT for axis in range(self.grid.ndim))

    @cached_property
    def squared(self) -> Array:
        """Eigenvalues of −∇² on the lattice, one per mode."""
        return np.asarray(sum(np.abs(g) ** 2 for g in self.gradient), dtype=float)

    def curl_of_flow(self, masses: Sequence[float]) -> Array:
        """Eigenvalues of ∇×M⁻¹∇× on the plaquettes of two dimensions, M the inverse masses along x and y."""
        along_x, along_y = self.gradient
        return np.asarray(np.abs(along_x) ** 2 / masses[1] + np.abs(along_y) ** 2 / masses[0], dtype=float)

    def curl_inverse(
        self, stiffness: Array | float, masses: Sequence[float]
    ) -> tuple[list[Array], list[NDArray[Any]]]:
        """Inverse of stiffness × ∇×∇× + masses on link fields (per length), diag(d) + l l†: the d and the l, by axis.

        With g the gradient ∇×∇× is |g|² − g g†, and Sherman and Morrison's formula applies.
        """
        stiff = stiffness * self.squared
        own = [1 / (stiff + m) for m in masses]
        with np.errstate(divide="ignore", invalid="ignore"):
            rest = sum(np.abs(g) ** 2 * m * d for g, m, d in zip(self.gradient, masses, own, strict=True))
            mixing = np.where(self.squared > 0, np.sqrt(stiff / rest), 0.0)
        return own, [mixing * d * g for d, g in zip(own, self.gradient, strict=True)]

    def forward(self, values: Array, place: tuple[bool, ...]) -> NDArray[Any]:
        """Orthonormal mode amplitudes of a real array."""
        modes: NDArray[Any] = values
        for axis in self._open_axes:
            if place[axis] is AT:
                modes = fft.dct(modes, type=2, norm="ortho", axis=axis, workers=self.workers)
            else:  # sine mode n sits at index n, so that it meets cosine mode n; there is no n = 0
                inside = np.moveaxis(modes, axis, 0)[:-1]
                sines = fft.dst(inside, type=1, norm="ortho", axis=0, workers=self.workers)
                modes = np.moveaxis(np.concatenate([np.zeros_like(sines[:1]), sines]), 0, axis)
        if self.periodic_axes:
            modes = fft.rfftn(modes, axes=self.periodic_axes, norm="ortho", workers=self.workers)
        return modes

    def inverse(self, modes: NDArray[Any], place: tuple[bool, ...]) -> Array:
        """The real array with these mode amplitudes (zero on the links and plaquettes that do not exist)."""
        values = modes
        if self.periodic_axes:
            sizes = [self.grid.shape[axis] for axis in self.periodic_axes]
            axes = self.periodic_axes
            values = fft.irfftn(values, s=sizes, axes=axes, norm="ortho", workers=self.workers)
        for axis in self._open_axes:
            if place[axis] is AT:
                values = fft.idct(values, type=2, norm="ortho", axis=axis, workers=self.workers)
            else:
                sines = np.moveaxis(values, axis, 0)[1:]
                inside = fft.idst(sines, type=1, norm="ortho", axis=0, workers=self.workers)
                values = np.moveaxis(np.concatenate([inside, np.zeros_like(inside[:1])]), 0, axis)
        return values

    @cached_property
    def _open_axes(self) -> tuple[int, ...]:
        return tuple(axis for axis, wraps in enumerate(self.grid.periodic_axes) if not wraps)
