"""The current of the uniform state from the exact spectrum [LOB Eq. 23], with an error estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..numerics.quadrature import ELLIPSE, adaptive_integral, graded_panels
from ._rays import current_along_rays
from .rashba import RashbaSuperconductor, as_exchange, as_in_plane

__all__ = ["Current", "exact_current"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Current:
    """A current density (j_x, j_y) in units of e × energy × momentum (ħ = e = 1), and how well it is known."""

    value: Array
    error: float
    """Estimated bound on the absolute error of either component, truncation and rounding together."""
    evaluations: int
    """Number of momenta at which the Hamiltonian was treated."""
    converged: bool
    """Whether ``error`` is within the tolerance asked for."""
    message: str = field(default="")
    """What to do if not converged, otherwise empty."""

    def __repr__(self) -> str:
        state = "converged" if self.converged else f"not converged: {self.message}"
        return (
            f"Current(j_x={self.value[0]:.9g}, j_y={self.value[1]:.9g}, error={self.error:.1e}, "
            f"evaluations={self.evaluations}, {state})"
        )


def exact_current(
    model: RashbaSuperconductor,
    exchange: ArrayLike,
    in_plane: ArrayLike,
    rtol: float = 1e-8,
    max_evaluations: int = 5_000_000,
) -> Current:
    """Current density of the uniform superconductor to all orders in the fields [LOB Eq. 23].

    ⟨J⟩ = ∫d²k/(2π)² Σ_n ⟨n|J_k|n⟩ [n_F(ε_n) − ½]: subtracting ½ changes nothing after k and −k are
    paired, and removes the large cancelling terms. ``exchange`` is b_z or (b_x, b_y, b_z), ``in_plane``
    is w_∥ = λe𝓔_∥. The tolerance is ``rtol`` times e²|b||w_∥|m/2π (`RashbaSuperconductor.scale`), or, where
    that vanishes, times the same with the full w, and without fields with v_F and Δ or T in their place.
    Any T ≥ 0, and any b, also beyond the gap. The result says whether the tolerance was reached.

    Raises `InputError` for fields that are not finite and rtol outside (1e-14, 1).

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> current = exact_current(metal, exchange=0.01, in_plane=(-0.01, 0.0))
    >>> print(f"{current.value[1]:.9e}", current.converged)
    -1.579337913e-05 True
    """
    b, w = as_exchange(exchange), as_in_plane(in_plane)
    require(1e-14 < rtol < 1, "rtol", rtol, "between 1e-14 and 1", "1e-8 is the default")
    tolerance = rtol * _tolerance_scale(model, b, w)
    parameters = np.array([model.mass, model.mu, model.gap, model.rashba, model.temperature])

    rays = _Rays(parameters, b, w, 0.2 * tolerance)
    value, angular = _trapezoid(rays, tolerance, max_evaluations)
    if angular > max(0.5 * tolerance, rays.rounding) and rays.evaluations < max_evaluations:
        per_ray = rays.evaluations // rays.count
        goal = max(0.5 * tolerance, 0.1 * rays.rounding)  # rounding cannot be refined away
        limit = (max_evaluations - rays.evaluations) // per_ray
        result = adaptive_integral(
            lambda angles: rays(angles) / math.pi, _angular_panels(model, b, w), goal, limit
        )
        value, angular = result.value, result.error
    error = angular + rays.truncation + rays.rounding
    message = ""
    if error > tolerance:
        advice = "raise max_evaluations, rtol or the temperature"
        if rays.rounding > angular + rays.truncation:
            advice = "rounding limits it, ask for a larger rtol"
        message = f"reached {error:.1e} where {tolerance:.1e} was asked for; {advice}"
    return Current(value, error, rays.evaluations, error <= tolerance, message)


class _Rays:
    """The radial integrals as a function of the angle; keeps count of the work and of the largest errors."""

    def __init__(self, parameters: Array, exchange: Array, in_plane: Array, tolerance: float) -> None:
        self._arguments = (parameters, exchange, in_plane, tolerance)
        self.evaluations = self.count = 0
        self.truncation = self.rounding = 0.0

    def __call__(self, angles: Array) -> Array:
        values: Array
        values, errors, noise, points = current_along_rays(angles, *self._arguments)
        self.evaluations += int(points)
        self.count += len(angles)
        self.truncation = max(self.truncation, float(errors.max()))
        self.rounding = max(self.rounding, float(noise.max()))
        return values


def _tolerance_scale(model: RashbaSuperconductor, b: Array, w: Array) -> float:
    scale = model.scale(b, w)
    if scale == 0.0:
        spin_orbit = math.hypot(model.rashba, *w) or model.fermi_velocity
        exchange = float(np.linalg.norm(b)) or model.gap or model.temperature or model.mu
        scale = exchange * spin_orbit * model.mass / (2 * math.pi)
    return scale


def _trapezoid(rays: _Rays, tolerance: float, max_evaluations: int) -> tuple[Array, float]:
    """Mean over half the circle by nested trapezoidal rules (geometric convergence), with its error."""
    n, mean, last = 8, rays(np.arange(8) * np.pi / 8).mean(axis=0), math.inf
    while True:
        finer = rays((np.arange(n) + 0.5) * np.pi / n).mean(axis=0)
        error = 0.5 * float(np.abs(finer - mean).max())
        n, mean = 2 * n, 0.5 * (finer + mean)
        slow = n >= 32 and error > 0.03 * last
        if (
            error <= max(0.5 * tolerance, 0.1 * rays.rounding)
            or slow
            or rays.evaluations > 0.2 * max_evaluations
        ):
            return mean, error
        last = error


def _angular_panels(model: RashbaSuperconductor, b: Array, w: Array) -> Array:
    """Panels of the half circle, fine where k runs along w_∥ and the spin splitting may be small."""
    direction = math.atan2(w[1], w[0])
    gap = math.hypot(max(model.gap - float(np.linalg.norm(b)), 0.0), math.pi * model.temperature)
    width = math.hypot(model.rashba, gap / model.fermi_momentum)
    distance = math.asinh(max(width / max(float(np.hypot(*w)), 1e-300), 1e-9))
    singular = direction + np.array([0.0, math.pi]) + 1j * distance
    marks = [math.atan2(b[1], b[0]), math.atan2(b[0], -b[1])] if b[0] or b[1] else [direction + 0.5 * math.pi]
    inner = sorted(direction + (mark - direction) % math.pi for mark in marks)
    edges = np.array([direction, *inner, direction + math.pi])
    edges = edges[np.concatenate([[True], np.diff(edges) > 1e-12])]
    panels: list[tuple[float, float]] = graded_panels(edges, singular.astype(complex), ELLIPSE, 1e-9)
    return np.array(panels)
