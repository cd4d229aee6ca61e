"""Ginzburg-Landau theory on a lattice, with the pseudo-gauge field kept apart from the vector potential."""

from __future__ import annotations

from ..numerics.grid import Grid
from .checkpoint import Checkpoint
from .drive import Ramp
from .evolve import evolve
from .film import sheet_moment
from .fluxoid import Fluxoid, fluxoid
from .ground_state import Candidate, ground_state
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
    "Evolution",
    "Fluxoid",
    "GinzburgLandau",
    "Grid",
    "Ramp",
    "State",
    "Track",
    "VortexLine",
    "Vortices",
    "evolve",
    "fluxoid",
    "ground_state",
    "minimise",
    "noise_temperature",
    "sheet_moment",
    "track_vortices",
]
