"""The vortex phases side by side, as a SQUID and a transport current would see them."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Circle

from .style import (
    BLUE,
    DIVERGING,
    GREEN,
    GREY,
    ORANGE,
    PAGE,
    PURPLE,
    SKY,
    VERMILLION,
    new_figure,
    panel_letters,
    styled,
)

__all__ = ["discriminator_figure"]

_COLOURS = {
    "none": GREY,
    "none, dense": SKY,
    "trapped antivortices": BLUE,
    "interstitial": VERMILLION,
    "pairs": GREEN,
    "mixed": PURPLE,
    "normal": ORANGE,
}


@styled
def discriminator_figure(ds: xr.Dataset) -> Figure:
    """Images of the phases, a row for each loop; below, a cut, histograms, depinning and, if known, partial reversal.

    ``ds`` is what `pseudogauge.studies.signatures.signatures` returns.
    """
    names = [str(name) for name in ds.phase.values]
    loops = ds.sizes["loop"]
    figure = new_figure(PAGE, 1.9 * loops + 2.1)
    above, below = np.asarray(figure.subfigures(2, 1, height_ratios=(1.9 * loops, 2.1)))
    images = above.subplots(loops, len(names), squeeze=False)
    for loop, row in enumerate(images):
        here = ds.isel(loop=loop)
        limit = float(np.abs(here.flux - here.flux.mean(("x", "y"))).max())
        for ax, name in zip(row, names, strict=True):
            image = _image(ax, here, name, limit)
        size = f"{float(here.loop_radius):.3g} µm at {float(here.loop_height):.3g} µm"
        above.colorbar(image, ax=list(row), label=f"loop of {size}\nflux − mean (mΦ₀)", fraction=0.03)
    reversal = "reversal_net" in ds
    panels = below.subplots(1, 3 + reversal)
    _cut(panels[0], ds.isel(loop=0), names)
    _histograms(panels[1], ds.isel(loop=0), names)
    _depinning(panels[2], ds, names)
    if reversal:
        _reversal(panels[3], ds)
    panel_letters([*images.ravel(), *panels])
    return figure


def _image(ax: Axes, ds: xr.Dataset, name: str, limit: float) -> AxesImage:
    values = ds.flux.sel(phase=name)
    mean = float(values.mean())
    edges = [
        (float(axis[0] - 0.5 * (axis[1] - axis[0])), float(axis[-1] + 0.5 * (axis[1] - axis[0])))
        for axis in (ds.x, ds.y)
    ]
    extent = (*edges[0], *edges[1])
    image = ax.imshow(
        (values - mean).values.T, origin="lower", extent=extent, cmap=DIVERGING, vmin=-limit, vmax=limit
    )
    for x, y, radius in ds.inclusion.values[ds.inclusion_of.values == name]:
        ax.add_patch(Circle((x, y), radius, fill=False, color=GREY, linewidth=0.8))
    here = ds.of_phase == name
    for sign, marker, face in ((1, "^", "black"), (-1, "v", "white")):
        chosen = here & (np.sign(ds.winding) == sign)
        ax.plot(
            ds.vortex_x[chosen], ds.vortex_y[chosen], marker, color="black", mfc=face, ms=4, linestyle="none"
        )
    ax.set(xlabel="x (µm)", xlim=extent[:2], ylim=extent[2:])
    shown = f"{0.0 if abs(mean) < 1e-9 * limit else mean:+.3g}".replace("-", "−").replace("+0", "0")
    words = name.replace(" ", "\n", 1) if len(name) > 15 else name
    ax.text(1.0, 1.03, f"{words}\nmean {shown}", transform=ax.transAxes, ha="right", fontsize=6)
    return image


def _cut(ax: Axes, ds: xr.Dataset, names: list[str]) -> None:
    """Along x through the centre of the first inclusion."""
    for name in names:
        height = ds.inclusion.values[ds.inclusion_of.values == name][0, 1]
        ax.plot(ds.x, ds.flux.sel(phase=name).sel(y=height, method="nearest"), color=_COLOURS[name])
    ax.set(xlabel="x (µm)", ylabel="flux (mΦ₀)")


def _histograms(ax: Axes, ds: xr.Dataset, names: list[str]) -> None:
    low, high = float(ds.flux.min()), float(ds.flux.max())
    for name in names:
        label = f"skewness {float(ds.skewness.sel(phase=name)):+.1f}".replace("-", "−")
        ax.hist(
            ds.flux.sel(phase=name).values.ravel(),
            np.linspace(low, high, 41).tolist(),
            histtype="step",
            color=_COLOURS[name],
            label=label,
        )
    ax.set(yscale="log", xlabel="flux (mΦ₀)", ylabel="pixels")
    ax.set_ylim(top=30 * ax.get_ylim()[1])
    ax.legend(fontsize=5.5, loc="upper right")


def _depinning(ax: Axes, ds: xr.Dataset, names: list[str]) -> None:
    for row, name in enumerate(names):
        here = ds.sel(phase=name)
        low, high = here.depinning.values / float(here.depairing)
        if math.isfinite(high):
            ax.barh(row, high, color=_COLOURS[name], height=0.5)
            ax.plot([low, high], [row, row], color="black")
    ax.set(xlabel="depinning / clean depairing", xlim=(0, None), ylim=(-0.6, len(names) - 0.4))
    ax.set_yticks(range(len(names)), [name.replace(" ", "\n") for name in names])
    ax.invert_yaxis()


def _reversal(ax: Axes, ds: xr.Dataset) -> None:
    share = ds.reversal_flipped.values / 4
    ax.plot(share, ds.reversal_net, "o", color=_COLOURS["trapped antivortices"], ms=5, mfc="none")
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(xlabel="share reversed", ylabel="net flux per inclusion (Φ₀)")
