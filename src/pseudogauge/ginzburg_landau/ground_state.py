"""Global search: vortex configurations proposed in the London limit and at random, polished in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from .london import London
from .minimise import minimise
from .problem import GinzburgLandau
from .starts import Rng, Vortex, as_rng, fields_of
from .state import State

__all__ = ["Candidate", "ground_state"]

Array = NDArray[np.float64]
ROUGH = 1e-4  # residual at which candidates are compared before the best are polished
SETTLED = 1e-9  # relative fall of the energy in 50 iterations at which a polished state counts as found
POLISHED = 3  # how many of them
ROUNDS = 20  # at most, of adding and removing single vortices


@dataclass(frozen=True)
class Candidate:
    """One minimum of a search: energy, flux sector, vortices ``(x, y, winding)``, where it started."""

    energy: float
    sector: int
    vortices: tuple[Vortex, ...]
    start: str
    converged: bool


def ground_state(
    problem: GinzburgLandau,
    rng: Rng = 0,
    *,
    sectors: Iterable[int] | None = None,
    random_starts: int = 1,
    tol: float = 1e-8,
    threads: int | None = None,
) -> State:
    """The lowest state found over flux sectors and vortex configurations.

    Vortices of either sign are placed greedily where the London energy gains most (prefixes of that
    list are starts, as are the lists with one sign only); random starts are added in every sector.  All
    are minimised roughly, equal ones are merged, the best are polished to ``tol``.  A search is no proof:
    the candidates show what it compared.

    Parameters
    ----------
    rng : seed or generator.
    sectors : flux sectors to compare in a fully periodic cell; None takes those that the London proposals
        visit, ``problem.flux_quanta``, and the one with B = H.
    random_starts : random starts per sector.
    tol, threads : as in `minimise`; a state whose energy settles to 1e-9 first is not refined further, and says so.

    Returns
    -------
    State : the best, with ``candidates`` (tuple of `Candidate`, lowest first).

    Raises
    ------
    InputError : for sectors that the boundaries cannot hold.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> best = ground_state(GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0), rng=0)
    >>> round(best.energy, 6), best.candidates[0].start
    (-32.0, 'no vortices')
    """
    fix = "for layers minimise from given vortex lines: minimise(problem, start=[...])"
    require(problem.grid.ndim == 2, "grid.shape", problem.grid.shape, "two-dimensional for a search", fix)
    generator = as_rng(rng)

    def rough(sector: int, start: list[Vortex] | None) -> State:
        here = problem.in_sector(sector)
        fields = fields_of(here, start, generator)
        psi = fields[0] + 1j * fields[1]
        re, im = generator.normal(size=(2, *psi.shape))
        psi += 0.01 * (re + 1j * im)  # so that no symmetry holds it on a saddle
        return minimise(
            here, start=psi, tol=max(tol, ROUGH), energy_tol=1e-7, max_iterations=400, threads=threads
        )

    if sectors is None and problem.stray_field is not None:  # the flux of a film is what is applied
        sectors = [problem.flux_quanta]
    allowed = None if sectors is None else [int(n) for n in sectors]
    found = _distinct(
        [(rough(n, v), label) for n, label, v in _starts(problem, allowed, random_starts)], 1e-4
    )
    for _ in range(ROUNDS):
        best_so_far = found[0][0]
        trials = [(rough(n, v), label) for n, label, v in _neighbours(best_so_far, allowed)]
        found = _distinct(found + trials, 1e-4)
        if found[0][0] is best_so_far:
            break
    best = [
        (minimise(s.problem, start=s, tol=tol, energy_tol=SETTLED, threads=threads), label)
        for s, label in found[:POLISHED]
    ]
    found = _distinct(best + found[POLISHED:], 1e-7)
    return replace(found[0][0], candidates=tuple(_candidate(state, label) for state, label in found))


def _candidate(state: State, label: str) -> Candidate:
    v = state.vortices
    places = zip(v.x.tolist(), v.y.tolist(), v.winding.tolist(), strict=True)
    return Candidate(state.energy, state.problem.flux_quanta, tuple(places), label, state.converged)


def _distinct(found: list[tuple[State, str]], tolerance: float) -> list[tuple[State, str]]:
    """One state of each energy and sector, named after the first start that led there; lowest first."""
    kept: list[tuple[State, str]] = []
    for state, label in found:
        if not any(_same(state, other, tolerance) for other, _ in kept):
            kept.append((state, label))
    return sorted(kept, key=lambda pair: pair[0].energy)


def _same(a: State, b: State, tolerance: float) -> bool:
    close = abs(a.energy - b.energy) <= tolerance * max(1.0, abs(a.energy))
    return close and a.problem.flux_quanta == b.problem.flux_quanta and a.vortices.net == b.vortices.net


def _starts(
    problem: GinzburgLandau, sectors: list[int] | None, random_starts: int
) -> Iterator[tuple[int, str, list[Vortex] | None]]:
    """Sector, label and start (None: random) of every trial."""
    proposals = _proposals(problem)
    if sectors is None:
        wanted = [problem.flux_quanta]
        if problem.quantised:
            wanted += [sum(w for *_, w in vortices) for vortices in proposals]
            wanted.append(
                round(problem.applied_field * problem.grid.size * problem.grid.cell / (2 * np.pi))
            )  # B = H
    else:
        wanted = sectors
        fits = problem.quantised or wanted == [0]
        require(fits, "sectors", wanted, "[0] unless the cell is fully periodic", "leave sectors out")
        require(bool(wanted), "sectors", wanted, "at least one")
    wanted = list(dict.fromkeys(wanted))
    periodic = problem.quantised
    for vortices in proposals:
        sector = sum(w for *_, w in vortices) if periodic else 0
        if sector in wanted:
            yield sector, _label(vortices), vortices
    for sector in wanted:
        if periodic and not any(sum(w for *_, w in v) == sector for v in proposals):
            vortices = _greedy(problem, 1 if sector > 0 else -1, count=abs(sector))[-1]
            yield sector, _label(vortices), vortices
        for _ in range(random_starts):
            yield sector, "random", None


def _neighbours(state: State, sectors: list[int] | None) -> Iterator[tuple[int, str, list[Vortex]]]:
    """The vortices of a state with one more or one less of either sign, or a pair more, where London says."""
    problem, found = state.problem, state.vortices
    london, spacing, shape = London(problem), problem.grid.spacing, problem.grid.plaquette_shape
    vortices = list(zip(found.x.tolist(), found.y.tolist(), found.winding.tolist(), strict=True))
    spots = [tuple(round(c / spacing - 1) % n for c, n in zip(v[:2], shape, strict=True)) for v in vortices]
    source = np.zeros(problem.grid.shape)
    for spot, vortex in zip(spots, vortices, strict=True):
        source[spot] += 2 * np.pi * vortex[2] / problem.grid.cell
    energy = (london.landscape + london.potential(source))[: shape[0], : shape[1]]
    more: list[Vortex] = []
    for winding in (1, -1):
        i, j = np.unravel_index(int(np.argmin(winding * energy)), energy.shape)
        more.append((float((i + 1) * spacing), float((j + 1) * spacing), winding))
    changes = [[*vortices, more[0]], [*vortices, more[1]], [*vortices, *more]]
    for winding in (1, -1):
        own = [n for n, v in enumerate(vortices) if v[2] == winding]
        if own:
            worst = max(own, key=lambda n: vortices[n][2] * energy[spots[n]])
            changes.append(vortices[:worst] + vortices[worst + 1 :])
    for change in changes:
        sector = sum(w for *_, w in change) if problem.quantised else 0
        if sectors is None or sector in sectors:
            yield sector, "next to the best", change


def _label(vortices: list[Vortex]) -> str:
    plus, minus = sum(w > 0 for *_, w in vortices), sum(w < 0 for *_, w in vortices)
    return f"{plus} positive, {minus} negative placed" if vortices else "no vortices"


def _proposals(problem: GinzburgLandau) -> list[list[Vortex]]:
    """Distinct vortex lists: every prefix of the greedy sequences of both signs, plus only, minus only."""
    lists: dict[tuple[Vortex, ...], None] = {}
    for sign in (0, 1, -1):
        path = _greedy(problem, sign)
        longest = len(path) - 1
        for length in sorted({0, 1, 2, 3, 4, longest // 2, longest}):
            if length <= longest:
                lists[tuple(sorted(path[length]))] = None
    return [list(vortices) for vortices in lists]


def _greedy(
    problem: GinzburgLandau, sign: int, count: int | None = None, most: int = 1000
) -> list[list[Vortex]]:
    """Vortices added one by one where the London energy is lowest; sign 0 allows both.

    Without ``count`` it stops when another vortex would cost energy, but tries one of each sign in any case.
    """
    london, grid = London(problem), problem.grid
    nx, ny = grid.plaquette_shape
    energy = london.landscape[:nx, :ny].copy()
    path: list[list[Vortex]] = [[]]
    while len(path) <= (most if count is None else count):
        options = [
            (w, np.unravel_index(int(np.argmin(w * energy)), energy.shape)) for w in (1, -1) if w != -sign
        ]
        winding, spot = min(options, key=lambda option: option[0] * energy[option[1]])
        gain = london.line_energy + winding * energy[spot]
        if count is None and gain > 0 and len(path) > 1:
            break
        place = (float((spot[0] + 1) * grid.spacing), float((spot[1] + 1) * grid.spacing), winding)
        path.append([*path[-1], place])
        energy += winding * london.repulsion((int(spot[0]), int(spot[1])))[:nx, :ny]
    return path
