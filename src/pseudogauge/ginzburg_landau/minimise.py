"""Local minima of the energy: preconditioned L-BFGS with a line search that still works at rounding.

The initial inverse Hessian is that of `Landscape`.  Nocedal and Wright, "Numerical Optimization", ch. 7; line
search after Hager and Zhang, SIAM J. Optim. 16, 170 (2005).
"""

from __future__ import annotations

import math
from collections import deque
from threading import Event
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..errors import Interrupted, require
from .checks import check_number, check_whole
from .energy import threads_for
from .kept import Kept, Minima, Reached
from .landscape import Landscape, Point, short
from .problem import GinzburgLandau
from .starts import Rng, Start, fields_of
from .state import SETTLED, State, residual_of

__all__ = ["minimise"]

Array = NDArray[np.float64]
Single = NDArray[np.float32] | Array
PATIENCE = 50  # iterations over which the energy is watched
MEMORY = 12  # pairs kept by L-BFGS; with them a minimisation takes about 1000 bytes per site, 1100 in layers


def minimise(
    problem: GinzburgLandau,
    rng: Rng = None,
    start: Start = None,
    *,
    tol: float = 1e-8,
    energy_tol: float = 0.0,
    max_iterations: int = 5000,
    threads: int | None = None,
    kept: Minima | None = None,
    stop: Event | None = None,
) -> State:
    """One local minimum of the free energy, within the flux sector of ``problem``.

    Parameters
    ----------
    rng : seed or generator for a random start; None is seed 0.
    start : None (random), "uniform", a `State` of the same grid and sector, ψ as an array, or a list
        of vortices ``(x, y, winding)``, whose windings must sum to the flux of a periodic cell.  In layers these are
        straight lines along z, and the list may hold vortex lines too: `VortexLine` or its points (n, 3).
    tol : stop when both Ginzburg-Landau equations hold to this at every site and link (`State.residual`).
    energy_tol : stop also when 50 iterations have lowered the energy by less than this fraction of it (0: never).
        Vortices far from everything drift for thousands of iterations through a landscape that is flat to 1e-9.
    max_iterations : give up after so many; the state then says ``converged = False``.
    threads : for one pass over the grid; None takes the available cores when the grid is large.
    kept : a dictionary, or a `results.MinimaFolder`, in which this minimisation is kept: several times a minute, on
        Ctrl-C and at its end.  The same call with the same dictionary goes on where it was, or returns what it found.
    stop : a `threading.Event`: set by another thread, it acts as Ctrl-C does, which only the main thread receives.

    Returns
    -------
    State : with ``converged``, ``residual``, ``iterations`` and ``message``.  The energy never rises from one
        iteration to the next by more than its own rounding error.

    Raises
    ------
    InputError : for a start that does not fit.
    Interrupted : on Ctrl-C or ``stop``, with the last accepted step as its ``state``.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> state = minimise(GinzburgLandau(Grid((24, 24), 0.5), kappa=2.0), start="uniform")
    >>> state.converged, round(state.energy, 9)
    (True, -72.0)
    """
    require(isinstance(problem, GinzburgLandau), "problem", problem, "a GinzburgLandau problem")
    check_number("tol", tol)
    check_number("energy_tol", energy_tol, zero=True)
    require(energy_tol < 1, "energy_tol", energy_tol, "below 1")
    check_whole("max_iterations", max_iterations, least=0)
    if threads is not None:
        check_whole("threads", threads)
    workers = threads or threads_for(problem.grid.size)
    fields = fields_of(problem, start, rng)
    book = None if kept is None else Kept(kept, problem, fields, tol, energy_tol, max_iterations)
    reached = (book and book.earlier) or Reached(fields)
    if not reached.finished:
        landscape = Landscape(problem, workers, reached.fields)
        reached = _descend(
            landscape, reached.iterations, tol, energy_tol, max_iterations, book, stop or Event()
        )
        if book is not None:
            book.save(reached)
    fields, converged, iterations, message, finished = reached
    state = State.from_fields(problem, fields, converged=converged, iterations=iterations, message=message)
    if not finished:
        raise Interrupted(state)
    return state


class _Pair(NamedTuple):
    """A step, the change of the gradient along it, and the inverse of their product."""

    step: Single
    change: Single
    inverse: float


def _descend(
    landscape: Landscape,
    first: int,
    tol: float,
    energy_tol: float,
    max_iterations: int,
    book: Kept | None,
    stop: Event,
) -> Reached:
    """Preconditioned L-BFGS from the iteration ``first`` on; Ctrl-C loses the step it is in."""
    problem, here, iteration = landscape.problem, landscape.at(landscape.start), first
    pairs: deque[_Pair] = deque(maxlen=MEMORY)
    energies: deque[float] = deque(maxlen=PATIENCE)

    def reached(message: str, converged: bool = False, finished: bool = True) -> Reached:
        return Reached(landscape.fields_at(here.fields), converged, iteration, message, finished)

    try:
        for iteration in range(first, max_iterations + 1):
            residual = residual_of(problem, here.gradient)
            if residual <= tol:
                return reached("converged", converged=True)
            if iteration == max_iterations:
                break
            if stop.is_set():
                raise KeyboardInterrupt
            watched = energy_tol > 0 and len(energies) == PATIENCE
            if watched and energies[0] - here.energy <= energy_tol * abs(here.energy):
                return reached(
                    f"{SETTLED} to {energy_tol:.0e}, not the residual, {residual:.1e}: vortices may drift"
                )
            if book is not None and book.due:
                book.save(reached("unfinished", finished=False))
            energies.append(here.energy)
            direction = _direction(landscape, here.gradient, pairs)
            slope = _dot(direction, here.gradient)
            there = _line_search(landscape, here, direction, slope) if slope < 0 else None
            if there is None and pairs:
                pairs.clear()  # a stale quadratic model: start it again from here
                continue
            if there is None:
                return reached(
                    f"rounding stops progress at a residual of {residual:.1e}; ask for a larger tol"
                )
            step, change = there.fields - here.fields, there.gradient - here.gradient
            curvature = _dot(step, change)
            if curvature > 0:
                kept = [step, change] if landscape.precise else [short(step), short(change)]
                pairs.append(_Pair(kept[0], kept[1], 1 / curvature))
            here = there
    except KeyboardInterrupt:
        return reached("interrupted: continue with start=state", finished=False)
    return reached(
        f"stopped after {max_iterations} iterations, residual {residual:.1e}: continue with start=state"
    )


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"}, nogil=True)
def _inner(a: NDArray[Any], b: Array) -> float:
    total = 0.0
    for n in range(b.size):
        total += a[n] * b[n]
    return total


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"}, nogil=True)
def _add_then_inner(factor: float, a: Single, to: Array, b: Single) -> float:
    """``to += factor a``, and the inner product of the result with ``b``, in one pass."""
    total = 0.0
    for n in range(to.size):
        to[n] += factor * a[n]
        total += to[n] * b[n]
    return total


# Own loops, not BLAS: its threads wait for each other when the cores are busy, and change the rounding.
def _dot(a: Single, b: Array) -> float:
    return float(_inner(a.reshape(-1), b.reshape(-1)))


def _add(factor: float, a: Single, to: Array, b: Single) -> float:
    return float(_add_then_inner(factor, a.reshape(-1), to.reshape(-1), b.reshape(-1)))


def _direction(landscape: Landscape, gradient: Array, pairs: deque[_Pair]) -> Array:
    """The two-loop recursion of L-BFGS around the mode preconditioner."""
    work = -gradient
    if not pairs:
        return landscape.precondition(work)
    weights = []
    overlap = _dot(pairs[-1].step, work)
    for pair, earlier in zip(reversed(pairs), [*list(reversed(pairs))[1:], pairs[0]], strict=True):
        weights.append(pair.inverse * overlap)
        overlap = _add(-weights[-1], pair.change, work, earlier.step)
    work = landscape.precondition(work)
    overlap = _dot(pairs[0].change, work)
    for pair, later, weight in zip(pairs, [*list(pairs)[1:], pairs[-1]], reversed(weights), strict=True):
        overlap = _add(weight - pair.inverse * overlap, pair.step, work, later.change)
    return work


def _line_search(landscape: Landscape, here: Point, direction: Array, slope: float) -> Point | None:
    """A step that obeys the Wolfe conditions, or, where energies drown in rounding, their form in slopes.

    Every accepted energy is below the old one, up to its rounding error.
    """
    low, high, low_slope = 0.0, math.inf, slope
    length = 1.0
    for _ in range(25):
        there = landscape.at(here.fields + length * direction)
        new_slope = _dot(there.gradient, direction)
        drop = there.energy - here.energy
        lower = drop <= 1e-4 * length * slope or (drop <= here.noise and new_slope <= -0.9998 * slope)
        if lower and new_slope >= 0.5 * slope:
            return there
        if lower and new_slope < 0:
            low, low_slope = length, new_slope
            length = min(2.0 * length, 0.5 * (low + high))
            continue
        high = length
        # secant of the slopes while it falls well inside the bracket, else bisection
        secant = low + (high - low) * low_slope / (low_slope - new_slope) if new_slope > 0 else math.inf
        inside = low + 0.1 * (high - low) <= secant <= high - 0.1 * (high - low)
        length = secant if inside else 0.5 * (low + high)
    return None
