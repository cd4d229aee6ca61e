"""Vortices by integer, gauge-invariant winding, with positions inside the plaquette."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numerics.curl import normals
from ..numerics.grid import Grid

__all__ = ["Piercings", "Vortices", "find_vortices", "piercings"]

Array = NDArray[np.float64]


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
    grid: Grid, psi: NDArray[np.complex128], phases: Array, flux: Array, mask: NDArray[np.bool_] | None = None
) -> Vortices:
    """Vortices, in layers of every layer: positions and windings of the plaquettes with normal z, see `piercings`."""
    found = piercings(grid, len(normals(grid)) - 1, psi, phases, flux, mask)
    inside = (found.first, found.second)
    x, y = (
        np.mod(cells + 0.5 + part, n) * grid.spacing if wraps else (cells + 0.5 + part) * grid.spacing
        for cells, part, n, wraps in zip(found.at, inside, grid.shape, grid.periodic_axes, strict=False)
    )
    z = None if grid.ndim == 2 else np.asarray((found.at[2] + 0.5) * grid.spacings[2], dtype=float)
    return Vortices(x, y, found.winding, z)


def piercings(
    grid: Grid,
    orientation: int,
    psi: NDArray[np.complex128],
    phases: Array,
    flux: Array,
    mask: NDArray[np.bool_] | None = None,
) -> Piercings:
    """Where vortices pierce the plaquettes of one orientation (0 in two dimensions, else the axis of the normal).

    With total link phases and the true circulation ``flux`` of those phases, the winding of a plaquette is
    [flux − Σ arg(ψ_s* U ψ_s')]/2π with each gauge-invariant phase difference in (−π, π]: an integer whatever the
    gauge, and Σ winding is the flux sector in a periodic cell because every link counts once each way.
    Plaquettes that are not wholly inside ``mask`` are left out.
    """
    a, b = normals(grid)[orientation]
    step_a, step_b = (np.angle(psi.conj() * np.exp(1j * phases[c]) * np.roll(psi, -1, c)) for c in (a, b))
    around = step_a - np.roll(step_a, -1, axis=b) + np.roll(step_b, -1, axis=a) - step_b
    winding = np.rint((flux - around) / (2 * math.pi)).astype(np.int64)
    for axis in (a, b):
        if not grid.periodic_axes[axis]:
            np.moveaxis(winding, axis, 0)[-1] = 0
    if mask is not None:
        winding *= mask & np.roll(mask, -1, a) & np.roll(mask, -1, b) & np.roll(mask, (-1, -1), (a, b))
    at = np.nonzero(winding)
    corners = _corners((a, b), psi, phases, flux, at)
    u, v = np.array([_zero(*c) for c in corners]).reshape(-1, 2).T
    return Piercings(at, u, v, winding[at])


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


def _zero(a: complex, b: complex, c: complex, d: complex) -> tuple[float, float]:
    """Zero (u, v) in the unit square of the bilinear f with corners a, b, c, d = f(00), f(10), f(01), f(11).

    f = p + q u + v (r + s u); Im[(p + q u)(r + s u)*] = 0 is a quadratic for u, then v follows.
    """
    p, q, r, s = a, b - a, c - a, a - b - c + d
    quadratic = (q * s.conjugate()).imag
    linear = (p * s.conjugate() + q * r.conjugate()).imag
    constant = (p * r.conjugate()).imag
    best, missed = (
        (0.5, 0.5),
        0.5,
    )  # a multiple winding may have no zero here: then the middle is as good as any
    for root in np.roots([quadratic, linear, constant]) if any((quadratic, linear, constant)) else ():
        u = float(root.real)
        slope = r + s * u
        v = -((p + q * u) * slope.conjugate()).real / abs(slope) ** 2 if slope else 0.5
        outside = max(-u, u - 1, -v, v - 1) + abs(root.imag)
        if outside < missed:
            best, missed = (min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0)), outside
    return best
