"""The energy of a problem as a function to be minimised, and the approximate shape of its Hessian.

The inverse Hessian is diagonal in the modes of the lattice: 1/(2k² + 2) for ψ (in gauges where link phases are
short, see `frames`), 1/(2κ²k² + 1.6) for the transverse part of A and 1/1.6 for its longitudinal part, which the
field energy does not see.  In layers that of A is a 3×3 matrix for every mode (docs/theory/layered.md).  Where a smooth
surface cuts cells, ψ is scaled by the square root of the diagonal (Jacobi), so that slivers are no slow modes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numerics.modes import AT, Modes
from .edges import Edges
from .energy import EnergyTerms, energy_and_gradient
from .frames import gauge_frames
from .problem import GinzburgLandau

__all__ = ["Landscape", "Point", "Short", "short"]

Array = NDArray[np.float64]
Short = NDArray[np.float32]


class Point(NamedTuple):
    """The energy at some values of the unknowns."""

    fields: Array  # the unknowns
    energy: float
    noise: float  # rounding error of the energy
    gradient: Array


@dataclass(frozen=True, eq=False)
class Landscape:
    """The energy of a problem as a function of its unknowns, and the shape of its Hessian.

    The unknowns are ψ and A, or, where B is frozen, ψ and the phase χ of a gauge transformation.  χ is idle in
    itself, but long waves of the phase, which ψ alone follows slowly, then converge as quickly as with a free field.
    """

    problem: GinzburgLandau
    threads: int
    given: Array  # fields to start from

    @property
    def start(self) -> Array:
        """The unknowns of ``given``."""
        if self._edges is not None:
            return np.concatenate([self.given[:2], self._edges.without_vacuum_currents(self.given[2:])])
        if not self.problem.frozen_field:
            return self.given
        return np.concatenate([self.given[:2], np.zeros((1, *self.problem.grid.shape))])

    def fields_at(self, unknowns: Array) -> Array:
        """(Re ψ, Im ψ, A); a frozen A as it was given."""
        if not self.problem.frozen_field:
            return unknowns
        psi = (unknowns[0] + 1j * unknowns[1]) * np.exp(-1j * unknowns[2])
        return np.stack([psi.real, psi.imag, *self.given[2:]])

    def at(self, fields: Array) -> Point:
        """Energy and gradient at these unknowns."""
        gauge, full = self.problem.frozen_field, fields
        if gauge:
            full = np.concatenate([fields[:2], self.given[2:] - self._along_links(fields[2])])
        gradient = np.empty_like(full)
        terms: EnergyTerms = energy_and_gradient(full, self.problem.coefficients, gradient, self.threads)
        if gauge:  # minus the transpose of `_along_links`
            gradient[2] = sum(a - np.roll(a, 1, axis) for axis, a in enumerate(gradient[2:].copy()))
            gradient = gradient[:3]
        return Point(fields, sum(terms), 1e-14 * (abs(terms[0]) + terms[1] + terms[2]), gradient)

    def _along_links(self, chi: Array) -> Array:
        """Differences of a site function along the links that exist."""
        steps = np.stack([np.roll(chi, -1, axis) - chi for axis in range(chi.ndim)])
        for axis, wraps in enumerate(self.problem.grid.periodic_axes):
            if not wraps:
                np.moveaxis(steps[axis], axis, 0)[-1] = 0.0
        return steps

    @cached_property
    def _modes(self) -> Modes:
        return Modes(self.problem.grid, self.threads)

    @cached_property
    def _order_inverse(self) -> Short:
        """Inverse Hessian of ψ."""
        return short(1 / (self.problem.grid.cell * (2 * self._kinetic + 2)))

    @cached_property
    def _scale(self) -> Array | float:
        """1/√(diagonal of the Hessian of ψ, relative to the bulk) at a smooth surface, 1 elsewhere."""
        problem = self.problem
        if problem.openings is None:
            return 1.0
        held = sum(w + np.roll(w, 1, axis) for axis, w in enumerate(problem.weights))
        held = held + problem.grid.cell * problem.filling
        bulk = 2 * sum(problem.link_weights) + problem.grid.cell
        return np.asarray(np.sqrt(bulk / held))

    @cached_property
    def _kinetic(self) -> Array:
        """Eigenvalues of −∇², every direction with its inverse mass."""
        pairs = zip(self._modes.gradient, self.problem.masses, strict=True)
        return np.asarray(sum(m * np.abs(g) ** 2 for g, m in pairs), dtype=float)

    @cached_property
    def _gauge_inverse(self) -> Short:
        """Inverse Hessian of χ."""
        squared = np.where(self._kinetic > 0, self._kinetic, np.inf)
        return short(1 / (1.6 * self.problem.grid.cell * squared))

    @cached_property
    def _potential_inverse(self) -> tuple[list[NDArray[Any]], list[NDArray[Any]]]:
        """Inverse Hessian of A, diag(d) + l l†: the diagonals d and the vectors l.

        The Hessian of fields is 2κ²∇×∇× + 1.6 M with M the inverse masses; links are line integrals, which brings the
        spacings in.
        """
        problem = self.problem
        masses = [1.6 * m for m in problem.masses]
        own, along = self._modes.curl_inverse(2 * problem.field_stiffness, masses)
        scale = [h / math.sqrt(problem.grid.cell) for h in problem.grid.spacings]
        own = [h**2 * d for h, d in zip(scale, own, strict=True)]
        along = [h * v for h, v in zip(scale, along, strict=True)]
        if self._stiff:
            return own, along
        single = [v.astype(np.complex64 if np.iscomplexobj(v) else np.float32) for v in along]
        return [short(d) for d in own], single

    @cached_property
    def _edges(self) -> Edges | None:
        """Of a film beside vacuum with Λ so small that the vacuum, where A has no Hessian of order 1, would matter."""
        film = self.problem.stray_field
        small = film is not None and film.pearl_length < 0.1 * max(self.problem.grid.extent)
        if film is None or self.problem.quantised or not small:
            return None
        return Edges(self.problem, film, self.threads)

    @property
    def precise(self) -> bool:
        """Whether single precision of earlier steps would bring in what the preconditioner cannot remove."""
        return self._edges is not None

    @property
    def _stiff(self) -> bool:
        """Whether magnetic forces, of order κ², would drown the others in single precision."""
        return self.problem.kappa > 300 or (self.problem.pearl_length or 0) > 1e5

    @cached_property
    def _frames(self) -> NDArray[np.complex64]:
        return gauge_frames(self.problem).astype(np.complex64)

    def precondition(self, gradient: Array) -> Array:
        """Approximate inverse Hessian times a gradient."""
        modes, sites = self._modes, (AT,) * self.problem.grid.ndim
        result = np.empty_like(gradient)
        re, im = short(gradient[:2] * self._scale)
        psi = np.zeros_like(self._frames[0])
        for frame in self._frames:
            smooth = np.conj(frame) * (re + 1j * im)
            parts = (
                modes.inverse(self._order_inverse * modes.forward(part, sites), sites)
                for part in (smooth.real, smooth.imag)
            )
            psi += frame * (next(parts) + 1j * next(parts))
        result[0], result[1] = self._scale * psi.real, self._scale * psi.imag
        if self.problem.frozen_field:
            (turn,) = short(gradient[2:])
            result[2] = modes.inverse(self._gauge_inverse * modes.forward(turn, sites), sites)
            return result
        if self._edges is not None:
            result[2:] = self._edges.precondition(gradient[2:])
            return result
        own, along = self._potential_inverse
        places = modes.link_places
        links = gradient[2:] if self._stiff else short(gradient[2:])
        forces = [modes.forward(a, place) for a, place in zip(links, places, strict=True)]
        common = sum(np.conj(v) * a for v, a in zip(along, forces, strict=True))
        for axis, (d, v, a, place) in enumerate(zip(own, along, forces, places, strict=True)):
            result[2 + axis] = modes.inverse(d * a + v * common, place)
        return result


def short(array: Array) -> Short:
    """In single precision, which is plenty for a direction."""
    return array.astype(np.float32)
