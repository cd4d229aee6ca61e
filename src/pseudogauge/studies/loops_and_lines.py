"""What comes first among random balls: a closed loop through one, an antivortex line through many, or a vortex line.

`ball_phases` finds the thresholds of the three in the gas of vortex lines: London theory, with the interaction of all
parts of a line, at any κ and Γ; `phases_with_cores` holds them against Ginzburg-Landau theory. docs/theory/lines3d.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ..ginzburg_landau import (
    GinzburgLandau,
    Grid,
    line_energy,
    line_potential,
    line_tension,
    line_threshold,
    minimise,
)
from ..ginzburg_landau.vortex_gas import FirstLines, LineGas, LineInteraction, first_lines, image_energy
from ..ginzburg_landau.vortex_lines import thread
from ..inclusions import Balls, LayeredPseudoField, layered_pseudo_field, random_balls
from .lines_with_cores import closed_points

__all__ = ["KINDS", "BallBox", "ball_phases", "phases_with_cores", "thresholds_of_kinds"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOLERANCE = 2e-3
"""Largest violation of the Ginzburg-Landau equations; energies are good to its square."""
KINDS = ("loop", "antivortex", "vortex")
"""What may come first; net flux none, −Φ0 and +Φ0."""


@dataclass(frozen=True)
class BallBox:
    """Random balls in a periodic cube; lengths in ξ. Strengths are h̃/H_c1, H_c1 = ε1/4πκ²."""

    kappa: float
    anisotropy: float
    radius: float
    edge_width: float
    filling: float
    spacing: float
    sites: int
    seed: int

    @property
    def grid(self) -> Grid:
        return Grid((self.sites,) * 3, self.spacing)

    @property
    def balls(self) -> Balls:
        x, y, z = self.grid.extent
        return random_balls(
            self.radius, extent=(x, y, z), edge_width=self.edge_width, filling=self.filling,
            min_gap=0.0, rng=self.seed,
        )  # fmt: skip

    def field(self, strength: float) -> LayeredPseudoField:
        inside = strength * line_energy(self.kappa) / (4 * math.pi * self.kappa**2)
        return layered_pseudo_field(self.balls, inside, self.kappa)


def thresholds_of_kinds(box: BallBox, sweeps: int = 20, loops: int = 2) -> dict[str, FirstLines | None]:
    """The least h̃/H_c1 at which each of `KINDS`, alone in its box, gains energy.

    Loops start from the ``loops`` best of some rings, lines from the elastic ones.
    """
    interaction = LineInteraction(box.grid, box.kappa, box.anisotropy)
    unit = LineGas.from_links(interaction, box.field(1.0).on_links(box.grid))

    def gas_at(strength: float) -> LineGas:
        return replace(unit, landscape=strength * unit.values)

    rings = sorted(_rings(box), key=lambda w: _price(unit, w))
    found = [first_lines(gas_at, w, 1.0, box.seed, sweeps=sweeps) for w in rings[:loops]]
    first = min((f for f in found if f is not None), key=lambda f: f.strength, default=None)
    thresholds: dict[str, FirstLines | None] = {"loop": first}
    potential, length = line_potential(box.field(1.0), box.grid), box.grid.extent[2]
    tension = line_tension(box.kappa, box.anisotropy, length)
    images = image_energy(interaction)
    for kind, winding in (("antivortex", -1), ("vortex", 1)):
        elastic = line_threshold(box.grid, potential, line_energy(box.kappa), tension, winding).line
        start = thread(box.grid, [(closed_points(elastic, length), 1)])
        thresholds[kind] = first_lines(gas_at, start, 1.0, box.seed, discount=images, sweeps=sweeps)
    return thresholds


def ball_phases(
    fillings: Sequence[float], kappas: Sequence[float], anisotropies: Sequence[float], seeds: Sequence[int],
    box: BallBox,
) -> xr.Dataset:  # fmt: skip
    """``threshold`` h̃*/H_c1 (filling, kappa, anisotropy, seed, kind), NaN where nothing gains; ``flow`` max |ã|."""
    shape = (len(fillings), len(kappas), len(anisotropies), len(seeds), len(KINDS))
    threshold, flow, found_filling = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape[:4])
    for at in np.ndindex(shape[:4]):
        a, b, c, d = at
        one = replace(box, filling=fillings[a], kappa=kappas[b], anisotropy=anisotropies[c], seed=seeds[d])
        found_filling[at] = one.balls.filling
        for n, first in enumerate(thresholds_of_kinds(one).values()):
            if first is not None:
                threshold[at][n], flow[at][n] = first.strength, first.strength * one.field(1.0).peak
    dims = ("filling", "kappa", "anisotropy", "seed")
    names = dict(zip(dims, (fillings, kappas, anisotropies, seeds), strict=True))
    table = xr.Dataset(
        {"threshold": ((*dims, "kind"), threshold), "flow": ((*dims, "kind"), flow)},
        {**{name: list(values) for name, values in names.items()}, "kind": list(KINDS)},
    )
    table["found_filling"] = (dims, found_filling)
    return table.assign_attrs(radius=box.radius, edge_width=box.edge_width, length=box.sites * box.spacing)


def phases_with_cores(boxes: Sequence[BallBox]) -> xr.Dataset:
    """Thresholds ``london`` and ``ginzburg_landau`` (box, kind) of loops and antivortices, h̃/H_c1.

    NaN where the state without vortices comes to an end first: beyond depairing ã makes vortices of its own.
    """
    shape = (len(boxes), 2)
    london, cores = np.full(shape, np.nan), np.full(shape, np.nan)
    for n, box in enumerate(boxes):
        images = image_energy(LineInteraction(box.grid, box.kappa, box.anisotropy))
        thresholds = thresholds_of_kinds(box)
        for k, kind in enumerate(KINDS[:2]):
            first = thresholds[kind]
            if first is not None:
                london[n, k] = first.strength
                cores[n, k] = _threshold_with_cores(box, first, images * abs(first.lines.flux[2]))
    names = ("kappa", "anisotropy", "radius")
    return xr.Dataset(
        {"london": (("box", "kind"), london), "ginzburg_landau": (("box", "kind"), cores)}
        | {name: ("box", [getattr(box, name) for box in boxes]) for name in names}
        | {"found_filling": ("box", [box.balls.filling for box in boxes])},
        {"kind": list(KINDS[:2])},
    )


def _threshold_with_cores(box: BallBox, first: FirstLines, images: float) -> float:
    """Where these lines gain in Ginzburg-Landau theory, from their energies at two strengths on either side."""
    before = None
    for strength in first.strength * np.arange(0.85, 1.7, 0.1):
        field = box.field(float(strength))
        problem = GinzburgLandau(box.grid, box.kappa, field, anisotropy=box.anisotropy)
        none = minimise(problem, start="uniform", tol=TOLERANCE)
        if none.vortex_lines or not none.converged:
            return math.nan
        state = minimise(problem.in_sector(first.lines.flux[2]), start=first.lines.lines, tol=TOLERANCE)
        if not state.vortex_lines:
            continue  # the loop shrank away
        cost = state.energy - none.energy - images
        if cost < 0:
            return float(
                strength if before is None else np.interp(0, [cost, before[1]], [strength, before[0]])
            )
        before = strength, cost
    return math.nan


def _rings(box: BallBox) -> Iterator[Ints]:
    """Rings that go down through the middle of a ball and come up outside it, four ways round each ball."""
    turn = np.linspace(0, 2 * math.pi, 61)
    for radius in (0.75 * box.radius, box.radius):
        out, up = radius * (1 - np.cos(turn)), -radius * np.sin(turn)
        for centre in box.balls.centres:
            for angle in 0.3 + np.arange(4) * math.pi / 2:
                ring = centre + np.stack([out * math.cos(angle), out * math.sin(angle), up], axis=1)
                yield thread(box.grid, [(ring, 1)])


def _price(unit: LineGas, winding: Ints) -> float:
    """The strength at which these lines as they are cost nothing."""
    as_they_are = unit.configuration(winding)
    return as_they_are.own / -as_they_are.pinning if as_they_are.pinning < 0 else math.inf
