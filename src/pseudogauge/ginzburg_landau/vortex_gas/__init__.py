"""Vortices as a gas of charges in the London limit: energies, thermal statistics, ground states."""

from __future__ import annotations

from .annealing import anneal, quench
from .core import core_energy
from .gas import Configuration, VortexGas
from .interaction import core_radius, interaction_table, line_energy
from .sampling import Sample, gas_temperature, sample, temper

__all__ = [
    "Configuration",
    "Sample",
    "VortexGas",
    "anneal",
    "core_energy",
    "core_radius",
    "gas_temperature",
    "interaction_table",
    "line_energy",
    "quench",
    "sample",
    "temper",
]
