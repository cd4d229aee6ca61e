"""Response coefficients of a superconductor on any bands, from the derivatives of its grand potential."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import require
from ..progress import Progress, silent
from ._input import finite_number, missed, require_model
from ._response_loops import loop_table
from .bands import reciprocal_vectors
from .brillouin_zone import EPS, zone_average
from .lattice_current import FeatureWidth
from .nambu import LatticeSuperconductor
from .rashba import require_effort

__all__ = ["LatticeResponse", "lattice_response"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_GAMMA = [(a, w) for a in "xy" for w in "xy"]
_ALPHA = [(a, b) for a in "xy" for b in "xyz"]
_STIFFNESS = ["xx", "xy", "yy"]
_SPIN = ["xx", "xy", "xz", "yy", "yz", "zz"]
_SOURCES: list[tuple[str, ...]] = [(x,) for x in ("Ax", "Ay", "wx", "wy", "bx", "by", "bz", "U")]
_SOURCES += [(f"A{a}", f"w{w}") for a, w in _GAMMA] + [(f"A{d[0]}", f"A{d[1]}") for d in _STIFFNESS]
_INDEX = {"".join(names): i for i, names in enumerate(_SOURCES)}
_TRIPLES = np.array([[_INDEX[f"A{a}"], _INDEX[f"w{w}"], _INDEX["bz"]] for a, w in _GAMMA])
_DENSITY = 1e-5
"""The density of electrons is integrated along, to this accuracy: its step at the Fermi contour makes adaptive
panels find features that are too narrow to be noticed otherwise."""


@dataclass(frozen=True)
class LatticeResponse:
    """J_i = g_ij w_j b_z + a_ij b_j − D_ij A_j, and the spin susceptibility, per area (ħ = e = 1)."""

    gamma_tensor: Array
    """g_ij = −∂³Ω/∂A_i∂w_j∂b_z, shape (2, 2)."""
    alpha_tensor: Array
    """a_ij = −∂²Ω/∂A_i∂b_j, shape (2, 3)."""
    stiffness: Array
    """D_ij = ∂²Ω/∂A_i∂A_j, shape (2, 2)."""
    spin_susceptibility: Array
    """χ_ij = −∂²Ω/∂b_i∂b_j, shape (3, 3)."""
    errors: dict[str, float]
    """Absolute error estimates: gamma, alpha, stiffness, spin_susceptibility."""
    evaluations: int
    converged: bool
    message: str

    @property
    def gamma(self) -> float:
        """j = γ w_∥ × b_zẑ: the antisymmetric part of g; all of it with a threefold axis or a mirror and C₄."""
        return float(0.5 * (self.gamma_tensor[0, 1] - self.gamma_tensor[1, 0]))

    @property
    def alpha(self) -> float:
        """j = α ẑ × b: the antisymmetric part of a."""
        return float(0.5 * (self.alpha_tensor[1, 0] - self.alpha_tensor[0, 1]))


def lattice_response(
    model: LatticeSuperconductor,
    temperature: float = 0.0,
    rtol: float = 1e-6,
    max_evaluations: int = 2_000_000,
    progress: Progress = silent,
) -> LatticeResponse:
    """γ, α, superfluid stiffness and spin susceptibility of any bands with any pairing.

    Derivatives of the grand potential as in `response_coefficients`, per area. Tolerances are ``rtol`` times N (χ),
    N m/m* (γ), N v_so (α) and N v² (stiffness) with the mean density of states N, the model's ``mass`` m and the
    largest inverse mass 1/m*, spin-dependent velocity v_so and velocity v of the bands. ``progress`` is told the part
    of ``max_evaluations`` used.

    Raises `InputError` for a negative temperature, rtol outside (1e-12, 1), and T = 0 without pairing.

    >>> from pseudogauge.microscopic import square_rashba
    >>> response = lattice_response(LatticeSuperconductor(square_rashba(mu=-1.0), pairing=0.2))
    >>> round(float(response.stiffness[0, 0]), 6), abs(response.gamma) < 1e-9
    (0.721119, True)
    """
    others = "for a RashbaSuperconductor use response_coefficients; bands become a LatticeSuperconductor with a pairing"
    require_model(model, LatticeSuperconductor, others)
    require_effort(rtol, 1e-12, max_evaluations)
    require(
        finite_number("temperature", temperature, "zero or positive") >= 0,
        "temperature",
        temperature,
        "zero or positive",
    )
    reciprocal = reciprocal_vectors(model.bands)
    probe = np.random.default_rng(0).random((256, 2)) @ reciprocal
    paired = bool(np.abs(model.gap_matrix(probe)).max() > 0) or temperature > 0
    require(paired, "temperature", temperature, "positive in the normal state", "1e-3 of the band width, say")
    area = abs(float(np.linalg.det(model.bands.cell)))
    width = FeatureWidth(model, temperature)

    def integrand(s: Array) -> Array:
        energies, velocity, rows = _integrands(model, s @ reciprocal, temperature)
        width.note(np.abs(energies).min(axis=1), velocity)
        return rows / area

    scales = np.append(_scales(model, probe), 1.0) / area
    tolerance = np.append(rtol * scales[:-1], _DENSITY / area)
    chunk = max(16, 2**12 // (2 * model.bands.dimension) ** 2)
    result = zone_average(integrand, tolerance, max_evaluations, chunk, width.strip, 1, progress)
    worst = int(np.argmax(result.error[:-1] / tolerance[:-1]))
    message = missed(result.error[worst], tolerance[worst], "raise max_evaluations or rtol")
    g, a, d, chi, _ = np.split(result.value, np.cumsum([4, 6, 3, 6]))
    errors = [float(e.max()) for e in np.split(result.error + 16 * EPS * scales, np.cumsum([4, 6, 3, 6]))]
    spin = np.zeros((3, 3))
    spin[np.triu_indices(3)] = chi
    return LatticeResponse(
        gamma_tensor=g.reshape(2, 2),
        alpha_tensor=a.reshape(2, 3),
        stiffness=np.array([[d[0], d[1]], [d[1], d[2]]]),
        spin_susceptibility=spin + np.triu(spin, 1).T,
        errors=dict(zip(("gamma", "alpha", "stiffness", "spin_susceptibility"), errors, strict=False)),
        evaluations=result.evaluations,
        converged=result.converged,
        message="" if result.converged else message,
    )


def _integrands(
    model: LatticeSuperconductor, k: Array, temperature: float
) -> tuple[Array, ComplexArray, Array]:
    """Energies, ∂H/∂A, the nineteen integrands and the density, (20, k); as `grand_potential_derivative` has them."""
    table = model.vertices(k)
    h = model.hamiltonian(k)
    vertices = np.empty((len(_SOURCES), *h.shape), dtype=complex)
    for i, names in enumerate(_SOURCES):
        vertices[i] = table[names]
    energies, one, two, three = loop_table(h, vertices, _TRIPLES, temperature)

    def pair(a: str, b: str) -> Array:
        return np.asarray(two[_INDEX[a], _INDEX[b]])

    half = model.bands.dimension
    normal = np.trace(vertices[..., :half, :half] - vertices[..., half:, half:], axis1=-2, axis2=-1).real
    contact = one + 0.5 * normal  # normal ordering, see `derivatives`
    rows = [-(0.5 * (loop + pair(f"A{a}w{w}", "bz"))) for (a, w), loop in zip(_GAMMA, three, strict=True)]
    rows += [-0.5 * pair(f"A{a}", f"b{b}") for a, b in _ALPHA]
    rows += [0.5 * (pair(f"A{d[0]}", f"A{d[1]}") + contact[_INDEX[f"A{d[0]}A{d[1]}"]]) for d in _STIFFNESS]
    rows += [-0.5 * pair(f"b{c[0]}", f"b{c[1]}") for c in _SPIN]
    return energies, vertices[:2], np.stack([*rows, 0.5 * contact[_INDEX["U"]]])


def _scales(model: LatticeSuperconductor, k: Array) -> Array:
    """Magnitudes of the nineteen coefficients times the cell area: their tolerances are relative to these."""
    energies = np.linalg.eigvalsh(model.bands.bloch(k, 0)[0])
    density = model.bands.dimension / max(float(np.ptp(energies)), 1e-300)
    _, v, m = model.bands.bloch(k, 2)
    odd = v.copy()
    odd[..., ::2, ::2] -= 0.5 * (v[..., ::2, ::2] + v[..., 1::2, 1::2])
    odd[..., 1::2, 1::2] -= 0.5 * (v[..., ::2, ::2] + v[..., 1::2, 1::2])
    speed, curvature, spin_orbit = (float(np.abs(x).max()) for x in (v, m, odd))
    gamma, alpha = model.mass * curvature, max(spin_orbit, 1e-3 * speed)
    return density * np.repeat([gamma, alpha, speed**2, 1.0], [4, 6, 3, 6])
