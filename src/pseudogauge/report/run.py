"""The report of one run: what was found, with what numbers, and how it was obtained."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import xarray as xr

from ..plots import (
    current_map,
    energy_figure,
    inclusion_figure,
    scenario_phase_figure,
    squid_figure,
    vortex_map,
)
from ..plots.cell import Cell
from ..results import attribute
from ..studies.phases import Places, Where, places_in_run
from ..units import FLUX_QUANTUM
from .model import Badge, Fact, FigureItem, Report, Section, TableItem
from .text import number_text, without_rounding

__all__ = ["run_report", "where_phrases"]

FEW = 4
"""Starts of which one that leads to the lowest state is no warning."""


def run_report(ds: xr.Dataset) -> Report:
    """Report of a run (a dataset that follows `pseudogauge.results.FIELDS`): findings, scales, origin."""
    origin = attribute(ds, "provenance")
    sections = [
        Section("What was found", facts=_headline(ds), paragraphs=_warnings(ds)),
        Section("Vortices and currents", figures=_maps(ds)),
        *_phase(ds),
        Section("What a scanning SQUID would see", figures=[_squid(ds)]),
        Section("States compared", figures=_candidates(ds), tables=[_energies(ds)]),
        Section("Derived scales", tables=_scales(ds)),
        Section("How it was made", tables=[_provenance(ds, origin)]),
        Section(
            "Scenario", paragraphs=["The input of this run, as it was given."], code=ds.attrs["scenario"]
        ),
    ]
    made = f"pseudogauge {origin.get('pseudogauge', '')}, {origin.get('time_utc', 'date unknown')}"
    return Report(ds.attrs["title"], _summary(ds), sections, made)


def _summary(ds: xr.Dataset) -> str:
    found = where_phrases(places_in_run(ds), bool(ds.sizes["inclusion"]))
    return "Found " + (", ".join(found) or "no vortices") + "."


_PLACES: tuple[tuple[int, Where], ...] = ((1, "between"), (1, "inside"), (-1, "between"), (-1, "inside"))


def where_phrases(places: Places, inclusions: bool = True) -> list[str]:
    """How many vortices and antivortices are where, as phrases; places only if there are inclusions."""
    phrases = []
    for sign, where in _PLACES:
        if number := places.count(sign, where):
            inside = "inside an inclusion" if number == 1 else "inside inclusions"
            words = f" {'between the inclusions' if where == 'between' else inside}" if inclusions else ""
            phrases.append(f"{number} {_plural('vortex' if sign > 0 else 'antivortex', number)}{words}")
    return phrases


def _plural(kind: str, number: int) -> str:
    return kind if number == 1 else kind.removesuffix("ex") + "ices"


def _headline(ds: xr.Dataset) -> list[Fact]:
    winding = ds.vortex_winding.values
    cell = Cell.of(ds)
    quanta = ds.magnetic_field * (cell.spacing[0] * cell.spacing[1] / (FLUX_QUANTUM * 1e15))
    flux = number_text(float(quanta.sum()), 4, scale=float(abs(quanta).sum()))
    energies = attribute(ds, "energies")
    places = places_in_run(ds)

    def split(sign: int) -> str:
        return f"{places.count(sign, 'between')} between inclusions, {places.count(sign, 'inside')} inside"

    effort = f"residual {number_text(ds.attrs['residual'], 2)}, {ds.attrs['iterations']} iterations"
    converged = Badge("converged", "good") if ds.attrs["converged"] else Badge("not converged", "bad")
    facts = [
        Fact("Vortices", int((winding > 0).sum()), split(1)),
        Fact("Antivortices", int((winding < 0).sum()), split(-1)),
        Fact("Net flux", f"{flux} Φ₀", f"sum of windings {winding.sum()}"),
        Fact("Minimisation", converged, effort),
        Fact("Wall time", f"{number_text(ds.attrs['wall_time_s'], 3)} s", f"seed {ds.attrs['seed']}"),
    ]
    if "total" in energies:
        facts.insert(3, Fact("Energy", float(energies["total"]), "Φ₀²/8π²μ₀λ² per length"))
    return facts


def _warnings(ds: xr.Dataset) -> list[str]:
    warnings = [] if ds.attrs["converged"] else [f"The minimisation did not converge: {ds.attrs['message']}"]
    if ds.sizes["candidate"]:
        lowest, starts = _times_found(ds)
        if lowest == 1 and starts > FEW:
            warnings.append(
                f"Only 1 of {starts} starts led to the lowest state: a lower one may have been missed. More "
                "random_starts or another seed under [search] would tell."
            )
    return warnings


def _times_found(ds: xr.Dataset) -> tuple[int, int]:
    """How many starts led to the lowest candidate, of how many."""
    found = ds.candidate_found.values
    return int(found[int(ds.candidate_energy.values.argmin())]), int(found.sum())


def _maps(ds: xr.Dataset) -> list[FigureItem]:
    summary = _summary(ds)
    items = [
        FigureItem(
            vortex_map(ds),
            "(a) Density of the condensate and (b) magnetic field in the sample. Filled triangles are "
            "vortices, open triangles antivortices, circles inclusions.",
            f"Two maps of the sample, condensate density and magnetic field. {summary}",
        ),
        FigureItem(
            current_map(ds),
            "Supercurrent density (colour, square-root scale) and its streamlines, which are contours of "
            "B − μ₀m; the same current flows between any two neighbours.",
            "Map of the supercurrent density with streamlines circling vortices and inclusions.",
        ),
    ]
    if ds.sizes["inclusion"]:
        item = FigureItem(
            inclusion_figure(ds),
            "The inclusion nearest to the middle: (a) exchange field, with the electric field "
            "at its edge (arrows); (b) current density and its direction (arrows); (c) profiles along the "
            "line y = 0 through its centre. Dotted lines mark its radius.",
            "Map of exchange field, map of current density and five line profiles for one inclusion.",
        )
        items.insert(1, item)
    return items


_FIRST = {
    "between": "a vortex between the inclusions, along h̃",
    "inside": "an antivortex inside an inclusion, against h̃",
    "pair": "a pair of both",
}


def _phase(ds: xr.Dataset) -> list[Section]:
    """Which phase the state is in, and how far h̃ is from the London threshold of each kind of vortex."""
    numbers = {row["symbol"]: row["value"] for row in attribute(ds, "numbers")}
    if not {"x", "h̃", "H_c1", *(f"h̃_{name}*" for name in _FIRST)} <= numbers.keys():
        return []
    height, lower = abs(numbers["h̃"]), numbers["H_c1"]
    thresholds = {name: numbers[f"h̃_{name}*"] for name in _FIRST}
    gains = {name: numbers[f"g_{name}"] for name in _FIRST}  # from h̃ alone, in its own threshold
    first, paying = min(thresholds, key=thresholds.__getitem__), [n for n in _FIRST if thresholds[n] < height]
    places = places_in_run(ds)
    at = (
        f"at {number_text(thresholds[first] / height, 3)} times the h̃ of this run"
        if thresholds[first]
        else "without h̃"
    )
    text = (
        f"Phase found: {places.phase}; net flux along the mean h̃: {places.net_along} Φ₀. In London theory, as h̃ grows "
        f"beside the spins and the applied field of this run, the first to enter is {_FIRST[first]}, {at}; "
        + (
            f"{' and '.join(_FIRST[name] for name in paying)} would gain. "
            if paying
            else "nothing gains yet. "
        )
        + f"From h̃ alone the first would be {_FIRST[max(gains, key=gains.__getitem__)]}."
    )
    rows = [
        (
            _FIRST[name],
            number_text(height / threshold, 3) if threshold else "pays without h̃",
            number_text(threshold / lower, 3),
            number_text(height / lower / gains[name], 3) if gains[name] > 0 else "–",
        )
        for name, threshold in thresholds.items()
    ]
    table = TableItem(
        "Distance to each London threshold, at the spins and the applied field of this run.",
        ("First", "h̃/h̃*", "h̃*/H_c1", "h̃*/H_c1, h̃ alone"),
        rows,
        "One vortex, or one pair, in an empty sample. At R ≥ 4 ξ cores and the yielding condensate raise h̃* by up to "
        "a quarter as long as the edge stays below depairing, and change it by −15 to 60 % beyond; for smaller "
        "inclusions it can be more than double.",
    )
    figure = FigureItem(
        scenario_phase_figure(
            numbers["x"], height / lower, {name: h / lower for name, h in thresholds.items()}, places.phase
        ),
        "This run (dot) among the thresholds of its own geometry, spins and applied field (bars) and those of the "
        "dense limit without them (dotted).",
        f"h̃ over H_c1 against filling: the run at {height / lower:.3g} with its thresholds.",
    )
    return [Section("Phase", [text], [figure], [table])]


def _squid(ds: xr.Dataset) -> FigureItem:
    height, radius = ds.attrs["squid_height"], ds.attrs["squid_radius"]
    return FigureItem(
        squid_figure(ds),
        f"(a) Field {height:g} µm above the surface and (b) flux through a loop of radius {radius:g} µm "
        "(black circle, to scale) against the position of its centre.",
        "Two maps: stray field above the surface, and flux through the pickup loop.",
    )


def _candidates(ds: xr.Dataset) -> list[FigureItem]:
    if not ds.sizes["candidate"]:
        return []
    number = ds.sizes["candidate"]
    lowest, starts = _times_found(ds)
    caption = (
        f"Energy of the {number} states compared, above the lowest, against the flux in the sample. "
        f"The lowest was found by {lowest} of {starts} starts."
    )
    return [FigureItem(energy_figure(ds), caption, "Energies of the states against their flux.")]


def _energies(ds: xr.Dataset) -> TableItem:
    energies = {name: float(value) for name, value in attribute(ds, "energies").items()}
    scale = max(map(abs, energies.values()), default=0.0)
    rows = [(name, without_rounding(value, scale)) for name, value in energies.items()]
    return TableItem("Energy of the state by term, in Φ₀²/8π²μ₀λ² per length.", ("Term", "Energy"), rows)


def _scales(ds: xr.Dataset) -> list[TableItem]:
    columns = ("Symbol", "Quantity", "Value", "Unit", "Note")
    tables = []
    for group, rows in groupby(attribute(ds, "numbers"), key=lambda row: row["group"]):
        cells = [(row["symbol"], row["name"], row["value"], row["unit"], row["note"]) for row in rows]
        tables.append(TableItem(group, columns, cells))
    return tables


def _provenance(ds: xr.Dataset, origin: Mapping[str, Any]) -> TableItem:
    rows = [(name.replace("_", " "), str(value)) for name, value in origin.items()]
    rows += [("grid", f"{ds.sizes['x']} × {ds.sizes['y']} sites"), ("solver", ds.attrs["message"])]
    return TableItem("Versions, machine, time and command.", ("What", "Value"), rows)
