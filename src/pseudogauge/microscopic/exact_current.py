"""The current of the uniform state from the exact spectrum [LOB Eq. 23], with an error estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..numerics.quadrature import KRONROD_NODES, adaptive_integral
from ._directions import Directions, directions, gapless_turns, singular_directions
from ._input import require_model
from ._rays import current_along_rays
from .rashba import RashbaSuperconductor, as_exchange, as_in_plane, require_effort

__all__ = ["Current", "exact_current"]

Array = NDArray[np.float64]
RESOLVED = 6.0
"""2n Im φ, φ the closest singularity, below which n angles over half a circle are not believed."""

COARSE = 64
"""Angles that must resolve the closest singularity for equal steps to be tried."""


@dataclass(frozen=True)
class Current:
    """A current density (j_x, j_y) in units of e × energy × momentum (ħ = e = 1), and how well it is known."""

    value: Array
    error: float
    """Estimated bound on the absolute error of either component, truncation and rounding; infinite if not known."""
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
    require_model(model, RashbaSuperconductor, "for a LatticeSuperconductor use lattice_current")
    require_effort(rtol, 1e-14, max_evaluations)
    tolerance = rtol * _tolerance_scale(model, b, w)
    parameters = np.array([model.mass, model.mu, model.gap, model.rashba, model.temperature])

    rays = _Rays(parameters, b, w, 0.2 * tolerance)
    turns = gapless_turns(model, b, w)
    strip = float(singular_directions(model, b, w).imag.min(initial=1.0))
    smooth = 2 * strip * COARSE >= RESOLVED and (
        not len(turns) or model.temperature > 0.02 * float(np.linalg.norm(b))
    )
    value, angular = np.zeros(4), math.inf
    if smooth:
        value, angular = _trapezoid(rays, strip, tolerance, max_evaluations)
    if angular > max(0.5 * tolerance, value[3]) and rays.evaluations < max_evaluations:
        panels = _panels(rays, directions(model, b, w, turns), tolerance, max_evaluations)
        if panels is not None:
            value, angular = panels
        elif not smooth:
            value, angular = _trapezoid(rays, strip, tolerance, max_evaluations)
    truncation, rounding = value[2:].tolist()
    error = angular + truncation + rounding
    message = ""
    if error > tolerance:
        advice = "raise max_evaluations, rtol or the temperature"
        if rounding > angular + truncation:
            advice = "rounding limits it, ask for a larger rtol"
        message = f"reached {error:.1e} where {tolerance:.1e} was asked for; {advice}"
    return Current(value[:2], error, rays.evaluations, error <= tolerance, message)


class _Rays:
    """The radial integrals as a function of the angle, (n, 4): j_x, j_y, truncation and rounding error; counts work."""

    def __init__(self, parameters: Array, exchange: Array, in_plane: Array, tolerance: float) -> None:
        self._arguments = (parameters, exchange, in_plane, tolerance)
        self.evaluations = self.count = 0

    def __call__(self, angles: Array) -> Array:
        values, errors, noise, points = current_along_rays(angles, *self._arguments)
        self.evaluations += int(points)
        self.count += len(angles)
        return np.column_stack([values, errors, noise])


def _tolerance_scale(model: RashbaSuperconductor, b: Array, w: Array) -> float:
    scale = model.scale(b, w)
    if scale == 0.0:
        spin_orbit = math.hypot(model.rashba, *w) or model.fermi_velocity
        exchange = float(np.linalg.norm(b)) or model.gap or model.temperature or model.mu
        scale = exchange * spin_orbit * model.mass / (2 * math.pi)
    return scale


def _trapezoid(rays: _Rays, strip: float, tolerance: float, max_evaluations: int) -> tuple[Array, float]:
    """Mean over half the circle by nested trapezoidal rules, with its error.

    Errors decay as e^(−2n Im φ) with n angles to the closest singularity, ``strip`` away. Two rules may agree by
    accident, so of three successive differences the largest counts, the earlier ones after a cautious
    decay, and rules too coarse for the strip are not believed. Errors of the rays are taken at their largest, rounding
    at nearby angles being alike.
    """
    n, last = 8, math.inf
    first = rays(np.arange(n) * np.pi / n)
    mean, worst = first.mean(axis=0), first[:, 2:].max(axis=0)
    jumps = [0.0, float(np.abs(first - mean)[:, :2].max())]  # the rule of no angles misses all that varies
    while True:
        fresh = rays((np.arange(n) + 0.5) * np.pi / n)
        finer, worst = fresh.mean(axis=0), np.maximum(worst, fresh[:, 2:].max(axis=0))
        jumps.append(0.5 * float(np.abs(finer - mean)[:2].max()))
        n, mean = 2 * n, 0.5 * (finer + mean)
        mean[2:] = worst
        decay = [min(1.0, 2 * math.exp(-1.2 * strip * n * part)) for part in (0.875, 0.75)]
        error = max(jumps[-1], decay[1] * jumps[-2], decay[0] * jumps[-3])
        resolved = 2 * strip * n >= RESOLVED
        slow = n >= 32 and strip * n >= RESOLVED and error > 0.03 * last
        if resolved and error <= max(0.5 * tolerance, 0.1 * mean[3]):
            return mean, error
        if slow or rays.evaluations > 0.2 * max_evaluations:
            return mean, error if resolved else math.inf
        last = error


def _panels(
    rays: _Rays, circle: Directions, tolerance: float, max_evaluations: int
) -> tuple[Array, float] | None:
    """The same by adaptive panels; nothing if they take more than is allowed from the start."""

    def integrand(x: Array) -> Array:
        angles, slope = circle.angles(x)
        return rays(angles) * slope[:, None] / math.pi

    rounding = float(rays(circle.bounds[:1] + 0.5)[0, 3])  # cannot be refined away
    per_ray = rays.evaluations // rays.count
    limit = (max_evaluations - rays.evaluations) // per_ray
    if limit < len(KRONROD_NODES) * len(circle.panels):
        return None
    goal = max(0.5 * tolerance, 0.1 * rounding)
    result = adaptive_integral(integrand, circle.panels, goal, limit, steering=2)
    return result.value, result.error
