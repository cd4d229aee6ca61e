"""Vortices by integer, gauge-invariant winding, with positions inside the plaquette."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import normals
from ..numerics.grid import Grid

__all__ = ["NORMAL", "Piercings", "Vortices", "find_vortices", "piercings", "turns"]

Array = NDArray[np.float64]
NORMAL = 1e-6
"""|ψ| below which there is no phase to speak of."""


@dataclass(frozen=True, eq=False)
class Vortices:
    """Positions (in ξ) and windings of vortices; winding +1 carries the flux +Φ0, n_v = −∇×∇θ/2π.

    In layers these are the vortices of every layer, at its height z ("pancakes").
    """

    x: Array
    y: Array
    winding: NDArray[np.int64]
    z: Array | None = None

    @property
    def net(self) -> int:
        """Sum of the windings."""
        return int(self.winding.sum())

    def __len__(self) -> int:
        return self.winding.size

    def __repr__(self) -> str:
        plus = int(self.winding[self.winding > 0].sum())
        return f"Vortices({plus} positive, {plus - self.net} negative)"


class Piercings(NamedTuple):
    """Plaquettes of one orientation with winding: indices, positions inside (0 to 1) along both axes, windings."""

    at: tuple[NDArray[np.int64], ...]
    first: Array
    second: Array
    winding: NDArray[np.int64]


def find_vortices(
    grid: Grid,
    psi: NDArray[np.complex128],
    phases: Array,
    flux: Array,
    inside: NDArray[np.bool_] | None = None,
) -> Vortices:
    """Vortices, in layers of every layer: positions and windings of the plaquettes with normal z, see `piercings`."""
    found = piercings(grid, len(normals(grid)) - 1, psi, phases, flux, inside)
    offsets = (found.first, found.second)
    x, y = (
        np.mod(cells + 0.5 + part, n) * grid.spacing if wraps else (cells + 0.5 + part) * grid.spacing
        for cells, part, n, wraps in zip(found.at, offsets, grid.shape, grid.periodic_axes, strict=False)
    )
    z = None if grid.ndim == 2 else np.asarray((found.at[2] + 0.5) * grid.spacings[2], dtype=float)
    return Vortices(x, y, found.winding, z)


def piercings(
    grid: Grid,
    orientation: int,
    psi: NDArray[np.complex128],
    phases: Array,
    flux: Array,
    inside: NDArray[np.bool_] | None = None,
) -> Piercings:
    """Where vortices pierce the plaquettes of one orientation (0 in two dimensions, else the axis of the normal).

    With total link phases and the true circulation ``flux`` of those phases, the winding of a plaquette is
    [flux − Σ arg(ψ_s* U ψ_s')]/2π with each gauge-invariant phase difference in (−π, π]: an integer whatever the
    gauge, and Σ winding is the flux sector in a periodic cell because every link counts once each way.
    Plaquettes with links that are not ``inside`` are left out, and so are those with all corners normal: flux in
    holes and normal regions shows in `fluxoid`.
    """
    a, b = normals(grid)[orientation]
    winding = np.rint(turns(grid, orientation, psi, phases, flux)).astype(np.int64)
    for axis in (a, b):
        if not grid.periodic_axes[axis]:
            np.moveaxis(winding, axis, 0)[-1] = 0
    alive = np.abs(psi) >= NORMAL
    winding *= alive | np.roll(alive, -1, a) | np.roll(alive, -1, b) | np.roll(alive, (-1, -1), (a, b))
    if inside is not None:
        winding *= inside[a] & np.roll(inside[a], -1, b) & inside[b] & np.roll(inside[b], -1, a)
    at = np.nonzero(winding)
    return Piercings(at, *_zeros(_corners((a, b), psi, phases, flux, at)), winding[at])


def turns(grid: Grid, orientation: int, psi: NDArray[np.complex128], phases: Array, flux: Array) -> Array:
    """Turns round each plaquette, see `piercings`: whole ones, but where ψ = 0 only their sum over a hole is."""
    a, b = normals(grid)[orientation]
    step_a, step_b = (np.angle(psi.conj() * np.exp(1j * phases[c]) * np.roll(psi, -1, c)) for c in (a, b))
    around = step_a - np.roll(step_a, -1, axis=b) + np.roll(step_b, -1, axis=a) - step_b
    return np.asarray((flux - around) / (2 * math.pi))


def _corners(
    axes: tuple[int, int],
    psi: NDArray[np.complex128],
    phases: Array,
    flux: Array,
    at: tuple[NDArray[np.int64], ...],
) -> NDArray[np.complex128]:
    """ψ at the four corners (00, 10, 01, 11), carried to one gauge that shares the flux equally."""
    a, b = axes

    def moved(*along: int) -> tuple[NDArray[np.int64], ...]:
        return tuple((i + along.count(c)) % psi.shape[c] for c, i in enumerate(at))

    quarter = flux[at] / 4
    to_10 = phases[a][at] - quarter
    to_01 = phases[b][at] + quarter
    to_11 = to_10 + phases[b][moved(a)] - quarter
    carried = [
        psi[at],
        np.exp(1j * to_10) * psi[moved(a)],
        np.exp(1j * to_01) * psi[moved(b)],
        np.exp(1j * to_11) * psi[moved(a, b)],
    ]
    return np.stack(carried, axis=-1)


def _zeros(corners: NDArray[np.complex128]) -> tuple[Array, Array]:
    """Zeros (u, v) in the unit square of bilinear functions f with corners f(00), f(10), f(01), f(11), one row each.

    f = p + q u + v (r + s u); Im[(p + q u)(r + s u)*] = 0 is a quadratic for u, then v follows.  A multiple winding
    may have no zero here: then the middle is as good as any.
    """
    a, b, c, d = corners.T
    p, q, r, s = a, b - a, c - a, a - b - c + d
    quadratic = (q * s.conj()).imag
    linear = (p * s.conj() + q * r.conj()).imag
    constant = (p * r.conj()).imag
    root = np.sqrt(linear**2 - 4 * quadratic * constant + 0j)
    half = -0.5 * (linear + np.where(linear < 0, -root, root))  # adds numbers of one sign: nothing cancels
    u, v, missed = np.full(a.shape, 0.5), np.full(a.shape, 0.5), np.full(a.shape, 0.5)
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # a root that is not there is a NaN, and never nearer
        for found in (half / quadratic, constant / half):
            x = found.real
            slope = r + s * x
            y = np.where(slope != 0, -((p + q * x) * slope.conj()).real / np.abs(slope) ** 2, 0.5)
            outside = np.max([-x, x - 1, -y, y - 1], axis=0) + np.abs(found.imag)
            nearer = outside < missed
            u, v = np.where(nearer, np.clip(x, 0, 1), u), np.where(nearer, np.clip(y, 0, 1), v)
            missed = np.where(nearer, outside, missed)
    return u, v
