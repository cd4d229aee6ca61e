"""Global search: vortex configurations annealed in the London limit and at random, polished in full."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np

from ..errors import Interrupted, require
from .kept import Minima
from .minimise import minimise
from .problem import GinzburgLandau
from .starts import Rng, Vortex, as_rng, fields_of
from .state import State
from .vortex_gas import VortexGas, anneal

__all__ = ["Candidate", "ground_state"]

ROUGH = 1e-4  # residual at which candidates are compared before the best are polished
ALIKE = 2e-5  # relative difference of rough energies below which states with the same vortices count as one
SETTLED = 1e-9  # relative fall of the energy in 50 iterations at which a polished state counts as found
POLISHED, CLOSE = 3, 1e-4  # how many of them at most, and within which relative energy of the lowest
ROUNDS = 50  # at most, of steps to a state with a vortex or a pair more or less
ANNEALED = 2  # annealings of each vortex gas
ATTEMPTS = 150_000  # moves tried in each


@dataclass(frozen=True)
class Candidate:
    """One minimum of a search: energy, flux sector, vortices ``(x, y, winding)``, the start that led there.

    ``found``: how many starts did.
    """

    energy: float
    sector: int
    vortices: tuple[Vortex, ...]
    start: str
    converged: bool
    found: int = 1


def ground_state(
    problem: GinzburgLandau,
    rng: Rng = 0,
    *,
    sectors: Iterable[int] | None = None,
    random_starts: int = 1,
    tol: float = 1e-8,
    threads: int | None = None,
    kept: Minima | None = None,
) -> State:
    """The lowest state found over flux sectors and vortex configurations.

    Starts: no vortices; one of either sign and a pair where the London energy is lowest; several annealings of
    the `VortexGas`, with bare inclusions and with those of the vortex-free state; random fields.  All are minimised
    roughly, equal ones are merged and counted; vortices and pairs are added to and removed from the best, the others
    left in place or annealed anew, until that helps no more; the lowest are polished to ``tol``.  States are equal
    if energy, sector and numbers of vortices of either sign are: symmetries of the problem do not make new ones.
    A search is no proof: the candidates show what it compared, and how often it came back to each.

    Parameters
    ----------
    rng : seed or generator.
    sectors : flux sectors to compare in a fully periodic cell; None takes those that the annealings
        end in, ``problem.flux_quanta``, and the one with B = H.
    random_starts : random starts in each sector asked for and in that of the lowest annealing.
    tol, threads : as in `minimise`; a state whose energy settles to 1e-9 first is not refined further, and says so.
    kept : as in `minimise`: the same search with the same dictionary takes from it what it had done, and ends alike.

    Returns
    -------
    State : the best, with ``candidates`` (tuple of `Candidate`, lowest first).

    Raises
    ------
    InputError : for sectors that the boundaries cannot hold, and in three dimensions.
    Interrupted : on Ctrl-C, with the lowest of the rough minima so far as its ``state``.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> best = ground_state(GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0), rng=0)
    >>> round(best.energy, 6), best.candidates[0].start
    (-32.0, 'no vortices')
    """
    fix = "for layers minimise from given vortex lines: minimise(problem, start=[...])"
    require(problem.grid.ndim == 2, "grid.shape", problem.grid.shape, "two-dimensional for a search", fix)
    reached: list[_Found] = []
    try:
        allowed = _allowed(problem, sectors)
        return _search(problem, as_rng(rng), allowed, random_starts, tol, threads, kept, reached)
    except KeyboardInterrupt:
        if not reached:
            raise
        found = _distinct(reached, ALIKE)
        state = replace(found[0].state, converged=False, message="the search was interrupted")
        raise Interrupted(replace(state, candidates=tuple(f.candidate for f in found))) from None


def _search(
    problem: GinzburgLandau,
    generator: np.random.Generator,
    allowed: list[int] | None,
    random_starts: int,
    tol: float,
    threads: int | None,
    kept: Minima | None,
    reached: list[_Found],
) -> State:
    """The steps of `ground_state`; every rough minimum is put into ``reached`` at once."""
    polish = partial(minimise, threads=threads, kept=kept)

    def rough(start: _Start) -> _Found:
        here = problem.in_sector(start.sector)
        fields = fields_of(here, start.vortices, generator)
        psi = fields[0] + 1j * fields[1]
        re, im = generator.normal(size=(2, *psi.shape))
        psi += 0.01 * (re + 1j * im)  # so that no symmetry holds it on a saddle
        state = polish(here, start=psi, tol=max(tol, ROUGH), energy_tol=1e-6, max_iterations=400)
        reached.append(_Found(state, start.label))
        return reached[-1]

    found: list[_Found] = []
    bare: State | None = None
    if allowed is None or 0 in allowed:
        found = [rough(_Start(0, "no vortices", []))]
        bare = found[0].state if not len(found[0].state.vortices) else None
    gases = _gases(problem, bare)
    starts = _starts(problem, bare, gases, allowed, random_starts, generator)
    found = _distinct(found + [rough(start) for start in starts], ALIKE)
    for _ in range(ROUNDS):
        best = found[0].state
        if bare is not None and not len(best.vortices):
            break  # its neighbours were tried
        rearranged = _rearranged(best, gases[-1], allowed, generator)
        for start in chain(_neighbours(best, gases[0], allowed), rearranged):
            found = _distinct([*found, rough(start)], ALIKE)
            if best.energy - found[0].state.energy > ALIKE * max(1.0, abs(best.energy)):
                break
        else:
            break
    close = found[0].state.energy + CLOSE * max(1.0, abs(found[0].state.energy))
    for n, f in enumerate(f for f in found[:POLISHED] if f.state.energy <= close):
        state = polish(f.state.problem, start=f.state, tol=tol, energy_tol=SETTLED)
        found[n] = replace(f, state=state)
    found = _distinct(found, 1e-7)
    return replace(found[0].state, candidates=tuple(f.candidate for f in found))


@dataclass(frozen=True)
class _Start:
    """Where a minimisation begins: vortices None are at random."""

    sector: int
    label: str
    vortices: list[Vortex] | None


@dataclass(frozen=True, eq=False)
class _Found:
    """A minimum, the first start that led there, and how many did."""

    state: State
    label: str
    times: int = 1

    @property
    def candidate(self) -> Candidate:
        """What the user sees of it."""
        v, sector = self.state.vortices, self.state.problem.flux_quanta
        places = tuple(zip(v.x.tolist(), v.y.tolist(), v.winding.tolist(), strict=True))
        return Candidate(self.state.energy, sector, places, self.label, self.state.converged, self.times)

    @property
    def content(self) -> tuple[int, int, int]:
        """Sector, and the numbers of vortices of either sign."""
        w = self.state.vortices.winding
        return self.state.problem.flux_quanta, int(w[w > 0].sum()), int(-w[w < 0].sum())


def _distinct(found: list[_Found], tolerance: float) -> list[_Found]:
    """The lowest of each set of equal states, named after the first start that led there; lowest first."""
    kept: list[_Found] = []
    for f in found:
        for n, other in enumerate(kept):
            apart = abs(f.state.energy - other.state.energy)
            if apart <= tolerance * max(1.0, abs(f.state.energy)) and f.content == other.content:
                lower = min(f.state, other.state, key=lambda state: state.energy)
                kept[n] = _Found(lower, other.label, other.times + f.times)
                break
        else:
            kept.append(f)
    return sorted(kept, key=lambda f: f.state.energy)


def _allowed(problem: GinzburgLandau, sectors: Iterable[int] | None) -> list[int] | None:
    """The sectors to keep to, None for any."""
    if not problem.quantised:
        given = [0] if sectors is None else list(sectors)
        require(given == [0], "sectors", given, "[0] unless the cell is fully periodic", "leave sectors out")
        return [0]
    if sectors is None:  # the flux of a film is what is applied
        return None if problem.stray_field is None else [problem.flux_quanta]
    wanted = list(dict.fromkeys(int(n) for n in sectors))
    require(bool(wanted), "sectors", wanted, "at least one")
    return wanted


def _starts(
    problem: GinzburgLandau,
    bare: State | None,
    gases: list[VortexGas],
    sectors: list[int] | None,
    random_starts: int,
    rng: np.random.Generator,
) -> Iterator[_Start]:
    """Every trial but the one without vortices."""
    periodic = problem.quantised
    if bare is not None:
        yield from _neighbours(bare, gases[0], sectors)
    wanted = sectors
    if wanted is None:
        balanced = problem.applied_field * problem.grid.size * problem.grid.cell / (2 * math.pi)  # B = H
        wanted = list(dict.fromkeys([problem.flux_quanta, round(balanced)]))
    room = (
        np.isfinite(gases[0].values[1]).sum() // 2
    )  # beyond it, above H_c2, no start is better than another
    fitting = [n for n in wanted if abs(n) <= room]
    free = not periodic or (sectors is None and gases[0].net is None)
    nets = [None] * ANNEALED if free else fitting * max(1, ANNEALED // len(wanted))
    annealed = [anneal(gas, rng, net=net, attempts=ATTEMPTS) for gas in gases for net in nets]
    reached = {found.net for found in annealed}
    if free and periodic:
        annealed += [anneal(gases[0], rng, net=n, attempts=ATTEMPTS) for n in fitting if n not in reached]
    proposals = {tuple(sorted(found.vortices)): found.net if periodic else 0 for found in annealed}
    for vortices, sector in proposals.items():
        if vortices:
            yield _Start(sector, f"{_label(list(vortices))}, annealed", list(vortices))
    lowest = [c.net for c in sorted(annealed, key=lambda c: c.energy)[:1] if periodic]
    for sector in dict.fromkeys([*wanted, *lowest]):
        for _ in range(max(random_starts, int(abs(sector) > room))):
            yield _Start(sector, "random", None)


def _gases(problem: GinzburgLandau, bare: State | None) -> list[VortexGas]:
    """Vortex gases with bare inclusions, and with the currents and cores of the vortex-free state if these differ."""
    gases = [VortexGas.of(problem, ignore_edges=True)]
    if bare is not None:
        dressed = VortexGas.of(problem, bare, ignore_edges=True)
        if np.abs(dressed.values[1][np.isfinite(dressed.values[1])]).max(initial=0.0) > 0.1:
            gases.append(dressed)
    return gases


def _neighbours(state: State, gas: VortexGas, sectors: list[int] | None) -> Iterator[_Start]:
    """The vortices of a state with one or a pair of them more or less, where London says."""
    found = state.vortices
    vortices = list(zip(found.x.tolist(), found.y.tolist(), found.winding.tolist(), strict=True))
    places = [gas.place(x, y) for x, y, _ in vortices]
    winding = gas.winding_field(places, found.winding)
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
        sector = sum(w for *_, w in change) if state.problem.quantised else 0
        if sectors is None or sector in sectors:
            yield _Start(sector, _label(change), change)


def _rearranged(
    state: State, gas: VortexGas, sectors: list[int] | None, rng: np.random.Generator
) -> Iterator[_Start]:
    """The same, all vortices annealed anew in those numbers."""
    for start in _neighbours(state, gas, sectors):
        vortices = start.vortices or []
        winding = gas.winding_field([gas.place(x, y) for x, y, _ in vortices], [w for *_, w in vortices])
        if vortices and np.abs(winding).sum() == len(vortices) and np.abs(winding).max() == 1:
            found = anneal(
                gas,
                rng,
                start=gas.configuration(winding),
                keep_numbers=True,
                net=int(winding.sum()),
                attempts=ATTEMPTS,
            )
            yield _Start(start.sector, f"{start.label}, annealed", found.vortices)


def _label(vortices: list[Vortex]) -> str:
    plus, minus = sum(w > 0 for *_, w in vortices), sum(w < 0 for *_, w in vortices)
    return f"{plus} positive, {minus} negative" if vortices else "no vortices"
