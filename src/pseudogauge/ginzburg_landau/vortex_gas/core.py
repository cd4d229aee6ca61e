"""How much less a vortex core costs where the order parameter is weak already."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.special import k1

from ..state import State

__all__ = ["core_energy"]

Array = NDArray[np.float64]
REACH = 8.0
"""Distance in ξ over which a weak order parameter counts; the logarithm beyond is a matter of the stiffness."""


def core_energy(state: State) -> Array:
    """Change of a vortex's self energy, on plaquettes, due to |ψ|² ≠ 1 in a state without vortices.

    With ψ = ψ0 u the energy of Ginzburg and Landau splits exactly into that of ψ0, that of the currents of ψ0 (the
    landscape) and ∫|ψ0|²|∇u|² + ½|ψ0|⁴(1 − |u|²)² (Lassoued and Mironescu 1999). Taking for u the vortex of the
    bulk, |u|² = r²/(r² + 2),

        C = −∫ (1 − |ψ0|²)[4/ρ⁶ + K1²(ρ/κ)/κ²] + ½(1 − |ψ0|⁴)(2/ρ²)²,    ρ² = r² + 2,

    over r < 8 ξ. Shape ``grid.plaquette_shape``; zero beyond open surfaces' outermost sites.
    """
    grid = state.problem.grid
    kappa = state.problem.kappa or math.inf  # a film has none: the flow near a core is 1/r
    density = np.abs(state.order_parameter) ** 2
    if state.problem.mask is not None:
        density = np.where(state.problem.mask, density, 1.0)
    steps = math.ceil(REACH / grid.spacing)
    # a plaquette is half a spacing away from its sites
    offsets = (np.arange(-steps, steps) + 0.5) * grid.spacing
    square = offsets[:, None] ** 2 + offsets[None, :] ** 2
    around = square + 2
    flow = 1 / around if math.isinf(kappa) else (k1(np.sqrt(around) / kappa) / kappa) ** 2
    gradient = (4 / around**3 + flow) * (square < REACH**2)
    healing = 0.5 * (2 / around) ** 2 * (square < REACH**2)
    missing = _nearby(1 - density, gradient, grid.periodic_axes)
    missing += _nearby(1 - density**2, healing, grid.periodic_axes)
    nx, ny = grid.plaquette_shape
    core: Array = -grid.cell * missing[:nx, :ny]
    return core


def _nearby(values: Array, weight: Array, periodic: tuple[bool, ...]) -> Array:
    """Sum over sites of values × weight around every plaquette, (Nx, Ny)."""
    half = weight.shape[0] // 2
    widths = [(half - 1, half)] * 2
    padded = values
    for axis, wraps in enumerate(periodic):
        pad = [widths[a] if a == axis else (0, 0) for a in range(2)]
        padded = np.pad(padded, pad, mode="wrap") if wraps else np.pad(padded, pad)
    shape = [fft.next_fast_len(n + weight.shape[0] - 1, real=True) for n in padded.shape]
    product = fft.rfft2(padded, shape) * fft.rfft2(weight, shape)
    full = fft.irfft2(product, shape)
    start = weight.shape[0] - 1
    return np.asarray(full[start : start + values.shape[0], start : start + values.shape[1]])
