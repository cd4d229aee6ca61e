"""The London limit: linear screening of vortices and pseudo-gauge fields, used to place vortices.

With |ψ| = 1 Ampère's law κ²∇×B = j and curl v = B + ∇×ã − 2πn (n: vortex density) give

    (1 − κ²∇²)(B − H) = 2πn − ∇×ã − H,     E = κ² ∫ s G s,   s = 2πn − ∇×ã − H,   G = (1 − κ²∇²)⁻¹,

with B = H on open surfaces.  A vortex of winding w at r therefore gains 4πκ² w (G s)(r) from what is
there already, on top of its own line energy ε1 = 2π(ln κ + 0.497) (Hu 1972).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import circulation, curl_of_plaquettes
from ..numerics.modes import AT, BETWEEN, Modes
from .problem import GinzburgLandau

__all__ = ["London"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class London:
    """Linear response of a problem, on its own plaquettes."""

    problem: GinzburgLandau

    @cached_property
    def modes(self) -> Modes:
        """Modes of the grid."""
        return Modes(self.problem.grid)

    @property
    def line_energy(self) -> float:
        """Energy of one vortex far from others, ε1 = 2π(ln κ + 0.497), where a small sample cuts κ off."""
        reach = min(self.problem.kappa, 0.5 * min(self.problem.grid.extent))
        return 2 * math.pi * (math.log(max(reach, 0.75)) + 0.497)

    def potential(self, source: Array) -> Array:
        """4πκ² G source on plaquettes: the energy of a positive vortex there; a logarithm if κ = ∞."""
        place = (BETWEEN, BETWEEN)
        squared = self.modes.squared + 1 / self.problem.kappa**2
        amplitudes = self.modes.forward(4 * math.pi * source, place) / np.where(squared > 0, squared, np.inf)
        return self.modes.inverse(amplitudes, place)

    @cached_property
    def frozen_source(self) -> Array:
        """−∇×ã − H on plaquettes."""
        grid, problem = self.problem.grid, self.problem
        curl = circulation(grid, problem.pseudo_links)
        source: Array = -(curl + problem.field_source) / grid.cell
        nx, ny = grid.plaquette_shape
        source[nx:], source[:, ny:] = 0.0, 0.0
        return source

    @cached_property
    def landscape(self) -> Array:
        """4πκ² G(−∇×ã − H): the energy of a positive vortex on each plaquette, without its line energy."""
        return self.potential(self.frozen_source)

    def repulsion(self, vortex: tuple[int, int]) -> Array:
        """Energy of a second positive vortex on each plaquette, from one positive vortex on this one."""
        source = np.zeros(self.problem.grid.shape)
        source[vortex] = 2 * math.pi / self.problem.grid.cell
        return self.potential(source)

    @cached_property
    def _longitudinal_links(self) -> Array:
        """The part of ã that a gauge transformation removes: a lattice gradient that closes round the cell."""
        modes, places = self.modes, ((BETWEEN, AT), (AT, BETWEEN))
        ax, ay = (modes.forward(a, place) for a, place in zip(self.problem.pseudo_links, places, strict=True))
        gx, gy = modes.gradient
        along = (np.conj(gx) * ax + np.conj(gy) * ay) / np.where(modes.squared > 0, modes.squared, np.inf)
        return np.stack([modes.inverse(g * along, place) for g, place in zip((gx, gy), places, strict=True)])

    @cached_property
    def frozen_potential(self) -> Array:
        """Links of A with B = H + m on every plaquette: what κ = ∞ leaves of the vector potential."""
        place = (BETWEEN, BETWEEN)
        squared = self.modes.squared
        source = np.broadcast_to(self.problem.field_source, self.problem.grid.shape).copy()
        nx, ny = self.problem.grid.plaquette_shape
        source[nx:], source[:, ny:] = 0.0, 0.0
        amplitudes = self.modes.forward(source / self.problem.grid.cell, place) / np.where(
            squared > 0, squared, np.inf
        )
        return curl_of_plaquettes(self.problem.grid, self.modes.inverse(amplitudes, place))

    def order_parameter(self, winding: NDArray[np.int64]) -> NDArray[np.complex128]:
        """ψ for integer windings on the plaquettes (Nx, Ny), at A = 0.

        The superflow ∇θ + A_background + (longitudinal part of ã) is divergence-free, has circulation
        flux − 2π winding and closes round the cell; the amplitude (1 + 2v²)^(−1/2), with v the flow at a
        site, is that of a core of size √2.
        """
        problem, grid = self.problem, self.problem.grid
        charge = np.asarray(problem.background_flux - 2 * math.pi * winding, dtype=float) / grid.cell
        place = (BETWEEN, BETWEEN)
        squared = self.modes.squared
        amplitudes = self.modes.forward(charge, place) / np.where(squared > 0, squared, np.inf)
        flow = curl_of_plaquettes(grid, self.modes.inverse(amplitudes, place))
        steps = flow - problem.background_links - self._longitudinal_links
        for axis in self.modes.periodic_axes:  # the phase must close: remove the fraction of a turn
            turn = float(np.take(steps[axis], 0, axis=1 - axis).sum())
            steps[axis] -= (turn - 2 * math.pi * round(turn / (2 * math.pi))) / grid.shape[axis]
        theta = np.zeros(grid.shape)
        theta[1:, 0] = np.cumsum(steps[0, :-1, 0])
        theta[:, 1:] = theta[:, :1] + np.cumsum(steps[1, :, :-1], axis=1)
        square = sum((0.5 * (f + np.roll(f, 1, axis=a))) ** 2 for a, f in enumerate(flow)) / grid.cell
        psi: NDArray[np.complex128] = np.exp(1j * theta) / np.sqrt(1 + 2 * square)
        return psi
