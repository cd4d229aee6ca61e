"""The loop over time steps: their length, when to record, when to stop, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .checkpoint import Checkpoint, mark_of
from .checks import blaming, check_number, check_whole
from .integrator import Integrator, Point
from .noise import thermal_kick
from .state import State

__all__ = ["Evolution", "Settings", "TimeLoop"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Evolution:
    """What happened.

    Attributes
    ----------
    state : the last `State`; its problem has the field and strength of that moment.
    times, energies : after every accepted step, from the start (or the checkpoint) on.
    recorded_times, recorded : the times asked for that were reached, and what ``observe`` returned there.
    electric_field : mean of E = −∂A/∂t over the grid since the record before, (records, axes).
    accepted, rejected : steps, counted from time zero.
    step_error : largest difference of any accepted step from its first-order companion (`evolve`, ``tol``).
    complete : whether the end was reached, in time or by coming to rest; ``message`` says how it ended.
    checkpoint : continue with ``evolve(problem, duration=…, resume=checkpoint)`` and the same settings.
    """

    state: State
    times: Array
    energies: Array
    recorded_times: Array
    recorded: tuple[Any, ...]
    electric_field: Array
    accepted: int
    rejected: int
    step_error: float
    complete: bool
    message: str
    checkpoint: Checkpoint

    def __repr__(self) -> str:
        steps = f"{self.accepted} steps, {self.rejected} rejected"
        return f"Evolution(time={self.times[-1]:.6g}, {self.state!r}, {steps}, {self.message})"


@dataclass(frozen=True)
class Settings:
    """How steps are chosen, and where they end."""

    noisy: bool
    duration: float
    tol: float
    rest_tol: float
    max_step: float
    max_steps: int

    def check(self) -> None:
        """Refuse what makes no sense."""
        for name in ("duration", "tol", "max_step"):
            check_number(name, getattr(self, name))
        check_number("rest_tol", self.rest_tol, zero=True)
        check_whole("max_steps", self.max_steps)


@dataclass(eq=False)
class TimeLoop:
    """The loop over steps, with what it has gathered so far."""

    integrator: Integrator
    settings: Settings
    noise: Callable[[float], float]
    observe: Callable[[State], Any]
    keep: Callable[[Checkpoint], None] | None
    records: Array
    times: list[float] = field(default_factory=list)
    energies: list[float] = field(default_factory=list)
    recorded: list[tuple[float, Any, Array]] = field(default_factory=list)

    def go(self, now: Checkpoint) -> Evolution:
        """From a checkpoint to the end."""
        rng = now.rng()
        here = self.integrator.at(now.time, now.fields)
        try:
            while True:
                self.times.append(here.time)
                self.energies.append(here.energy)
                if here.time in self.records and (now.accepted == 0 or now.mark[0] < here.time):
                    now = self._record(now)
                message = self._finished(here, now)
                if message:
                    break
                there, now = self._advance(here, now, rng)
                if there is None:
                    message = f"no step down to {now.step:.1e} is good: too rough a drive, start or noise"
                    break
                here = there
        except KeyboardInterrupt:
            message = f"interrupted at time {now.time:.6g}: continue with resume=checkpoint"
        return self._result(now, message)

    def _advance(
        self, here: Point, now: Checkpoint, rng: np.random.Generator
    ) -> tuple[Point | None, Checkpoint]:
        """One accepted step, after as many rejected ones as it takes."""
        step, rejected, noise = now.step, now.rejected, self.noise(here.time)
        problem = self.integrator.drive.problem
        while True:
            until, cut = self._until(here.time, step)
            kick = None
            if noise > 0:
                rates = self.integrator.relaxation, self.integrator.conductivity
                kick = thermal_kick(problem, noise, *rates, until - here.time, rng)
            there, difference = self.integrator.step(here, until, kick)
            error = self._size(difference)
            if self._acceptable(here, there, error):
                break
            rejected += 1
            step = 0.5 * (until - here.time)
            if self.settings.noisy or step < 1e-10:  # choosing among random steps would bias them
                return None, replace(now, step=step, rejected=rejected)
        tol, limit = self.settings.tol, self.settings.max_step
        wish = (until - here.time) * min(2.0, max(0.3, 0.9 * math.sqrt(tol / max(error, 1e-300))))
        wish = min(max(wish, step) if cut and error <= tol else wish, limit)
        after = replace(
            now, time=until, fields=there.fields, step=wish, accepted=now.accepted + 1, rejected=rejected,
            step_error=max(now.step_error, error), rng_state=rng.bit_generator.state,
        )  # fmt: skip
        return there, after

    def _until(self, time: float, step: float) -> tuple[float, bool]:
        """Where the step ends, at the next record or at the end if it would pass or just miss it."""
        later = self.records[self.records > time]
        stop = min(float(later[0]) if later.size else math.inf, self.settings.duration)
        cut = time + 1.0001 * min(step, self.settings.max_step) >= stop
        return (stop if cut else time + min(step, self.settings.max_step)), cut

    def _size(self, difference: Array) -> float:
        square = difference[0] ** 2 + difference[1] ** 2, *(links**2 for links in difference[2:])
        worst = [float(s.mean() if self.settings.noisy else s.max()) for s in square]
        return math.sqrt(max(worst))

    def _acceptable(self, here: Point, there: Point, error: float) -> bool:
        if not (math.isfinite(error) and math.isfinite(there.energy)):
            return False
        if self.settings.noisy:
            return True
        falls = there.energy <= here.energy + here.rounding or not self.integrator.drive.at_rest(here.time)
        return falls and error <= self.settings.tol

    def _finished(self, here: Point, now: Checkpoint) -> str:
        if here.time >= self.settings.duration:
            return "reached the end"
        settled = self.settings.rest_tol and here.time >= self.integrator.drive.settled_after
        if settled and self._unrest(here) <= self.settings.rest_tol:
            return f"came to rest at time {here.time:.6g}"
        if now.accepted >= self.settings.max_steps:
            where = f"after {now.accepted} steps at time {here.time:.6g}"
            return f"stopped {where}: continue with resume=checkpoint"
        return ""

    def _unrest(self, here: Point) -> float:
        """Largest violation of the two Ginzburg-Landau equations."""
        order = self.integrator.relaxation * math.sqrt(float((here.rates[:2] ** 2).sum(axis=0).max()))
        problem = self.integrator.drive.problem
        scales = zip(here.rates[2:], problem.masses, problem.grid.spacings, strict=True)
        worst = max(float(np.abs(links).max()) * mass / spacing for links, mass, spacing in scales)
        return max(order, self.integrator.conductivity * worst)

    def _record(self, now: Checkpoint) -> Checkpoint:
        drive = self.integrator.drive
        mark = mark_of(now.time, now.fields)
        time, *links = np.subtract(mark, now.mark)
        electric = -np.array(links) / (np.array(drive.problem.grid.spacings) * (time or math.inf))
        state = State.from_fields(drive.problem_at(now.time), now.fields)
        seen = blaming("observe", self.observe, state, when=f", at time {now.time:.6g}")
        self.recorded.append((now.time, seen, electric))
        now = replace(now, mark=mark)
        if self.keep is not None:
            blaming("keep", self.keep, now, when=f", at time {now.time:.6g}")
        return now

    def _result(self, now: Checkpoint, message: str) -> Evolution:
        problem = self.integrator.drive.problem_at(now.time)
        rest = message.startswith("came")
        state = State.from_fields(
            problem, now.fields, converged=rest, iterations=now.accepted, message=message
        )
        return Evolution(
            state, np.array(self.times), np.array(self.energies), np.array([r[0] for r in self.recorded]),
            tuple(r[1] for r in self.recorded), np.array([r[2] for r in self.recorded]).reshape(-1, problem.grid.ndim),
            now.accepted, now.rejected, now.step_error, rest or message.startswith("reached"), message, now,
        )  # fmt: skip
