"""The energy of a layered crystal and its exact gradient: the loop over a three-dimensional grid.

The functional of Lawrence and Doniach (1971), written out in docs/theory/layered.md, in the notation of `energy`:
links carry their weight (s within layers, dx²/Γ²s between them), and there are three orientations of plaquettes.
Unknowns are one real array ``fields[5, Nx, Ny, Nz]`` = (Re ψ, Im ψ, A_x, A_y, A_z).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .stencil import REASSOCIATE, cos_sin, coupling_terms, excess_flux, site_terms

__all__ = ["LayeredCoefficients", "planes"]

Array = NDArray[np.float64]
Triple = tuple[float, float, float]
TILE = 96  # sites treated at a time; their inputs fit the first-level cache
STRIDE = TILE + 8  # distance of two inputs in the working array
SLOTS = 33


class LayeredCoefficients(NamedTuple):
    """What the energy needs to know; arrays with one plane stand for all planes alike."""

    phase: Array  # (3, Nx, Ny, Nz) frozen part of the link phases
    source: Array  # (3, Nx or 1, Ny, Nz) σ on plaquettes
    epsilon: Array  # (Nx or 1, Ny, Nz) condensation strength
    weight: Array  # (3, Nx or 1, Ny, Nz) link weights, zero where no link is
    cell: float  # dx² s
    stiffness: tuple[float, float]  # κ² × cell / area² of plaquettes between layers and within them
    open_x: bool
    open_y: bool
    open_z: bool


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _excess(b: Array, along: Array, along_far: Array, up: Array, up_far: Array, source: Array) -> None:
    """curl A − σ on a row of plaquettes."""
    for k in range(min(along_far.size, up_far.size)):
        b[k] = excess_flux(along[k], along_far[k], up[k], up_far[k], source[k])


@njit(cache=True, error_model="numpy")
def _plaquettes(
    i: int, fields: Array, source: Array, open_x: bool, open_y: bool, open_z: bool,
    bx: Array, by: Array, bz: Array,
) -> None:  # fmt: skip
    """curl A − σ on the plaquettes that start in plane i, normal to x, y and z (zero where none exist)."""
    nx, ny, nz = fields.shape[1:]
    east, end = i + 1 if i + 1 < nx else 0, nz - 1
    no_east = open_x and i == nx - 1
    sigma = source[:, i if source.shape[1] > 1 else 0]
    for j in range(ny):
        north = j + 1 if j + 1 < ny else 0
        no_north = open_y and j == ny - 1
        ax, ay, az = fields[2, i, j], fields[3, i, j], fields[4, i, j]
        if no_east or no_north:
            bz[j] = 0.0
        else:
            _excess(bz[j], ax, fields[2, i, north], ay, fields[3, east, j], sigma[2, j])
        if no_north:
            bx[j] = 0.0
        else:
            far = fields[4, i, north]
            _excess(bx[j], ay, ay[1:], az, far, sigma[0, j])
            bx[j, end] = 0.0 if open_z else excess_flux(ay[end], ay[0], az[end], far[end], sigma[0, j, end])
        if no_east:
            by[j] = 0.0
        else:
            far = fields[4, east, j]
            _excess(by[j], az, far, ax, ax[1:], sigma[1, j])
            by[j, end] = 0.0 if open_z else excess_flux(az[end], far[end], ax[end], ax[0], sigma[1, j, end])


@njit(cache=True, error_model="numpy")
def _factors(a: Array, phase: Array, c: Array, s: Array) -> None:
    """Cosines and sines of the total phases of one plane of links."""
    for j in range(a.shape[0]):
        row, fixed, to_c, to_s = a[j], phase[j], c[j], s[j]
        for k in range(row.size):
            to_c[k], to_s[k] = cos_sin(row[k] + fixed[k])


@njit(cache=True, error_model="numpy")
def _fetch(work: Array, slot: int, row: Array, first: int, width: int) -> None:
    """Copy ``row[first : first + width]`` and its two neighbours, which may lie across the cell."""
    to, come = work[slot * STRIDE + 1 :], row[first:]  # views from 0 on: the loop becomes a block copy
    for k in range(width):
        to[k] = come[k]
    end = first + width
    to[width] = row[end if end < row.size else 0]
    work[slot * STRIDE] = row[first - 1 if first > 0 else row.size - 1]


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _tile(
    width: int, w: Array, out: Array, east: float, west: float, cell: float, between: float, within: float
) -> Triple:
    """`layered_site_terms` along one tile, layer and coupling apart: loops with fewer inputs vectorise.

    For the same reason all inputs lie in one array at constant distances.
    """
    condensation = kinetic = magnetic = 0.0
    n = STRIDE
    for k in range(1, width + 1):
        e0, e1, e2, out[k], out[n + k], out[2 * n + k], out[3 * n + k] = site_terms(
            (w[k], w[n + k]),
            ((w[2 * n + k], w[3 * n + k]), (w[4 * n + k], w[5 * n + k]),
             (w[6 * n + k], w[7 * n + k]), (w[8 * n + k], w[9 * n + k])),
            ((w[10 * n + k], w[11 * n + k]), (w[12 * n + k], w[13 * n + k]),
             (w[14 * n + k], w[15 * n + k]), (w[16 * n + k], w[17 * n + k])),
            (east * w[20 * n + k], west * w[21 * n + k], w[22 * n + k], w[23 * n + k]),
            (w[29 * n + k], w[30 * n + k], w[31 * n + k]),
            w[32 * n + k], cell, within,
        )  # fmt: skip
        condensation, kinetic, magnetic = condensation + e0, kinetic + e1, magnetic + e2
    for k in range(1, width + 1):
        e1, e2, re, im, x, y, out[4 * n + k] = coupling_terms(
            (w[k], w[n + k]),
            ((w[k + 1], w[n + k + 1]), (w[k - 1], w[n + k - 1])),
            ((w[18 * n + k], w[19 * n + k]), (w[18 * n + k - 1], w[19 * n + k - 1])),
            (w[24 * n + k], w[24 * n + k - 1]),
            ((w[25 * n + k], w[26 * n + k], w[25 * n + k - 1]),
             (w[27 * n + k], w[27 * n + k - 1], w[28 * n + k])),
            between,
        )  # fmt: skip
        out[k] += re
        out[n + k] += im
        out[2 * n + k] += x
        out[3 * n + k] += y
        kinetic, magnetic = kinetic + e1, magnetic + e2
    return condensation, kinetic, magnetic


@njit(cache=True, error_model="numpy", nogil=True)
def planes(
    first: int, last: int, fields: Array,
    phase: Array, source: Array, epsilon: Array, weight: Array, cell: float, stiffness: tuple[float, float],
    open_x: bool, open_y: bool, open_z: bool,
    gradient: Array, terms: Array,
) -> None:  # fmt: skip
    """Energy terms and gradient of the planes ``first <= i < last``; the factors of a link are made once."""
    nx, ny, nz = fields.shape[1:]
    work, out = np.zeros(SLOTS * STRIDE), np.zeros(5 * STRIDE)
    made = np.empty(
        (13, ny, nz)
    )  # cos, sin: east, west, north, up; excess: x, y here and west, z here and west
    e, w, by, by_w, bz, bz_w = 0, 2, 9, 10, 11, 12
    before = first - 1 if first > 0 else nx - 1
    _factors(fields[2, before], phase[0, before], made[w], made[w + 1])
    _plaquettes(before, fields, source, open_x, open_y, open_z, made[8], made[by_w], made[bz_w])
    for i in range(first, last):
        down, up = i - 1 if i > 0 else nx - 1, i + 1 if i + 1 < nx else 0
        for axis, slot in enumerate((e, 4, 6)):
            _factors(fields[2 + axis, i], phase[axis, i], made[slot], made[slot + 1])
        _plaquettes(i, fields, source, open_x, open_y, open_z, made[8], made[by], made[bz])
        here, behind = (i, down) if weight.shape[1] > 1 else (0, 0)
        strength = epsilon[i if epsilon.shape[0] > 1 else 0]
        east = 0.0 if open_x and i == nx - 1 else 1.0
        west = 0.0 if open_x and i == 0 else 1.0
        terms[i, :] = 0.0
        for j in range(ny):
            south, north = j - 1 if j > 0 else ny - 1, j + 1 if j + 1 < ny else 0
            for start in range(0, nz, TILE):
                width = min(TILE, nz - start)
                for n, (a, b) in enumerate(((i, j), (up, j), (down, j), (i, north), (i, south))):
                    for part in range(2):
                        _fetch(work, 2 * n + part, fields[part, a, b], start, width)
                for n, (plane, b) in enumerate((
                    (e, j), (e + 1, j), (w, j), (w + 1, j), (4, j), (5, j), (4, south), (5, south), (6, j), (7, j),
                )):  # fmt: skip
                    _fetch(work, 10 + n, made[plane, b], start, width)
                for n, (axis, a, b) in enumerate(
                    ((0, here, j), (0, behind, j), (1, here, j), (1, here, south), (2, here, j))
                ):
                    _fetch(work, 20 + n, weight[axis, a, b], start, width)
                for n, (plane, b) in enumerate(
                    ((8, j), (8, south), (by, j), (by_w, j), (bz, j), (bz_w, j), (bz, south))
                ):
                    _fetch(work, 25 + n, made[plane, b], start, width)
                _fetch(work, 32, strength[j], start, width)
                shares = _tile(width, work, out, east, west, cell, stiffness[0], stiffness[1])
                for n in range(3):
                    terms[i, n] += shares[n]
                for n in range(5):
                    to, come = gradient[n, i, j, start:], out[n * STRIDE + 1 :]
                    for k in range(width):
                        to[k] = come[k]
        e, w, by, by_w, bz, bz_w = w, e, by_w, by, bz_w, bz  # what was east is west of the next plane
