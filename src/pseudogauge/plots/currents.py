"""Size and flow of the supercurrent over the whole sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.path import Path
from numpy.typing import NDArray

from .cell import (
    Cell,
    colour_bar,
    draw_inclusions,
    draw_vortices,
    legend_handles,
    map_height,
    map_image,
)
from .style import NOTHING, SEQUENTIAL, colour_limit, engineering, new_figure, styled

__all__ = ["current_map"]

_LINES, _LINE_POINTS = 12, 150
"""Number of streamlines' levels, and of points a side they are drawn through."""


@styled
def current_map(ds: xr.Dataset) -> Figure:
    """|j| as colour with its streamlines, closer together where more current flows.

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
        _streamlines(ax, ds)
    draw_inclusions(ax, ds, linewidth=0.7)
    draw_vortices(ax, ds)
    figure.legend(handles=legend_handles(ds), loc="outside lower center", ncols=2)
    return figure


def _streamlines(ax: Axes, ds: xr.Dataset) -> None:
    """Contours of B − μ₀m, whose curl is μ₀j in a stationary state: equal currents between neighbours."""
    potential = ds.magnetic_field - ds.spin_magnetisation
    step = {dim: -(-size // _LINE_POINTS) for dim, size in potential.sizes.items()}
    potential = potential.coarsen(step, boundary="trim").mean()
    x, y = (potential[dim].values for dim in potential.dims)
    if (
        np.ptp(potential.values) <= NOTHING * max(1.0, float(abs(potential).max()))
        or min(potential.shape) < 2
    ):
        return
    lines = ax.contour(
        x, y, potential.values.T, _LINES, colors="black", linewidths=0.5, negative_linestyles="-"
    )
    curves = [
        curve
        for path in lines.get_paths()
        for curve in np.split(path.vertices, np.flatnonzero(path.codes == Path.MOVETO)[1:])
    ]
    _arrow_heads(ax, ds, curves)


def _arrow_heads(ax: Axes, ds: xr.Dataset, curves: list[NDArray[Any]]) -> None:
    """Heads along the curves that point the way of the current."""
    cell = Cell.of(ds)
    places = [_spread(curve, 0.25 * max(cell.size)) for curve in curves if len(curve) > 1]
    if not places:
        return
    x, y = np.concatenate(places).T
    u, v = (cell.sample(part, x, y) for part in ds.supercurrent)
    flows = np.hypot(u, v) > 0
    x, y, u, v = (part[flows] for part in (x, y, u, v))
    head: dict[str, Any] = {
        "width": 0.012,
        "headwidth": 4,
        "headlength": 4.5,
        "headaxislength": 4.5,
        "minlength": 0,
    }
    length = np.hypot(u, v) / 0.05
    units: dict[str, Any] = {"units": "inches", "scale_units": "inches", "scale": 1, "angles": "xy"}
    ax.quiver(x, y, u / length, v / length, pivot="mid", **units, **head)


def _spread(curve: NDArray[Any], distance: float) -> NDArray[Any]:
    """Points on a curve about ``distance`` apart, at least one."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    number = max(1, round(along[-1] / distance))
    at = (np.arange(number) + 0.5) / number * along[-1]
    return np.stack([np.interp(at, along, part) for part in curve.T], axis=1)
