"""Makes where-vortices-sit.png from three maps of `pseudogauge study phase-diagram` (two minutes)."""

from pathlib import Path

from pseudogauge.plots import phase_figure
from pseudogauge.studies.phase_diagram import phase_diagram_parts

parts = {part.name: part for part in phase_diagram_parts()}
maps = [parts[name].compute() for name in ("map-r12-d6-k10", "map-r8-d6-k10", "map-r12-d6-k10-half-gap")]
phase_figure(maps).savefig(Path(__file__).with_name("where-vortices-sit.png"), dpi=110, bbox_inches="tight")
