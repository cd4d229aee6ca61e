"""Several minimisations of one problem side by side, one core each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from threading import Event

from ..errors import Interrupted, require
from .checks import check_whole
from .energy import cores
from .kept import Minima
from .minimise import minimise
from .problem import GinzburgLandau
from .starts import Rng, Start, as_rng
from .state import State

__all__ = ["minimise_many", "side_by_side"]


def minimise_many(
    problem: GinzburgLandau,
    starts: Sequence[Start],
    rng: Rng = None,
    *,
    tol: float = 1e-8,
    energy_tol: float = 0.0,
    max_iterations: int = 5000,
    threads: int | None = None,
    kept: Minima | None = None,
) -> tuple[State, ...]:
    """The minima that these starts lead to, in their order, whatever the number of threads.

    Parameters
    ----------
    starts : a sequence, each as for `minimise`; ``[None] * n`` are n random ones.
    rng : seed or generator; every start gets a generator spawned from it.
    tol, energy_tol, max_iterations, kept : as for `minimise`.
    threads : minimisations at a time, each with one thread; None takes the available cores.  One of them takes about
        1000 bytes per site.

    Raises
    ------
    InputError : for a start that does not fit.
    Interrupted : on Ctrl-C, with the last accepted step of each as its ``states`` and the lowest as its ``state``.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> problem = GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0, flux_quanta=1)
    >>> states = minimise_many(problem, [None, None, [(4.0, 4.0, 1)]], rng=1, tol=1e-6)
    >>> [round(state.energy, 4) == round(states[2].energy, 4) for state in states]
    [True, True, True]
    """
    require(isinstance(problem, GinzburgLandau), "problem", problem, "a GinzburgLandau problem")
    listed = isinstance(starts, (list, tuple))
    require(listed, "starts", type(starts).__name__, "a list of starts", "for example [None] * 8, all random")
    if threads is not None:
        check_whole("threads", threads)
    generators = as_rng(rng).spawn(len(starts))
    _ = problem.coefficients  # once, for all threads
    begin = partial(
        minimise, problem, tol=tol, energy_tol=energy_tol, max_iterations=max_iterations, kept=kept
    )
    jobs = [partial(begin, own, start) for start, own in zip(starts, generators, strict=True)]
    return tuple(side_by_side(jobs, threads or cores()))


def side_by_side(jobs: Sequence[Callable[..., State]], threads: int) -> Iterator[State]:
    """Their states in their order, ``threads`` at a time; whatever ends this early stops them at their next step.

    The jobs are minimisations that lack ``threads`` and ``stop``.  Ctrl-C raises `Interrupted` with the states reached.
    """
    stop, pool = Event(), ThreadPoolExecutor(threads)
    waiting = [pool.submit(job, threads=1, stop=stop) for job in jobs]
    try:
        yield from (job.result() for job in waiting)
    except KeyboardInterrupt:
        stop.set()
        pool.shutdown(cancel_futures=True)
        states = tuple(_reached(job) for job in waiting)
        begun = [state for state in states if state is not None]
        if not begun:
            raise
        raise Interrupted(min(begun, key=lambda state: state.energy), states) from None
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _reached(job: Future[State]) -> State | None:
    try:
        return job.result()
    except Interrupted as stopped:
        state: State = stopped.state
        return state
    except (CancelledError, Exception):
        return None
