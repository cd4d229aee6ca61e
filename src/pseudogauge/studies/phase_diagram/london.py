"""Where London theory lets the first vortices in: alone between, alone inside, or as a pair.

Derivation: docs/theory/phase_diagram.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import k0

from ...ginzburg_landau import GinzburgLandau
from ...ginzburg_landau.london import London
from ...inclusions import Inclusions
from .crystal import Crystal, clearance, lower_critical_field

__all__ = ["Gains", "london_gains"]

Floats = NDArray[np.float64]
Spot = tuple[np.intp, ...]
CLOSEST = 2.0
"""Smallest distance in ξ at which two vortices are told apart."""
STARTS = 12
"""Inclusions tried for the antivortex of a pair."""


@dataclass(frozen=True)
class Gains:
    """Energy gained by the first vortices over what their lines cost: each pays where it exceeds 1.

    As gains are proportional to h̃, 1/gain is the threshold in units of the h̃ given. Beside other fields the cost is
    what they leave to pay; ∞ if nothing.

    Attributes: ``between`` (a vortex along the mean h̃), ``inside`` (an antivortex), ``pair`` (both), and their
    places in ξ, ``pair_places`` being ((x, y) of the vortex, (x, y) of the antivortex).
    """

    between: float
    inside: float
    pair: float
    between_place: tuple[float, float]
    inside_place: tuple[float, float]
    pair_places: tuple[tuple[float, float], tuple[float, float]]


def london_gains(
    problem: GinzburgLandau,
    sign: float = 1.0,
    crystal: Crystal | None = None,
    inclusions: Inclusions | None = None,
    beside: GinzburgLandau | None = None,
) -> Gains:
    """London gains of the first vortices in the pseudo-gauge field of ``problem`` (and its other fields).

    A vortex of winding w at r gains −w U(r), U = 4πκ²[h̃ − G*h̃] [LOB Eq. 12 at its minimum over A], and costs
    ε1 = 4πκ²H_c1; a pair at distance r costs 2ε1 − 4πK0(r/κ).

    Parameters
    ----------
    sign : of the winding that counts as along h̃.
    crystal : None for one pair alone; else one pair for every inclusion of this crystal, whose cell ``problem`` is.
    inclusions : where given, a vortex "between" is outside all of them; else it may sit in one of opposite h̃.
    beside : the same cell with the fields that stay while that of ``problem`` grows; what they give is taken off
        the cost.

    >>> from pseudogauge.studies.phase_diagram import Crystal
    >>> crystal = Crystal(filling=0.25, radius=6.0, edge_width=2.0, kappa=50.0)
    >>> gains = london_gains(crystal.problem(1.0))
    >>> round(gains.between, 2), round(gains.inside, 2)
    (0.25, 0.75)
    """
    london, grid = London(problem), problem.grid
    nx, ny = grid.plaquette_shape
    energy = math.copysign(1.0, sign) * london.landscape[:nx, :ny]
    line = 4 * math.pi * problem.kappa**2 * lower_critical_field(problem.kappa)
    attraction = _Attraction(london, crystal)
    rest = np.zeros_like(energy)
    if beside is not None:
        rest = math.copysign(1.0, sign) * London(beside).landscape[:nx, :ny]
    along, against = _over(-energy, line + rest), _over(energy, line - rest)
    if inclusions is not None:
        along = np.where(clearance(grid, inclusions) < 0, -np.inf, along)
    low = np.unravel_index(int(along.argmax()), energy.shape)
    high = np.unravel_index(int(against.argmax()), energy.shape)
    starts = _peaks(energy + rest)
    best, places = max((_pair(energy, rest, spot, attraction, line) for spot in starts), key=lambda p: p[0])

    def place(spot: Spot) -> tuple[float, float]:
        return float((spot[0] + 1) * grid.spacing), float((spot[1] + 1) * grid.spacing)

    return Gains(
        between=float(along[low]),
        inside=float(against[high]),
        pair=best,
        between_place=place(low),
        inside_place=place(high),
        pair_places=(place(places[0]), place(places[1])),
    )


@dataclass(frozen=True, eq=False)
class _Attraction:
    """Energy by which a vortex and an antivortex bind: alone, or with one pair for every inclusion of a crystal."""

    london: London
    crystal: Crystal | None

    def __call__(self, spot: Spot) -> Floats:
        """The attraction on every plaquette from a vortex at ``spot``; −∞ where cores would overlap."""
        distance = self._distances[self._steps(spot)]
        if self.crystal is None:
            bound = self._alone[self._steps(spot)]
        else:
            bound = np.roll(self._around_first, spot, axis=(0, 1))
            distance = np.min(self.crystal.copies(distance), axis=0)
        return np.asarray(np.where(distance < CLOSEST, -np.inf, bound))

    def _steps(self, spot: Spot) -> tuple[NDArray[np.intp], ...]:
        """Steps from ``spot`` to every plaquette along either axis, round a periodic cell the shorter way."""
        grid = self.london.problem.grid
        apart = []
        for axis, wraps in enumerate(grid.periodic_axes):
            step = np.abs(np.arange(grid.plaquette_shape[axis]) - spot[axis])
            apart.append(np.minimum(step, grid.shape[axis] - step) if wraps else step)
        return np.ix_(*apart)

    @cached_property
    def _distances(self) -> Floats:
        grid = self.london.problem.grid
        i, j = np.ogrid[: grid.shape[0], : grid.shape[1]]
        return np.asarray(np.hypot(i, j) * grid.spacing)

    @cached_property
    def _alone(self) -> Floats:
        return np.asarray(4 * math.pi * k0(np.maximum(self._distances, CLOSEST) / self.london.problem.kappa))

    @cached_property
    def _around_first(self) -> Floats:
        assert self.crystal is not None
        return np.asarray(
            np.sum(self.crystal.copies(self.london.repulsion((0, 0))), axis=0) - self.crystal.images()
        )


def _over(gain: Floats, cost: Floats) -> Floats:
    """Gain over cost; where nothing is left to pay, ∞ if the vortex stays with this gain (or loss)."""
    for_nothing = np.where(gain >= cost, np.inf, 0.0)
    return np.where(cost > 0, gain / np.maximum(cost, 1e-300), for_nothing)


def _peaks(energy: Floats) -> list[Spot]:
    """The highest local maxima: one in every inclusion, up to `STARTS`."""
    top = np.ones(energy.shape, dtype=bool)
    for shift in ((0, 1), (1, 0), (1, 1), (1, -1)):
        for way in (1, -1):
            top &= energy >= np.roll(energy, (way * shift[0], way * shift[1]), axis=(0, 1))
    spots = np.argwhere(top)
    order = np.argsort(-energy[top], kind="stable")[:STARTS]
    return [tuple(spots[n]) for n in order]


def _pair(
    energy: Floats, rest: Floats, inside: Spot, attraction: _Attraction, line: float
) -> tuple[float, tuple[Spot, Spot]]:
    """Best gain over cost of a pair, moving one partner at a time from an antivortex ``inside``."""
    best, between = 0.0, inside
    for _ in range(6):
        before = best
        for moving in (1, -1):  # the vortex, then the antivortex
            fixed = inside if moving == 1 else between
            gain, given = (moving * (part[fixed] - part) for part in (energy, rest))
            ratio = _over(gain, 2 * line - attraction(fixed) - given)
            spot = np.unravel_index(int(ratio.argmax()), energy.shape)
            if ratio[spot] > best:
                best = float(ratio[spot])
                between, inside = (spot, inside) if moving == 1 else (between, spot)
        if best <= before * (1 + 1e-12):
            break
    return best, (between, inside)
