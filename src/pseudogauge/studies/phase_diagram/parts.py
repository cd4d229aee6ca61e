"""The pieces of the phase-diagram study: each is computed and kept on its own."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ...scenario import Scenario
from ..parts import Part, source_digest
from .branches import CONFIGURATIONS, SINGLES
from .ensembles import random_ensemble, search_check
from .survey import phase_map
from .user_map import QUICK, map_options, scenario_map

__all__ = ["phase_diagram_parts", "quick_part", "scenario_parts"]

FILLINGS = (0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.75)
HEIGHTS = tuple(float(u) for u in np.arange(5, 14) / 4)
"""h̃/H_c1 of a map."""
TALL = {2.0: 2.5, 5.0: 1.5, 50.0: 0.8}
"""Factor of the heights: small λ screens the inclusions from each other, large λ favours pairs."""
_BASE: dict[str, Any] = {"radius": 8.0, "edge_width": 6.0, "kappa": 10.0, "spacing": 0.75}
_APART: dict[str, Any] = {**_BASE, "exchange_overhang": "half gap"}
_MAPS: tuple[dict[str, Any], ...] = (
    {**_BASE, "radius": 12.0},
    {**_BASE, "applied": (-0.3, -0.1, 0.0, 0.1, 0.3)},
    {**_BASE, "radius": 4.0, "edge_width": 4.0, "spacing": 0.6},
    {**_BASE, "radius": 2.0, "edge_width": 2.0, "spacing": 0.4},
    {**_BASE, "radius": 1.0, "edge_width": 1.0, "spacing": 0.25},
    {**_BASE, "kappa": 2.0},
    {**_BASE, "kappa": 20.0},
    {**_BASE, "kappa": 50.0},
    {**_BASE, "kappa": 50.0, "radius": 5.0, "edge_width": 5.0, "spacing": 0.6},
    {**_BASE, "kappa": 5.0, "radius": 12.0},
    {**_BASE, "edge_width": 3.0, "spacing": 0.6},
    {**_BASE, "edge_width": 9.0},
    {**_BASE, "arrangement": "triangular"},
    {**_BASE, "arrangement": "triangular", "radius": 12.0, "fillings": (0.4, 0.5, 0.6, 0.7, 0.75)},
    {
        **_APART,
        "radius": 12.0,
        "fillings": (0.6, 0.7, 0.75),
        "heights": (2.75, 3.0, 3.25, 3.5, 3.75, 4.0, 4.25),
    },
    {
        **_APART,
        "radius": 24.0,
        "edge_width": 8.0,
        "fillings": (0.7, 0.74),
        "heights": (3.8, 4.0, 4.2, 4.3, 4.4, 4.45, 4.5, 4.6, 4.8),
    },
)
_ENSEMBLE: dict[str, Any] = {
    **_BASE,
    "fillings": (0.2, 0.4, 0.6),
    "heights": (2.25,),
    "seeds": tuple(range(6)),
}
_FEWER: dict[str, Any] = {"sizes": {"fillings": (0.2, 0.4)}}
"""Six radii that happen to be large cover more than can be packed at random at 0.6."""
_WORDS = {
    "equal": "equal",
    "signs": "of random signs",
    "sizes": "of different sizes",
    "field": "in a field of 0.2 H_c1",
}
_POINTS = [(x, 8.0, 6.0, 10.0, u) for x in (0.1, 0.3, 0.5, 0.6, 0.7) for u in (2.0, 2.5)] + [
    (0.3, 4.0, 4.0, 10.0, 2.0),
    (0.3, 8.0, 6.0, 50.0, 1.5),
    (0.7, 12.0, 6.0, 10.0, 2.0),
    (0.6, 2.0, 2.0, 10.0, 2.5),
]


def phase_diagram_parts(quick: bool = False) -> list[Part]:
    """All pieces; ``quick`` leaves one coarse map."""
    if quick:
        return [quick_part()]
    key = f"{source_digest()} full"
    maps = [Part(_name(m), _title(m), partial(_map, m), key) for m in _MAPS]
    searches = [
        Part(
            f"random-{name}",
            f"Random disks, {words}",
            partial(random_ensemble, **_ENSEMBLE | _FEWER.get(name, {}), variants=(name,)),
            key,
        )
        for name, words in _WORDS.items()
    ]
    check = partial(search_check, _POINTS, spacing=0.6)
    return [*maps, *searches, Part("search", "The maps against a search in larger cells", check, key)]


def scenario_parts(scenario: Scenario, quick: bool = False) -> list[Part]:
    """The map of a scenario's own inclusions; refuses what cannot be mapped before anything is computed."""
    map_options(scenario)
    title = f"Where the vortices sit: {scenario.title}"
    key = f"{source_digest()} quick={quick}"
    return [Part("map-scenario", title, partial(scenario_map, scenario, quick), key)]


def quick_part(name: str = "map-r12-d6-k10", quicker: bool = False) -> Part:
    """One coarse map with all the phases, as the report on the paper shows it; ``quicker`` for its quick version."""
    fillings, heights = [0.1, 0.3, 0.5, 0.6, 0.7], [1.5, 1.75, 2.0, 2.25, 2.5]
    if quicker:
        fillings, heights = fillings[::2], heights[::2]
    compute = partial(
        phase_map,
        12.0,
        6.0,
        10.0,
        fillings,
        heights,
        configurations=SINGLES if quicker else CONFIGURATIONS,
        spacing=1.0 if quicker else 0.9,
        grid_errors=not quicker,
    )
    title = f"Where the vortices sit: phases over filling and h̃ ({QUICK if quicker else 'coarse'})"
    return Part(name, title, compute, f"{source_digest()} quick={quicker}")


def _name(given: dict[str, Any]) -> str:
    shape = "-triangular" if given.get("arrangement") == "triangular" else ""
    shape += "-half-gap" if given.get("exchange_overhang") else ""
    return f"map-r{given['radius']:g}-d{given['edge_width']:g}-k{given['kappa']:g}{shape}"


def _title(given: dict[str, Any]) -> str:
    shape = f"{given.get('arrangement', 'square')} lattice"
    if given.get("exchange_overhang"):
        shape += ", b_z ending half-way in each gap"
    return (
        f"Phases, {shape}: R = {given['radius']:g} ξ, d = {given['edge_width']:g} ξ, κ = {given['kappa']:g}"
    )


def _map(given: dict[str, Any]) -> Any:
    stretch = TALL.get(given["kappa"], 1.0)
    return phase_map(**{"fillings": FILLINGS, "heights": [float(stretch * u) for u in HEIGHTS]} | given)
