"""The one energy function of the lattice superconductor, and its exact gradient.

On sites s, links l = (s, s') and plaquettes p, with U_l = exp i(A_l + φ_l) (φ: pseudo-gauge field and
background of the flux sector), link weights w and the local condensation strength ε,

    E = Σ_s (−ε|ψ|² + ½|ψ|⁴) v_s + Σ_l w |U_l ψ_s' − ψ_s|² + κ²/dx² Σ_p (curl A − σ)²,

where v_s is the part of the cell that is superconductor (dx² but at smooth surfaces), curl A the circulation round
the plaquette and σ_p = (H + m) dx² − 2πN/(number of plaquettes).
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
from .stencil import REASSOCIATE, excess_flux, link_factor, site_terms
from .vectorise import distinct_arrays

__all__ = ["Coefficients", "EnergyTerms", "cores", "energy_and_gradient", "single", "threads_for"]

Array = NDArray[np.float64]
Triple = tuple[float, float, float]
Piece = tuple[int, int, int, int]


class Coefficients(NamedTuple):
    """What the energy needs to know; arrays with one row stand for all rows alike."""

    phase: Array  # (2, Nx, Ny) frozen part of the link phases, φ
    source: Array  # (Nx or 1, Ny) σ on plaquettes
    epsilon: Array  # (Nx or 1, Ny) condensation strength
    weight: Array  # (2, Nx or 1, Ny) link weights
    cell: Array  # (Nx or 1, Ny) superconducting area of the cells
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
    distinct_arrays()
    nx, ny = fields.shape[1:]
    if open_x and i == nx - 1:
        b[:ny] = 0.0
        return
    up = i + 1 if i + 1 < nx else 0
    ax, ay, ay_up, sigma = fields[2, i], fields[3, i], fields[3, up], source[i % source.shape[0]]
    for j in range(ny - 1):
        b[j] = excess_flux(ax[j], ax[j + 1], ay[j], ay_up[j], sigma[j])
    end = ny - 1
    b[end] = 0.0 if open_y else excess_flux(ax[end], ax[0], ay[end], ay_up[end], sigma[end])


@njit(cache=True, error_model="numpy")
def _link_row(a: Array, phase: Array, c: Array, s: Array) -> None:
    """Cosines and sines of the total phase on one row of links."""
    distinct_arrays()
    for j in range(a.size):
        c[j], s[j] = link_factor(a[j] + phase[j])


@njit(cache=True, error_model="numpy")
def pieces(n: int) -> tuple[Piece, Piece, Piece]:
    """The first, the inner and the last of n sites: from, to, and the steps to the next and the one before."""
    return (0, 1, min(1, n - 1), n - 1), (1, n - 1, 1, -1), (max(1, n - 1), n, 1 - n, -1)


@njit(cache=True, error_model="numpy", fastmath=REASSOCIATE)
def _site_row(
    i: int, fields: Array, made: Array, epsilon: Array, weight: Array, cell: Array, stiffness: float,
    open_x: bool, gradient: Array,
) -> Triple:  # fmt: skip
    """`site_terms` along row i; ``made`` as in `_rows`."""
    distinct_arrays()
    nx, ny = fields.shape[1:]
    up, down = i + 1 if i + 1 < nx else 0, i - 1 if i > 0 else nx - 1
    e, w, b, b_west = 2 * (i & 1), 2 - 2 * (i & 1), 6 + (i & 1), 7 - (i & 1)
    here, before = i % weight.shape[1], down % weight.shape[1]
    local, own = i % epsilon.shape[0], i % cell.shape[0]
    number = fields.dtype.type
    east, west = number(not (open_x and i == nx - 1)), number(not (open_x and i == 0))
    g_re, g_im, g_x, g_y = gradient[0, i], gradient[1, i], gradient[2, i], gradient[3, i]
    condensation = kinetic = magnetic = number(0)
    for start, stop, north, south in pieces(ny):
        for k in range(stop - start):
            j, n, s = np.uint64(start + k), np.uint64(start + k + north), np.uint64(start + k + south)
            e0, e1, e2, g_re[j], g_im[j], g_x[j], g_y[j] = site_terms(
                (fields[0, i, j], fields[1, i, j]),
                ((fields[0, up, j], fields[1, up, j]), (fields[0, down, j], fields[1, down, j]),
                 (fields[0, i, n], fields[1, i, n]), (fields[0, i, s], fields[1, i, s])),
                ((made[e, j], made[e + 1, j]), (made[w, j], made[w + 1, j]),
                 (made[4, j], made[5, j]), (made[4, s], made[5, s])),
                (east * weight[0, here, j], west * weight[0, before, j], weight[1, here, j], weight[1, here, s]),
                (made[b, j], made[b_west, j], made[b, s]),
                epsilon[local, j], cell[own, j], stiffness,
            )  # fmt: skip
            condensation, kinetic, magnetic = condensation + e0, kinetic + e1, magnetic + e2
    return condensation, kinetic, magnetic


@njit(cache=True, error_model="numpy", nogil=True)
def _rows(
    first: int, last: int, fields: Array,
    phase: Array, source: Array, epsilon: Array, weight: Array, cell: Array, stiffness: float,
    open_x: bool, open_y: bool,
    gradient: Array, terms: Array,
) -> None:  # fmt: skip
    """Energy terms and gradient of the rows ``first <= i < last``; the factors of a link are made once."""
    nx, ny = fields.shape[1:]
    # cos, sin of the links along x from even rows, from odd rows, of those along y; excess on even rows, odd rows
    # (rows apart by no power of two, which would meet in one set of the cache)
    made = np.empty((8, ny + 24 - ny % 8), fields.dtype)
    for i in range(first - 1, last):
        row, e = i if i >= 0 else nx - 1, 2 * (i & 1)
        _link_row(fields[2, row], phase[0, row], made[e], made[e + 1])
        _plaquette_row(row, fields, source, open_x, open_y, made[6 + (i & 1)])
        if i >= first:
            _link_row(fields[3, i], phase[1, i], made[4], made[5])
            shares = _site_row(i, fields, made, epsilon, weight, cell, stiffness, open_x, gradient)
            terms[i, 0], terms[i, 1], terms[i, 2] = shares


def energy_and_gradient(
    fields: Array, coefficients: Coefficients | LayeredCoefficients, gradient: Array, threads: int = 1
) -> EnergyTerms:
    """Write the gradient into ``gradient`` and return the energy terms, in one fused pass.

    The sum runs over rows (in three dimensions planes) first, so the result does not depend on the number of threads.
    All arrays may be of single precision, with the coefficients of `single`: half the time, seven digits.
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


def single(coefficients: Coefficients | LayeredCoefficients) -> Any:
    """The coefficients in single precision, for fields of single precision; not those of a film."""

    def convert(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value.astype(np.float32)
        if isinstance(value, tuple):
            return tuple(np.float32(part) for part in value)
        return np.float32(value) if isinstance(value, float) else value

    return type(coefficients)(*(convert(value) for value in coefficients))


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
