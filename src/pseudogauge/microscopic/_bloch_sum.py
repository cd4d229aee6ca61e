"""Compiled Fourier sums of hopping tables."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["bloch_sum"]

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


@njit("complex128[:,::1](float64[:,::1], float64[:,::1], complex128[:,::1])", cache=True, nogil=True)
def bloch_sum(k: Array, cells: Array, tables: ComplexArray) -> ComplexArray:
    """Σ_c tables[:, c] exp(ik·cells[c]), shape (rows of tables, len(k)).

    Its own loop and not a matrix product: BLAS threads cost more than they save on such narrow matrices.
    """
    rows, count = tables.shape[0], len(k)
    result = np.zeros((rows, count), np.complex128)
    phase = np.empty(count, np.complex128)
    for c in range(len(cells)):
        for m in range(count):
            angle = k[m, 0] * cells[c, 0] + k[m, 1] * cells[c, 1]
            phase[m] = complex(math.cos(angle), math.sin(angle))
        for i in range(rows):
            t = tables[i, c]
            if t != 0.0:
                for m in range(count):
                    result[i, m] += t * phase[m]
    return result
