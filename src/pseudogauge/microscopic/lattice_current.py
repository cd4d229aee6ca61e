"""The exact current of a superconductor on any bands."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..numerics.fermi import occupation
from .bands import reciprocal_vectors
from .brillouin_zone import EPS, zone_average
from .exact_current import Current
from .nambu import LatticeSuperconductor, hole_block
from .rashba import as_exchange, as_in_plane

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
) -> Current:
    """Current density of the uniform state, [LOB Eq. 23] for any bands and pairing: e energy × length⁻¹ (ħ = 1).

    ⟨J⟩ = −½ ∫_BZ d²k/(2π)² tr[∂H/∂A f(H)], f = n_F − ½. ``exchange`` is b_z or (b_x, b_y, b_z),
    ``in_plane`` is w_∥. The tolerance is ``rtol`` times |b||w_∥|m/2π or, where that vanishes, times the largest
    velocity per cell area. Any T ≥ 0; gapless states too, where the work is larger.

    Raises `InputError` for a negative temperature, numbers that are not finite, rtol outside (1e-13, 1).

    >>> from pseudogauge.microscopic import square_rashba
    >>> metal = LatticeSuperconductor(square_rashba(rashba=0.5, mu=-1.0), pairing=0.3)
    >>> current = lattice_current(metal, exchange=0.05, in_plane=(-0.1, 0.0))
    >>> current.converged, bool(abs(current.value[0]) < current.error), bool(current.value[1] < 0)
    (True, True, True)
    """
    b, w = as_exchange(exchange), as_in_plane(in_plane)
    require(1e-13 < rtol < 1, "rtol", rtol, "between 1e-13 and 1", "1e-8 is the default")
    finite = math.isfinite(temperature) and temperature >= 0
    require(finite, "temperature", temperature, "zero or positive")
    reciprocal = reciprocal_vectors(model.bands)
    area = abs(float(np.linalg.det(model.bands.cell)))
    width = FeatureWidth(model, temperature)

    def integrand(s: Array) -> Array:
        k = s @ reciprocal
        particle, velocity = model.particle(np.concatenate([k, -k]), b, w)
        e, u = np.linalg.eigh(model.paired(k, particle))
        width.note(e)
        density = _density(u, occupation(e, temperature))
        traces = np.einsum("oaij,aji->oa", velocity, density).real
        return np.asarray(-0.5 / area * (traces[:, : len(k)] + traces[:, len(k) :]))

    scale = float(np.linalg.norm(b) * np.linalg.norm(w)) * model.mass / (2 * math.pi)
    if scale == 0.0:
        scale = width.velocity / area
    n = 2 * model.bands.dimension
    result = zone_average(
        integrand, np.full(2, rtol * scale), max_evaluations, max(16, 2**12 // n**2), width.strip
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
    """Half width √(E² + π²T²)/v of the strip in which the integrand is analytic, E the lowest level met so far."""

    def __init__(self, model: LatticeSuperconductor, temperature: float) -> None:
        reciprocal = reciprocal_vectors(model.bands)
        velocity = model.particle(np.random.default_rng(0).random((256, 2)) @ reciprocal)[1]
        sizes = np.linalg.norm(np.moveaxis(velocity, 0, -1), 2, axis=(1, 2))
        self.velocity = float(sizes.max())
        """Largest velocity found."""
        self._steepness = self.velocity * float(np.linalg.norm(reciprocal, axis=1).max())
        self._temperature, self._lowest = temperature, math.inf

    def note(self, energies: Array) -> None:
        """Take account of levels that were met."""
        self._lowest = min(self._lowest, float(np.abs(energies).min()))

    def strip(self) -> float:
        """Half width in units of the reciprocal lattice vectors."""
        return math.hypot(self._lowest, math.pi * self._temperature) / self._steepness


def _density(u: ComplexArray, f: Array) -> ComplexArray:
    """The part of f(H) that particle operators see, at k and −k stacked: its blocks, the hole block turned back."""
    n = u.shape[-1] // 2
    blocks = [(part * f[:, None, :]) @ part.conj().swapaxes(-1, -2) for part in (u[:, :n], u[:, n:])]
    return np.concatenate([blocks[0], hole_block(blocks[1])])
