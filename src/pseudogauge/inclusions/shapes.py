"""Charged magnetic inclusions: where the disks are and what each carries."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from .placement import (
    as_numbers,
    per_inclusion,
    refuse_bad_inclusions,
    require_positive,
    sample_flags,
    sample_lengths,
)
from .screening import Screening

__all__ = ["DEFAULT_OVERHANG", "Inclusions", "disks"]

Floats = NDArray[np.float64]
DEFAULT_OVERHANG = 2.0
"""Exchange overhang in edge widths; see `Inclusions.exchange_overhang`."""


@dataclass(frozen=True, eq=False)
class Inclusions:
    """Disks with a potential drop and an exchange field, in a rectangular sample [0, Lx] × [0, Ly].

    All lengths share one unit (the coherence length in practice). `disks`, `disk_lattice` and
    `random_disks` build one and fill the defaults; this constructor only validates.

    Attributes
    ----------
    centres : (N, 2) array
    radius : (N,) array, > 0
        Where the charge density has fallen to one half.
    edge_width : float, > 0
        d: the charge edge is a uniform disk smoothed by a Gaussian of σ = d/√(2π), so that the locally
        screened edge field peaks at V_∥/d, as in a ring of width d [LOB Sec. II].
    exchange, potential : (N,) arrays
        b_z, and V_∥ = V(outside) − V(inside), both signed. Then I_γ = γ b_z V_∥ runs along +φ̂ where it
        is positive [LOB Eq. 6].
    screening_length : float, ≥ 0
        1/k_TF; 0 is local screening [LOB Eq. A2].
    exchange_overhang : float, ≥ 0
        How far the edge of the exchange region (same smoothing) lies outside the charge edge. The paper
        takes b constant across the edge, which needs an overhang of a few d: a straight, locally screened
        edge keeps the fraction Φ(√π·overhang/d) of its current (Φ: normal distribution function), that
        is 0.99980 at the default 2 d, 0.96 at d, and only one half when both edges coincide.
    extent, periodic : (Lx, Ly) and a flag per axis
    fermi_momentum : float
        k_F of the 2D Lindhard response; infinite for Thomas-Fermi.
    note : str
        What a factory had to adjust, empty if nothing.

    Raises
    ------
    InputError
        Naming the inclusion: overlap (also across a periodic boundary), a disk or its exchange region
        beyond an open surface, a non-positive radius, a non-finite number.
    """

    centres: Floats
    radius: Floats
    edge_width: float
    exchange: Floats
    potential: Floats
    screening_length: float
    exchange_overhang: float
    extent: tuple[float, float]
    periodic: tuple[bool, bool]
    fermi_momentum: float = math.inf
    note: str = ""

    def __post_init__(self) -> None:
        sample_lengths(self.extent)
        require_positive("edge_width", self.edge_width)
        require(0 <= self.exchange_overhang < math.inf, "exchange_overhang", self.exchange_overhang,
                "zero or a positive length", "2 edge widths make b constant across the edge")  # fmt: skip
        _ = self.screening  # validates the two screening numbers
        strengths = {"exchange": self.exchange, "potential": self.potential}
        refuse_bad_inclusions(
            self.centres, self.radius, strengths, self.exchange_overhang, self.extent, self.periodic
        )

    def __len__(self) -> int:
        return len(self.centres)

    def __repr__(self) -> str:
        size = f"{self.radius.min():.4g}…{self.radius.max():.4g}" if len(self) else "-"
        return f"Inclusions({len(self)} disks, radius {size}, filling {self.filling:.4f})"

    @property
    def filling(self) -> float:
        """Area fraction of the disks: Σ πR² / (Lx Ly)."""
        return float(math.pi * np.sum(self.radius**2) / (self.extent[0] * self.extent[1]))

    @property
    def screening(self) -> Screening:
        """The static response of the electron gas around the inclusions."""
        return Screening(self.screening_length, self.fermi_momentum)

    @property
    def smoothing(self) -> float:
        """σ = d/√(2π), the standard deviation of the Gaussian that smooths every edge."""
        return self.edge_width / math.sqrt(2 * math.pi)

    def exchange_field(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """b_z(x, y), in the unit of ``exchange``.

        >>> pair = disks([(4, 5), (14, 5)], 3.0, edge_width=0.5, extent=(20, 10), exchange=(1, -2))
        >>> pair.exchange_field([4, 14], 5).round(3)
        array([ 1., -2.])
        """
        from .maps import exchange_field

        return exchange_field(self, x, y)

    def electric_potential(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Screened electric potential, in the unit of ``potential``: −V_∥ inside and 0 far away.

        V_∥ = V(outside) − V(inside), so an inclusion with V_∥ > 0 is charged negatively. The r⁻³ tail of
        each is followed down to 1e-5 V_∥, at r_c; what is cut adds up to filling · V_∥/(k_TF r_c).
        """
        from .maps import electric_potential

        return electric_potential(self, x, y)

    def electric_field(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """(𝓔_x, 𝓔_y) = −∇V of the screened potential; radially inward for V_∥ > 0 [LOB Sec. II].

        >>> one = disks([(10, 10)], 4.0, edge_width=0.5, extent=(20, 20), potential=3.0)
        >>> [round(float(e), 3) for e in one.electric_field(14, 10)]
        [-5.994, 0.0]
        """
        from .maps import electric_field

        return electric_field(self, x, y)

    def scaled(self, factor: float) -> Inclusions:
        """The same inclusions with every length multiplied by ``factor``: another unit of length."""
        return replace(
            self,
            centres=self.centres * factor,
            radius=self.radius * factor,
            edge_width=self.edge_width * factor,
            screening_length=self.screening_length * factor,
            exchange_overhang=self.exchange_overhang * factor,
            extent=(self.extent[0] * factor, self.extent[1] * factor),
            fermi_momentum=self.fermi_momentum / factor,
        )


def disks(
    centres: ArrayLike,
    radius: ArrayLike,
    *,
    edge_width: float,
    extent: tuple[float, float],
    periodic: bool | tuple[bool, bool] = True,
    exchange: ArrayLike = 1.0,
    potential: ArrayLike = 1.0,
    screening_length: float = 0.0,
    exchange_overhang: float | None = None,
    fermi_momentum: float = math.inf,
    note: str = "",
) -> Inclusions:
    """Inclusions from an explicit list; scalars are shared by all. See `Inclusions` for every argument.

    >>> pair = disks([(4, 5), (14, 5)], 3.0, edge_width=0.5, extent=(20, 10), exchange=(1, -1))
    >>> pair
    Inclusions(2 disks, radius 3…3, filling 0.2827)
    >>> disks([(4, 5), (9, 5)], 3.0, edge_width=0.5, extent=(20, 10))
    Traceback (most recent call last):
    ...
    pseudogauge.errors.InputError: centres = (4, 5) (inclusion 0) and (9, 5) (inclusion 1) is not allowed:
    it must be at least R_0 + R_1 = 6 apart, not 5. They overlap: move or shrink one of them.
    """
    places = as_numbers("centres", centres)
    places = places.reshape(0, 2) if places.size == 0 else places
    count = len(places) if places.ndim == 2 else 0
    require_positive("edge_width", edge_width)
    return Inclusions(
        centres=places,
        radius=per_inclusion("radius", radius, count),
        edge_width=float(edge_width),
        exchange=per_inclusion("exchange", exchange, count),
        potential=per_inclusion("potential", potential, count),
        screening_length=float(screening_length),
        exchange_overhang=float(
            DEFAULT_OVERHANG * edge_width if exchange_overhang is None else exchange_overhang
        ),
        extent=sample_lengths(extent),
        periodic=sample_flags(periodic),
        fermi_momentum=float(fermi_momentum),
        note=note,
    )
