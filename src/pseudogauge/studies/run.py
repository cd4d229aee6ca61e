"""The main job: scenario → coefficients → pseudo-gauge field → lowest state → SQUID image, as one dataset."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import numpy as np
import xarray as xr

from ..ginzburg_landau import GinzburgLandau, State, ground_state
from ..magnetometry import SquidLoop, squid_image, stray_field
from ..progress import Progress, silent
from ..results import provenance
from ..results.schema import label
from ..scenario import Scenario
from ..units import FLUX_QUANTUM
from .derive import Derived, Number, derive

__all__ = ["gl_problem", "run_scenario"]


def run_scenario(scenario: Scenario, progress: Progress = silent) -> xr.Dataset:
    """Compute everything a scenario asks for.

    Returns the labelled dataset described by `pseudogauge.results.schema` (µm, mT, mΦ0, A/m²), with the
    scenario's text, every derived number, energies, convergence and provenance among its attributes.

    Raises `InputError` before any long work if the scenario cannot be realised.
    """
    start = time.perf_counter()
    progress(0.0, "microscopic coefficients and inclusions")
    derived = derive(scenario)
    problem = gl_problem(derived)
    progress(0.1, "lowest Ginzburg-Landau state")
    wanted = scenario.search.flux_quanta
    state = ground_state(problem, rng=scenario.search.seed, sectors=None if wanted == "auto" else (wanted,))
    progress(0.9, "field above the surface and SQUID image")
    dataset = _dataset(derived, state)
    dataset.attrs["wall_time_s"] = time.perf_counter() - start
    return dataset


def gl_problem(derived: Derived) -> GinzburgLandau:
    """The Ginzburg-Landau problem of a scenario, with the spins of the inclusions as frozen magnetisation."""
    scenario, upper = derived.scenario, derived.scenario.scales.upper_critical_field
    return GinzburgLandau(
        derived.grid,
        kappa=scenario.scales.kappa,
        pseudo_potential=derived.field,
        applied_field=scenario.tesla(scenario.sample.applied_field) / upper,
        magnetisation=_spin_magnetisation(derived) / upper,
    )


def _spin_magnetisation(derived: Derived) -> np.ndarray[Any, np.dtype[np.float64]]:
    """μ0 m on plaquettes in T."""
    x, y = derived.grid.plaquette_coordinates
    if derived.field is None:
        return np.zeros((x.size, y.size))
    if derived.inclusions is None:
        return np.full((x.size, y.size), derived.spin_magnetisation)
    exchange = derived.inclusions.exchange_field(x[:, None], y[None, :])
    return derived.spin_magnetisation * exchange / derived.scenario.inclusions.exchange


def _dataset(derived: Derived, state: State) -> xr.Dataset:
    scenario = derived.scenario
    dataset = xr.Dataset({**_fields(derived, state), **_squid(derived, state)}, coords=_coordinates(derived))
    dataset = (
        dataset.assign(_vortices(derived, state)).assign(_inclusions(derived)).assign(_candidates(state))
    )
    dataset.attrs.update(
        title=scenario.title,
        scenario=scenario.text,
        origins=json.dumps(scenario.origins, ensure_ascii=False),
        numbers=json.dumps(
            [n.to_dict() for n in (*derived.numbers, *_found(derived, state))], ensure_ascii=False
        ),
        energies=json.dumps({"total": state.energy, **state.energies}),
        converged=int(state.converged),
        residual=float(state.residual),
        iterations=int(state.iterations),
        message=state.message,
        seed=scenario.search.seed,
        warnings=json.dumps(list(state.problem.warnings), ensure_ascii=False),
        **provenance(),
    )
    return label(dataset)


def _coordinates(derived: Derived) -> dict[str, Any]:
    micron = derived.scenario.material.coherence_length * 1e-3
    x, y = derived.grid.site_coordinates
    x_plaquette, y_plaquette = derived.grid.plaquette_coordinates
    return {
        "x": x * micron,
        "y": y * micron,
        "x_plaquette": x_plaquette * micron,
        "y_plaquette": y_plaquette * micron,
        "component": ["x", "y"],
    }


def _fields(derived: Derived, state: State) -> dict[str, Any]:
    scales, sites, plaquettes = derived.scenario.scales, ("x", "y"), ("x_plaquette", "y_plaquette")
    millitesla = scales.upper_critical_field * 1e3
    x, y = (axis for axis in np.meshgrid(*derived.grid.site_coordinates, indexing="ij"))
    xp, yp = (axis for axis in np.meshgrid(*derived.grid.plaquette_coordinates, indexing="ij"))
    field, inclusions = derived.field, derived.inclusions
    zero = np.zeros(x.shape)
    exchange = np.full(x.shape, derived.scenario.inclusions.exchange) if field is not None else zero
    return {
        "order_parameter": (sites, state.order_parameter),
        "magnetic_field": (plaquettes, state.magnetic_field * millitesla),
        "supercurrent": (("component", *sites), state.supercurrent * scales.current_density),
        "pseudo_magnetisation": (
            plaquettes,
            (field.stream(xp, yp) if field else np.zeros(xp.shape)) * millitesla,
        ),
        "pseudo_potential": (("component", *sites), np.stack(field(x, y) if field else (zero, zero))),
        "spin_magnetisation": (plaquettes, _spin_magnetisation(derived) * 1e3),
        "exchange_field": (sites, inclusions.exchange_field(x, y) if inclusions else exchange),
        "electric_potential": (sites, inclusions.electric_potential(x, y) if inclusions else zero),
    }


def _squid(derived: Derived, state: State) -> dict[str, Any]:
    scenario, plaquettes = derived.scenario, ("x_plaquette", "y_plaquette")
    squid, millitesla = scenario.squid, scenario.scales.upper_critical_field * 1e3
    surface = stray_field(
        state.magnetic_field * millitesla,
        spacing=scenario.spacing,
        height=squid.height,
        penetration_depth=scenario.material.penetration_depth,
        thickness=squid.thickness or math.inf,
        periodic=scenario.sample.boundary == "periodic",
        outside=scenario.tesla(scenario.sample.applied_field) * 1e3,
    )
    flux = squid_image(
        surface,
        scenario.spacing,
        SquidLoop(squid.loop_radius),
        periodic=scenario.sample.boundary == "periodic",
    )
    return {
        "surface_field": (plaquettes, surface),
        "squid_flux": (plaquettes, flux * 1e-3 * 1e-18 / FLUX_QUANTUM * 1e3),  # mT nm² to mΦ0
    }


def _vortices(derived: Derived, state: State) -> dict[str, Any]:
    micron = derived.scenario.material.coherence_length * 1e-3
    found = state.vortices
    return {
        "vortex_x": ("vortex", np.asarray(found.x) * micron),
        "vortex_y": ("vortex", np.asarray(found.y) * micron),
        "vortex_winding": ("vortex", np.asarray(found.winding)),
    }


def _inclusions(derived: Derived) -> dict[str, Any]:
    micron, placed = derived.scenario.material.coherence_length * 1e-3, derived.inclusions
    centres = placed.centres if placed else np.zeros((0, 2))
    return {
        "inclusion_x": ("inclusion", centres[:, 0] * micron),
        "inclusion_y": ("inclusion", centres[:, 1] * micron),
        "inclusion_radius": ("inclusion", (placed.radius if placed else np.zeros(0)) * micron),
        "inclusion_exchange": ("inclusion", placed.exchange if placed else np.zeros(0)),
    }


def _candidates(state: State) -> dict[str, Any]:
    found = state.candidates
    return {
        "candidate_energy": ("candidate", np.array([c.energy for c in found])),
        "candidate_sector": ("candidate", np.array([c.flux_quanta for c in found], dtype=int)),
        "candidate_vortices": (
            "candidate",
            np.array([np.sum(np.asarray(c.winding) > 0) for c in found], dtype=int),
        ),
        "candidate_antivortices": (
            "candidate",
            np.array([np.sum(np.asarray(c.winding) < 0) for c in found], dtype=int),
        ),
    }


def _found(derived: Derived, state: State) -> list[Number]:
    """What the run found, in practical units."""
    scenario, group = derived.scenario, "found"
    winding = np.asarray(state.vortices.winding)
    area = scenario.sample.size[0] * scenario.sample.size[1] * 1e-6
    mean_field = float(np.mean(state.magnetic_field)) * scenario.scales.upper_critical_field * 1e3
    return [
        Number(group, "N+", "vortices (flux +Φ0)", float(np.sum(winding > 0)), ""),
        Number(group, "N−", "antivortices (flux −Φ0)", float(np.sum(winding < 0)), ""),
        Number(group, "n", "net vortex density", float(winding.sum()) / area, "1/µm²"),
        Number(group, "⟨B⟩", "mean induction", mean_field, "mT"),
        Number(
            group,
            "F",
            "energy over the normal state",
            state.energy * scenario.scales.energy_per_length,
            "J/m",
        ),
    ]
