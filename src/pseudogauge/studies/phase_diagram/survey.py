"""Phase maps: which state is lowest at every filling and h̃, and where each first becomes possible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import xarray as xr

from ...errors import require
from ...results import provenance, to_json
from ..phases import PHASES
from .branches import CONFIGURATIONS, branches, lowest
from .crystal import NUMBER, Crystal, lower_critical_field
from .london import london_gains
from .thresholds import KINDS, Known, Threshold, threshold_of

__all__ = ["phase_map", "suggested_heights"]

BROKEN = 3.0
"""|ã| over that of depairing beyond which no heights are chosen."""


def phase_map(
    radius: float,
    edge_width: float,
    kappa: float,
    fillings: Sequence[float],
    heights: Sequence[float] | int = 11,
    *,
    arrangement: Literal["square", "triangular"] = "square",
    applied: Sequence[float] = (0.0,),
    configurations: Sequence[tuple[int, int]] = CONFIGURATIONS,
    spacing: float = 0.5,
    exchange_overhang: float | Literal["half gap"] | None = None,
    screening_length: float = 0.0,
    grid_errors: bool = True,
) -> xr.Dataset:
    """The lowest of the compared states over filling and h̃, for one kind of inclusion.

    Lengths in ξ, fields in H_c1 (``applied``: H along h̃; it only adds −4πκ²NH to the energy of a cell with N Φ0;
    heights are nominal, see ``centre``; a number of them is spread around the thresholds of London theory).
    Arrangement, spacing, overhang and screening length are those of `Crystal`.

    Returns
    -------
    Dataset over (applied, filling, height): ``phase`` (number in `pseudogauge.studies.phases.PHASES`), ``net``
    (Φ0 per inclusion, along h̃), ``gain`` (energy below the vortex-free branch per inclusion, in ε1); over (filling,
    height) ``unconverged``, how many of the compared states had not converged; over (applied, filling) for one
    vortex between, one antivortex inside, a pair per inclusion: ``threshold_between``, ``_inside``, ``_pair``
    (h̃/H_c1 from which it gains; NaN if it does not up to the largest height, or is no state of its own), with
    ``error_…``, ``bound_…``, ``converged_…`` as in `Threshold`, and ``london_…`` (the same in London theory); over
    filling ``depairing`` (h̃/H_c1 at which |ã| = 1/√3), ``centre`` and ``mean`` (h̃ at the centre of an inclusion over
    the nominal, and its mean over that at the centre). ``grid_errors`` False leaves ``error_…`` unknown.

    Raises `InputError` for what is no crystal, and for fillings, heights or fields that are not finite and increasing.

    >>> small = phase_map(4.0, 4.0, 10.0, [0.3], [1.5, 2.0], configurations=((0, 0), (0, 1), (1, 1)))
    >>> [PHASES[n] for n in small.phase.values.ravel()], round(float(small.london_inside[0, 0]), 2)
    (['none', 'pairs'], 1.58)
    """
    _require_increasing("fillings", fillings)
    _require_increasing("applied", applied, positive=False)
    if isinstance(heights, int | np.integer):
        require(heights > 1, "heights", heights, "two or more, or the heights themselves")
    else:
        _require_increasing("heights", heights)
    crystals = [
        Crystal(filling, radius, edge_width, kappa, arrangement, spacing, exchange_overhang, screening_length)
        for filling in fillings
    ]
    if isinstance(heights, int | np.integer):
        heights = suggested_heights(crystals, int(heights))
    shape = (len(applied), len(fillings), len(heights))
    phase, net, gain = np.zeros(shape, dtype=np.int64), np.zeros(shape), np.zeros(shape)
    unconverged = np.zeros(shape[1:], dtype=np.int64)
    lines: dict[str, list[list[float]]] = {}
    for i, crystal in enumerate(crystals):
        known: Known = {}
        for k, height in enumerate(heights):
            row = branches(crystal, height, configurations)
            known[spacing, float(height)] = dict(zip(configurations, row, strict=True))
            unconverged[i, k] = sum(not branch.converged for branch in row)
            for a, field in enumerate(applied):
                best = lowest(crystal, row, field)
                phase[a, i, k] = PHASES.index(best.phase)
                net[a, i, k] = best.net
                gain[a, i, k] = (row[0].energy - best.energy) / crystal.line_energy
        for a, field in enumerate(applied):
            for name, value in _lines(crystal, heights, configurations, known, field, grid_errors).items():
                lines.setdefault(name, [[] for _ in applied])[a].append(value)
    dims = ("applied", "filling", "height")
    data = {
        "phase": (dims, phase),
        "net": (dims, net),
        "gain": (dims, gain),
        "unconverged": (dims[1:], unconverged),
    }
    rims = [_rim(crystal) for crystal in crystals]
    ds = xr.Dataset(
        data
        | {name: (dims[:2], np.array(values)) for name, values in lines.items()}
        | {name: (("filling",), np.array([rim[name] for rim in rims])) for name in rims[0]},
        {"applied": list(applied), "filling": list(fillings), "height": list(heights)},
    )
    ds.phase.attrs["flag_meanings"] = to_json(PHASES)
    ds.attrs = {
        "radius": radius,
        "edge_width": edge_width,
        "kappa": kappa,
        "arrangement": arrangement,
        "spacing": spacing,
        "exchange_overhang": 2 * edge_width if exchange_overhang is None else exchange_overhang,
        "converged": int(not unconverged.any()),
        "provenance": to_json(provenance()),
    }
    return ds


def _require_increasing(name: str, values: Sequence[float], positive: bool = True) -> None:
    fine = np.ndim(values) == 1 and len(values) > 0 and all(isinstance(v, NUMBER) for v in values)
    fine = fine and all(math.isfinite(v) and (v > 0 or not positive) for v in values)
    fine = fine and all(a < b for a, b in pairwise(values))
    require(
        fine, name, values, f"a list of finite, {'positive ' if positive else ''}numbers in increasing order"
    )


def suggested_heights(crystals: Sequence[Crystal], number: int) -> list[float]:
    """Heights from below the first threshold of London theory to where cores let something in at any filling.

    None far beyond depairing, where the edges have given way and London thresholds mean nothing.
    """
    gains = [london_gains(crystal.problem(1.0), crystal=crystal) for crystal in crystals]
    singles = [1 / max(gain.between, gain.inside) for gain in gains]
    first = [min(single, 1 / gain.pair) for single, gain in zip(singles, gains, strict=True)]
    bears = [crystal.depairing for crystal in crystals]
    lowest = 0.8 * min(*first, *bears)
    highest = min(BROKEN * max(bears), max(1.7 * max(first), 1.25 * max(singles)))
    return [float(f"{u:.3g}") for u in np.linspace(lowest, highest, number)]


def _lines(
    crystal: Crystal,
    heights: Sequence[float],
    configurations: Sequence[tuple[int, int]],
    known: Known,
    field: float,
    grid_errors: bool,
) -> dict[str, float]:
    """Thresholds of the first vortices, in Ginzburg-Landau and in London theory."""
    gains = london_gains(crystal.problem(1.0), crystal=crystal)
    lines: dict[str, float] = {}
    for name, kind in KINDS.items():
        gain, cost = getattr(gains, name), max(0.0, 1 - kind.net * field)
        lines[f"london_{name}"] = cost / gain if gain > 0 else math.nan
        if kind.configuration in configurations:
            found = threshold_of(kind, crystal, heights, known, field, grid_errors)
        else:
            found = Threshold()
        lines[f"threshold_{name}"], lines[f"error_{name}"] = found.height, found.error
        lines[f"bound_{name}"], lines[f"converged_{name}"] = int(found.bound), int(found.converged)
    return lines


def _rim(crystal: Crystal) -> dict[str, float]:
    """What the ring current is like at this filling."""
    field = crystal.unit_field
    centre = float(field.stream(*crystal.inclusions.centres[0]))
    return {
        "depairing": crystal.depairing,
        "centre": centre / lower_critical_field(crystal.kappa),
        "mean": float(field.source.mean) / centre,
    }
