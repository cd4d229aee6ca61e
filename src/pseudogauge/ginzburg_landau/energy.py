"""The one energy function of the lattice superconductor, and its exact gradient.

On sites s, links l = (s, s') and plaquettes p, with U_l = exp i(A_l + φ_l) (φ: pseudo-gauge field and
background of the flux sector), link weights w and the local condensation strength ε,

    E = Σ_s (−ε|ψ|² + ½|ψ|⁴) dx² + Σ_l w |U_l ψ_s' − ψ_s|² + κ²/dx² Σ_p (curl A − σ)²,

where curl A is the circulation round the plaquette and σ_p = (H + m) dx² − 2πN/(number of plaquettes).
This is [LOB Eq. 3] with the amplitude of ψ.  Unknowns are kept as one real array
``fields[4, Nx, Ny]`` = (Re ψ, Im ψ, A_x, A_y); gradients are plain partial derivatives in that layout.
Layered crystals: `layers`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .film import StrayField
from .layers import LayeredCoefficients, planes
from .stencil import REASSOCIATE, cos_sin, excess_flux, site_terms

__all__ = ["Coefficients", "EnergyTerms", "cores", "energy_and_gradient", "threads_for"]

Array = NDArray[np.float64]
Triple = tuple[float, float, float]
TILE = 128  # sites treated at a time; their inputs fit the first-level cache
STRIDE = TILE + 8  # distance of two inputs in the working array


class Coefficients(NamedTuple):
    """What the energy needs to know; arrays with one row stand for all rows alike."""

    phase: Array  # (2, Nx, Ny) frozen part of the link phases, φ
    source: Array  # (Nx or 1, Ny) σ on plaquettes
    epsilon: Array  # (Nx or 1, Ny) condensation strength
    weight: Array  # (2, Nx or 1, Ny) link weights
    cell: float  # dx²
    stiffness: float  # κ²/dx²
    open_x: bool
    open_y: bool
    stray_field: StrayField | None = None  # of a thin film, instead of the stiffness


class EnergyTerms(NamedTuple):
    """The three parts of the energy."""

    condensation: float
    kinetic: float
    magnetic: float


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _plaquette_row(i: int, fields: Array, source: Array, open_x: bool, open_y: bool, b: Array) -> None:
    """curl A − σ on row i of plaquettes (zero where none exist)."""
    nx, ny = fields.shape[1:]
    if open_x and i == nx - 1:
        b[:] = 0.0
        return
    up = i + 1 if i + 1 < nx else 0
    ax, ay, ay_up, sigma = fields[2, i], fields[3, i], fields[3, up], source[i if source.shape[0] > 1 else 0]
    for j in range(ny - 1):
        b[j] = excess_flux(ax[j], ax[j + 1], ay[j], ay_up[j], sigma[j])
    end = ny - 1
    b[end] = 0.0 if open_y else excess_flux(ax[end], ax[0], ay[end], ay_up[end], sigma[end])


@njit(cache=True, error_model="numpy")
def _link_row(a: Array, phase: Array, c: Array, s: Array) -> None:
    """Cosines and sines of the total phase on one row of links."""
    for j in range(a.size):
        c[j], s[j] = cos_sin(a[j] + phase[j])


@njit(cache=True, error_model="numpy")
def _fetch(work: Array, slot: int, row: Array, first: int, width: int) -> None:
    """Copy ``row[first : first + width]`` and its two neighbours, which may lie across the cell."""
    to, come = work[slot * STRIDE + 1 :], row[first:]  # views from 0 on: the loop becomes a block copy
    for j in range(width):
        to[j] = come[j]
    end = first + width
    to[width] = row[end if end < row.size else 0]
    work[slot * STRIDE] = row[first - 1 if first > 0 else row.size - 1]


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _tile(
    width: int, w: Array, out: Array, east: float, west: float, cell: float, stiffness: float
) -> Triple:
    """`site_terms` along one tile.  All inputs lie in one array at constant distances: this lets it vectorise."""
    condensation = kinetic = magnetic = 0.0
    for j in range(1, width + 1):
        e0, e1, e2, out[j], out[STRIDE + j], out[2 * STRIDE + j], out[3 * STRIDE + j] = site_terms(
            (w[j], w[STRIDE + j]),
            ((w[2 * STRIDE + j], w[3 * STRIDE + j]), (w[4 * STRIDE + j], w[5 * STRIDE + j]),
             (w[j + 1], w[STRIDE + j + 1]), (w[j - 1], w[STRIDE + j - 1])),
            ((w[6 * STRIDE + j], w[7 * STRIDE + j]), (w[8 * STRIDE + j], w[9 * STRIDE + j]),
             (w[10 * STRIDE + j], w[11 * STRIDE + j]), (w[10 * STRIDE + j - 1], w[11 * STRIDE + j - 1])),
            (east * w[12 * STRIDE + j], west * w[13 * STRIDE + j], w[14 * STRIDE + j], w[14 * STRIDE + j - 1]),
            (w[15 * STRIDE + j], w[16 * STRIDE + j], w[15 * STRIDE + j - 1]),
            w[17 * STRIDE + j], cell, stiffness,
        )  # fmt: skip
        condensation, kinetic, magnetic = condensation + e0, kinetic + e1, magnetic + e2
    return condensation, kinetic, magnetic


@njit(cache=True, error_model="numpy", nogil=True)
def _rows(
    first: int, last: int, fields: Array,
    phase: Array, source: Array, epsilon: Array, weight: Array, cell: float, stiffness: float,
    open_x: bool, open_y: bool,
    gradient: Array, terms: Array,
) -> None:  # fmt: skip
    """Energy terms and gradient of the rows ``first <= i < last``; the factors of a link are made once."""
    nx, ny = fields.shape[1:]
    work, out = np.zeros(18 * STRIDE), np.zeros(4 * STRIDE)
    made = np.empty((8, ny))  # cos, sin of the links east, west, north; excess here and west
    east_row, west_row, b, b_west = 0, 2, 6, 7
    below = first - 1 if first > 0 else nx - 1
    _link_row(fields[2, below], phase[0, below], made[west_row], made[west_row + 1])
    _plaquette_row(below, fields, source, open_x, open_y, made[b_west])
    for i in range(first, last):
        down, up = i - 1 if i > 0 else nx - 1, i + 1 if i + 1 < nx else 0
        _link_row(fields[2, i], phase[0, i], made[east_row], made[east_row + 1])
        _link_row(fields[3, i], phase[1, i], made[4], made[5])
        _plaquette_row(i, fields, source, open_x, open_y, made[b])
        here, before = (i, down) if weight.shape[1] > 1 else (0, 0)
        strength = epsilon[i if epsilon.shape[0] > 1 else 0]
        east = 0.0 if open_x and i == nx - 1 else 1.0
        west = 0.0 if open_x and i == 0 else 1.0
        terms[i, :] = 0.0
        for start in range(0, ny, TILE):
            width = min(TILE, ny - start)
            for n, row in enumerate((i, up, down)):
                for part in range(2):
                    _fetch(work, 2 * n + part, fields[part, row], start, width)
            for n, row in enumerate((east_row, east_row + 1, west_row, west_row + 1, 4, 5)):
                _fetch(work, 6 + n, made[row], start, width)
            for n, (axis, row) in enumerate(((0, here), (0, before), (1, here))):
                _fetch(work, 12 + n, weight[axis, row], start, width)
            _fetch(work, 15, made[b], start, width)
            _fetch(work, 16, made[b_west], start, width)
            _fetch(work, 17, strength, start, width)
            shares = _tile(width, work, out, east, west, cell, stiffness)
            for n in range(3):
                terms[i, n] += shares[n]
            for n in range(4):
                to, come = gradient[n, i, start:], out[n * STRIDE + 1 :]
                for j in range(width):
                    to[j] = come[j]
        east_row, west_row, b, b_west = west_row, east_row, b_west, b  # what was east is west of the next row


def energy_and_gradient(
    fields: Array, coefficients: Coefficients | LayeredCoefficients, gradient: Array, threads: int = 1
) -> EnergyTerms:
    """Write the gradient into ``gradient`` and return the energy terms, in one fused pass.

    The sum runs over rows (in three dimensions planes) first, so the result does not depend on the number of threads.
    """
    layered = isinstance(coefficients, LayeredCoefficients)
    part: Callable[..., None] = planes if layered else _rows
    local = coefficients if layered else coefficients[:-1]
    rows = fields.shape[1]
    terms = np.empty((rows, 3))
    fixed: tuple[Any, ...] = (fields, *local, gradient, terms)
    if threads == 1:
        part(0, rows, *fixed)
    else:
        cuts = [rows * n // threads for n in range(threads + 1)]
        submit: Callable[..., Any] = _pool(os.getpid(), threads).submit
        for work in [submit(part, cuts[n], cuts[n + 1], *fixed) for n in range(threads)]:
            work.result()
    total = EnergyTerms(*(float(t) for t in terms.sum(axis=0)))
    film = None if isinstance(coefficients, LayeredCoefficients) else coefficients.stray_field
    if film is None:
        return total
    return total._replace(magnetic=film.add_energy(fields[2:], coefficients.source, gradient[2:], threads))


def threads_for(sites: int) -> int:
    """Threads worth starting for one pass over ``sites``: all available cores for big grids, else one."""
    return max(1, min(cores(), sites // 16_000))


def cores() -> int:
    """Cores available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=4)
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    """Worker threads; keyed by process because threads do not survive a fork."""
    return ThreadPoolExecutor(threads)
