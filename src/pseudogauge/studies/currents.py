"""Fig. 2 of Levitan, Oreg and Berg: the current of the exact model against Rashba strength and gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from ..microscopic import RashbaSuperconductor, exact_current
from ..microscopic.closed_forms import current_zero_temperature
from ..results import provenance, to_json
from .claims.printed import current_e7

__all__ = ["EXCHANGE", "IN_PLANE", "METAL", "current_against_gap", "current_against_rashba"]

METAL = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.1, rashba=0.5)
"""Units of the figure: m = 1 and μ = 10, so that v_F = √20."""
EXCHANGE = 0.01
"""b/μ = 0.001."""
IN_PLANE = -0.01
"""w_x = λe𝓔^x, w_x/v_F = −0.01/√20."""

SCALE = METAL.scale(EXCHANGE, (IN_PLANE, 0.0))


def current_against_rashba(points: int = 60, gaps: tuple[float, ...] = (0.001, 0.01, 0.1)) -> xr.Dataset:
    """Fig. 2(a): J_y over e²|b w_x|m/2π against w_z/v_F, at T/μ = 1e-4 and gaps Δ/μ.

    ``current_exact`` is Eq. 23, ``current_closed`` the corrected Eq. 17, ``current_printed`` Eq. 17 as
    printed; ``error`` is the estimate of the quadrature.
    """
    velocity = METAL.fermi_velocity
    axis = np.linspace(0.0, 0.25, points)
    metals = [
        [replace(METAL, gap=gap * METAL.mu, rashba=x * velocity, temperature=1e-4 * METAL.mu) for x in axis]
        for gap in gaps
    ]
    return _sweep(metals, ("gap", "rashba_over_vf"), {"gap": list(gaps), "rashba_over_vf": axis})


def current_against_gap(
    points: int = 60, temperatures: tuple[float, ...] = (1e-4, 1e-3, 3e-3, 1e-2)
) -> xr.Dataset:
    """Fig. 2(b): J_y over e²|b w_x|m/2π against Δ/μ, at w_z/v_F = 0.5/√20 and temperatures T/μ.

    The gap is a parameter of the figure, independent of the temperature, as in the paper.
    """
    axis = np.geomspace(1e-4, 1.0, points)
    metals = [
        [replace(METAL, gap=gap * METAL.mu, temperature=heat * METAL.mu) for gap in axis]
        for heat in temperatures
    ]
    coordinates = {"temperature": list(temperatures), "gap_over_mu": axis}
    return _sweep(metals, ("temperature", "gap_over_mu"), coordinates)


def _sweep(
    metals: list[list[RashbaSuperconductor]], dims: tuple[str, str], coordinates: dict[str, object]
) -> xr.Dataset:
    currents = [[exact_current(metal, EXCHANGE, (IN_PLANE, 0.0)) for metal in row] for row in metals]
    fields = (EXCHANGE, (IN_PLANE, 0.0))
    closed = [[current_zero_temperature(metal, *fields)[1] for metal in row] for row in metals]
    printed = [
        [current_e7(m.mass, m.mu, m.gap, m.rashba, EXCHANGE, IN_PLANE) if m.rashba else 0.0 for m in row]
        for row in metals
    ]
    values = {
        "current_exact": [[current.value[1] / SCALE for current in row] for row in currents],
        "error": [[current.error / SCALE for current in row] for row in currents],
        "current_closed": np.array(closed) / SCALE,
        "current_printed": np.array(printed) / SCALE,
    }
    sweep = xr.Dataset({name: (dims, np.asarray(value)) for name, value in values.items()}, coordinates)
    sweep.current_printed.attrs["equation"] = "Eq. 17"
    sweep.attrs["evaluations"] = sum(current.evaluations for row in currents for current in row)
    sweep.attrs["converged"] = int(all(current.converged for row in currents for current in row))
    sweep.attrs["provenance"] = to_json(provenance())
    return sweep
