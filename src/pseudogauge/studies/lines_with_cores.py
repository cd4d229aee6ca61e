"""Vortex lines among random balls with cores: Ginzburg-Landau theory beside the elastic line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ..ginzburg_landau import GinzburgLandau, Grid, State, minimise
from ..ginzburg_landau.elastic_line import ElasticLine, line_potential, line_tension, relaxed_line
from ..inclusions import Balls, LayeredPseudoField, layered_pseudo_field, random_balls

__all__ = ["closed_points", "gain_in_ginzburg_landau", "lines_of_both_signs"]

Floats = NDArray[np.float64]
WINDINGS = (1, -1)


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
    anisotropy: float = 1.0

    @property
    def grid(self) -> Grid:
        return Grid((self.sites,) * 3, self.length / self.sites)

    @property
    def balls(self) -> Balls:
        box = (self.length,) * 3
        return random_balls(
            self.radius, extent=box, edge_width=self.edge_width, count=self.count, min_gap=0.0, rng=self.seed
        )

    def field(self, strength: float) -> LayeredPseudoField:
        return layered_pseudo_field(self.balls, strength / self.kappa**2, self.kappa)

    def problem(self, field: LayeredPseudoField | None = None) -> GinzburgLandau:
        return GinzburgLandau(self.grid, self.kappa, field, anisotropy=self.anisotropy)


_SAMPLES = tuple(
    sample
    for seed in (0, 1)
    for sample in (
        _Sample(5.0, 24.0, 48, 5.0, 3.0, 3, seed, (0.5, 1.0, 1.7)),
        _Sample(5.0, 24.0, 48, 5.0, 3.0, 3, seed, (1.0,), anisotropy=3.0),
        _Sample(10.0, 20.0, 40, 3.0, 1.5, 7, seed, (0.4, 0.8)),
    )
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
        {name: table[name][:, 0] for name in ("kappa", "anisotropy", "radius", "filling", "strength", "peak")}
    )


def lines_of_both_signs(quick: bool = False) -> xr.Dataset:
    """A vortex and an antivortex, minimised one by one in the same balls, for a picture; lengths in ξ.

    ``line`` (point, component) with ``winding`` (point), ``centre`` (ball, component), ``radius`` (ball).
    """
    sample = (_QUICK if quick else _SAMPLES)[0]
    field, found, turns = sample.field(sample.strengths[-1]), [], []
    potential, problem = line_potential(field, sample.grid), sample.problem(field)
    for winding in WINDINGS:
        elastic = relaxed_line(sample.grid, potential, line_tension(sample.kappa), winding)
        (line,) = _found(problem.in_sector(winding), [closed_points(elastic, sample.length)]).vortex_lines
        found.append(line.points)
        turns += [winding] * len(line.points)
    balls = sample.balls
    return xr.Dataset(
        {
            "line": (("point", "component"), np.concatenate(found)),
            "winding": ("point", turns),
            "centre": (("ball", "component"), balls.centres),
            "radius": ("ball", balls.radius),
        },
        attrs={"sites": sample.sites, "length": sample.length},
    )


def _compare(sample: _Sample, strength: float, winding: int) -> dict[str, float]:
    field, length = sample.field(strength), sample.length
    problem = sample.problem(field)
    potential = line_potential(field, sample.grid)
    stiff, soft = (
        relaxed_line(sample.grid, potential, line_tension(sample.kappa, sample.anisotropy, wave), winding)
        for wave in (math.inf, length)
    )
    own = _own_energy(sample)
    none = _found(problem, "uniform").energy
    state = _found(problem.in_sector(winding), [closed_points(soft, length)])
    (line,) = state.vortex_lines
    return {
        "kappa": sample.kappa, "anisotropy": sample.anisotropy, "radius": sample.radius,
        "filling": sample.balls.filling, "strength": strength, "peak": field.peak, "own_energy": own / length,
        "ginzburg_landau": (state.energy - none - own) / own,
        "elastic_stiff": stiff.energy / own, "elastic_soft": soft.energy / own,
        "length": line.length / length,
        "elastic_length": float(np.linalg.norm(np.diff(closed_points(soft, length), axis=0), axis=1).sum()) / length,
    }  # fmt: skip


@cache
def _own_energy(sample: _Sample) -> float:
    """Energy of a straight line in the box without balls."""
    problem = sample.problem()
    middle = sample.length / 2
    line = _found(problem.in_sector(1), [(middle, middle, 1)])
    return line.energy - _found(problem, "uniform").energy


def closed_points(line: ElasticLine, length: float) -> Floats:
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
