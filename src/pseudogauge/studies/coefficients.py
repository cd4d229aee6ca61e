"""Datasets of the response coefficients: against temperature and wave vector, in strong fields, in momentum space."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import xarray as xr

from ..errors import require
from ..microscopic import (
    RashbaSuperconductor,
    bcs_gap,
    gamma_q,
    gamma_q_thermal,
    gamma_thermal,
    gapless_exchange,
    linear_response_error,
    response_coefficients,
)
from ..microscopic.closed_forms import GAP_RATIO
from ..microscopic.derivatives import Eigenbasis, grand_potential_derivative
from ..results import provenance, to_json

__all__ = [
    "gamma_against_wave_vector",
    "gamma_of_random_rashba",
    "linear_response_residuals",
    "momentum_resolved_current",
    "response_against_temperature",
]

METAL = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)


def response_against_temperature(
    splittings: tuple[float, ...] = (0.3, 1.0, 10.0), points: int = 6, curve: int = 80
) -> xr.Dataset:
    """−2πγ/m and 4πβ against T/T_c with the BCS gap, Δ(0)/μ = 0.01, one row for each Δ_R/Δ(0).

    ``gamma`` and ``beta`` from quadrature at ``temperature``, ``gamma_closed`` on ``temperature_curve``.
    """
    zero = METAL.gap
    critical = zero / GAP_RATIO
    axis, fine = np.linspace(0.1, 0.98, points), np.linspace(0.0, 1.0, curve)

    def metal(splitting: float, t: float) -> RashbaSuperconductor:
        rashba = splitting * zero / METAL.fermi_momentum
        return replace(METAL, rashba=rashba, temperature=t * critical, gap=bcs_gap(t * critical, critical))

    found = [[response_coefficients(metal(s, t), rtol=1e-6) for t in axis] for s in splittings]
    closed = [[-2 * math.pi * gamma_thermal(metal(s, t)) / METAL.mass for t in fine] for s in splittings]
    values = {
        "gamma": [[-2 * math.pi * c.gamma / METAL.mass for c in row] for row in found],
        "beta": [[4 * math.pi * c.beta for c in row] for row in found],
        "error": [[2 * math.pi * c.errors["gamma"] / METAL.mass for c in row] for row in found],
    }
    dataset = xr.Dataset(
        {name: (("splitting", "temperature"), np.array(value)) for name, value in values.items()},
        {"splitting": list(splittings), "temperature": axis, "temperature_curve": fine},
    )
    dataset["gamma_closed"] = (("splitting", "temperature_curve"), np.array(closed))
    return _finished(dataset, all(c.converged for row in found for c in row))


def gamma_against_wave_vector(
    temperatures: tuple[float, ...] = (0.0, 0.5, 1.0), points: int = 5, curve: int = 80
) -> xr.Dataset:
    """γ(q)/γ_0 against qξ_0 at fixed Δ/μ = 0.03, one row for each T/Δ; γ_0 = −m/2π.

    ``gamma`` from quadrature on ``wave_vector``, ``gamma_closed`` (the quasiclassical sum) on the finer axis.
    """
    axis, fine = np.geomspace(0.2, 12.0, points), np.geomspace(0.1, 15.0, curve)
    metals = [replace(METAL, gap=0.3, temperature=0.3 * t) for t in temperatures]
    found = [gamma_q(metal, axis / metal.coherence_length, rtol=1e-3) for metal in metals]
    unit = -METAL.mass / (2 * math.pi)
    closed = [gamma_q_thermal(metal, fine / metal.coherence_length) / unit for metal in metals]
    dataset = xr.Dataset(
        {
            "gamma": (("temperature", "wave_vector"), np.array([k.value for k in found]) / unit),
            "error": (("temperature", "wave_vector"), np.array([k.error for k in found]) / abs(unit)),
            "gamma_closed": (("temperature", "wave_vector_curve"), np.array(closed)),
        },
        {"temperature": list(temperatures), "wave_vector": axis, "wave_vector_curve": fine},
    )
    return _finished(dataset, all(kernel.converged for kernel in found))


def linear_response_residuals(points: int = 9, temperature: float = 0.1) -> xr.Dataset:
    """exact/linear − 1 over (b_z/Δ, w_∥/w_z) at Δ/μ = 0.01, Δ_R/Δ = 22, T = ``temperature`` Δ.

    ``gapless`` is b_z/Δ at which a gapless state begins, for each w_∥/w_z.
    """
    metal = replace(METAL, temperature=temperature * METAL.gap)
    b, w = np.geomspace(0.1, 30.0, points), np.geomspace(0.02, 2.0, points)
    fields = [(x * metal.rashba, 0.0) for x in w]
    found = [[linear_response_error(metal, x * metal.gap, field, 1e-3) for field in fields] for x in b]
    dims = ("exchange", "in_plane")
    dataset = xr.Dataset(
        {
            "residual": (dims, np.array([[f.residual for f in row] for row in found])),
            "error": (dims, np.array([[f.error for f in row] for row in found])),
            "gapless": (("in_plane",), np.array([gapless_exchange(metal, f) / metal.gap for f in fields])),
        },
        {"exchange": b, "in_plane": w},
    )
    return _finished(dataset, all(f.converged for row in found for f in row))


def momentum_resolved_current(gap: float = 0.05, points: int = 120) -> xr.Dataset:
    """Integrand of γ over the momentum plane: ∂²j_y/∂w_x∂b_z(k), in units of 1/μ m; Δ/μ = ``gap``, T = 0.

    The integral over d²k/(2π)² is −γ. Coordinates k_x, k_y in k_F.
    """
    metal = replace(METAL, gap=gap * METAL.mu)
    half = (np.arange(points) + 0.5) * 1.4 / points  # the integrand is even in k_x and k_y
    k = np.stack(np.meshgrid(half, half, indexing="ij"), -1).reshape(-1, 2) * metal.fermi_momentum
    parts = []
    for part in np.array_split(k, 1 + len(k) // 4096):
        basis = Eigenbasis(metal.hamiltonian(part), metal.vertices(part), metal.temperature)
        parts.append(-grand_potential_derivative(basis, ("Ay", "wx", "bz")))
    quarter = np.concatenate(parts).reshape(points, points) * metal.mu
    plane = np.block([[quarter[::-1, ::-1], quarter[::-1]], [quarter[:, ::-1], quarter]])
    axis = np.concatenate([-half[::-1], half])
    dataset = xr.Dataset({"current": (("k_x", "k_y"), plane)}, {"k_x": axis, "k_y": axis})
    contours = (
        np.sqrt(1 + (metal.rashba / metal.fermi_velocity) ** 2)
        + np.array([1, -1]) * metal.rashba / metal.fermi_velocity
    )
    dataset.attrs["fermi_contours"] = contours.tolist()
    return _finished(dataset, True)


def gamma_of_random_rashba(model: RashbaSuperconductor, spread: float) -> float:
    """⟨γ⟩ over a Gaussian w_z of zero mean and standard deviation ``spread``, each region wider than ξ_0.

    γ is even in w_z: charge disorder of either sign adds up [LOB Sec. III]. Closed form `gamma_thermal`.

    >>> metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
    >>> random, uniform = gamma_of_random_rashba(metal, 0.5), gamma_thermal(metal)
    >>> bool(0.8 < random / uniform < 1)
    True
    """
    require(spread >= 0 and math.isfinite(spread), "spread", spread, "zero or a positive velocity")
    # w = s sinh t resolves the region |w| ~ Δ/k_F where γ sets in
    small = max(model.gap / model.fermi_momentum, 1e-6 * spread, 1e-300)
    x, weight = np.polynomial.legendre.leggauss(60)
    t = 0.5 * math.asinh(8 * spread / small) * (x + 1)
    w = small * np.sinh(t)
    measure = 0.5 * math.asinh(8 * spread / small) * weight * small * np.cosh(t)
    if spread == 0:
        return 0.0
    density = 2 * np.exp(-0.5 * (w / spread) ** 2) / (math.sqrt(2 * math.pi) * spread)
    values = [gamma_thermal(replace(model, rashba=float(one))) for one in w]
    return float(np.sum(measure * density * values))


def _finished(dataset: xr.Dataset, converged: bool) -> xr.Dataset:
    dataset.attrs["converged"] = int(converged)
    dataset.attrs["provenance"] = to_json(provenance())
    return dataset
