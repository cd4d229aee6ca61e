"""The London limit: linear screening of vortices and pseudo-gauge fields, used to place vortices.

With |ψ| = 1 Ampère's law κ²∇×B = j and curl v = B + ∇×ã − 2πn (n: vortex density) give

    (1 − κ²∇²)(B − H) = 2πn − ∇×ã − H,     E = κ² ∫ s G s,   s = 2πn − ∇×ã − H,   G = (1 − κ²∇²)⁻¹,

with B = H on open surfaces.  A vortex of winding w at r therefore gains 4πκ² w (G s)(r) from what is
there already, on top of its own line energy ε1 = 2π(ln κ + 0.497) (Hu 1972).  These energies are for two dimensions;
the flow of given vortices (`London.order_parameter`) is for layers too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import areas, circulation, curl_of_plaquettes, face_shape, normals, only_existing
from ..numerics.modes import BETWEEN, Modes
from .edges import Edges
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
        """Energy of one vortex far from others, ε1 = 2πμ(ln(κ/μ) + 0.497), where a small sample cuts κ off.

        μ = √(m_x m_y) of a uniform stiffness, by scaling lengths (docs/theory/ginzburg_landau.md).
        """
        screening = self.problem.pearl_length or self.problem.kappa
        mean = math.sqrt(self.problem.masses[0] * self.problem.masses[1])
        reach = min(screening / mean, 0.5 * min(self.problem.grid.extent))
        return 2 * math.pi * mean * (math.log(max(reach, 0.75)) + 0.497)

    def potential(self, source: Array) -> Array:
        """4πκ² G source on plaquettes: the energy of a positive vortex there; a logarithm if κ = ∞."""
        place = (BETWEEN, BETWEEN)
        squared, film = self.modes.curl_of_flow(self.problem.masses), self.problem.stray_field
        squared = squared + (1 / self.problem.kappa**2 if film is None else film.compliance)
        if film is not None and not self.problem.quantised:
            return Edges(self.problem, film).potential(4 * math.pi * source)
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

    def longitudinal(self, links: Array) -> Array:
        """The part of links that a gauge transformation removes so that the rest carries a current without sources."""
        modes, problem = self.modes, self.problem
        spacings, masses = problem.grid.spacings, problem.masses
        push = sum(
            mass / spacing * np.conj(g) * modes.forward(part, place)
            for g, mass, spacing, part, place in zip(
                modes.gradient, masses, spacings, links, modes.link_places, strict=True
            )
        )
        weighted = sum(mass * np.abs(g) ** 2 for g, mass in zip(modes.gradient, masses, strict=True))
        push = push / np.where(weighted > 0, weighted, np.inf)
        return np.stack(
            [
                spacing * modes.inverse(g * push, place)
                for g, spacing, place in zip(modes.gradient, spacings, modes.link_places, strict=True)
            ]
        )

    @cached_property
    def _longitudinal_links(self) -> Array:
        return self.longitudinal(self.problem.pseudo_links)

    @cached_property
    def response(self) -> Array:
        """Links of A + ∇θ + ã that ã drives at rest: without its gradients, and screened where κ is finite."""
        problem, grid, modes = self.problem, self.problem.grid, self.modes
        if problem.frozen_field:
            links = problem.pseudo_links - self._longitudinal_links
            for axis in modes.periodic_axes:  # θ may wind
                turns = np.rint(links[axis].mean() * grid.shape[axis] / (2 * math.pi))
                links[axis] -= 2 * math.pi * turns / grid.shape[axis]
            return links
        pushed = self._screening(problem.pseudo_links, problem.field_stiffness)
        return np.asarray(problem.pseudo_links - pushed)

    def _screening(self, links: Array, stiffness: Array | float) -> Array:
        """−A in the gauge θ = 0, where (κ²∇×∇× + M) A = −M links: what the field takes off a flow."""
        modes, spacings, masses = self.modes, self.problem.grid.spacings, self.problem.masses
        given = zip(spacings, masses, links, modes.link_places, strict=True)
        push = [m * modes.forward(part / h, place) for h, m, part, place in given]
        own, along = modes.curl_inverse(stiffness, masses)
        mixed = sum(np.conj(v) * f for v, f in zip(along, push, strict=True))
        back = [d * f + v * mixed for d, v, f in zip(own, along, push, strict=True)]
        found = zip(spacings, back, modes.link_places, strict=True)
        return np.stack([h * modes.inverse(b, place) for h, b, place in found])

    def line_landscape(self, winding: NDArray[np.int64], axis: int = 2) -> Array:
        """4πκ² (B − H − m) along an axis beside vortex lines of this winding, (3, Nx, Ny, Nz), on plaquettes across it.

        By reciprocity the energy per length of one more positive line along it, without its own line energy.  κ = ∞ is
        taken as 30 times the largest side.
        """
        problem, grid = self.problem, self.problem.grid
        kappa = 30 * max(grid.extent) if problem.frozen_field else problem.kappa
        flux = problem.field_source + circulation(grid, problem.pseudo_links) - 2 * math.pi * winding
        flux = only_existing(grid, np.array(np.broadcast_to(flux, face_shape(grid))))
        excess = -circulation(grid, self._screening(self._flow(flux), kappa**2))
        if all(grid.periodic_axes[a] for a in normals(grid)[axis]):  # the mean, of which no flow knows
            excess[axis] -= flux[axis].mean()
        return np.asarray(4 * math.pi * kappa**2 / grid.cell * grid.spacings[axis] * excess[axis])

    def _flow(self, flux: Array) -> Array:
        """Links without divergence that have this circulation round the plaquettes."""
        grid, modes = self.problem.grid, self.modes
        squared = np.where(modes.squared > 0, modes.squared, np.inf)
        faces = np.reshape(flux / areas(grid), (-1, *grid.shape))
        solved = np.stack(
            [
                modes.inverse(modes.forward(face, place) / squared, place)
                for face, place in zip(faces, modes.plaquette_places, strict=True)
            ]
        )
        return curl_of_plaquettes(grid, solved.reshape(flux.shape))

    def flow(self, flux: Array) -> Array:
        """Links with this circulation (on all plaquettes, or one row of them) that carry a current without sources."""
        everywhere = np.array(np.broadcast_to(flux, face_shape(self.problem.grid)), dtype=float)
        links = self._flow(only_existing(self.problem.grid, everywhere))
        return links - self.longitudinal(links) if len(set(self.problem.masses)) > 1 else links

    @cached_property
    def frozen_potential(self) -> Array:
        """Links of A with B = H + m on every plaquette: what κ = ∞ leaves of the vector potential."""
        return self.with_frozen_field(np.zeros((self.problem.grid.ndim, *self.problem.grid.shape)))

    def with_frozen_field(self, links: Array) -> Array:
        """Links of A in the gauge of ``links``, changed to B = H + m."""
        grid = self.problem.grid
        source = np.array(np.broadcast_to(self.problem.field_source, face_shape(grid)))
        source = only_existing(grid, source)
        changed: Array = links + self._flow(source - circulation(grid, links))
        return changed

    def order_parameter(self, winding: NDArray[np.int64]) -> NDArray[np.complex128]:
        """ψ for integer windings on the plaquettes, (Nx, Ny) or (3, Nx, Ny, Nz), at A = 0.

        The superflow ∇θ + A_background + (longitudinal part of ã) is free of sources, has circulation
        flux − 2π winding and closes round the cell; the amplitude (1 + 2v²)^(−1/2), with v the flow at a
        site, is that of a core of size √2.
        """
        problem, grid = self.problem, self.problem.grid
        if grid.fully_periodic and not problem.quantised:  # the flow returns through the vacuum
            winding = winding.copy()
            winding[problem.vacuum.corner] -= winding.sum()
        flow = self.flow(problem.background_flux - 2 * math.pi * winding)
        steps = flow - problem.background_links - self._longitudinal_links
        for axis in self.modes.periodic_axes:  # the phase must close: remove the fraction of a turn
            first = tuple(slice(None) if a == axis else 0 for a in range(grid.ndim))
            turn = float(steps[axis][first].sum())
            steps[axis] -= (turn - 2 * math.pi * round(turn / (2 * math.pi))) / grid.shape[axis]
        theta = np.zeros(grid.shape)
        for axis in range(grid.ndim):
            later = grid.ndim - 1 - axis
            line = steps[axis][(..., *(0,) * later)]
            theta += (np.cumsum(line, axis=-1) - line).reshape(*line.shape, *(1,) * later)
        square = sum(
            m * (0.5 * (f + np.roll(f, 1, axis=a)) / h) ** 2
            for a, (f, m, h) in enumerate(zip(flow, problem.masses, grid.spacings, strict=True))
        )
        psi: NDArray[np.complex128] = np.exp(1j * theta) / np.sqrt(1 + 2 * square)
        return psi
