"""Vortex lines among inclusions in space: the sections of a report."""

from __future__ import annotations

import math
from collections.abc import Mapping

import xarray as xr

from ..ginzburg_landau import Grid, VortexLine
from ..plots.ensembles import mean_and_error
from ..plots.line_thresholds import ball_phase_figure, line_threshold_figure
from ..plots.lines3d import lines_in_box
from .model import Cell, FigureItem, Section, TableItem
from .text import number_text

__all__ = ["lines3d_sections"]

_ARGUMENT = (
    "Balls in a layered crystal, moments aligned. A vortex avoids them and an antivortex threads them; both bend. "
    "A rigid line of either sign sees the average and gains nothing. The threshold is the least h̃/H_c1 at which the "
    "line's own energy, its bending and ∓∫u dz along the best path add up to zero."
)
_PHASES = (
    "Besides lines through the whole sample there are closed loops, down through one ball and up beside it, without "
    "net flux. Thresholds of the three in the gas of vortex lines (London theory, every part of a line interacts with "
    "every other), each alone in its box. Where max |ã| exceeds 0.58 (depairing) the London limit does not hold. The "
    "second table holds them against Ginzburg-Landau theory: one or a few balls in a periodic cube, without the "
    "images' energy."
)
_PHASE_FIGURE = (
    "What comes first among random balls: the lowest curve. Mean and standard error over the boxes."
)
_CORES = (
    "The same lines with cores: energy gained from the balls over the energy of a line in the same periodic box, in "
    "Ginzburg-Landau theory and for the elastic line, with the tension of long waves and of waves of the box's length."
)
_FIGURE = "Thresholds of lines through boxes of random balls: mean and standard error over the boxes."

_LINES = (
    "A vortex and an antivortex among balls, each the minimum of its own flux sector in Ginzburg-Landau theory. "
    "Lengths in ξ."
)


def lines3d_sections(data: Mapping[str, xr.Dataset]) -> list[Section]:
    """Thresholds against filling and tension; Ginzburg-Landau theory beside the elastic line."""
    found = data["thresholds"]
    figure = FigureItem(line_threshold_figure(found), _FIGURE, _FIGURE)
    phases = data["phases"]
    tables = [_phase_table(phases), _cores(data["phases-with-cores"])]
    curves = phases.sizes["filling"] > 1
    map_of_phases = [FigureItem(ball_phase_figure(phases), _PHASE_FIGURE, _PHASE_FIGURE)] if curves else []
    return [
        Section("Which line comes first", [_ARGUMENT], [figure], [_thresholds(found)]),
        Section("Loops, antivortices, vortices", [_PHASES], map_of_phases, tables),
        Section("With cores", [_CORES], [_picture(data["picture"])], [_gains(data["ginzburg-landau"])]),
    ]


def _picture(ds: xr.Dataset) -> FigureItem:
    grid = Grid((ds.sites,) * 3, ds.length / ds.sites)
    # a line is listed upwards, so that its winding tells the sign
    lines = [VortexLine(ds.line.values[ds.winding.values == w], w, True) for w in (1, -1)]
    return FigureItem(lines_in_box(grid, lines, ds.centre.values, ds.radius.values), _LINES, _LINES)


def _thresholds(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for filling in ds.filling.values:
        for tension in ds.tension.values:
            at = {"filling": filling, "tension": tension}
            texts = [_over_boxes(ds.threshold.sel(winding=w, **at)) for w in (1, -1)]
            rows.append([number_text(float(filling), 2), number_text(float(tension), 2), *texts])
    header = ["x", "ε_l/ε1", "h̃*/H_c1, vortex avoids", "antivortex threads"]
    return TableItem("Thresholds, mean ± standard error over the boxes", header, rows)


def _over_boxes(values: xr.DataArray) -> str:
    """Mean and, of more boxes than one, its error."""
    mean, error = mean_and_error(values, "seed")
    text = number_text(mean, 3)
    return f"{text} ± {number_text(error, 1)}" if math.isfinite(error) else text


def _phase_table(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    mean, flow = ds.threshold.mean("seed"), ds.flow.mean("seed")
    for kappa in ds.kappa.values:
        for gamma in ds.anisotropy.values:
            for filling in ds.filling.values:
                at = {"kappa": kappa, "anisotropy": gamma, "filling": filling}
                texts = [_over_boxes(ds.threshold.sel(at).sel(kind=k)) for k in ds.kind.values]
                first = str(mean.sel(at).idxmin("kind").item())
                largest = number_text(float(flow.sel(at).sel(kind=first)), 2)
                setting = [number_text(float(v), 3) for v in (kappa / ds.radius, gamma, filling)]
                rows.append([*setting, *texts, first, largest])
    header = ["λ/R", "Γ", "x", *(f"h̃*/H_c1, {kind}" for kind in ds.kind.values), "first", "max |ã| there"]
    return TableItem("Thresholds, mean ± standard error over the boxes", header, rows)


def _cores(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    for n in range(ds.sizes["box"]):
        one = ds.isel(box=n)
        setting = [
            number_text(float(one[key]), 3) for key in ("kappa", "anisotropy", "radius", "found_filling")
        ]
        for kind in ds.kind.values:
            london, cores = (float(one[name].sel(kind=kind)) for name in ("london", "ginzburg_landau"))
            found = number_text(cores, 3) if cores == cores else "beyond depairing"
            rows.append([*setting, str(kind), number_text(london, 3), found])
    header = ["κ", "Γ", "R/ξ", "x", "kind", "h̃*/H_c1, London", "Ginzburg-Landau"]
    return TableItem("Thresholds with cores", header, rows)


def _gains(ds: xr.Dataset) -> TableItem:
    rows: list[list[Cell]] = []
    names = ("ginzburg_landau", "elastic_stiff", "elastic_soft", "length", "elastic_length")
    for n in range(ds.sizes["sample"]):
        for w in (1, -1):
            case = ds.isel(sample=n).sel(winding=w)
            setting = [
                number_text(float(case[key]), 3)
                for key in ("kappa", "anisotropy", "radius", "filling", "strength")
            ]
            rows.append([*setting, f"{w:+d}", *(number_text(float(case[key]), 3) for key in names)])
    header = ["κ", "Γ", "R/ξ", "x", "κ²h̃", "winding", "Ginzburg-Landau", "elastic, stiff", "elastic, soft",
              "length", "elastic length"]  # fmt: skip
    return TableItem("Energy gained and length, over those of a straight line without balls", header, rows)
