"""Which phase a state is in: where its vortices sit, and whether their flux is along h̃ or against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from ..ginzburg_landau import State
from ..inclusions import Inclusions, PseudoField
from ..results import attribute

__all__ = ["PHASES", "Phase", "Places", "Where", "places_in_run", "places_of", "places_of_state"]

Floats = NDArray[np.float64]
Phase = Literal["none", "interstitial", "trapped antivortices", "pairs", "mixed", "normal"]
Where = Literal["between", "inside"]
PHASES: tuple[Phase, ...] = ("none", "interstitial", "trapped antivortices", "pairs", "mixed", "normal")
NORMAL = 1e-3
"""Mean |ψ|² below which the windings are those of noise."""


@dataclass(frozen=True, eq=False)
class Places:
    """The vortices of a state sorted by sign and place.

    Attributes
    ----------
    winding : (V,) integers
    inclusion : (V,) number of the inclusion a vortex is in (nearer than its radius), −1 if between
    height_sign : (N,) sign of h̃ in each inclusion
    moment : sign of the mean h̃, 0 if the inclusions cancel
    normal : whether the sample is not superconducting at all
    """

    winding: NDArray[np.int64]
    inclusion: NDArray[np.int64]
    height_sign: NDArray[np.int64]
    moment: int
    normal: bool = False

    def count(self, sign: int, where: Where) -> int:
        """Number of vortices of positive (or negative) winding at one kind of place."""
        chosen = (np.sign(self.winding) == sign) & ((self.inclusion >= 0) == (where == "inside"))
        return int(chosen.sum())

    @property
    def net(self) -> int:
        """Σ winding: the flux the vortices carry, in Φ0."""
        return int(self.winding.sum())

    @property
    def net_along(self) -> int:
        """Net flux in Φ0 along the inclusions' mean h̃; 0 if that vanishes."""
        return self.net * self.moment

    @property
    def phase(self) -> Phase:
        """The name of the phase.

        "interstitial": vortices along the mean h̃, all between inclusions [LOB Sec. II]; "trapped antivortices":
        vortices against the h̃ of the inclusion each is in; "pairs": both, whatever their net flux; "mixed":
        anything else. Where the inclusions cancel (``moment`` = 0), between has no sign.
        """
        if self.normal:
            return "normal"
        if not self.winding.size:
            return "none"
        inside = self.inclusion >= 0
        own = self.height_sign[self.inclusion[inside]]
        trapped = self.winding[inside] * own < 0
        between = self.winding[~inside] * self.moment > 0 if self.moment else np.full((~inside).sum(), True)
        if not (trapped.all() and between.all()):
            return "mixed"
        if trapped.size and between.size:
            return "pairs"
        return "trapped antivortices" if trapped.size else "interstitial"


def places_of(
    x: ArrayLike,
    y: ArrayLike,
    winding: ArrayLike,
    *,
    centres: ArrayLike,
    radius: ArrayLike,
    height: ArrayLike,
    extent: tuple[float, float],
    periodic: tuple[bool, bool] = (True, True),
    normal: bool = False,
) -> Places:
    """Sort vortices at (x, y) among disks with pseudo-magnetisation ``height`` (N,); any one unit of length.

    >>> disk = dict(centres=[(2, 2)], radius=[1.0], height=[0.3], extent=(8, 8))
    >>> places_of([7.5, 2.1], [6.0, 1.8], [1, -1], **disk).phase
    'pairs'
    >>> places_of([7.5], [6.0], [1], **disk).net_along
    1
    """
    points = np.stack([np.asarray(x, float), np.asarray(y, float)], axis=-1).reshape(-1, 2)
    middles, radii = np.asarray(centres, float).reshape(-1, 2), np.asarray(radius, float).ravel()
    apart = points[:, None] - middles
    period = np.where(periodic, extent, np.inf)
    apart -= np.where(periodic, np.round(apart / period) * extent, 0.0)
    depth = radii - np.hypot(apart[..., 0], apart[..., 1])
    inclusion = np.full(len(points), -1)
    if radii.size:
        deepest = depth.argmax(axis=1)
        inclusion = np.where(depth.max(axis=1) > 0, deepest, -1)
    values = np.asarray(height, float).ravel()
    flux = values * radii**2
    balanced = abs(flux.sum()) <= 1e-9 * np.abs(flux).sum()
    return Places(
        winding=np.asarray(winding, dtype=np.int64).ravel(),
        inclusion=inclusion.astype(np.int64),
        height_sign=np.sign(values).astype(np.int64),
        moment=0 if balanced else int(np.sign(flux.sum())),
        normal=normal,
    )


def places_of_state(state: State, inclusions: Inclusions, field: PseudoField) -> Places:
    """Sort the vortices of a Ginzburg-Landau state among the inclusions that make ``field``."""
    found = state.vortices
    return places_of(
        found.x,
        found.y,
        found.winding,
        centres=inclusions.centres,
        radius=inclusions.radius,
        height=field.stream(*inclusions.centres.T),
        extent=inclusions.extent,
        periodic=inclusions.periodic,
        normal=float(np.mean(np.abs(state.order_parameter) ** 2)) < NORMAL,
    )


def places_in_run(ds: xr.Dataset) -> Places:
    """Sort the vortices of a run (a dataset that follows `pseudogauge.results.FIELDS`)."""
    spacing = [float(ds[axis][1] - ds[axis][0]) for axis in ("x", "y")]
    along_x, along_y = attribute(ds, "periodic")
    centres = np.stack([ds.inclusion_x.values, ds.inclusion_y.values], axis=-1)
    near = ds.pseudo_magnetisation.sel(
        x_plaquette=xr.DataArray(centres[:, 0]), y_plaquette=xr.DataArray(centres[:, 1]), method="nearest"
    )
    return places_of(
        ds.vortex_x.values,
        ds.vortex_y.values,
        ds.vortex_winding.values,
        centres=centres,
        radius=ds.inclusion_radius.values,
        height=near.values,
        extent=(ds.sizes["x"] * spacing[0], ds.sizes["y"] * spacing[1]),
        periodic=(along_x, along_y),
        normal=float((abs(ds.order_parameter) ** 2).mean()) < NORMAL,
    )
