"""Current against spin-orbit strength and gap: Fig. 2 of Levitan, Oreg and Berg."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..errors import require
from .style import BLACK, CYCLE, GREY, PAGE, new_figure, panel_letters, styled

__all__ = ["current_sweep_figure"]

_MARKERS = "os^Dv<>"


@styled
def current_sweep_figure(rashba_sweep: xr.Dataset, gap_sweep: xr.Dataset) -> Figure:
    """Exact current (symbols), closed form (curves) and printed form (grey dashes), two panels.

    Each dataset holds ``current_exact``, ``current_closed`` and ``current_printed``, all J_y in units of
    e m|b w_x|/2π with w_x = λe𝓔^x. The last dimension of each is its horizontal axis, so curves may be
    finer than symbols; a leading dimension gives one colour for each of its values.

    - ``rashba_sweep``: ``current_exact(gap, rashba_over_vf)``; gap in μ, horizontal axis w_z/v_F, linear;
    - ``gap_sweep``: ``current_exact(temperature, gap_over_mu)``; temperature in μ, horizontal axis Δ/μ,
      logarithmic. A closed form that is the same at all temperatures is drawn once, in black.

    The attribute ``equation`` of ``current_printed``, if given, is named in the legend. Raises
    `InputError` if a variable is missing.
    """
    for sweep in (rashba_sweep, gap_sweep):
        for name in ("current_exact", "current_closed", "current_printed"):
            require(name in sweep, "sweep", sorted(map(str, sweep.data_vars)), f"a dataset with {name}")
    figure = new_figure(PAGE, 3.2)
    left, right = figure.subplots(1, 2, sharey=True)
    _panel(left, rashba_sweep, "gap", "Δ/μ")
    _panel(right, gap_sweep, "temperature", "T/μ", first=rashba_sweep.sizes.get("gap", 0))
    left.set(xlabel="$w_z/v_F$", ylabel="$J_y$  ($e\\,m\\,|b\\,w_x|/2\\pi$)")
    right.set(xlabel="Δ/μ", xscale="log")
    right.tick_params(labelleft=True)
    panel_letters([left, right])
    figure.legend(handles=_shared_handles(rashba_sweep), loc="outside lower center", ncols=3)
    return figure


def _panel(ax: Axes, sweep: xr.Dataset, key: str, symbol: str, first: int = 0) -> None:
    """One panel; its colours and markers begin at number ``first``, so that none means two things in one figure."""
    points = sweep.current_exact.shape[-1]
    mark: dict[str, Any] = {"markersize": 3.6 if points <= 30 else 2.4, "markerfacecolor": "white"}
    curves = {name: _once(sweep[name], key) for name in ("current_closed", "current_printed")}
    coloured = key in curves["current_closed"].dims
    handles = []
    for number, value in enumerate(sweep[key].values, first):
        look = {"color": CYCLE[number % len(CYCLE)], "marker": _MARKERS[number % len(_MARKERS)], **mark}
        ax.plot(*_xy(sweep.current_exact.sel({key: value})), linestyle="none", zorder=3, **look)
        label = f"{symbol} = {value:g}"
        handles.append(Line2D([], [], linestyle="-" if coloured else "none", label=label, **look))
    for name, curve in curves.items():
        rows = curve.transpose(key, ...) if key in curve.dims else [curve]
        for number, row in enumerate(rows, first):
            if name == "current_printed":
                ax.plot(*_xy(row), "--", color=GREY, linewidth=0.8, zorder=1)
            else:
                ax.plot(*_xy(row), color=CYCLE[number % len(CYCLE)] if coloured else BLACK, zorder=2)
    ax.axhline(0, color=BLACK, linewidth=0.5, zorder=0)
    below: dict[str, Any] = {
        "loc": "upper center",
        "bbox_to_anchor": (0.5, -0.16),
        "ncols": min(len(handles), 4),
    }
    ax.legend(handles=handles, columnspacing=1.2, handletextpad=0.5, **below)


def _once(curve: xr.DataArray, key: str) -> xr.DataArray:
    """The curve without ``key`` if it does not depend on it."""
    if key in curve.dims and np.ptp(curve.values, axis=curve.get_axis_num(key)).max() == 0:
        return curve.isel({key: 0}, drop=True)
    return curve


def _shared_handles(sweep: xr.Dataset) -> list[Line2D]:
    circle: dict[str, Any] = {
        "marker": "o",
        "markersize": 3.6,
        "markerfacecolor": "white",
        "linestyle": "none",
    }
    equation = sweep.current_printed.attrs.get("equation", "")
    printed = "closed form as printed" + (f" ({equation})" if equation else "")
    return [
        Line2D([], [], color=BLACK, label="exact (Eq. 23)", **circle),
        Line2D([], [], color=BLACK, label="closed form, T → 0"),
        Line2D([], [], color=GREY, linestyle="--", linewidth=0.8, label=printed),
    ]


def _xy(curve: xr.DataArray) -> tuple[NDArray[Any], NDArray[Any]]:
    return curve[curve.dims[-1]].values, curve.values
