"""The current of second order, ∝ w_∥ b_z, where the electric field or both fields vary in space.

Loops of Green functions at k, k + q₁, k + q₁ + q₂ with vertices at the mean momentum of the two Green
functions they join, which is exact for a parabolic band. The integrand is singular on a ray where one of the
Green functions is, and the angular integral where two such singularities pinch the path; panels are graded
to both. The gap is held at its uniform value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..numerics.quadrature import adaptive_integral, graded_panels
from ._input import finite_array, reached, require_model
from ._loops import loops2, loops3
from ._rays import radial_panels, ray_singularities
from .finite_q import KernelQ
from .rashba import RashbaSuperconductor, require_effort
from .response import isotropic_rule, radial_rule

__all__ = ["KernelQ1Q2", "gamma_q", "gamma_q1q2", "third_response"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

RADIAL_ELLIPSE = 1.3
"""½(ρ + 1/ρ) of the radial panels, for ρ = 2.1: |Gauss − Kronrod| is then about 1e-6 of the integrand."""
TWO_PI = 2 * math.pi


@dataclass(frozen=True)
class KernelQ1Q2:
    """Current at q₁ + q₂ from w_∥(q₁) ∥ q₁ and b_z(q₂), per w b_z.

    gamma : (n,) minus its component along ẑ × q̂₁; γ where both wave vectors vanish
    along : (n,) its component along q̂₁, zero where they do
    error : (n,) absolute error of either
    message : what was reached, and what to do, if not converged
    """

    q1: Array
    q2: Array
    gamma: Array
    along: Array
    error: Array
    converged: bool
    message: str = ""


def gamma_q(model: RashbaSuperconductor, q: ArrayLike, rtol: float = 1e-6) -> KernelQ:
    """γ(q) per λe: current perpendicular to q from a longitudinal w_∥(q) ∥ q in a uniform b_z.

    j_y(q) = −γ(q) w_x(q) b_z for q ∥ x; γ(0) is the γ of `response_coefficients`. Falls off for q ξ₀ > 1, so
    that an edge sharper than ξ₀ acts smeared over ξ₀; beyond 2k_F it tends to −χ_zz, not to zero. ``q`` ≥ 0 is a number
    or an array; the tolerance is ``rtol`` m/2π.

    Raises `InputError` for a negative or infinite q, and for a normal state at T = 0.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=3.0, rashba=0.5)
    >>> kernel = gamma_q(metal, [0.0, 1 / metal.coherence_length])
    >>> bool(abs(kernel.value[1]) < abs(kernel.value[0]))
    True
    """
    _require_smooth(model, rtol)
    wave_vectors = np.atleast_1d(finite_array("q", q, "finite and not negative"))
    require(bool(np.all(wave_vectors >= 0)), "q", q, "finite and not negative")
    tolerance = rtol * model.mass / TWO_PI
    rows = [_third(model, ("wx", "bz", "Ay"), np.array([[x, 0], [0, 0]]), tolerance) for x in wave_vectors]
    value, error = (np.array([row[i] for row in rows]).reshape(-1) for i in (0, 1))
    return KernelQ(
        wave_vectors,
        value,
        error,
        bool(np.all(error <= tolerance)),
        reached(error.max(initial=0.0), tolerance),
    )


def gamma_q1q2(model: RashbaSuperconductor, q1: ArrayLike, q2: ArrayLike, rtol: float = 1e-5) -> KernelQ1Q2:
    """γ(q₁, q₂) per λe: current at q₁ + q₂ from w_∥(q₁) ∥ q₁ (the field of a potential) and b_z(q₂).

    ``q1``, ``q2`` are vectors (2,) or (n, 2), q1 not zero. γ(q₁, 0) is `gamma_q`. The component of the
    current along q₁ + q₂ is the bare one: the phase of the gap follows and takes it away. Tolerance
    ``rtol`` m/2π.

    Raises `InputError` as `gamma_q` does, and for q1 = 0, which has no direction.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=3.0, rashba=0.5)
    >>> q = 1 / metal.coherence_length
    >>> one, both = gamma_q(metal, q), gamma_q1q2(metal, (q, 0.0), (0.0, q))
    >>> bool(abs(both.gamma[0]) < abs(one.value[0]))
    True
    """
    _require_smooth(model, rtol)
    allowed = "one or more finite vectors (q_x, q_y)"
    first, second = (np.atleast_2d(finite_array(name, x, allowed)) for name, x in (("q1", q1), ("q2", q2)))
    for name, value in (("q1", first), ("q2", second)):
        require(value.ndim == 2 and value.shape[1] == 2, name, value, allowed)
    first, second = np.broadcast_arrays(first, second)
    length = np.linalg.norm(first, axis=1)
    require(
        bool(np.all(length > 0)), "q1", q1, "not zero", "at q1 = 0 use gamma_q with the other order of limits"
    )
    tolerance = rtol * model.mass / TWO_PI
    rows = []
    for one, other, size in zip(first, second, length, strict=True):
        c, s = one / size
        turned = np.array([[size, 0.0], [c * other[0] + s * other[1], c * other[1] - s * other[0]]])
        # j = −Ω_{A w b} w b, in the frame with q₁ along x
        rows.append([_third(model, ("wx", "bz", name), turned, tolerance) for name in ("Ay", "Ax")])
    gamma, along = (np.array([row[i][0] for row in rows]) for i in (0, 1))
    error = np.array([max(row[0][1], row[1][1]) for row in rows])
    done = bool(np.all(error <= tolerance))
    return KernelQ1Q2(first, second, gamma, -along, error, done, reached(error.max(), tolerance))


def third_response(
    model: RashbaSuperconductor, sources: tuple[str, str, str], q: ArrayLike, rtol: float = 1e-5
) -> tuple[complex, float]:
    """∂³Ω/∂s₁(q₁)∂s₂(q₂)∂s₃(−q₁−q₂) of static sources (names of `RashbaSuperconductor.vertices`), with its error.

    ``q`` is (q₁, q₂), shape (2, 2); the tolerance is ``rtol`` m/2π. Contact vertices of any two of the sources
    are included. Sources whose vertex is not affine in k do not occur in this model, and contacts of three
    contribute nothing.

    Raises `InputError` unless ``sources`` are three of the model's, and as `gamma_q` does.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=3.0, rashba=0.5)
    >>> value, error = third_response(metal, ("wx", "bz", "Ay"), [[0.3, 0.0], [0.0, 0.0]])
    >>> bool(abs(value - gamma_q(metal, 0.3).value[0]) < 1e-5)
    True
    """
    _require_smooth(model, rtol)
    known = sorted(key[0] for key in model.vertices(np.zeros(2)) if len(key) == 1)
    allowed = "three of " + ", ".join(known)
    require(len(sources) == 3 and all(s in known for s in sources), "sources", sources, allowed)
    vectors = finite_array("q", q, "two finite vectors (q_x, q_y)", (2, 2))
    real, error = _third(model, sources, vectors, rtol * model.mass / TWO_PI)
    imaginary, more = _third(model, sources, vectors, rtol * model.mass / TWO_PI, part=1)
    return complex(real, imaginary), max(error, more)


def _require_smooth(model: RashbaSuperconductor, rtol: float) -> None:
    require_model(model, RashbaSuperconductor, "for the uniform γ of other bands, lattice_response")
    require_effort(rtol, 1e-13)
    require(model.gap > 0 or model.temperature > 0, "gap", model.gap, "positive at zero temperature")


def _affine(model: RashbaSuperconductor, *sources: str) -> ComplexArray:
    """V₀, ∂V/∂k_x, ∂V/∂k_y of a vertex, shape (3, 4, 4); zeros if there is none."""
    values = []
    for k in ([0.0, 0.0], [1.0, 0.0], [0.0, 1.0]):
        vertices = {tuple(sorted(key)): value for key, value in model.vertices(np.array(k)).items()}
        values.append(np.broadcast_to(vertices.get(tuple(sorted(sources)), np.zeros((4, 4))), (4, 4)))
    zero, x, y = values
    return np.array([zero, x - zero, y - zero], dtype=complex)


@dataclass(frozen=True)
class _Loop:
    """Green functions at k + shifts (n, 2) and the vertices (n, 3, 4, 4) between them."""

    shifts: Array
    vertices: ComplexArray

    def __call__(self, k: Array, parameters: Array) -> ComplexArray:
        function = loops3 if len(self.shifts) == 3 else loops2
        values: ComplexArray = function(k, self.shifts, self.vertices, parameters)
        return values


def _diagrams(model: RashbaSuperconductor, sources: tuple[str, str, str], q: Array) -> list[list[_Loop]]:
    """The third derivative: both orders of the three vertices, then the contacts, each to be integrated."""
    momenta = np.array([*q, -q.sum(axis=0)])
    triangles = []
    for a, b, c in ((0, 1, 2), (1, 0, 2)):
        shifts = np.array([0 * momenta[0], -momenta[a], momenta[c]]) - 0.5 * momenta[c]
        triangles.append(_Loop(shifts, np.array([_affine(model, sources[i]) for i in (a, b, c)])))
    diagrams = [triangles]
    for a, b, c in ((0, 1, 2), (0, 2, 1), (1, 2, 0)):
        contact = _affine(model, sources[a], sources[b])
        if contact.any():
            shifts = 0.5 * np.array([-momenta[c], momenta[c]])
            diagrams.append([_Loop(shifts, np.array([contact, _affine(model, sources[c])]))])
    return diagrams


def _third(
    model: RashbaSuperconductor, sources: tuple[str, str, str], q: Array, tolerance: float, part: int = 0
) -> tuple[float, float]:
    """Real (or imaginary, ``part`` 1) part of the third derivative, and its error."""
    diagrams = _diagrams(model, sources, q)
    results = [_integral(model, loops, tolerance / len(diagrams), part) for loops in diagrams]
    return sum(value for value, _ in results), sum(error for _, error in results)


def _integral(
    model: RashbaSuperconductor, loops: list[_Loop], tolerance: float, part: int
) -> tuple[float, float]:
    """½ ∫d²k/(2π)² of the sum of ``loops``, even in k, with its error."""
    parameters = np.array([model.mass, model.mu, model.gap, model.rashba, model.temperature])

    def samples(k: Array) -> Array:
        values = 0.5 * sum(loop(k, parameters) for loop in loops)
        return np.asarray(values.imag if part else values.real)

    shifts = np.unique(np.round(np.concatenate([loop.shifts for loop in loops]), 14), axis=0)
    if not shifts.any():
        k, kronrod, gauss = isotropic_rule(model, 2.5)
        values = samples(k)
        return float(kronrod @ values), abs(float((kronrod - gauss) @ values))
    omega = math.pi * model.temperature
    kappa = ray_singularities(model.mass, model.mu, model.gap, omega, abs(model.rashba), 0.0, 0.0)
    panels = _angular_panels(shifts, kappa)
    share = 0.3 * tolerance * TWO_PI**2 / (2 * math.pi)

    def rays(angles: Array) -> Array:
        chunks = np.array_split(angles, 1 + len(angles) // 64)
        return np.concatenate([_rays(samples, chunk, shifts, kappa, share) for chunk in chunks])

    result = adaptive_integral(rays, panels, 0.7 * tolerance, 20_000, steering=1)
    return float(result.value[0]), result.error + float(result.value[1])


def _rays(
    samples: Callable[[Array], Array], angles: Array, shifts: Array, kappa: ComplexArray, tolerance: float
) -> Array:
    """2 ∫₀^∞ k dk/(2π)² along rays, and the errors, shape (n, 2); failing panels are bisected."""
    panels, ray = [], []
    for index, angle in enumerate(angles):
        graded = radial_panels(_singularities(angle, shifts, kappa), RADIAL_ELLIPSE)
        panels += graded
        ray += [index] * len(graded)
    pending, owner = np.array(panels), np.array(ray)
    totals = np.zeros((len(angles), 2))
    for depth in range(12):
        k, kronrod, gauss = radial_rule(pending)
        direction = np.repeat(np.stack([np.cos(angles), np.sin(angles)], -1)[owner], 21, axis=0)
        values = 2 * samples(k[:, None] * direction) * k / TWO_PI**2
        fine = (values * kronrod).reshape(-1, 21).sum(axis=1)
        error = np.abs(fine - (values * gauss).reshape(-1, 21).sum(axis=1))
        split = (error > 0.1 * tolerance) & (depth < 11)
        np.add.at(totals, owner[~split], np.stack([fine, error], -1)[~split])
        if not split.any():
            break
        pending, owner = np.repeat(pending[split], 2, axis=0), np.repeat(owner[split], 2)
        middle = pending[::2, :2].mean(axis=1)
        pending[::2, 1], pending[1::2, 0] = middle, middle
    return totals


def _singularities(angle: float, shifts: Array, kappa: ComplexArray) -> ComplexArray:
    """Complex k on a ray where |k + shift| is one of ``kappa``, for all ``shifts``."""
    along = shifts @ np.array([math.cos(angle), math.sin(angle)])
    across = shifts @ np.array([-math.sin(angle), math.cos(angle)])
    root = np.sqrt(kappa**2 - across[:, None] ** 2 + 0j)
    return np.concatenate([(sign * root - along[:, None]).ravel() for sign in (1, -1)])


def _angular_panels(shifts: Array, kappa: ComplexArray) -> Array:
    """Panels of half the circle, fine where singularities of two Green functions pinch."""
    upper, lower = kappa[kappa.imag > 0], kappa[kappa.imag < 0]
    difference = np.unique(np.round((upper[:, None] - lower[None, :]).ravel(), 12)).astype(complex)
    singular, marks = [], []
    for i, one in enumerate(shifts):
        for other in shifts[:i]:
            dx, dy = one - other
            size, direction = math.hypot(dx, dy), math.atan2(dy, dx)
            angle = np.arccos(difference[np.abs(difference) < 1e3 * size] / size)
            singular += [direction + angle, direction - angle]
            marks += [direction, direction + 0.5 * math.pi]
    singularities: ComplexArray = np.concatenate(
        [z + n * TWO_PI for z in singular for n in (-1, 0, 1)]
    ).astype(complex)
    start = marks[0]
    inner = sorted({round((mark - start) % math.pi, 12) for mark in marks} - {0.0})
    edges = start + np.array([0.0, *inner, math.pi])
    panels: list[tuple[float, float]] = graded_panels(edges, singularities, RADIAL_ELLIPSE, 1e-3)
    return np.array(panels)
