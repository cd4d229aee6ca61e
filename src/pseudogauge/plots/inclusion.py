"""Sources and currents of one inclusion, after Fig. 1(a) of Levitan, Oreg and Berg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import NDArray

from .cell import Cell
from .style import (
    BLACK,
    BLUE,
    GREEN,
    NOTHING,
    ORANGE,
    PAGE,
    SEQUENTIAL,
    SKY,
    VERMILLION,
    colour_limit,
    engineering,
    new_figure,
    panel_letters,
    styled,
)

__all__ = ["inclusion_figure"]

Array = NDArray[Any]
Pair = tuple[xr.DataArray, xr.DataArray]


@dataclass(frozen=True)
class _View:
    """Fields around one inclusion, positions relative to its centre (µm)."""

    centre: tuple[float, float]
    radius: float
    x: Array
    y: Array
    rows: Array
    columns: Array

    def cut(self, field: xr.DataArray) -> Array:
        return np.asarray(field.values[np.ix_(self.rows, self.columns)])

    def shows(self, x: Array, y: Array) -> Array:
        """Whether points lie in the view; it ends where an open sample does."""
        return np.asarray((x >= self.x[0]) & (x <= self.x[-1]) & (y >= self.y[0]) & (y <= self.y[-1]))


@styled
def inclusion_figure(ds: xr.Dataset, inclusion: int | None = None) -> Figure:
    """Exchange and edge field, current density, and profiles through the centre of one inclusion.

    Without ``inclusion`` the one nearest to the middle of the sample is taken; a sample without any shows
    its middle.
    """
    view = _view(ds, inclusion)
    figure = new_figure(PAGE, 2.85)
    grid = figure.add_gridspec(5, 3, width_ratios=(1.2, 1.2, 1))
    sources, flow = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[:, 1])
    profiles = [figure.add_subplot(grid[i, 2]) for i in range(5)]
    electric = _electric_field(ds)
    _draw_sources(sources, ds, view, electric)
    _draw_flow(flow, ds, view)
    _draw_profiles(profiles, ds, view, electric)
    panel_letters([sources, flow, profiles[0]])
    return figure


def _view(ds: xr.Dataset, inclusion: int | None) -> _View:
    cell = Cell.of(ds)
    if ds.sizes["inclusion"]:
        if inclusion is None:
            offset = np.hypot(ds.inclusion_x - cell.size[0] / 2, ds.inclusion_y - cell.size[1] / 2)
            inclusion = int(offset.values.argmin())
        centre = (float(ds.inclusion_x[inclusion]), float(ds.inclusion_y[inclusion]))
        radius = float(ds.inclusion_radius[inclusion])
    else:
        centre, radius = (cell.size[0] / 2, cell.size[1] / 2), min(cell.size) / 6
    reach = max(2.2 * radius, radius + 8 * max(cell.spacing))
    picked = []
    for axis, dim in enumerate(("x", "y")):
        number, step = ds.sizes[dim], cell.spacing[axis]
        middle = centre[axis] / step - 0.5
        low, high = int(np.ceil(middle - reach / step)), int(np.floor(middle + reach / step))
        if cell.periodic[axis]:
            low, high = max(low, high - number + 1), high
        else:
            low, high = max(low, 0), min(high, number - 1)
        index = np.arange(low, high + 1)
        picked.append((index % number, (index + 0.5) * step - centre[axis]))
    (rows, x), (columns, y) = picked
    return _View(centre, radius, x, y, rows, columns)


def _electric_field(ds: xr.Dataset) -> Pair:
    """𝓔 = −∇V at the sites, in V/m."""
    cell = Cell.of(ds)
    parts = []
    for axis, dim in enumerate(("x", "y")):
        mode: Any = "wrap" if cell.periodic[axis] else "edge"
        wide = ds.electric_potential.pad({dim: 1}, mode=mode).values
        slope = np.gradient(wide, cell.spacing[axis] * 1e-6, axis=axis)
        inner = slope[1:-1] if axis == 0 else slope[:, 1:-1]
        parts.append(ds.electric_potential.copy(data=-inner))
    return parts[0], parts[1]


def _frame(ax: Axes, view: _View) -> tuple[float, float, float, float]:
    dx, dy = view.x[1] - view.x[0], view.y[1] - view.y[0]
    ax.add_patch(
        Circle((0, 0), view.radius, fill=False, edgecolor="black", linewidth=0.7, linestyle=":", zorder=3)
    )
    ax.set(xlabel="x (µm)", ylabel="y (µm)")
    return view.x[0] - dx / 2, view.x[-1] + dx / 2, view.y[0] - dy / 2, view.y[-1] + dy / 2


def _arrows(ax: Axes, x: Array, y: Array, u: Array, v: Array, length: float, colour: str) -> None:
    """Arrows whose longest is ``length`` µm; nothing where there is no field."""
    largest = float(np.hypot(u, v).max(initial=0.0))
    if largest > 0:
        ax.quiver(
            x,
            y,
            u,
            v,
            color=colour,
            pivot="mid",
            angles="xy",
            scale_units="xy",
            scale=largest / length,
            width=0.012,
            headwidth=3.5,
            headlength=4,
            headaxislength=3.6,
            zorder=4,
        )


def _draw_sources(ax: Axes, ds: xr.Dataset, view: _View, electric: Pair) -> None:
    exchange = view.cut(ds.exchange_field)
    limit, _ = colour_limit(exchange, 100)
    factor, unit = engineering(limit, "meV")
    image = ax.imshow(
        exchange.T * factor,
        origin="lower",
        extent=_frame(ax, view),
        cmap="PiYG",
        vmin=-2 * limit * factor,
        vmax=2 * limit * factor,
    )
    bar = ax.figure.colorbar(
        image, ax=ax, orientation="horizontal", label=f"exchange $b_z$ ({unit})", aspect=25
    )
    bar.ax.set_xlim(-limit * factor, limit * factor)
    angle = np.arange(20) * 2 * np.pi / 20
    x, y = view.radius * np.cos(angle), view.radius * np.sin(angle)
    u, v = (Cell.of(ds).sample(part, x + view.centre[0], y + view.centre[1]) for part in electric)
    seen = view.shows(x, y)
    _arrows(ax, x[seen], y[seen], u[seen], v[seen], 0.45 * view.radius, BLUE)


def _draw_flow(ax: Axes, ds: xr.Dataset, view: _View) -> None:
    u, v = (view.cut(part) for part in ds.supercurrent)
    size = np.hypot(u, v)
    limit, clipped = colour_limit(size)
    factor, unit = engineering(limit, "A/m²")
    image = ax.imshow(
        size.T * factor, origin="lower", extent=_frame(ax, view), cmap=SEQUENTIAL, vmin=0, vmax=limit * factor
    )
    ax.figure.colorbar(
        image,
        ax=ax,
        orientation="horizontal",
        label=f"|j| ({unit})",
        aspect=25,
        extend="max" if clipped else "neither",
    )
    angle, ring = np.meshgrid(np.arange(16) * 2 * np.pi / 16, [0.5, 1.0, 1.5])
    x, y = ring * view.radius * np.cos(angle), ring * view.radius * np.sin(angle)
    u, v = (Cell.of(ds).sample(part, x + view.centre[0], y + view.centre[1]) for part in ds.supercurrent)
    strength = np.hypot(u, v)
    seen = (strength > 0.15 * strength.max()) & view.shows(x, y)
    _arrows(ax, x[seen], y[seen], u[seen], v[seen], 0.45 * view.radius, SKY)


def _draw_profiles(axes: list[Axes], ds: xr.Dataset, view: _View, electric: Pair) -> None:
    cell = Cell.of(ds)
    rows = [
        ("$b_z$", ds.exchange_field, "meV", GREEN),
        ("$\\mathcal{E}_x$", electric[0], "V/m", BLUE),
        ("$\\tilde h$", ds.pseudo_magnetisation, "mT", BLACK),
        ("$j_y$", ds.supercurrent[1], "A/m²", ORANGE),
        ("$B_z$", ds.magnetic_field, "mT", VERMILLION),
    ]
    for ax, (symbol, field, unit, colour) in zip(axes, rows, strict=True):
        values = cell.sample(field, view.x + view.centre[0], np.full_like(view.x, view.centre[1]))
        largest = float(np.abs(values).max())
        factor, shown = engineering(largest, unit)
        ax.plot(view.x, values * factor, color=colour)
        ax.set_ylabel(f"{symbol}\n({shown})", rotation=0, ha="right", va="center")
        ax.set_xlim(view.x[0], view.x[-1])
        ax.margins(y=0.15)
        if largest < NOTHING:
            ax.set_ylim(-1, 1)
        ax.axhline(0, color="black", linewidth=0.4, zorder=0)
        for edge in (-view.radius, view.radius):
            ax.axvline(edge, color="black", linewidth=0.7, linestyle=":", zorder=0)
        ax.tick_params(labelbottom=ax is axes[-1])
        ax.locator_params(axis="y", nbins=3)
    axes[-1].set_xlabel("x (µm), y = 0")
    axes[0].figure.align_ylabels(axes)
