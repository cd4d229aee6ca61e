"""Anisotropic mass and |k|⁴: vertices, limits, a rescaling identity, β in the normal state."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    QuarticRashba,
    RashbaSuperconductor,
    quartic_coefficients,
    response_coefficients,
)
from pseudogauge.numerics.fermi import divided_difference2

BASE = RashbaSuperconductor(1.0, 10.0, 1.0, 0.5, 0.2)


def test_vertices_are_derivatives_of_the_hamiltonian():
    model, k, step = QuarticRashba(BASE, 0.02, 1.7), np.array([1.3, -2.1]), 1e-4
    vertices, tau_z = model.vertices(k), np.diag([1.0, 1, -1, -1])
    for i, axis in enumerate("xy"):
        shift = step * np.eye(2)[i]
        up, centre, down = (model.hamiltonian(k + s * shift) for s in (1, 0, -1))
        np.testing.assert_allclose((up - down) / (2 * step), vertices[("k" + axis,)], atol=1e-6)
        np.testing.assert_allclose(tau_z @ vertices[("k" + axis,)], vertices[("A" + axis,)], atol=1e-12)
        np.testing.assert_allclose(
            (up - 2 * centre + down) / step**2, vertices["A" + axis, "A" + axis], atol=1e-6
        )


def test_parabolic_limit():
    found, known = quartic_coefficients(QuarticRashba(BASE)), response_coefficients(BASE)
    assert found.converged
    for name in ("gamma", "alpha", "beta"):
        assert getattr(found, name) == pytest.approx(getattr(known, name), rel=1e-7)
    np.testing.assert_allclose(found.stiffness, known.stiffness, rtol=1e-7)


def test_stiffness_of_an_anisotropic_band_without_spin_orbit_coupling():
    """Stretching k_y by √(m_y/m_x) makes the band round: D_x/D_y = m_y/m_x, √(D_x D_y) = D of the round one over √…"""
    base = RashbaSuperconductor(1.0, 10.0, 1.0, 0.0, 0.2)
    found = quartic_coefficients(QuarticRashba(base, anisotropy=1.8))
    assert found.stiffness[0] / found.stiffness[1] == pytest.approx(1.8, rel=1e-6)
    assert found.stiffness[0] == pytest.approx(
        math.sqrt(1.8) * response_coefficients(base).stiffness, rel=1e-6
    )


def test_beta_survives_in_the_normal_state_only_with_the_quartic_term():
    normal = RashbaSuperconductor(1.0, 10.0, 0.0, 0.5, 0.5)
    flat, small, bent = (quartic_coefficients(QuarticRashba(normal, c)) for c in (0.0, 1e-4, 2e-4))
    assert abs(flat.beta) < 1e-9
    assert abs(bent.beta) > 1e-5
    assert bent.converged
    assert bent.beta / small.beta == pytest.approx(2, rel=0.05)  # linear in c at first
    for found in (flat, bent):  # the uniform currents vanish for any dispersion
        assert abs(found.gamma) < 1e-8
        assert abs(found.alpha) < 1e-8
        assert np.abs(found.stiffness).max() < 1e-6


def test_agrees_with_a_difference_of_the_response_to_a_slow_exchange():
    """β from the finite-q bubble on a polar grid, no derivative taken: −Im Ω_{A_y b_z}(q)/q, extrapolated."""
    model = QuarticRashba(RashbaSuperconductor(1.0, 4.0, 1.0, 0.8, 0.5), 0.02, 1.3)
    x, weights = np.polynomial.legendre.leggauss(300)
    k, found = 12.0 * (x + 1), []
    for q in (0.02, 0.04):
        total = 0.0
        for phi in 2 * math.pi * np.arange(24) / 24:
            p = k[:, None] * np.array([math.cos(phi), math.sin(phi)])
            (e, u), (f, v) = (
                np.linalg.eigh(model.hamiltonian(p + s * np.array([0.5 * q, 0.0]))) for s in (1, -1)
            )
            vertices = model.vertices(p)
            source = u.conj().swapaxes(-1, -2) @ vertices[("bz",)] @ v
            measured = v.conj().swapaxes(-1, -2) @ vertices[("Ay",)] @ u
            f2 = divided_difference2(e[:, :, None], f[:, None, :], 0.5)
            loop = 0.5 * np.einsum("knm,knm,kmn->k", f2, source, measured).imag
            total += float(np.sum(12.0 * weights * k * loop)) / (2 * math.pi) / 24
        found.append(total / q)
    assert (4 * found[0] - found[1]) / 3 == pytest.approx(quartic_coefficients(model).beta, rel=5e-5)


def test_bad_parameters_are_refused():
    with pytest.raises(InputError, match="quartic"):
        QuarticRashba(BASE, -0.1)
    with pytest.raises(InputError, match="anisotropy"):
        QuarticRashba(BASE, 0.0, 0.0)
    with pytest.raises(InputError, match="gap"):
        quartic_coefficients(QuarticRashba(RashbaSuperconductor(1.0, 10.0, 0.0, 0.5)))
