"""Vortex lines seen along the axes of a layered crystal, and the problem in two dimensions that upright ones see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numerics.grid import Grid
from .problem import GinzburgLandau
from .starts import Vortex
from .state import State
from .vortex_lines import VortexLine

__all__ = ["averaged", "columns_of", "line_turns", "turns_of", "whole_lines"]


def averaged(problem: GinzburgLandau) -> GinzburgLandau:
    """The problem in two dimensions that straight lines along z see: everything averaged over the layers."""
    grid = problem.grid
    flat = Grid(grid.shape[:2], grid.spacing, grid.periodic_axes[:2])
    quantised = flat.fully_periodic
    applied, frozen = problem.applied_field[2], problem.magnetisation
    mask = None if problem.mask is None else problem.mask.mean(axis=2) >= 0.5
    return GinzburgLandau(
        flat,
        problem.kappa,
        problem.pseudo_links[:2].mean(axis=3),
        applied if np.ndim(applied) == 0 else applied.mean(axis=2),
        problem.flux_quanta[2] if quantised else 0,
        None if frozen is None else frozen[2].mean(axis=2),
        np.array(np.broadcast_to(problem.coefficients.epsilon, grid.shape).mean(axis=2)),
        None if mask is None or not mask.any() else mask,
        stiffness=[
            part if np.ndim(part) == 0 else np.mean(part, axis=2) for part in problem.local_stiffness[:2]
        ],
    )


def whole_lines(state: State) -> list[VortexLine]:
    """The vortex lines of a state; those that end at a hole in the sample are led straight through it."""
    grid, mask = state.problem.grid, state.problem.mask
    lines, up = [], np.array([0, 0, grid.periodic_axes[2]])
    for line in state.vortex_lines:
        turns = np.rint(line.span / np.array(grid.extent)) * np.array(grid.periodic_axes)
        for more in (0, 1, -1):
            end = line.points[0] + (turns + more * up) * np.array(grid.extent)
            site = np.floor((line.points[-1] + end) / 2 / np.array(grid.spacings)).astype(int) % np.array(
                grid.shape
            )
            if mask is not None and not line.closed and not mask[tuple(site)]:
                line = VortexLine(np.concatenate([line.points, end[None]]), line.winding, closed=True)
        lines.append(line)
    return lines


def turns_of(state: State) -> list[tuple[int, ...]]:
    """How often every line runs through the crystal along x, y and z."""
    return [tuple(line_turns(line, state.problem.grid).tolist()) for line in whole_lines(state)]


def columns_of(state: State) -> list[Vortex]:
    """``(x, y, winding)`` of every line: where it is on average, how often it runs through the crystal along z."""
    grid, found = state.problem.grid, []
    for line in whole_lines(state):
        place = line.points[: len(line.points) - line.closed, :2].mean(axis=0)
        wraps = np.array(grid.periodic_axes[:2])
        place = np.where(wraps, place % np.array(grid.extent[:2]), place)
        found.append((float(place[0]), float(place[1]), int(line_turns(line, grid)[2])))
    return found


def line_turns(line: VortexLine, grid: Grid) -> NDArray[np.int64]:
    """How often a line runs through the crystal along every axis, with its sign."""
    return np.asarray(line.winding * np.rint(line.span / np.array(grid.extent)), dtype=np.int64)
