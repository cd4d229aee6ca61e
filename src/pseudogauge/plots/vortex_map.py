"""Where the vortices sit among the inclusions, after Fig. 1(b) of Levitan, Oreg and Berg."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from .cell import (
    Cell,
    colour_bar,
    draw_inclusions,
    draw_vortices,
    legend_handles,
    map_height,
    map_image,
    scale_bar,
    signed_map,
)
from .style import PAGE, new_figure, panel_letters, styled

__all__ = ["vortex_map"]


@styled
def vortex_map(ds: xr.Dataset) -> Figure:
    """|ψ|² and B_z with inclusions outlined vortices (▲) and antivortices (▼) marked and counted."""
    cell = Cell.of(ds)
    figure = new_figure(PAGE, map_height(cell, 2.45, 0.8), maps=True)
    left, right = figure.subplots(1, 2)

    density = np.abs(ds.order_parameter) ** 2
    image = map_image(left, ds, density, cmap="Greys_r", vmin=0, vmax=max(1.0, float(density.max())))
    colour_bar(left, image, "|ψ|²")

    signed_map(right, ds, ds.magnetic_field, "$B_z$")
    for ax in (left, right):
        draw_inclusions(ax, ds)
        draw_vortices(ax, ds)
        scale_bar(ax, ds)
    panel_letters([left, right])
    figure.legend(handles=legend_handles(ds), loc="outside lower center", ncols=4)
    return figure
