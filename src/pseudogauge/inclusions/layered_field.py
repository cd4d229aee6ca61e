"""The pseudo-gauge field of balls in a layered crystal: layer by layer that of the disks they are cut into.

Currents flow in the layers, so the in-plane edge field of a ball drives rings round z; their
pseudo-magnetisation is h̃(|r|) ẑ with the radial profile of the ball. Derivation: docs/theory/lines3d.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import require
from ..numerics.grid import Grid
from .balls import Balls, ball_profiles
from .placement import require_positive
from .pseudo_field import DEPAIRING, PseudoField
from .radial import RadialProfiles, Superposition

__all__ = ["LayeredPseudoField", "layered_pseudo_field"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Cut:
    """The balls seen from one layer: where their axes pierce it."""

    centres: Floats
    extent: tuple[float, float]
    periodic: tuple[bool, bool]


@dataclass(frozen=True, eq=False)
class LayeredPseudoField:
    """ã(x, y, z) = −κ²∇×(h̃ ẑ) of balls, zero outside the box; build one with `layered_pseudo_field`.

    Attributes
    ----------
    kappa : κ = λ/ξ
    balls : the inclusions
    peak : max |ã| of a single edge, in Φ0/2πξ; compare with `DEPAIRING`
    """

    kappa: float
    balls: Balls
    peak: float
    profiles: RadialProfiles
    rows: NDArray[np.int64]
    weight: Floats

    def __call__(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """(ã_x, ã_y, 0) at the points."""
        _, along_x, along_y = self._sampled(x, y, z)
        return -(self.kappa**2) * along_y, self.kappa**2 * along_x, np.zeros_like(along_x)

    def stream(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> Floats:
        """h̃ at the points, in H_c2."""
        return np.asarray(self._sampled(x, y, z)[0])

    @property
    def depairing_ratio(self) -> float:
        """max |ã| √3: above 1 a ring suppresses the order parameter or makes its own phase slips."""
        return self.peak / DEPAIRING

    def layer(self, z: float) -> PseudoField:
        """The field in the layer at this height, a field in the plane."""
        box, reach = self.balls, self.profiles.reach
        turns = math.ceil(reach / box.extent[2]) if box.periodic[2] else 0
        place = z % box.extent[2] if box.periodic[2] else z
        image, height = np.arange(-turns, turns + 1) * box.extent[2], box.centres[:, 2] - place
        ball, turn = np.nonzero(np.abs(height[:, None] + image) < reach)
        cut = _Cut(box.centres[ball, :2], box.extent[:2], box.periodic[:2])
        away = height[ball] + image[turn]
        source = Superposition(self.profiles, cut, self.rows[ball], self.weight[ball], away)
        return PseudoField(self.kappa, cut.extent, cut.periodic, box.smoothing, self.peak, source)

    def on_grid(self, grid: Grid) -> tuple[Floats, Floats]:
        """(ã on links (3, Nx, Ny, Nz), h̃ on plaquettes) with κ²∇×h̃ = −ã exact in every layer.

        The layers are at z = (n + ½) grid.layer_spacing. See `PseudoField.on_grid`.
        """
        self._require_fit(grid)
        flat = Grid(grid.shape[:2], grid.spacing, grid.periodic_axes[:2])
        layers = [self.layer((n + 0.5) * grid.spacings[2]).on_grid(flat) for n in range(grid.shape[2])]
        links = np.zeros((3, *grid.shape))
        links[:2] = np.stack([ã for ã, _ in layers], axis=-1)
        return links, np.stack([h for _, h in layers], axis=-1)

    def on_links(self, grid: Grid) -> Floats:
        """ã on links, (3, Nx, Ny, Nz), nothing along z; see `on_grid`."""
        return self.on_grid(grid)[0]

    def _sampled(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> Floats:
        px, py, pz = (np.asarray(p, dtype=float) for p in np.broadcast_arrays(x, y, z))
        require(bool(np.isfinite(pz).all()), "z", "a non-finite point", "finite")
        out = np.zeros((3, *px.shape))
        for height in np.unique(pz):
            here = pz == height
            if self.balls.periodic[2] or 0 <= height <= self.balls.extent[2]:
                out[:, here] = self.layer(float(height)).source(px[here], py[here])
        return out

    def _require_fit(self, grid: Grid) -> None:
        box = self.balls
        require(grid.ndim == 3, "grid", grid.shape, "three-dimensional")
        fits = np.allclose(grid.extent, box.extent, rtol=1e-9, atol=0)
        require(fits, "grid", grid.extent,
                f"a grid that covers the box {box.extent}",
                "choose shape × spacing = extent, and layers × layer_spacing along z")  # fmt: skip
        require(grid.periodic_axes == box.periodic, "grid", grid.periodic_axes,
                f"periodic as the box is: {box.periodic}")  # fmt: skip


def layered_pseudo_field(inclusions: Balls, coupling: float, kappa: float) -> LayeredPseudoField:
    """Pseudo-gauge field of balls, h̃_inside = coupling · b_z · V_∥ · g; the counterpart of `pseudo_field`.

    Raises `InputError` for a non-finite coupling or a non-positive κ.

    >>> from pseudogauge.inclusions import balls
    >>> one = balls([(10, 10, 10)], 4.0, edge_width=0.8, extent=(20, 20, 20), exchange=0.05)
    >>> field = layered_pseudo_field(one, coupling=1.0, kappa=2.0)
    >>> round(float(field.stream(10, 10, 10)), 4), round(float(field(14, 10, 10)[1]), 4)
    (0.05, -0.2484)
    """
    require(math.isfinite(coupling), "coupling", coupling, "a finite number")
    require_positive("kappa", kappa)
    profiles, rows = ball_profiles(inclusions)
    weight = coupling * inclusions.exchange * inclusions.potential
    steepest = np.max(np.abs(weight) * profiles.steepest[rows], initial=0.0)
    peak = float(kappa**2 * steepest)
    return LayeredPseudoField(float(kappa), inclusions, peak, profiles, rows, weight)
