"""Ginzburg-Landau theory on a lattice, with the pseudo-gauge field kept apart from the vector potential."""

from __future__ import annotations

from ..numerics.grid import Grid
from .checkpoint import Checkpoint
from .drive import Ramp
from .elastic_line import (
    ElasticLine,
    LineThreshold,
    line_energy,
    line_potential,
    line_tension,
    line_threshold,
    relaxed_line,
)
from .evolve import evolve
from .film import sheet_moment
from .fluxoid import Fluxoid, fluxoid
from .ground_state import Candidate, ground_state
from .kept import Minima, Reached
from .many import minimise_many
from .minimise import minimise
from .noise import noise_temperature
from .problem import GinzburgLandau
from .state import State
from .time_loop import Evolution
from .tracks import Track, track_vortices
from .vortex_lines import VortexLine
from .vortices import Vortices

__all__ = [
    "Candidate",
    "Checkpoint",
    "ElasticLine",
    "Evolution",
    "Fluxoid",
    "GinzburgLandau",
    "Grid",
    "LineThreshold",
    "Minima",
    "Ramp",
    "Reached",
    "State",
    "Track",
    "VortexLine",
    "Vortices",
    "evolve",
    "fluxoid",
    "ground_state",
    "line_energy",
    "line_potential",
    "line_tension",
    "line_threshold",
    "minimise",
    "minimise_many",
    "noise_temperature",
    "relaxed_line",
    "sheet_moment",
    "track_vortices",
]
