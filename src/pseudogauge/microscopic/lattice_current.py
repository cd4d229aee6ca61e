"""The exact current of a superconductor on any bands."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..numerics.fermi import occupation
from ..progress import Progress, silent
from ._input import finite_number, require_model
from ._singlet import is_simple_singlet, singlet_currents
from .bands import reciprocal_vectors
from .brillouin_zone import EPS, zone_average
from .exact_current import Current
from .nambu import LatticeSuperconductor, hole_block
from .rashba import as_exchange, as_in_plane, require_effort

__all__ = ["lattice_current"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


def lattice_current(
    model: LatticeSuperconductor,
    exchange: ArrayLike,
    in_plane: ArrayLike,
    temperature: float = 0.0,
    rtol: float = 1e-8,
    max_evaluations: int = 5_000_000,
    progress: Progress = silent,
) -> Current:
    """Current density of the uniform state, [LOB Eq. 23] for any bands and pairing: e energy × length⁻¹ (ħ = 1).

    ⟨J⟩ = −½ ∫_BZ d²k/(2π)² tr[∂H/∂A f(H)], f = n_F − ½. ``exchange`` is b_z or (b_x, b_y, b_z),
    ``in_plane`` is w_∥. The tolerance is ``rtol`` times |b||w_∥|m/2π or, where that vanishes, times the largest
    velocity per cell area. Any T ≥ 0; gapless states too, where the work is larger.
    ``progress`` is told the part of ``max_evaluations`` used.

    Raises `InputError` for a negative temperature, numbers that are not finite, rtol outside (1e-13, 1).

    >>> from pseudogauge.microscopic import square_rashba
    >>> metal = LatticeSuperconductor(square_rashba(rashba=0.5, mu=-1.0), pairing=0.3)
    >>> current = lattice_current(metal, exchange=0.05, in_plane=(-0.1, 0.0))
    >>> current.converged, bool(abs(current.value[0]) < current.error), bool(current.value[1] < 0)
    (True, True, True)
    """
    b, w = as_exchange(exchange), as_in_plane(in_plane)
    require_model(model, LatticeSuperconductor, "for a RashbaSuperconductor use exact_current")
    require_effort(rtol, 1e-13, max_evaluations)
    cold = finite_number("temperature", temperature, "zero or positive")
    require(cold >= 0, "temperature", temperature, "zero or positive")
    reciprocal = reciprocal_vectors(model.bands)
    area = abs(float(np.linalg.det(model.bands.cell)))
    width, gap = FeatureWidth(model, temperature), _uniform_gap(model)

    def integrand(s: Array) -> Array:
        k = s @ reciprocal
        particle, velocity = model.particle(np.concatenate([k, -k]), b, w)
        if gap is not None and is_simple_singlet(particle, velocity):
            traces, lowest = singlet_currents(particle, velocity, gap, temperature)
        else:
            traces, lowest = _traces(model, k, particle, velocity, temperature)
        width.note(lowest, velocity)
        return np.asarray(-0.5 / area * traces)

    scale = float(np.linalg.norm(b) * np.linalg.norm(w)) * model.mass / (2 * math.pi)
    if scale == 0.0:
        scale = width.velocity / area
    n = 2 * model.bands.dimension
    result = zone_average(
        integrand,
        np.full(2, rtol * scale),
        max_evaluations,
        max(16, 2**12 // n**2),
        width.strip,
        progress=progress,
    )
    error = float(result.error.max()) + 8 * EPS * width.velocity / area  # products of which little is left
    message = ""
    if not result.converged:
        message = (
            f"reached {error:.1e} where {rtol * scale:.1e} was asked for; raise max_evaluations, rtol or "
            "the temperature"
        )
    return Current(result.value, error, result.evaluations, result.converged, message)


class FeatureWidth:
    """Half width of the strip in which the integrand is analytic, as far as the momenta met so far tell.

    A level E with velocity v has its singularities √(E² + π²T²)/v away; the smallest such distance counts.
    """

    def __init__(self, model: LatticeSuperconductor, temperature: float) -> None:
        self._reciprocal = reciprocal_vectors(model.bands)
        velocity = model.particle(np.random.default_rng(0).random((256, 2)) @ self._reciprocal)[1]
        sizes = np.linalg.norm(np.moveaxis(velocity, 0, -1), 2, axis=(1, 2))
        self.velocity = float(sizes.max())
        """Largest velocity found."""
        self._temperature, self._width = temperature, math.inf

    def note(self, lowest: Array, velocity: ComplexArray) -> None:
        """Take account of levels (m,) close to zero, with the velocity matrices (2, m or more, n, n) there."""
        steep = np.abs(np.tensordot(self._reciprocal, velocity, 1)).sum(axis=-1).max(axis=-1)  # ≥ the norms
        steep = np.hypot(steep[0], steep[1]).reshape(-1, len(lowest)).max(axis=0)
        distance = np.hypot(lowest, math.pi * self._temperature)
        self._width = min(self._width, float((distance / np.maximum(steep, 1e-300)).min()))

    def strip(self) -> float:
        """In units of the reciprocal lattice vectors."""
        return self._width


def _uniform_gap(model: LatticeSuperconductor) -> float | None:
    """Δ of one orbital with Δ̂ = Δ ≥ 0, else nothing."""
    if callable(model.pairing) or model.bands.dimension != 2:
        return None
    delta = np.asarray(model.pairing, dtype=complex)
    gap = float(delta[0, 0].real)
    return gap if gap >= 0 and np.array_equal(delta, gap * np.eye(2)) else None


def _traces(
    model: LatticeSuperconductor, k: Array, particle: ComplexArray, velocity: ComplexArray, temperature: float
) -> tuple[Array, Array]:
    """tr[∂H/∂A f(H)] (2, m) and the level closest to zero (m,), from eigenvectors."""
    e, u = np.linalg.eigh(model.paired(k, particle))
    density = _density(u, occupation(e, temperature))
    traces = np.einsum("oaij,aji->oa", velocity, density).real
    return traces[:, : len(k)] + traces[:, len(k) :], np.abs(e).min(axis=1)


def _density(u: ComplexArray, f: Array) -> ComplexArray:
    """The part of f(H) that particle operators see, at k and −k stacked: its blocks, the hole block turned back."""
    n = u.shape[-1] // 2
    blocks = [(part * f[:, None, :]) @ part.conj().swapaxes(-1, -2) for part in (u[:, :n], u[:, n:])]
    return np.concatenate([blocks[0], hole_block(blocks[1])])
