"""The response ∝ w_∥ b_z of two wave vectors: limits, gauge invariance, an independent grid, compiled loops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    exact_current,
    gamma_q,
    gamma_q1q2,
    response_coefficients,
    second_order,
    third_response,
)
from pseudogauge.microscopic._loops import loops3
from pseudogauge.numerics.fermi import divided_difference2, divided_difference3


def metal(gap=0.3, temperature=0.0, rashba=0.5):
    return RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature)


@pytest.mark.parametrize("temperature", [0.0, 2e-3, 0.3, 4.0])
def test_compiled_loop_agrees_with_eigenvectors_of_lapack(temperature):
    model, rng = metal(0.3, temperature, -0.5), np.random.default_rng(3)
    k, shifts = 3 * rng.normal(size=(40, 2)), 0.3 * rng.normal(size=(3, 2))
    vertices = rng.normal(size=(3, 3, 4, 4)) + 1j * rng.normal(size=(3, 3, 4, 4))
    parameters = np.array([model.mass, model.mu, model.gap, model.rashba, temperature])
    found = loops3(k, shifts, vertices, parameters)
    for momentum, value in zip(k, found, strict=True):
        e, u = zip(*(np.linalg.eigh(model.hamiltonian(momentum + s)) for s in shifts), strict=True)
        matrices = []
        for i in range(3):
            mean = momentum + 0.5 * (shifts[i] + shifts[(i + 1) % 3])
            v = vertices[i, 0] + mean[0] * vertices[i, 1] + mean[1] * vertices[i, 2]
            matrices.append(u[i].conj().T @ v @ u[(i + 1) % 3])
        f3 = divided_difference3(e[0][:, None, None], e[1][:, None], e[2], temperature)
        expected = np.einsum("nml,nm,ml,ln->", f3, *matrices)
        assert abs(value - expected) < 1e-10 * np.abs(f3).max() * np.prod([abs(m).max() for m in matrices])


@pytest.mark.parametrize("temperature", [0.0, 0.1])
def test_starts_at_gamma_and_reduces_to_gamma_of_q(temperature):
    model = metal(0.3, temperature)
    assert gamma_q(model, 0.0).value[0] == pytest.approx(response_coefficients(model).gamma, rel=1e-8)
    q = 1.3 / model.coherence_length
    turned = gamma_q1q2(model, (0.6 * q, 0.8 * q), (0.0, 0.0))
    assert turned.gamma[0] == pytest.approx(gamma_q(model, q).value[0], rel=1e-6)
    assert abs(turned.along[0]) < 1e-8


def test_third_derivative_agrees_with_the_exact_current():
    """Uniform sources: −∂³Ω/∂A_y∂w_x∂b_z from differences of the current of the full Hamiltonian."""
    model, step = metal(0.3, 0.05), 0.003
    currents = [
        s * t * exact_current(model, s * step, (t * step, 0.0)).value[1] for s in (1, -1) for t in (1, -1)
    ]
    value, error = third_response(model, ("wx", "bz", "Ay"), np.zeros((2, 2)))
    assert abs(value.imag) < 1e-15
    assert sum(currents) / (4 * step**2) == pytest.approx(-value.real, abs=2e-4 * abs(value) + error)


@pytest.mark.parametrize("temperature", [0.0, 0.2])
def test_gauge_invariance(temperature):
    """A → A + ∇χ, θ → θ − 2χ changes nothing: Σ_i iQ_i ∂Ω/∂A_i(−Q) = 2 ∂Ω/∂θ, to second order in w and b."""
    model = metal(0.3, temperature)
    q = np.array([[1.0, 0.2], [0.3, -0.9]]) / model.coherence_length
    total = q.sum(axis=0)
    ax, ay, phase = (third_response(model, ("wx", "bz", name), q, 1e-6) for name in ("Ax", "Ay", "theta"))
    assert abs(phase[0]) > 1e-3  # the bare current is not conserved
    np.testing.assert_allclose(total[0] * ax[0] + total[1] * ay[0], 2j * phase[0], atol=1e-7)
    assert abs(total[0] * ax[0] + 1.02 * total[1] * ay[0] - 2j * phase[0]) > 1e-5  # which would notice 2 %


def test_symmetries():
    model = metal()
    q1, q2 = np.array([[1.0, 0.0]]), np.array([[0.4, 0.7]])
    scale = model.coherence_length
    one, inverted, mirrored = (
        gamma_q1q2(model, a / scale, b / scale) for a, b in ((q1, q2), (-q1, -q2), (q1, q2 * [1, -1]))
    )
    assert inverted.gamma[0] == pytest.approx(one.gamma[0], rel=1e-6)  # real fields give real currents
    assert mirrored.gamma[0] == pytest.approx(one.gamma[0], rel=1e-6)
    assert mirrored.along[0] == pytest.approx(-one.along[0], rel=1e-5)
    flipped = gamma_q1q2(metal(rashba=-0.5), q1 / scale, q2 / scale)
    assert flipped.gamma[0] == pytest.approx(one.gamma[0], rel=1e-6)
    assert abs(one.along[0]) > 1e-3


def triangle(model, k, momenta, sources):
    """T Σ tr[G a G b G c] by LAPACK and divided differences, the vertices carrying ``momenta``."""
    legs = [k, k - momenta[0], k - momenta[0] - momenta[1]]
    e, u = zip(*(np.linalg.eigh(model.hamiltonian(p)) for p in legs), strict=True)
    matrices = []
    for i, name in enumerate(sources):
        j = (i + 1) % 3
        v = model.vertices(0.5 * (legs[i] + legs[j]))[(name,)]
        matrices.append(u[i].conj().swapaxes(-1, -2) @ v @ u[j])
    f3 = divided_difference3(
        e[0][:, :, None, None], e[1][:, None, :, None], e[2][:, None, None, :], model.temperature
    )
    return np.einsum("knml,knm,kml,kln->k", f3, *matrices, optimize=True)


def test_agrees_with_a_grid_over_the_whole_plane():
    """The slow twin: no symmetry used, momenta on a polar grid that knows no singularity."""
    model = RashbaSuperconductor(1.0, 4.0, 3.0, 0.8)
    q1, q2 = np.array([0.7, 0.0]), np.array([0.3, 0.5])
    x, weights = np.polynomial.legendre.leggauss(12)
    edges = np.array([0, 1, 2, 3, 4, 5, 7, 10, 15, 25, 45, 90, 200, 500])
    k = (0.5 * (edges[1:] + edges[:-1]) + 0.5 * np.diff(edges) * x[:, None]).ravel()
    measure = k * (0.5 * np.diff(edges) * weights[:, None]).ravel()
    total = 0.0
    for phi in 2 * math.pi * np.arange(40) / 40:
        p = k[:, None] * np.array([math.cos(phi), math.sin(phi)])
        values = triangle(model, p + 0.5 * (q1 + q2), (q1, q2), ("wx", "bz", "Ay"))
        values = values + triangle(model, p + 0.5 * (q1 + q2), (q2, q1), ("bz", "wx", "Ay"))
        e, u = zip(*(np.linalg.eigh(model.hamiltonian(p + s * q2)) for s in (0.5, -0.5)), strict=True)
        contact, bz = (
            u[0].conj().swapaxes(-1, -2) @ model.vertices(q1)[key] @ u[1] for key in (("Ay", "wx"), ("bz",))
        )
        f2 = divided_difference2(e[0][:, :, None], e[1][:, None, :], 0.0)
        values = values + np.einsum("knm,knm,knm->k", f2, contact, bz.conj())
        total += 0.5 * float(measure @ values.real) / (2 * math.pi * 40)
    found = gamma_q1q2(model, q1, q2, rtol=1e-7)
    assert total == pytest.approx(found.gamma[0], rel=1e-6)


def test_the_total_wave_vector_is_filtered_where_the_spin_orbit_length_is_short():
    """Δ_R/Δ = 22: transverse current = γ(|q₁ + q₂|) × local; at Δ_R ≈ Δ it is nothing like it."""

    def ratio(rashba):
        model = metal(0.1, 0.0, rashba)
        q1, q2 = np.array([1.0, 0.0]) / model.coherence_length, np.array([0.7, 0.4]) / model.coherence_length
        found, total = gamma_q1q2(model, q1, q2), q1 + q2
        current = np.array([found.along[0], -found.gamma[0]])
        across = np.array([-total[1], total[0]]) / np.hypot(*total)
        return (current @ across) / (-gamma_q(model, float(np.hypot(*total))).value[0] * across[1])

    assert ratio(0.5) == pytest.approx(1, abs=2e-3)
    assert abs(ratio(0.02) - 1) > 0.5


@pytest.mark.parametrize("sources", [("foo", "bz", "Ay"), ("wx", "bz"), ("wx", "bz", "Ay", "Ay")])
def test_unknown_sources_are_refused(sources):
    with pytest.raises(InputError, match=r"sources.*three of Ax, Ay, U, bx"):
        third_response(metal(), sources, np.zeros((2, 2)))


@pytest.mark.parametrize("q", [np.zeros(3), np.full((2, 2), math.nan), "x"])
def test_bad_pairs_of_wave_vectors_are_refused(q):
    with pytest.raises(InputError, match="q ="):
        third_response(metal(), ("wx", "bz", "Ay"), q)


def test_a_missed_tolerance_is_said(monkeypatch):
    assert gamma_q(metal(), 0.0).message == ""
    monkeypatch.setattr(second_order, "_third", lambda *_, **__: (0.1, 1e-3))
    for kernel in (gamma_q(metal(), 0.1), gamma_q1q2(metal(), (0.1, 0.0), (0.0, 0.1))):
        assert not kernel.converged
        assert kernel.message.startswith("reached 1.0e-03 where 1.6e-0")


def test_response_to_a_fast_potential_is_that_of_the_polarised_spins():
    """γ(q) → −χ_zz beyond 2k_F: the band no longer answers, and the contact, w × σ, remains. K does not vanish."""
    model = RashbaSuperconductor(1.0, 10.0, 2.0, 0.5)
    chi = response_coefficients(model).spin_susceptibility[2, 2]
    far = gamma_q(model, [10 * model.fermi_momentum, 30 * model.fermi_momentum], rtol=1e-4)
    excess = np.abs(far.value / -chi - 1)
    assert excess[0] < 0.03
    assert excess[1] < 0.15 * excess[0]  # like 1/q²
    assert abs(gamma_q(model, model.fermi_momentum, rtol=1e-4).value[0]) < 0.5 * chi


def test_bad_wave_vectors_are_refused():
    with pytest.raises(InputError, match="q = x"):
        gamma_q(metal(), "x")
    with pytest.raises(InputError, match="q1"):
        gamma_q1q2(metal(), (0.0, 0.0), (1.0, 0.0))
    with pytest.raises(InputError, match="q2"):
        gamma_q1q2(metal(), (1.0, 0.0), (math.nan, 0.0))
    with pytest.raises(InputError, match="gap"):
        gamma_q(metal(gap=0.0), 1.0)
