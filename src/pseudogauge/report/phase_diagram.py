"""Where the vortices sit: the section of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import xarray as xr

from ..plots.phase_diagram import phase_figure, ratio_figure
from ..studies.phase_diagram import KINDS, first_rows, phase_rows, random_rows, search_rows
from .model import FigureItem, Section, TableItem
from .phase_tables import (
    COMPARED,
    entry_text,
    first_table,
    net_table,
    random_tables,
    search_table,
    threshold_table,
)

__all__ = ["phase_diagram_sections", "phase_diagram_tables", "phase_map_section"]

SCENARIO = "map-scenario"
_ARGUMENT = (
    "For λ well above the spacing, a vortex between inclusions gains x h̃ Φ0/μ0 per length and an antivortex inside one "
    "(1 − x) h̃ Φ0/μ0; a pair gains h̃ Φ0/μ0 together and binds, so that it costs 4π(ln r + 0.38) Φ0²/8π²μ0λ² at "
    "distance r ξ, whatever λ. Below x = ½ the antivortex comes before the vortex; in London theory the pair comes "
    "before both at any x where R is below about √(λξ) but above a core (with cores from x ≃ 0.2 on), and near x = ½ "
    "where R is below λ. What the inclusions' edge can bear ends near |ã| = 1/√3 (depairing)."
)
_MAP = (
    "Lowest of the states compared at every filling and h̃ (colour). Lines: thresholds of the first vortices in London "
    "theory for this geometry; symbols: the same in Ginzburg-Landau theory. Triangles: sign and size of the net flux."
)
_ACROSS = " Unless said otherwise b_z is constant across every edge and reaches across the gaps, as the paper assumes."


def phase_map_section(ds: xr.Dataset) -> Section:
    """One map with its argument and thresholds, for the report on the paper."""
    alt = f"Map of phases over filling and h̃. {_in_words(ds)}"
    return Section(
        "Where the vortices sit: phases", [_ARGUMENT, _in_words(ds)],
        [FigureItem(phase_figure([ds]), _MAP + _ACROSS, alt)], [_thresholds(first_rows({"map": ds}), ds)],
    )  # fmt: skip


def phase_diagram_sections(data: Mapping[str, xr.Dataset]) -> list[Section]:
    """All maps, what decides against the antivortex, random arrangements, and the free search."""
    if SCENARIO in data:
        return _scenario_sections(data[SCENARIO])
    maps = _maps(data)
    tables = phase_diagram_tables(data)
    sections = [
        Section(
            "Phases",
            [_ARGUMENT],
            [FigureItem(phase_figure(list(maps.values())), _MAP + _ACROSS, "Maps of phases.")],
        ),
        *_compared(tables, maps),
        Section(
            "Thresholds",
            tables=_note_once(
                [
                    _thresholds([row for row in tables["first"] if row["map"] == name and row["H"] == 0], ds)
                    for name, ds in maps.items()
                ]
            ),
        ),
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
    if tables.get("random"):
        sections.append(Section("Random inclusions", tables=random_tables(tables["random"])))
    if tables.get("search"):
        sections.append(Section("Against a free search", tables=[search_table(tables["search"])]))
    return sections


def phase_diagram_tables(data: Mapping[str, xr.Dataset]) -> dict[str, list[dict[str, Any]]]:
    """The rows behind the tables, by the name of the file that holds them."""
    maps = _maps(data)
    tables = {"first": first_rows(maps), "phases": phase_rows(maps)}
    random = [ds for name, ds in data.items() if name.startswith("random-")]
    if random:
        tables["random"] = random_rows(random)
    if "search" in data:
        tables["search"] = search_rows(data["search"])
    return tables


def _maps(data: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    return {name: ds for name, ds in data.items() if name.startswith("map-")}


def _compared(tables: Mapping[str, list[dict[str, Any]]], maps: Mapping[str, xr.Dataset]) -> list[Section]:
    """What comes first, and with which net flux, for those of the maps that are compared and there."""
    zero = [row for row in tables["first"] if row["H"] == 0]
    there = {
        caption: columns
        for caption, columns in COMPARED.values()
        if any(name in maps for name in columns.values())
    }
    if not there:
        return []
    first = [first_table(zero, columns, caption) for caption, columns in there.items()]
    fields = [name for name, ds in maps.items() if ds.sizes["applied"] > 1]
    for name in fields:
        rows = [row | {"H": f"{row['H']:g}"} for row in tables["first"] if row["map"] == name]
        columns = {f"H = {row['H']} H_c1".replace("-", "−"): row["H"] for row in rows}
        first.append(
            first_table(rows, columns, f"In a field H along the moments: {_title(maps[name])}.", "H")
        )
    nets = [net_table(tables["phases"], columns, caption) for caption, columns in there.items()]
    return [
        Section("What enters first", tables=_note_once(first)),
        Section("Net flux of each phase", tables=_note_once(nets)),
    ]


def _note_once(tables: list[TableItem]) -> list[TableItem]:
    """Tables that share a note, which the first of them keeps."""
    return [*tables[:1], *(replace(table, note="") for table in tables[1:])]


def _scenario_sections(ds: xr.Dataset) -> list[Section]:
    """The map of a user's inclusions with the scenario on it."""
    x, height = ds.attrs["scenario_filling"], ds.attrs["scenario_height"]
    field, arrangement = ds.attrs["scenario_applied"] + 0.0, ds.attrs["scenario_arrangement"]
    radius, edge = (ds.attrs[name] * ds.attrs["coherence_length"] for name in ("radius", "edge_width"))
    words = (
        f"R = {radius:.4g} nm, edge {edge:.4g} nm, ξ = {ds.attrs['coherence_length']:g} nm, "
        f"κ = {ds.attrs['kappa']:.4g}; a {ds.attrs['arrangement']} lattice of them"
    )
    if arrangement != ds.attrs["arrangement"]:
        words += f" stands for the scenario's own arrangement ({arrangement})"
    rows = first_rows({SCENARIO: ds})
    (own,) = (row for row in rows if row["H"] == field and row["x"] == x)
    lines = [
        f"{words}. The scenario is at x = {x:.3g}, h̃ = {height:.3g} H_c1, H = {field:.3g} H_c1 along h̃. First to enter "
        f"there: {_entry(own, ds)} (h̃*/H_c1).",
        "Heights are b_z V_∥ in units that would give h̃/H_c1 inside if b_z were constant across the edge; it ends "
        "where the scenario says, or half-way to the next inclusion. Spins are left out; `pseudogauge run` compares "
        "the scenario's own arrangement with spins and field.",
        _bearing(ds),
        _in_words(ds),
    ]
    alt = f"Map of phases. {_in_words(ds)}"
    figure = FigureItem(phase_figure([ds], field), f"{_MAP} Star: the scenario.", alt)
    tables = [
        _thresholds([row for row in rows if row["H"] == h], ds, f", H = {h:.3g} H_c1" if h else "")
        for h in ds.applied.values
    ]
    if ds.phase.sel(applied=0.0).any():
        caption = f"R = {radius:.4g} nm, H = 0."
        tables.append(net_table(phase_rows({SCENARIO: ds}), {"phases": SCENARIO}, caption))
    return [Section(f"Phases: {ds.attrs['title']}", [_ARGUMENT, *lines], [figure], tables)]


def _bearing(ds: xr.Dataset) -> str:
    """What the edge bears, and what that leaves of the London thresholds."""
    text = f"The edge reaches depairing at {_range(ds.depairing)} H_c1"
    first = xr.concat([ds[f"london_{name}"].sel(applied=0.0) for name in KINDS], "kind").min("kind")
    if (first < ds.depairing).any() or ds.phase.sel(applied=0.0).any():
        return f"{text}; well above it the edge turns normal, and h̃ drives less than London theory says."
    return (
        f"{text}. At every filling all London thresholds (lowest: {_range(first)} H_c1) lie beyond that, where London "
        "theory does not hold: the edge gives way before a vortex enters, and with cores none of the states with "
        f"vortices was lowest up to {ds.height.values[-1]:g} H_c1. No vortex phase was found for these inclusions."
    )


def _apart(ds: xr.Dataset) -> bool:
    """Whether b_z ends half-way in the gaps, instead of reaching across the edges."""
    return bool(ds.attrs.get("exchange_overhang") == "half gap")


def _title(ds: xr.Dataset) -> str:
    return f"{ds.attrs['arrangement']} lattice, {_shape(ds)}, κ = {ds.attrs['kappa']:.4g}"


def _shape(ds: xr.Dataset) -> str:
    shape = f"R = {ds.attrs['radius']:.4g} ξ, edge {ds.attrs['edge_width']:.4g} ξ"
    return shape + (", b_z ending half-way in each gap" if _apart(ds) else "")


def _in_words(ds: xr.Dataset) -> str:
    """What comes first at each filling, by the thresholds of the tables."""
    rows = [row for row in first_rows({"map": ds}) if row["H"] == 0]
    if all(row["first"] == "none" for row in rows):
        return f"No vortices at any filling, up to h̃ = {ds.height.values[-1]:g} H_c1."
    words = "; ".join(f"x = {row['x']:.3g}: {_entry(row, ds)}" for row in rows)
    return f"First to enter and its h̃*/H_c1 for {_shape(ds)}, κ = {ds.attrs['kappa']:.4g}: {words}."


def _entry(row: dict[str, Any], ds: xr.Dataset) -> str:
    return entry_text(row) if row["first"] != "none" else f"none up to {ds.height.values[-1]:g}"


def _thresholds(rows: list[dict[str, Any]], ds: xr.Dataset, more: str = "") -> TableItem:
    centre = f", h̃ at the centre {_range(ds.centre)} of the nominal" if float(ds.centre.min()) < 0.95 else ""
    return threshold_table(rows, f"Thresholds h̃*/H_c1: {_title(ds)}{centre}{more}.")


def _range(values: xr.DataArray) -> str:
    low, high = (f"{float(end):.2f}" for end in (values.min(), values.max()))
    return low if low == high else f"{low}–{high}"
