"""Vortex lines among random balls: does a vortex avoid them, does an antivortex thread them, and when?

Lengths are in ball radii R in the first table, where cores are left out and only ratios matter; in the second
the same elastic lines are held against Ginzburg-Landau theory with cores. See docs/theory/lines3d.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ..ginzburg_landau import GinzburgLandau, Grid, State, minimise
from ..ginzburg_landau.elastic_line import (
    ElasticLine,
    line_potential,
    line_tension,
    line_threshold,
    relaxed_line,
)
from ..inclusions import Balls, layered_pseudo_field, random_balls
from .parts import Part, source_digest

__all__ = ["gain_in_ginzburg_landau", "line_thresholds", "lines3d_parts", "threshold_table"]

Floats = NDArray[np.float64]
WINDINGS = (1, -1)
DEPTH = 100.0
"""λ/R of the thresholds: deep enough that G*h̃ is the average of h̃."""
EDGE = 0.4
"""d/R of the thresholds."""


def lines3d_parts(quick: bool = False) -> list[Part]:
    """All pieces; ``quick`` takes fewer and smaller boxes."""
    key = f"{source_digest()} quick={quick}"
    return [
        Part("thresholds", "Elastic lines among random balls", partial(line_thresholds, quick), key),
        Part("ginzburg-landau", "Lines with cores", partial(gain_in_ginzburg_landau, quick), key),
    ]


def line_thresholds(quick: bool = False) -> xr.Dataset:
    """The `threshold_table` of the theory page."""
    if quick:
        return threshold_table((0.05, 0.2), (1.0, 0.1), range(2), (8.0, 8.0, 16.0), (32, 32, 64))
    fillings, tensions = (0.02, 0.05, 0.1, 0.2, 0.3), (1.0, 0.3, 0.1, 0.03)
    return threshold_table(fillings, tensions, range(4), (8.0, 8.0, 32.0), (32, 32, 128))


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


# --- with cores -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sample:
    """Random balls in a periodic cube; lengths in ξ, strengths are κ²h̃."""

    kappa: float
    length: float
    sites: int
    radius: float
    edge_width: float
    count: int
    seed: int
    strengths: tuple[float, ...]

    @property
    def grid(self) -> Grid:
        return Grid((self.sites,) * 3, self.length / self.sites)

    @property
    def balls(self) -> Balls:
        box = (self.length,) * 3
        return random_balls(
            self.radius, extent=box, edge_width=self.edge_width, count=self.count, min_gap=0.0, rng=self.seed
        )

    def problem(self, strength: float) -> GinzburgLandau:
        field = layered_pseudo_field(self.balls, strength / self.kappa**2, self.kappa)
        return GinzburgLandau(self.grid, kappa=self.kappa, pseudo_potential=field)


_SAMPLES = tuple(_Sample(5.0, 24.0, 48, 5.0, 3.0, 3, seed, (0.5, 1.0, 1.7)) for seed in (0, 1)) + tuple(
    _Sample(10.0, 20.0, 40, 3.0, 1.5, 7, seed, (0.4, 0.8)) for seed in (0, 1)
)
_QUICK = (_Sample(5.0, 16.0, 20, 4.0, 2.4, 2, 0, (1.0,)),)
TOLERANCE = 1e-4
"""Largest violation of the Ginzburg-Landau equations accepted."""


def gain_in_ginzburg_landau(quick: bool = False) -> xr.Dataset:
    """What a line gains from the balls in Ginzburg-Landau theory and as an elastic line, in its own energy.

    Per (sample, winding): ``ginzburg_landau`` = [E(line) − E(none)] − the same without balls, ``elastic_stiff``
    and ``elastic_soft`` with the tension of long waves and of the wavelength of the box, each over the energy
    of a line in the same box without balls; ``length`` and ``elastic_length`` over that of a straight line.
    """
    rows = [
        _compare(sample, strength, winding)
        for sample in (_QUICK if quick else _SAMPLES)
        for strength in sample.strengths
        for winding in WINDINGS
    ]
    count = len(rows) // len(WINDINGS)
    table = xr.Dataset(
        {
            name: (("sample", "winding"), np.reshape([row[name] for row in rows], (count, 2)))
            for name in rows[0]
        },
        {"sample": np.arange(count), "winding": list(WINDINGS)},
    )
    return table.assign(
        {name: table[name][:, 0] for name in ("kappa", "radius", "filling", "strength", "peak")}
    )


def _compare(sample: _Sample, strength: float, winding: int) -> dict[str, float]:
    problem, length = sample.problem(strength), sample.length
    field = layered_pseudo_field(sample.balls, strength / sample.kappa**2, sample.kappa)
    potential = line_potential(field, sample.grid)
    stiff, soft = (
        relaxed_line(sample.grid, potential, line_tension(sample.kappa, 1.0, wave), winding)
        for wave in (math.inf, length)
    )
    own = _own_energy(sample)
    none = _found(problem, "uniform").energy
    state = _found(problem.in_sector(winding), [_points(soft, length)])
    (line,) = state.vortex_lines
    return {
        "kappa": sample.kappa, "radius": sample.radius, "filling": sample.balls.filling, "strength": strength,
        "peak": field.peak, "own_energy": own / length,
        "ginzburg_landau": (state.energy - none - own) / own,
        "elastic_stiff": stiff.energy / own, "elastic_soft": soft.energy / own,
        "length": line.length / length,
        "elastic_length": float(np.linalg.norm(np.diff(_points(soft, length), axis=0), axis=1).sum()) / length,
    }  # fmt: skip


@cache
def _own_energy(sample: _Sample) -> float:
    """Energy of a straight line in the box without balls."""
    problem = GinzburgLandau(sample.grid, kappa=sample.kappa)
    middle = sample.length / 2
    line = _found(problem.in_sector(1), [(middle, middle, 1)])
    return line.energy - _found(problem, "uniform").energy


def _points(line: ElasticLine, length: float) -> Floats:
    """The line as points (n, 3) between the layers, along its flux, closed over one period."""
    points = np.stack([line.x, line.y, line.z], axis=1)
    turn = np.round((points[-1] - points[0]) / length) * length
    turn[2] = length
    points = np.concatenate([points, points[:2] + turn])
    return (0.5 * (points[1:] + points[:-1]))[:: line.winding]


def _found(problem: GinzburgLandau, start: object) -> State:
    state = minimise(problem, start=start, tol=TOLERANCE)  # type: ignore[arg-type]
    if not state.converged:
        raise RuntimeError(f"the minimiser stopped at residual {state.residual:.1e}: {state.message}")
    return state
