"""Where the vortices sit: thresholds and phases over filling, size, penetration depth, h̃ and ring width."""

from __future__ import annotations

from .branches import Branch, Mixture, branches, lowest
from .crystal import Crystal, image_energy, lower_critical_field
from .ensembles import VARIANTS, Variant, random_ensemble, search_check
from .london import Gains, london_gains
from .parts import phase_diagram_parts, quick_part, scenario_parts
from .survey import phase_map
from .tables import first_rows, phase_rows, random_rows, search_rows
from .thresholds import KINDS, Threshold
from .user_map import scenario_map

__all__ = [
    "KINDS",
    "VARIANTS",
    "Branch",
    "Crystal",
    "Gains",
    "Mixture",
    "Threshold",
    "Variant",
    "branches",
    "first_rows",
    "image_energy",
    "london_gains",
    "lower_critical_field",
    "lowest",
    "phase_diagram_parts",
    "phase_map",
    "phase_rows",
    "quick_part",
    "random_ensemble",
    "random_rows",
    "scenario_map",
    "scenario_parts",
    "search_check",
    "search_rows",
]
