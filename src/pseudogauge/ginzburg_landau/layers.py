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

from .stencil import REASSOCIATE, excess_flux, layered_site_terms, link_factor
from .vectorise import distinct_arrays

__all__ = ["LayeredCoefficients", "planes"]

Array = NDArray[np.float64]
Triple = tuple[float, float, float]
CACHED = (
    4096  # sites of a plane treated before the next plane; three planes of them fit the second-level cache
)


class LayeredCoefficients(NamedTuple):
    """What the energy needs to know; arrays with one plane stand for all planes alike."""

    phase: Array  # (3, Nx, Ny, Nz) frozen part of the link phases
    source: Array  # (3, Nx or 1, Ny, Nz) σ on plaquettes
    epsilon: Array  # (Nx or 1, Ny, Nz) condensation strength
    weight: Array  # (3, Nx or 1, Ny, Nz) link weights, zero where no link is
    cell: Array  # (Nx or 1, Ny, Nz) superconducting volume of the cells
    stiffness: tuple[float, float]  # κ² × cell / area² of plaquettes between layers and within them
    open_x: bool
    open_y: bool
    open_z: bool


@njit(cache=True, error_model="numpy")
def _link_rows(
    i: int, j: int, n: int, fields: Array, phase: Array, weight: Array, x: Array, y: Array, along: Array
) -> None:  # fmt: skip
    """Cosines and sines of the phases of the links that start in row (i, j), row n of ``x``, along x, y and z.

    Those along z come together with their weights, Re ψ and Im ψ, and their neighbours across the cell.
    """
    distinct_arrays()
    nz, here = fields.shape[3], i % weight.shape[1]
    for k in range(nz):
        x[0, n, k + 1], x[1, n, k + 1] = link_factor(fields[2, i, j, k] + phase[0, i, j, k])
        y[0, k + 1], y[1, k + 1] = link_factor(fields[3, i, j, k] + phase[1, i, j, k])
        along[0, k + 1], along[1, k + 1] = link_factor(fields[4, i, j, k] + phase[2, i, j, k])
        along[2, k + 1] = weight[2, here, j, k]
        along[3, k + 1], along[4, k + 1] = fields[0, i, j, k], fields[1, i, j, k]
    for part in range(5):
        along[part, 0], along[part, nz + 1] = along[part, nz], along[part, 1]


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _plaquette_rows(
    i: int, j: int, m: int, fields: Array, source: Array, open_x: bool, open_y: bool, open_z: bool,
    bx: Array, by: Array, bz: Array,
) -> None:  # fmt: skip
    """curl A − σ on the plaquettes that start in row (i, j), row m of ``by`` and ``bz`` (zero where none exist)."""
    distinct_arrays()
    nx, ny, nz = fields.shape[1:]
    east, north, plane = i + 1 if i + 1 < nx else 0, j + 1 if j + 1 < ny else 0, i % source.shape[1]
    number = fields.dtype.type
    in_x, in_y = number(not (open_x and i == nx - 1)), number(not (open_y and j == ny - 1))
    for start, stop, step, in_z in ((0, nz - 1, 1, number(1)), (nz - 1, nz, 1 - nz, number(not open_z))):
        for n in range(stop - start):
            k, up, to = np.uint64(start + n), np.uint64(start + n + step), np.uint64(start + n + 1)
            ax, ay, az = fields[2, i, j, k], fields[3, i, j, k], fields[4, i, j, k]
            az_north, az_east = fields[4, i, north, k], fields[4, east, j, k]
            ax_north, ay_east = fields[2, i, north, k], fields[3, east, j, k]
            bx[to] = in_y * in_z * excess_flux(ay, fields[3, i, j, up], az, az_north, source[0, plane, j, k])
            by[m, to] = (
                in_z * in_x * excess_flux(az, az_east, ax, fields[2, i, j, up], source[1, plane, j, k])
            )
            bz[m, to] = in_x * in_y * excess_flux(ax, ax_north, ay, ay_east, source[2, plane, j, k])
    bx[0], by[m, 0] = bx[nz], by[m, nz]


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _site_row(
    i: int, j: int, n: int, fields: Array, sheet: Array, rows: Array, along: Array, epsilon: Array, weight: Array,
    cell: Array, stiffness: tuple[float, float], open_x: bool, gradient: Array,
) -> Triple:  # fmt: skip
    """`layered_site_terms` along row (i, j), row n of ``sheet``; this, ``rows`` and ``along`` as in `planes`."""
    distinct_arrays()
    nx, ny, nz = fields.shape[1:]
    ahead, behind = i + 1 if i + 1 < nx else 0, i - 1 if i > 0 else nx - 1
    north, south = j + 1 if j + 1 < ny else 0, j - 1 if j > 0 else ny - 1
    here, before = i % weight.shape[1], behind % weight.shape[1]
    local, own = i % epsilon.shape[0], i % cell.shape[0]
    number = fields.dtype.type
    east, west = number(not (open_x and i == nx - 1)), number(not (open_x and i == 0))
    e, w, y, s = 4 * (i & 1), 4 - 4 * (i & 1), 3 * (j & 1), 3 - 3 * (j & 1)
    to = (gradient[0, i, j], gradient[1, i, j], gradient[2, i, j], gradient[3, i, j], gradient[4, i, j])
    condensation = kinetic = magnetic = number(0)
    for k in range(nz):
        e0, e1, e2, to[0][k], to[1][k], to[2][k], to[3][k], to[4][k] = layered_site_terms(
            (fields[0, i, j, k], fields[1, i, j, k]),
            ((fields[0, ahead, j, k], fields[1, ahead, j, k]), (fields[0, behind, j, k], fields[1, behind, j, k]),
             (fields[0, i, north, k], fields[1, i, north, k]), (fields[0, i, south, k], fields[1, i, south, k]),
             (along[3, k + 2], along[4, k + 2]), (along[3, k], along[4, k])),
            ((sheet[e, n, k + 1], sheet[e + 1, n, k + 1]), (sheet[w, n, k + 1], sheet[w + 1, n, k + 1]),
             (rows[y, k + 1], rows[y + 1, k + 1]), (rows[s, k + 1], rows[s + 1, k + 1]),
             (along[0, k + 1], along[1, k + 1]), (along[0, k], along[1, k])),
            (east * weight[0, here, j, k], west * weight[0, before, j, k], weight[1, here, j, k],
             weight[1, here, south, k], along[2, k + 1], along[2, k]),
            ((rows[y + 2, k + 1], rows[s + 2, k + 1], rows[y + 2, k]),
             (sheet[e + 2, n, k + 1], sheet[e + 2, n, k], sheet[w + 2, n, k + 1]),
             (sheet[e + 3, n, k + 1], sheet[w + 3, n, k + 1], sheet[e + 3, n - 1, k + 1])),
            epsilon[local, j, k], cell[own, j, k], stiffness,
        )  # fmt: skip
        condensation, kinetic, magnetic = condensation + e0, kinetic + e1, magnetic + e2
    return condensation, kinetic, magnetic


@njit(cache=True, error_model="numpy", nogil=True)
def planes(
    first: int, last: int, fields: Array,
    phase: Array, source: Array, epsilon: Array, weight: Array, cell: Array, stiffness: tuple[float, float],
    open_x: bool, open_y: bool, open_z: bool,
    gradient: Array, terms: Array,
) -> None:  # fmt: skip
    """Energy terms and gradient of the planes ``first <= i < last``; the factors of a link are made once."""
    nx, ny, nz = fields.shape[1:]
    strip = max(8, CACHED // nz)  # rows; the one before a strip is made twice
    # of even planes, of odd planes: cos, sin of the links along x, excess on plaquettes normal to y, to z
    sheet = np.empty((8, strip + 1, nz + 2), fields.dtype)
    # of even rows, of odd rows: cos, sin of the links along y, excess on plaquettes normal to x
    rows = np.empty((6, nz + 2), fields.dtype)
    along = np.empty((5, nz + 2), fields.dtype)  # of the row at hand, see `_link_rows`
    for i in range(first, last):
        terms[i, 0] = terms[i, 1] = terms[i, 2] = 0.0
    for start in range(0, ny, strip):
        for i in range(first - 1, last):
            plane, e = i if i >= 0 else nx - 1, 4 * (i & 1)
            for j in range(start - 1, min(start + strip, ny)):
                row, y, n = j if j >= 0 else ny - 1, 3 * (j & 1), j - start + 1
                _link_rows(plane, row, n, fields, phase, weight, sheet[e : e + 2], rows[y : y + 2], along)
                _plaquette_rows(
                    plane, row, n, fields, source, open_x, open_y, open_z, rows[y + 2], sheet[e + 2], sheet[e + 3]
                )  # fmt: skip
                if i >= first and n > 0:
                    e0, e1, e2 = _site_row(
                        i, j, n, fields, sheet, rows, along, epsilon, weight, cell, stiffness, open_x, gradient
                    )  # fmt: skip
                    terms[i, 0] += e0
                    terms[i, 1] += e1
                    terms[i, 2] += e2
