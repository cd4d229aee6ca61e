"""Figures of a run and of the paper: functions from labelled data to a matplotlib ``Figure``.

No pyplot, no global state, no files: `figure_png` gives the bytes, the caller decides where they go.
"""

from __future__ import annotations

from .currents import current_map
from .energies import energy_figure
from .inclusion import inclusion_figure
from .lines3d import lines_figure
from .magnetometry import squid_figure
from .microscopic import momentum_figure, residual_figure, temperature_figure, wave_vector_figure
from .phase_diagram import phase_figure, ratio_figure, scenario_phase_figure
from .style import figure_png
from .sweeps import current_sweep_figure
from .vortex_map import vortex_map

__all__ = [
    "current_map",
    "current_sweep_figure",
    "energy_figure",
    "figure_png",
    "inclusion_figure",
    "lines_figure",
    "momentum_figure",
    "phase_figure",
    "ratio_figure",
    "residual_figure",
    "scenario_phase_figure",
    "squid_figure",
    "temperature_figure",
    "vortex_map",
    "wave_vector_figure",
]
