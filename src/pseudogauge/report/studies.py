"""Reports of the named studies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import xarray as xr

from ..results import provenance
from ..studies.catalogue import Study
from .discriminators import discriminator_sections
from .field_cooling import field_cooling_sections
from .lines3d import lines3d_sections
from .model import Report, Section
from .phase_diagram import phase_diagram_sections, phase_diagram_tables

__all__ = ["study_report", "study_tables"]

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


def study_tables(study: Study, data: Mapping[str, xr.Dataset]) -> dict[str, list[dict[str, Any]]]:
    """Tables of numbers that a study leaves beside its report, by name; most leave none."""
    return phase_diagram_tables(data) if study.name == "phase-diagram" else {}
