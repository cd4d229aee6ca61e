"""Vortex lines of a layered crystal among its inclusions, in perspective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from mpl_toolkits.mplot3d.axes3d import Axes3D  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .style import BLUE, COLUMN, GREEN, GREY, VERMILLION, new_figure, styled

if TYPE_CHECKING:
    from ..ginzburg_landau import Grid, State, VortexLine

__all__ = ["lines_figure", "lines_in_box"]

Array = NDArray[np.float64]
KINDS = {1: (VERMILLION, "vortex"), -1: (BLUE, "antivortex"), 0: (GREEN, "loop")}


def lines_figure(state: State, centres: ArrayLike = (), radii: ArrayLike = ()) -> Figure:
    """Vortex lines with their shadows on the bottom layer, and translucent balls at ``centres`` (n, 3); lengths in ξ.

    Lines that leave a periodic cell come back on the other side.  Raises `InputError` for a two-dimensional state.
    """
    grid = state.problem.grid
    require(grid.ndim == 3, "state", f"on a grid {grid.shape}", "three-dimensional")
    return lines_in_box(grid, state.vortex_lines, centres, radii)


@styled
def lines_in_box(
    grid: Grid, lines: Sequence[VortexLine], centres: ArrayLike = (), radii: ArrayLike = ()
) -> Figure:
    """`lines_figure` of any lines."""
    figure = new_figure(COLUMN, 1.05 * COLUMN)
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    assert isinstance(ax, Axes3D)
    _draw_box(ax, grid)
    places = np.asarray(centres, dtype=float).reshape(-1, 3)
    towards = np.array([np.cos(np.radians(ax.azim)), np.sin(np.radians(ax.azim)), 0.0])
    sizes = np.broadcast_to(np.asarray(radii, dtype=float), len(places))
    for place, radius in sorted(zip(places, sizes, strict=True), key=lambda ball: float(ball[0] @ towards)):
        _draw_ball(ax, place, float(radius))
    for line in lines:
        colour = KINDS[_kind(line)][0]
        for part in _inside(grid, line.points):
            ax.plot(part[:, 0], part[:, 1], 0 * part[:, 2], color=GREY, lw=0.8, alpha=0.5, zorder=1)
            ax.plot(*part.T, color=colour, lw=1.6, zorder=4)
    kinds = sorted({_kind(line) for line in lines}, reverse=True)
    handles = [Line2D([], [], color=KINDS[kind][0], lw=1.6, label=KINDS[kind][1]) for kind in kinds]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _kind(line: VortexLine) -> int:
    """The sign of a line that goes somewhere, 0 for a loop."""
    return int(np.sign(line.winding)) if np.abs(line.span).max() > 1e-9 else 0


def _inside(grid: Grid, points: Array) -> Iterator[Array]:
    """The line folded back into the cell, cut where it crosses a side."""
    extent = np.array(grid.extent)
    wraps = np.array(grid.periodic_axes)
    cells = np.where(wraps, np.floor(points / extent), 0.0)
    start = 0
    for n, (here, there) in enumerate(pairwise(cells), start=1):
        if (here != there).any():
            yield points[start : n + 1] - here * extent  # up to the first point beyond
            start = n
    yield points[start:] - cells[-1] * extent


def _draw_box(ax: Axes3D, grid: Grid) -> None:
    x, y, z = grid.extent
    corners = np.array([(a, b, c) for a in (0, x) for b in (0, y) for c in (0, z)])
    for n, p in enumerate(corners):
        for q in corners[n + 1 :]:
            if np.count_nonzero(p != q) == 1:
                ax.plot(*np.stack([p, q]).T, color=GREY, lw=0.5, zorder=0)
    ax.set(xlim=(0, x), ylim=(0, y), zlim=(0, z), xlabel="x (ξ)", ylabel="y (ξ)", zlabel="z (ξ)")
    ax.set_box_aspect((x, y, z), zoom=0.82)
    ax.locator_params(nbins=4)
    ax.tick_params(pad=-2)
    ax.grid(False)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.labelpad = -4
        axis.pane.set_visible(False)
        axis.line.set_visible(False)


def _draw_ball(ax: Axes3D, centre: Array, radius: float) -> None:
    polar, around = np.mgrid[0 : np.pi : 13j, 0 : 2 * np.pi : 25j]
    shell = (np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar))
    surface = [c + radius * s for c, s in zip(centre, shell, strict=True)]
    ax.plot_surface(*surface, color="#C8B98F", alpha=0.25, linewidth=0, shade=True, zorder=2)
