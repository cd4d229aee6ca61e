"""Inclusions on a regular lattice."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ..errors import require
from .placement import require_positive, sample_lengths
from .shapes import Inclusions, disks

__all__ = ["disk_lattice"]


def disk_lattice(
    radius: float,
    *,
    extent: tuple[float, float],
    edge_width: float,
    arrangement: Literal["square", "triangular"] = "square",
    count: int | None = None,
    spacing: float | None = None,
    filling: float | None = None,
    periodic: bool | tuple[bool, bool] = True,
    exchange: ArrayLike = 1.0,
    potential: ArrayLike = 1.0,
    screening_length: float = 0.0,
    exchange_overhang: float | None = None,
    fermi_momentum: float = math.inf,
) -> Inclusions:
    """Inclusions on a square or triangular lattice, from exactly one of count, spacing or filling.

    A whole number of rows and columns (an even number of rows for the triangular lattice) has to fit the
    sample, so the lattice is strained by the least amount that fits; ``note`` then says what came out.

    >>> square = disk_lattice(2.0, extent=(20, 20), edge_width=0.5, spacing=10)
    >>> len(square), square.note
    (4, '')
    >>> disk_lattice(2.0, extent=(20, 20), edge_width=0.5, arrangement="triangular", spacing=10).note
    'spacing 10 → 10 in a row and 10 between rows (8.66 asked), 4 disks, to fit whole rows and columns'
    """
    lengths = sample_lengths(extent)
    require_positive("radius", radius)
    require(arrangement in ("square", "triangular"), "arrangement", arrangement, "'square' or 'triangular'")
    given = {"count": count, "spacing": spacing, "filling": filling}
    given = {name: value for name, value in given.items() if value is not None}
    require(len(given) == 1, "count, spacing, filling", sorted(given), "exactly one of the three")
    name, value = next(iter(given.items()))
    assert value is not None
    require_positive(name, value)
    row = math.sqrt(3) / 2 if arrangement == "triangular" else 1.0  # row distance / lattice constant
    area = lengths[0] * lengths[1]
    density = {
        "count": value / area,
        "spacing": 1 / (row * value**2),
        "filling": value / (math.pi * radius**2),
    }
    constant = 1 / math.sqrt(row * density[name])
    rows = max(1, round(lengths[1] / (row * constant)))
    if arrangement == "triangular":
        rows = 2 * max(1, round(lengths[1] / (2 * row * constant)))
    columns = max(1, round(area * density[name] / rows if name == "count" else lengths[0] / constant))
    step = (lengths[0] / columns, lengths[1] / rows)
    shift = 0.5 * (np.arange(rows) % 2) if arrangement == "triangular" else np.zeros(rows)
    x = (np.arange(columns)[:, None] + 0.5 * (1 if arrangement == "square" else 0.5) + shift) * step[0]
    y = np.broadcast_to((np.arange(rows) + 0.5) * step[1], x.shape)
    strained = max(abs(step[0] / constant - 1), abs(step[1] / (row * constant) - 1)) > 1e-9
    note = (
        f"{name} {value:g} → {step[0]:.4g} in a row and {step[1]:.4g} between rows "
        f"({row * constant:.4g} asked), {x.size} disks, to fit whole rows and columns"
    )
    return disks(
        np.stack([x.ravel(), y.ravel()], axis=1), radius, edge_width=edge_width, extent=lengths,
        periodic=periodic, exchange=exchange, potential=potential, screening_length=screening_length,
        exchange_overhang=exchange_overhang, fermi_momentum=fermi_momentum, note=note if strained else "",
    )  # fmt: skip
