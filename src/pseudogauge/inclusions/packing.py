"""Random disks and balls without overlap: sequential addition, then relaxation for dense packings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from ..errors import InputError, require
from .placement import overlapping_pairs, require_positive, sample_flags, sample_lengths
from .shapes import DEFAULT_OVERHANG, Inclusions, disks

__all__ = ["JAMMING", "place_at_random", "random_disks"]

Floats = NDArray[np.float64]
JAMMING = {2: 0.547, 3: 0.384}
"""Filling at which random sequential addition of equal disks and balls jams.

Feder, J. Theor. Biol. 87, 237 (1980); Zhang and Torquato, Phys. Rev. E 88, 053312 (2013).
"""
CLOSE_PACKING = {2: 0.84, 3: 0.64}
"""Random close packing of disks and of balls."""
BALL = {2: math.pi, 3: 4 * math.pi / 3}
"""Area of the unit disk, volume of the unit ball."""
NAME = {2: "disks", 3: "balls"}
TRIALS = 2000
"""Trial positions per inclusion before sequential addition gives up."""


def random_disks(
    radius: float,
    *,
    extent: tuple[float, float],
    edge_width: float,
    count: int | None = None,
    filling: float | None = None,
    size_spread: float = 0.0,
    min_gap: float | None = None,
    rng: int | np.random.Generator = 0,
    periodic: bool | tuple[bool, bool] = True,
    exchange: ArrayLike = 1.0,
    potential: ArrayLike = 1.0,
    screening_length: float = 0.0,
    exchange_overhang: float | None = None,
    fermi_momentum: float = math.inf,
) -> Inclusions:
    """Randomly placed inclusions that keep ``min_gap`` between them (default 2 edge widths).

    ``size_spread`` is the relative standard deviation of a lognormal distribution of radii with mean
    ``radius``; with ``filling`` the number of disks is the one whose area comes closest. Positions are
    a random sequential addition, largest first; where that jams, overlaps left by the last
    disks are relaxed away, which leaves the denser packing more ordered than a sequential one.
    ``rng`` is a seed or a generator; nothing else enters the randomness.

    Raises `InputError` if the filling cannot be reached, with what was.

    >>> random_disks(2.0, extent=(60, 60), edge_width=0.5, filling=0.25, rng=1)
    Inclusions(72 disks, radius 2…2, filling 0.2513)
    """
    lengths, flags = sample_lengths(extent), sample_flags(periodic)
    centres, radii = place_at_random(
        radius, lengths, flags, edge_width, count, filling, size_spread, min_gap, exchange_overhang, rng
    )
    return disks(
        centres, radii, edge_width=edge_width, extent=lengths, periodic=flags, exchange=exchange,
        potential=potential, screening_length=screening_length, exchange_overhang=exchange_overhang,
        fermi_momentum=fermi_momentum,
    )  # fmt: skip


def place_at_random(
    radius: float,
    extent: tuple[float, ...],
    periodic: tuple[bool, ...],
    edge_width: float,
    count: int | None,
    filling: float | None,
    size_spread: float,
    min_gap: float | None,
    exchange_overhang: float | None,
    rng: int | np.random.Generator,
) -> tuple[Floats, Floats]:
    """Centres (N, ndim) and radii (N,) of random disks or balls; the arguments are those of `random_disks`."""
    gap = 2 * edge_width if min_gap is None else min_gap
    for name, value in (("radius", radius), ("edge_width", edge_width)):
        require_positive(name, value)
    for name, value in (("size_spread", size_spread), ("min_gap", gap)):
        require(0 <= value < math.inf, name, value, "zero or positive")
    require(
        (count is None) != (filling is None), "count, filling", (count, filling), "exactly one of the two"
    )
    generator = np.random.default_rng(rng)
    radii = _draw_radii(radius, size_spread, count, filling, extent, generator)
    overhang = DEFAULT_OVERHANG * edge_width if exchange_overhang is None else exchange_overhang
    inset = ~np.array(periodic) * (overhang + radii)[:, None]
    order = np.argsort(-radii, kind="stable")
    centres = np.empty((len(radii), len(extent)))
    centres[order] = _place(
        radii[order] + gap / 2, inset[order], np.array(extent), np.array(periodic), generator
    )
    return centres, radii


def _draw_radii(
    radius: float,
    spread: float,
    count: int | None,
    filling: float | None,
    extent: tuple[float, ...],
    rng: np.random.Generator,
) -> Floats:
    ndim = len(extent)
    width = math.sqrt(math.log1p(spread**2))
    if count is not None:
        require(count == int(count) and count > 0, "count", count, "a positive whole number")
        return np.asarray(radius * np.exp(width * rng.standard_normal(int(count)) - width**2 / 2))
    assert filling is not None
    require(0 < filling < 1, "filling", filling, "between 0 and 1")
    moment = radius**ndim * (1 + spread**2) ** (ndim * (ndim - 1) // 2)  # ⟨R^ndim⟩ of the lognormal
    expected = filling * math.prod(extent) / (BALL[ndim] * moment)
    normal = rng.standard_normal(math.ceil(2 * expected + 20))
    radii = radius * np.exp(width * normal - width**2 / 2)
    reached = np.cumsum(BALL[ndim] * radii**ndim) / math.prod(extent)
    return np.asarray(radii[: int(np.argmin(np.abs(reached - filling))) + 1])


def _place(
    radius: Floats, inset: Floats, extent: Floats, periodic: NDArray[np.bool_], rng: np.random.Generator
) -> Floats:
    """Centres for inclusions of decreasing radius (half the gap included), each ``inset`` from open surfaces."""
    ndim = len(extent)
    covered = BALL[ndim] * np.sum(radius**ndim) / np.prod(extent)
    if (2 * inset > extent).any() or (periodic & (2 * radius.max() > extent)).any():
        raise InputError(
            "radius",
            f"{radius.max():.4g} with half the gap",
            f"small enough for the sample {tuple(extent.tolist())}",
        )
    if covered > CLOSE_PACKING[ndim]:
        raise _unreachable(ndim, covered, f"more than random close packing, {CLOSE_PACKING[ndim]}, allows")
    centres, placed = _add_sequentially(radius, inset, extent, periodic, rng)
    if placed == len(radius):
        return centres
    centres = _relax(centres, radius, inset, extent, periodic)
    if overlapping_pairs(centres, radius, extent, periodic)[0].size:
        reached = BALL[ndim] * np.sum(radius[:placed] ** ndim) / np.prod(extent)
        left = f"sequential addition reached {reached:.3f}; relaxation left overlaps"
        raise _unreachable(ndim, covered, left)
    return centres


def _unreachable(ndim: int, covered: float, reached: str) -> InputError:
    return InputError(
        "filling with min_gap",
        f"{covered:.3f} ({NAME[ndim]} with half the gap round each)",
        f"a packing that can be found at random: {reached}",
        f"random addition jams at {JAMMING[ndim]}; lower the filling or min_gap, enlarge the sample, "
        "or place them on a lattice",
    )


def _add_sequentially(
    radius: Floats, inset: Floats, extent: Floats, periodic: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Floats, int]:
    """Random sequential addition; inclusions that found no place get a random one."""
    from ._kernels import insert_in_turn  # numba: only when needed

    cells = np.maximum(1, np.floor(extent / (2 * radius[0]))).astype(np.int64)
    cells = np.where(cells < 3, 1, cells)  # with fewer than 3 a neighbour would be met twice
    cells = np.minimum(cells, 4096 if len(extent) == 2 else 256)
    cell = extent / cells
    head = np.full(int(np.prod(cells)), -1, dtype=np.int64)
    following = np.full(len(radius), -1, dtype=np.int64)
    centres = inset + rng.random((len(radius), len(extent))) * (extent - 2 * inset)
    placed, left = 0, TRIALS * len(radius)
    while placed < len(radius) and left > 0:
        # every trial of a batch keeps the clearance the largest remaining one needs
        margin = inset[placed]
        batch = min(left, 4 * len(radius) + 256)
        trials = margin + rng.random((batch, len(extent))) * (extent - 2 * margin)
        placed = int(
            insert_in_turn(trials, radius, placed, centres, extent, periodic, cell, head, following, cells)
        )
        left -= batch
    return centres, placed


def _relax(
    centres: Floats, radius: Floats, inset: Floats, extent: Floats, periodic: NDArray[np.bool_]
) -> Floats:
    """Push overlapping disks apart: minimise Σ overlap² of inclusions grown by 0.1 %."""
    grown = radius * 1.001

    def energy(flat: Floats) -> tuple[float, Floats]:
        place = flat.reshape(-1, len(extent))
        i, j, apart, distance = overlapping_pairs(place, grown, extent, periodic)
        depth = grown[i] + grown[j] - distance
        push = (-2 * depth / np.maximum(distance, 1e-12))[:, None] * apart
        force = np.zeros_like(place)
        np.add.at(force, i, push)
        np.add.at(force, j, -push)
        outside = np.where(
            periodic, 0.0, np.minimum(place - inset, 0) + np.maximum(place - extent + inset, 0)
        )
        return float(np.sum(depth**2) + np.sum(outside**2)), (force + 2 * outside).ravel()

    options = {"maxiter": 3000, "maxfun": 6000, "ftol": 0.0, "gtol": 1e-9 * radius.max()}
    method: Any = minimize  # its overloads know no fun that returns (value, gradient) of any shape
    found = method(energy, centres.ravel(), jac=True, method="L-BFGS-B", options=options)
    place = found.x.reshape(-1, len(extent))
    return np.asarray(np.where(periodic, np.mod(place, extent), np.clip(place, inset, extent - inset)))
