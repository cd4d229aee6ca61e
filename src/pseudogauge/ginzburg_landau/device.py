"""The lattice energy on a CUDA device: the functions of `stencil` compiled for it, one thread per site.

What a site, a link and a plaquette contribute is the same code as on the CPU; here is only another loop over them.
Needs a CUDA device and the extra ``gpu``, or numba's simulator (NUMBA_ENABLE_CUDASIM=1), which the tests use.
"""

from __future__ import annotations

import math
from functools import cache
from types import FunctionType
from typing import Any

import numba
import numba.cuda
import numpy as np

from ..errors import InputError, require
from . import stencil
from .energy import EnergyTerms
from .problem import GinzburgLandau

__all__ = ["DeviceEnergy"]

cuda: Any = numba.cuda  # it comes without types
THREADS = 256  # of a block
FLAT, LAYERED = (1, 8, 32), (2, 4, 32)  # block shapes along the axes of the grid, the last one fastest


class DeviceEnergy:
    """Energy and gradient of a problem on the device; the frozen arrays are moved there once.

    Fields and gradients are device arrays of the layout of `energy_and_gradient`, (4, Nx, Ny) or (5, Nx, Ny, Nz) in
    double precision: anything with ``__cuda_array_interface__``, such as arrays of ``numba.cuda.to_device`` or cupy.

    Raises
    ------
    InputError : where there is no CUDA device, for a thin film, and for arrays of another layout.
    """

    def __init__(self, problem: GinzburgLandau) -> None:
        if not cuda.is_available():
            raise InputError("device", "cuda", "a machine with a CUDA device", "use minimise on the CPU")
        film = "a thin film, whose field is not on the device yet"
        require(problem.stray_field is None, "problem", film, "a bulk problem", "use minimise on the CPU")
        self.problem = problem
        flat = problem.grid.ndim == 2
        shape = (1, *problem.grid.shape) if flat else problem.grid.shape
        self._block = (FLAT if flat else LAYERED)[::-1]  # CUDA counts the fastest axis first
        self._blocks = tuple(math.ceil(n / b) for n, b in zip(shape[::-1], self._block, strict=True))
        self._sites, self._total = _kernels(problem.grid.ndim)
        self._fixed = tuple(
            cuda.to_device(np.ascontiguousarray(value)) if isinstance(value, np.ndarray) else value
            for value in (problem.coefficients[:-1] if flat else problem.coefficients)
        )
        self._shares = cuda.device_array((3, math.prod(self._blocks)))
        self._terms = cuda.device_array(3)

    def __call__(self, fields: Any, gradient: Any) -> EnergyTerms:
        """Write the gradient into ``gradient`` and return the energy terms."""
        _check("fields", fields, self.problem)
        _check("gradient", gradient, self.problem)
        self._sites[self._blocks, self._block](fields, *self._fixed, gradient, self._shares)
        self._total[3, THREADS](self._shares, self._terms)
        return EnergyTerms(*(float(term) for term in self._terms.copy_to_host()))


def _check(name: str, array: Any, problem: GinzburgLandau) -> None:
    """Refuse an array that the kernels, which do not look, would read or write beyond its end."""
    layout = getattr(array, "__cuda_array_interface__", None) or getattr(array, "__array_interface__", None)
    if layout is None:
        raise InputError(name, type(array).__name__, "a device array")
    shape, strides = (2 + problem.grid.ndim, *problem.grid.shape), layout.get("strides")
    dense = tuple(8 * math.prod(shape[n + 1 :]) for n in range(len(shape)))
    given = f"of shape {layout['shape']}, type {layout['typestr']}, strides {strides or 'contiguous'}"
    fits = (tuple(layout["shape"]), layout["typestr"]) == (shape, "<f8") and tuple(strides or dense) == dense
    fix = "cupy.ascontiguousarray(array, dtype=float) makes it contiguous and of this type"
    require(fits, name, given, f"contiguous, of shape {shape} and type <f8", fix)


@cache
def _device_stencil() -> dict[str, Any]:
    """The functions of `stencil`, compiled for the device; each calls its siblings there."""
    space = dict(vars(stencil))
    if "simulator" not in cuda.jit.__module__:
        from numba.cuda import libdevice

        space["floor"] = libdevice.floor
    for name, function in vars(stencil).items():
        if hasattr(function, "py_func"):
            space[name] = cuda.jit(device=True)(FunctionType(function.py_func.__code__, space, name))
    return space


@cache
def _kernels(ndim: int) -> tuple[Any, Any]:
    return cuda.jit(_flat_sites() if ndim == 2 else _layered_sites()), cuda.jit(_total)


def _total(shares: Any, terms: Any) -> None:
    """Sum of the shares of all blocks, always in the same order; one block per energy term."""
    part = cuda.shared.array(THREADS, numba.float64)
    row, n = cuda.blockIdx.x, cuda.threadIdx.x
    own = 0.0
    for k in range(n, shares.shape[1], THREADS):
        own += shares[row, k]
    part[n] = own
    half = THREADS // 2
    while half > 0:
        cuda.syncthreads()
        if n < half:
            part[n] += part[n + half]
        half //= 2
    if n == 0:
        terms[row] = part[0]


@cache
def _block_sums() -> Any:
    def block_sums(e0: float, e1: float, e2: float, shares: Any) -> None:
        """Add the energies of the threads of a block."""
        part = cuda.shared.array((3, THREADS), numba.float64)
        n = (cuda.threadIdx.z * cuda.blockDim.y + cuda.threadIdx.y) * cuda.blockDim.x + cuda.threadIdx.x
        block = (cuda.blockIdx.z * cuda.gridDim.y + cuda.blockIdx.y) * cuda.gridDim.x + cuda.blockIdx.x
        part[0, n], part[1, n], part[2, n] = e0, e1, e2
        half = THREADS // 2
        while half > 0:
            cuda.syncthreads()
            if n < half:
                part[0, n] += part[0, n + half]
                part[1, n] += part[1, n + half]
                part[2, n] += part[2, n + half]
            half //= 2
        if n == 0:
            shares[0, block], shares[1, block], shares[2, block] = part[0, 0], part[1, 0], part[2, 0]

    return cuda.jit(device=True)(block_sums)


def _flat_sites() -> Any:
    space = _device_stencil()
    site_terms, cos_sin, excess_flux = space["site_terms"], space["cos_sin"], space["excess_flux"]
    block_sums = _block_sums()

    def sites(
        f: Any, phase: Any, source: Any, epsilon: Any, weight: Any, cell: Any, stiffness: float,
        open_x: bool, open_y: bool, gradient: Any, shares: Any,
    ) -> None:  # fmt: skip
        j, i, _ = cuda.grid(3)
        nx, ny = f.shape[1], f.shape[2]
        e0 = e1 = e2 = 0.0
        if i < nx and j < ny:
            east, west = (i + 1 if i + 1 < nx else 0), (i - 1 if i > 0 else nx - 1)
            north, south = (j + 1 if j + 1 < ny else 0), (j - 1 if j > 0 else ny - 1)
            first, last = open_x and i == 0, open_x and i == nx - 1
            low, high = open_y and j == 0, open_y and j == ny - 1
            here, before = i % weight.shape[1], west % weight.shape[1]
            row, row_before = i % source.shape[0], west % source.shape[0]
            b = b_west = b_south = 0.0
            if not (last or high):
                b = excess_flux(f[2, i, j], f[2, i, north], f[3, i, j], f[3, east, j], source[row, j])
            if not (first or high):
                b_west = excess_flux(
                    f[2, west, j], f[2, west, north], f[3, west, j], f[3, i, j], source[row_before, j]
                )
            if not (last or low):
                b_south = excess_flux(
                    f[2, i, south], f[2, i, j], f[3, i, south], f[3, east, south], source[row, south]
                )
            e0, e1, e2, g0, g1, g2, g3 = site_terms(
                (f[0, i, j], f[1, i, j]),
                ((f[0, east, j], f[1, east, j]), (f[0, west, j], f[1, west, j]),
                 (f[0, i, north], f[1, i, north]), (f[0, i, south], f[1, i, south])),
                (cos_sin(f[2, i, j] + phase[0, i, j]), cos_sin(f[2, west, j] + phase[0, west, j]),
                 cos_sin(f[3, i, j] + phase[1, i, j]), cos_sin(f[3, i, south] + phase[1, i, south])),
                (0.0 if last else weight[0, here, j], 0.0 if first else weight[0, before, j],
                 weight[1, here, j], weight[1, here, south]),
                (b, b_west, b_south), epsilon[i % epsilon.shape[0], j], cell[i % cell.shape[0], j], stiffness,
            )  # fmt: skip
            gradient[0, i, j], gradient[1, i, j], gradient[2, i, j], gradient[3, i, j] = g0, g1, g2, g3
        block_sums(e0, e1, e2, shares)

    return sites


def _layered_sites() -> Any:
    space = _device_stencil()
    site_terms, cos_sin, excess_flux = space["layered_site_terms"], space["cos_sin"], space["excess_flux"]
    block_sums = _block_sums()

    @cuda.jit(device=True)  # type: ignore[untyped-decorator]
    def excess(f: Any, source: Any, n: int, a: int, b: int, at: Any, da: Any, db: Any) -> Any:
        """curl A − σ of the plaquette normal to axis n that starts at a site; a, b: its axes, da, db: their steps."""
        i, j, k = at
        return excess_flux(
            f[2 + a, i, j, k], f[2 + a, db[0], db[1], db[2]],
            f[2 + b, i, j, k], f[2 + b, da[0], da[1], da[2]], source[n, i % source.shape[1], j, k],
        )  # fmt: skip

    def sites(
        f: Any, phase: Any, source: Any, epsilon: Any, weight: Any, cell: Any, stiffness: Any,
        open_x: bool, open_y: bool, open_z: bool, gradient: Any, shares: Any,
    ) -> None:  # fmt: skip
        k, j, i = cuda.grid(3)
        nx, ny, nz = f.shape[1], f.shape[2], f.shape[3]
        e0 = e1 = e2 = 0.0
        if i < nx and j < ny and k < nz:
            e, w = (i + 1 if i + 1 < nx else 0), (i - 1 if i > 0 else nx - 1)
            n, s = (j + 1 if j + 1 < ny else 0), (j - 1 if j > 0 else ny - 1)
            u, d = (k + 1 if k + 1 < nz else 0), (k - 1 if k > 0 else nz - 1)
            end_x, end_y, end_z = open_x and i == nx - 1, open_y and j == ny - 1, open_z and k == nz - 1
            x0, y0, z0 = open_x and i == 0, open_y and j == 0, open_z and k == 0
            bx = bx_y = bx_z = by = by_z = by_x = bz = bz_x = bz_y = 0.0
            if not (end_y or end_z):
                bx = excess(f, source, 0, 1, 2, (i, j, k), (i, n, k), (i, j, u))
            if not (y0 or end_z):
                bx_y = excess(f, source, 0, 1, 2, (i, s, k), (i, j, k), (i, s, u))
            if not (end_y or z0):
                bx_z = excess(f, source, 0, 1, 2, (i, j, d), (i, n, d), (i, j, k))
            if not (end_z or end_x):
                by = excess(f, source, 1, 2, 0, (i, j, k), (i, j, u), (e, j, k))
            if not (z0 or end_x):
                by_z = excess(f, source, 1, 2, 0, (i, j, d), (i, j, k), (e, j, d))
            if not (end_z or x0):
                by_x = excess(f, source, 1, 2, 0, (w, j, k), (w, j, u), (i, j, k))
            if not (end_x or end_y):
                bz = excess(f, source, 2, 0, 1, (i, j, k), (e, j, k), (i, n, k))
            if not (x0 or end_y):
                bz_x = excess(f, source, 2, 0, 1, (w, j, k), (i, j, k), (w, n, k))
            if not (end_x or y0):
                bz_y = excess(f, source, 2, 0, 1, (i, s, k), (e, s, k), (i, j, k))
            here, before = i % weight.shape[1], w % weight.shape[1]
            e0, e1, e2, g0, g1, g2, g3, g4 = site_terms(
                (f[0, i, j, k], f[1, i, j, k]),
                ((f[0, e, j, k], f[1, e, j, k]), (f[0, w, j, k], f[1, w, j, k]),
                 (f[0, i, n, k], f[1, i, n, k]), (f[0, i, s, k], f[1, i, s, k]),
                 (f[0, i, j, u], f[1, i, j, u]), (f[0, i, j, d], f[1, i, j, d])),
                (cos_sin(f[2, i, j, k] + phase[0, i, j, k]), cos_sin(f[2, w, j, k] + phase[0, w, j, k]),
                 cos_sin(f[3, i, j, k] + phase[1, i, j, k]), cos_sin(f[3, i, s, k] + phase[1, i, s, k]),
                 cos_sin(f[4, i, j, k] + phase[2, i, j, k]), cos_sin(f[4, i, j, d] + phase[2, i, j, d])),
                (0.0 if end_x else weight[0, here, j, k], 0.0 if x0 else weight[0, before, j, k],
                 weight[1, here, j, k], weight[1, here, s, k], weight[2, here, j, k], weight[2, here, j, d]),
                ((bx, bx_y, bx_z), (by, by_z, by_x), (bz, bz_x, bz_y)),
                epsilon[i % epsilon.shape[0], j, k], cell[i % cell.shape[0], j, k], stiffness,
            )  # fmt: skip
            gradient[0, i, j, k], gradient[1, i, j, k] = g0, g1
            gradient[2, i, j, k], gradient[3, i, j, k], gradient[4, i, j, k] = g2, g3, g4
        block_sums(e0, e1, e2, shares)

    return sites
