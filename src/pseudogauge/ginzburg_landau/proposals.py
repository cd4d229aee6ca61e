"""Vortex configurations worth a minimisation: annealed in the London limit, one vortex more or less, random."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from .problem import GinzburgLandau
from .starts import Vortex
from .state import State
from .vortex_gas import VortexGas, anneal

__all__ = ["Proposal", "VortexProposals", "vortices_of"]

ANNEALED = 2  # annealings of each vortex gas
ATTEMPTS = 150_000  # moves tried in each


@dataclass(frozen=True, eq=False)
class Proposal:
    """Where a minimisation begins: vortices, or vortex lines; None are at random."""

    sector: int
    label: str
    vortices: list[Any] | None


@dataclass(frozen=True, eq=False)
class VortexProposals:
    """Proposals for a problem in two dimensions.

    ``gases``: vortex gases with bare inclusions, and with those of a vortex-free state if they differ;
    ``sectors``: those to keep to, None for any.
    """

    problem: GinzburgLandau
    gases: list[VortexGas]
    sectors: list[int] | None

    @classmethod
    def of(
        cls, problem: GinzburgLandau, bare: State | None = None, sectors: list[int] | None = None
    ) -> VortexProposals:
        """With the currents and cores of the vortex-free state ``bare``, if it is given and they matter."""
        gases = [VortexGas.of(problem, ignore_edges=True)]
        if bare is not None:
            dressed = VortexGas.of(problem, bare, ignore_edges=True)
            if np.abs(dressed.values[1][np.isfinite(dressed.values[1])]).max(initial=0.0) > 0.1:
                gases.append(dressed)
        return cls(problem, gases, sectors)

    def first(self, bare: State | None, random_starts: int, rng: np.random.Generator) -> Iterator[Proposal]:
        """Every trial but the one without vortices."""
        if bare is not None:
            yield from self._neighbours([])
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

    def around(self, state: State, rng: np.random.Generator) -> Iterator[Proposal]:
        """A vortex or a pair more or less than in this state, the others left in place, then annealed anew."""
        vortices = vortices_of(state)
        return chain(self._neighbours(vortices), self.rearranged(vortices, rng))

    def rearranged(self, vortices: Sequence[Vortex], rng: np.random.Generator) -> Iterator[Proposal]:
        """A vortex or a pair more or less than these, all of them annealed anew in those numbers."""
        gas = self.gases[-1]
        for change in self._neighbours(vortices):
            placed = change.vortices or []
            winding = gas.winding_field([gas.place(x, y) for x, y, _ in placed], [w for *_, w in placed])
            if placed and np.abs(winding).sum() == len(placed) and np.abs(winding).max() == 1:
                start, net = gas.configuration(winding), int(winding.sum())
                found = anneal(gas, rng, start=start, keep_numbers=True, net=net, attempts=ATTEMPTS)
                yield Proposal(change.sector, f"{change.label}, annealed", found.vortices)

    def _neighbours(self, vortices: Sequence[Vortex]) -> Iterator[Proposal]:
        """These vortices with one or a pair of them more or less, where London says."""
        gas = self.gases[0]
        places = [gas.place(x, y) for x, y, _ in vortices]
        winding = gas.winding_field(places, [w for *_, w in vortices])
        energy = gas.values[0] + gas.potential_of(winding)
        alone = np.where(gas.crowded(winding), np.inf, gas.own_energy + gas.values[1])
        x, y = gas.grid.plaquettes
        more: list[Vortex] = []
        for w in (1, -1):
            best = int(np.argmin(w * energy + alone))
            more.append((float(x.flat[best]), float(y.flat[best]), w))
        changes = [[*vortices, more[0]], [*vortices, more[1]], [*vortices, *more]]
        signs = [[n for n, v in enumerate(vortices) if v[2] == w] for w in (1, -1)]
        worst = [max(own, key=lambda n: vortices[n][2] * energy.flat[places[n]]) for own in signs if own]
        for gone in [{n} for n in worst] + ([set(worst)] if len(worst) == 2 else []):
            changes.append([v for n, v in enumerate(vortices) if n not in gone])
        for change in changes:
            sector = sum(w for *_, w in change) if self.problem.quantised else 0
            if self.sectors is None or sector in self.sectors:
                yield Proposal(sector, label_of(change), change)


def vortices_of(state: State) -> list[Vortex]:
    """``(x, y, winding)`` of every vortex."""
    found = state.vortices
    return list(zip(found.x.tolist(), found.y.tolist(), found.winding.tolist(), strict=True))


def label_of(vortices: Sequence[Vortex]) -> str:
    """Their numbers, in words."""
    plus, minus = sum(w > 0 for *_, w in vortices), sum(w < 0 for *_, w in vortices)
    return f"{plus} positive, {minus} negative" if vortices else "no vortices"
