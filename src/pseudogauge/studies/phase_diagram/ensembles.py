"""Disordered inclusions: thresholds and lowest states over many arrangements, with error bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ...errors import require
from ...ginzburg_landau import GinzburgLandau, Grid, State, ground_state, minimise
from ...inclusions import Inclusions, PseudoField, disk_lattice, pseudo_field, random_disks
from ...results import provenance, to_json
from ..phases import PHASES, places_of_state
from .branches import SETTLED, TOLERANCE, branches, lowest
from .crystal import Crystal, lower_critical_field
from .london import london_gains

Floats = NDArray[np.float64]

__all__ = ["VARIANTS", "Variant", "random_ensemble", "search_check"]

GAP = 0.1
"""Smallest gap between random disks, in radii."""


@dataclass(frozen=True)
class Variant:
    """What is random besides the places: relative spread of radii, random signs of h̃; and H along h̃ in H_c1."""

    size_spread: float = 0.0
    signs: bool = False
    applied: float = 0.0


VARIANTS = {
    "equal": Variant(),
    "sizes": Variant(size_spread=0.3),
    "signs": Variant(signs=True),
    "field": Variant(applied=0.2),
}


def random_ensemble(
    radius: float,
    edge_width: float,
    kappa: float,
    fillings: Sequence[float],
    heights: Sequence[float],
    seeds: Sequence[int],
    variants: Sequence[str] = tuple(VARIANTS),
    *,
    count: int = 6,
    spacing: float = 0.75,
) -> xr.Dataset:
    """``count`` random disks in a periodic square, searched for the lowest state at every height (h̃/H_c1).

    Returns
    -------
    Dataset over (variant, filling, seed): ``london_between``, ``_inside``, ``_pair``, thresholds of the first
    vortices at H = 0; and with height: ``phase``, ``net`` (Φ0 per inclusion along the mean h̃), ``between`` and
    ``inside`` (vortices of either sign there, per inclusion), ``converged`` (whether the state had converged).
    """
    for name in variants:
        require(name in VARIANTS, "variants", name, f"among {', '.join(VARIANTS)}")
    places = (len(variants), len(fillings), len(seeds))
    lines = {name: np.full(places, math.nan) for name in ("between", "inside", "pair")}
    names = ("phase", "net", "between", "inside", "converged")
    found = {name: np.zeros((*places, len(heights))) for name in names}
    upper = lower_critical_field(kappa)
    for v, i, s in np.ndindex(*places):
        variant = VARIANTS[variants[v]]
        inclusions = _place(radius, edge_width, fillings[i], count, seeds[s], variant)
        unit = pseudo_field(inclusions, upper, kappa)
        grid = _grid(inclusions, spacing)
        bare = GinzburgLandau(grid, kappa, unit)
        sign = math.copysign(1.0, unit.source.mean)
        gains = london_gains(bare, sign, inclusions=inclusions)
        for name, line in lines.items():
            line[v, i, s] = 1 / getattr(gains, name)
        for k, height in enumerate(heights):
            links = height * bare.pseudo_links
            problem = GinzburgLandau(grid, kappa, links, applied_field=sign * variant.applied * upper)
            state = _lowest_state(problem, inclusions, unit, seeds[s])
            for name, value in _measured(state, inclusions, unit).items():
                found[name][v, i, s, k] = value
    dims = ("variant", "filling", "seed")
    ds = xr.Dataset(
        {f"london_{name}": (dims, line) for name, line in lines.items()}
        | {name: ((*dims, "height"), values) for name, values in found.items()},
        {"variant": list(variants), "filling": list(fillings), "seed": list(seeds), "height": list(heights)},
    )
    for name in ("phase", "converged"):
        ds[name] = ds[name].astype(np.int64)
    ds.attrs = {
        "radius": radius,
        "edge_width": edge_width,
        "kappa": kappa,
        "count": count,
        "spacing": spacing,
        "converged": int(ds.converged.all()),
        "provenance": to_json(provenance()),
    }
    return ds


def _place(
    radius: float, edge_width: float, filling: float, count: int, seed: int, variant: Variant
) -> Inclusions:
    rng = np.random.default_rng([seed, count])
    side = radius * math.sqrt(count * math.pi * (1 + variant.size_spread**2) / filling)
    sign = rng.choice([-1.0, 1.0], size=count) if variant.signs else 1.0
    return random_disks(
        radius,
        extent=(side, side),
        edge_width=edge_width,
        count=count,
        size_spread=variant.size_spread,
        min_gap=GAP * radius,
        rng=rng,
        exchange=sign,
    )


def _grid(inclusions: Inclusions, spacing: float) -> Grid:
    side = inclusions.extent[0]
    sites = math.ceil(side / spacing)
    return Grid((sites, sites), side / sites)


def _lowest_state(problem: GinzburgLandau, inclusions: Inclusions, field: PseudoField, seed: int) -> State:
    """The lowest of a search and of starts with every inclusion filled: far from anything a search builds up to."""
    found = [ground_state(problem, rng=seed, random_starts=0, tol=TOLERANCE)]
    for start in _filled(problem, inclusions, field):
        cell = problem.in_sector(sum(w for *_, w in start))
        found.append(minimise(cell, start=start, tol=TOLERANCE, energy_tol=SETTLED))
    return min(found, key=lambda state: state.energy)


def _filled(
    problem: GinzburgLandau, inclusions: Inclusions, field: PseudoField
) -> list[list[tuple[float, float, int]]]:
    """A vortex against h̃ in every inclusion, and none, half or all of their flux returned between them.

    Each of those between goes to the middle of the largest gap left.
    """
    signs = -np.sign(field.stream(*inclusions.centres.T)).astype(int)
    vortices = [(float(x), float(y), int(w)) for (x, y), w in zip(inclusions.centres, signs, strict=True)]
    total = sum(w for *_, w in vortices)
    x, y = problem.grid.plaquettes

    def away_from(px: float, py: float) -> Floats:
        steps = [np.abs(a - b) for a, b in ((x, px), (y, py))]
        near = [np.minimum(d, side - d) for d, side in zip(steps, problem.grid.extent, strict=True)]
        return np.asarray(np.hypot(*near))

    edges = zip(inclusions.centres, inclusions.radius, strict=True)
    gap = np.min([away_from(*centre) - radius for centre, radius in edges], axis=0)
    starts = [list(vortices)]
    for number in range(1, abs(total) + 1):
        spot = np.unravel_index(int(gap.argmax()), gap.shape)
        vortices.append((float(x[spot]), float(y[spot]), -int(np.sign(total))))
        gap = np.minimum(gap, away_from(*vortices[-1][:2]))
        if number in (abs(total) // 2, abs(total)):
            starts.append(list(vortices))
    return starts


def _measured(state: State, inclusions: Inclusions, field: PseudoField) -> dict[str, float]:
    places, number = places_of_state(state, inclusions, field), len(inclusions)
    counts = {
        where: (places.count(1, where) + places.count(-1, where)) / number for where in ("between", "inside")
    }  # fmt: skip
    converged = float(state.converged)
    return {
        "phase": PHASES.index(places.phase),
        "net": places.net_along / number,
        "converged": converged,
        **counts,
    }


def search_check(
    points: Sequence[tuple[float, float, float, float, float]], seed: int = 0, spacing: float = 0.5
) -> xr.Dataset:
    """The states of the maps against a search in a cell of 2×2 inclusions, at (x, R, d, κ, h̃/H_c1).

    Returns
    -------
    Dataset over point: ``phase`` and ``phase_searched``, ``net`` and ``net_searched`` (Φ0 per inclusion), ``missed``:
    energy (ε1 per inclusion) by which the search found a lower state than the maps' best (negative: the maps' is
    lower, as they may have a net flux in any share of the cells); ``converged``: whether all its states had converged.
    """
    rows: dict[str, list[float]] = {}
    for filling, radius, edge_width, kappa, height in points:
        crystal = Crystal(filling, radius, edge_width, kappa, spacing=spacing)
        found = branches(crystal, height)
        best = lowest(crystal, found)
        side, sites = 2 * crystal.grid.extent[0], 2 * crystal.grid.shape[0]
        inclusions = disk_lattice(radius, extent=(side, side), edge_width=edge_width, count=4)
        field = pseudo_field(inclusions, height * lower_critical_field(kappa), kappa)
        problem = GinzburgLandau(Grid((sites, sites), side / sites), kappa, field)
        state = _lowest_state(problem, inclusions, crystal.unit_field, seed)
        places = places_of_state(state, inclusions, field)
        row = {
            "phase": PHASES.index(best.phase),
            "phase_searched": PHASES.index(places.phase),
            "net": best.net,
            "net_searched": places.net_along / 4,
            "missed": (best.energy - state.energy / 4) / crystal.line_energy,
            "converged": int(state.converged and all(branch.converged for branch in found)),
        }
        for name, value in row.items():
            rows.setdefault(name, []).append(value)
    ds = xr.Dataset({name: (("point",), np.array(values)) for name, values in rows.items()})
    for name, values in zip(
        ("filling", "radius", "edge_width", "kappa", "height"), zip(*points, strict=True), strict=True
    ):
        ds[name] = (("point",), np.array(values))
    ds.attrs = {"converged": int(ds.converged.all()), "provenance": to_json(provenance())}
    return ds
