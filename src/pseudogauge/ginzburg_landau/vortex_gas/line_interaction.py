"""How segments of vortex lines interact in an anisotropic London superconductor, on a periodic grid.

Lines run along the edges of the dual grid; segment (a, i, j, k) pierces the plaquette (i, j, k) normal to axis a.
With winding numbers n_a the energy of closed lines is ½ Σ_a Σ_rr' n_a(r) n_a(r') U_a(r − r'), where

    U_z(q) = 8π²κ² (1 + Γ²κ²q²) / (1 + κ²q²)(1 + κ²Q²),   U_x = U_y = 8π²κ² / (1 + κ²Q²),   Q² = q_z² + Γ²(q_x² + q_y²),

times the form factor of the segments and the same soft core as for straight lines. Derivation:
docs/theory/vortex_gas.md, section 6.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import exp1

from ...errors import require
from ...numerics.grid import Grid
from .interaction import CUT_OFF, core_radius, line_energy

__all__ = ["LineInteraction"]

Array = NDArray[np.float64]
WIDER = 1.25
"""The soft core over that of straight lines. What it takes off ε1, 1.4 for κ ≫ 1, is put back as an energy of each
segment. On a grid of 1 ξ staircases then cost what straight lines do within 4 %, no line gains by wriggling, and small
loops cost more than ã gives to them up to depairing."""


@dataclass(frozen=True, eq=False)
class LineInteraction:
    """Interaction of line segments on the plaquettes of a periodic three-dimensional ``grid`` (lengths in ξ).

    A straight line along z costs what it does in `VortexGas`, one within the layers (2π/Γ)[ln(Γκ) + 0.497].

    Raises `InputError` for a grid that is not, a κ ≤ 0 or infinite, Γ < 1.

    >>> free = LineInteraction(Grid((16, 16, 4), 1.0), kappa=3.0)
    >>> free.tables.shape, bool(free.own_energies.min() > 0)
    ((3, 16, 16, 4), True)
    """

    grid: Grid
    kappa: float
    anisotropy: float = 1.0

    def __post_init__(self) -> None:
        good = isinstance(self.grid, Grid) and self.grid.ndim == 3 and self.grid.fully_periodic
        require(good, "grid", self.grid, "a Grid in three dimensions, periodic along every axis")
        require(0 < self.kappa < math.inf, "kappa", self.kappa, "positive and finite")
        require(1 <= self.anisotropy < math.inf, "anisotropy", self.anisotropy, "λ_c/λ_ab, at least 1")

    @cached_property
    def tables(self) -> Array:
        """U_a of two parallel segments at all displacements, (3, Nx, Ny, Nz), in Φ0²ξ/8π²μ0λ²."""
        grid, steps = self.grid, np.array(self.grid.spacings)
        radius = WIDER * core_radius(self.kappa) / np.array([1, 1, self.anisotropy])
        turns = 2 * math.pi / steps
        # sites see the spectrum folded: waves that differ by a reciprocal lattice vector of the grid are one
        folds = [math.ceil(0.5 * (CUT_OFF / r * h / math.pi - 1)) for r, h in zip(radius, steps, strict=True)]
        spectrum = np.zeros((3, *grid.shape[:2], grid.shape[2] // 2 + 1))
        for shift in itertools.product(*(range(-n, n + 1) for n in folds)):
            q = [k + m * turn for k, m, turn in zip(self._waves, shift, turns, strict=True)]
            spectrum += self._spectrum(q, steps, radius)
        return np.ascontiguousarray(np.fft.irfftn(spectrum, s=grid.shape, axes=(1, 2, 3)) / grid.cell)

    @cached_property
    def _waves(self) -> list[Array]:
        """q_x, q_y, q_z of the grid's modes, shaped to broadcast."""
        nx, ny, nz = self.grid.shape
        numbers = (np.fft.fftfreq(nx), np.fft.fftfreq(ny), np.fft.rfftfreq(nz))
        return [
            np.reshape(2 * math.pi / h * n, [-1 if b == a else 1 for b in range(3)])
            for a, (n, h) in enumerate(zip(numbers, self.grid.spacings, strict=True))
        ]

    def _spectrum(self, q: list[Array], steps: Array, radius: Array) -> Array:
        """U_a(q) of segments as long as the steps."""
        core = np.ones(())
        for k, r in zip(q, radius, strict=True):
            core = core * np.exp(-((r * k) ** 2))
        # lines within layers are screened over Γκ, in lengths that make their cores round
        ends = np.exp(-((radius[0] / self.kappa / np.array([self.anisotropy, self.anisotropy, 1])) ** 2))
        shapes = [(h * np.sinc(k * h / (2 * math.pi))) ** 2 for k, h in zip(q, steps, strict=True)]
        return np.stack(
            [u * core * end * shape for u, end, shape in zip(self._kernels(q), ends, shapes, strict=True)]
        )

    def _kernels(self, q: list[Array]) -> tuple[Array, Array, Array]:
        """U_x, U_y, U_z of the module's docstring."""
        kappa2, gamma2 = self.kappa**2, self.anisotropy**2
        flat = q[0] ** 2 + q[1] ** 2
        within = 8 * math.pi**2 * kappa2 / (1 + kappa2 * (q[2] ** 2 + gamma2 * flat))
        square = kappa2 * (flat + q[2] ** 2)
        return within, within, within * (1 + gamma2 * square) / (1 + square)

    def screened(self, source: Array) -> Array:
        """4πκ²ℓ_a(𝒢 source)_a on plaquettes, for a source without divergence that broadcasts to (3, Nx, Ny, Nz)."""
        steps = self.grid.spacings
        q = [2 / h * np.sin(0.5 * h * k) for k, h in zip(self._waves, steps, strict=True)]
        found = np.empty((3, *self.grid.shape))
        for a, kernel in enumerate(self._kernels(q)):
            one = np.broadcast_to(source[a], self.grid.shape)
            answer = np.fft.irfftn(kernel * np.fft.rfftn(one), s=self.grid.shape, axes=(0, 1, 2))
            found[a] = steps[a] / (2 * math.pi) * answer
        return found

    @cached_property
    def dipoles(self) -> Array:
        """What an elementary loop round a link along axis a does at plaquettes of the other two, (3, 2, Nx, Ny, Nz).

        The four segments of such a loop pierce the plaquettes that share the link; number 0 normal to axis
        a + 2, displaced along a + 1, and number 1 normal to a + 1, displaced along a + 2.
        """
        found = np.empty((3, 2, *self.grid.shape))
        for a in range(3):
            b, c = (a + 1) % 3, (a + 2) % 3
            found[a, 0] = self.tables[c] - np.roll(self.tables[c], -1, axis=b)
            found[a, 1] = np.roll(self.tables[b], -1, axis=c) - self.tables[b]
        return found

    @cached_property
    def core(self) -> Array:
        """Core energies of segments normal to x, y, z: what the soft core leaves of ε1, times the length."""
        x, y, z = self.grid.spacings
        left = line_energy(self.kappa) - math.pi * exp1((WIDER * core_radius(self.kappa) / self.kappa) ** 2)
        return np.asarray(left * np.array([x / self.anisotropy, y / self.anisotropy, z]))

    @cached_property
    def own_energies(self) -> Array:
        """Energies of the elementary loops round links along x, y and z, without their cores."""
        return np.asarray(self.dipoles[:, 0, 0, 0, 0] - self.dipoles[:, 1, 0, 0, 0])

    @property
    def loop_energy(self) -> float:
        """Energy of the cheapest elementary loop."""
        return float((self.own_energies + 2 * (self.core.sum() - self.core)).min())

    def potential_of(self, winding: NDArray[np.int64]) -> Array:
        """Energy of a positive segment with these, on all plaquettes, (3, Nx, Ny, Nz)."""
        axes = (1, 2, 3)
        product = np.fft.rfftn(winding, axes=axes) * np.fft.rfftn(self.tables, axes=axes)
        return np.ascontiguousarray(np.fft.irfftn(product, s=self.grid.shape, axes=axes))
