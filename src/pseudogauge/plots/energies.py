"""Energies of the states compared in the search for the ground state."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .style import GREY, new_figure, styled

__all__ = ["energy_figure"]


@styled
def energy_figure(ds: xr.Dataset) -> Figure:
    """Energy above the lowest of every candidate against its flux sector, coloured by its antivortices."""
    figure = new_figure(4.6, 2.8)
    ax = figure.subplots()
    energy, sector = ds.candidate_energy.values, ds.candidate_sector.values
    antivortices = ds.candidate_antivortices.values
    ax.set(xlabel="flux sector N (total flux in Φ₀)", ylabel="$E - E_{min}$  (Φ₀²/8π²μ₀λ²)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if not energy.size:
        ax.text(0.5, 0.5, "no candidates recorded", ha="center", va="center", transform=ax.transAxes)
        return figure
    above = energy - energy.min()
    sectors = np.unique(sector)
    ax.plot(
        sectors,
        [above[sector == n].min() for n in sectors],
        color=GREY,
        linewidth=0.8,
        zorder=1,
        label="lowest of each sector",
    )
    points = ax.scatter(
        sector, above, s=22, c=antivortices, cmap="viridis", vmin=0, vmax=max(1, antivortices.max())
    )
    figure.colorbar(
        points, ax=ax, label="antivortices (number)", ticks=MaxNLocator(6, integer=True), aspect=30
    )
    best = int(energy.argmin())
    found = f"lowest found: {ds.candidate_vortices.values[best]} ▲  {antivortices[best]} ▼"
    ax.scatter(sector[best], 0, s=90, facecolor="none", edgecolor="black", linewidth=1, label=found, zorder=3)
    ax.margins(0.08)
    ax.set_xlim(min(sectors[0], sectors[-1] - 1) - 0.5, max(sectors[-1], sectors[0] + 1) + 0.5)
    figure.legend(loc="outside upper center", ncols=2)
    return figure
