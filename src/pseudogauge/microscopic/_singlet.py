"""Compiled current of one orbital with an s-wave gap: the 4×4 problem of the Rashba model, momentum by momentum.

With h(±k) = ξ + (b̃ ± d̃)·σ and Δ̂ = Δ, H = (ξ + d̃·σ)τ_z + b̃·σ − Δτ_x is the Rashba Hamiltonian with d = −d̃ and
b = −b̃, and ∂H/∂A = v + u·σ. The traces of `_matrix_sign` then give the current without eigenvectors.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ._matrix_sign import level_pairs, sign_traces

__all__ = ["is_simple_singlet", "singlet_currents"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
NEGLIGIBLE = 1e-13
"""Size of what the kernel leaves out, relative to the largest matrix element, that is rounding."""


@njit(cache=True, nogil=True)
def _pauli(m: ComplexArray) -> tuple[float, float, float, float]:
    """Components of a Hermitian 2×2 matrix along 1 and σ."""
    up, down, off = m[0, 0].real, m[1, 1].real, m[1, 0]
    return 0.5 * (up + down), off.real, off.imag, 0.5 * (up - down)


@njit(cache=True, nogil=True)
def is_simple_singlet(h: ComplexArray, velocity: ComplexArray) -> bool:
    """Whether h (2m, 2, 2) and ∂h/∂k (2, 2m, 2, 2) at k and −k stacked have the parities this file needs."""
    half = len(h) // 2
    size = odd = 0.0
    for i in range(half):
        plus, minus = _pauli(h[i]), _pauli(h[half + i])
        size, odd = max(size, abs(plus[0])), max(odd, abs(plus[0] - minus[0]))
        for a in range(2):
            plus, minus = _pauli(velocity[a, i]), _pauli(velocity[a, half + i])
            size, odd = max(size, abs(plus[0])), max(odd, abs(plus[0] + minus[0]))
            for c in range(1, 4):
                size, odd = max(size, abs(plus[c])), max(odd, abs(plus[c] - minus[c]))
    return odd <= NEGLIGIBLE * size


@njit(cache=True, nogil=True)
def singlet_currents(
    h: ComplexArray, velocity: ComplexArray, gap: float, temperature: float
) -> tuple[Array, Array]:
    """tr[∂H/∂A f(H)] (2, m), f = n_F − ½, and the level closest to zero (m,), or a bound below it."""
    half = len(h) // 2
    traces, lowest = np.empty((2, half)), np.empty(half)
    a, v = np.empty((4, 4)), np.empty((4, 4))
    d, b = np.empty(3), np.empty(3)
    for i in range(half):
        plus, minus = _pauli(h[i]), _pauli(h[half + i])
        xi = plus[0]
        for c in range(3):
            d[c], b[c] = -0.5 * (plus[c + 1] - minus[c + 1]), -0.5 * (plus[c + 1] + minus[c + 1])
        dd, db, bb = np.sum(d * d), np.sum(d * b), np.sum(b * b)
        number, along_d, along_b, _, _ = sign_traces(xi, gap, dd, db, bb, temperature, a, v)
        for axis in range(2):
            slope = _pauli(velocity[axis, i])
            trace = slope[0] * number
            for c in range(3):
                trace += slope[c + 1] * (along_d * d[c] + along_b * b[c])
            traces[axis, i] = -0.5 * trace
        length, rest = math.sqrt(dd), gap * gap + bb
        close, far = (abs(xi) - length) ** 2 + rest, (abs(xi) + length) ** 2 + rest
        det = close * far - 4.0 * db * db - 4.0 * bb * (xi * xi + gap * gap)
        if det > 0.01 * close * far:
            u, p, delta = level_pairs(xi, xi * xi + dd + rest, det, db)
            upper = math.sqrt(max(u - p + abs(delta), 0.0))
            lowest[i] = (p - abs(delta)) / (math.sqrt(u) + upper)
        else:
            lowest[i] = max(det, 0.0) / (far * math.sqrt(2.0 * close)) if close > 0.0 else 0.0
    return traces, lowest
