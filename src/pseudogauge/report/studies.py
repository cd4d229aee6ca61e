"""Reports of the named studies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import xarray as xr

from ..results import provenance
from ..studies.catalogue import Study
from .discriminators import discriminator_sections
from .field_cooling import field_cooling_sections
from .lines3d import lines3d_sections
from .model import Report, Section
from .phase_diagram import phase_diagram_sections

__all__ = ["study_report"]

_SECTIONS: dict[str, Callable[[Mapping[str, xr.Dataset]], list[Section]]] = {
    "phase-diagram": phase_diagram_sections,
    "lines-3d": lines3d_sections,
    "field-cooling": field_cooling_sections,
    "discriminators": discriminator_sections,
}


def study_report(study: Study, data: Mapping[str, xr.Dataset], quick: bool) -> Report:
    """Report of a study from its datasets, by the name of the part."""
    made = provenance()
    footer = f"pseudogauge {made['pseudogauge']}, {made['time_utc']}" + (" (quick)" if quick else "")
    return Report(study.title, "", _SECTIONS[study.name](data), footer)
