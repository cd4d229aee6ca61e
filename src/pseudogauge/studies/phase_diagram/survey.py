"""Phase maps: which state is lowest at every filling and h̃, and where each first becomes possible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ...results import provenance, to_json
from ..phases import PHASES, Phase
from .branches import CONFIGURATIONS, Branch, branches, lowest
from .crystal import Crystal, lower_critical_field
from .london import london_gains

__all__ = ["HEIGHTS", "phase_map"]

Floats = NDArray[np.float64]
HEIGHTS = tuple(float(u) for u in np.arange(5, 14) / 4)
"""h̃/H_c1 of a map."""
SINGLE: dict[str, tuple[tuple[int, int], Phase]] = {
    "between": ((1, 0), "interstitial"),
    "inside": ((0, 1), "trapped antivortices"),
    "pair": ((1, 1), "pairs"),
}
"""What enters first, and what a state has to be to count as that."""


def phase_map(
    radius: float,
    edge_width: float,
    kappa: float,
    fillings: Sequence[float],
    heights: Sequence[float] = HEIGHTS,
    *,
    arrangement: Literal["square", "triangular"] = "square",
    applied: Sequence[float] = (0.0,),
    configurations: Sequence[tuple[int, int]] = CONFIGURATIONS,
    spacing: float = 0.5,
    exchange_overhang: float | Literal["half gap"] | None = None,
) -> xr.Dataset:
    """The lowest of the compared states over filling and h̃, for one kind of inclusion.

    Lengths in ξ, fields in H_c1 (``applied``: H along h̃; it only adds −4πκ²NH to the energy of a cell with N Φ0;
    heights are nominal, see ``centre``). ``exchange_overhang`` is that of `Crystal`.

    Returns
    -------
    Dataset over (applied, filling, height): ``phase`` (number in `pseudogauge.studies.phases.PHASES`), ``net``
    (Φ0 per inclusion, along h̃), ``gain`` (energy below the vortex-free branch per inclusion, in ε1); over filling:
    ``threshold_between``, ``_inside``, ``_pair`` (h̃/H_c1 at which one vortex between, one antivortex inside, a pair
    per inclusion first gains; NaN if it never does or is not stable there), ``london_…`` (the same in London
    theory), ``depairing`` (h̃/H_c1 at which |ã| = 1/√3), ``centre`` and ``mean`` (h̃ at the centre of an inclusion over
    the nominal, and its mean over that at the centre).

    >>> small = phase_map(4.0, 4.0, 10.0, [0.3], [1.5, 2.0], configurations=((0, 0), (0, 1), (1, 1)))
    >>> [PHASES[n] for n in small.phase.values.ravel()], round(float(small.london_inside[0]), 2)
    (['none', 'pairs'], 1.58)
    """
    shape = (len(applied), len(fillings), len(heights))
    phase, net, gain = np.zeros(shape, dtype=np.int64), np.zeros(shape), np.zeros(shape)
    lines: dict[str, list[float]] = {}
    converged = True
    for i, filling in enumerate(fillings):
        crystal = Crystal(filling, radius, edge_width, kappa, arrangement, spacing, exchange_overhang)
        found = [branches(crystal, height, configurations) for height in heights]
        converged = converged and all(branch.converged for row in found for branch in row)
        for (a, field), (k, row) in ((p, q) for p in enumerate(applied) for q in enumerate(found)):
            best = lowest(crystal, row, field)
            phase[a, i, k] = PHASES.index(best.phase)
            net[a, i, k] = best.net
            gain[a, i, k] = (row[0].energy - best.energy) / crystal.line_energy
        for name, value in _lines(crystal, heights, configurations, found).items():
            lines.setdefault(name, []).append(value)
    dims = ("applied", "filling", "height")
    data = {"phase": (dims, phase), "net": (dims, net), "gain": (dims, gain)}
    ds = xr.Dataset(
        data | {name: (("filling",), np.array(values)) for name, values in lines.items()},
        {"applied": list(applied), "filling": list(fillings), "height": list(heights)},
    )
    ds.phase.attrs["flag_meanings"] = to_json(PHASES)
    ds.attrs = {
        "radius": radius,
        "edge_width": edge_width,
        "kappa": kappa,
        "arrangement": arrangement,
        "spacing": spacing,
        "exchange_overhang": crystal.overhang if exchange_overhang is None else exchange_overhang,
        "converged": int(converged),
        "provenance": to_json(provenance()),
    }
    return ds


def _lines(
    crystal: Crystal,
    heights: Sequence[float],
    configurations: Sequence[tuple[int, int]],
    found: list[list[Branch]],
) -> dict[str, float]:
    """Thresholds of the first vortices, in Ginzburg-Landau and in London theory."""
    gains = london_gains(crystal.problem(1.0), crystal=crystal)
    field, upper = crystal.unit_field, lower_critical_field(crystal.kappa)
    centre = float(field.stream(*crystal.inclusions.centres[0]))
    mean = float(field.source.mean)
    lines = {"depairing": crystal.depairing, "centre": centre / upper, "mean": mean / centre}
    for name, (configuration, phase) in SINGLE.items():
        gain = getattr(gains, name)
        lines[f"london_{name}"] = 1 / gain if gain > 0 else math.nan
        own = configurations.index(configuration) if configuration in configurations else None
        rows = [] if own is None else [(row[own], row[0]) for row in found]
        lines[f"threshold_{name}"] = _crossing(heights, rows, phase)
    return lines


def _crossing(heights: Sequence[float], rows: list[tuple[Branch, Branch]], phase: Phase) -> float:
    """Where a branch first falls below the vortex-free one, between neighbouring heights at which both exist."""
    excess = [
        branch.energy - none.energy if (branch.phase, none.phase) == (phase, "none") else math.nan
        for branch, none in rows
    ]
    for k in range(1, len(excess)):
        before, after = excess[k - 1], excess[k]
        if before > 0 >= after:
            return heights[k - 1] + (heights[k] - heights[k - 1]) * before / (before - after)
    return math.nan
