"""What field cooling leaves: numbers of vortices on the way and at the end, net flux, energy, correlations."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..errors import require
from ..studies.cooling_ensembles import STAGES, condition_named
from ..studies.discriminators import pair_correlation
from .ensembles import mean_and_error
from .style import CYCLE, GREY, PAGE, new_figure, panel_letters, styled

__all__ = ["COOLED_ALIKE", "field_cooling_figure", "inclusions_of"]

COOLED_ALIKE = (
    "dilute", "dilute open", "dense open", "dense strong", "between open", "between in flux", "control open"
)  # fmt: skip
"""The conditions shown, one for each colour; all are in the table."""
_KINDS = (("antivortex inside", "v"), ("vortex between", "^"))
_BIN = 2.0


def inclusions_of(name: str) -> int:
    """Number of inclusions in the sample of a condition."""
    return math.prod(condition_named(name).sample.lattice)


@styled
def field_cooling_figure(ds: xr.Dataset) -> Figure:
    """Four panels: vortices against ε; what is left, and the ground state; excess energy; pair correlation.

    ``ds`` is what `pseudogauge.studies.cooling_ensembles.gathered` returns, with its references.
    """
    require("ground_energy" in ds, "ds", sorted(map(str, ds)), "field-cooling runs with their references")
    shown = [name for name in COOLED_ALIKE if name in ds.condition.values]
    colours = dict(zip(COOLED_ALIKE, CYCLE, strict=True))
    figure = new_figure(PAGE, 5.6)
    (way, left), (energy, around) = figure.subplots(2, 2)
    _on_the_way(way, ds, shown, colours)
    _left(left, ds, shown, colours)
    _excess(energy, ds, shown, colours)
    with_field = [name for name in shown if "control" not in name]
    _correlation(around, ds, [name for name in with_field if "open" in name] or with_field, colours)
    panel_letters([way, left, energy, around])
    return figure


def _on_the_way(ax: Axes, ds: xr.Dataset, shown: Sequence[str], colours: dict[str, str]) -> None:
    total = ds["count"].sum("kind", skipna=False)
    for name in shown:
        per = inclusions_of(name)
        found = [mean_and_error(total.sel(condition=name, stage=stage) / per) for stage in STAGES]
        mean, error = np.array(found).T
        mean = np.maximum(mean, 0.01)  # a logarithm has no zero
        ax.errorbar(range(len(STAGES)), mean, error, color=colours[name], marker="o", ms=3, label=name)
    ax.set(yscale="log", ylabel="vortices + antivortices per inclusion", ylim=(0.008, None))
    ax.set_xticks(range(len(STAGES)), [stage.replace(" = ", "=") for stage in STAGES], rotation=30)
    ax.legend(fontsize=6)


def _left(ax: Axes, ds: xr.Dataset, shown: Sequence[str], colours: dict[str, str]) -> None:
    for row, name in enumerate(shown):
        for shift, (kind, marker) in zip((-0.12, 0.12), _KINDS, strict=True):
            left = ds["count"].sel(condition=name, stage="minimised", kind=kind)
            mean, error = mean_and_error(left / inclusions_of(name))
            ax.errorbar(mean, row + shift, xerr=error, color=colours[name], marker=marker, ms=5)
            ground = float(ds.ground_count.sel(condition=name, kind=kind)) / inclusions_of(name)
            ax.plot(ground, row + shift, marker=marker, ms=5, mfc="none", mec=GREY, zorder=1)
    ax.set(xlabel="left per inclusion: ▼ inside, ▲ between\n(open: search)")
    _rows(ax, shown)


def _excess(ax: Axes, ds: xr.Dataset, shown: Sequence[str], colours: dict[str, str]) -> None:
    for row, name in enumerate(shown):
        here = ds.sel(condition=name)
        excess = (here.energy - here.ground_energy).dropna("run").values / inclusions_of(name)
        ax.plot(excess, np.full(excess.size, row) + _spread(excess.size), ".", ms=2.5, color=colours[name])
    ax.axvline(0.0, color=GREY, linewidth=0.8)
    ax.set(xlabel="energy over the search's per inclusion\n(Φ₀²/8π²μ₀λ²)")
    _rows(ax, shown)


def _rows(ax: Axes, shown: Sequence[str]) -> None:
    """One row for each condition, the first on top, with room for its symbols."""
    ax.set_yticks(range(len(shown)), shown)
    ax.set_ylim(len(shown) - 0.5, -0.5)


def _spread(count: int) -> NDArray[np.float64]:
    return 0.25 * (np.arange(count) % 7 - 3) / 3


def _correlation(ax: Axes, ds: xr.Dataset, shown: Sequence[str], colours: dict[str, str]) -> None:
    for name in shown:
        sample = condition_named(name).sample
        centres, radius = sample.inclusions.centres, float(sample.inclusions.radius[0])
        edges = np.arange(0.0, 0.75 * sample.period, _BIN)
        for sign, style in ((-1, "-"), (1, "--")):
            chosen = (ds.of_condition == name) & (ds.winding == sign)
            runs = [ds.x[chosen & (ds.of_run == run)].values for run in ds.run.values]
            rows = [ds.y[chosen & (ds.of_run == run)].values for run in ds.run.values]
            points = [np.stack(pair, axis=-1) for pair in zip(runs, rows, strict=True)]
            if not sum(map(len, points)):
                continue
            found = pair_correlation(points, centres, sample.problem.grid, edges)
            kind = "antivortices" if sign < 0 else "vortices"
            ax.errorbar(
                found.r / radius, found.g, found.error, color=colours[name], linestyle=style, ms=2.5, marker="o",
                label=f"{name}: {kind}",
            )  # fmt: skip
    ax.axhline(1.0, color=GREY, linewidth=0.8)
    ax.axvline(1.0, color=GREY, linewidth=0.8, linestyle=":")
    ax.set(xlabel="distance from an inclusion's centre, r/R", ylabel="g(r), 1 for random places")
    ax.set_yscale("symlog", linthresh=1.0)
    ax.set_ylim(0, 50 * ax.get_ylim()[1])
    ax.legend(fontsize=6, loc="upper right")
