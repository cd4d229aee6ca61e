"""Current against spin-orbit strength and gap: Fig. 2 of Levitan, Oreg and Berg."""

from __future__ import annotations

from typing import Any

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

    Each dataset holds ``current_exact``, ``current_closed`` and ``current_printed``, the J_y of Eqs. 23
    and 17 of Levitan, Oreg and Berg in units of e m|b w_x|/2π, w_x = λe𝓔^x. Their last
    dimension is the horizontal axis, and may differ between them so that curves are finer than symbols;
    a leading dimension gives one colour each.

    - ``rashba_sweep``: ``current_exact(gap, rashba_over_vf)``; gap in μ, horizontal axis w_z/v_F, linear;
    - ``gap_sweep``: ``current_exact(temperature, gap_over_mu)``, ``current_closed(gap_over_mu)``;
      temperature in μ, horizontal axis Δ/μ, logarithmic.

    Raises `InputError` if a variable is missing.
    """
    figure = new_figure(PAGE, 3.2)
    left, right = figure.subplots(1, 2, sharey=True)
    _panel(left, rashba_sweep, "gap", "Δ/μ")
    _panel(right, gap_sweep, "temperature", "T/μ")
    left.set(xlabel="$w_z/v_F$", ylabel="$J_y$  ($e\\,m\\,|b\\,w_x|/2\\pi$)")
    right.set(xlabel="Δ/μ", xscale="log")
    panel_letters([left, right])
    figure.legend(handles=_shared_handles(), loc="outside lower center", ncols=3)
    return figure


def _panel(ax: Axes, sweep: xr.Dataset, key: str, symbol: str) -> None:
    for name in ("current_exact", "current_closed", "current_printed"):
        require(name in sweep, "sweep", sorted(map(str, sweep.data_vars)), f"a dataset with {name}")
    handles = []
    for number, value in enumerate(sweep[key].values):
        colour, marker = CYCLE[number % len(CYCLE)], _MARKERS[number % len(_MARKERS)]
        exact = sweep.current_exact.sel({key: value})
        ax.plot(*_xy(exact), marker, color=colour, markersize=3.6, markerfacecolor="white", zorder=3)
        handles.append(
            Line2D(
                [],
                [],
                color=colour,
                marker=marker,
                markersize=3.6,
                markerfacecolor="white",
                linestyle="-" if key in sweep.current_closed.dims else "none",
                label=f"{symbol} = {value:g}",
            )
        )
    for name, style, width in (("current_printed", "--", 0.8), ("current_closed", "-", 1.2)):
        shared = key not in sweep[name].dims
        for number, value in enumerate([None] if shared else sweep[key].values):
            curve = sweep[name] if shared else sweep[name].sel({key: value})
            colour = GREY if name == "current_printed" else BLACK if shared else CYCLE[number % len(CYCLE)]
            ax.plot(*_xy(curve), style, color=colour, linewidth=width, zorder=1)
    ax.axhline(0, color="black", linewidth=0.5, zorder=0)
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.16),
        ncols=min(len(handles), 4),
        columnspacing=1.2,
        handletextpad=0.5,
    )


def _shared_handles() -> list[Line2D]:
    circle: dict[str, Any] = {
        "marker": "o",
        "markersize": 3.6,
        "markerfacecolor": "white",
        "linestyle": "none",
    }
    return [
        Line2D([], [], color=BLACK, label="exact (Eq. 23)", **circle),
        Line2D([], [], color=BLACK, label="closed form, T → 0"),
        Line2D([], [], color=GREY, linestyle="--", linewidth=0.8, label="closed form as printed (Eq. 17)"),
    ]


def _xy(curve: xr.DataArray) -> tuple[NDArray[Any], NDArray[Any]]:
    return curve[curve.dims[-1]].values, curve.values
