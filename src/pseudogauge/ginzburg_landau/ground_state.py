"""Global search: vortex configurations annealed in the London limit and at random, polished in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from typing import Any

import numpy as np

from ..errors import Interrupted, require
from .checks import check_whole
from .columns import columns_of, turns_of
from .energy import cores, threads_for
from .holes import Held, Holes
from .kept import Minima
from .line_proposals import LineProposals
from .many import side_by_side
from .minimise import minimise
from .problem import GinzburgLandau
from .proposals import Proposal, VortexProposals, vortices_of
from .starts import Rng, Vortex, as_rng, fields_of
from .state import State

__all__ = ["Candidate", "ground_state"]

ROUGH = 1e-4  # residual at which candidates are compared before the best are polished
ALIKE = 2e-5  # relative difference of rough energies below which states with the same vortices count as one
SETTLED = 1e-9  # relative fall of the energy in 50 iterations at which a polished state counts as found
POLISHED, CLOSE = 3, 1e-4  # how many of them at most, and within which relative energy of the lowest
ROUNDS = 50  # at most, of steps to a state with a vortex or a pair more or less
BARE = "no vortices"  # the start without any
TOGETHER = 2  # neighbours tried before the best is looked at again


@dataclass(frozen=True)
class Candidate:
    """One minimum of a search: energy, flux sector, vortices ``(x, y, winding)``, the start that led there.

    ``found``: how many starts did.  In layers the sector is that along z, and the vortices are lines: where they are on
    average, and how often they run through the crystal upwards (0 for a loop, or a line across).  ``holes``:
    ``(x, y, winding)`` of each hole of the sample, the flux quanta it holds; in layers of straight ones along z.
    """

    energy: float
    sector: int
    vortices: tuple[Vortex, ...]
    start: str
    converged: bool
    found: int = 1
    holes: tuple[Vortex, ...] = ()


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
    if energy, sector, numbers of vortices of either sign and the flux in holes are: symmetries of the problem do not
    make new ones.  A search is no proof: the candidates show what it compared, and how often it came back to each.

    Holes of a ``sample`` start with 0 and with several guesses of the flux quanta that each holds, without and with
    vortices annealed beside them, and then one more or less, taken from a vortex or given to one.

    In layers the annealed vortices are straight lines along z among the averages of the inclusions; what is added is
    the elastic line of least energy (`relaxed_line`) beside the lines that are there, a straight line along x or y
    where its flux may change, or a loop.

    Parameters
    ----------
    rng : seed or generator.
    sectors : flux sectors to compare in a fully periodic cell; None takes those that the annealings
        end in, ``problem.flux_quanta``, and the one with B = H.  In layers along z; the other two components stay.
    random_starts : random starts in each sector asked for and in that of the lowest annealing.
    tol : as in `minimise`; a state whose energy settles to 1e-9 first is not refined further, and says so.
    threads : minimisations at a time, or threads for one on a large grid; None takes the available cores.  The result
        does not depend on it.
    kept : as in `minimise`: the same search with the same dictionary takes from it what it had done, and ends alike.

    Returns
    -------
    State : the best, with ``candidates`` (tuple of `Candidate`, lowest first).

    Raises
    ------
    InputError : for sectors that the boundaries cannot hold.
    Interrupted : on Ctrl-C, with the lowest of the rough minima so far as its ``state``.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> best = ground_state(GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0), rng=0)
    >>> round(best.energy, 6), best.candidates[0].start
    (-32.0, 'no vortices')
    """
    require(isinstance(problem, GinzburgLandau), "problem", problem, "a GinzburgLandau problem")
    if threads is not None:
        check_whole("threads", threads)
    check_whole("random_starts", random_starts, least=0)
    fix = "give the same dictionary again, {} at first"
    require(kept is None or isinstance(kept, MutableMapping), "kept", kept, "a dictionary, or None", fix)
    search = _Search(problem, as_rng(rng), threads or cores(), kept)
    try:
        return search.lowest(_allowed(problem, sectors), random_starts, tol)
    except KeyboardInterrupt:
        if not search.reached:
            raise
        found = _distinct(search.reached, ALIKE)
        state = replace(found[0].state, converged=False, message="the search was interrupted")
        raise Interrupted(replace(state, candidates=tuple(f.candidate for f in found))) from None


@dataclass(frozen=True, eq=False)
class _Found:
    """A minimum, the first start that led there, and how many did."""

    state: State
    label: str
    holes: Holes
    times: int = 1

    @cached_property
    def bare(self) -> bool:
        """Without vortices, and without flux in holes."""
        return not _vortices(self.state) and not any(self.held)

    @cached_property
    def held(self) -> Held:
        """Flux quanta in the holes."""
        return self.holes.windings(self.state)

    @property
    def candidate(self) -> Candidate:
        """What the user sees of it."""
        places, energy = tuple(_vortices(self.state)), self.state.energy
        holes = tuple((x, y, n) for (x, y), n in zip(self.holes.places, self.held, strict=True))
        start = f"{self.label} at first" if self.label == BARE and not self.bare else self.label
        sector = _sector(self.state.problem)
        return Candidate(energy, sector, places, start, self.state.converged, self.times, holes)

    @cached_property
    def content(self) -> tuple[Any, ...]:
        """Sector, and the numbers of vortices, or lines, of either sign, and of loops; what holes hold."""
        flat = self.state.problem.grid.ndim == 2
        turns = [(w,) for *_, w in vortices_of(self.state)] if flat else turns_of(self.state)
        numbers = np.zeros((3, 1 if flat else 3), dtype=int)  # along, against, neither
        for w in turns:
            numbers += [np.maximum(w, 0), np.maximum(np.negative(w), 0), [not any(w)] * len(w)]
        return _sector(self.state.problem), *numbers.ravel().tolist(), tuple(sorted(self.held))


class _Search:
    """The steps of `ground_state`; every rough minimum is put into ``reached`` at once."""

    def __init__(
        self, problem: GinzburgLandau, rng: np.random.Generator, workers: int, kept: Minima | None
    ) -> None:
        self.problem, self.rng, self.workers, self.kept = problem, rng, workers, kept
        self._sectors: dict[int, GinzburgLandau] = {}
        self.holes = Holes.of(problem)
        self.reached: list[_Found] = []

    def lowest(self, allowed: list[int] | None, random_starts: int, tol: float) -> State:
        """From proposals over rough minima to the best of the polished ones."""
        self._rough_tol = max(tol, ROUGH)
        found: list[_Found] = []
        bare: State | None = None
        if (allowed is None or 0 in allowed) and not np.any(np.atleast_1d(self.problem.flux_quanta)[:-1]):
            found = self._rough([Proposal(0, BARE, [])])
            bare = found[0].state if found[0].bare else None
        proposals: VortexProposals | LineProposals = (
            VortexProposals.of(self.problem, self.holes, bare, allowed)
            if self.problem.grid.ndim == 2
            else LineProposals.of(self.problem, self.holes, allowed)
        )
        first = list(proposals.first(bare, random_starts, self.rng))
        found = _distinct(found + self._rough(first), ALIKE)
        for _ in range(ROUNDS):
            best = found[0].state
            if bare is not None and found[0].bare:
                break  # its neighbours were tried
            around = proposals.around(best, self.rng)
            while more := list(islice(around, TOGETHER)):
                found = _distinct(found + self._rough(more), ALIKE)
                if best.energy - found[0].state.energy > ALIKE * max(1.0, abs(best.energy)):
                    break
            else:
                break
        near = found[0].state.energy + CLOSE * max(1.0, abs(found[0].state.energy))
        close = [f for f in found[:POLISHED] if f.state.energy <= near]
        polish = partial(minimise, tol=tol, energy_tol=SETTLED, kept=self.kept)
        states = self._side_by_side([partial(polish, f.state.problem, start=f.state) for f in close])
        polished = [replace(f, state=state) for f, state in zip(close, states, strict=True)]
        found = _distinct(polished + found[len(close) :], 1e-7)
        return replace(found[0].state, candidates=tuple(f.candidate for f in found))

    def _rough(self, proposals: Sequence[Proposal]) -> list[_Found]:
        jobs = []
        for proposal in proposals:
            here = self._sectors.setdefault(proposal.sector, _in_sector(self.problem, proposal.sector))
            fields = fields_of(here, proposal.vortices, self.rng)
            re, im = self.rng.normal(size=(2, *self.problem.grid.shape))
            psi = (
                fields[0] + 0.01 * re + 1j * (fields[1] + 0.01 * im)
            )  # so that no symmetry holds it on a saddle
            rough = partial(
                minimise, here, start=psi, tol=self._rough_tol, energy_tol=1e-6, max_iterations=400
            )
            jobs.append(partial(rough, kept=self.kept))
        found = []
        for state, proposal in zip(self._side_by_side(jobs), proposals, strict=True):
            found.append(_Found(state, proposal.label, self.holes))
            self.reached.append(found[-1])
        return found

    def _side_by_side(self, jobs: Sequence[Callable[..., State]]) -> Iterator[State]:
        """Small minimisations each on a core of its own, large ones after each other on all of them."""
        if self.workers == 1 or len(jobs) < 2 or threads_for(self.problem.grid.size) > 1:
            yield from (job(threads=self.workers) for job in jobs)
            return
        yield from side_by_side(jobs, self.workers)


def _vortices(state: State) -> list[Vortex]:
    return vortices_of(state) if state.problem.grid.ndim == 2 else columns_of(state)


def _sector(problem: GinzburgLandau) -> int:
    return int(np.atleast_1d(problem.flux_quanta)[-1])


def _in_sector(problem: GinzburgLandau, sector: int) -> GinzburgLandau:
    if problem.grid.ndim == 2:
        return problem.in_sector(sector)
    return problem.in_sector((*problem.flux_quanta[:2], sector))


def _distinct(found: list[_Found], tolerance: float) -> list[_Found]:
    """The lowest of each set of equal states, named after the first start that led there; lowest first."""
    kept: list[_Found] = []
    for f in found:
        for n, other in enumerate(kept):
            apart = abs(f.state.energy - other.state.energy)
            if apart <= tolerance * max(1.0, abs(f.state.energy)) and f.content == other.content:
                lower = min(f.state, other.state, key=lambda state: state.energy)
                kept[n] = replace(other, state=lower, times=other.times + f.times)
                break
        else:
            kept.append(f)
    return sorted(kept, key=lambda f: f.state.energy)


def _allowed(problem: GinzburgLandau, sectors: Iterable[int] | None) -> list[int] | None:
    """The sectors to keep to, None for any."""
    quantised = problem.quantised if problem.grid.ndim == 2 else all(problem.grid.periodic_axes[:2])
    many = sectors is None or isinstance(sectors, Iterable)
    require(many, "sectors", sectors, "integers in a list", f"give sectors=[{sectors}]")
    if not quantised:
        given = [0] if sectors is None else list(sectors)
        require(given == [0], "sectors", given, "[0] unless the cell is fully periodic", "leave sectors out")
        return [0]
    if sectors is None:  # the flux of a film, and a frozen field, is what is applied
        fixed = problem.stray_field is not None or problem.frozen_field
        return [_sector(problem)] if fixed else None
    wanted = list(dict.fromkeys(sectors))
    whole = bool(wanted) and all(isinstance(n, (int, np.integer)) for n in wanted)
    require(whole, "sectors", wanted, "at least one integer", "a periodic cell holds whole flux quanta")
    return [int(n) for n in wanted]
