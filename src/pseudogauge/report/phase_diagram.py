"""Where the vortices sit: the section of a report."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import xarray as xr

from ..plots.phase_diagram import phase_figure, ratio_figure
from ..studies.phases import PHASES
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["phase_diagram_sections", "phase_map_section"]

_ARGUMENT = (
    "For λ well above the spacing, a vortex between inclusions gains x h̃ Φ0/μ0 per length and an antivortex inside one "
    "(1 − x) h̃ Φ0/μ0; a pair gains h̃ Φ0/μ0 together and binds, so that it costs 4π(ln r + 0.38) Φ0²/8π²μ0λ² at "
    "distance r ξ, whatever λ. Below x = ½ the antivortex comes before the vortex; the pair comes before both at any x "
    "where R is below about √(λξ) but above a core, and near x = ½ where R is below λ. What the inclusions' edge can "
    "bear ends near |ã| = 1/√3 (depairing)."
)
_MAP = (
    "Lowest of the states compared at every filling and h̃ (colour). Lines: thresholds of the first vortices in London "
    "theory for this geometry; symbols: the same in Ginzburg-Landau theory. Triangles: sign and size of the net flux. "
    "Unless said otherwise b_z is constant across every edge and reaches across the gaps, as the paper assumes."
)


def phase_map_section(ds: xr.Dataset) -> Section:
    """One map with its argument and thresholds, for the report on the paper."""
    alt = f"Map of phases over filling and h̃. {_in_words(ds)}"
    return Section(
        "Where the vortices sit: phases", [_ARGUMENT, _in_words(ds)], [FigureItem(phase_figure([ds]), _MAP, alt)],
        [_thresholds(ds)],
    )  # fmt: skip


def phase_diagram_sections(data: Mapping[str, xr.Dataset]) -> list[Section]:
    """All maps, what decides against the antivortex, random arrangements, and the free search."""
    maps = {name: ds for name, ds in data.items() if name.startswith("map-")}
    sections = [
        Section(
            "Phases", [_ARGUMENT], [FigureItem(phase_figure(list(maps.values())), _MAP, "Maps of phases.")]
        ),
        Section("Thresholds", tables=[_thresholds(ds) for ds in maps.values()]),
    ]
    widest = {  # of each radius
        ds.attrs["radius"]: ds
        for ds in sorted(maps.values(), key=lambda ds: float(ds.attrs["edge_width"]))
        if ds.attrs["kappa"] == 10 and ds.attrs["arrangement"] == "square" and not _apart(ds)
    }
    same = list(widest.values())
    if len(same) > 2:
        caption = (
            "Threshold of an antivortex inside over that of its nearest rival (pair or vortex between), κ = 10: "
            "above 1 the antivortex inside is not the first to enter. Symbols Ginzburg-Landau, lines London."
        )
        sections.append(
            Section(
                "When the site inside is lost", figures=[FigureItem(ratio_figure(same), caption, caption)]
            )
        )
    random = [ds for name, ds in data.items() if name.startswith("random-")]
    if random:
        sections.append(Section("Random inclusions", tables=[_random_lines(random), _random(random)]))
    if "search" in data:
        sections.append(Section("Against a free search", tables=[_search(data["search"])]))
    return sections


def _apart(ds: xr.Dataset) -> bool:
    """Whether b_z ends half-way in the gaps, instead of reaching across the edges."""
    return bool(ds.attrs.get("exchange_overhang") == "half gap")


def _shape(ds: xr.Dataset) -> str:
    shape = f"R = {ds.attrs['radius']:g} ξ, edge {ds.attrs['edge_width']:g} ξ"
    return shape + (", b_z ending half-way in each gap" if _apart(ds) else "")


def _in_words(ds: xr.Dataset) -> str:
    """What comes first at each filling."""
    words = []
    for i, filling in enumerate(ds.filling.values):
        codes = ds.phase.sel(applied=0.0).values[i]
        first = next(((PHASES[n], u) for n, u in zip(codes, ds.height.values, strict=True) if n), None)
        what = (
            f"{first[0]} from h̃ ≤ {first[1]:g} H_c1" if first else f"none up to {ds.height.values[-1]:g} H_c1"
        )
        words.append(f"x = {filling:g}: {what}")
    return f"First to enter for {_shape(ds)}, κ = {ds.attrs['kappa']:g}: {'; '.join(words)}."


def _thresholds(ds: xr.Dataset) -> TableItem:
    names = ("between", "inside", "pair")
    columns = ["x"]
    for name in names:
        columns += [f"{name}, London", f"{name}, GL"]
    rows: list[list[Cell]] = []
    for i, filling in enumerate(ds.filling.values):
        row: list[Cell] = [float(filling)]
        for name in names:
            row += [_shown(ds[f"{kind}_{name}"].values[i]) for kind in ("london", "threshold")]
        rows.append([*row, _shown(ds.depairing.values[i])])
    height = f", h̃ at the centre {_range(ds.centre)} of the nominal" if _apart(ds) else ""
    return TableItem(
        f"Thresholds h̃*/H_c1: {ds.attrs['arrangement']} lattice, {_shape(ds)}{height}, κ = {ds.attrs['kappa']:g}.",
        [*columns, "depairing"],
        rows,
        "–: it does not gain below the largest h̃ tried, or is no longer a separate state there.",
    )


def _range(values: xr.DataArray) -> str:
    return f"{float(values.min()):.2f}–{float(values.max()):.2f}"


def _shown(value: float) -> Cell:
    return number_text(float(value), 3) if np.isfinite(value) else "–"


def _with_error(values: xr.DataArray) -> str:
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
    return f"{mean:.2f} ± {error:.2f}".replace("-", "−")


def _random_lines(found: list[xr.Dataset]) -> TableItem:
    rows: list[list[Cell]] = []
    for ds in found:
        for variant, filling in product(ds.variant.values, ds.filling.values):
            here = ds.sel(variant=variant, filling=filling)
            lines = [_with_error(here[f"london_{name}"]) for name in ("between", "inside", "pair")]
            rows.append([str(variant), float(filling), *lines])
    first = found[0]
    note = f"Mean and its standard error over {first.sizes['seed']} arrangements of {first.attrs['count']} disks."
    columns = ("Disks", "x", "between", "inside", "pair (alone)")
    return TableItem("London thresholds h̃*/H_c1 among random disks at H = 0.", columns, rows, note)


def _random(found: list[xr.Dataset]) -> TableItem:
    rows: list[list[Cell]] = []
    for ds in found:
        for variant, filling, height in product(ds.variant.values, ds.filling.values, ds.height.values):
            here = ds.sel(variant=variant, filling=filling, height=height)
            counts = [int((here.phase == n).sum()) for n in range(len(PHASES))]
            names = ", ".join(f"{count} {PHASES[n]}" for n, count in enumerate(counts) if count)
            numbers = [_with_error(here[name]) for name in ("inside", "between", "net")]
            rows.append([str(variant), float(filling), float(height), names, *numbers])
    columns = ("Disks", "x", "h̃/H_c1", "phases found", "inside", "between", "net flux")
    note = (
        "Vortices of either sign per inclusion; net flux in Φ0 per inclusion along the mean h̃. Each is the lowest "
        "state of a search."
    )
    return TableItem("Ginzburg-Landau states among random disks.", columns, rows, note)


def _search(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for k in range(ds.sizes["point"]):
        here = ds.isel(point=k)
        given = [float(here[name]) for name in ("filling", "radius", "kappa", "height")]
        phases = [PHASES[int(here[name])] for name in ("phase", "phase_searched")]
        nets = [round(float(here[name]), 3) for name in ("net", "net_searched")]
        rows.append([*given, phases[0], nets[0], phases[1], nets[1], _shown(float(here.missed))])
    columns = ("x", "R/ξ", "κ", "h̃/H_c1", "map", "net", "search, 2×2", "net", "search lower by (ε1)")
    note = "The map may have a net flux in any share of the cells; the search has quarters. Last column: per inclusion."
    return TableItem("The maps against a free search among 2×2 inclusions.", columns, rows, note)
