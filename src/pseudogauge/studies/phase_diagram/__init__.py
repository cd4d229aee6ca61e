"""Where the vortices sit: thresholds and phases over filling, size, penetration depth, h̃ and ring width."""

from __future__ import annotations

from .branches import Branch, Mixture, branches, lowest
from .crystal import Crystal, image_energy, lower_critical_field
from .ensembles import VARIANTS, Variant, random_ensemble, search_check
from .london import Gains, london_gains
from .parts import phase_diagram_parts, quick_part
from .survey import phase_map

__all__ = [
    "VARIANTS",
    "Branch",
    "Crystal",
    "Gains",
    "Mixture",
    "Variant",
    "branches",
    "image_energy",
    "london_gains",
    "lower_critical_field",
    "lowest",
    "phase_diagram_parts",
    "phase_map",
    "quick_part",
    "random_ensemble",
    "search_check",
]
