"""Compiled loops over points and candidate inclusions."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

__all__ = ["insert_in_turn", "superpose"]


@njit(
    "void(f8[::1],f8[::1],f8[::1],i8[::1],i8[::1],i8[::1],f8[:,::1],f8[:,::1],f8,f8[:,::1])",
    cache=True, nogil=True, error_model="numpy",
)  # fmt: skip
def superpose(x, y, extent, start, items, shape, discs, coefficients, step, out):  # type: ignore[no-untyped-def]
    """Add Σ weight F(|r − centre|), its x- and y-derivative to out[0..2] at every point.

    The columns of ``discs`` are x, y, weight, row of F, squared height of the centre above the plane.
    """
    last = coefficients.shape[1] - 6
    for p in range(x.size):
        if not (0.0 <= x[p] <= extent[0] and 0.0 <= y[p] <= extent[1]):
            continue
        bx = min(int(x[p] / extent[0] * shape[0]), shape[0] - 1)
        by = min(int(y[p] / extent[1] * shape[1]), shape[1] - 1)
        bin_ = bx * shape[1] + by
        for k in range(start[bin_], start[bin_ + 1]):
            disc = discs[items[k]]
            dx, dy = x[p] - disc[0], y[p] - disc[1]
            t = math.sqrt(dx * dx + dy * dy + disc[4]) / step
            i = int(t)
            if i >= last:
                continue
            u = t - i
            v = 1.0 - u
            c = coefficients[int(disc[3]), i : i + 6]
            # quintic cardinal B-spline: nodes i−2 … i+3 with u in [0, 1)
            u2, v2 = u * u, v * v
            value = (
                c[0] * v2 * v2 * v + c[5] * u2 * u2 * u
                + c[1] * (26 + u * (-50 + u * (20 + u * (20 + u * (-20 + 5 * u)))))
                + c[4] * (26 + v * (-50 + v * (20 + v * (20 + v * (-20 + 5 * v)))))
                + c[2] * (66 + u2 * (-60 + u2 * (30 - 10 * u)))
                + c[3] * (66 + v2 * (-60 + v2 * (30 - 10 * v)))
            ) / 120.0  # fmt: skip
            slope = (
                c[5] * u2 * u2 - c[0] * v2 * v2
                + c[1] * (-10 + u * (8 + u * (12 + u * (-16 + 5 * u))))
                - c[4] * (-10 + v * (8 + v * (12 + v * (-16 + 5 * v))))
                + c[2] * u * (-24 + u2 * (24 - 10 * u))
                - c[3] * v * (-24 + v2 * (24 - 10 * v))
            ) / 24.0  # fmt: skip
            out[0, p] += disc[2] * value
            if t > 0.0:
                slope *= disc[2] / (step * step * t)
                out[1, p] += slope * dx
                out[2, p] += slope * dy


@njit("i8(f8[:,::1],f8[::1],i8,f8[:,::1],f8[::1],b1[::1],f8[::1],i8[::1],i8[::1],i8[::1])", cache=True)
def insert_in_turn(trials, radius, placed, centres, extent, periodic, cell, head, following, cells):  # type: ignore[no-untyped-def]
    """Random sequential addition: put inclusion ``placed``, ``placed + 1``, … at the first trial that fits.

    ``radius`` is in order of decreasing size; returns how many are placed when trials run out. Any number of
    dimensions; ``head`` and ``following`` are the linked lists of the cells, met in C order.
    """
    ndim = extent.size
    for t in range(trials.shape[0]):
        if placed == radius.size:
            break
        free = True
        for code in range(3**ndim):  # the cell itself and its neighbours
            index, rest, exists = 0, code, True
            for a in range(ndim):
                n = min(int(trials[t, a] / cell[a]), cells[a] - 1)
                step = rest % 3 - 1
                rest //= 3
                if cells[a] == 1:
                    exists = exists and step == 0
                else:
                    n += step
                    if periodic[a]:
                        n %= cells[a]
                    exists = exists and 0 <= n < cells[a]
                index = index * cells[a] + n
            other = head[index] if exists else -1
            while other >= 0 and free:
                square = 0.0
                for a in range(ndim):
                    d = trials[t, a] - centres[other, a]
                    if periodic[a]:
                        d -= extent[a] * np.round(d / extent[a])
                    square += d * d
                reach = radius[placed] + radius[other]
                free = square >= reach * reach
                other = following[other]
            if not free:
                break
        if free:
            home = 0
            for a in range(ndim):
                centres[placed, a] = trials[t, a]
                home = home * cells[a] + min(int(trials[t, a] / cell[a]), cells[a] - 1)
            following[placed] = head[home]
            head[home] = placed
            placed += 1
    return placed
