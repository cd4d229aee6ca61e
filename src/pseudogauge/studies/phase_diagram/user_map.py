"""The phase map of a user's own inclusions, with the scenario as a point on it."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import xarray as xr

from ...errors import require
from ...scenario import Scenario
from ..derive import derive, place_inclusions
from .branches import CONFIGURATIONS, SINGLES
from .survey import phase_map

__all__ = ["map_options", "scenario_map"]

FILLINGS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SITES = 400
"""Largest number of sites along a cell of one inclusion."""
QUICK = "coarse, at most one vortex of each sign per inclusion"
"""What a quick map leaves out: above the first threshold, pairs beside vortices that are there already."""
APART = 0.03
"""Fillings nearer than this to that of the scenario make room for it."""


def map_options(scenario: Scenario, quick: bool = False) -> dict[str, Any]:
    """Arguments of `phase_map` for the inclusions of a scenario, in units of ξ.

    Inclusions at random or in a list are mapped as a square lattice of the same mean area, edge and overhang. Raises
    `InputError` where there are no disks, they fill too much for a lattice, or so little that a cell is too large.
    """
    settings = scenario.inclusions
    lattice = settings.arrangement not in ("none", "uniform")
    require(
        lattice,
        "inclusions.arrangement",
        repr(settings.arrangement),
        "one with disks, which is what is mapped",
    )
    placed = place_inclusions(scenario)
    assert placed is not None
    radius, edge = float(np.sqrt(np.mean(placed.radius**2))), placed.edge_width
    shape: Literal["square", "triangular"] = (
        "triangular" if settings.arrangement == "triangular" else "square"
    )
    spacing = min(0.75, edge / 4)
    per_cell = 1 if shape == "square" else math.sqrt(3)
    least = math.pi * per_cell * (radius / (SITES * spacing)) ** 2
    fix = "compare single places with london_gains, or take a wider inclusions.edge_width"
    allowed = f"above {least:.3g} for disks of R = {radius:.3g} ξ on a grid of {spacing:.2g} ξ"
    require(placed.filling > least, "filling of the inclusions", placed.filling, allowed, fix)
    closest = (math.pi / 4 if shape == "square" else math.pi / math.sqrt(12)) * 0.98
    allowed = f"below {closest:.3g}, near which disks of a {shape} lattice touch"
    require(placed.filling < closest, "filling of the inclusions", placed.filling, allowed)
    others = [x for x in FILLINGS[:: 2 if quick else 1] if x > least and abs(x - placed.filling) > APART]
    return {
        "radius": radius,
        "edge_width": edge,
        "kappa": scenario.scales.kappa,
        "fillings": sorted([*others, placed.filling]),
        "heights": 6 if quick else 11,
        "arrangement": shape,
        "configurations": SINGLES if quick else CONFIGURATIONS,
        "spacing": spacing,
        "exchange_overhang": placed.exchange_overhang,
        "screening_length": placed.screening_length,
        "grid_errors": not quick,
    }


def scenario_map(scenario: Scenario, quick: bool = False) -> xr.Dataset:
    """The phases of a scenario's own inclusions over filling and h̃, and where the scenario is among them.

    Heights are chosen around the thresholds of London theory at all fillings; b_z V_∥ and everything else but the
    distance of the inclusions stay, so that where they come near each other b_z ends half-way in the gap. The field of
    the scenario is a second map, its spins are left out (`pseudogauge run` takes both at the scenario's own point).

    ``quick`` compares one vortex of each sign at most, and says so in the title.

    Returns
    -------
    The dataset of `phase_map` with the attributes ``title``, ``scenario_filling``, ``scenario_height`` (nominal
    |h̃|/H_c1), ``scenario_applied`` (H along h̃ in H_c1), ``scenario_arrangement`` and ``coherence_length`` (nm).
    """
    options = map_options(scenario, quick)
    derived, scales = derive(scenario), scenario.scales
    height = derived.pseudo_magnetisation / derived.geometry_factor
    along = math.copysign(1.0, height) * scenario.tesla(scenario.sample.applied_field)
    field = along / scales.lower_critical_field
    ds = phase_map(**options, applied=sorted({0.0, field}))
    ds.attrs |= {
        "title": scenario.title + (f" ({QUICK})" if quick else ""),
        "scenario_filling": derived.inclusions.filling if derived.inclusions else math.nan,
        "scenario_height": abs(height) / scales.lower_critical_field,
        "scenario_applied": field,
        "scenario_arrangement": scenario.inclusions.arrangement,
        "coherence_length": scenario.material.coherence_length,
    }
    return ds
