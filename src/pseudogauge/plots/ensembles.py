"""Means over what was repeated, and their errors."""

from __future__ import annotations

import math

import xarray as xr

__all__ = ["mean_and_error"]


def mean_and_error(values: xr.DataArray, dim: str = "run") -> tuple[float, float]:
    """Mean over ``dim`` and its standard error, NaN for a single value; what is NaN does not count.

    >>> mean_and_error(xr.DataArray([1.0, 3.0, float("nan")], dims="run"))
    (2.0, 1.0)
    """
    known = values.dropna(dim)
    number = known.sizes[dim]
    error = float(known.std(dim, ddof=1)) / math.sqrt(number) if number > 1 else math.nan
    return float(known.mean(dim)), error
