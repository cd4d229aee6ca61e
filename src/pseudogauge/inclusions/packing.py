"""Random disks without overlap: sequential addition, then relaxation for dense packings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.spatial import cKDTree

from ..errors import InputError, require
from .shapes import DEFAULT_OVERHANG, Inclusions, disks, require_positive, sample_flags, sample_lengths

__all__ = ["JAMMING", "random_disks"]

Floats = NDArray[np.float64]
JAMMING = 0.547
"""Filling at which random sequential addition of equal disks jams (Feder, J. Theor. Biol. 87, 237 (1980))."""
CLOSE_PACKING = 0.84
"""Random close packing of disks in the plane."""
TRIALS = 2000
"""Trial positions per disk before sequential addition gives up."""


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
    gap = 2 * edge_width if min_gap is None else min_gap
    for name, value in (("radius", radius), ("edge_width", edge_width)):
        require_positive(name, value)
    for name, value in (("size_spread", size_spread), ("min_gap", gap)):
        require(0 <= value < math.inf, name, value, "zero or positive")
    require(
        (count is None) != (filling is None), "count, filling", (count, filling), "exactly one of the two"
    )
    generator = np.random.default_rng(rng)
    radii = _draw_radii(radius, size_spread, count, filling, lengths[0] * lengths[1], generator)
    overhang = DEFAULT_OVERHANG * edge_width if exchange_overhang is None else exchange_overhang
    inset = (
        np.array([0.0 if flag else 1.0 for flag in flags]) * (overhang * np.ones_like(radii) + radii)[:, None]
    )
    order = np.argsort(-radii, kind="stable")
    centres = np.empty((len(radii), 2))
    centres[order] = _place(
        radii[order] + gap / 2, inset[order], np.array(lengths), np.array(flags), generator
    )
    return disks(
        centres, radii, edge_width=edge_width, extent=lengths, periodic=flags, exchange=exchange,
        potential=potential, screening_length=screening_length, exchange_overhang=exchange_overhang,
        fermi_momentum=fermi_momentum,
    )  # fmt: skip


def _draw_radii(
    radius: float,
    spread: float,
    count: int | None,
    filling: float | None,
    area: float,
    rng: np.random.Generator,
) -> Floats:
    width = math.sqrt(math.log1p(spread**2))
    if count is not None:
        require(count == int(count) and count > 0, "count", count, "a positive whole number")
        return np.asarray(radius * np.exp(width * rng.standard_normal(int(count)) - width**2 / 2))
    assert filling is not None
    require(0 < filling < 1, "filling", filling, "between 0 and 1")
    expected = filling * area / (math.pi * radius**2 * (1 + spread**2))
    normal = rng.standard_normal(math.ceil(2 * expected + 20))
    radii = radius * np.exp(width * normal - width**2 / 2)
    reached = np.cumsum(math.pi * radii**2) / area
    return np.asarray(radii[: int(np.argmin(np.abs(reached - filling))) + 1])


def _place(
    radius: Floats, inset: Floats, extent: Floats, periodic: NDArray[np.bool_], rng: np.random.Generator
) -> Floats:
    """Centres for disks of decreasing radius (half the gap included), each ``inset`` from open surfaces."""
    covered = math.pi * np.sum(radius**2) / np.prod(extent)
    if (2 * inset > extent).any() or (periodic & (2 * radius.max() > extent)).any():
        raise InputError(
            "radius",
            f"{radius.max():.4g} with half the gap",
            f"small enough for the sample {tuple(extent.tolist())}",
        )
    if covered > CLOSE_PACKING:
        raise _unreachable(covered, "more than random close packing, 0.84, allows")
    centres, placed = _add_sequentially(radius, inset, extent, periodic, rng)
    if placed == len(radius):
        return centres
    centres = _relax(centres, radius, inset, extent, periodic)
    if _overlaps(centres, radius, extent, periodic):
        reached = math.pi * np.sum(radius[:placed] ** 2) / np.prod(extent)
        raise _unreachable(covered, f"sequential addition reached {reached:.3f}; relaxation left overlaps")
    return centres


def _unreachable(covered: float, reached: str) -> InputError:
    return InputError(
        "filling with min_gap",
        f"{covered:.3f} (disks with half the gap round each)",
        f"a packing that can be found at random: {reached}",
        f"random addition jams at {JAMMING}; lower the filling or min_gap, enlarge the sample, "
        "or place them on a lattice",
    )


def _add_sequentially(
    radius: Floats, inset: Floats, extent: Floats, periodic: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Floats, int]:
    """Random sequential addition; disks that found no place get a random one."""
    from ._kernels import insert_disks  # numba: only when needed

    cells = np.maximum(1, np.floor(extent / (2 * radius[0]))).astype(np.int64)
    cells = np.minimum(
        np.where(cells < 3, 1, cells), 4096
    )  # with fewer than 3 a neighbour would be met twice
    cell = extent / cells
    head = np.full(tuple(cells), -1, dtype=np.int64)
    following = np.full(len(radius), -1, dtype=np.int64)
    centres = inset + rng.random((len(radius), 2)) * (extent - 2 * inset)
    placed, left = 0, TRIALS * len(radius)
    while placed < len(radius) and left > 0:
        # every trial of a batch keeps the clearance the largest remaining disk needs
        margin = inset[placed]
        batch = min(left, 4 * len(radius) + 256)
        trials = margin + rng.random((batch, 2)) * (extent - 2 * margin)
        placed = int(
            insert_disks(trials, radius, placed, centres, extent, periodic, cell, head, following, cells)
        )
        left -= batch
    return centres, placed


def _relax(
    centres: Floats, radius: Floats, inset: Floats, extent: Floats, periodic: NDArray[np.bool_]
) -> Floats:
    """Push overlapping disks apart: minimise Σ overlap² of disks grown by 0.1 %."""
    grown = radius * 1.001

    def energy(flat: Floats) -> tuple[float, Floats]:
        place = flat.reshape(-1, 2)
        i, j, apart, distance = _pairs(place, grown, extent, periodic)
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
    place = found.x.reshape(-1, 2)
    return np.asarray(np.where(periodic, np.mod(place, extent), np.clip(place, inset, extent - inset)))


def _overlaps(centres: Floats, radius: Floats, extent: Floats, periodic: NDArray[np.bool_]) -> bool:
    return _pairs(centres, radius, extent, periodic)[0].size > 0


def _pairs(
    place: Floats, radius: Floats, extent: Floats, periodic: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Overlapping pairs i, j, their separation vectors and distances."""
    box = np.where(periodic, extent, 3 * extent + 8 * radius.max())  # open axes: too large to reach round
    origin = np.where(periodic, 0.0, extent)
    tree = cKDTree(np.mod(place + origin, box), boxsize=box)
    pairs = tree.query_pairs(2 * radius.max(), output_type="ndarray")
    i, j = pairs[:, 0], pairs[:, 1]
    apart = place[i] - place[j]
    apart -= np.round(apart / box) * box
    distance = np.hypot(apart[:, 0], apart[:, 1])
    touching = distance < radius[i] + radius[j]
    return i[touching], j[touching], apart[touching], distance[touching]
