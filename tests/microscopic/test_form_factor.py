"""The kernel γ(q)/γ(0): closed form against quadrature, the Pippard kernel of the vector potential, the fit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    current_kernel_q,
    gamma_q,
    gamma_q_thermal,
    gamma_thermal,
    quasiclassical_kernel,
    response_kernel,
)


def metal(gap, rashba=0.5, temperature=0.0):
    return RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature)


Q = np.array([0.0, 0.5, 1, 2, 4, 8])


@pytest.mark.parametrize(
    ("rashba", "temperature"), [(0.0025, 0.0), (0.01, 0.0), (0.005, 0.004), (0.005, 0.03)]
)
def test_closed_form_is_the_quasiclassical_limit(rashba, temperature):
    """At Δ/μ = 0.001, Δ_R/Δ = 1.1 … 4.5: all that separates the two are terms of order Δ/μ."""
    model = metal(0.01, rashba, temperature)
    q = Q / model.coherence_length
    np.testing.assert_allclose(gamma_q_thermal(model, q), gamma_q(model, q, 1e-7).value, atol=3e-6)


def test_closed_form_starts_at_gamma():
    for model in (metal(0.1), metal(0.1, 0.02, 0.03), metal(0.1, 0.02, 0.5)):
        assert gamma_q_thermal(model, 0.0) == pytest.approx(gamma_thermal(model), rel=1e-8)


def test_matsubara_sum_against_brute_force():
    kernel = quasiclassical_kernel(0.7, 0.05)
    s = np.hypot((np.arange(400_000) + 0.5) * 2 * math.pi * 0.05, 1)
    weight = 1 / (s**3 * (1 + 0.49 * s**2))
    for q in (0.5, 3.0):
        direct = weight @ (2 * s / (s + np.hypot(s, 0.5 * math.pi * q))) / weight.sum()
        assert float(kernel(q)) == pytest.approx(direct, rel=1e-8)


def test_strong_splitting_gives_the_kernel_of_the_vector_potential():
    """Δ ≪ Δ_R: w_∥ b_z acts like a transverse vector potential, with the kernel of Pippard and BCS."""
    kernel = quasiclassical_kernel(0.0)

    def angle(w, q):  # ⟨2 sin²φ/(ω² + 1 + x² cos²φ)⟩ from the textbook
        x = 0.5 * math.pi * q
        return (
            quad(lambda p: 2 * math.sin(p) ** 2 / (w * w + 1 + (x * math.cos(p)) ** 2), 0, math.pi / 2)[0]
            * 2
            / math.pi
        )

    for q in (1.0, 5.0):
        pippard = quad(lambda w, q=q: angle(w, q) / math.sqrt(w * w + 1), 0, math.inf, epsabs=1e-10)[0]
        assert float(kernel(q)) == pytest.approx(pippard, rel=1e-7)
    model = metal(0.01)
    q = 2 / model.coherence_length
    gamma, transverse = (
        gamma_q(model, [0.0, q]).value,
        current_kernel_q(model, [0.0, q], rtol=1e-5).value[:, 0],
    )
    assert gamma[1] / gamma[0] == pytest.approx(transverse[1] / transverse[0], abs=2e-4)


@pytest.mark.parametrize("model", [metal(0.6), metal(0.6, 0.5, 0.3)])
def test_fitted_kernel_between_its_nodes(model):
    kernel = response_kernel(model)
    q = np.array([0.2, 0.8, 2.9, 6.3])
    gamma = gamma_q(model, np.array([0.0, *q]) / model.coherence_length).value
    deviation = np.abs(kernel(q) - gamma[1:] / gamma[0]).max()
    assert deviation < kernel.error < 1e-3
    assert (
        np.abs(
            quasiclassical_kernel(model.gap / model.rashba_energy, model.temperature / model.gap)(q)
            - kernel(q)
        ).max()
        > kernel.error
    )
    assert response_kernel(model) is kernel  # cached


def test_no_kernel_without_current():
    with pytest.raises(InputError, match="rashba"):
        response_kernel(metal(0.1, 0.0))
    with pytest.raises(InputError, match="gap_ratio"):
        quasiclassical_kernel(-1.0)
    with pytest.raises(InputError, match="temperature_ratio"):
        quasiclassical_kernel(1.0, math.nan)
