"""Vortex lines of a layered crystal among its inclusions, in perspective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from mpl_toolkits.mplot3d.axes3d import Axes3D  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .style import BLUE, COLUMN, GREEN, GREY, VERMILLION, new_figure, styled

if TYPE_CHECKING:
    from ..ginzburg_landau import Grid, State, VortexLine

__all__ = ["lines_figure", "lines_in_box"]

Array = NDArray[np.float64]
SAND = "#C8B98F"
DASHES = (0, (1.6, 0.9))
KINDS = {1: (VERMILLION, "vortex"), -1: (BLUE, "antivortex"), 0: (GREEN, "loop")}


def lines_figure(state: State, centres: ArrayLike = (), radii: ArrayLike = ()) -> Figure:
    """Vortex lines with their shadows on the bottom layer, and translucent balls at ``centres`` (n, 3); lengths in ξ.

    Lines and balls that leave a periodic cell come back on the other side.  A line is dashed inside a ball and passes
    in front of the balls behind it.  Raises `InputError` for a two-dimensional state.
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
    balls = _images(grid, places, np.broadcast_to(np.asarray(radii, dtype=float), len(places)), _viewer(ax))
    for order, (*place, radius) in enumerate(balls):
        _draw_ball(ax, np.array(place), radius, np.array(grid.extent), zorder=2 + order)
    for line in lines:
        colour = KINDS[_kind(line)][0]
        for part in _inside(grid, line.points):
            ax.plot(part[:, 0], part[:, 1], 0 * part[:, 2], color=GREY, lw=1.0, alpha=0.6, zorder=1)
            for piece, within, order in _pieces(part, balls, _viewer(ax)):
                style = DASHES if within else "-"
                ax.plot(*piece.T, color=colour, lw=1.6, ls=style, zorder=1.5 + order, solid_capstyle="butt")
    if lines:
        handles = _handles({_kind(line) for line in lines}, len(balls) > 0)
        figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _handles(kinds: set[int], balls: bool) -> list[Line2D | Patch]:
    """What the legend names."""
    signs = [
        Line2D([], [], color=KINDS[k][0], lw=1.6, label=KINDS[k][1]) for k in sorted(kinds, reverse=True)
    ]
    shadow = Line2D([], [], color=GREY, lw=1.0, alpha=0.6, label="shadow on z = 0")
    if not balls:
        return [*signs, shadow]
    within = Line2D([], [], color="black", lw=1.6, ls=DASHES, label="inside a ball")
    return [*signs, shadow, within, Patch(facecolor=SAND, alpha=0.6, label="ball")]


def _viewer(ax: Axes3D) -> Array:
    """Direction towards the viewer."""
    across, up = np.radians(ax.azim), np.radians(ax.elev)
    return np.array([np.cos(up) * np.cos(across), np.cos(up) * np.sin(across), np.sin(up)])


def _images(grid: Grid, centres: Array, radii: Array, viewer: Array) -> Array:
    """Centres and radii (n, 4) of all balls and periodic images that reach into the cell, the farthest first."""
    extent, wraps = np.array(grid.extent), np.array(grid.periodic_axes)
    turns = np.array(list(product(*((-1, 0, 1) if wrap else (0,) for wrap in wraps))))
    moved = np.where(wraps, centres % extent, centres)[:, None] + turns * extent
    balls = np.concatenate(
        [moved, np.broadcast_to(radii[:, None, None], (*moved.shape[:2], 1))], axis=2
    ).reshape(-1, 4)
    reach = np.linalg.norm(balls[:, :3] - np.clip(balls[:, :3], 0, extent), axis=1)
    balls = balls[reach < 0.99 * balls[:, 3]]  # touching is not reaching in
    return np.asarray(balls[np.argsort(balls[:, :3] @ viewer)])


def _pieces(points: Array, balls: Array, viewer: Array) -> Iterator[tuple[Array, bool, int]]:
    """A line cut where it enters or leaves a ball or passes one: points, whether inside, number of balls behind."""
    middle = 0.5 * (points[1:] + points[:-1])
    within = np.linalg.norm(middle[:, None] - balls[:, :3], axis=2) < balls[:, 3]
    inside = within.any(axis=1)
    behind = np.searchsorted(balls[:, :3] @ viewer, middle @ viewer)
    around = (within * np.arange(1, len(balls) + 1)).max(axis=1, initial=0)
    behind = np.where(inside, around, behind)  # inside, over the ball it is in
    cuts = np.flatnonzero((np.diff(inside) != 0) | (np.diff(behind) != 0)) + 1
    for start, end in pairwise([0, *cuts.tolist(), len(middle)]):
        if end > start:
            yield points[start : end + 1], bool(inside[start]), int(behind[start])


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


def _draw_ball(ax: Axes3D, centre: Array, radius: float, extent: Array, zorder: float) -> None:
    """What of a ball lies in the cell; the rest of its surface is moved to where both end."""
    polar, around = np.mgrid[0 : np.pi : 25j, 0 : 2 * np.pi : 49j]
    ray = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], axis=-1)
    surface = centre + radius * ray
    for _ in range(30):  # in turn to the nearest point of the cell and of the ball
        away = np.clip(surface, 0, extent) - centre
        surface = centre + away * np.minimum(1, radius / np.linalg.norm(away, axis=-1))[..., None]
    surface = np.clip(surface, 0, extent)
    ax.plot_surface(
        *np.moveaxis(surface, -1, 0), color=SAND, alpha=0.25, linewidth=0, shade=True, zorder=zorder
    )
