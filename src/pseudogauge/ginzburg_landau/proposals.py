"""Vortex configurations worth a minimisation: annealed in the London limit, one vortex more or less, random."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from .holes import Held, Holes
from .london import London
from .problem import GinzburgLandau
from .starts import Vortex
from .state import State
from .vortex_gas import VortexGas, anneal

__all__ = ["Proposal", "VortexProposals", "vortices_of"]

ANNEALED = 2  # annealings of each vortex gas
ATTEMPTS = 150_000  # moves tried in each


@dataclass(frozen=True, eq=False)
class Proposal:
    """Where a minimisation begins: vortices, or vortex lines, in holes too; None are at random."""

    sector: int
    label: str
    vortices: list[Any] | None


@dataclass(frozen=True, eq=False)
class VortexProposals:
    """Proposals for a problem in two dimensions.

    ``gases``: vortex gases with bare inclusions, and with those of a vortex-free state if they differ;
    ``holes``, which hold flux that the gases do not know of; ``sectors``: those to keep to, None for any.
    """

    problem: GinzburgLandau
    gases: list[VortexGas]
    holes: Holes
    sectors: list[int] | None

    @classmethod
    def of(
        cls,
        problem: GinzburgLandau,
        holes: Holes,
        bare: State | None = None,
        sectors: list[int] | None = None,
    ) -> VortexProposals:
        """With the currents and cores of the vortex-free state ``bare``, if it is given and they matter."""
        gases = [VortexGas.of(problem, ignore_edges=True)]
        if bare is not None:
            dressed = VortexGas.of(problem, bare, ignore_edges=True)
            if np.abs(dressed.values[1][np.isfinite(dressed.values[1])]).max(initial=0.0) > 0.1:
                gases.append(dressed)
        return cls(problem, gases, holes, sectors)

    def first(self, bare: State | None, random_starts: int, rng: np.random.Generator) -> Iterator[Proposal]:
        """Every trial but the one without vortices."""
        if bare is not None:
            yield from self._neighbours([], (0,) * len(self.holes))
        yield from self._filled(rng)
        periodic, gas = self.problem.quantised, self.gases[0]
        wanted = self.sectors
        if wanted is None:
            balanced = np.mean(self.problem.applied_field) * self.problem.grid.size * self.problem.grid.cell
            wanted = list(dict.fromkeys([self.problem.flux_quanta, round(balanced / (2 * math.pi))]))  # B = H
        room = np.isfinite(gas.values[1]).sum() // 2  # beyond it, above H_c2, no start is better than another
        fitting = [n for n in wanted if abs(n) <= room]
        free = not periodic or (self.sectors is None and gas.net is None)
        nets = [None] * ANNEALED if free else fitting * max(1, ANNEALED // len(wanted))
        annealed = [anneal(g, rng, net=net, attempts=ATTEMPTS) for g in self.gases for net in nets]
        reached = {found.net for found in annealed}
        if free and periodic:
            annealed += [anneal(gas, rng, net=n, attempts=ATTEMPTS) for n in fitting if n not in reached]
        proposals = {tuple(sorted(found.vortices)): found.net if periodic else 0 for found in annealed}
        for vortices, sector in proposals.items():
            if vortices:
                yield Proposal(sector, f"{label_of(vortices)}, annealed", list(vortices))
        lowest = [c.net for c in sorted(annealed, key=lambda c: c.energy)[:1] if periodic]
        for sector in dict.fromkeys([*wanted, *lowest]):
            for _ in range(max(random_starts, int(abs(sector) > room))):
                yield Proposal(sector, "random", None)

    def _filled(self, rng: np.random.Generator) -> Iterator[Proposal]:
        """The flux that the holes may hold, alone and with vortices annealed beside it."""
        flux = -London(self.problem).frozen_source * self.problem.grid.cell / (2 * math.pi)
        for held in self.holes.guesses(flux, self.problem.mask):
            gas = self._beside(self.gases[0], held)
            room = np.isfinite(gas.values[1]).sum() // 2
            nets = [None] if self.sectors is None or not self.problem.quantised else self.sectors[:ANNEALED]
            yield from self._proposal([], held)
            for net in nets:
                left = gas.net if net is None else net - sum(held)
                if abs(left or 0) <= room:
                    found = anneal(gas, rng, net=left, attempts=ATTEMPTS)
                    yield from self._proposal(found.vortices, held, ", annealed")

    def around(self, state: State, rng: np.random.Generator) -> Iterator[Proposal]:
        """A vortex or a pair more or less than in this state, the others left in place, then annealed anew."""
        vortices, held = vortices_of(state), self.holes.windings(state)
        return chain(self._neighbours(vortices, held), self.rearranged(vortices, held, rng))

    def rearranged(
        self, vortices: Sequence[Vortex], held: Held, rng: np.random.Generator
    ) -> Iterator[Proposal]:
        """A vortex or a pair more or less than these, all of them annealed anew in those numbers."""
        for placed, held_then in self._changes(vortices, held):
            gas = self._beside(self.gases[-1], held_then)
            winding = gas.winding_field([gas.place(x, y) for x, y, _ in placed], [w for *_, w in placed])
            if placed and np.abs(winding).sum() == len(placed) and np.abs(winding).max() == 1:
                start, net = gas.configuration(winding), int(winding.sum())
                found = anneal(gas, rng, start=start, keep_numbers=True, net=net, attempts=ATTEMPTS)
                yield from self._proposal(found.vortices, held_then, ", annealed")

    def _neighbours(self, vortices: Sequence[Vortex], held: Held) -> Iterator[Proposal]:
        for change in self._changes(vortices, held):
            yield from self._proposal(*change)

    def _changes(self, vortices: Sequence[Vortex], held: Held) -> Iterator[tuple[list[Vortex], Held]]:
        """One or a pair of these vortices more or less, where London says, or a flux quantum of a hole.

        The hole may take it from a vortex, or give it to one.
        """
        gas = self._beside(self.gases[0], held)
        places = [gas.place(x, y) for x, y, _ in vortices]
        winding = gas.winding_field(places, [w for *_, w in vortices])
        energy = gas.values[0] + gas.potential_of(winding)
        alone = np.where(gas.crowded(winding), np.inf, gas.own_energy + gas.values[1])
        x, y = gas.grid.plaquettes
        more: dict[int, Vortex] = {}
        for w in (1, -1):
            best = int(np.argmin(w * energy + alone))
            more[w] = (float(x.flat[best]), float(y.flat[best]), w)
        changes = [[*vortices, more[1]], [*vortices, more[-1]], [*vortices, more[1], more[-1]]]
        signs = {w: [n for n, v in enumerate(vortices) if v[2] == w] for w in (1, -1)}
        worst = {
            w: max(own, key=lambda n: vortices[n][2] * energy.flat[places[n]])
            for w, own in signs.items()
            if own
        }
        for gone in [{n} for n in worst.values()] + ([set(worst.values())] if len(worst) == 2 else []):
            changes.append([v for n, v in enumerate(vortices) if n not in gone])
        cost = [float(energy.flat[gas.place(*place)]) for place in self.holes.places]
        for w, held_then in self.holes.neighbours(held, cost):
            yield list(vortices), held_then
            yield [*vortices, more[-w]], held_then
            if w in worst:
                yield [v for n, v in enumerate(vortices) if n != worst[w]], held_then
        if len(self.holes) > 1:
            exchanged = np.array(held)
            np.add.at(exchanged, [np.argmin(cost), np.argmax(cost)], [1, -1])
            yield list(vortices), tuple(exchanged.tolist())
        for change in changes:
            yield change, held

    def _proposal(self, vortices: list[Vortex], held: Held, how: str = "") -> Iterator[Proposal]:
        """If its sector is allowed."""
        placed = [*vortices, *self.holes.holding(held)]
        sector = sum(w for *_, w in placed) if self.problem.quantised else 0
        if self.sectors is None or sector in self.sectors:
            yield Proposal(sector, label_of(vortices, held) + how, placed)

    def _beside(self, gas: VortexGas, held: Held) -> VortexGas:
        """The gas beside the flux in the holes, as if that were vortices in their middle."""
        if not any(held):
            return gas
        full = self.holes.holding(held)
        fixed = gas.winding_field([gas.place(x, y) for x, y, _ in full], [n for *_, n in full])
        landscape, core = gas.values
        net = None if gas.net is None else gas.net - sum(held)
        return replace(gas, landscape=landscape + gas.potential_of(fixed), core=core, net=net)


def vortices_of(state: State) -> list[Vortex]:
    """``(x, y, winding)`` of every vortex."""
    found = state.vortices
    return list(zip(found.x.tolist(), found.y.tolist(), found.winding.tolist(), strict=True))


def label_of(vortices: Sequence[Vortex], held: Held = ()) -> str:
    """Their numbers, in words, and what holes hold."""
    plus, minus = sum(w > 0 for *_, w in vortices), sum(w < 0 for *_, w in vortices)
    label = f"{plus} positive, {minus} negative" if vortices else "no vortices"
    return f"{label}, {' '.join(str(n) for n in held)} in holes" if any(held) else label
