"""One inclusion at every site of a square or triangular lattice: the cell in which phases are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import k0

from ...errors import require
from ...ginzburg_landau import GinzburgLandau, Grid
from ...ginzburg_landau.london import London
from ...inclusions import Inclusions, PseudoField, disk_lattice, pseudo_field
from ...inclusions.shapes import DEFAULT_OVERHANG
from ...units import Scales

__all__ = ["Crystal", "Vortex", "clearance", "image_energy", "lower_critical_field"]

Floats = NDArray[np.float64]
Vortex = tuple[float, float, int]
NUMBER = (int, float, np.number)
REACH = 25.0
"""Distance in λ beyond which K0 is nothing."""


def lower_critical_field(kappa: float) -> float:
    """H_c1 in H_c2 (Brandt's fit, PRB 68, 054506); 4πκ² times it is the line energy ε1 of a vortex.

    >>> round(lower_critical_field(10.0), 7)
    0.0142754
    """
    scales = Scales(coherence_length=1.0, penetration_depth=kappa)
    return scales.lower_critical_field / scales.upper_critical_field


def image_energy(vectors: Floats, kappa: float) -> float:
    """Σ 4πK0(|R|/κ) over the lattice points R ≠ 0 of the two rows of ``vectors``: twice the energy of a vortex lattice
    per vortex, beyond ε1, in Φ0²/8π²μ0λ².

    >>> round(image_energy(np.eye(2) * 4.0, kappa=1.0), 4)
    0.6649
    """
    heights = abs(np.linalg.det(vectors)) / np.linalg.norm(vectors[::-1], axis=1)
    reach = [math.ceil(REACH * kappa / height) for height in heights]
    i, j = np.ogrid[-reach[0] : reach[0] + 1, -reach[1] : reach[1] + 1]
    distance = np.hypot(*(i * vectors[0, axis] + j * vectors[1, axis] for axis in (0, 1)))
    distance[reach[0], reach[1]] = np.inf
    return float(4 * math.pi * k0(distance / kappa).sum())


def clearance(grid: Grid, inclusions: Inclusions) -> Floats:
    """Distance of every plaquette to the nearest rim; negative inside an inclusion."""
    nearest = np.full(grid.plaquette_shape, np.inf)
    for centre, radius in zip(inclusions.centres, inclusions.radius, strict=True):
        apart = [np.abs(p - c) for p, c in zip(grid.plaquettes, centre, strict=True)]
        near = [
            np.minimum(d, side - d) if wraps else d
            for d, side, wraps in zip(apart, grid.extent, grid.periodic_axes, strict=True)
        ]
        nearest = np.minimum(nearest, np.hypot(*near) - radius)
    return nearest


@dataclass(frozen=True)
class Crystal:
    """A lattice of equal inclusions, in units of ξ; its cell is periodic.

    Parameters
    ----------
    filling : x = πR²/(area per inclusion)
    radius, edge_width : R and d ≤ 2 R of the inclusions (see `pseudogauge.inclusions.Inclusions`)
    kappa : λ/ξ, above 1/√2
    arrangement : "square" (one inclusion in the cell) or "triangular" (two)
    spacing : largest distance of grid sites
    exchange_overhang : how far b_z reaches beyond R, at most half-way to the neighbour, which is "half gap" (and where
        the gap is below d the ring current ends with it); None: 2 d, across every edge, which at large x is more than
        the gaps, so that b_z of neighbours merges to one uniform field, as the paper assumes
    screening_length : 1/k_TF, which widens the edge field's tails (see `Inclusions`)

    >>> crystal = Crystal(filling=0.3, radius=4.0, edge_width=4.0, kappa=10.0)
    >>> crystal.grid.shape, round(crystal.depairing, 2)
    ((26, 26), 1.7)
    """

    filling: float
    radius: float
    edge_width: float
    kappa: float
    arrangement: Literal["square", "triangular"] = "square"
    spacing: float = 0.5
    exchange_overhang: float | Literal["half gap"] | None = None
    screening_length: float = 0.0

    def __post_init__(self) -> None:
        for name in ("radius", "edge_width", "kappa", "spacing"):
            value = getattr(self, name)
            fine = isinstance(value, NUMBER) and bool(0 < value < math.inf)
            require(fine, name, value, "a positive, finite number")
        allowed = "above 1/√2: below, the superconductor is of type I and takes in no single vortices"
        require(self.kappa > math.sqrt(0.5), "kappa", self.kappa, allowed)
        allowed = f"at most 2 radius = {2 * self.radius:g}, where h̃ at the centre is half its nominal value"
        fix = "take a narrower edge, or larger inclusions"
        require(self.edge_width <= 2 * self.radius, "edge_width", self.edge_width, allowed, fix)
        known = ("square", "triangular")
        require(self.arrangement in known, "arrangement", self.arrangement, "'square' or 'triangular'")
        closest = math.pi / 4 if self.arrangement == "square" else math.pi / math.sqrt(12)
        allowed = f"between 0 and {closest:.4g}, where the disks touch"
        fine = isinstance(self.filling, NUMBER) and 0 < self.filling < closest
        require(fine, "filling", self.filling, allowed)
        overhang = self.exchange_overhang
        allowed = "0 or more, 'half gap', or None for 2 edge_width"
        fine = overhang in (None, "half gap") or (isinstance(overhang, NUMBER) and 0 <= overhang < math.inf)
        require(fine, "exchange_overhang", overhang, allowed)

    @property
    def per_cell(self) -> int:
        """Inclusions in the cell."""
        return 1 if self.arrangement == "square" else 2

    @property
    def area(self) -> float:
        """Area per inclusion in ξ²."""
        return math.pi * self.radius**2 / self.filling

    @property
    def overhang(self) -> float:
        """Distance in ξ to which b_z reaches beyond R.

        >>> round(Crystal(0.7, 12.0, 6.0, 10.0, exchange_overhang="half gap").overhang, 2)
        0.71
        """
        if self.exchange_overhang is None:
            return DEFAULT_OVERHANG * self.edge_width
        cell = 1.0 if self.arrangement == "square" else math.sqrt(3) / 2
        half_gap = math.sqrt(self.area / cell) / 2 - self.radius
        return half_gap if self.exchange_overhang == "half gap" else min(self.exchange_overhang, half_gap)

    @cached_property
    def grid(self) -> Grid:
        """The cell; its sides are as 1:1 or, as nearly as sites allow, 1:√3."""
        aspect = 1.0 if self.per_cell == 1 else math.sqrt(3)
        area = self.per_cell * self.area
        least = math.ceil(math.sqrt(area / aspect) / self.spacing)
        if (
            self.per_cell == 2
        ):  # even numbers, so that the second inclusion sits on the grid as the first does
            least += least % 2
            nearest = {n: 2 * round(aspect * n / 2) for n in range(least, least + 13, 2)}
            columns, rows = min(nearest.items(), key=lambda sides: abs(sides[1] / (aspect * sides[0]) - 1))
        else:
            columns = rows = least
        return Grid((columns, rows), math.sqrt(area / (columns * rows)))

    @cached_property
    def inclusions(self) -> Inclusions:
        width, height = self.grid.extent
        return disk_lattice(
            self.radius,
            extent=(width, height),
            edge_width=self.edge_width,
            arrangement=self.arrangement,
            count=self.per_cell,
            exchange_overhang=self.overhang,
            screening_length=self.screening_length,
        )

    @cached_property
    def unit_field(self) -> PseudoField:
        """The pseudo-gauge field for a nominal h̃ = H_c1, which is that inside unless b_z ends within the edge."""
        return pseudo_field(self.inclusions, lower_critical_field(self.kappa), self.kappa)

    @property
    def line_energy(self) -> float:
        """ε1 = 4πκ²H_c1 in Φ0²/8π²μ0λ²."""
        return 4 * math.pi * self.kappa**2 * lower_critical_field(self.kappa)

    @property
    def depairing(self) -> float:
        """h̃/H_c1 at which the ring reaches |ã| = 1/√3."""
        return 1 / self.unit_field.depairing_ratio

    @cached_property
    def _unit_links(self) -> Floats:
        return self.unit_field.on_links(self.grid)

    def problem(self, height: float, net: int = 0) -> GinzburgLandau:
        """The cell for h̃ = ``height`` H_c1 inside, with ``net`` flux quanta per inclusion."""
        flux = net * self.per_cell
        links = height * self._unit_links
        return GinzburgLandau(self.grid, kappa=self.kappa, pseudo_potential=links, flux_quanta=flux)

    @cached_property
    def london(self) -> London:
        """London theory of the cell for h̃ = H_c1 inside, at no net flux."""
        return London(self.problem(1.0))

    def copies(self, around: Floats) -> list[Floats]:
        """An array around one inclusion, and the same around each other inclusion of the cell."""
        half = (self.grid.shape[0] // 2, self.grid.shape[1] // 2)
        return [around] if self.per_cell == 1 else [around, np.roll(around, half, axis=(0, 1))]

    def images(self, fraction: float = 1.0, stiffness: float = 1.0) -> float:
        """`image_energy` of equal vortices on a share ``fraction`` of the cells, spread as the lattice is.

        A superfluid of ``stiffness`` n screens over λ/√n and its vortices repel n times as strongly.
        """
        lengths = np.array(self.grid.extent)
        vectors = np.diag(lengths) if self.per_cell == 1 else np.array([[1, 0], [0.5, 0.5]]) * lengths
        return stiffness * image_energy(vectors / math.sqrt(fraction), self.kappa / math.sqrt(stiffness))

    def vortices(self, plus: int, minus: int) -> list[Vortex]:
        """``plus`` vortices between and ``minus`` antivortices inside for every inclusion, at most two of each.

        A single one goes where London theory puts the first; for λ below R that is the rim, or a gap.
        """
        for name, number in (("plus", plus), ("minus", minus)):
            require(number in (0, 1, 2), name, number, "0, 1 or 2 for every inclusion")
        lengths = np.array(self.grid.extent)
        centres = self.inclusions.centres
        between = centres + self._best_between if plus == 1 else self._between_pair * lengths
        found = [(*spot, 1) for spot in between] if plus else []
        across = np.array([0.35 * self.radius, 0.0])
        offsets = {0: [], 1: [self._best_inside], 2: [-across, across]}[minus]
        found += [(*(centre + offset), -1) for centre in centres for offset in offsets]
        return [(float(x % lengths[0]), float(y % lengths[1]), w) for x, y, w in found]

    @cached_property
    def _best_inside(self) -> Floats:
        """From the centre of an inclusion to the place where an antivortex gains most in London theory."""
        return self._best(-1)

    @cached_property
    def _best_between(self) -> Floats:
        """From the centre of an inclusion to the place where a vortex between gains most in London theory."""
        return self._best(1)

    def _best(self, winding: int) -> Floats:
        x, y = self.grid.plaquettes
        outwards = winding * clearance(self.grid, self.inclusions)
        gain = np.where(outwards > 0, -winding * self.london.landscape, -np.inf)
        nearly = gain > gain.max() - 1e-6 * abs(gain.max())  # on a plateau, its middle
        spot = np.unravel_index(int(np.where(nearly, outwards, -np.inf).argmax()), x.shape)
        return np.asarray(np.array([x[spot], y[spot]]) - self.inclusions.centres[0])

    @property
    def _between_pair(self) -> Floats:
        """Two interstitial sites for every inclusion, in units of the cell's sides."""
        if self.per_cell == 1:
            sites = [(0, 0.5), (0.5, 0)]
        else:  # the two kinds of triangles of a triangular lattice
            sites = [(3 / 4, 5 / 12), (1 / 4, 11 / 12), (1 / 4, 7 / 12), (3 / 4, 1 / 12)]
        return np.array(sites)
