"""The h̃ from which a first vortex pays in Ginzburg-Landau theory, and how well it is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..phases import Phase
from .branches import Branch, branches
from .crystal import Crystal

__all__ = ["KINDS", "Excess", "Kind", "Known", "Threshold", "first_gain", "other_grid", "threshold_of"]

Known = dict[tuple[float, float], dict[tuple[int, int], Branch]]
"""What has been minimised: by spacing of the grid and height, and by configuration."""
OTHER = (4 / 3, 5 / 3, 3 / 4, 0.6, 0.5)
"""Spacings, relative to that of a map, of the grid that tells the error of a threshold: the first that can."""
APART = 0.2
"""Least relative difference of the two spacings; a triangular lattice has few grids that fit it."""
COARSEST = 1.0
"""Largest spacing in ξ that a Ginzburg-Landau problem takes."""
HALVINGS = 3
"""Of the distance of two heights, to find from where on a state is one of its own."""


class Kind(NamedTuple):
    """A first vortex: vortices between and inside placed in every cell, and what must become of them to count."""

    configuration: tuple[int, int]
    phase: Phase

    @property
    def net(self) -> int:
        """Flux quanta along h̃."""
        return self.configuration[0] - self.configuration[1]


KINDS = {
    "between": Kind((1, 0), "interstitial"),
    "inside": Kind((0, 1), "trapped antivortices"),
    "pair": Kind((1, 1), "pairs"),
}


@dataclass(frozen=True)
class Threshold:
    """Where a first vortex falls below the vortex-free state, in H_c1.

    Attributes
    ----------
    height : h̃*; NaN if it does not gain at any of the heights tried
    error : of the grid, which falls as its spacing squared, from another spacing; NaN if unknown
    bound : h̃* is at most ``height``: from there it is a state of its own, and already gains
    converged : whether all states that decided it have converged
    """

    height: float = math.nan
    error: float = math.nan
    bound: bool = False
    converged: bool = True


class Excess(NamedTuple):
    """Energy of a state above the vortex-free one, NaN where either has become something else."""

    energy: float
    converged: bool = True


def first_gain(
    fine: Callable[[float], Excess],
    heights: Sequence[float],
    other: Callable[[float], Excess] | None = None,
    ratio: float = OTHER[0],
) -> Threshold:
    """The first zero of ``fine`` on the way up, sought below the lowest of ``heights`` too.

    ``other`` is the same on a grid whose spacing is ``ratio`` times as large.

    >>> first_gain(lambda u: Excess(4.0 - u * u), [1.9, 2.2], lambda u: Excess(4.1 - u * u))
    Threshold(height=1.999..., error=0.03..., bound=False, converged=True)
    """
    first = next((k for k, u in enumerate(heights) if fine(u).energy <= 0), None)
    if first is None:
        return Threshold()
    low, high = _bracket(fine, heights, first)
    below, above = fine(low) if low > 0 else Excess(math.nan), fine(high)
    if not below.energy > 0:
        return Threshold(high, bound=True, converged=above.converged)
    guess = low + (high - low) * below.energy / (below.energy - above.energy)
    here = fine(guess)
    converged = below.converged and above.converged and here.converged
    if not math.isfinite(here.energy):
        return Threshold(guess, converged=converged)
    slope = (below.energy - above.energy) / (high - low)
    if here.energy > 0:
        slope = (here.energy - above.energy) / (high - guess)
    elif guess > low:
        slope = (below.energy - here.energy) / (guess - low)
    there = other(guess) if other else Excess(math.nan)
    error = abs(there.energy - here.energy) / abs(ratio**2 - 1) / slope
    return Threshold(guess + here.energy / slope, error, False, converged and there.converged)


def _bracket(fine: Callable[[float], Excess], heights: Sequence[float], first: int) -> tuple[float, float]:
    """Two heights around the zero; or, where the state of the lower is another, as near to that as sought."""
    high = heights[first]
    step = (heights[-1] - heights[0]) / (len(heights) - 1) if len(heights) > 1 else 0.1 * high
    low = heights[first - 1] if first else high - step
    while low > 0 and fine(low).energy <= 0:
        low, high = low - step, low
    if low <= 0:
        return 0.0, high
    for _ in range(HALVINGS):
        if not math.isnan(fine(low).energy):
            break
        middle = 0.5 * (low + high)
        low, high = (low, middle) if fine(middle).energy <= 0 else (middle, high)
    return low, high


def other_grid(crystal: Crystal) -> Crystal:
    """The crystal on the grid that tells the error of its own."""
    for factor in OTHER:
        other = replace(crystal, spacing=factor * crystal.spacing)
        if other.grid.spacing <= COARSEST and abs(other.grid.spacing / crystal.grid.spacing - 1) > APART:
            break
    return other


def threshold_of(
    kind: Kind,
    crystal: Crystal,
    heights: Sequence[float],
    known: Known,
    applied: float = 0.0,
    with_error: bool = True,
) -> Threshold:
    """The threshold of one ``kind`` in a field ``applied`` (H_c1) along h̃, sought between ``heights`` and below.

    ``known`` takes up what is minimised for it.
    """
    check = other_grid(crystal)
    ratio = check.grid.spacing / crystal.grid.spacing

    def excess(cell: Crystal, height: float) -> Excess:
        row = known.setdefault((cell.spacing, height), {})
        if kind.configuration not in row:
            asked = ((0, 0), kind.configuration)
            row |= dict(zip(asked, branches(cell, height, asked), strict=True))
        none, branch = row[0, 0], row[kind.configuration]
        same = (none.phase, branch.phase) == ("none", kind.phase)
        gain = none.energy - branch.energy + applied * kind.net * cell.line_energy
        return Excess(-gain if same else math.nan, none.converged and branch.converged)

    other = (lambda u: excess(check, u)) if with_error else None
    return first_gain(lambda u: excess(crystal, u), heights, other, ratio)
