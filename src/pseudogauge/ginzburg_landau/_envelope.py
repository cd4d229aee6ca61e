"""Recursion for the cheapest directed path: min-plus convolution with a parabola, layer by layer."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["FORBIDDEN", "sweep"]

Floats = NDArray[np.float64]
Sources = NDArray[np.int32]
FORBIDDEN = 1e30
"""Energy of a site that no path may use."""


def sweep(
    potential: Floats, stiffness: float, step: float, wraps: tuple[bool, bool], closed: bool, cost: Floats
) -> tuple[Floats, Sources, Sources]:
    """Least energy of a path that reaches each site (Nx, Ny) of the last layer, and where it comes from.

    ``cost`` is what beginning at a site of the first layer costs. Each site of layer n adds
    step × potential[n], each step stiffness × (distance in sites)². The best path to a site of layer n + 1 comes from
    ``from_x[n]``, then ``from_y[n]`` at that x, in layer n. A closed path returns to layer 0 at the end.
    """
    layers, nx, ny = potential.shape
    along_x, along_y = np.empty((layers, ny, nx), np.int32), np.empty((layers, nx, ny), np.int32)
    rows, columns = np.empty((nx, ny)), np.empty((ny, nx))
    cost = cost + step * potential[0]
    for n in range(layers if closed else layers - 1):
        _envelopes(cost, stiffness, wraps[1], rows, along_y[n])
        _envelopes(np.ascontiguousarray(rows.T), stiffness, wraps[0], columns, along_x[n])
        cost = columns.T + step * potential[n + 1] if n + 1 < layers else columns.T
        cost = np.ascontiguousarray(cost)
    return cost, along_x.transpose(0, 2, 1), along_y


@njit("void(f8[:,::1],f8,b1,f8[:,::1],i4[:,::1])", cache=True, error_model="numpy", nogil=True)
def _envelopes(values, c, wraps, out, source):  # type: ignore[no-untyped-def]
    """On every row, out[q] = min_p v[p] + c(q − p)² in O(n), and the p that gives it (not wrapped to 0 … n − 1).

    The lower envelope of parabolas of Felzenszwalb and Huttenlocher, Theory Comput. 8, 415 (2012).
    """
    n = values.shape[1]
    margin = n // 2 if wraps else 0
    hull, cross = np.empty(n + 2 * margin, np.int64), np.empty(n + 2 * margin)
    for row in range(values.shape[0]):
        v, last = values[row], -1
        for q in range(-margin, n + margin):
            height = v[q % n]
            if height >= FORBIDDEN:
                continue
            meets = -np.inf
            while last >= 0:
                p = hull[last]
                meets = (height - v[p % n] + c * (q * q - p * p)) / (2.0 * c * (q - p))
                if meets > cross[last]:
                    break
                last -= 1
                meets = -np.inf
            last += 1
            hull[last], cross[last] = q, meets
        k = 0
        for q in range(n):
            while k < last and cross[k + 1] < q:
                k += 1
            p = hull[k] if last >= 0 else q
            source[row, q] = p
            out[row, q] = v[p % n] + c * (q - p) ** 2
