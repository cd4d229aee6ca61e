"""The main job: scenario → coefficients → pseudo-gauge field → lowest state → SQUID image, as one dataset."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ..ginzburg_landau import Minima, State, ground_state
from ..magnetometry import SquidLoop, milli_flux_quanta, squid_image, stray_field
from ..progress import Progress, silent
from ..results import make_dataset, provenance
from ..scenario import Scenario
from .derive import Derived, derive, exchange_map, gl_problem, spin_magnetisation
from .numbers import Number, derived_numbers

Floats = NDArray[np.float64]

__all__ = ["run_scenario"]


def run_scenario(scenario: Scenario, progress: Progress = silent, kept: Minima | None = None) -> xr.Dataset:
    """Compute everything a scenario asks for.

    ``kept`` is a dictionary, or a `MinimaFolder`, for the minima on the way: with it a run that was interrupted goes on
    where it was.

    Returns the labelled dataset described by `pseudogauge.results.schema` (µm, mT, mΦ0, A/m²), with the
    scenario's text, every derived number, energies, convergence and provenance among its attributes.

    Raises `InputError` before any long work if the scenario cannot be realised.
    """
    start = time.perf_counter()
    progress(0.0, "microscopic coefficients and inclusions")
    derived = derive(scenario)
    problem = gl_problem(derived)
    for warning in problem.warnings:
        progress(0.1, f"warning: {warning}")
    progress(0.1, "lowest Ginzburg-Landau state")
    search = scenario.search
    sectors = None if search.flux_quanta == "auto" else (search.flux_quanta,)
    state = ground_state(
        problem,
        rng=search.seed,
        sectors=sectors,
        random_starts=search.random_starts,
        tol=search.tolerance,
        kept=kept,
    )
    progress(0.9, "field above the surface and SQUID image")
    values = {**_fields(derived, state), **_squid(derived, state), **_lists(derived, state)}
    return make_dataset(values, _facts(derived, state, time.perf_counter() - start))


def _fields(derived: Derived, state: State) -> dict[str, Any]:
    grid, scales = derived.grid, derived.scenario.scales
    micron, millitesla = scales.coherence_length * 1e6, scales.upper_critical_field * 1e3
    (x, y), (x_plaquette, y_plaquette) = grid.sites, grid.plaquettes
    field, placed = derived.field, derived.inclusions
    return {
        "x": x[:, 0] * micron,
        "y": y[0] * micron,
        "x_plaquette": x_plaquette[:, 0] * micron,
        "y_plaquette": y_plaquette[0] * micron,
        "order_parameter": state.order_parameter,
        "magnetic_field": state.magnetic_field * millitesla,
        "supercurrent": state.supercurrent * scales.current_density,
        "pseudo_magnetisation": np.zeros(grid.plaquette_shape)
        if field is None
        else field.stream(x_plaquette, y_plaquette) * millitesla,
        "pseudo_potential": np.zeros((2, *grid.shape)) if field is None else np.stack(field(x, y)),
        "spin_magnetisation": spin_magnetisation(derived) * 1e3,
        "exchange_field": exchange_map(derived, x, y),
        "electric_potential": np.zeros(grid.shape) if placed is None else placed.electric_potential(x, y),
    }


def _squid(derived: Derived, state: State) -> dict[str, Any]:
    """Field above the surface in mT and flux through the loop in mΦ0, from metres and tesla."""
    scenario, squid, scales = derived.scenario, derived.scenario.squid, derived.scenario.scales
    spacing, height = scenario.spacing * 1e-9, squid.height * 1e-9
    plane: dict[str, Any] = {
        "periodic": derived.grid.periodic_axes,
        "outside": scenario.tesla(scenario.sample.applied_field),
    }
    field = stray_field(
        state.magnetic_field * scales.upper_critical_field,
        spacing,
        height,
        scales.penetration_depth,
        thickness=squid.thickness * 1e-9 if squid.thickness else math.inf,
        **plane,
    )
    loop = SquidLoop(squid.loop_radius * 1e-9, height=0.0)  # the field is known at the loop's own height
    flux = squid_image(field, spacing, loop, **plane)
    return {"surface_field": field * 1e3, "squid_flux": milli_flux_quanta(flux)}


def _lists(derived: Derived, state: State) -> dict[str, Any]:
    """Vortices, inclusions and the candidates of the search."""
    micron, placed = derived.scenario.scales.coherence_length * 1e6, derived.inclusions
    centres = placed.centres if placed is not None else np.zeros((0, 2))
    windings = [[turns for *_, turns in candidate.vortices] for candidate in state.candidates]
    return {
        "vortex_x": state.vortices.x * micron,
        "vortex_y": state.vortices.y * micron,
        "vortex_winding": state.vortices.winding,
        "inclusion_x": centres[:, 0] * micron,
        "inclusion_y": centres[:, 1] * micron,
        "inclusion_radius": (placed.radius if placed is not None else np.zeros(0)) * micron,
        "inclusion_exchange": placed.exchange if placed is not None else np.zeros(0),
        "candidate_energy": [candidate.energy for candidate in state.candidates],
        "candidate_sector": [candidate.sector for candidate in state.candidates],
        "candidate_vortices": [sum(t for t in turns if t > 0) for turns in windings],
        "candidate_antivortices": [-sum(t for t in turns if t < 0) for turns in windings],
        "candidate_found": [candidate.found for candidate in state.candidates],
    }


def _facts(derived: Derived, state: State, wall_time: float) -> dict[str, Any]:
    scenario = derived.scenario
    return {
        "title": scenario.title,
        "scenario": scenario.text,
        "numbers": [number.to_dict() for number in (*derived_numbers(derived), *_found(derived, state))],
        "energies": {"total": state.energy, **state.energies},
        "periodic": list(derived.grid.periodic_axes),
        "squid_height": scenario.squid.height * 1e-3,
        "squid_radius": scenario.squid.loop_radius * 1e-3,
        "converged": state.converged,
        "residual": state.residual,
        "iterations": state.iterations,
        "message": "; warning: ".join([state.message, *state.problem.warnings]),
        "seed": scenario.search.seed,
        "wall_time_s": wall_time,
        "provenance": provenance(),
    }


def _found(derived: Derived, state: State) -> list[Number]:
    """What the run found, in practical units."""
    scenario, group = derived.scenario, "found"
    winding, scales = np.asarray(state.vortices.winding), scenario.scales
    area = math.prod(scenario.sample.size) * 1e-6
    strongest = float(np.abs(state.magnetic_field).max())
    mean = float(np.mean(state.magnetic_field))  # exactly zero in sector 0, up to rounding
    mean_field = (mean if abs(mean) > 1e-12 * strongest else 0.0) * scales.upper_critical_field * 1e3
    energy = state.energy * scales.energy_per_length
    density = float(np.mean(np.abs(state.order_parameter) ** 2))
    normal = "the sample is normal: its windings are those of noise" if density < 1e-3 else ""
    return [
        Number(group, "⟨|ψ|²⟩", "mean density of the condensate", density, "", normal),
        Number(group, "N+", "vortices (flux +Φ0)", float(winding[winding > 0].sum()), ""),
        Number(group, "N−", "antivortices (flux −Φ0)", float(-winding[winding < 0].sum()), ""),
        Number(group, "n", "net vortex density", float(winding.sum()) / area, "1/µm²"),
        Number(group, "⟨B⟩", "mean induction", mean_field, "mT"),
        Number(group, "F", "energy over the normal state", energy, "J/m"),
    ]
