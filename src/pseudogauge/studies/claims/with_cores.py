"""Claims checked in full Ginzburg-Landau theory, where the order parameter has an amplitude and vortices have cores."""

from __future__ import annotations

import math

import numpy as np

from ...ginzburg_landau import GinzburgLandau, Grid, State, minimise
from ...ginzburg_landau.starts import Start
from ...inclusions import PseudoField, disks, pseudo_field, uniform_slab
from .registry import claim
from .verdicts import Bound, Comparison, Evidence, short

TOLERANCE = 1e-6
"""Largest violation of the Ginzburg-Landau equations accepted."""


def _found(problem: GinzburgLandau, start: Start) -> State:
    state = minimise(problem, start=start, tol=TOLERANCE)
    if not state.converged:
        raise RuntimeError(f"the minimiser stopped at residual {state.residual:.1e}: {state.message}")
    return state


def _cell(length: float, radius: float, width: float, inside: float, kappa: float) -> PseudoField:
    """One inclusion in the middle of a periodic cell with h̃ = ``inside`` (H_c2) in it."""
    ring = disks([(length / 2, length / 2)], radius, edge_width=width, extent=(length, length))
    return pseudo_field(ring, coupling=inside, kappa=kappa)


@claim("13-GL", "13", "Vortices of positive n_v carry +Φ0 each, also with cores")
def _eq13(quick: bool) -> Evidence:
    problem = GinzburgLandau(Grid((24, 24), 0.5), kappa=2.0, flux_quanta=2)
    state = _found(problem, None)
    flux = float(np.sum(state.magnetic_field)) * 0.25 / (2 * math.pi)
    count = float(np.sum(state.vortices.winding))
    note = f"Σ winding against flux/Φ0 = {flux:.12f} of a periodic cell, κ = 2"
    return Comparison(count, flux, error=1e-12, tolerance=1e-9, note=note)


@claim("6-GL", "6", "I_γ = γ b_z V_∥ is the supercurrent round an inclusion in Ginzburg-Landau theory")
def _eq6(quick: bool) -> Evidence:
    length, kappa, current = 32.0, 1000.0, 0.02
    field = _cell(length, 6.0, 1.5, current / kappa**2, kappa)
    state = _found(GinzburgLandau(Grid((64, 64), 0.5), kappa=kappa, pseudo_potential=field), "uniform")
    middle = 32
    through = float(state.supercurrent[1, middle:, middle].sum() * 0.5)
    note = (
        "cut from the middle to the edge of the cell, R = 6ξ, edge 1.5ξ; neglected: (cell/λ)² = 10⁻³ and ã²"
    )
    return Comparison(
        current, through, error=TOLERANCE * length / 2, tolerance=(length / kappa) ** 2, note=note
    )


@claim(
    "control-GL",
    "after 13",
    "Uniform h̃ > H_c1 makes no bulk vortex where a true field of the same strength does",
)
def _control(quick: bool) -> Evidence:
    strength = 0.28
    fine, coarse = (_vortex_costs(sites, strength) for sites in ((40, 32) if quick else (64, 40)))
    note = (
        f"energy of a vortex in the middle (Φ0²/8π²μ0λ²), κ = 2, h̃ = {strength} H_c2 = 1.44 H_c1; in the true field: "
        f"{short(fine[1], 4)}"
    )
    return Bound(fine[0], error=abs(fine[0] - coarse[0]), above=0.0, note=note)


def _vortex_costs(sites: int, strength: float) -> tuple[float, float]:
    """Energy of a vortex mid-sample in uniform h̃ and in a true field of the same strength, on sites² sites."""
    length, kappa = 32.0, 2.0
    grid = Grid((sites, sites), length / sites, periodic=False)
    slab = uniform_slab((length, length), 3.0, strength=strength, kappa=kappa, margin=6.0)
    costs = []
    for problem in (
        GinzburgLandau(grid, kappa=kappa, pseudo_potential=slab),
        GinzburgLandau(grid, kappa=kappa, applied_field=strength),
    ):
        none = _found(problem, "uniform")
        one = _found(problem, [(length / 2, length / 2, 1)])
        costs.append(one.energy - none.energy)
    return costs[0], costs[1]
