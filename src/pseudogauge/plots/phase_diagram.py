"""Where the vortices sit: phases over filling and h̃, with the thresholds of London theory over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ..errors import require
from ..studies.phases import PHASES
from .style import BLACK, BLUE, CYCLE, GREEN, GREY, PAGE, PURPLE, VERMILLION, new_figure, styled

__all__ = ["PHASE_COLOURS", "phase_figure", "ratio_figure", "scenario_phase_figure"]

PHASE_COLOURS: dict[str, str] = dict(
    zip(PHASES, ("#EDEDED", "#F2B38C", "#8DBDE0", "#9AD6BF", "#DDBAD3", "#595959"), strict=True)
)
"""Light colours of areas; the lines of the same hue are the thresholds of what they show."""
_LINES = {"between": VERMILLION, "inside": BLUE, "pair": GREEN}
_WORDS = {
    "between": "vortex between",
    "inside": "antivortex inside",
    "pair": "pair",
}
_MARKS = {"between": "^", "inside": "v", "pair": "D"}


@styled
def phase_figure(maps: Sequence[xr.Dataset], applied: float = 0.0) -> Figure:
    """The lowest state at every filling and h̃/H_c1 (colour), one panel for each map.

    Lines are London thresholds of the first vortex between, antivortex inside and pair, symbols the same in
    Ginzburg-Landau theory; triangles in the squares show the sign of the net flux, up along h̃, and grow with it.
    Dashed: the ring reaches the depairing limit. A map of a scenario has a star where that is.
    """
    require(len(maps) > 0, "maps", maps, "at least one map")
    columns = min(3, len(maps))
    rows = math.ceil(len(maps) / columns)
    figure = new_figure(PAGE if columns > 1 else 5.0, 2.5 * rows + (0.9 if columns > 1 else 1.3))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax, ds in zip(axes, maps, strict=False):
        _panel(ax, ds, applied)
    for ax in axes[len(maps) :]:
        ax.set_axis_off()
    for ax in axes[::columns]:
        ax.set_ylabel("h̃/H$_{c1}$ inside")
    shown = sorted({int(n) for ds in maps for n in np.unique(ds.phase.sel(applied=applied))})
    handles = _handles([PHASES[n] for n in shown])
    if any("scenario_height" in ds.attrs for ds in maps):
        star: dict[str, Any] = {"marker": "*", "markersize": 8, "linestyle": "none"}
        handles.append(Line2D([], [], color=PURPLE, label="the scenario", **star))
    if any(ds.unconverged.any() for ds in maps):
        cross: dict[str, Any] = {"marker": "x", "markersize": 3, "linestyle": "none"}
        handles.append(Line2D([], [], color=GREY, label="a state had not converged", **cross))
    figure.legend(handles=handles, loc="outside lower center", ncols=4 if columns > 1 else 2)
    return figure


def _panel(ax: Axes, ds: xr.Dataset, applied: float) -> None:
    here = ds.sel(applied=applied)
    x, u = ds.filling.values, ds.height.values
    colours = np.array([_rgb(PHASE_COLOURS[name]) for name in PHASES])
    ax.pcolormesh(_edges(x), _edges(u), colours[here.phase.values.T], edgecolors="white", linewidth=0.3)
    for sign, marker in ((1, "^"), (-1, "v")):
        i, k = np.nonzero(sign * here.net.values > 1e-6)
        size = 2 + 9 * np.minimum(np.abs(here.net.values[i, k]), 1)
        ax.scatter(x[i], u[k], s=size, marker=marker, color=BLACK, linewidth=0, zorder=3)
    for name, colour in _LINES.items():
        ax.plot(x, here[f"london_{name}"], color=colour, linewidth=1.1, zorder=2)
        look: dict[str, Any] = {"marker": _MARKS[name], "markersize": 4, "markerfacecolor": "white"}
        ax.plot(x, here[f"threshold_{name}"], linestyle="none", color=colour, zorder=4, **look)
    ax.plot(x, ds.depairing, "--", color=GREY, linewidth=0.9, zorder=2)
    i, k = np.nonzero(ds.unconverged.values)
    ax.scatter(x[i], u[k], s=9, marker="x", color=GREY, linewidth=0.6, zorder=3)
    ax.set(xlim=(_edges(x)[0], _edges(x)[-1]), ylim=(_edges(u)[0], _edges(u)[-1]), xlabel="filling x")
    if "scenario_height" in ds.attrs:
        _mark_scenario(ax, ds)
    words = "triangular, " if ds.attrs["arrangement"] == "triangular" else ""
    if ds.attrs.get("exchange_overhang") == "half gap":
        words += "b$_z$ to mid-gap, "
    ax.set_title(
        f"{words}R = {ds.attrs['radius']:.3g}ξ, d = {ds.attrs['edge_width']:.3g}ξ, κ = {ds.attrs['kappa']:.3g}",
        loc="left",
    )


def _mark_scenario(ax: Axes, ds: xr.Dataset) -> None:
    """A star at the scenario; beyond the heights of the map, whose limits are set, at its rim with an arrow."""
    x, height = ds.attrs["scenario_filling"], ds.attrs["scenario_height"]
    low, high = ax.get_ylim()
    inside = min(max(height, low + 0.03 * (high - low)), high - 0.03 * (high - low))
    ax.scatter([x], [inside], s=70, marker="*", color=PURPLE, edgecolor=BLACK, linewidth=0.5, zorder=6)
    if inside != height:
        side = "↓" if height < low else "↑"
        ax.annotate(
            f"{side} {height:.2g}", (x, inside), (6, 0), textcoords="offset points", va="center", color=PURPLE
        )


def _edges(centres: NDArray[Any]) -> NDArray[Any]:
    middle = 0.5 * (centres[1:] + centres[:-1])
    first, last = 1.5 * centres[0] - 0.5 * centres[1], 1.5 * centres[-1] - 0.5 * centres[-2]
    return np.concatenate([[max(first, 0.0)], middle, [last]])


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))


def _handles(phases: Sequence[str]) -> list[Any]:
    handles: list[Any] = [Patch(facecolor=PHASE_COLOURS[name], edgecolor=GREY, label=name) for name in phases]
    for name, colour in _LINES.items():
        look: dict[str, Any] = {"marker": _MARKS[name], "markersize": 4, "markerfacecolor": "white"}
        handles.append(Line2D([], [], color=colour, label=f"{_WORDS[name]}: London (line), GL", **look))
    handles.append(Line2D([], [], color=GREY, linestyle="--", label="ring at depairing"))
    triangles: dict[str, Any] = {"marker": "v", "markersize": 3, "linestyle": "none"}
    handles.append(Line2D([], [], color=BLACK, label="net flux (▲ along h̃, ▼ against)", **triangles))
    return handles


@styled
def ratio_figure(maps: Sequence[xr.Dataset], fillings: Sequence[float] = (0.1, 0.3, 0.5)) -> Figure:
    """Threshold of an antivortex inside over that of its nearest rival, against R/ξ: above 1 it has lost.

    The rival is the pair or the vortex between, whichever comes first; filled symbols Ginzburg-Landau, lines London.
    """
    figure = new_figure(4.4, 2.9)
    ax = figure.subplots()
    ordered = sorted(maps, key=lambda ds: ds.attrs["radius"])
    radii = [ds.attrs["radius"] for ds in ordered]
    for colour, filling in zip(CYCLE, fillings, strict=False):
        near = [ds.sel(filling=filling, method="nearest") for ds in ordered]
        for kind, style in (("london", "-"), ("threshold", "o")):
            ratio = [float(d[f"{kind}_inside"].sel(applied=0)) / _rival(d, kind) for d in near]
            label = f"x = {filling:g}" if kind == "threshold" else None
            ax.plot(radii, ratio, style, color=colour, markersize=4.5, linewidth=0.9, label=label)
    ax.axhline(1, color=GREY, linewidth=0.8)
    ax.set(xscale="log", xlabel="R/ξ", ylabel="h̃* (antivortex inside) / h̃* (rival)")
    ax.set_xticks(radii, [f"{r:g}" for r in radii])
    ax.set_xticks([], minor=True)
    ax.legend()
    return figure


def _rival(ds: xr.Dataset, kind: str) -> float:
    """The lower threshold of pair and vortex between; unknown where pairs are no state of their own."""
    pair, between = (float(ds[f"{kind}_{name}"].sel(applied=0)) for name in ("pair", "between"))
    return pair if math.isnan(between) or math.isnan(pair) else min(pair, between)


@styled
def scenario_phase_figure(filling: float, height: float, thresholds: dict[str, float], phase: str) -> Figure:
    """The point of a scenario among the thresholds of the dense London limit; bars mark those of its own geometry.

    ``thresholds`` are h̃/H_c1 at which the first "between", "inside" and "pair" gain.
    """
    figure = new_figure(4.4, 2.9)
    ax = figure.subplots()
    x = np.linspace(0.02, 0.98, 97)
    top = 1.3 * max(2.5, height, *(u for u in thresholds.values() if math.isfinite(u) and u < 12))
    ax.plot(x, 1 / x, color=VERMILLION, linewidth=0.8, linestyle=":")
    ax.plot(x, 1 / (1 - x), color=BLUE, linewidth=0.8, linestyle=":")
    for name, value in thresholds.items():
        if math.isfinite(value):
            label = f"{_WORDS[name]}: {value:.3g}"
            ax.plot(
                [filling - 0.06, filling + 0.06], [value, value], color=_LINES[name], linewidth=2, label=label
            )
    ax.scatter(
        [filling],
        [height],
        s=45,
        color=PURPLE,
        zorder=3,
        label=f"this run, h̃/H$_{{c1}}$ = {height:.3g}: {phase}",
    )
    ax.plot(
        [], [], color=GREY, linestyle=":", linewidth=0.8, label="1/x and 1/(1 − x): λ ≫ spacing, thin edges"
    )
    ax.set(xlim=(0, 1), ylim=(0, top), xlabel="filling x", ylabel="|h̃|/H$_{c1}$ inside")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    return figure
