"""What changes in time from outside: temperature, applied field, transport current."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, require
from .checks import blaming
from .energy import Coefficients
from .layers import LayeredCoefficients
from .limits import check_flux
from .london import London
from .problem import GinzburgLandau

__all__ = ["Drive", "InTime", "Ramp", "now"]

Array = NDArray[np.float64]
InTime = Callable[[float], Any] | float | None


@dataclass(frozen=True)
class Ramp:
    """A number in time, linear between the given points and constant beyond them.

    >>> cooling = Ramp(times=(0.0, 100.0), values=(-0.5, 1.0))
    >>> cooling(-1.0), cooling(50.0), cooling(1e9)
    (-0.5, 0.25, 1.0)
    """

    times: Sequence[float]
    values: Sequence[float]

    def __post_init__(self) -> None:
        try:
            times, values = (np.asarray(numbers, dtype=float) for numbers in (self.times, self.values))
            same = times.shape == values.shape and times.ndim == 1 and times.size > 0
        except (TypeError, ValueError):
            same = False
        fix = "for example Ramp(times=(0.0, 100.0), values=(-0.5, 1.0))"
        require(
            same, "Ramp", f"{self.times}, {self.values}", "two sequences of numbers, one value per time", fix
        )
        require(bool(np.isfinite([times, values]).all()), "Ramp", self, "finite")
        rising = all(a < b for a, b in zip(self.times[:-1], self.times[1:], strict=True))
        require(rising, "Ramp.times", tuple(self.times), "rising")

    def __call__(self, time: float) -> float:
        return float(np.interp(time, self.times, self.values))


@dataclass(frozen=True, eq=False)
class Drive:
    """A problem whose condensation strength, applied field and transport current may change in time.

    ``strength`` is ε(t) of the clean material: the local strength is ε(r) + ε(t) − 1.  ``applied_field`` is H(t);
    ``current`` the mean current density (J_x, J_y), which must vanish along open axes.  None leaves what the
    problem says, and no current.
    """

    problem: GinzburgLandau
    strength: InTime = None
    applied_field: InTime = None
    current: Callable[[float], Any] | tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.problem.stray_field is None:
            fix = (
                "the flux of flux_quanta cannot change: open an axis of the grid, or leave applied_field out"
            )
            fixed = self.problem.quantised and self.applied_field is not None
            require(not fixed, "applied_field", self.applied_field, "None in a fully periodic cell", fix)
            return
        filled = self.problem.quantised
        fix = "the flux of a film without end cannot change; leave vacuum around a sample"
        none = self.applied_field is None
        require(none or not filled, "applied_field", self.applied_field, "None in a film without end", fix)
        fix = "give the film the whole grid"
        allowed = "None for a film beside vacuum, which would carry it too"
        require(self.current is None or filled, "current", self.current, allowed, fix)

    def at_rest(self, time: float) -> bool:
        """Whether from now on nothing does work on the system, so that its energy can only fall."""
        return self.current is None and time >= self.settled_after

    @property
    def settled_after(self) -> float:
        """Time after which nothing changes any more (never, for functions other than ramps)."""
        given = [f for f in (self.strength, self.applied_field, self.current) if callable(f)]
        return max((f.times[-1] if isinstance(f, Ramp) else math.inf for f in given), default=0.0)

    def problem_at(self, time: float) -> GinzburgLandau:
        """The problem with the values of this moment."""
        if self.strength is None and self.applied_field is None:
            return self.problem
        epsilon = self._coefficients(*self._values(time)).epsilon
        epsilon = np.array(np.broadcast_to(epsilon, self.problem.grid.shape))
        return self.problem.changed(epsilon=epsilon, applied_field=self._values(time)[1])

    def coefficients(self, time: float) -> Coefficients | LayeredCoefficients:
        """The energy of this moment."""
        return self._coefficients(*self._values(time))

    def push(self, time: float) -> Array | None:
        """The transport current as a force on the links, (2, Nx, Ny) in the units of ∂E/∂A/2, or None.

        Beside an open surface it is the field of the current, on either side, that pushes.
        """
        if self.current is None:
            return None
        given = now("current", self.current, time)
        try:
            along_x, along_y = given
        except (TypeError, ValueError):
            raise InputError("current", given, "a pair (J_x, J_y)") from None
        densities = [_number("current", along_x, time), _number("current", along_y, time)]
        grid = self.problem.grid
        push = np.zeros((2, *grid.shape))
        for axis, density in enumerate(densities):
            fix = "current flows in and out through periodic boundaries"
            require(
                density == 0 or grid.periodic_axes[axis], "current", tuple(given), "0 along open axes", fix
            )
            if grid.periodic_axes[1 - axis] or self.problem.frozen_field:
                push[axis] = density * grid.spacing
            else:
                rows = np.moveaxis(push[axis], 1 - axis, 0)
                rows[0] = rows[-1] = 0.5 * density * grid.extent[1 - axis]
        return push

    def turned_up(self, before: float, after: float) -> Array | None:
        """Change of the frozen vector potential (κ = ∞) between two times, or None."""
        if not (self.problem.frozen_field and callable(self.applied_field)):
            return None
        return self.potential_of(self._values(after)[1] - self._values(before)[1])

    def potential_of(self, field: float) -> Array:
        """Links of A of a uniform field."""
        return field * self._unit_potential

    @cached_property
    def _unit_potential(self) -> Array:
        weak = 0.1 / self.problem.grid.cell  # that plaquettes resolve
        unit = self.problem.changed(applied_field=weak, magnetisation=None)
        return London(unit).frozen_potential / weak

    def _values(self, time: float) -> tuple[float, Any]:
        strength, field = 1.0, self.problem.applied_field
        if self.strength is not None:
            strength = _number("strength", now("strength", self.strength, time), time)
            fix = "choose ξ at the lowest temperature"
            require(strength <= 1, f"strength({time:.6g})", strength, "at most 1", fix)
        if self.applied_field is not None:
            field = _number("applied_field", now("applied_field", self.applied_field, time), time)
            check_flux(f"applied_field({time:.6g})", field * self.problem.grid.cell)
        return strength, field

    def _coefficients(self, strength: float, field: Any) -> Coefficients | LayeredCoefficients:
        fixed = self.problem.coefficients
        if self.strength is not None:
            fixed = fixed._replace(epsilon=fixed.epsilon + (strength - 1))
        if self.applied_field is not None:
            here, static = (self.problem.applied_flux(h) for h in (field, self.problem.applied_field))
            fixed = fixed._replace(source=fixed.source + (here - static))
        return fixed


def now(name: str, value: Any, time: float) -> Any:
    """The value of this moment."""
    return blaming(name, value, time, when=f", at time {time:.6g}") if callable(value) else value


def _number(name: str, value: Any, time: float) -> float:
    number = isinstance(value, (int, float, np.number)) and math.isfinite(value)
    require(number, f"{name}({time:.6g})", value, "a finite number", f"correct the function given as {name}")
    return float(value)
