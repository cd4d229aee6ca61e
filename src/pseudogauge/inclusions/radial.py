"""Radial profiles of smoothed disks as quintic B-splines, and their superposition over a sample.

A profile F(r) = ∫_r^∞ f(r′) dr′ is built from samples of f, which is odd in r, band-limited by the edge
smoothing and negligible at the end of the table: its sine series is exact to rounding, and both the
integral and the B-spline coefficients of F follow from it by one fast transform.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct, dst

from ..errors import require

__all__ = ["RadialProfiles", "Superposition", "integrate_inwards", "sample_radii"]

Floats = NDArray[np.float64]
NODES_PER_SIGMA = 5
"""Samples per σ: resolves the product of two smoothed edges, e^{−q²σ²/4}, to 1e-17."""
UPSAMPLING = 6
"""Spline knots per sample: the slope of the quintic spline is then good to 1e-10 of its peak."""
NEGLIGIBLE = 1e-15
"""Slope, in units of its peak, at which a table ends."""


def sample_radii(reach: float, smoothing: float) -> Floats:
    """Radii 0 … at least ``reach`` at which a profile has to be sampled."""
    step = smoothing / NODES_PER_SIGMA
    return np.asarray(step * np.arange(max(8, math.ceil(reach / step)) + 1))


def integrate_inwards(r: Floats, slope: Floats) -> Floats:
    """∫_r^∞ slope dr at the radii of `sample_radii`, shapes (len(r), M)."""
    _, amplitude, offset = _cosine_series(r, slope)
    series = np.pad(0.5 * amplitude, ((0, 0), (1, 1)))
    series[:, 0] = offset
    return np.asarray(dct(series, type=1, axis=-1).T)


def _cosine_series(r: Floats, slope: Floats) -> tuple[Floats, Floats, Floats]:
    """Wavenumbers, amplitudes (M, n) and constants (M,) of ∫_r^∞ slope dr = offset + Σ a cos(wave r)."""
    last = len(r) - 1
    m = np.arange(1, last)
    wave = m * math.pi / r[-1]
    amplitude = dst(slope[1:last].T, type=1, axis=-1) / (last * wave)
    offset = -(amplitude * np.where(m % 2, -1.0, 1.0)).sum(axis=-1)  # zero at the end of the table
    return wave, amplitude, offset


@dataclass(frozen=True, eq=False)
class RadialProfiles:
    """Even functions F_m(r), m = 0 … M−1, that vanish from ``reach`` on.

    >>> r = sample_radii(9.0, 1.0)
    >>> F = RadialProfiles.from_slope(r, (r * np.exp(-r**2 / 2))[:, None])
    >>> bool(abs(F.centre[0] - 1) < 1e-14 and abs(F.area[0] - 2 * np.pi) < 1e-12)
    True
    """

    step: float
    coefficients: Floats
    """(M, n + 5) spline coefficients, two mirrored ones in front and three zeros behind."""
    centre: Floats
    """F_m(0)."""
    steepest: Floats
    """max |dF_m/dr| over the knots."""
    series: tuple[Floats, Floats, Floats]
    """Wavenumbers (n,), amplitudes (M, n), offsets (M,): F_m = offset + Σ amplitude cos(wave r)."""

    @property
    def reach(self) -> float:
        """Radius beyond which every profile is zero."""
        return float(self.step * (self.coefficients.shape[1] - 6))

    @cached_property
    def area(self) -> Floats:
        """∫ F_m d²r."""
        return self.section(np.arange(len(self.centre)), np.zeros(len(self.centre)))

    def section(self, rows: NDArray[np.int64], height: Floats) -> Floats:
        """∫ F_row d²r over a plane at this height above the centre, if F is a function in space."""
        wave, amplitude, offset = self.series
        c = np.minimum(np.abs(height), self.reach)[:, None]
        end = np.where(np.arange(len(wave)) % 2, 1.0, -1.0)  # cos(wave reach)
        each = (end - c * wave * np.sin(wave * c) - np.cos(wave * c)) / wave**2  # ∫_c^reach r cos(wave r) dr
        plain = 0.5 * offset[rows] * (self.reach**2 - c[:, 0] ** 2)
        return np.asarray(2 * math.pi * (plain + (amplitude[rows] * each).sum(axis=1)))

    @classmethod
    def from_slope(cls, r: Floats, slope: Floats) -> RadialProfiles:
        """F = ∫_r^∞ slope dr for samples (len(r), M) of −dF/dr at the radii of `sample_radii`."""
        felt = np.flatnonzero((np.abs(slope) > NEGLIGIBLE * np.abs(slope).max(axis=0)).any(axis=1))
        last = min(max(8, int(felt[-1]) + 1), len(r) - 1)
        length = r[last]
        wave, amplitude, offset = _cosine_series(r[: last + 1], slope[: last + 1])
        count = UPSAMPLING * last
        theta = np.arange(1, last) * math.pi / count
        spline = (66 + 52 * np.cos(theta) + 2 * np.cos(2 * theta)) / 120  # the B-spline sampled at its knots
        series = np.zeros((slope.shape[1], count + 1))
        series[:, 0] = offset
        series[:, 1:last] = 0.5 * amplitude / spline
        knots = dct(series, type=1, axis=-1)
        c = np.pad(np.concatenate([knots[:, 2:0:-1], knots], axis=1), ((0, 0), (0, 3)))
        step = length / count
        at_knots = (c[:, 4:] - c[:, :-4] + 10 * (c[:, 3:-1] - c[:, 1:-3])) / (24 * step)
        centre, steepest = amplitude.sum(axis=-1) + offset, np.abs(at_knots).max(axis=1)
        return cls(step, c, centre, steepest, (wave, amplitude, offset))


class Placed(Protocol):
    """What a superposition needs to know of inclusions in a plane."""

    @property
    def centres(self) -> Floats: ...
    @property
    def extent(self) -> tuple[float, float]: ...
    @property
    def periodic(self) -> tuple[bool, bool]: ...


@dataclass(frozen=True, eq=False)
class Superposition:
    """S(x, y) = Σ_i weight_i F_{row_i}(|r − r_i|) over all inclusions and periodic images.

    Each point visits only the inclusions registered in its bin; outside an open sample S is zero.
    ``height`` is the distance of each centre from the plane of the points; None if they lie in it.
    """

    profiles: RadialProfiles
    inclusions: Placed
    rows: NDArray[np.int64]
    weight: Floats
    height: Floats | None = None

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """S, ∂S/∂x and ∂S/∂y at the points, shape (3, …)."""
        from ._kernels import superpose  # numba: only when a field is evaluated

        px, py = (np.asarray(values, dtype=float) for values in np.broadcast_arrays(x, y))
        require(bool(np.isfinite(px).all() and np.isfinite(py).all()), "x, y", "a non-finite point", "finite")
        out = np.zeros((3, px.size))
        extent, periodic = self.inclusions.extent, self.inclusions.periodic
        wrapped = [
            np.mod(p, length) if flag and p.size and (p.min() < 0 or p.max() > length) else p
            for p, length, flag in zip((px.ravel(), py.ravel()), extent, periodic, strict=True)
        ]
        discs, start, items, shape = self._bins
        superpose(
            np.ascontiguousarray(wrapped[0]), np.ascontiguousarray(wrapped[1]), np.array(extent),
            start, items, shape, discs, self.profiles.coefficients, self.profiles.step, out,
        )  # fmt: skip
        return out.reshape((3, *px.shape))

    @property
    def mean(self) -> float:
        """Average of S over the sample."""
        flat = self.height is None
        area = self.profiles.area[self.rows] if flat else self.profiles.section(self.rows, self._height)
        total = np.sum(self.weight * area)
        return float(total / (self.inclusions.extent[0] * self.inclusions.extent[1]))

    @property
    def _height(self) -> Floats:
        return np.zeros(len(self.rows)) if self.height is None else self.height

    @cached_property
    def _bins(self) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Images (x, y, weight, row, height²) and, bin by bin, which of them reach into it."""
        extent, reach = np.array(self.inclusions.extent), self.profiles.reach
        image = np.column_stack([self.inclusions.centres, self.weight, self.rows, self._height**2])
        for axis in (0, 1):
            turns = math.ceil(reach / extent[axis]) if self.inclusions.periodic[axis] else 0
            copies = [image + np.eye(5)[axis] * n * extent[axis] for n in range(-turns, turns + 1)]
            image = np.concatenate(copies)
        touches = ((image[:, :2] > -reach) & (image[:, :2] < extent + reach)).all(axis=1)
        image = np.ascontiguousarray(image[touches])
        shape = np.clip(np.ceil(4 * extent / reach), 1, 256).astype(np.int64)
        first = np.clip(np.floor((image[:, :2] - reach) / extent * shape), 0, shape - 1).astype(np.int64)
        last = np.clip(np.floor((image[:, :2] + reach) / extent * shape), 0, shape - 1).astype(np.int64)
        width = last - first + 1
        each = width[:, 0] * width[:, 1]
        owner = np.repeat(np.arange(len(image)), each)
        local = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
        bx = first[owner, 0] + local // width[owner, 1]
        by = first[owner, 1] + local % width[owner, 1]
        index = bx * shape[1] + by
        order = np.argsort(index, kind="stable")
        start = np.searchsorted(index[order], np.arange(shape[0] * shape[1] + 1))
        return image, start.astype(np.int64), owner[order].astype(np.int64), shape
