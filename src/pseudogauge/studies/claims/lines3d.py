"""Claims about vortex lines among inclusions scattered in space: footnote 3."""

from __future__ import annotations

from functools import cache

import numpy as np
import xarray as xr

from ..lines3d import threshold_table
from .registry import claim
from .verdicts import Bound, Evidence, short

LITTLE = 0.1
"""Of the line energy: what counts as a little cost."""
GRID = 0.04
"""Relative error of a threshold on this grid, from one twice as fine."""


@cache
def _thresholds(quick: bool) -> xr.Dataset:
    """Random balls at two fillings, with the tension of an isotropic crystal and a tenth of it."""
    return threshold_table((0.05, 0.3), (1.0, 0.1), range(1 if quick else 3), (8.0, 8.0, 16.0), (32, 32, 64))


@claim(
    "footnote-3", "footnote 3", "At higher density the vortex lines bend round the inclusions at little cost"
)
def _footnote3(quick: bool) -> Evidence:
    found = _thresholds(quick).sel(winding=1, tension=1.0)
    # a line that avoids every ball for nothing gains at h̃ = H_c1 / x
    extra = found.threshold * found.found_filling - 1
    worst = extra.max().item()
    spread = float(np.abs(extra - extra.mean("seed")).max())
    listed = ", ".join(short(value, 3) for value in found.threshold.mean("seed").values)
    note = (
        "elastic line of tension ε1 among random balls, x = .05 and .3: largest threshold h̃*/H_c1 times x, less the 1 "
        f"of a line that is straight and meets no ball; thresholds {listed}. R ≫ ξ, λ ≫ R, edge 0.4 R"
    )
    return Bound(worst, error=GRID + spread, below=LITTLE, note=note)


@claim("footnote-3-first", "footnote 3", "Among inclusions random in space the first vortex lines avoid them")
def _first(quick: bool) -> Evidence:
    threshold = _thresholds(quick).threshold
    ratio = threshold.sel(winding=1) / threshold.sel(winding=-1)
    least = ratio.min().item()
    ranges = "; ".join(
        f"{short(part.min().item(), 3)}…{short(part.max().item(), 3)} at x = {filling}"
        for filling, part in ((x, threshold.sel(winding=-1, filling=x)) for x in threshold.filling.values)
    )
    note = (
        "least ratio of the thresholds h̃*/H_c1 of a vortex that avoids the balls and an antivortex that threads them, "
        f"tension ε1 and ε1/10, x = .05 and .3; the antivortex gains from {ranges}. Lines through the whole "
        "sample, R ≫ ξ, λ ≫ R"
    )
    return Bound(least, error=2 * GRID * least, below=1.0, note=note)
