"""Vortex lines among random balls: does a vortex avoid them, does an antivortex thread them, and when?

Elastic lines without cores, all lengths in ball radii R; `lines_with_cores` holds them against Ginzburg-Landau theory.
See docs/theory/lines3d.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ..ginzburg_landau import Grid
from ..ginzburg_landau.elastic_line import line_potential, line_threshold
from ..inclusions import Balls, layered_pseudo_field, random_balls
from .lines_with_cores import WINDINGS, gain_in_ginzburg_landau, lines_of_both_signs
from .loops_and_lines import BallBox, ball_phases, phases_with_cores
from .parts import Part, source_digest

__all__ = ["line_cores", "line_phases", "line_thresholds", "lines3d_parts", "threshold_table"]

Floats = NDArray[np.float64]
DEPTH = 100.0
"""λ/R of the thresholds: deep enough that G*h̃ is the average of h̃."""
EDGE = 0.4
"""d/R of the thresholds."""


def lines3d_parts(quick: bool = False) -> list[Part]:
    """All pieces; ``quick`` takes fewer and smaller boxes."""
    key = f"{source_digest()} quick={quick}"
    return [
        Part("thresholds", "Elastic lines among random balls", partial(line_thresholds, quick), key),
        Part(
            "phases", "Loops, antivortices and vortices among random balls", partial(line_phases, quick), key
        ),
        Part("phases-with-cores", "Loops and antivortices with cores", partial(line_cores, quick), key),
        Part("ginzburg-landau", "Lines with cores", partial(gain_in_ginzburg_landau, quick), key),
        Part("picture", "A vortex and an antivortex among balls", partial(lines_of_both_signs, quick), key),
    ]


def line_thresholds(quick: bool = False) -> xr.Dataset:
    """The `threshold_table` of the theory page."""
    if quick:
        return threshold_table((0.05, 0.2), (1.0, 0.1), range(2), (8.0, 8.0, 16.0), (32, 32, 64))
    fillings, tensions = (0.02, 0.05, 0.1, 0.2, 0.3), (1.0, 0.3, 0.1, 0.03)
    return threshold_table(fillings, tensions, range(4), (8.0, 8.0, 32.0), (32, 32, 128))


def line_phases(quick: bool = False) -> xr.Dataset:
    """Which lines come first, over filling, κ and Γ; see `ball_phases`. R = 12 ξ, d = 0.75 R, boxes of 5 R."""
    box = BallBox(20.0, 1.0, 12.0, 9.0, 0.1, spacing=1.5, sites=40, seed=0)
    if quick:
        return ball_phases((0.1,), (20.0,), (1.0,), (0,), replace(box, radius=8.0, edge_width=6.0, sites=24))
    return ball_phases((0.1, 0.2, 0.3), (5.0, 20.0, 80.0), (1.0, 3.0), range(2), box)


def line_cores(quick: bool = False) -> xr.Dataset:
    """Ginzburg-Landau thresholds of loops and antivortices: one ball in a cube of 3 R, or three in 3.6 R."""
    one = BallBox(20.0, 1.0, 12.0, 9.0, 0.14, spacing=1.0, sites=36, seed=0)
    small = replace(one, radius=8.0, edge_width=6.0, sites=24)
    if quick:
        return phases_with_cores([small])
    many = replace(one, sites=44, filling=0.25)
    return phases_with_cores([small, one, many, replace(one, kappa=50.0), replace(one, anisotropy=2.0)])


def threshold_table(
    fillings: Sequence[float],
    tensions: Sequence[float],
    seeds: Sequence[int],
    box: tuple[float, float, float],
    sites: tuple[int, int, int],
) -> xr.Dataset:
    """h̃*/H_c1 at which the first line gains energy, against filling and ε_l/ε1, for boxes of random balls.

    ``threshold`` (filling, tension, winding, seed), ``lowest`` its lower bound from paths that need not close,
    ``bending`` ∫½ε_l(dx/dz)² over ε1 L, ``wander`` in R; ``found_filling`` is that of each box.
    """
    dims = ("filling", "tension", "winding", "seed")
    shape = (len(fillings), len(tensions), len(WINDINGS), len(seeds))
    values = {name: np.full(shape, np.nan) for name in ("threshold", "lowest", "bending", "wander")}
    filled = np.zeros((len(fillings), len(seeds)))
    for a, d in np.ndindex(len(fillings), len(seeds)):
        found, potential, grid = _box(fillings[a], seeds[d], box, sites)
        filled[a, d] = found.filling
        for b, c in np.ndindex(len(tensions), len(WINDINGS)):
            at = line_threshold(grid, potential, 1.0, tensions[b], WINDINGS[c])
            numbers = (at.strength, at.lowest, at.line.bending / box[2], at.line.wander)
            for name, number in zip(values, numbers, strict=True):
                values[name][a, b, c, d] = number
    variables = {name: (dims, value) for name, value in values.items()}
    coordinates = {"filling": fillings, "tension": tensions, "winding": WINDINGS, "seed": seeds}
    table = xr.Dataset(variables, {name: list(ticks) for name, ticks in coordinates.items()})
    table["found_filling"] = (("filling", "seed"), filled)
    return table.assign_attrs(depth=DEPTH, edge_width=EDGE, box=str(box), sites=str(sites))


def _box(
    filling: float, seed: int, box: tuple[float, float, float], sites: tuple[int, int, int]
) -> tuple[Balls, Floats, Grid]:
    """Random balls, the potential of a positive line at h̃ = H_c1 and ε1 = 1, and its grid; unit of length R."""
    found = random_balls(1.0, extent=box, edge_width=EDGE, filling=filling, min_gap=0.0, rng=seed)
    field = layered_pseudo_field(found, 1 / (4 * math.pi * DEPTH**2), DEPTH)
    grid = Grid(sites, box[0] / sites[0])
    return found, line_potential(field, grid), grid
