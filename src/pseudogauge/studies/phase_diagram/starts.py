"""Where the vortices of a configuration are placed before it is minimised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .crystal import Crystal, Vortex, clearance
from .london import CLOSEST

__all__ = ["starts"]

Floats = NDArray[np.float64]
ROUNDS = 20
"""Moves of every vortex; a few are enough."""


def starts(crystal: Crystal, height: float, plus: int, minus: int) -> list[list[Vortex]]:
    """Places to start ``plus`` vortices between and ``minus`` antivortices inside every inclusion from.

    Each where London theory puts it alone; and, where there are two or more, together where it has them lowest. Sites
    that are equal by symmetry, or nearly equal, attract or repel another vortex very differently.

    >>> apart, together = starts(Crystal(0.3, 4.0, 4.0, 10.0), 2.0, 1, 1)
    >>> [w for *_, w in apart], [w for *_, w in together]
    ([1, -1], [1, -1])
    """
    found = [crystal.vortices(plus, minus)]
    return [*found, _together(crystal, height, plus, minus)] if plus + minus > 1 else found


def _together(crystal: Crystal, height: float, plus: int, minus: int) -> list[Vortex]:
    """Placed one after the other, then moved in turn, each to where the others leave it lowest, until none moves."""
    landscape = height * crystal.london.landscape
    repulsion = np.sum(crystal.copies(crystal.london.repulsion((0, 0))), axis=0)
    distance = np.min(crystal.copies(clearance(crystal.grid, crystal.inclusions)), axis=0)
    too_close = np.min(crystal.copies(_from_corner(crystal)), axis=0) < CLOSEST
    windings = [1] * plus + [-1] * minus
    spots: list[tuple[int, int]] = []

    def best(moving: int, others: list[int]) -> tuple[int, int]:
        sign = windings[moving]
        energy = np.where(sign * distance > 0, sign * landscape, np.inf)
        for other in others:
            energy = energy + sign * windings[other] * np.roll(repulsion, spots[other], axis=(0, 1))
            energy[np.roll(too_close, spots[other], axis=(0, 1))] = np.inf
        i, j = np.unravel_index(int(energy.argmin()), energy.shape)
        return int(i), int(j)

    for moving in range(len(windings)):
        spots.append(best(moving, list(range(moving))))
    for _ in range(ROUNDS):
        before = list(spots)
        for moving in range(len(windings)):
            spots[moving] = best(moving, [k for k in range(len(windings)) if k != moving])
        if spots == before:
            break
    return [
        vortex for spot, w in zip(spots, windings, strict=True) for vortex in _in_every_cell(crystal, spot, w)
    ]


def _from_corner(crystal: Crystal) -> Floats:
    """Distance of every plaquette to the first one, round the cell."""
    steps = [np.minimum(np.arange(n), n - np.arange(n)) * crystal.grid.spacing for n in crystal.grid.shape]
    return np.asarray(np.hypot(steps[0][:, None], steps[1]))


def _in_every_cell(crystal: Crystal, spot: tuple[int, int], winding: int) -> list[Vortex]:
    """The vortex at this plaquette of each inclusion."""
    mark = np.zeros(crystal.grid.shape)
    mark[spot] = 1
    sides, dx = crystal.grid.extent, crystal.grid.spacing
    places = [np.argwhere(copy)[0] for copy in crystal.copies(mark)]
    return [(float((i + 1) * dx % sides[0]), float((j + 1) * dx % sides[1]), winding) for i, j in places]
