"""Response coefficients: published numbers, closed forms, finite differences of exact quantities."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    Eigenbasis,
    QuarticRashba,
    RashbaSuperconductor,
    alpha_zero_temperature,
    exact_current,
    gamma_zero_temperature,
    grand_potential_derivative,
    interband_function,
    response_coefficients,
)
from pseudogauge.microscopic.response import isotropic_rule


def metal(gap, temperature=0.0, rashba=0.5):
    return RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature)


# Δ/μ: γ and α over their closed forms, 4πβ
ZERO_TEMPERATURE = {0.01: (1.0000002, 0.97938), 0.1: (1.0000283, 0.37205), 0.3: (1.00065, -0.10089)}


@pytest.mark.parametrize("ratio", ZERO_TEMPERATURE)
def test_zero_temperature_numbers(ratio):
    model, (excess, beta) = metal(10 * ratio), ZERO_TEMPERATURE[ratio]
    c = response_coefficients(model)
    assert c.converged
    assert c.gamma / gamma_zero_temperature(model) == pytest.approx(excess, abs=4e-6)
    assert c.alpha / alpha_zero_temperature(model) == pytest.approx(excess, abs=4e-6)
    assert 4 * math.pi * c.beta == pytest.approx(beta, abs=3e-5)


@pytest.mark.parametrize(("reduced", "bracket"), [(0.2, 0.952344), (0.4, 0.659996), (1.0, 0.179435)])
def test_gamma_at_finite_temperature(reduced, bracket):
    assert -2 * math.pi * response_coefficients(metal(0.1, 0.1 * reduced)).gamma == pytest.approx(
        bracket, abs=6e-7
    )


def test_small_gap_limits_of_susceptibility_stiffness_and_beta():
    """Errors of the closed forms shrink with Δ: the limits are approached, not assumed."""
    distance = []
    for gap in (0.3, 0.03, 0.003):
        model = metal(gap)
        c = response_coefficients(model)
        f = interband_function((gap / model.rashba_energy) ** 2)
        chi = np.diag(c.spin_susceptibility) * math.pi
        stiffness = c.stiffness * 2 * math.pi / (model.fermi_velocity**2 + 0.25)
        distance.append(
            [*np.abs(chi - f * np.array([0.5, 0.5, 1])), abs(stiffness - 1), abs(4 * math.pi * c.beta - 1)]
        )
    distance = np.array(distance)
    assert np.all(distance[1:] < 0.4 * distance[:-1])
    assert distance[-1].max() < 2e-3


@pytest.mark.parametrize("temperature", [1e-5, 1e-4, 1e-3, 0.02, 0.3])
def test_normal_state_has_no_uniform_currents(temperature):
    c = response_coefficients(metal(0.0, temperature))
    for name in ("gamma", "alpha", "beta", "stiffness"):
        assert abs(getattr(c, name)) <= c.errors[name], name
    np.testing.assert_allclose(c.spin_susceptibility * math.pi, np.eye(3), atol=1e-7)


def test_gamma_and_alpha_are_derivatives_of_the_exact_current():
    """Richardson extrapolation in b and w."""
    for model in (metal(0.3), metal(0.3, 0.1)):
        c = response_coefficients(model)

        def gamma(h, model=model):
            return -exact_current(model, h, (h, 0.0), rtol=1e-10).value[1] / h**2

        def alpha(h, model=model):
            return exact_current(model, (h, 0.0, 0.0), (0.0, 0.0), rtol=1e-10).value[1] / h

        for name, quotient in (("gamma", gamma), ("alpha", alpha)):
            extrapolated = (4 * quotient(0.005) - quotient(0.01)) / 3
            assert extrapolated == pytest.approx(getattr(c, name), rel=1e-6)
            assert abs(quotient(0.01) / getattr(c, name) - 1) > 1e-6  # the bare quotient would not pass


def test_stiffness_and_susceptibility_by_second_differences_of_the_energy():
    """Ω(A, b) = ½Σ_k tr F(H) summed over the same momenta, sources in the Hamiltonian."""
    model = metal(0.5, 0.2)
    k, weight, _ = isotropic_rule(model, 1.58)
    keep = np.linalg.norm(k, axis=1) < 50
    k, weight, t = k[keep], weight[keep], model.temperature
    v = model.vertices(k)
    basis = Eigenbasis(model.hamiltonian(k), v, t)

    def omega(sources):
        h = model.hamiltonian(k)
        for name, size in sources.items():
            h = h + size * v[(name,)] + 0.5 * size**2 * v.get((name, name), 0.0)
        e = np.abs(np.linalg.eigvalsh(h))
        return 0.5 * weight @ np.sum(-0.5 * e - t * np.log1p(np.exp(-e / t)), axis=1)

    for name in ("Ax", "by", "bz", "U"):
        second = sum(c * omega({name: s * 0.02}) for s, c in ((-2, -1), (-1, 16), (0, -30), (1, 16), (2, -1)))
        second /= 12 * 0.02**2
        exact = weight @ grand_potential_derivative(basis, (name, name))
        if name == "Ax":  # the constant of normal ordering is not in tr F(H)
            exact -= 0.5 * weight.sum() * 2 / model.mass
        assert second == pytest.approx(exact, rel=2e-6), name


def test_third_derivative_by_differences_of_the_second():
    """General vertices, none of them special: ∂³tr F/∂s³ on random Hermitian matrices."""
    rng = np.random.default_rng(5)

    def hermitian():
        x = rng.normal(size=(1, 6, 6)) + 1j * rng.normal(size=(1, 6, 6))
        return x + x.conj().swapaxes(1, 2)

    h, a, b, c, ab = (hermitian() for _ in range(5))
    vertices = {("a",): a, ("b",): b, ("c",): c, ("a", "b"): ab}

    def first(sa, sb, sc):
        """∂Ω/∂a at finite sources, without the constant of normal ordering."""
        basis = Eigenbasis(h + sa * a + sb * b + sc * c + sa * sb * ab, {("x",): a + sb * ab}, 0.7)
        vertex = basis.vertex("x")
        return 0.5 * float(np.einsum("kn,knn->k", basis.f1, vertex).real[0])

    def mixed(h):
        return sum(p * q * first(0.0, p * h, q * h) for p in (1, -1) for q in (1, -1)) / (4 * h**2)

    numerical = (4 * mixed(1e-3) - mixed(2e-3)) / 3
    basis = Eigenbasis(h, vertices, 0.7)
    exact = grand_potential_derivative(basis, ("a", "b", "c"))[0]
    assert numerical == pytest.approx(exact, rel=1e-7)
    without_contact = Eigenbasis(h, {k: v for k, v in vertices.items() if len(k) == 1}, 0.7)
    assert grand_potential_derivative(without_contact, ("a", "b", "c"))[0] != pytest.approx(exact, rel=1e-2)


def test_even_and_odd_under_the_mirror():
    """M_z: w_z → −w_z leaves γ, reverses α and β; D_s and χ do not care."""
    c, mirrored = response_coefficients(metal(0.2, 0.1)), response_coefficients(metal(0.2, 0.1, rashba=-0.5))
    assert mirrored.gamma == pytest.approx(c.gamma, rel=1e-10)
    assert mirrored.alpha == pytest.approx(-c.alpha, rel=1e-10)
    assert mirrored.stiffness == pytest.approx(c.stiffness, rel=1e-10)
    np.testing.assert_allclose(mirrored.spin_susceptibility, c.spin_susceptibility, atol=1e-12)


def test_errors_bound_the_distance_to_a_finer_rule():
    for model in (metal(0.05), metal(0.05, 0.02), metal(0.5, 0.5)):
        loose, tight = response_coefficients(model, rtol=1e-5), response_coefficients(model, rtol=1e-12)
        for name in ("gamma", "alpha", "beta", "stiffness"):
            assert abs(getattr(loose, name) - getattr(tight, name)) <= loose.errors[name] + tight.errors[name]


def test_normal_state_without_temperature_is_refused():
    with pytest.raises(InputError, match="temperature"):
        response_coefficients(metal(0.0))


def test_unknown_source_is_named():
    model = metal(0.1)
    k = np.array([[1.0, 2.0]])
    basis = Eigenbasis(model.hamiltonian(k), model.vertices(k), 0.0)
    with pytest.raises(InputError, match="bq"):
        grand_potential_derivative(basis, ("bq", "bz"))


def test_a_missed_tolerance_is_said():
    found = response_coefficients(metal(1e-5), rtol=2e-13)
    assert not found.converged
    assert re.fullmatch(r"reached \S+ where \S+ was asked for; .*", found.message)


def test_other_models_are_refused():
    with pytest.raises(InputError, match=r"QuarticRashba.*quartic_coefficients"):
        response_coefficients(QuarticRashba(metal(0.1)))


def test_repr_is_a_summary():
    text = repr(response_coefficients(metal(0.1)))
    assert text.startswith("ResponseCoefficients(gamma=-0.1")
    assert "converged" in text
