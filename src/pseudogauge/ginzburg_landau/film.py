"""Thin films: the field energy is that of the stray field in the two half spaces (Pearl, Appl. Phys. Lett. 5, 65).

With Λ = 2λ²/d, lengths in ξ and energies in Φ0²d/8π²μ0λ², sheet currents of the film make the own field b at z = 0
and the energy

    Λ Σ_k |b(k)|²/k = Λ Σ_k k |A⊥(k)|²,

in place of κ² Σ_k |b(k)|².  See docs/theory/film.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..errors import InputError
from ..numerics.curl import circulation, curl_of_plaquettes
from ..numerics.grid import Grid
from ..numerics.modes import BETWEEN, Modes

if TYPE_CHECKING:
    from .state import State

__all__ = ["StrayField", "Vacuum", "sheet_moment", "vacuum_around"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
PLAQUETTES = (BETWEEN, BETWEEN)
BLUR = 4  # spacings between the cut of the kernel and the nearest pair of points that must not notice it


class Vacuum(NamedTuple):
    """Where a film in a periodic cell leaves vacuum."""

    seam: tuple[int, int] | None  # axis and index of plaquettes that loops in the sample cannot cross
    corner: tuple[int, int]  # a plaquette far from the sample
    reach: float  # distance at which the field of a current is cut off; infinite where the film repeats


def vacuum_around(grid: Grid, mask: Mask | None) -> Vacuum:
    """The vacuum round a film: on all sides if it is isolated, along one axis for a strip, or none.

    Raises
    ------
    InputError : if the cell is too small to keep an isolated film apart from its images.
    """
    if mask is None:
        return Vacuum(None, (0, 0), math.inf)
    gaps = [_widest_gap(np.any(mask, axis=1 - axis)) for axis in range(2)]
    middle = [(first + length // 2) % n for (first, length), n in zip(gaps, grid.shape, strict=True)]
    seams = [(axis, middle[axis]) for axis, (_, length) in enumerate(gaps) if length]
    isolated = len(seams) == 2
    reach = _reach(grid, mask, [length for _, length in gaps], middle) if isolated else math.inf
    return Vacuum(seams[0] if seams else None, (middle[0], middle[1]), reach)


def _widest_gap(occupied: Mask) -> tuple[int, int]:
    """First index and length of the longest run of False on a ring."""
    filled = np.flatnonzero(occupied)
    lengths = np.diff(filled, append=filled[0] + occupied.size) - 1
    widest = int(np.argmax(lengths))
    return int(filled[widest] + 1) % occupied.size, int(lengths[widest])


def _reach(grid: Grid, mask: Mask, gaps: list[int], middle: list[int]) -> float:
    """Longer than the sample, shorter than the way to its images, as far from both as can be."""
    together = np.roll(mask, [-m for m in middle], axis=(0, 1))  # not cut by the edge of the cell
    places = np.argwhere(together) + 0.5
    centre = 0.5 * (places.min(axis=0) + places.max(axis=0))
    longest = 2 * float(np.hypot(*(places - centre).T).max()) + 1
    sides = [n - gap for n, gap in zip(grid.shape, gaps, strict=True)]
    needed = tuple(math.ceil(side + longest + 2 * BLUR) for side in sides)
    if any(n < enough for n, enough in zip(grid.shape, needed, strict=True)):
        fix = "enlarge the cell with vacuum; the film then feels none of its periodic images"
        allowed = (
            f"at least {needed} sites for a film of {sides[0]} × {sides[1]} that is not to feel its images"
        )
        raise InputError("grid.shape", grid.shape, allowed, fix)
    return 0.5 * (longest + min(gaps)) * grid.spacing


@dataclass(frozen=True, eq=False)
class StrayField:
    """The field of sheet currents in a periodic cell, and its energy.

    Currents j⊥(k) make A⊥(k) = Q(k) j⊥(k)/Λ with Q = 1/k if the film repeats.  For an isolated film the kernel
    1/2πr of Q is cut at ``vacuum.reach``, Q = (1/k)∫₀^{k reach} J₀: positive, and exact between points of the film.
    """

    grid: Grid
    pearl_length: float
    vacuum: Vacuum

    @cached_property
    def inverse_kernel(self) -> Array:
        """1/Q for every mode: k, for a film that repeats; 0 at k = 0, of which there is no current."""
        kx, ky = Modes(self.grid).wavenumbers
        k = np.hypot(kx, ky)
        if math.isinf(self.vacuum.reach):
            return k
        cut = special.itj0y0(k * self.vacuum.reach)[0]
        return np.divide(k, cut, where=k > 0, out=np.zeros_like(k))

    @cached_property
    def stiffness(self) -> Array:
        """K(k), which stands for κ²: the field energy is Σ K |b|², and K k² = Λ/Q."""
        squared = Modes(self.grid).squared
        return self.pearl_length * self.inverse_kernel / np.where(squared > 0, squared, np.inf)

    @cached_property
    def compliance(self) -> Array:
        """1/K: the field that a stream function g makes is b = g/K; k/Λ, and 0 at k = 0."""
        squared, stiff = Modes(self.grid).squared, self.pearl_length * self.inverse_kernel
        return np.divide(squared, stiff, where=squared > 0, out=np.zeros_like(squared))

    def stream(self, flux: Array, threads: int = 1) -> Array:
        """g with j = ∇×(g ẑ) for the currents that make this flux (Nx, Ny) through the plaquettes.

        2g/Λ is the moment per area; the constant is such that the mean vanishes.
        """
        modes = _modes(self.grid, threads)
        amplitudes = self.stiffness * modes.forward(flux, PLAQUETTES)
        return modes.inverse(amplitudes, PLAQUETTES) / self.grid.cell

    def add_energy(self, links: Array, source: Array, gradient: Array, threads: int = 1) -> float:
        """Field energy of the vector potential ``links``; its derivative is added to ``gradient``."""
        flux = circulation(self.grid, links) - source
        stream = self.stream(flux, threads)
        gradient += curl_of_plaquettes(self.grid, 2 * stream)
        return float((flux * stream).sum())

    def closed(self, flux: Array) -> Array:
        """The same flux, which beside vacuum returns through the seam, which loops in the sample cannot cross."""
        if self.vacuum.seam is not None:
            axis, place = self.vacuum.seam
            np.moveaxis(flux, axis, 0)[place] -= flux.sum(axis=axis)
        return flux

    def of_moments(self, moments: Array) -> Array:
        """Flux through the plaquettes of a sheet of moments, μ0 × moment per area in H_c2 ξ: b = k m/2."""
        modes = _modes(self.grid, 1)
        amplitudes = 0.5 * self.pearl_length * self.compliance * modes.forward(moments, PLAQUETTES)
        return modes.inverse(amplitudes, PLAQUETTES) * self.grid.cell


def sheet_moment(state: State) -> Array:
    """μ0 × moment per area of the supercurrents of a film, in H_c2 ξ, on plaquettes (Nx, Ny).

    With g such that j = ∇×(g ẑ), this is 2g/Λ; zero outside an isolated film, of zero mean in a film without end.
    Its sum times dx² is μ0 × the magnetic moment in H_c2 ξ³; above the film, at the height z, the field is H (or the
    mean field) plus ``magnetometry.moment_sheet_field(sheet_moment(state), dx, z, periodic=...)``.

    Raises
    ------
    InputError : for the state of a bulk problem.

    >>> from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
    >>> grid, inside = Grid((40, 40), 0.5), lambda x, y: (abs(x - 10) < 3) & (abs(y - 10) < 3)
    >>> film = GinzburgLandau(grid, pearl_length=10.0, sample=inside, applied_field=1e-3)
    >>> moment = sheet_moment(minimise(film, start="uniform"))
    >>> bool(moment.min() < 0 and abs(moment[0]).max() < 1e-9)
    True
    """
    problem = state.problem
    film = problem.stray_field
    if film is None:
        raise InputError("state", state, "of a film", "give the problem a pearl_length")
    stream = film.stream(circulation(problem.grid, state.vector_potential) - problem.coefficients.source)
    outside = 0.0 if problem.quantised else stream[problem.vacuum.corner]
    return (2 / film.pearl_length) * (stream - outside)


@lru_cache(maxsize=8)
def _modes(grid: Grid, threads: int) -> Modes:
    return Modes(grid, threads)
