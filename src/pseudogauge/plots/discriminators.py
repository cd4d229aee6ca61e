"""The vortex phases side by side, as a SQUID and a transport current would see them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Circle

from ..studies.discriminator_study import PHASES_SHOWN
from .style import BLUE, DIVERGING, GREEN, GREY, PAGE, VERMILLION, new_figure, panel_letters, styled

__all__ = ["discriminator_figure"]

_COLOURS = dict(zip(PHASES_SHOWN, (GREY, BLUE, VERMILLION, GREEN), strict=True))
_QUANTA = 1e3


@styled
def discriminator_figure(ds: xr.Dataset) -> Figure:
    """Flux images of the phases (top); a cut, histograms, depinning currents, and partial reversal (bottom).

    ``ds`` is what `pseudogauge.studies.discriminator_study.discriminators` returns.
    """
    names = [str(name) for name in ds.phase.values]
    figure = new_figure(PAGE, 4.2)
    axes = figure.subplots(2, len(names))
    limit = _QUANTA * float(np.abs(ds.flux).max())
    for ax, name in zip(axes[0], names, strict=True):
        image = _image(ax, ds, name, limit)
    figure.colorbar(image, ax=list(axes[0]), label="flux through the loop (mΦ₀)", aspect=25, fraction=0.03)
    _cut(axes[1, 0], ds, names)
    _histograms(axes[1, 1], ds, names)
    _depinning(axes[1, 2], ds, names)
    _reversal(axes[1, 3], ds)
    panel_letters(list(axes.ravel()))
    return figure


def _image(ax: Axes, ds: xr.Dataset, name: str, limit: float) -> AxesImage:
    step = float(ds.x[1] - ds.x[0])
    extent = (float(ds.x[0]) - step / 2, float(ds.x[-1]) + step / 2) * 2
    values = _QUANTA * ds.flux.sel(phase=name).values.T
    image = ax.imshow(values, origin="lower", extent=extent, cmap=DIVERGING, vmin=-limit, vmax=limit)
    inclusions = PHASES_SHOWN[name][0].inclusions
    for (x, y), radius in zip(inclusions.centres, inclusions.radius, strict=True):
        ax.add_patch(Circle((x, y), radius, fill=False, color=GREY, linewidth=0.8))
    here = ds.of_phase == name
    for sign, marker, face in ((1, "^", "black"), (-1, "v", "white")):
        chosen = here & (ds.winding == sign)
        ax.plot(
            ds.vortex_x[chosen], ds.vortex_y[chosen], marker, color="black", mfc=face, ms=4, linestyle="none"
        )
    ax.set(xlabel="x (ξ)", xlim=extent[:2], ylim=extent[2:])
    ax.text(1.0, 1.03, name, transform=ax.transAxes, ha="right", fontsize=6)
    return image


def _cut(ax: Axes, ds: xr.Dataset, names: list[str]) -> None:
    """Along x through the centres of a row of inclusions."""
    for name in names:
        height = PHASES_SHOWN[name][0].inclusions.centres[0, 1]
        ax.plot(ds.x, _QUANTA * ds.flux.sel(phase=name).sel(y=height, method="nearest"), color=_COLOURS[name])
    for x in PHASES_SHOWN[names[0]][0].inclusions.centres[:, 0]:
        ax.axvline(x, color=GREY, linewidth=0.6, linestyle=":")
    ax.set(xlabel="x (ξ)", ylabel="flux (mΦ₀)")


def _histograms(ax: Axes, ds: xr.Dataset, names: list[str]) -> None:
    limit = _QUANTA * float(np.abs(ds.flux).max())
    for name in names:
        values = _QUANTA * ds.flux.sel(phase=name).values.ravel()
        label = f"skewness {float(ds.skewness.sel(phase=name)):+.1f}".replace("-", "−")
        ax.hist(
            values,
            np.linspace(-limit, limit, 41).tolist(),
            histtype="step",
            color=_COLOURS[name],
            label=label,
        )
    ax.set(yscale="log", xlabel="flux (mΦ₀)", ylabel="pixels")
    ax.legend(fontsize=5, loc="upper center")
    ax.set_ylim(top=2e4)


def _depinning(ax: Axes, ds: xr.Dataset, names: list[str]) -> None:
    for row, name in enumerate(names):
        low, high = ds.depinning.sel(phase=name).values
        ax.barh(row, high, color=_COLOURS[name], height=0.5)
        ax.plot([low, high], [row, row], color="black")
    ax.set(xlabel="depinning current")
    ax.set_yticks(range(len(names)), [name.replace(" ", "\n") for name in names])
    ax.invert_yaxis()


def _reversal(ax: Axes, ds: xr.Dataset) -> None:
    share = ds.reversal_flipped.values / 4
    ax.plot(share, ds.reversal_net, "o", color=_COLOURS["trapped antivortices"], ms=5, mfc="none")
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(xlabel="share reversed", ylabel="net flux per inclusion (Φ₀)")
