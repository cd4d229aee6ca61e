"""Where inclusions may be: samples in two or three dimensions, and no two inclusions in one place."""

from __future__ import annotations

import math
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ..errors import InputError, require

__all__ = [
    "as_numbers",
    "overlapping_pairs",
    "per_inclusion",
    "refuse_bad_inclusions",
    "require_positive",
    "sample_flags",
    "sample_lengths",
]

Floats = NDArray[np.float64]
_LENGTHS = {2: "two positive lengths (Lx, Ly)", 3: "three positive lengths (Lx, Ly, Lz)"}


@overload
def sample_lengths(extent: tuple[float, ...], ndim: Literal[2] = 2) -> tuple[float, float]: ...
@overload
def sample_lengths(extent: tuple[float, ...], ndim: Literal[3]) -> tuple[float, float, float]: ...
def sample_lengths(extent: tuple[float, ...], ndim: int = 2) -> Any:
    """One positive float per axis."""
    good = np.shape(extent) == (ndim,) and all(0 < length < math.inf for length in extent)
    require(good, "extent", extent, _LENGTHS[ndim])
    return tuple(float(length) for length in extent)


@overload
def sample_flags(periodic: bool | tuple[bool, ...], ndim: Literal[2] = 2) -> tuple[bool, bool]: ...
@overload
def sample_flags(periodic: bool | tuple[bool, ...], ndim: Literal[3]) -> tuple[bool, bool, bool]: ...
def sample_flags(periodic: bool | tuple[bool, ...], ndim: int = 2) -> Any:
    """One flag per axis."""
    flags = (periodic,) * ndim if isinstance(periodic, bool | np.bool_) else tuple(periodic)
    require(len(flags) == ndim, "periodic", periodic, "one flag, or one per axis")
    return tuple(bool(flag) for flag in flags)


def require_positive(name: str, value: float) -> None:
    """Refuse anything but a positive finite number."""
    require(0 < value < math.inf, name, value, "positive and finite")


def as_numbers(name: str, values: ArrayLike) -> Floats:
    """An array of floats."""
    try:
        return np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(name, values, "numbers") from error


def per_inclusion(name: str, values: ArrayLike, count: int) -> Floats:
    """One number per inclusion; a single one is shared by all."""
    array = as_numbers(name, values)
    require(
        array.shape in ((), (count,)), name, array.shape, f"one number, or one for each of {count} inclusions"
    )
    return np.broadcast_to(array, (count,)).copy()


def refuse_bad_inclusions(
    centres: Floats,
    radius: Floats,
    strengths: dict[str, Floats],
    overhang: float,
    extent: tuple[float, ...],
    periodic: tuple[bool, ...],
) -> None:
    """Raise `InputError`, naming the inclusion: not finite, not positive, outside the sample, overlapping."""
    count, ndim = len(centres), len(extent)
    require(centres.shape == (count, ndim), "centres", centres.shape, f"an array of shape (N, {ndim})")
    for name, values in {"radius": radius, **strengths}.items():
        require(values.shape == (count,), name, values.shape, f"one number per inclusion, ({count},)")
        _each(np.isfinite(values), name, values, "finite")
    _each(np.isfinite(centres.sum(axis=1)), "centres", centres, "finite")
    _each(radius > 0, "radius", radius, "positive")
    _refuse_outside(centres, radius + overhang, extent, periodic)
    _refuse_overlap(centres, radius, extent, periodic)


def overlapping_pairs(
    place: Floats, radius: Floats, extent: Floats, periodic: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Overlapping pairs i, j, their separation vectors and distances, across periodic boundaries too."""
    box = np.where(periodic, extent, 3 * extent + 8 * radius.max())  # open axes: too large to reach round
    origin = np.where(periodic, 0.0, extent)
    tree = cKDTree(np.mod(place + origin, box), boxsize=box)
    pairs = tree.query_pairs(2 * radius.max(), output_type="ndarray")
    i, j = pairs[:, 0], pairs[:, 1]
    apart = place[i] - place[j]
    apart -= np.round(apart / box) * box
    distance = np.sqrt(np.sum(apart**2, axis=1))
    touching = distance < radius[i] + radius[j]
    return i[touching], j[touching], apart[touching], distance[touching]


def _refuse_outside(
    centres: Floats, clear: Floats, extent: tuple[float, ...], periodic: tuple[bool, ...]
) -> None:
    for axis, (name, length, flag) in enumerate(zip("xyz", extent, periodic, strict=False)):
        place, margin = centres[:, axis], 0.0 if flag else clear
        allowed = f"inside the sample, {name} in [0, {length:g}]" + (
            "" if flag else " with its radius and exchange overhang (open surface)"
        )
        inside = (place - margin >= 0) & (place + margin <= length)
        _each(
            inside, "centres", centres, allowed, "it reaches outside: move it inwards or enlarge the sample"
        )


def _refuse_overlap(
    centres: Floats, radius: Floats, extent: tuple[float, ...], periodic: tuple[bool, ...]
) -> None:
    for period, flag in zip(extent, periodic, strict=True):
        fits = ~np.array(flag) | (2 * radius <= period)
        _each(fits, "radius", radius, f"at most half the period {period:g}", "enlarge the sample")
    if len(centres) < 2:
        return
    shrunk = radius * (1 - 1e-12)
    first, second, _, distance = overlapping_pairs(centres, shrunk, np.array(extent), np.array(periodic))
    if distance.size:
        worst = int(np.argmin(distance))
        i, j = sorted((int(first[worst]), int(second[worst])))
        raise InputError(
            "centres",
            f"{_point(centres[i])} (inclusion {i}) and {_point(centres[j])} (inclusion {j})",
            f"at least R_{i} + R_{j} = {radius[[i, j]].sum():.6g} apart, not {distance[worst]:.6g}",
            "they overlap: move or shrink one of them",
        )


def _each(good: NDArray[np.bool_], name: str, values: Floats, allowed: str, fix: str = "") -> None:
    if not good.all():
        worst = int(np.argmin(good))
        raise InputError(f"{name}[{worst}]", _point(np.atleast_1d(values[worst])), allowed, fix)


def _point(values: Floats) -> str:
    text = ", ".join(f"{value:.6g}" for value in values)
    return f"({text})" if len(values) > 1 else text
