"""Ginzburg-Landau theory on a lattice, with the pseudo-gauge field kept apart from the vector potential."""

from __future__ import annotations

from ..numerics.grid import Grid
from .fluxoid import Fluxoid, fluxoid
from .ground_state import Candidate, ground_state
from .minimise import minimise
from .problem import GinzburgLandau
from .state import State
from .vortices import Vortices

__all__ = [
    "Candidate",
    "Fluxoid",
    "GinzburgLandau",
    "Grid",
    "State",
    "Vortices",
    "fluxoid",
    "ground_state",
    "minimise",
]
