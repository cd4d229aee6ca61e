"""Linear responses at finite wave vector q: current kernel and β(q).

The loops are those of `derivatives` with Green functions at k ± q/2 and vertices at the mean momentum k.
Their integrand is singular where either Green function is, and its angular integral where two such
singularities pinch; panels are graded to both.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..numerics.fermi import divided_difference2, occupation
from ..numerics.quadrature import ELLIPSE, adaptive_integral, graded_panels
from ._input import finite_array, reached, require_model
from ._rays import radial_panels, ray_singularities
from .rashba import RashbaSuperconductor, require_effort
from .response import radial_rule, response_coefficients

__all__ = ["KernelQ", "beta_q", "current_kernel_q"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True)
class KernelQ:
    """A response at wave vectors ``q`` (n,): ``value`` and absolute ``error``, (n,) or (n, 3); see ``message``."""

    q: Array
    value: Array
    error: Array
    converged: bool
    message: str = ""
    """What was reached, and what to do, if not converged."""


class _Legs:
    """Eigenbases at k + q/2 and k − q/2 (q along x) and vertices between them."""

    def __init__(self, model: RashbaSuperconductor, k: Array, q: float) -> None:
        half = np.array([0.5 * q, 0.0])
        self.model, self.k = model, k
        self.plus, self._u = np.linalg.eigh(model.hamiltonian(k + half))
        self.minus, self._v = np.linalg.eigh(model.hamiltonian(k - half))
        self.vertices = model.vertices(k)

    def between(self, left: str, name: str, right: str) -> ComplexArray:
        """Matrix elements ⟨n, left| ∂H/∂name |m, right⟩, left and right one of + and −."""
        u = self._u if left == "+" else self._v
        w = self._u if right == "+" else self._v
        return np.asarray(u.conj().swapaxes(-1, -2) @ self.vertices[(name,)] @ w)

    def loop2(self, source: str, measured: str) -> ComplexArray:
        """T Σ tr[G₊ s G₋ m] with the source at q and the measured quantity at −q."""
        f2 = divided_difference2(self.plus[:, :, None], self.minus[:, None, :], self.model.temperature)
        s, m = self.between("+", source, "-"), self.between("-", measured, "+")
        return np.asarray(np.einsum("knm,knm,kmn->k", f2, s, m, optimize=True))

    def contact(self, *sources: str) -> Array:
        """tr[(f(H_k) + ½τ_z) ∂²H/∂s∂s′]: the two sources at q and −q act at one point."""
        matrix = self.vertices[sources]
        e, u = np.linalg.eigh(self.model.hamiltonian(self.k))
        f = occupation(e, self.model.temperature)
        mean = np.einsum("kin,ij,kjn,kn->k", u.conj(), matrix, u, f, optimize=True).real
        return np.asarray(mean + 0.5 * float(np.trace(matrix[:2, :2] - matrix[2:, 2:]).real))


def _singularities(model: RashbaSuperconductor, q: float, phi: float, kappa: ComplexArray) -> ComplexArray:
    """Complex k on the ray at angle φ where |k ± q/2| or, for contact terms, |k| is one of ``kappa``."""
    shift, depth = 0.5 * q * math.cos(phi), 0.5 * q * math.sin(phi)
    root = np.sqrt(kappa**2 - depth**2 + 0j)
    moved = [sign * shift + branch * root for sign in (1, -1) for branch in (1, -1)]
    return np.concatenate([*moved, kappa])


def _angular_panels(q: float, kappa: ComplexArray) -> Array:
    """Panels of the quarter circle, fine where singularities of the two Green functions pinch."""
    upper, lower = kappa[kappa.imag > 0], kappa[kappa.imag < 0]
    cosine = ((upper[:, None] - lower[None, :]) / max(q, 1e-300)).ravel()
    singular = np.arccos(np.where(np.abs(cosine) > 1e6, 1e6, cosine) + 0j)
    singular = np.concatenate([singular, -singular, math.pi - singular])
    panels: list[tuple[float, float]] = graded_panels(np.array([0.0, 0.5 * math.pi]), singular, ELLIPSE, 1e-3)
    return np.array(panels)


def _integrate(
    model: RashbaSuperconductor, q: float, integrand: Callable[[_Legs], Array], tolerance: float
) -> tuple[Array, float, bool]:
    """∫d²k/(2π)² of ``integrand`` (components, k), even in k_x and k_y; value, error, success."""
    omega = math.pi * model.temperature
    kappa = ray_singularities(model.mass, model.mu, model.gap, omega, abs(model.rashba), 0.0, 0.0)
    for ellipse in (ELLIPSE, 2.5, 4.0):
        value, error = _with_panels(model, q, integrand, kappa, ellipse, tolerance)
        if error <= tolerance:
            break
    return value, error, error <= tolerance


def _with_panels(
    model: RashbaSuperconductor,
    q: float,
    integrand: Callable[[_Legs], Array],
    kappa: ComplexArray,
    ellipse: float,
    tolerance: float,
) -> tuple[Array, float]:
    """One attempt of `_integrate`, with radial panels of fixed fineness."""

    def rays(angles: Array) -> Array:
        values = []
        for part in np.array_split(angles, 1 + len(angles) // 16):
            rules = [
                radial_rule(np.array(radial_panels(_singularities(model, q, a, kappa), ellipse)))
                for a in part
            ]
            k = np.concatenate([r[0] for r in rules])
            phi = np.repeat(part, [len(r[0]) for r in rules])
            samples = integrand(_Legs(model, k[:, None] * np.stack([np.cos(phi), np.sin(phi)], -1), q))
            starts = np.cumsum([0, *[len(r[0]) for r in rules[:-1]]])
            fine = np.add.reduceat(samples * k * np.concatenate([r[1] for r in rules]), starts, axis=-1)
            coarse = np.add.reduceat(samples * k * np.concatenate([r[2] for r in rules]), starts, axis=-1)
            values.append(np.vstack([fine, np.abs(fine - coarse).max(axis=0)]).T / math.pi**2)
        return np.concatenate(values)

    panels = _angular_panels(q, kappa)
    result = adaptive_integral(rays, panels, 0.5 * tolerance, 20_000, steering=-1)
    return result.value[:-1], result.error + float(result.value[-1])


def _sweep(
    model: RashbaSuperconductor,
    q: ArrayLike,
    tolerance: float,
    integrand: Callable[..., Array],
) -> KernelQ:
    wave_vectors = np.atleast_1d(finite_array("q", q, "finite and not negative"))
    require(bool(np.all(wave_vectors >= 0)), "q", q, "finite and not negative")
    require(model.gap > 0 or model.temperature > 0, "gap", model.gap, "positive at zero temperature")
    rows = [_integrate(model, x, partial(integrand, q=x), tolerance) for x in map(float, wave_vectors)]
    value, error = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    return KernelQ(
        q=wave_vectors,
        value=value[:, 0] if value.shape[1:] == (1,) else value,
        error=error,
        converged=all(row[2] for row in rows),
        message=reached(error.max(initial=0.0), tolerance),
    )


def beta_q(model: RashbaSuperconductor, q: ArrayLike, rtol: float = 1e-6) -> KernelQ:
    """β(q): j(q) = β(q) iq × ẑ b_z(q); β(0) is the β of `response_coefficients`. Tolerance ``rtol``/4π."""
    require_model(model, RashbaSuperconductor, "β of QuarticRashba is in quartic_coefficients")
    require_effort(rtol, 1e-12)
    wave_vectors = np.atleast_1d(finite_array("q", q, "finite and not negative"))

    def integrand(legs: _Legs, q: float) -> Array:
        # j_y = −Ω_{A_y b_z} b_z and j_y = −iqβ b_z
        return 0.5 * np.atleast_2d(legs.loop2("bz", "Ay").imag) / q

    zero = wave_vectors == 0
    kernel = _sweep(model, wave_vectors[~zero], rtol / (4 * math.pi), integrand)
    if not zero.any():
        return kernel
    limit = response_coefficients(model, rtol)
    value, error = np.where(zero, limit.beta, 0.0), np.where(zero, limit.errors["beta"], 0.0)
    value[~zero], error[~zero] = kernel.value, kernel.error
    message = kernel.message or limit.message
    return KernelQ(wave_vectors, value, error, kernel.converged and limit.converged, message)


def current_kernel_q(model: RashbaSuperconductor, q: ArrayLike, rtol: float = 1e-6) -> KernelQ:
    """K(q) = −∂j(q)/∂A(q): columns transverse, longitudinal, and longitudinal with the phase relaxed.

    In the superconductor the first two tend to D_s as q → 0 [LOB App. C], in the normal state to zero. The
    bare longitudinal one breaks charge conservation; letting the phase follow, K_L − K_{Aθ}K_{θA}/K_{θθ},
    restores it: the third column is zero (at q = 0, with no phase to relax, it
    equals the second). The tolerance is ``rtol`` m v_F²/2π.
    """
    require_model(model, RashbaSuperconductor, "for the stiffness of other bands, lattice_response")
    require_effort(rtol, 1e-12)

    def integrand(legs: _Legs, q: float) -> Array:
        rows = [
            legs.loop2("Ay", "Ay").real + legs.contact("Ay", "Ay"),
            legs.loop2("Ax", "Ax").real + legs.contact("Ax", "Ax"),
            legs.loop2("theta", "Ax").imag,
            legs.loop2("theta", "theta").real + legs.contact("theta", "theta"),
        ]
        return 0.5 * np.stack(rows)

    kernel = _sweep(model, q, rtol * model.mass * model.fermi_velocity**2 / (2 * math.pi), integrand)
    transverse, longitudinal, mixed, phase = kernel.value.T
    ratio = np.divide(mixed, phase, out=np.zeros_like(phase), where=(phase != 0) & (kernel.q > 0))
    value = np.column_stack([transverse, longitudinal, longitudinal - ratio * mixed])
    error = np.outer(kernel.error, np.ones(3))
    error[:, 2] *= (1 + np.abs(ratio)) ** 2
    return KernelQ(kernel.q, value, error, kernel.converged, kernel.message)
