"""Response coefficients of the uniform superconductor, from the derivatives of its grand potential."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from ..numerics.quadrature import ELLIPSE, GAUSS_WEIGHTS, KRONROD_NODES, KRONROD_WEIGHTS
from ._input import reached, require_model
from ._rays import radial_panels, ray_singularities
from .derivatives import Eigenbasis, grand_potential_derivative, momentum_derivative
from .rashba import RashbaSuperconductor, require_effort

__all__ = ["ResponseCoefficients", "isotropic_rule", "response_coefficients"]

Array = NDArray[np.float64]
EPS = 2.220446049250313e-16


@dataclass(frozen=True)
class ResponseCoefficients:
    """j = γ w_∥×(b_zẑ) + α ẑ×b + β ∇×(b_zẑ) − D_s A, and the spin susceptibility (ħ = e = 1)."""

    gamma: float
    """Per λe: γ of [LOB Eq. 2] is this times λe. −(m/2π) f as T → 0."""
    alpha: float
    beta: float
    stiffness: float
    """D_s = −∂j/∂A = 4e²κ."""
    spin_susceptibility: Array
    """χ_ij = −∂²Ω/∂b_i∂b_j, shape (3, 3)."""
    errors: dict[str, float]
    """Absolute error estimate of each coefficient, by its name."""
    evaluations: int
    converged: bool
    message: str
    model: RashbaSuperconductor

    def __repr__(self) -> str:
        values = (self.gamma, self.alpha, self.beta, self.stiffness)
        names = ("gamma", "alpha", "beta", "stiffness")
        rows = [f"{n}={v:.9g} ± {self.errors[n]:.0e}" for n, v in zip(names, values, strict=True)]
        chi = ", ".join(f"{x:.6g}" for x in np.diag(self.spin_susceptibility))
        state = "converged" if self.converged else f"not converged: {self.message}"
        return f"ResponseCoefficients({', '.join(rows)}, diag χ=({chi}), {state})"


def isotropic_rule(
    model: RashbaSuperconductor, ellipse: float, angles: int = 4
) -> tuple[Array, Array, Array]:
    """Momenta (n, 2) and Kronrod and Gauss weights (n,) for ∫d²k/(2π)² of even functions at b = w_∥ = 0.

    The angular dependence there is a trigonometric polynomial; the trapezoidal rule over half the
    circle is exact up to cos((2·angles − 2)φ).
    """
    omega = math.pi * model.temperature
    roots = ray_singularities(model.mass, model.mu, model.gap, omega, abs(model.rashba), 0.0, 0.0)
    k, kronrod, gauss = radial_rule(np.array(radial_panels(roots, ellipse)))
    phi = (np.arange(angles) + 0.5) * math.pi / angles
    momenta = k[:, None, None] * np.stack([np.cos(phi), np.sin(phi)], axis=-1)
    weights = [np.repeat(w * k / (2 * math.pi * angles), angles) for w in (kronrod, gauss)]
    return momenta.reshape(-1, 2), weights[0], weights[1]


def radial_rule(panels: Array) -> tuple[Array, Array, Array]:
    """Points on 0 ≤ k < ∞ and their Kronrod and Gauss weights dk, for panels from `radial_panels`."""
    low, high, k0, width = (column[:, None] for column in panels.T)
    half = 0.5 * (high - low)
    t = 0.5 * (high + low) + half * KRONROD_NODES
    tail = width == 0.0
    safe = np.where(tail, 1.0, width)
    mapped = np.where(tail, 0.0, t)
    k = np.where(tail, k0 / np.where(tail, t, 1.0), k0 + safe * np.sinh(mapped))
    measure = half * np.where(tail, k0 / np.where(tail, t, 1.0) ** 2, safe * np.cosh(mapped))
    return k.ravel(), (measure * KRONROD_WEIGHTS).ravel(), (measure * GAUSS_WEIGHTS).ravel()


def response_coefficients(model: RashbaSuperconductor, rtol: float = 1e-8) -> ResponseCoefficients:
    """γ, α, β, superfluid stiffness and spin susceptibility of ``model`` at its temperature.

    All are derivatives of the grand potential: γ = ∂³Ω/∂A_y∂w_x∂b_z, α = −∂²Ω/∂A_y∂b_x, D_s = ∂²Ω/∂A²,
    χ_ij = −∂²Ω/∂b_i∂b_j, and β is the part of the current response to b_z(q) linear in q. Tolerances are
    ``rtol`` times m/2π (γ), |w_z|m/2π (α), 1/4π (β), m v_F²/2π (D_s) and m/π (χ).

    Raises `InputError` for gap = 0 at T = 0, where the Fermi surface makes derivatives and limits
    non-commuting: give the normal state a temperature.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.01, rashba=0.5)
    >>> round(2 * math.pi * response_coefficients(metal).gamma, 3)
    -1.0
    """
    others = "for a LatticeSuperconductor use lattice_response, for a QuarticRashba quartic_coefficients"
    require_model(model, RashbaSuperconductor, others)
    require_effort(rtol, 1e-13)
    require(
        model.gap > 0 or model.temperature > 0,
        "gap",
        model.gap,
        "positive at zero temperature",
        "give the normal state a temperature, for example 1e-4 of mu",
    )
    m = model.mass
    scales = np.array([m / 2, abs(model.rashba) * m / 2, 0.25, m * model.fermi_velocity**2 / 2, m, m, m, m])
    tolerance = np.maximum(rtol * np.maximum(scales, 1e-300) / math.pi, 1e-13 * scales.max())
    for ellipse in (ELLIPSE, 2.5, 4.0, 6.5):
        values, errors, evaluations = _integrate(model, ellipse)
        converged = bool(np.all(errors <= tolerance))
        if converged:
            break
    worst = int(np.argmax(errors / tolerance))
    gamma, alpha, beta, stiffness, xx, yy, zz, xy = values
    names = ("gamma", "alpha", "beta", "stiffness")
    return ResponseCoefficients(
        gamma=float(gamma),
        alpha=float(alpha),
        beta=float(beta),
        stiffness=float(stiffness),
        spin_susceptibility=np.array([[xx, xy, 0.0], [xy, yy, 0.0], [0.0, 0.0, zz]]),
        errors={
            **{name: float(e) for name, e in zip(names, errors[:4], strict=True)},
            "spin_susceptibility": float(errors[4:].max()),
        },
        evaluations=evaluations,
        converged=converged,
        message=reached(errors[worst], tolerance[worst]),
        model=model,
    )


def _integrate(model: RashbaSuperconductor, ellipse: float) -> tuple[Array, Array, int]:
    """The eight coefficients, their errors |Kronrod − Gauss|, and the number of momenta."""
    k, kronrod, gauss = isotropic_rule(model, ellipse)
    value, coarse, rounding = np.zeros(8), np.zeros(8), np.zeros(8)
    for part in np.array_split(np.arange(len(k)), 1 + len(k) // 4096):
        basis = Eigenbasis(model.hamiltonian(k[part]), model.vertices(k[part]), model.temperature)

        def omega(*sources: str, basis: Eigenbasis = basis) -> Array:
            return grand_potential_derivative(basis, sources)

        integrands = np.stack(
            [
                omega("Ay", "wx", "bz"),
                -omega("Ay", "bx"),
                momentum_derivative(basis, "Ay", "bz", "kx"),
                omega("Ax", "Ax"),
                -omega("bx", "bx"),
                -omega("by", "by"),
                -omega("bz", "bz"),
                -omega("bx", "by"),
            ]
        )
        value += integrands @ kronrod[part]
        coarse += integrands @ gauss[part]
        rounding += 2 * EPS * np.abs(integrands) @ kronrod[part]
    # far out the diamagnetic term is 1 − 1: its rounding is that of the terms
    rounding[3] += 4 * EPS / model.mass * float(np.linalg.norm(kronrod))
    return value, np.abs(value - coarse) + rounding, len(k)
