"""The Jacobi kernel against LAPACK, degenerate matrices included."""

from __future__ import annotations

import numpy as np

from pseudogauge.numerics.small_matrices import jacobi_eigh


def test_agrees_with_lapack():
    rng = np.random.default_rng(1)
    for i in range(200):
        h = rng.normal(size=(4, 4))
        h += h.T
        if i % 4 == 0:  # twofold degenerate
            q = np.linalg.qr(h)[0]
            h = q @ np.diag([1.0, 1.0, -2.0, -2.0]) @ q.T
            h = 0.5 * (h + h.T)
        a, v = h.copy(), np.empty((4, 4))
        jacobi_eigh(a, v)
        np.testing.assert_allclose(np.sort(a.diagonal()), np.linalg.eigvalsh(h), atol=2e-14)
        np.testing.assert_allclose(v @ v.T, np.eye(4), atol=1e-14)
        np.testing.assert_allclose(v @ np.diag(a.diagonal()) @ v.T, h, atol=2e-14)
