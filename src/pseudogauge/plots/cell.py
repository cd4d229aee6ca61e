"""The sample as drawn: images of fields, inclusions, vortices, in µm and with periodic images."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import xarray as xr
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import ArrayLike, NDArray

from ..results import attribute
from .style import BLUE, GREEN, PURPLE, VERMILLION, engineering, signed_scale

__all__ = [
    "Cell",
    "colour_bar",
    "draw_inclusions",
    "draw_vortices",
    "empty_corner",
    "legend_handles",
    "map_height",
    "map_image",
    "scale_bar",
    "signed_map",
]

_MAP_POINTS = 160
"""Width of the smallest map in points, roughly."""

_HALO: list[patheffects.AbstractPathEffect] = [patheffects.withStroke(linewidth=2.2, foreground="white")]


@dataclass(frozen=True)
class Cell:
    """Size (µm), spacings (µm) and periodicity of the sample of a run."""

    size: tuple[float, float]
    spacing: tuple[float, float]
    periodic: tuple[bool, bool]

    @classmethod
    def of(cls, ds: xr.Dataset) -> Cell:
        dx, dy = (float(ds[name][1] - ds[name][0]) for name in ("x", "y"))
        along_x, along_y = attribute(ds, "periodic")
        return cls((ds.sizes["x"] * dx, ds.sizes["y"] * dy), (dx, dy), (along_x, along_y))

    def images(self, x: float, y: float, reach: float) -> list[tuple[float, float]]:
        """The positions among (x, y) and its periodic images that lie within ``reach`` of the cell."""
        shifts = [(-1, 0, 1) if loop else (0,) for loop in self.periodic]
        points = [(x + i * self.size[0], y + j * self.size[1]) for i, j in product(*shifts)]
        return [p for p in points if all(-reach < p[k] < self.size[k] + reach for k in (0, 1))]

    def sample(self, field: xr.DataArray, x: ArrayLike, y: ArrayLike) -> NDArray[Any]:
        """Bilinear interpolation of a field [x, y] at points in µm, wrapped or held at the edge."""
        near: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []
        for axis, (dim, position) in enumerate(zip(field.dims, (x, y), strict=True)):
            place = (np.asarray(position, dtype=float) - float(field[dim][0])) / self.spacing[axis]
            last = field.sizes[dim] - 1
            place = place if self.periodic[axis] else np.clip(place, 0, last)
            low = np.floor(place).astype(int)
            high = (low + 1) % (last + 1) if self.periodic[axis] else np.minimum(low + 1, last)
            near.append((low % (last + 1), high, place - low))
        (x0, x1, fx), (y0, y1, fy) = near
        values = field.values
        lower = (1 - fx) * values[x0, y0] + fx * values[x1, y0]
        return np.asarray((1 - fy) * lower + fy * ((1 - fx) * values[x0, y1] + fx * values[x1, y1]))


def map_height(cell: Cell, width: float, extra: float) -> float:
    """Height in inches of a map ``width`` inches wide, plus ``extra`` for labels, within sensible limits."""
    return float(np.clip(width * cell.size[1] / cell.size[0], 1.0, 6.5)) + extra


def signed_map(ax: Axes, ds: xr.Dataset, field: xr.DataArray, label: str, percent: float = 99.5) -> AxesImage:
    """Map of a field that may have either sign, with its colour bar; its unit follows ``label``."""
    scale, clipped = signed_scale(field, percent)
    factor, unit = engineering(max(-scale["vmin"], scale["vmax"]), field.attrs["units"])
    scale |= {end: scale[end] * factor for end in ("vmin", "vmax")}
    image = map_image(ax, ds, field * factor, **scale)
    colour_bar(ax, image, f"{label} ({unit})", clipped)
    return image


def colour_bar(ax: Axes, image: AxesImage, label: str, clipped: bool = False, centred: bool = True) -> None:
    """A bar of the same thickness beside every map; ``clipped`` says that values lie beyond its ends."""
    x, y = ax.get_xlim(), ax.get_ylim()
    slimness = float(np.clip(25 * (y[1] - y[0]) / (x[1] - x[0]), 6, 60))
    beyond = "neither" if not clipped else "both" if centred else "max"
    ax.figure.colorbar(image, ax=ax, label=label, extend=beyond, aspect=slimness, fraction=0.06)


def map_image(ax: Axes, ds: xr.Dataset, field: xr.DataArray, **options: Any) -> AxesImage:
    """Draw a field [x, y] in µm with equal aspect; the axes show exactly the cell."""
    cell = Cell.of(ds)
    values: NDArray[Any] = field.values
    extent: list[float] = []
    for axis, dim in enumerate(field.dims):
        position = ds[dim].values
        half = cell.spacing[axis] / 2
        first = position[0] - half
        if (
            cell.periodic[axis] and first > 0.1 * half
        ):  # plaquettes start half a spacing inside: wrap one round
            values = np.concatenate([np.take(values, [-1], axis), values], axis)
            first -= 2 * half
        extent += [first, position[-1] + half]
    left, right, bottom, top = extent
    image = ax.imshow(values.T, origin="lower", extent=(left, right, bottom, top), **options)
    ax.set(xlim=(0, cell.size[0]), ylim=(0, cell.size[1]), aspect="equal", xlabel="x (µm)", ylabel="y (µm)")
    return image


def draw_inclusions(ax: Axes, ds: xr.Dataset, linewidth: float = 1.1) -> None:
    """Outline the inclusions: solid green where b > 0, dashed purple where b < 0, cut at the cell."""
    cell = Cell.of(ds)
    columns = [ds[f"inclusion_{name}"].values.tolist() for name in ("x", "y", "radius", "exchange")]
    for sign, (colour, dashes) in _OUTLINE.items():
        circles = [
            Circle(point, radius)
            for x, y, radius, exchange in zip(*columns, strict=True)
            if (exchange >= 0) == (sign > 0)
            for point in cell.images(x, y, radius)
        ]
        if circles:
            outline = PatchCollection(
                circles, facecolor="none", edgecolor=colour, linewidth=linewidth, linestyle=dashes, zorder=3
            )
            outline.set_path_effects([patheffects.withStroke(linewidth=linewidth + 1, foreground="white")])
            ax.add_collection(outline)


def draw_vortices(ax: Axes, ds: xr.Dataset) -> None:
    """Mark vortices with filled ▲ and antivortices with open ▼ at their positions.

    Near a periodic edge the part of the symbol that lies beyond it shows on the opposite side as well, for
    the core does.
    """
    size, reach = _symbol(ds)
    for positive, look in _MARK.items():
        chosen = (ds.vortex_winding.values > 0) == positive
        x, y = ds.vortex_x.values[chosen], ds.vortex_y.values[chosen]
        ax.scatter(x, y, s=size, zorder=4, clip_on=False, **look)
        x, y = _edge_images(Cell.of(ds), x, y, reach)
        if x.size:
            ax.scatter(x, y, s=size, zorder=4, **look)


def _symbol(ds: xr.Dataset) -> tuple[float, float]:
    """Size of the symbol of a vortex (points²), smaller in a crowd, and its half width in a map (µm)."""
    size = float(np.interp(ds.sizes["vortex"], [10, 300], [42, 9]))
    return size, 0.5 * size**0.5 / _MAP_POINTS * max(Cell.of(ds).size)


def _edge_images(cell: Cell, x: NDArray[Any], y: NDArray[Any], reach: float) -> tuple[NDArray[Any], ...]:
    """Periodic images that lie outside the cell, but not farther than ``reach``."""
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    images = [image for point in points for image in cell.images(*point, reach) if image != point]
    return tuple(np.array(images).reshape(-1, 2).T)


def legend_handles(ds: xr.Dataset) -> list[Line2D]:
    """Legend entries that say how many vortices of either sign and which inclusions there are."""
    winding, exchange = ds.vortex_winding.values, ds.inclusion_exchange.values
    handles = []
    for positive, word in ((True, "vortex"), (False, "antivortex")):
        number = int(((winding > 0) == positive).sum())
        label = f"{number} {word if number == 1 else word[:-2] + 'ices'}"
        look = _MARK[positive]
        colours = {"markerfacecolor": look["facecolor"], "markeredgecolor": look["edgecolor"]}
        handles.append(
            Line2D([], [], linestyle="none", marker=look["marker"], markersize=6, label=label, **colours)
        )
    for sign, (colour, dashes) in _OUTLINE.items():
        number = int((exchange >= 0).sum()) if sign > 0 else int((exchange < 0).sum())
        if number:
            label = f"{number} inclusion{'' if number == 1 else 's'}, b {'>' if sign > 0 else '<'} 0"
            handles.append(Line2D([], [], color=colour, linestyle=dashes, linewidth=1.2, label=label))
    return handles


def scale_bar(ax: Axes, ds: xr.Dataset) -> None:
    """A bar of a round length, about a fifth of the cell wide, in the emptiest corner."""
    cell = Cell.of(ds)
    target = cell.size[0] / 5
    decade = 10.0 ** np.floor(np.log10(target))
    length = max(step * decade for step in (1, 2, 5) if step * decade <= target * 1.001)
    label = f"{length:g} µm" if length >= 0.1 else f"{length * 1e3:g} nm"
    x, y = empty_corner(ds, max(0.6 * length, 0.1 * cell.size[0]), 0.08 * cell.size[1])
    text: dict[str, Any] = {"xytext": (0, -3), "va": "top"} if y > cell.size[1] / 2 else {"xytext": (0, 3)}
    bar: list[patheffects.AbstractPathEffect] = [patheffects.withStroke(linewidth=4.5, foreground="white")]
    ends = [x - length / 2, x + length / 2]
    ax.plot(ends, [y, y], color="black", linewidth=2, solid_capstyle="butt", path_effects=bar, zorder=5)
    ax.annotate(label, (x, y), textcoords="offset points", ha="center", zorder=5, path_effects=_HALO, **text)


def empty_corner(ds: xr.Dataset, half_width: float, half_height: float) -> tuple[float, float]:
    """Centre of a box in the corner of the cell that is farthest from vortices and inclusions (µm)."""
    cell = Cell.of(ds)
    left, bottom = half_width, half_height
    right, top = cell.size[0] - half_width, cell.size[1] - half_height
    corners = [(right, top), (right, bottom), (left, top), (left, bottom)]
    x, y = ds.vortex_x.values, ds.vortex_y.values
    beyond = _edge_images(cell, x, y, _symbol(ds)[1])
    obstacles = [(px, py, 0.0) for places in ((x, y), beyond) for px, py in zip(*places, strict=True)]
    disks = (ds[f"inclusion_{name}"].values for name in ("x", "y", "radius"))
    for x, y, radius in zip(*disks, strict=True):
        obstacles += [(*point, radius) for point in cell.images(x, y, radius)]

    def clearance(corner: tuple[float, float]) -> float:
        gaps = [np.hypot(x - corner[0], y - corner[1]) - radius for x, y, radius in obstacles]
        return float(min(gaps, default=0.0))

    return max(corners, key=clearance)


_OUTLINE: dict[int, tuple[str, Any]] = {1: (GREEN, "-"), -1: (PURPLE, (0, (4, 2)))}
_MARK: dict[bool, dict[str, Any]] = {
    True: {"marker": "^", "facecolor": VERMILLION, "edgecolor": "white", "linewidth": 0.6},
    False: {"marker": "v", "facecolor": "white", "edgecolor": BLUE, "linewidth": 1.2},
}
