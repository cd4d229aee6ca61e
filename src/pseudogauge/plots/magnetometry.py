"""What a scanning SQUID sees above the surface."""

from __future__ import annotations

import xarray as xr
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from .cell import (
    Cell,
    draw_inclusions,
    draw_vortices,
    empty_corner,
    legend_handles,
    map_height,
    signed_map,
)
from .style import BLACK, PAGE, new_figure, panel_letters, styled

__all__ = ["squid_figure"]


@styled
def squid_figure(ds: xr.Dataset, mark_vortices: bool = True) -> Figure:
    """Stray field at the height of the SQUID and flux through its loop, the loop drawn to scale."""
    cell = Cell.of(ds)
    figure = new_figure(PAGE, map_height(cell, 2.45, 0.8), maps=True)
    axes = list(figure.subplots(1, 2))
    height = float(ds.attrs["squid_height"])
    labels = (f"$B_z$ at height {height:g} µm", "flux through the loop")
    for ax, name, label in zip(axes, ("surface_field", "squid_flux"), labels, strict=True):
        signed_map(ax, ds, ds[name], label, 99.9)
        draw_inclusions(ax, ds, linewidth=0.7)
        if mark_vortices:
            draw_vortices(ax, ds)
    _draw_loop(axes[1], ds)
    panel_letters(axes)
    handles = legend_handles(ds)
    figure.legend(handles=handles if mark_vortices else handles[2:], loc="outside lower center", ncols=4)
    return figure


def _draw_loop(ax: Axes, ds: xr.Dataset) -> None:
    radius = float(ds.attrs["squid_radius"])
    margin = radius + 0.04 * min(Cell.of(ds).size)
    centre = empty_corner(ds, margin, margin)
    halo: list[patheffects.AbstractPathEffect] = [patheffects.withStroke(linewidth=2.5, foreground="white")]
    ax.add_patch(
        Circle(centre, radius, fill=False, edgecolor=BLACK, linewidth=1.2, path_effects=halo, zorder=5)
    )
    ax.annotate("loop", centre, ha="center", va="center", zorder=5, path_effects=halo, annotation_clip=True)
