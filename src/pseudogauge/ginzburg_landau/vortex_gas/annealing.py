"""Ground states of the vortex gas: simulated annealing, then a greedy descent that moves any vortex anywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import require
from ..starts import Rng, as_rng
from .gas import Configuration, VortexGas
from .moves import add_charge
from .sampling import walker

__all__ = ["anneal", "quench"]

Ints = NDArray[np.int64]
HOT, COLD = 2.0, 0.02
"""Temperatures of an annealing, below the unbinding of pairs (π) and below what moves a vortex by a core."""
LEAST = 1e-9
"""An energy gained that is worth a change."""


def anneal(
    gas: VortexGas,
    rng: Rng = 0,
    *,
    net: int | None = None,
    attempts: int = 400_000,
    stages: int = 40,
    start: Configuration | None = None,
) -> Configuration:
    """One low-lying configuration: Metropolis moves from T = 2 to 0.02, geometrically, then `quench`.

    Parameters
    ----------
    net : the net winding, if it is to be kept fixed.
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
    require(gas.net in (None, fixed), "net", net, f"{gas.net}, as the gas has it")
    moving = walker(gas, as_rng(rng), start, fixed)
    for temperature in np.geomspace(HOT, COLD, stages):
        moving.run(attempts // stages, float(temperature))
    return quench(gas, moving.winding, keep_net=fixed is not None)


def quench(gas: VortexGas, winding: Ints, *, keep_net: bool = False) -> Configuration:
    """Greedy descent from windings on the places: put each vortex where it costs least, add and remove vortices.

    What it returns cannot be lowered by moving, adding or removing any one vortex. ``keep_net``: move only.
    """
    winding = winding.copy()
    landscape, core = gas.values
    potential = landscape + gas.potential_of(winding)
    alone = gas.own_energy + core
    change = True
    while change:
        change = False
        for place in np.flatnonzero(winding):
            w = int(winding.flat[place])
            add_charge(gas.table, gas.mirrors, potential, int(place), -float(w))
            winding.flat[place] = 0
            cost = np.where(winding == 0, w * potential + alone, np.inf)
            best = int(np.argmin(cost))
            if cost.flat[place] <= cost.flat[best] + LEAST:
                best = int(place)
            if not keep_net and cost.flat[best] > LEAST:
                change = True
                continue
            change |= best != place
            winding.flat[best] = w
            add_charge(gas.table, gas.mirrors, potential, best, float(w))
        while not keep_net:
            costs = [np.where(winding == 0, w * potential + alone, np.inf) for w in (1, -1)]
            w, cost = min(zip((1, -1), costs, strict=True), key=lambda option: float(option[1].min()))
            best = int(np.argmin(cost))
            if cost.flat[best] >= -LEAST:
                break
            change = True
            winding.flat[best] = w
            add_charge(gas.table, gas.mirrors, potential, best, float(w))
    return gas.configuration(winding)
