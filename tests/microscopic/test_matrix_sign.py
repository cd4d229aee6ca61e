"""The compiled traces against dense eigenvectors, everywhere in parameter space."""

from __future__ import annotations

import numpy as np

from pseudogauge.microscopic import RashbaSuperconductor
from pseudogauge.microscopic._matrix_sign import sign_traces
from pseudogauge.microscopic.rashba import kron


def dense(model, k, b, w):
    """The slow twin: tr f and tr σf from numpy.linalg.eigh."""
    e, u = np.linalg.eigh(model.hamiltonian(k, b, w))
    f = np.sign(e) if model.temperature == 0 else np.tanh(e / (2 * model.temperature))
    matrix = (u * f) @ u.conj().T
    return np.trace(matrix).real, np.array([np.trace(kron(0, j) @ matrix).real for j in (1, 2, 3)])


def test_traces_agree_with_eigenvectors():
    rng = np.random.default_rng(1)
    a, v = np.empty((4, 4)), np.empty((4, 4))
    gapless = 0
    for i in range(800):
        temperature = 0.0 if i % 2 else 10 ** rng.uniform(-2, 0.3)
        gap = 0.0 if i % 10 == 0 else 10 ** rng.uniform(-2, 0)
        model = RashbaSuperconductor(1.0, 10.0, gap, rng.normal(), temperature)
        k = rng.normal(size=2) * 3
        b, w = rng.normal(size=3) * 10 ** rng.uniform(-3, 0.5), rng.normal(size=2) * 10 ** rng.uniform(-2, 0)
        d, xi = model.spin_orbit_vector(k, w), k @ k / 2 - model.mu
        n, along_d, along_b, noise_n, noise_s = sign_traces(xi, gap, d @ d, d @ b, b @ b, temperature, a, v)
        exact_n, exact_s = dense(model, k, b, w)
        size = np.linalg.norm(along_d * d) + np.linalg.norm(along_b * b)
        assert abs(n - exact_n) < noise_n + 2e-14
        assert np.abs(along_d * d + along_b * b - exact_s).max() < noise_s * size + 2e-14
        gapless += abs(exact_n) > 1
    assert gapless > 10  # the table reaches states with an unequal number of signs


def test_spin_polarisation_keeps_relative_accuracy_at_tiny_exchange():
    """tr σf is proportional to b: eigenvectors lose what the polynomial keeps."""
    model = RashbaSuperconductor(1.0, 10.0, 0.1, 0.5)
    k, w, a, v = np.array([3.0, 3.1]), np.array([0.01, 0.0]), np.empty((4, 4)), np.empty((4, 4))
    d, xi = model.spin_orbit_vector(k, w), k @ k / 2 - model.mu
    spins, dense_spins = [], []
    for size in (1e-3, 1e-10):
        b = np.array([0.0, 0.0, size])
        _, along_d, along_b, _, _ = sign_traces(xi, model.gap, d @ d, d @ b, b @ b, 0.0, a, v)
        spins.append((along_d * d + along_b * b)[2] / size)
        dense_spins.append(dense(model, k, b, w)[1][2] / size)
    assert abs(spins[1] / spins[0] - 1) < 1e-4  # the true non-linearity is (b/Δ)²
    assert abs(dense_spins[1] / dense_spins[0] - 1) > 1e-7
