"""Ground states of the vortex gas: simulated annealing, then a greedy descent that moves any vortex anywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import require
from ..starts import Rng, as_rng
from .gas import Configuration, VortexGas
from .moves import NUMBERS, PLACES, add_charge
from .walk import SWEEPS, walker

__all__ = ["anneal", "quench"]

Ints = NDArray[np.int64]
HOT, COLD = 0.4, 0.02
"""Temperatures of an annealing: vortex lattices melt near 0.09, pairs are rare below 0.5."""
LEAST = 1e-9
"""An energy gained that is worth a change."""


def anneal(
    gas: VortexGas,
    rng: Rng = 0,
    *,
    net: int | None = None,
    keep_numbers: bool = False,
    attempts: int = 400_000,
    stages: int = 40,
    start: Configuration | None = None,
) -> Configuration:
    """One low-lying configuration: Metropolis moves from T = 0.4 to 0.02, geometrically, then `quench`.

    Parameters
    ----------
    net : the net winding to keep fixed; None takes that of the gas.
    keep_numbers : only move the vortices of ``start``.
    attempts : moves tried in all, shared by ``stages`` temperatures.
    start : as in `sample`.

    >>> from pseudogauge.numerics.grid import Grid
    >>> gas = VortexGas(Grid((32, 32), 1.0), kappa=10.0, landscape=-60.0)
    >>> found = anneal(gas, rng=0)
    >>> found.net > 3, bool(found.energy < 0), gas.energy(found.vortices) == found.energy
    (True, True, True)
    """
    require(attempts >= 0, "attempts", attempts, "at least 0")
    require(stages >= 1, "stages", stages, "at least 1")
    fixed = gas.net if net is None else net
    moving = walker(gas, as_rng(rng), start, fixed)
    if keep_numbers:
        moving.changes = PLACES
    sweeps = min(
        SWEEPS, attempts // stages // moving.potential.size
    )  # all blocks have their turn at every temperature
    for temperature in np.geomspace(HOT, COLD, stages):
        moving.run(attempts // stages, float(temperature), sweeps=sweeps)
    return quench(gas, moving.winding, keep_net=moving.changes < NUMBERS)


def quench(gas: VortexGas, winding: Ints, *, keep_net: bool = False) -> Configuration:
    """Greedy descent from windings on the places: put each vortex where it costs least, add and remove vortices.

    What it returns cannot be lowered by moving, adding or removing any one vortex. ``keep_net``: move only.
    """
    winding = winding.copy()
    landscape, core = gas.values
    potential = landscape + gas.potential_of(winding)
    alone = gas.own_energy + core
    near = np.zeros(winding.shape, dtype=np.int64)  # vortices whose cores cover a place
    for place in np.flatnonzero(winding).tolist():
        gas.cover(near, place, 1)

    def put(place: int, w: int) -> None:
        """A vortex comes (or, with minus its winding, goes)."""
        gas.cover(near, place, 1 if winding.flat[place] == 0 else -1)
        winding.flat[place] += w
        add_charge(gas.table, gas.images, potential, place, float(w))

    def cheapest(w: int) -> tuple[float, int]:
        cost = np.where(near == 0, w * potential + alone, np.inf)
        place = int(np.argmin(cost))
        return float(cost.flat[place]), place

    change = True
    while change:
        change = False
        for place in np.flatnonzero(winding).tolist():
            w = int(winding.flat[place])
            put(place, -w)
            here = w * potential.flat[place] + alone.flat[place]
            cost, best = cheapest(w)
            if not keep_net and min(cost, here) > LEAST:
                change = True
                continue
            move = bool(cost < here - LEAST)
            change |= move
            put(best if move else place, w)
        while not keep_net:
            (cost, best), w = min((cheapest(w), w) for w in (1, -1))
            if cost >= -LEAST:
                break
            change = True
            put(best, w)
    return gas.configuration(winding)
