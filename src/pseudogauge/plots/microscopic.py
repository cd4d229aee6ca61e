"""Response coefficients of the uniform superconductor: datasets of `pseudogauge.studies.coefficients` to figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import SymLogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from ..errors import require
from .style import (
    BLACK,
    COLUMN,
    CYCLE,
    DIVERGING,
    GREY,
    PAGE,
    new_figure,
    panel_letters,
    signed_scale,
    styled,
)

__all__ = ["momentum_figure", "residual_figure", "temperature_figure", "wave_vector_figure"]

_MARKERS = "os^Dv<>"


@styled
def temperature_figure(dataset: xr.Dataset) -> Figure:
    """γ(T) and β(T) over their small-gap sizes (`response_against_temperature`), one colour for each Δ_R/Δ(0).

    Symbols are the full coefficients, curves the quasiclassical γ. Raises `InputError` if a variable is missing.
    """
    _require(dataset, "gamma", "beta", "gamma_closed")
    figure = new_figure(PAGE, 2.7)
    left, right = figure.subplots(1, 2)
    for number, value in enumerate(dataset.splitting.values):
        row, look = dataset.sel(splitting=value), _look(number)
        left.plot(
            row.temperature, row.gamma, linestyle="none", label=f"$\\Delta_R/\\Delta(0)$ = {value:g}", **look
        )
        left.plot(row.temperature_curve, row.gamma_closed, color=look["color"])
        right.plot(row.temperature, row.beta, linewidth=0.8, **look)
    left.set(xlabel="$T/T_c$", ylabel="$-2\\pi\\gamma\\,/\\,e^2\\lambda m$", xlim=(0, 1), ylim=(0, None))
    right.set(xlabel="$T/T_c$", ylabel="$4\\pi\\beta/e$", xlim=(0, 1))
    right.axhline(0, color=BLACK, linewidth=0.5, zorder=0)
    panel_letters([left, right])
    left.legend()
    return figure


@styled
def wave_vector_figure(dataset: xr.Dataset) -> Figure:
    """γ(q) over −e²λm/2π (`gamma_against_wave_vector`), one colour for each T/Δ; grey: the slope 1/q.

    Raises `InputError` if a variable is missing.
    """
    _require(dataset, "gamma", "gamma_closed")
    figure = new_figure(COLUMN, 2.7)
    ax = figure.subplots()
    for number, value in enumerate(dataset.temperature.values):
        row, look = dataset.sel(temperature=value), _look(number)
        ax.plot(row.wave_vector, row.gamma, linestyle="none", label=f"T/Δ = {value:g}", **look)
        ax.plot(row.wave_vector_curve, row.gamma_closed, color=look["color"])
    top = dataset.wave_vector_curve.values[-1]
    guide = np.array([top / 4, top])
    end = float(dataset.gamma_closed.isel(temperature=0, wave_vector_curve=-1))
    ax.plot(guide, 1.35 * end * top / guide, "--", color=GREY, linewidth=0.8)
    ax.text(0.5 * top, 3.0 * end, "∝ 1/q", color=GREY)
    ax.set(xscale="log", yscale="log", xlabel="$q\\,\\xi_0$", ylabel="$-2\\pi\\gamma(q)\\,/\\,e^2\\lambda m$")
    ax.legend(loc="lower left")
    return figure


@styled
def residual_figure(dataset: xr.Dataset) -> Figure:
    """exact/linear − 1 of the current (`linear_response_residuals`) over (w_∥/w_z, b_z/Δ); black: gapless above.

    Colours are linear below 1 % and logarithmic above. Raises `InputError` if a variable is missing.
    """
    _require(dataset, "residual", "gapless")
    figure = new_figure(COLUMN, 2.8)
    ax = figure.subplots()
    norm = SymLogNorm(linthresh=0.01, vmin=-1, vmax=1, base=10)
    mesh = ax.pcolormesh(
        dataset.in_plane, dataset.exchange, dataset.residual, norm=norm, cmap=DIVERGING, shading="nearest"
    )
    ax.plot(dataset.in_plane, dataset.gapless, color=BLACK, label="gapless above")
    bounds = dataset.exchange.values[[0, -1]]
    ax.set(xscale="log", yscale="log", ylim=bounds, xlabel="$w_\\parallel/w_z$", ylabel="$b_z/\\Delta$")
    ax.legend(loc="lower left")
    bar = figure.colorbar(mesh, ax=ax, label="exact / linear − 1", ticks=[-1, -0.1, -0.01, 0, 0.01, 0.1, 1])
    bar.ax.set_yticklabels(["−1", "−0.1", "−0.01", "0", "0.01", "0.1", "1"])
    return figure


@styled
def momentum_figure(dataset: xr.Dataset) -> Figure:
    """Where in momentum space the current comes from (`momentum_resolved_current`); dashed: the Fermi contours.

    Raises `InputError` if ``current`` is missing.
    """
    _require(dataset, "current")
    figure = new_figure(COLUMN, 2.9, maps=True)
    ax: Axes = figure.subplots()
    scale, clipped = signed_scale(dataset.current, 99.0)
    mesh = ax.pcolormesh(
        dataset.k_x, dataset.k_y, dataset.current.T, shading="nearest", rasterized=True, **scale
    )
    for radius in dataset.attrs.get("fermi_contours", []):
        ax.add_patch(Circle((0, 0), radius, fill=False, linestyle="--", linewidth=0.5, edgecolor=BLACK))
    ax.set(aspect="equal", xlabel="$k_x/k_F$", ylabel="$k_y/k_F$")
    label = "$\\mu\\,\\partial^2 j_y(k)/\\partial w_x\\,\\partial b_z$"
    figure.colorbar(mesh, ax=ax, label=label, extend="both" if clipped else "neither")
    return figure


def _look(number: int) -> dict[str, Any]:
    marker = _MARKERS[number % len(_MARKERS)]
    return {
        "color": CYCLE[number % len(CYCLE)],
        "marker": marker,
        "markersize": 3.6,
        "markerfacecolor": "white",
    }


def _require(dataset: xr.Dataset, *names: str) -> None:
    for name in names:
        require(name in dataset, "dataset", sorted(map(str, dataset.data_vars)), f"a dataset with {name}")
