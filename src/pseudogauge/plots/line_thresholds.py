"""When vortex lines among random balls first gain energy."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator
from numpy.typing import NDArray

from ..errors import require
from .ensembles import mean_and_error
from .style import BLUE, COLUMN, GREEN, GREY, VERMILLION, new_figure, styled

__all__ = ["ball_phase_figure", "line_threshold_figure"]

KINDS = {1: (VERMILLION, "vortex, avoids"), -1: (BLUE, "antivortex, threads")}
MARKERS = "os^D"


@styled
def line_threshold_figure(thresholds: xr.Dataset) -> Figure:
    """h̃*/H_c1 against filling: mean over the boxes and its standard error, a marker for each tension.

    ``thresholds`` comes from `pseudogauge.studies.lines3d.line_thresholds`. Grey: lines that avoid or thread at no
    cost. Raises `InputError` if it holds no ``threshold``.
    """
    require("threshold" in thresholds, "thresholds", sorted(map(str, thresholds)), "a dataset with threshold")
    figure = new_figure(COLUMN, 0.95 * COLUMN)
    ax = figure.subplots()
    filling = thresholds.filling.values
    x = np.geomspace(filling.min(), filling.max(), 100)
    ax.plot(x, 1 / x, color=GREY, lw=1)
    ax.plot(x, 1 / (1 - x), color=GREY, lw=1, ls="--")
    for winding, (colour, kind) in KINDS.items():
        found = thresholds.threshold.sel(winding=winding)
        for marker, tension in zip(MARKERS, thresholds.tension.values, strict=False):
            one = found.sel(tension=tension)
            label = f"{kind}, {tension:g}" if winding < 0 else None
            ax.errorbar(
                filling, *_over_boxes(one), color=colour, marker=marker, markersize=3.5,
                markerfacecolor="white", lw=0.8, capsize=1.5, label=label,
            )  # fmt: skip
    ax.plot([], [], color=VERMILLION, label=f"{KINDS[1][1]}, all")
    ax.set(xscale="log", yscale="log", xlabel="filling $x$", ylabel=r"threshold $\tilde h^*/H_{c1}$")
    for axis, ticks in ((ax.xaxis, filling), (ax.yaxis, (1, 2, 5, 10, 20, 50))):
        axis.set_major_locator(FixedLocator(list(ticks)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter("{x:g}")
    figure.legend(
        loc="outside lower center",
        ncols=2,
        title=r"sign, $\varepsilon_l/\varepsilon_1$; grey: $1/x$, $1/(1-x)$",
    )
    return figure


def _over_boxes(found: xr.DataArray) -> NDArray[np.float64]:
    """Means and standard errors at every filling."""
    return np.transpose([mean_and_error(one, "seed") for one in found.transpose("filling", "seed")])


PHASES = {
    "loop": (GREEN, "o", "loop, no net flux"),
    "antivortex": (BLUE, "s", "antivortex, −Φ0"),
    "vortex": (VERMILLION, "^", "vortex, +Φ0"),
}


@styled
def ball_phase_figure(phases: xr.Dataset) -> Figure:
    """h̃*/H_c1 of loops and lines against filling, a panel for every κ and Γ; the lowest curve is what comes first.

    ``phases`` comes from `pseudogauge.studies.loops_and_lines.ball_phases`. Raises `InputError` for other data.
    """
    require("kind" in phases.dims, "phases", sorted(map(str, phases)), "a dataset of thresholds by kind")
    rows, columns = phases.sizes["anisotropy"], phases.sizes["kappa"]
    figure = new_figure(2 * COLUMN, 0.55 * COLUMN * rows + 0.4)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    filling = phases.filling.values
    for (a, k), ax in np.ndenumerate(panels):
        one = phases.isel(anisotropy=a, kappa=k)
        for kind, (colour, marker, label) in PHASES.items():
            found = one.threshold.sel(kind=kind)
            ax.errorbar(
                filling, *_over_boxes(found), color=colour, marker=marker, markersize=3.5,
                markerfacecolor="white", lw=0.8, capsize=1.5, label=label,
            )  # fmt: skip
        ratio = float(one.kappa) / phases.radius
        ax.set(
            xscale="log", yscale="log", title=rf"$\lambda/R={ratio:.2g}$, $\Gamma={float(one.anisotropy):g}$"
        )
        for axis, ticks in ((ax.xaxis, filling), (ax.yaxis, (1, 2, 5, 10, 20, 50))):
            axis.set_major_locator(FixedLocator(list(ticks)))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter("{x:g}")
    for ax in panels[-1]:
        ax.set_xlabel("filling $x$")
    for ax in panels[:, 0]:
        ax.set_ylabel(r"$\tilde h^*/H_{c1}$")
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
