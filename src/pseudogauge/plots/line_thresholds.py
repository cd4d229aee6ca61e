"""When vortex lines among random balls first gain energy."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from ..errors import require
from .style import BLUE, COLUMN, GREY, VERMILLION, new_figure, styled

__all__ = ["line_threshold_figure"]

KINDS = {1: (VERMILLION, "vortex, avoids"), -1: (BLUE, "antivortex, threads")}
MARKERS = "os^D"


@styled
def line_threshold_figure(thresholds: xr.Dataset) -> Figure:
    """h̃*/H_c1 against filling: mean over the boxes and its spread, a marker for each tension.

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
                filling, one.mean("seed"), one.std("seed"), color=colour, marker=marker, markersize=3.5,
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
