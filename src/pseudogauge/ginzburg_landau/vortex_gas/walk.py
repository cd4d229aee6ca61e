"""A configuration on its way through the Metropolis algorithm."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...errors import require
from .gas import Configuration, VortexGas
from .moves import NUMBERS, PAIRS, metropolis, replace_block

__all__ = ["Walker", "walker"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
CHUNK = 1 << 15  # attempts whose random numbers are drawn at a time
LARGE = 96  # places along either side: from here on systems are visited block by block
BLOCK = 40  # places along the side of a block
SWEEPS = 16  # attempts per place on a visit, where many visits are made
ANYWHERE = 256  # one attempt of so many is on all places
REACH = 3.0  # ξ: how far a local hop goes, and how wide a pair appears, at most


class _Places:
    """Windings on a rectangle of places as `metropolis` keeps them: where each vortex is, and which one is where."""

    def __init__(self, winding: Ints) -> None:
        self.shape = winding.shape
        self.members = np.zeros((2, winding.size), dtype=np.int64)
        self.counts = np.zeros(2, dtype=np.int64)
        self.slots = np.zeros(winding.size, dtype=np.int64)
        for kind, sign in enumerate((1, -1)):
            places = np.flatnonzero(winding == sign)
            self.members[kind, : places.size] = places
            self.counts[kind] = places.size
            self.slots[places] = sign * (1 + np.arange(places.size))

    @property
    def winding(self) -> Ints:
        return np.sign(self.slots).reshape(self.shape)


class Walker:
    """One configuration on its way through the Metropolis algorithm, with its potential kept up to date.

    An accepted move costs a pass over the potential of all places it may lead to. Large systems are therefore
    visited block by block: within a square at a random place moves are accepted at little cost while everything
    outside rests; then the potential outside follows what has changed on balance.
    """

    def __init__(self, gas: VortexGas, winding: Ints, rng: np.random.Generator, changes: int) -> None:
        self.gas, self.rng, self.changes = gas, rng, changes
        self.core = np.ascontiguousarray(gas.values[1])
        self.own = gas.own_energy
        self.tally = np.zeros((2, 5), dtype=np.int64)
        self.winding = winding

    @property
    def winding(self) -> Ints:
        """Windings on all places."""
        return self.places.winding

    @winding.setter
    def winding(self, winding: Ints) -> None:
        self.potential = self.gas.values[0] + self.gas.potential_of(winding)
        self.energy = self.gas.energy_of(winding)
        self.places = _Places(winding)

    @property
    def counts(self) -> Ints:
        """Numbers of vortices and antivortices."""
        return self.places.counts

    def run(self, attempts: int, temperature: float, *, sweeps: int = SWEEPS) -> None:
        """Metropolis moves at one temperature; ``sweeps``: attempts per place on a visit, 0 for no visits."""
        if sweeps == 0 or min(self.potential.shape) < LARGE:
            self._attempt(attempts, temperature, self.places, self.potential, self.own, self.core, None)
            return
        anywhere = attempts // ANYWHERE
        self._attempt(anywhere, temperature, self.places, self.potential, self.own, self.core, None)
        for first in range(anywhere, attempts, sweeps * BLOCK**2):
            self._visit(min(sweeps * BLOCK**2, attempts - first), temperature)

    def _visit(self, attempts: int, temperature: float) -> None:
        """Moves within a block at a random place."""
        gas, shape = self.gas, self.potential.shape
        corner = [
            int(self.rng.integers(n - BLOCK + 1 if m else n)) for n, m in zip(shape, gas.mirrors, strict=True)
        ]
        rows, columns = ((c + np.arange(BLOCK)) % n for c, n in zip(corner, shape, strict=True))
        block = np.ix_(rows, columns)
        before = np.sign(self.places.slots.reshape(shape)[block])
        core = np.where(self._taken(corner), np.inf, self.core[block])
        places, potential = _Places(before), self.potential[block]
        self._attempt(attempts, temperature, places, potential, self.own[block], core, np.array(corner))
        whole = self.places
        replace_block(
            rows, columns, before, places.winding, gas.table, gas.images, self.potential,
            whole.slots, whole.members, whole.counts,
        )  # fmt: skip

    def _taken(self, corner: list[int]) -> NDArray[np.bool_]:
        """Places of the block at ``corner`` where a vortex would overlap with one outside."""
        steps = self.gas.overlapping
        reach = int(steps.max())
        frame = []
        for c, n, mirror in zip(corner, self.potential.shape, self.gas.mirrors, strict=True):
            along = np.arange(c - reach, c + BLOCK + reach)
            frame.append(np.where((along >= 0) & (along < n), along, -1) if mirror else along % n)
        around = self.places.slots.reshape(self.potential.shape)[np.ix_(*frame)] != 0
        around &= (frame[0] >= 0)[:, None] & (frame[1] >= 0)
        around[reach : reach + BLOCK, reach : reach + BLOCK] = False
        taken = np.zeros((BLOCK, BLOCK), dtype=bool)
        for place in np.argwhere(around) - reach:
            i, j = (place + steps).T
            inside = (i >= 0) & (i < BLOCK) & (j >= 0) & (j < BLOCK)
            taken[i[inside], j[inside]] = True
        return taken

    def _attempt(
        self,
        attempts: int,
        temperature: float,
        places: _Places,
        potential: Array,
        own: Array,
        core: Array,
        corner: Ints | None,
    ) -> None:
        """Moves on all places, or on those of a block at ``corner``."""
        gas, log_activity = self.gas, math.log(self.gas.grid.cell)
        reach = max(1, round(REACH / gas.grid.spacing))
        images = gas.images if corner is None else np.where(gas.mirrors, 2 + 2 * corner, 0)
        walls = gas.mirrors if corner is None else np.ones(2, dtype=np.int64)
        for first in range(0, attempts, CHUNK):
            random = self.rng.random((min(CHUNK, attempts - first), 4))
            self.energy += metropolis(
                random, 1 / temperature, log_activity, reach, self.changes, gas.overlapping, gas.table, images, walls,
                own.reshape(-1), core.reshape(-1), potential, places.slots, places.members, places.counts, self.tally,
            )  # fmt: skip


def walker(
    gas: VortexGas, rng: np.random.Generator, start: Configuration | None = None, net: int | None = None
) -> Walker:
    """A walker at ``start``, or with nothing but the vortices of a fixed net winding, at random places."""
    fixed = gas.net if net is None else net
    if start is not None:
        winding = gas.winding_field([gas.place(x, y) for x, y, _ in start.vortices], start.winding)
        single = bool((np.abs(winding) <= 1).all())
        require(single, "start", start, "one vortex at most on each place", "use finer places")
        fits = fixed is None or int(winding.sum()) == fixed
        require(fits, "start", start, f"a configuration with net winding {fixed}")
    else:
        count = 0 if fixed is None else fixed
        allowed = np.flatnonzero(np.isfinite(gas.values[1]))
        require(abs(count) <= allowed.size // 2, "net", count, f"within ±{allowed.size // 2}")
        places = rng.choice(allowed, abs(count), replace=False)
        winding = gas.winding_field(places, np.full(abs(count), np.sign(count)))
    return Walker(gas, winding, rng, NUMBERS if fixed is None else PAIRS)
