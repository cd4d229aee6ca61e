"""Thermal noise with the strength that the dissipation demands.

Each real unknown y relaxes as ẏ = −μ ∂E/∂y + √(2μΘ) ξ(t) with ⟨ξ(t)ξ(t′)⟩ = δ(t − t′); whatever the mobilities μ,
the stationary distribution is exp(−E/Θ) (Einstein's relation).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import constants

from ..units import FLUX_QUANTUM, MU0
from .checks import check_number
from .problem import GinzburgLandau

__all__ = ["noise_temperature", "thermal_kick"]

Array = NDArray[np.float64]


def noise_temperature(temperature: float, penetration_depth: float, thickness: float) -> float:
    """Dimensionless Θ = k_BT / (s Φ0²/8π²μ0λ²) of a sample that fluctuates as one over the thickness s.

    A two-dimensional problem has an energy per length along z, in Φ0²/8π²μ0λ²; the energy that enters the
    Boltzmann factor is that times the length s over which the order parameter does not vary: the spacing of the
    layers if each fluctuates by itself, the thickness of the sample if they move together.

    Parameters
    ----------
    temperature : T in kelvin.
    penetration_depth : λ in metres, of the units in use (at ε = 1).
    thickness : s in metres.

    >>> round(noise_temperature(2.5, penetration_depth=0.7e-6, thickness=1.19e-9), 4)
    0.3298
    """
    check_number("temperature", temperature, zero=True)
    for name, value in (("penetration_depth", penetration_depth), ("thickness", thickness)):
        check_number(name, value)
    energy_per_length = FLUX_QUANTUM**2 / (8 * math.pi**2 * MU0 * penetration_depth**2)
    return constants.k * temperature / (thickness * energy_per_length)


def thermal_kick(
    problem: GinzburgLandau,
    noise: float,
    relaxation: float,
    conductivity: float,
    step: float,
    rng: np.random.Generator,
) -> Array:
    """Random rates of change of (Re ψ, Im ψ, A), constant over one step.

    μ = 1/(2u dx²) for ψ and 1/(2σ) for a link of A, so that the variances are Θ/(u dx² step) and Θ/(σ step); in layers
    dx² is the volume of a cell and σ is weighted like the link.  Smooth surfaces leave a part of it.
    """
    kick = rng.standard_normal((2 + problem.grid.ndim, *problem.grid.shape))
    kick[:2] *= np.sqrt(noise / (relaxation * problem.grid.cell * problem.filling * step))
    for axis, weight in enumerate(problem.link_weights):
        kick[2 + axis] *= math.sqrt(noise / (conductivity * weight * step))
    if problem.mask is not None:
        kick[:2] *= problem.mask
    for axis, wraps in enumerate(problem.grid.periodic_axes):
        if not wraps:
            np.moveaxis(kick[2 + axis], axis, 0)[-1] = 0.0
    return kick
