"""Time-dependent Ginzburg-Landau dynamics with adaptive steps, thermal noise and drives.

    u ∂ψ/∂t = (ε − |ψ|²)ψ + (∇ + ia)²ψ + noise,     σ ∂A/∂t = j − κ²∇×(B − H − m) − J + noise,

in the gauge without electric potential, E = −∂A/∂t (Gor'kov and Eliashberg 1968; Schmid 1966; units of Kato and
Enomoto 1993).  See docs/theory/dynamics.md; in layers σ between them is smaller by Γ² (docs/theory/layered.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from .checkpoint import Checkpoint, fingerprint, mark_of
from .checks import check_number, check_whole
from .drive import Drive, InTime, now
from .energy import threads_for
from .integrator import Integrator
from .london import London
from .problem import GinzburgLandau
from .starts import Rng, Start, as_rng, fields_of
from .state import State, pack
from .time_loop import Evolution, Settings, TimeLoop

__all__ = ["evolve"]

Array = NDArray[np.float64]
ACCURATE, DAMPED = 0.5, 0.6
"""γ of the integrator: ½ gives linear modes their exact thermal variance, 1 damps what a step cannot resolve."""


def evolve(
    problem: GinzburgLandau,
    start: Start = None,
    duration: float = 100.0,
    *,
    noise: InTime = 0.0,
    relaxation: float = 5.79,
    conductivity: float = 1.0,
    strength: InTime = None,
    applied_field: Any = None,
    current: Any = None,
    record: Sequence[float] | Array = (),
    observe: Callable[[State], Any] = lambda state: state.vortices,
    keep: Callable[[Checkpoint], None] | None = None,
    tol: float = 1e-3,
    rest_tol: float = 0.0,
    first_step: float = 0.01,
    max_step: float | None = None,
    max_steps: int = 1_000_000,
    rng: Rng = None,
    resume: Checkpoint | None = None,
    threads: int | None = None,
) -> Evolution:
    """Follow the order parameter and the vector potential in time.

    Parameters
    ----------
    start : as for `minimise`, and "normal" for ψ = 0.
    duration : time to end at, counted from the start, in μ0σλ² (with σ the normal conductivity) if
        ``conductivity`` is 1.
    noise : Θ, k_BT in units of the energy per length times a thickness (`noise_temperature`), or Θ(t).
    relaxation : u of the order parameter: 5.79 for dirty superconductors, 12 for magnetic impurities.
    conductivity : σ of the normal current, which flows outside a sample mask as well.
    strength : ε(t) ≤ 1 for a changing temperature, a number or a function; the local strength is then
        ε(r) + ε(t) − 1.  A field-cooling run is a `Ramp` from below 0 to 1, with noise.
    applied_field : H(t), instead of the problem's, in layers along z or a vector.  Where a face of the cell is periodic
        both ways its flux is fixed, and so is that component.
    current : mean transport current density (J_x, J_y[, J_z]) over the cell, along periodic axes and strips of film, or
        a function of time.
    record, observe : rising times, up to ``duration``, at which ``observe(state)`` is called and kept; by default the
        vortices.
    keep : called with a `Checkpoint` at every one of these times, to store it if need be (`Checkpoint.to_dataset`).
    tol : the step is chosen so that it differs from its first-order companion by no more than this in ψ and
        A dx anywhere (without noise) or in the root mean square (with noise).  The global error goes as tol.
    rest_tol : stop when the Ginzburg-Landau equations hold to this at every site and link (0: never).
    first_step, max_step : the latter is 10 unless given (beyond, errors of the implicit part linger); with
        noise dx²u/8, so that the shortest waves keep their thermal amplitude (docs/theory/dynamics.md).
    rng : seed or generator, for the noise and for a random start.
    resume : a checkpoint of the same problem to continue from, instead of ``start`` and ``rng``; with the same settings
        the run goes on bitwise as if never interrupted.

    Returns
    -------
    Evolution : without drive and noise its energy never rises by more than its own rounding error.  Ctrl-C
        ends it early, with ``complete = False`` and the last accepted step as checkpoint.

    Raises
    ------
    InputError : for bad values, from functions too, naming the time.

    >>> from pseudogauge.ginzburg_landau import Grid
    >>> problem = GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0, flux_quanta=1)
    >>> run = evolve(problem, start=[(4.0, 4.0, 1)], duration=20.0, record=[10.0, 20.0])
    >>> run.complete, len(run.recorded[0]), bool(np.all(np.diff(run.energies) < 1e-12))
    (True, 1, True)
    """
    require(isinstance(problem, GinzburgLandau), "problem", problem, "a GinzburgLandau problem")
    for name, value in (
        ("relaxation", relaxation),
        ("conductivity", conductivity),
        ("first_step", first_step),
    ):
        check_number(name, value)
    if threads is not None:
        check_whole("threads", threads)
    drive = Drive(problem, strength, applied_field, current)
    noise_at = _noise(noise)
    noisy = callable(noise) or bool(noise)
    limit = max_step if max_step is not None else _finest(problem) * relaxation / 8 if noisy else 10.0
    settings = Settings(noisy, duration, tol, rest_tol, limit, max_steps)
    settings.check()
    for function, name in ((observe, "observe"), (keep, "keep")):
        require(function is None or callable(function), name, function, "a function")
    fix = "noise never rests; give what changes in time as a Ramp"
    still = not rest_tol or not (noisy or math.isinf(drive.settled_after))
    require(bool(still), "rest_tol", rest_tol, "0 with noise and with functions of time", fix)
    integrator = Integrator(
        drive,
        relaxation,
        conductivity,
        ACCURATE if noisy else DAMPED,
        threads or threads_for(problem.grid.size),
    )
    records = _records(record, duration)
    if resume is None:
        generator = as_rng(rng)
        fields = _start(drive, start, generator)
        mark, bits = mark_of(0.0, fields), generator.bit_generator.state
        made_by = fingerprint(problem)
        resume = Checkpoint(0.0, fields, problem.flux_quanta, first_step, 0, 0, 0.0, mark, made_by, bits)
    elif start is not None:
        given = f"{start if isinstance(start, str) else type(start).__name__} beside resume"
        raise InputError("start", given, "left out with resume", "the checkpoint is where the run goes on")
    require(isinstance(resume, Checkpoint), "resume", resume, "the checkpoint of an evolution")
    resume.check(problem)
    fix = "it is counted from time zero, not from the checkpoint"
    require(duration >= resume.time, "duration", duration, f"at least the {resume.time:.6g} reached", fix)
    return TimeLoop(integrator, settings, noise_at, observe, keep, records).go(resume)


def _finest(problem: GinzburgLandau) -> float:
    """The smallest spacing squared, in coherence lengths of its direction."""
    return problem.grid.cell / float(problem.weights.max())


def _start(drive: Drive, start: Start, rng: np.random.Generator) -> Array:
    problem = drive.problem_at(0.0)
    if isinstance(start, str) and start == "normal":
        start = np.zeros(problem.grid.shape)
    fields = fields_of(problem, start, rng)
    if isinstance(start, State) and problem.frozen_field:  # its gauge tells its electric history: keep it
        fields = pack(problem, start.order_parameter, start.vector_potential)
        fields[2:] += London(problem).frozen_potential - London(start.problem).frozen_potential
    return fields


def _noise(noise: InTime) -> Callable[[float], float]:
    def at(time: float) -> float:
        value = now("noise", noise, time)
        good = isinstance(value, (int, float, np.number)) and 0 <= value < math.inf
        require(bool(good), f"noise({time:.6g})", value, "a finite number, at least 0")
        return float(value)

    at(0.0)
    return at


def _records(record: Sequence[float] | Array, duration: float) -> Array:
    try:
        times = np.asarray(record, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        raise InputError("record", record, "rising finite times", "for example record=[10.0, 20.0]") from None
    good = bool(np.all(np.isfinite(times)) and np.all(np.diff(times) > 0))
    require(good, "record", record, "rising finite times")
    require(times.size == 0 or times[0] >= 0, "record", record, "at least 0")
    late = times[times > duration * (1 + 1e-9)]  # k Δt may pass the end by rounding
    fix = "run longer, or leave them out"
    require(late.size == 0, "record", late.tolist(), f"at most the duration, {duration:g}", fix)
    return np.asarray(np.minimum(times, duration))
