"""Vortices as a gas of charges in the London limit: energies, thermal statistics, ground states."""

from __future__ import annotations

from .annealing import anneal, quench
from .core import core_energy
from .gas import Configuration, VortexGas
from .interaction import core_radius, interaction_table, line_energy
from .line_annealing import FirstLines, anneal_lines, first_lines, image_energy, quench_lines
from .line_gas import LineConfiguration, LineGas
from .line_interaction import LineInteraction
from .sampling import Sample, gas_temperature, sample, temper

__all__ = [
    "Configuration",
    "FirstLines",
    "LineConfiguration",
    "LineGas",
    "LineInteraction",
    "Sample",
    "VortexGas",
    "anneal",
    "anneal_lines",
    "core_energy",
    "core_radius",
    "first_lines",
    "gas_temperature",
    "image_energy",
    "interaction_table",
    "line_energy",
    "quench",
    "quench_lines",
    "sample",
    "temper",
]
