"""Responses at finite wave vector: published numbers, continuity, gauge invariance, an independent grid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    beta_q,
    current_kernel_q,
    gamma_q,
    response_coefficients,
)


def metal(gap=0.3, temperature=0.0):
    return RashbaSuperconductor(1.0, 10.0, gap, 0.5, temperature)


def test_gamma_of_q_published_numbers():
    """Δ/μ = 0.03; qξ₀ = 0.1 … 3 to the printed digits."""
    model = metal()
    kernel = gamma_q(model, np.array([0.0, 0.1, 0.3, 1, 2, 3]) / model.coherence_length)
    assert kernel.converged
    ratio = kernel.value / response_coefficients(model).gamma
    np.testing.assert_allclose(ratio, [1, 0.9958, 0.9647, 0.7678, 0.5523, 0.4258], atol=6e-5)


def green_function_sum(model, q, sources, frequencies=70):
    """The slow twin of γ(q): T = 0 frequency integral of traces of inverse matrices on a polar grid
    (a quarter plane, by symmetry)."""
    x, wx = np.polynomial.legendre.leggauss(12)
    edges = np.concatenate([np.linspace(0, 9, 19), [14, 25, 50, 100]])
    k = (0.5 * (edges[1:] + edges[:-1]) + 0.5 * np.diff(edges) * x[:, None]).ravel()
    wk = k * (0.5 * np.diff(edges) * wx[:, None]).ravel()
    s, ws = np.polynomial.legendre.leggauss(frequencies)
    s, ws = 12 * (s + 1), 12 * ws  # up to far beyond the largest energy
    total, half = 0.0, np.array([0.5 * q, 0.0])
    for phi in (np.arange(10) + 0.5) * math.pi / 20:
        momenta = k[:, None] * np.array([math.cos(phi), math.sin(phi)])
        v = model.vertices(momenta)
        h = [model.hamiltonian(momenta + sign * half) for sign in (1, -1, 0)]
        for z, weight in zip(model.gap * np.sinh(s), ws * model.gap * np.cosh(s), strict=True):
            plus, minus, centre = (np.linalg.inv(1j * z * np.eye(4) - x) for x in h)
            a, b, c = (v[(name,)] for name in sources)
            trace = np.einsum("kij,kji->k", plus @ c @ plus @ b, minus @ a)
            trace += np.einsum("kij,kji->k", plus @ b @ minus @ c, minus @ a)
            trace += np.einsum("kij,kji->k", centre @ v[sources[0], sources[1]], centre @ c)
            total += weight * (wk @ trace.real) / 10
    return 0.5 * total / (2 * math.pi) / math.pi  # ½ per Bogoliubov, d²k/4π², 2∫₀^∞ dω/2π


def test_gamma_of_q_agrees_with_inverse_matrices_on_a_grid():
    model = RashbaSuperconductor(1.0, 4.0, 2.0, 0.8)
    q = 0.8 / model.coherence_length
    kernel = gamma_q(model, q)
    assert green_function_sum(model, q, ("Ay", "wx", "bz")) == pytest.approx(kernel.value[0], rel=5e-7)


def test_beta_of_q_starts_at_beta():
    model = metal()
    base = response_coefficients(model).beta
    q = np.array([0.0, 0.01, 0.02]) / model.coherence_length
    kernel = beta_q(model, q)
    assert kernel.value[0] == base
    assert (4 * kernel.value[1] - kernel.value[2]) / 3 == pytest.approx(base, rel=1e-7)  # even in q
    assert abs(kernel.value[2] / base - 1) > 1e-5


@pytest.mark.parametrize("temperature", [0.0, 0.15])
def test_current_kernel_is_continuous_and_gauge_invariant(temperature):
    model = metal(0.3, temperature)
    stiffness = response_coefficients(model).stiffness
    kernel = current_kernel_q(model, np.array([0.0, 0.003, 1.0]) / model.coherence_length, rtol=1e-6)
    np.testing.assert_allclose(kernel.value[0], stiffness, rtol=1e-8)
    np.testing.assert_allclose(kernel.value[1, :2], stiffness, rtol=1e-4)
    assert np.all(np.abs(kernel.value[1:, 2]) <= kernel.error[1:, 2])  # the phase restores conservation
    assert kernel.error[2, 2] < 1e-5 * stiffness
    assert kernel.value[2, 1] > 0.05 * stiffness  # which the bare longitudinal kernel breaks


def test_normal_state_answers_no_uniform_vector_potential():
    model = RashbaSuperconductor(1.0, 10.0, 0.0, 0.5, 0.3)
    scale = model.mass * model.fermi_velocity**2 / (2 * math.pi)
    kernel = current_kernel_q(model, [0.02, 0.04])
    assert np.abs(kernel.value[:, 1]).max() < 1e-6 * scale  # longitudinal: exactly zero
    transverse = kernel.value[:, 0]  # Landau diamagnetism, q²
    assert transverse[1] / transverse[0] == pytest.approx(4, rel=1e-2)
    assert 0 < transverse[1] < 1e-3 * scale


def test_beta_vanishes_in_the_normal_state():
    assert abs(beta_q(RashbaSuperconductor(1.0, 10.0, 0.0, 0.5, 0.3), 0.1).value[0]) < 1e-6 / (4 * math.pi)


def test_bad_wave_vectors_are_refused():
    for q in (-1.0, math.nan, [0.1, math.inf]):
        with pytest.raises(InputError, match="q = "):
            gamma_q(metal(), q)
