"""Vortices by integer, gauge-invariant winding, with positions inside the plaquette."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numerics.grid import Grid

__all__ = ["Vortices", "find_vortices"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Vortices:
    """Positions (in ξ) and windings of vortices; winding +1 carries the flux +Φ0, n_v = −∇×∇θ/2π."""

    x: Array
    y: Array
    winding: NDArray[np.int64]

    @property
    def net(self) -> int:
        """Sum of the windings."""
        return int(self.winding.sum())

    def __len__(self) -> int:
        return self.winding.size

    def __repr__(self) -> str:
        plus = int(self.winding[self.winding > 0].sum())
        return f"Vortices({plus} positive, {plus - self.net} negative)"


def find_vortices(
    grid: Grid, psi: NDArray[np.complex128], phases: Array, flux: Array, mask: NDArray[np.bool_] | None = None
) -> Vortices:
    """Vortices of ψ given total link phases (2, Nx, Ny) and the true circulation ``flux`` of those phases.

    The winding of a plaquette is [flux − Σ arg(ψ_s* U ψ_s')]/2π with each gauge-invariant phase difference
    in (−π, π]: an integer whatever the gauge, and Σ winding is the flux sector in a periodic cell because
    every link counts once each way.  Plaquettes that are not wholly inside ``mask`` are left out.
    """
    nx, ny = grid.plaquette_shape
    east, north = np.exp(1j * phases[0]) * np.roll(psi, -1, 0), np.exp(1j * phases[1]) * np.roll(psi, -1, 1)
    step_x, step_y = np.angle(psi.conj() * east), np.angle(psi.conj() * north)
    around = step_x - np.roll(step_x, -1, axis=1) + np.roll(step_y, -1, axis=0) - step_y
    winding = np.rint((flux - around) / (2 * math.pi)).astype(np.int64)[:nx, :ny]
    if mask is not None:
        whole = mask & np.roll(mask, -1, 0) & np.roll(mask, -1, 1) & np.roll(mask, (-1, -1), (0, 1))
        winding *= whole[:nx, :ny]
    i, j = np.nonzero(winding)
    corners = _corners(psi, phases, flux, i, j)
    u, v = np.array([_zero(*c) for c in corners]).reshape(-1, 2).T
    x, y = (
        np.mod(cells + 0.5, n) * grid.spacing if wraps else (cells + 0.5) * grid.spacing
        for cells, n, wraps in zip((i + u, j + v), grid.shape, grid.periodic_axes, strict=True)
    )
    return Vortices(x, y, winding[i, j])


def _corners(
    psi: NDArray[np.complex128], phases: Array, flux: Array, i: NDArray[np.int64], j: NDArray[np.int64]
) -> NDArray[np.complex128]:
    """ψ at the four corners (00, 10, 01, 11), carried to one gauge that shares the flux equally."""
    e, n = (i + 1) % psi.shape[0], (j + 1) % psi.shape[1]
    quarter = flux[i, j] / 4
    to_10 = phases[0][i, j] - quarter
    to_01 = phases[1][i, j] + quarter
    to_11 = to_10 + phases[1][e, j] - quarter
    carried = [
        psi[i, j],
        np.exp(1j * to_10) * psi[e, j],
        np.exp(1j * to_01) * psi[i, n],
        np.exp(1j * to_11) * psi[e, n],
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
