"""Compiled kernels for many small matrices."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["jacobi_eigh"]

Array = NDArray[np.float64]


@njit(cache=True, nogil=True)
def jacobi_eigh(a: Array, v: Array) -> None:
    """Diagonalise one small real symmetric matrix in place by cyclic Jacobi rotations.

    On return the eigenvalues stand on the diagonal of ``a`` (n, n), unsorted, and the columns of ``v``
    (n, n) are the eigenvectors, orthogonal to rounding through any degeneracy (Golub and Van Loan,
    *Matrix Computations*, §8.5). It makes no call and no allocation.

    >>> import numpy as np
    >>> a, v = np.array([[0.0, 2.0], [2.0, 0.0]]), np.empty((2, 2))
    >>> jacobi_eigh(a, v)
    >>> np.sort(a.diagonal()).round(12)
    array([-2.,  2.])
    """
    n = a.shape[0]
    v[:, :] = 0.0
    size = 0.0
    for i in range(n):
        v[i, i] = 1.0
        for j in range(n):
            size += a[i, j] ** 2
    for _ in range(12):
        off = 0.0
        for i in range(n):
            for j in range(i):
                off += a[i, j] ** 2
        if off <= 1e-31 * size:
            return
        for p in range(n - 1):
            for q in range(p + 1, n):
                if a[p, q] == 0.0:
                    continue
                tau = (a[q, q] - a[p, p]) / (2.0 * a[p, q])
                t = 1.0 / (abs(tau) + np.sqrt(1.0 + tau * tau))
                if tau < 0:
                    t = -t
                c = 1.0 / np.sqrt(1.0 + t * t)
                s = t * c
                for i in range(n):
                    aip, aiq = a[i, p], a[i, q]
                    a[i, p] = c * aip - s * aiq
                    a[i, q] = s * aip + c * aiq
                    vip, viq = v[i, p], v[i, q]
                    v[i, p] = c * vip - s * viq
                    v[i, q] = s * vip + c * viq
                for i in range(n):
                    api, aqi = a[p, i], a[q, i]
                    a[p, i] = c * api - s * aqi
                    a[q, i] = s * api + c * aqi
