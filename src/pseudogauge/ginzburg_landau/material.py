"""Where the superconductor is, and how strong: sample shape, local condensation strength and stiffness."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..errors import InputError, require
from ..numerics.grid import Grid
from .checks import blaming, finite_at, values_at

__all__ = [
    "OnSites",
    "between_sites",
    "filled",
    "links_inside",
    "number_of_parts",
    "openings",
    "sample_mask",
    "stiffness_along",
    "strength",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SLIVER = 0.02  # faces less open than this are closed
OnSites = Callable[..., Any] | NDArray[Any] | float | None


def strength(grid: Grid, epsilon: OnSites) -> Array:
    """ε at the sites, or one row (1, Ny) or plane (1, Ny, Nz) of them if it is a number."""
    if isinstance(epsilon, (int, float, np.number)):
        values = np.full((1, *grid.shape[1:]), float(epsilon))
    else:
        values = np.array(_at_sites(grid, "epsilon", epsilon), dtype=float)
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        spot = tuple(int(n) for n in bad[0])
        raise InputError(f"epsilon at site {spot}", values[spot], "finite", "correct the value given there")
    fix = "1 is the clean material, 0 and below the normal one; choose ξ so that 1 is the largest"
    require(float(values.max()) <= 1.0, "epsilon", f"up to {values.max():.4g}", "at most 1", fix)
    return values


def stiffness_along(grid: Grid, stiffness: Any) -> list[Array | float]:
    """Inverse mass along every axis, relative to the bulk: a number if it is uniform, else an array at the sites."""
    given = blaming("stiffness", stiffness, *grid.sites) if callable(stiffness) else stiffness
    each = isinstance(given, (tuple, list)) or np.shape(given) in ((grid.ndim,), (grid.ndim, *grid.shape))
    parts = [np.asarray(part) for part in given] if each else [np.asarray(given)] * grid.ndim
    numbers = all(part.shape in ((), grid.shape) and part.dtype.kind in "fiub" for part in parts)
    allowed = f"one or {grid.ndim} real numbers, or arrays of them of shape {grid.shape}"
    require(len(parts) == grid.ndim and numbers, "stiffness", repr(given)[:80], allowed, "1 is the bulk")
    for part in parts:
        if callable(stiffness):
            finite_at("stiffness", np.broadcast_to(part, grid.shape), grid.sites)
        least = float(part.min()) if np.isfinite(part).all() else math.nan
        require(least > 0, "stiffness", least, "positive and finite", "an insulator is no part of the sample")
    return [
        np.array(part, dtype=float) if part.ndim or callable(stiffness) else float(part) for part in parts
    ]


def between_sites(stiffness: Array, axis: int) -> Array:
    """Stiffness of the links of an axis: the harmonic mean of their ends, as half of a link lies in either cell."""
    return 2 / (1 / stiffness + 1 / np.roll(stiffness, -1, axis=axis))


def sample_mask(grid: Grid, sample: OnSites) -> Mask | None:
    """The sites that belong to the sample, or None for all of them; of a level set all sites that current can reach."""
    if sample is None:
        return None
    smooth = openings(grid, sample)
    if smooth is None:
        mask = np.asarray(_at_sites(grid, "sample", sample))
    else:
        mask = np.any([(part > 0) | (np.roll(part, 1, axis=a) > 0) for a, part in enumerate(smooth)], axis=0)
    fix = "give True inside and False outside, or a function positive inside: lambda x, y: 5 - np.hypot(x, y)"
    require(mask.dtype == bool, "sample", f"of type {mask.dtype}", "an array of bool", fix)
    require(bool(mask.any()), "sample", "empty", "at least one site", "check the units: lengths are in ξ")
    return mask


def _level_set(grid: Grid, sample: OnSites) -> Array | None:
    """A ``sample`` that is a real function, positive inside, at the corners of the cells; None if it is a mask."""
    if not callable(sample):
        return None
    sites = _at_sites(grid, "sample", sample)
    if sites.dtype.kind != "f":
        return None
    corners = [np.arange(n + 1) * h for n, h in zip(grid.shape, grid.spacings, strict=True)]
    for line, wraps in zip(corners, grid.periodic_axes, strict=True):
        line[-1] *= not wraps  # the same point of a periodic cell
    level = np.asarray(values_at("sample", sample, tuple(np.meshgrid(*corners, indexing="ij"))), dtype=float)
    low, high = min(sites.min(), level.min()), max(sites.max(), level.max())
    two = low < high and all(bool(np.all((part == low) | (part == high))) for part in (sites, level))
    fix = (
        "a mask returns True and False: lambda x, y: np.hypot(x, y) < 5; a smooth surface 5 - np.hypot(x, y)"
    )
    require(
        not two, "sample", f"a function with the values {low:g} and {high:g} only", "bool, or continuous", fix
    )
    return level


def openings(grid: Grid, sample: OnSites) -> Array | None:
    """Of the face that every link crosses, the part inside a ``sample`` that is a real function, positive inside.

    Between the corners of the cells the function is taken as linear.  None for a sample that is a mask.
    """
    level = _level_set(grid, sample)
    if level is None:
        return None
    found = np.zeros((grid.ndim, *grid.shape))
    for axis, wraps in enumerate(grid.periodic_axes):
        face = np.delete(level, 0, axis=axis)
        across = [a for a in range(grid.ndim) if a != axis]
        ends = [np.delete(face, drop, axis=across[0]) for drop in (-1, 0)]
        if grid.ndim == 2:
            found[axis] = _positive_part(*ends)
        else:
            for place, weight in zip(*np.polynomial.legendre.leggauss(4), strict=True):
                sides = [[np.delete(end, drop, axis=across[1]) for drop in (-1, 0)] for end in ends]
                between = [0.5 * ((1 - place) * low + (1 + place) * high) for low, high in sides]
                found[axis] += 0.5 * weight * _positive_part(*between)
        if not wraps:
            np.moveaxis(found[axis], axis, 0)[-1] = 0.0
    found[found < SLIVER] = 0.0
    return found


def filled(grid: Grid, sample: OnSites) -> Array | float:
    """Of every cell, the part inside such a ``sample``, at least `SLIVER`; 1 for a mask."""
    level = _level_set(grid, sample)
    if level is None:
        return 1.0
    ends = (slice(None, -1), slice(1, None))
    corners = np.array([level[tuple(ends[n] for n in corner)] for corner in np.ndindex(*(2,) * level.ndim)])
    inside = corners > 0
    part, cut = inside.all(axis=0).astype(float), inside.any(axis=0) & ~inside.all(axis=0)
    values = corners[:, cut].reshape(*(2,) * level.ndim, -1)
    ways = [np.moveaxis(values, axis, 0) for axis in range(level.ndim)]
    steepest = np.argmax([np.abs((w[1] - w[0]).reshape(-1, w.shape[-1]).sum(axis=0)) for w in ways], axis=0)
    part[cut] = np.choose(steepest, [_part_inside(way) for way in ways])
    return np.asarray(np.maximum(part, SLIVER))


def _part_inside(corners: Array) -> Array:
    """Part of cells (2, ..., 2, number) where a multilinear function is positive: exact along the first axis."""
    if corners.ndim == 2:
        return _positive_part(corners[0], corners[1])
    nodes = zip(*np.polynomial.legendre.leggauss(8), strict=True)
    low, high = corners[..., 0, :], corners[..., 1, :]
    parts = (0.5 * w * _part_inside(0.5 * ((1 - x) * low + (1 + x) * high)) for x, w in nodes)
    return np.asarray(sum(parts), dtype=float)


def _positive_part(one: Array, other: Array) -> Array:
    """Fraction of the way between two points where a linear function is positive."""
    inside, total = np.maximum(one, 0) + np.maximum(other, 0), np.abs(one) + np.abs(other)
    return np.asarray(inside / np.where(total > 0, total, 1.0), dtype=float)


def links_inside(grid: Grid, mask: Mask | None) -> Mask:
    """Which links carry current, (2, Nx, Ny) or (3, Nx, Ny, Nz): those with both ends in the sample."""
    inside = np.ones((grid.ndim, *grid.shape), dtype=bool)
    for axis, wraps in enumerate(grid.periodic_axes):
        np.moveaxis(inside[axis], axis, 0)[-1] = wraps
        if mask is not None:
            inside[axis] &= mask & np.roll(mask, -1, axis=axis)
    return inside


def number_of_parts(grid: Grid, mask: Mask) -> int:
    """Connected parts of the sample, counting through periodic boundaries."""
    labels, count = ndimage.label(mask)
    parts = list(range(count + 1))

    def root(part: int) -> int:
        while parts[part] != part:
            part = parts[part]
        return part

    for axis, wraps in enumerate(grid.periodic_axes):
        rows = np.moveaxis(labels, axis, 0)
        for a, b in zip(rows[0].ravel().tolist(), rows[-1].ravel().tolist(), strict=True):
            if wraps and a and b:
                parts[root(a)] = root(b)
    return len({root(part) for part in range(1, count + 1)})


def _at_sites(grid: Grid, name: str, given: Any) -> NDArray[Any]:
    if callable(given):
        return values_at(name, given, grid.sites)
    array = np.asarray(given)
    fits = array.shape == grid.shape
    require(fits, name, f"of shape {array.shape}", f"of shape {grid.shape}", "one value for each site")
    return array
