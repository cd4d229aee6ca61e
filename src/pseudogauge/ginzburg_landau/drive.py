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
from ..numerics.curl import areas, normals
from .checks import blaming
from .energy import Coefficients
from .layers import LayeredCoefficients
from .limits import check_flux, vector
from .links import by_orientation
from .london import London
from .problem import GinzburgLandau

__all__ = ["Drive", "InTime", "Ramp", "now"]

Array = NDArray[np.float64]
InTime = Callable[[float], Any] | float | None


@dataclass(frozen=True)
class Ramp:
    """A number, or a vector, in time: linear between the given points and constant beyond them.

    >>> cooling = Ramp(times=(0.0, 100.0), values=(-0.5, 1.0))
    >>> cooling(-1.0), cooling(50.0), cooling(1e9)
    (-0.5, 0.25, 1.0)
    >>> Ramp(times=(0.0, 10.0), values=[(0.0, 0.0), (0.1, 0.2)])(5.0)
    (0.05, 0.1)
    """

    times: Sequence[float]
    values: Sequence[Any]

    def __post_init__(self) -> None:
        try:
            times, values = (np.asarray(numbers, dtype=float) for numbers in (self.times, self.values))
            same = times.ndim == 1 and times.size > 0 and values.shape[:1] == times.shape and values.ndim < 3
        except (TypeError, ValueError):
            same = False
        fix = "for example Ramp(times=(0.0, 100.0), values=(-0.5, 1.0))"
        require(
            same, "Ramp", f"{self.times}, {self.values}", "two sequences of numbers, one value per time", fix
        )
        require(bool(np.isfinite(times).all() and np.isfinite(values).all()), "Ramp", self, "finite")
        rising = all(a < b for a, b in zip(self.times[:-1], self.times[1:], strict=True))
        require(rising, "Ramp.times", tuple(self.times), "rising")

    def __call__(self, time: float) -> Any:
        values = np.asarray(self.values, dtype=float)
        if values.ndim == 1:
            return float(np.interp(time, self.times, values))
        return tuple(float(np.interp(time, self.times, part)) for part in values.T)


@dataclass(frozen=True, eq=False)
class Drive:
    """A problem whose condensation strength, applied field and transport current may change in time.

    ``strength`` is ε(t) of the clean material: the local strength is ε(r) + ε(t) − 1.  ``applied_field`` is H(t);
    in layers along z or a vector; ``current`` the mean current density, one number for each axis, which must vanish
    along open axes and across a strip of film (the mean is that over the cell, vacuum included).  None leaves what
    the problem says, and no current.
    """

    problem: GinzburgLandau
    strength: InTime = None
    applied_field: Any = None
    current: Any = None

    def __post_init__(self) -> None:
        if self.problem.stray_field is None:
            fix = (
                "the flux of flux_quanta cannot change: open an axis of the grid, or leave applied_field out"
            )
            fixed = self.problem.grid.fully_periodic and self.applied_field is not None
            require(not fixed, "applied_field", self.applied_field, "None in a fully periodic cell", fix)
            return
        filled = self.problem.quantised
        fix = "the flux of a film without end cannot change; leave vacuum around a sample"
        none = self.applied_field is None
        require(none or not filled, "applied_field", self.applied_field, "None in a film without end", fix)
        fix = "a strip, or a film that fills the grid, carries current through the ends of the cell"
        isolated = not filled and math.isfinite(self.problem.vacuum.reach)
        require(
            self.current is None or not isolated, "current", self.current, "None in an isolated film", fix
        )

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
        """The transport current as a force on the links, shaped like them, in the units of ∂E/∂A/2, or None.

        Beside an open surface it is the field of the current, on either side, that pushes.
        """
        if self.current is None:
            return None
        grid = self.problem.grid
        push = np.zeros((grid.ndim, *grid.shape))
        for axis, density in enumerate(self._densities(time)):
            share = density * grid.cell / grid.spacings[axis]
            surfaces = [a for a in range(grid.ndim) if a != axis and not grid.periodic_axes[a]]
            if not surfaces or not density or self.problem.frozen_field:
                push[axis] = share
                continue
            fix = "make the grid periodic along one of the other two axes"
            bar = f"{density} along {'xyz'[axis]}"
            require(len(surfaces) == 1, "current", bar, "0 in a bar open on four sides", fix)
            rows = np.moveaxis(push[axis], surfaces[0], 0)
            rows[0] = rows[-1] = 0.5 * share * grid.shape[surfaces[0]]
        return push

    def _densities(self, time: float) -> list[float]:
        given, axes = now("current", self.current, time), self.problem.grid.periodic_axes
        allowed = "a pair (J_x, J_y)" if len(axes) == 2 else "three numbers (J_x, J_y, J_z)"
        try:
            parts = list(given)
        except TypeError:
            raise InputError("current", given, allowed) from None
        require(len(parts) == len(axes), "current", given, allowed)
        densities = [_number("current", part, time) for part in parts]
        fix = "current flows in and out through periodic boundaries"
        seam = None if self.problem.stray_field is None else self.problem.vacuum.seam
        along = [wraps and (seam is None or axis != seam[0]) for axis, wraps in enumerate(axes)]
        none = all(density == 0 or through for density, through in zip(densities, along, strict=True))
        require(none, "current", tuple(given), "0 along open axes, and across a strip", fix)
        return densities

    def turned_up(self, before: float, after: float) -> Array | None:
        """Change of the frozen vector potential (κ = ∞) between two times, or None."""
        if not (self.problem.frozen_field and callable(self.applied_field)):
            return None
        fields = [by_orientation(self.problem.grid, self._values(t)[1]) for t in (before, after)]
        change = np.asarray(fields[1] - fields[0]).ravel()
        return np.asarray(sum(c * unit for c, unit in zip(change, self._unit_potentials, strict=True) if c))

    @cached_property
    def _unit_potentials(self) -> list[Array]:
        """Links of A of a uniform field along every axis (along z in two dimensions), zero where it is fixed."""
        london, grid = London(self.problem), self.problem.grid
        free = [not self._fixed(spanned) for spanned in normals(grid)]
        units = np.diag(np.array(free, dtype=float))
        return [london.flow(self.problem.applied_flux(unit if grid.ndim == 3 else unit[0])) for unit in units]

    def _fixed(self, spanned: tuple[int, int]) -> bool:
        """Whether the flux through a face is that of ``flux_quanta``, for ever."""
        if self.problem.stray_field is not None:
            return self.problem.quantised
        return all(self.problem.grid.periodic_axes[axis] for axis in spanned)

    def _values(self, time: float) -> tuple[float, Any]:
        strength, field = 1.0, self.problem.applied_field
        if self.strength is not None:
            strength = _number("strength", now("strength", self.strength, time), time)
            fix = "choose ξ at the lowest temperature"
            require(strength <= 1, f"strength({time:.6g})", strength, "at most 1", fix)
        if self.applied_field is not None:
            grid, name = self.problem.grid, f"applied_field({time:.6g})"
            field = vector(name, now("applied_field", self.applied_field, time), grid)
            values = by_orientation(grid, field)
            check_flux(name, areas(grid) * values)
            before = by_orientation(grid, self.problem.applied_field)
            for axis, spanned in enumerate(normals(grid)):
                fix = "flux_quanta fixes the flux through a face that is periodic both ways"
                same = not self._fixed(spanned) or bool((values[axis] == before[axis]).all())
                require(same, f"{name} along {'xyz'[axis]}", field, "that of the problem", fix)
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
