"""Balls: charged magnetic inclusions scattered in space, in a crystal layered along z."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf

from ..errors import require
from .packing import place_at_random
from .placement import (
    as_numbers,
    per_inclusion,
    refuse_bad_inclusions,
    require_positive,
    sample_flags,
    sample_lengths,
)
from .radial import RadialProfiles, sample_radii
from .rings import EDGE_REACH
from .shapes import DEFAULT_OVERHANG

__all__ = ["Balls", "ball_profiles", "balls", "random_balls"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Balls:
    """Balls with a potential drop and an exchange field, in a box [0, Lx] × [0, Ly] × [0, Lz].

    The three-dimensional counterpart of `Inclusions`, with the same conventions for signs and edges. The
    charge of a ball is locally screened: a screening length comparable to the edge belongs into edge_width.
    Columns along z are `Inclusions`, whose field can be used on three-dimensional grids too.

    Attributes
    ----------
    centres : (N, 3) array
    radius : (N,) array, > 0
    edge_width : d, > 0; a uniform ball smoothed by a Gaussian of σ = d/√(2π)
    exchange, potential : (N,) arrays, b_z and V_∥ = V(outside) − V(inside)
    exchange_overhang : ≥ 0, how far the exchange region reaches beyond the charge
    extent, periodic : (Lx, Ly, Lz) and a flag per axis

    Raises
    ------
    InputError
        Naming the ball: overlap (also across a periodic boundary), a ball or its exchange region beyond an
        open surface, a non-positive radius, a non-finite number.
    """

    centres: Floats
    radius: Floats
    edge_width: float
    exchange: Floats
    potential: Floats
    exchange_overhang: float
    extent: tuple[float, float, float]
    periodic: tuple[bool, bool, bool]

    def __post_init__(self) -> None:
        sample_lengths(self.extent, 3)
        require_positive("edge_width", self.edge_width)
        require(0 <= self.exchange_overhang < math.inf, "exchange_overhang", self.exchange_overhang,
                "zero or a positive length", "2 edge widths make b constant across the edge")  # fmt: skip
        strengths = {"exchange": self.exchange, "potential": self.potential}
        refuse_bad_inclusions(
            self.centres, self.radius, strengths, self.exchange_overhang, self.extent, self.periodic
        )

    def __len__(self) -> int:
        return len(self.centres)

    def __repr__(self) -> str:
        size = f"{self.radius.min():.4g}…{self.radius.max():.4g}" if len(self) else "-"
        return f"Balls({len(self)} balls, radius {size}, filling {self.filling:.4f})"

    @property
    def filling(self) -> float:
        """Volume fraction x = Σ 4πR³/3 / (Lx Ly Lz): also the fraction of a straight line inside balls."""
        return float(4 * math.pi / 3 * np.sum(self.radius**3) / math.prod(self.extent))

    @property
    def mean_chord(self) -> float:
        """Mean length of a straight line inside one ball it meets, (4/3) ΣR³/ΣR² (Cauchy)."""
        return float(4 / 3 * np.sum(self.radius**3) / np.sum(self.radius**2))

    @property
    def smoothing(self) -> float:
        """σ = d/√(2π), the standard deviation of the Gaussian that smooths every edge."""
        return self.edge_width / math.sqrt(2 * math.pi)


def balls(
    centres: ArrayLike,
    radius: ArrayLike,
    *,
    edge_width: float,
    extent: tuple[float, float, float],
    periodic: bool | tuple[bool, bool, bool] = True,
    exchange: ArrayLike = 1.0,
    potential: ArrayLike = 1.0,
    exchange_overhang: float | None = None,
) -> Balls:
    """Balls from an explicit list; scalars are shared by all. See `Balls` for every argument.

    >>> balls([(4, 5, 5), (14, 5, 5)], 3.0, edge_width=0.5, extent=(20, 10, 10), exchange=(1, -1))
    Balls(2 balls, radius 3…3, filling 0.1131)
    """
    places = as_numbers("centres", centres)
    places = places.reshape(0, 3) if places.size == 0 else places
    count = len(places) if places.ndim == 2 else 0
    require_positive("edge_width", edge_width)
    overhang = DEFAULT_OVERHANG * edge_width if exchange_overhang is None else exchange_overhang
    return Balls(
        centres=places,
        radius=per_inclusion("radius", radius, count),
        edge_width=float(edge_width),
        exchange=per_inclusion("exchange", exchange, count),
        potential=per_inclusion("potential", potential, count),
        exchange_overhang=float(overhang),
        extent=sample_lengths(extent, 3),
        periodic=sample_flags(periodic, 3),
    )


def random_balls(
    radius: float,
    *,
    extent: tuple[float, float, float],
    edge_width: float,
    count: int | None = None,
    filling: float | None = None,
    size_spread: float = 0.0,
    min_gap: float | None = None,
    rng: int | np.random.Generator = 0,
    periodic: bool | tuple[bool, bool, bool] = True,
    exchange: ArrayLike = 1.0,
    potential: ArrayLike = 1.0,
    exchange_overhang: float | None = None,
) -> Balls:
    """Randomly placed balls that keep ``min_gap`` between them; the arguments are those of `random_disks`.

    Random sequential addition of equal balls jams at a filling of 0.384, half the gap round each included.

    >>> random_balls(2.0, extent=(24, 24, 24), edge_width=0.5, filling=0.15, rng=1)
    Balls(62 balls, radius 2…2, filling 0.1503)
    """
    lengths, flags = sample_lengths(extent, 3), sample_flags(periodic, 3)
    centres, radii = place_at_random(
        radius, lengths, flags, edge_width, count, filling, size_spread, min_gap, exchange_overhang, rng
    )
    return balls(
        centres, radii, edge_width=edge_width, extent=lengths, periodic=flags, exchange=exchange,
        potential=potential, exchange_overhang=exchange_overhang,
    )  # fmt: skip


def ball_profiles(inclusions: Balls) -> tuple[RadialProfiles, NDArray[np.int64]]:
    """h̃(|r|) of unit strength for every distinct radius, ∫_r^∞ β (−dv/dr′) dr′, and each ball's row."""
    radii, rows = np.unique(inclusions.radius, return_inverse=True)
    if not len(inclusions):
        radii = np.array([inclusions.edge_width])
    sigma, outer = inclusions.smoothing, radii + inclusions.exchange_overhang
    r = sample_radii(outer.max() + EDGE_REACH * sigma, sigma)[:, None]
    slope = _smooth_ball(r, outer, sigma)[0] * _smooth_ball(r, radii, sigma)[1]
    return RadialProfiles.from_slope(r[:, 0], slope), rows.astype(np.int64)


def _smooth_ball(r: Floats, radius: Floats, sigma: float) -> tuple[Floats, Floats]:
    """v(r) and −dv/dr of a unit ball smoothed by a Gaussian."""
    away, back = (r - radius) / sigma, (r + radius) / sigma
    near, far = np.exp(-0.5 * away**2), np.exp(-0.5 * back**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        tip = sigma / r * (near - far)
        slope = (radius / sigma * (near + far) - tip) / r
    tip, slope = np.where(r > 0, tip, 2 * radius / sigma * near), np.where(r > 0, slope, 0.0)
    root = math.sqrt(2 * math.pi)
    return 0.5 * (erf(back / math.sqrt(2)) - erf(away / math.sqrt(2))) - tip / root, slope / root
