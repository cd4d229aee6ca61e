"""The gas of vortex lines: lines through a periodic box and closed ones, with their energy in the London limit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError, require
from ...numerics.curl import areas, circulation
from ..problem import GinzburgLandau
from ..state import State
from ..vortex_lines import VortexLine, trace
from ..vortices import Piercings
from .line_interaction import LineInteraction

__all__ = ["LineConfiguration", "LineGas"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LineConfiguration:
    """Vortex lines as windings of plaquettes, (3, Nx, Ny, Nz); energies in Φ0²ξ/8π²μ0λ², relative to no lines.

    ``own`` is what the lines cost by themselves, ``pinning`` what the landscape adds; ``lines`` are polylines
    that `minimise` accepts as a start.
    """

    winding: Ints
    own: float
    pinning: float
    lines: tuple[VortexLine, ...] = field(repr=False)

    @property
    def energy(self) -> float:
        """The sum of both."""
        return self.own + self.pinning

    @property
    def flux(self) -> tuple[int, int, int]:
        """Net flux through the box along x, y and z, in Φ0: the flux sector."""
        x, y, z = (int(w.sum()) // n for w, n in zip(self.winding, self.winding.shape[1:], strict=True))
        return x, y, z

    @property
    def loops(self) -> int:
        """How many lines close within the box."""
        return sum(bool(np.abs(line.span).max() < 1e-9) for line in self.lines)


@dataclass(frozen=True, eq=False)
class LineGas:
    """Lines of winding ±1 through the plaquettes of a periodic box: `LineInteraction` and a landscape.

        E = ½ Σ_a Σ_rr' n_a(r) n_a(r') U_a(r − r') + Σ_a Σ_r [n_a(r) V_a(r) + |n_a(r)| C_a]

    ``landscape``: V, the energy of a positive segment on each plaquette, broadcast to (3, Nx, Ny, Nz); see `of`.

    Raises `InputError` for NaN and shapes that do not fit.

    >>> from pseudogauge.numerics.grid import Grid
    >>> gas = LineGas(LineInteraction(Grid((16, 16, 8), 1.0), kappa=3.0))
    >>> line = gas.straight(5, 6)
    >>> gas.configuration(line).flux, round(gas.configuration(line).energy / 8, 3)
    ((0, 0, 1), 11.609)
    """

    interaction: LineInteraction
    landscape: ArrayLike = 0.0
    values: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (3, *self.interaction.grid.shape)
        try:
            values = np.array(np.broadcast_to(np.asarray(self.landscape, dtype=float), shape))
        except (TypeError, ValueError):
            given = np.shape(self.landscape)
            raise InputError("landscape", f"of shape {given}", f"numbers of shape {shape}") from None
        require(bool(np.isfinite(values).all()), "landscape", "not finite everywhere", "finite")
        object.__setattr__(self, "values", values)

    @classmethod
    def of(cls, problem: GinzburgLandau, vortex_free: State | None = None) -> LineGas:
        """The gas of a layered Ginzburg-Landau problem in a periodic box, on its own plaquettes.

        V_a = 4πκ² ℓ_a [𝒢(−∇×ã − H)]_a, with the lattice's own 𝒢 and segments of length ℓ_a. ``vortex_free``, a
        minimised state of the problem without vortices, gives V_a = 4πκ² ℓ_a (B − H − m)_a instead, which knows how
        ã suppresses ψ and with it its own current; without it, beyond depairing, London theory fills with small loops.

        >>> from pseudogauge.numerics.grid import Grid
        >>> problem = GinzburgLandau(Grid((8, 8, 8), 1.0), 4.0, applied_field=(0, 0, 0.01))
        >>> bool(np.isclose(LineGas.of(problem).values[2, 0, 0, 0], -4 * math.pi * 16 * 0.01))   # −4πκ²H
        True
        """
        require(problem.grid.ndim == 3 and not problem.frozen_field, "problem", problem,
                "three-dimensional, with finite κ")  # fmt: skip
        interaction = LineInteraction(problem.grid, problem.kappa, problem.anisotropy)
        area, lengths = areas(problem.grid), np.reshape(problem.grid.spacings, (3, 1, 1, 1))
        if vortex_free is None:
            gas = cls.from_links(interaction, problem.pseudo_links)
            return cls(interaction, gas.values - interaction.screened(problem.field_source / area))
        clean = not vortex_free.vortex_lines and not np.any(vortex_free.problem.flux_quanta)
        require(clean, "vortex_free", vortex_free, "a state without vortices and flux")
        excess = vortex_free.magnetic_field - problem.field_source / area
        return cls(interaction, 4 * math.pi * problem.kappa**2 * lengths * excess)

    @classmethod
    def from_links(cls, interaction: LineInteraction, pseudo_links: Array) -> LineGas:
        """The gas in the pseudo-potential ã given on links, (3, Nx, Ny, Nz), without a field; see `of`."""
        source = -circulation(interaction.grid, pseudo_links) / areas(interaction.grid)
        return cls(interaction, interaction.screened(source))

    def potential_of(self, winding: Ints) -> Array:
        """Energy of one more positive segment on every plaquette: interaction and landscape."""
        return self.interaction.potential_of(winding) + self.values

    def configuration(self, winding: Ints) -> LineConfiguration:
        """Energies and polylines of windings (3, Nx, Ny, Nz) without divergence. Raises `InputError` for others."""
        there = sum(np.roll(w, -1, axis=a) - w for a, w in enumerate(winding))
        require(not np.any(there), "winding", "lines that end", "windings without divergence")
        own = 0.5 * float((winding * self.interaction.potential_of(winding)).sum())
        own += float(np.abs(winding).sum(axis=(1, 2, 3)) @ self.interaction.core)
        return LineConfiguration(winding, own, float((winding * self.values).sum()), self._traced(winding))

    def straight(self, i: int, j: int, turns: int = 1) -> Ints:
        """Windings of one straight line along z through the plaquettes (i, j)."""
        winding = np.zeros(self.values.shape, dtype=np.int64)
        winding[2, i, j, :] = turns
        return winding

    def _traced(self, winding: Ints) -> tuple[VortexLine, ...]:
        pierced = []
        for part in winding:
            at = np.nonzero(part)
            middle = np.full(at[0].size, 0.5)
            pierced.append(Piercings(at, middle, middle, part[at]))
        return trace(self.interaction.grid, pierced)
