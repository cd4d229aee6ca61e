"""Size and flow of the supercurrent over the whole sample."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from .cell import Cell, colour_bar, draw_inclusions, draw_vortices, legend_handles, map_height, map_image
from .style import SEQUENTIAL, colour_limit, engineering, new_figure, styled

__all__ = ["current_map"]


@styled
def current_map(ds: xr.Dataset) -> Figure:
    """|j| as colour with its streamlines, drawn thicker where more current flows.

    The colour scale is a square root, for weak vortices to show beside strong rings.
    """
    figure = new_figure(4.6, map_height(Cell.of(ds), 3.4, 0.9), maps=True)
    ax = figure.subplots()
    size = np.hypot(ds.supercurrent[0], ds.supercurrent[1])
    limit, clipped = colour_limit(size, 99.0)
    factor, unit = engineering(limit, "A/m²")
    image = map_image(ax, ds, size * factor, cmap=SEQUENTIAL, norm=PowerNorm(0.5, 0, limit * factor))
    label = f"|j| ({unit}), square-root scale"
    colour_bar(ax, image, label, clipped, centred=False)
    if float(size.max()) > 0:
        _streamlines(ax, ds, limit)
    draw_inclusions(ax, ds, linewidth=0.7)
    draw_vortices(ax, ds)
    figure.legend(handles=legend_handles(ds), loc="outside lower center", ncols=2)
    return figure


def _streamlines(ax: Axes, ds: xr.Dataset, limit: float) -> None:
    """Block averages are enough for lines: at most about 80 points a side."""
    step = {dim: max(1, ds.sizes[dim] // 80) for dim in ("x", "y")}
    coarse = ds.supercurrent.coarsen(step, boundary="trim").mean()
    u, v = coarse.values[0].T, coarse.values[1].T
    size = np.hypot(u, v) / limit
    width = 0.25 + 0.9 * np.clip(size, 0, 1)
    u, v = (np.ma.masked_where(size < 2e-3, part) for part in (u, v))  # no direction where nothing flows
    # streamplot wants steps equal to the last bit
    x, y = (np.linspace(float(c[0]), float(c[-1]), c.size) for c in (coarse.x, coarse.y))
    ax.streamplot(x, y, u, v, color="black", linewidth=width, density=1.1, arrowsize=0.6)
