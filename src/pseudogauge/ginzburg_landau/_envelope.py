"""Compiled recursion for the cheapest directed path: min-plus convolution with a parabola, layer by layer."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["FORBIDDEN", "sweep"]

FORBIDDEN = 1e30
"""Energy of a site that no path may use."""


@njit("void(f8[::1],f8,b1,i8[::1],f8[::1],f8[::1],i4[::1])", cache=True, error_model="numpy", nogil=True)
def _envelope(v, c, wraps, hull, cross, out, source):  # type: ignore[no-untyped-def]
    """out[q] = min_p v[p] + c(q − p)² in O(n), and the p where it is attained (not wrapped to 0 … n − 1).

    The lower envelope of parabolas of Felzenszwalb and Huttenlocher, Theory Comput. 8, 415 (2012).
    """
    n, last = v.size, -1
    margin = n // 2 if wraps else 0
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
        source[q] = p
        out[q] = v[p % n] + c * (q - p) ** 2


@njit(
    "void(f8[:,:,::1],f8,f8,b1,b1,b1,f8[:,::1],i4[:,:,::1],i4[:,:,::1])",
    cache=True,
    error_model="numpy",
    nogil=True,
)
def sweep(potential, stiffness, step, wraps_x, wraps_y, closed, cost, from_x, from_y):  # type: ignore[no-untyped-def]
    """Least energy of a path that reaches each site of the last layer, left in ``cost``.

    ``cost`` (Nx, Ny) holds what beginning at a site of the first layer costs. Each site of layer n adds
    step × potential[n] and each step stiffness × (distance in sites)²; ``from_x[n]``, ``from_y[n]`` say where
    in layer n the best path to a site of the next layer comes from, x first. A closed path returns to layer 0.
    """
    layers, nx, ny = potential.shape
    size = 2 * max(nx, ny) + 1
    hull, cross = np.empty(size, np.int64), np.empty(size)
    column, arrived, source = np.empty(nx), np.empty(nx), np.empty(nx, np.int32)
    row = np.empty(ny)
    cost += step * potential[0]
    for n in range(layers if closed else layers - 1):
        for i in range(nx):
            row[:] = cost[i]
            _envelope(row, stiffness, wraps_y, hull, cross, cost[i], from_y[n, i])
        for j in range(ny):
            column[:] = cost[:, j]
            _envelope(column, stiffness, wraps_x, hull, cross, arrived, source)
            cost[:, j], from_x[n, :, j] = arrived, source
        if n + 1 < layers:
            cost += step * potential[n + 1]
