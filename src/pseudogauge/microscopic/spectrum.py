"""Quasiparticle energies, density of states and spin of the uniform superconductor.

At a given angle the momenta with an energy E are the real roots of det[H(k n̂) − E], a polynomial of degree eight
in k; the density of states is the angular integral of k/|∂ε/∂k| over them, with no broadening.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from ..errors import require
from ..numerics.quadrature import ELLIPSE, adaptive_integral
from ._input import finite_array
from ._matrix_sign import sign_traces
from ._rays import radial_panels, ray_singularities
from .rashba import PAULI, RashbaSuperconductor, as_exchange, as_in_plane, require_effort
from .response import radial_rule

__all__ = [
    "DensityOfStates",
    "Spectrum",
    "SpinDensity",
    "density_of_states",
    "excitation_gap",
    "spectrum",
    "spin_density",
]

Array = NDArray[np.float64]
SIGMA = np.array([np.kron(PAULI[0], PAULI[i]) for i in (1, 2, 3)])
EPS = 2.220446049250313e-16


@dataclass(frozen=True)
class Spectrum:
    """Eigenstates of H_k, ascending in energy.

    energies : (..., 4)
    spin : (..., 4, 3), ⟨n|σ|n⟩
    charge : (..., 4), ⟨n|τ_z|n⟩: +1 for an electron, −1 for a hole
    """

    energies: Array
    spin: Array
    charge: Array


@dataclass(frozen=True)
class DensityOfStates:
    """States per energy and area, both spins.

    electron : what a tunnelling contact sees: each state counts with its electron weight |u|²
    quasiparticle : ½ Σ_n δ(E − ε_n), even in E
    error : estimated absolute error of either; infinite on an edge where they diverge
    """

    energies: Array
    electron: Array
    quasiparticle: Array
    error: Array
    converged: bool


@dataclass(frozen=True)
class SpinDensity:
    """⟨σ⟩ per area, (3,): −∂Ω/∂b, with absolute error; χ b for a weak exchange."""

    value: Array
    error: float
    converged: bool


def spectrum(
    model: RashbaSuperconductor, k: ArrayLike, exchange: ArrayLike = 0.0, in_plane: ArrayLike = (0.0, 0.0)
) -> Spectrum:
    """Energies, spins and charges of the four states at momenta ``k`` (..., 2).

    Where levels coincide the spins are those of one choice of eigenvectors; their sum is not affected.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> states = spectrum(metal, [4.0, 0.0])
    >>> states.energies.round(4)
    array([-4.0012, -0.1   ,  0.1   ,  4.0012])
    >>> states.spin[:, 1].round(4)
    array([ 1., -1., -1.,  1.])
    """
    momenta = finite_array("k", k, "finite, shape (..., 2)")
    require(momenta.shape[-1:] == (2,), "k", k, "finite, shape (..., 2)")
    energies, states = np.linalg.eigh(model.hamiltonian(momenta, exchange, in_plane))
    spin = np.einsum("...in,aij,...jn->...na", states.conj(), SIGMA, states).real
    weight = np.abs(states) ** 2
    return Spectrum(energies, spin, weight[..., :2, :].sum(-2) - weight[..., 2:, :].sum(-2))


def spin_density(
    model: RashbaSuperconductor,
    exchange: ArrayLike,
    in_plane: ArrayLike = (0.0, 0.0),
    rtol: float = 1e-8,
) -> SpinDensity:
    """Total ⟨σ⟩ = ½ ∫d²k/(2π)² tr[σ f(H_k)] to all orders in the fields; tolerance ``rtol`` m|b|/π.

    Gapless states and T = 0 included. Raises `InputError` for fields that are not finite.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.01, rashba=0.5)
    >>> spin = spin_density(metal, exchange=1e-4)
    >>> round(float(math.pi * spin.value[2] / 1e-4), 4)   # f(Δ/Δ_R) of Pauli's
    0.9999
    """
    b, w = as_exchange(exchange), as_in_plane(in_plane)
    require_effort(rtol, 1e-13)
    tolerance = rtol * model.mass / math.pi * max(float(np.linalg.norm(b)), 1e-300)

    def rays(angles: Array) -> Array:
        return np.array([_spin_on_ray(model, angle, b, w) for angle in angles])

    # half the plane suffices: the integrand is even in k
    start = math.atan2(w[1], w[0])
    panels = start + np.array([[0.0, 0.25], [0.25, 0.5], [0.5, 0.75], [0.75, 1.0]]) * math.pi
    result = adaptive_integral(rays, panels, 0.5 * tolerance, 3000, steering=3)
    error = result.error + float(result.value[3])
    return SpinDensity(result.value[:3], error, error <= tolerance)


def _spin_on_ray(model: RashbaSuperconductor, angle: float, b: Array, w: Array) -> Array:
    """∫ k dk/(2π)² tr[σ f] and its error, (4,)."""
    n = np.array([math.cos(angle), math.sin(angle)])
    d, bb = model.spin_orbit_vector(n, w), float(b @ b)
    c, db, omega = float(np.linalg.norm(d)), float(d @ b), math.pi * model.temperature
    roots = ray_singularities(model.mass, model.mu, model.gap, omega, c, db, bb)
    k, kronrod, gauss = radial_rule(np.array(radial_panels(roots, ELLIPSE)))
    along = _spin_functions(k, model.mass, model.mu, model.gap, c, db, bb, model.temperature)
    measure = k / (2 * math.pi) ** 2
    spin = measure[:, None] * (np.outer(along[0] * k, d) + np.outer(along[1], b))
    panels = ((kronrod - gauss)[:, None] * spin).reshape(-1, 21, 3).sum(axis=1)
    rounding = float(kronrod @ (along[2] * np.linalg.norm(spin, axis=1)))
    return np.append(kronrod @ spin, np.abs(panels).sum(axis=0).max() + rounding)


@njit(cache=True, nogil=True)
def _spin_functions(
    k: Array, mass: float, mu: float, gap: float, c: float, db: float, bb: float, temperature: float
) -> Array:
    """Coefficients of d and b in tr σf, and their relative rounding error, (3, n)."""
    a, v = np.empty((4, 4)), np.empty((4, 4))
    out = np.empty((3, len(k)))
    for i in range(len(k)):
        xi = k[i] * k[i] / (2.0 * mass) - mu
        _, along_d, along_b, _, lost = sign_traces(xi, gap, (c * k[i]) ** 2, db * k[i], bb, temperature, a, v)
        out[0, i], out[1, i], out[2, i] = -0.5 * along_d, -0.5 * along_b, lost
    return out


def excitation_gap(
    model: RashbaSuperconductor, exchange: ArrayLike = 0.0, in_plane: ArrayLike = (0.0, 0.0)
) -> float:
    """Smallest |ε_n(k)|: the edge of the density of states, 0 for a gapless state.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> round(excitation_gap(metal), 9), round(excitation_gap(metal, exchange=(0.02, 0.0, 0.0)), 3)
    (0.1, 0.08)
    """
    b, w = as_exchange(exchange), as_in_plane(in_plane)

    def on_ray(angle: float) -> float:
        n = np.array([math.cos(angle), math.sin(angle)])
        d = model.spin_orbit_vector(n, w)
        c, db, bb = float(np.linalg.norm(d)), float(d @ b), float(b @ b)
        roots = ray_singularities(model.mass, model.mu, model.gap, 0.0, c, db, bb)
        if np.any(np.abs(roots.imag) < 1e-9 * np.abs(roots)):
            return 0.0
        lowest = math.inf
        for k in np.unique(np.abs(roots.real)):
            width = float(np.abs(roots.imag).max())
            found = minimize_scalar(
                lambda q: float(np.abs(np.linalg.eigvalsh(model.hamiltonian(q * n, b, w))).min()),
                bounds=(max(k - width, 0.0), k + width), method="bounded", options={"xatol": 1e-12 * k},
            )  # fmt: skip
            lowest = min(lowest, float(found.fun))
        return lowest

    if not (w.any() or b[0] or b[1]):
        return on_ray(0.0)
    step = math.pi / 24
    angles = step * np.arange(48)
    values = np.array([on_ray(angle) for angle in angles])
    if values.min() == 0:
        return 0.0
    best = angles[int(values.argmin())]
    found = minimize_scalar(
        on_ray, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-9}
    )
    return min(float(found.fun), float(values.min()))


def density_of_states(
    model: RashbaSuperconductor,
    energies: ArrayLike,
    exchange: ArrayLike = 0.0,
    in_plane: ArrayLike = (0.0, 0.0),
    rtol: float = 1e-6,
) -> DensityOfStates:
    """Density of states at ``energies`` (n,), no broadening; it does not depend on the temperature.

    Far from the gap it is m/π. Tolerance ``rtol`` m/π; on an edge it diverges and ``error`` says so. With in-plane
    fields the angular integral has integrable singularities between the edges of different directions.

    Raises `InputError` for energies or fields that are not finite.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> states = density_of_states(metal, [0.09, 0.125])
    >>> (math.pi * states.quasiparticle).round(4)   # E/√(E² − Δ²)
    array([0.    , 1.6667])
    """
    targets = np.atleast_1d(finite_array("energies", energies, "finite, shape (n,)"))
    require(targets.ndim == 1, "energies", energies, "finite, shape (n,)")
    require_effort(rtol, 1e-12)
    b, w = as_exchange(exchange), as_in_plane(in_plane)
    tolerance = rtol * model.mass / math.pi
    isotropic = not (w.any() or b[0] or b[1])
    start = math.atan2(w[1], w[0]) if w.any() else math.atan2(b[1], b[0])
    edges = start + np.linspace(0, math.pi, 5)
    values, errors = np.zeros((len(targets), 2)), np.zeros(len(targets))
    for index, target in enumerate(targets.tolist()):
        energy = target or 1e-9 * (model.gap or model.mu)  # at zero two levels may touch
        if isotropic:
            electron, total, noise = math.pi * _contour_weights(model, b, w, energy, np.zeros(1))[0]
            values[index], errors[index] = (electron, total), noise
            continue
        result = adaptive_integral(
            partial(_contour_weights, model, b, w, energy),
            np.stack([edges[:-1], edges[1:]], axis=1), tolerance, 20_000, steering=2,
        )  # fmt: skip
        values[index], errors[index] = result.value[:2], result.error + result.value[2]
    return DensityOfStates(targets, values[:, 0], values[:, 1], errors, bool(np.all(errors <= tolerance)))


def _contour_weights(model: RashbaSuperconductor, b: Array, w: Array, energy: float, angles: Array) -> Array:
    """Σ over the momenta of an energy on lines through k = 0: electron, quasiparticle density, error, (n, 3)."""
    n = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    d, bb = model.spin_orbit_vector(n, w), float(b @ b)
    cc, db = np.sum(d * d, axis=1), d @ b
    unit = model.fermi_momentum
    roots = unit * _polynomial_roots(model, cc, db, bb, energy)  # (n, p)
    k, c2, along = roots.real.copy(), cc[:, None], db[:, None]
    near = np.abs(roots.imag) < 1e-5 * unit
    with np.errstate(all="ignore"):
        for _ in range(6):
            value, slope, *_ = _determinant(model, k, c2, along, bb, energy)
            step = np.where(near & (slope != 0), value / slope, 0.0)
            k = k - np.clip(step, -1e-5 * unit, 1e-5 * unit)
        value, slope, by_energy, by_xi, size, curvature = _determinant(model, k, c2, along, bb, energy)
        settled = np.abs(value) <= np.maximum(64 * EPS * size, 1e-10 * np.abs(slope) * np.abs(k))
        real = near & settled & (np.abs(k - roots.real) < 2 * np.abs(roots.imag) + 1e-6 * unit)
        weight = np.where(real, np.abs(k * by_energy / slope), 0.0) / (2 * math.pi) ** 2
        charge = np.where(real, -by_xi / by_energy, 0.0)
        noise = weight * np.minimum(8 * EPS * size * np.abs(curvature) / slope**2, 1e300)
    spins = 2.0 if not (cc.any() or bb) else 1.0
    weight, noise = spins * np.where(real, weight, 0.0), spins * np.where(real, noise, 0.0)
    # half a circle of whole lines is the plane
    return np.stack([(weight * 0.5 * (1 + charge)).sum(1), 0.5 * weight.sum(1), noise.sum(1)], axis=1)


def _polynomial_roots(model: RashbaSuperconductor, cc: Array, db: Array, bb: float, energy: float) -> Array:
    """All k/k_F with det[H(k n̂) − E] = 0, one row for each angle; spin-degenerate ones once."""
    mu, unit = model.mu, model.fermi_momentum
    e, gap2 = energy / mu, (model.gap / mu) ** 2
    if not (cc.any() or bb):
        xi = np.sqrt(complex(e * e - gap2))
        half = np.sqrt(1 + np.array([xi, -xi]))
        return np.tile(np.concatenate([half, -half]), (len(cc), 1))
    c, s, b2 = cc * (unit / mu) ** 2, db * unit / mu**2, bb / mu**2  # momenta in k_F, energies in μ
    top, x0 = c - 2, 1 + gap2 + b2  # ξ² + d² + Δ² + b² = κ⁴ + top κ² + x0
    coefficients = np.zeros((len(c), 9))
    coefficients[:, 0] = 1.0
    coefficients[:, 2] = 2 * top - 4 * c
    coefficients[:, 4] = top**2 + 2 * x0 + 8 * c - 4 * b2 - 2 * e * e
    coefficients[:, 5] = -8 * e * s
    coefficients[:, 6] = 2 * top * x0 - 4 * c - 4 * s**2 + 8 * b2 - 2 * e * e * top
    coefficients[:, 7] = 8 * e * s
    coefficients[:, 8] = x0**2 - 4 * b2 * (1 + gap2) + e**4 - 2 * e * e * x0
    companion = np.zeros((len(c), 8, 8))
    companion[:, 0, :] = -coefficients[:, 1:]
    companion[:, np.arange(1, 8), np.arange(7)] = 1.0
    return np.asarray(np.linalg.eigvals(companion))


def _determinant(
    model: RashbaSuperconductor, k: Array, cc: Array, db: Array, bb: float, energy: float
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """P = det[H − E], ∂P/∂k, ∂P/∂E, ∂P/∂ξ at fixed d, the size of its terms, and |∂²P/∂k²| roughly."""
    xi, dd, e2, gap2 = k * k / (2 * model.mass) - model.mu, cc * k * k, energy**2, model.gap**2
    if not (np.any(cc) or bb):
        p = e2 - xi * xi - gap2
        slope = -2 * xi * k / model.mass
        size = e2 + xi * xi + gap2
        return p, slope, np.full_like(k, 2 * energy), -2 * xi, size, 2 * (k / model.mass) ** 2 + 0 * xi
    x, length = xi * xi + dd + gap2 + bb, np.sqrt(dd)
    lower, upper = (np.abs(xi) - length) ** 2 + gap2 + bb, (np.abs(xi) + length) ** 2 + gap2 + bb
    p = (
        lower * upper
        - 4 * db**2 * k * k
        - 4 * bb * (xi * xi + gap2)
        + e2 * (e2 - 2 * x)
        - 8 * energy * xi * db * k
    )
    by_x = 2 * (x - e2)
    by_xi = 2 * xi * by_x - 8 * xi * dd - 8 * bb * xi - 8 * energy * db * k
    by_k = 2 * cc * k * by_x - 8 * xi * xi * cc * k - 8 * db**2 * k - 8 * energy * xi * db
    by_energy = 4 * energy * (e2 - x) - 8 * xi * db * k
    velocity = k / model.mass
    size = lower * upper + 2 * (energy**2) * x + bb * (xi * xi + gap2) + e2 * e2
    curvature = (velocity**2 + cc) * 8 * (dd + e2 + bb + gap2)
    return p, velocity * by_xi + by_k, by_energy, by_xi, size, curvature
