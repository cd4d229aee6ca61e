"""The Rashba superconductor with anisotropic masses and a |k|⁴ term in its dispersion [LOB App. G].

ξ = k_x²/2m_x + k_y²/2m_y + c|k|⁴ − μ in place of k²/2m − μ; everything else as in `rashba`. The coefficients are
the same derivatives of the grand potential; the angular dependence is no longer a polynomial of low degree, and
the trapezoidal rule on half the circle is doubled until it settles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ._input import require_model
from ._rays import radial_panels
from .derivatives import Eigenbasis, grand_potential_derivative, momentum_derivative
from .rashba import PAULI, RashbaSuperconductor, Vertices, as_exchange, require_effort
from .response import radial_rule

__all__ = ["QuarticCoefficients", "QuarticRashba", "quartic_coefficients"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
TAU_Z: ComplexArray = np.kron(PAULI[3], PAULI[0])
ONE: ComplexArray = np.kron(PAULI[0], PAULI[0])


@dataclass(frozen=True)
class QuarticRashba:
    """Parabolic, Rashba, s-wave ``base`` with a ``quartic`` term c|k|⁴ and m_y = ``anisotropy`` · m_x.

    Raises `InputError` unless quartic ≥ 0 (else the band has no bottom) and anisotropy > 0.

    >>> base = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> float(QuarticRashba(base, quartic=0.005).dispersion([2.0, 0.0]))
    -7.92
    """

    base: RashbaSuperconductor
    quartic: float = 0.0
    anisotropy: float = 1.0

    def __post_init__(self) -> None:
        require(
            0 <= self.quartic < math.inf,
            "quartic",
            self.quartic,
            "zero or positive",
            "the band needs a bottom",
        )
        require(0 < self.anisotropy < math.inf, "anisotropy", self.anisotropy, "positive", "it is m_y/m_x")

    def dispersion(self, k: ArrayLike) -> Array:
        """ξ_k for momenta (..., 2)."""
        p = np.asarray(k, dtype=float)
        square = p[..., 0] ** 2 + p[..., 1] ** 2 / self.anisotropy
        return np.asarray(square / (2 * self.base.mass) + self.quartic * np.sum(p**2, -1) ** 2 - self.base.mu)

    def hamiltonian(
        self, k: ArrayLike, exchange: ArrayLike = 0.0, in_plane: ArrayLike = (0.0, 0.0)
    ) -> ComplexArray:
        """As `RashbaSuperconductor.hamiltonian`, with this dispersion."""
        p = np.asarray(k, dtype=float)
        parabola = np.sum(p**2, axis=-1) / (2 * self.base.mass) - self.base.mu
        change = (self.dispersion(p) - parabola)[..., None, None] * TAU_Z
        return np.asarray(self.base.hamiltonian(p, as_exchange(exchange), in_plane) + change)

    def vertices(self, k: ArrayLike) -> Vertices:
        """As `RashbaSuperconductor.vertices`."""
        p = np.asarray(k, dtype=float)
        found = dict(self.base.vertices(p))
        k2 = np.sum(p**2, axis=-1)
        inverse = np.array([1.0, 1 / self.anisotropy]) / self.base.mass
        for i, axis in enumerate("xy"):
            slope = p[..., i] * (inverse[i] - 1 / self.base.mass + 4 * self.quartic * k2)
            found[("A" + axis,)] = found[("A" + axis,)] + slope[..., None, None] * ONE
            found[("k" + axis,)] = found[("k" + axis,)] + slope[..., None, None] * TAU_Z
            curvature = inverse[i] + self.quartic * (4 * k2 + 8 * p[..., i] ** 2)
            found["A" + axis, "A" + axis] = curvature[..., None, None] * TAU_Z
        found["Ax", "Ay"] = (8 * self.quartic * p[..., 0] * p[..., 1])[..., None, None] * TAU_Z
        return found

    def ray_singularities(self, angle: float) -> ComplexArray:
        """Complex k on the ray where ξ ∓ |d| = ±i√(Δ² + π²T²)."""
        n = np.array([math.cos(angle), math.sin(angle)])
        curvature = (n[0] ** 2 + n[1] ** 2 / self.anisotropy) / (2 * self.base.mass)
        distance = math.hypot(self.base.gap, math.pi * self.base.temperature)
        roots = []
        for split in (1, -1):
            for side in (1j, -1j):
                lowest = [curvature, split * self.base.rashba, -self.base.mu - side * distance]
                roots.append(np.roots([self.quartic, 0.0, *lowest] if self.quartic else lowest))
        return np.concatenate(roots).astype(complex)


@dataclass(frozen=True)
class QuarticCoefficients:
    """Coefficients as in `ResponseCoefficients`: γ, α from (w_x, b_z), b_x to j_y; β for q ∥ x; D_s along x and y."""

    gamma: float
    alpha: float
    beta: float
    stiffness: Array
    errors: dict[str, float]
    converged: bool


def quartic_coefficients(model: QuarticRashba, rtol: float = 1e-7) -> QuarticCoefficients:
    """γ, α, β and the stiffness of ``model``; tolerances as in `response_coefficients`.

    With a |k|⁴ term β survives in the normal state, where the parabolic band has none [LOB App. G].
    Raises `InputError` for gap = 0 at T = 0.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.0, rashba=0.5, temperature=0.5)
    >>> flat, bent = (quartic_coefficients(QuarticRashba(metal, c)).beta for c in (0.0, 0.005))
    >>> abs(flat) < 1e-9, abs(bent) > 1e-4
    (True, True)
    """
    require_model(model, QuarticRashba, "for a RashbaSuperconductor use response_coefficients")
    require_effort(rtol, 1e-13)
    base = model.base
    require(base.gap > 0 or base.temperature > 0, "gap", base.gap, "positive at zero temperature")
    m = base.mass
    scales = (
        np.array([m / 2, max(abs(base.rashba), 1e-300) * m / 2, 0.25, *2 * [m * base.fermi_velocity**2 / 2]])
        / math.pi
    )
    count, mean = 8, _rays(model, np.arange(8) * math.pi / 8)
    while True:
        other = _rays(model, (np.arange(count) + 0.5) * math.pi / count)
        change, mean, count = np.abs(other[0] - mean[0]), 0.5 * (mean + other), 2 * count
        errors = 0.5 * change + mean[1]
        converged = bool(np.all(errors <= rtol * scales + 1e-13 * scales.max()))
        if converged or count >= 256:
            break
    gamma, alpha, beta, *stiffness = mean[0]
    names = ("gamma", "alpha", "beta", "stiffness_x", "stiffness_y")
    return QuarticCoefficients(
        float(gamma), float(alpha), float(beta), np.array(stiffness),
        dict(zip(names, errors.tolist(), strict=True)), converged,
    )  # fmt: skip


def _rays(model: QuarticRashba, angles: Array) -> Array:
    """Mean over rays of the five coefficients and of their radial errors, (2, 5)."""
    values, errors = np.zeros(5), np.zeros(5)
    for angle in angles:
        k, kronrod, gauss = radial_rule(np.array(radial_panels(model.ray_singularities(angle), 2.0)))
        momenta = k[:, None] * np.array([math.cos(angle), math.sin(angle)])
        basis = Eigenbasis(model.hamiltonian(momenta), model.vertices(momenta), model.base.temperature)
        integrands = np.stack(
            [
                grand_potential_derivative(basis, ("Ay", "wx", "bz")),
                -grand_potential_derivative(basis, ("Ay", "bx")),
                momentum_derivative(basis, "Ay", "bz", "kx"),
                *(_stiffness(basis, axis) for axis in "xy"),
            ]
        ) * (k / (2 * math.pi))
        values += integrands @ kronrod / len(angles)
        errors += np.abs(integrands @ (kronrod - gauss)) / len(angles)
    return np.stack([values, errors])


def _stiffness(basis: Eigenbasis, axis: str) -> Array:
    """∂²Ω/∂A², its contact term ½tr[f ∂²H/∂k²] integrated by parts: nothing cancels at large k."""
    a, k = basis.vertex("A" + axis), basis.vertex("k" + axis)
    return 0.5 * (basis.loop2(a, a) - basis.loop2(k, k))
