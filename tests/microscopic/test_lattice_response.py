"""Response of lattices: the general loops, finite differences, the continuum, symmetry, triplet pairing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    Eigenbasis,
    LatticeSuperconductor,
    RashbaSuperconductor,
    grand_potential_derivative,
    lattice_current,
    lattice_response,
    response_coefficients,
    square_rashba,
    tantalum_diselenide,
    triplet,
    two_layers,
)
from pseudogauge.microscopic.lattice_response import _integrands

METAL = LatticeSuperconductor(square_rashba(1.0, 0.4, -1.2, -0.3), 0.3, mass=0.5)
STACK = LatticeSuperconductor(
    two_layers(square_rashba(rashba=0.5, mu=-1.0), square_rashba(rashba=-0.5, mu=-1.0), 0.2), 0.3, mass=0.5
)


@pytest.mark.parametrize("temperature", [0.0, 0.1])
@pytest.mark.parametrize("model", [METAL, STACK])
def test_integrands_are_the_general_loops(model, temperature):
    k = np.random.default_rng(1).uniform(-3, 3, (7, 2))
    _, _, rows = _integrands(model, k, temperature)
    basis = Eigenbasis(model.hamiltonian(k), model.vertices(k), temperature)
    sources = [(f"A{a}", f"w{w}", "bz") for a in "xy" for w in "xy"]
    sources += [(f"A{a}", f"b{b}") for a in "xy" for b in "xyz"]
    sources += [("Ax", "Ax"), ("Ax", "Ay"), ("Ay", "Ay")]
    sources += [("bx", "bx"), ("bx", "by"), ("bx", "bz"), ("by", "by"), ("by", "bz"), ("bz", "bz"), ("U",)]
    signs = [-1] * 10 + [1] * 3 + [-1] * 6 + [1]
    expected = np.stack(
        [s * grand_potential_derivative(basis, x) for s, x in zip(signs, sources, strict=True)]
    )
    assert np.abs(rows - expected).max() < 1e-11 * np.abs(expected).max()


@pytest.mark.parametrize("temperature", [0.0, 0.1])
def test_gamma_and_alpha_are_slopes_of_the_exact_current(temperature):
    response = lattice_response(METAL, temperature, rtol=1e-4)
    assert response.converged

    def current(b, w, h=5e-3):
        j = [
            lattice_current(METAL, s * h * np.array(b), h * np.array(w), temperature, 1e-6).value
            for s in (1, -1)
        ]
        return (j[0] - j[1]) / (2 * h)

    for w in ((1.0, 0.0), (0.0, 1.0)):
        slope = (current((0, 0, 1), w) - current((0, 0, 1), -np.array(w))) / 1e-2
        assert np.abs(slope - response.gamma_tensor @ w).max() < 1e-3 * abs(response.gamma)
    for b in np.eye(3):
        assert np.abs(current(b, (0, 0)) - response.alpha_tensor @ b).max() < 1e-3 * abs(response.alpha)


def test_stiffness_of_the_square_lattice():
    """−⟨(ξ/E) ∂²ξ⟩, converged, and 2t²/Δ for a large gap."""
    k = 2 * np.pi * np.arange(512) / 512
    for mu, gap in ((-1.0, 0.2), (-0.7, 0.5), (-0.7, 50.0)):
        xi = -2 * np.cos(k)[:, None] - 2 * np.cos(k) - mu
        expected = -np.mean(xi / np.hypot(xi, gap) * 2 * np.cos(k)[:, None])
        d = lattice_response(LatticeSuperconductor(square_rashba(mu=mu), gap)).stiffness
        assert np.abs(d - expected * np.eye(2)).max() < 2e-6
        if gap == 50:
            assert d[0, 0] == pytest.approx(2 / gap, rel=3e-3)


def test_all_coefficients_converge_to_the_continuum():
    metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=2.0, rashba=0.5, temperature=0.5)
    exact = response_coefficients(metal)
    errors = []
    for spacing in (0.3, 0.15, 0.075):
        t = 1 / (2 * spacing**2)
        bands = square_rashba(t, 0.5, mu=10.0 - 4 * t, spacing=spacing)
        r = lattice_response(LatticeSuperconductor(bands, 2.0), 0.5, rtol=1e-3)
        pairs = [(r.gamma, exact.gamma), (r.alpha, exact.alpha), (r.stiffness[0, 0], exact.stiffness)]
        pairs += list(zip(np.diag(r.spin_susceptibility), np.diag(exact.spin_susceptibility), strict=True))
        errors.append([abs(a / b - 1) for a, b in pairs])
    assert max(errors[-1]) < 0.03
    assert np.all(np.array(errors[1]) < 0.35 * np.array(errors[0]))
    assert np.all(np.array(errors[2]) < 0.35 * np.array(errors[1]))


def test_normal_state_carries_nothing():
    r = lattice_response(LatticeSuperconductor(METAL.bands, 0.0, mass=0.5), temperature=0.2)
    assert r.converged
    assert np.abs(r.gamma_tensor).max() <= r.errors["gamma"]
    assert np.abs(r.alpha_tensor).max() <= r.errors["alpha"]
    assert np.abs(r.stiffness).max() <= r.errors["stiffness"]
    assert r.spin_susceptibility[2, 2] > 0.1


def test_reflection_of_the_perpendicular_field():
    """γ even and α odd in 𝓔^z; a stack with opposite fields has inversion: no α, but γ."""
    down = LatticeSuperconductor(square_rashba(1.0, -0.4, -1.2, -0.3), 0.3, mass=0.5)
    r, s, stack = (lattice_response(m, rtol=1e-4) for m in (METAL, down, STACK))
    assert r.gamma == pytest.approx(s.gamma, rel=1e-10)
    assert r.alpha == pytest.approx(-s.alpha, rel=1e-10)
    assert np.abs(stack.alpha_tensor).max() <= stack.errors["alpha"]
    assert abs(stack.gamma) > 0.01


def test_gamma_counts_pockets():
    """γ → −(m/2π)(electron − hole pockets) whatever their shape: one round, one nearly square, and holes."""

    def pockets(mu, gap):
        model = LatticeSuperconductor(square_rashba(1.0, 0.4, mu), gap, mass=0.5)
        return -2 * math.pi / 0.5 * lattice_response(model, rtol=1e-2).gamma

    values = np.array([[pockets(mu, gap) for mu in (-3.0, -1.5, 1.5)] for gap in (0.2, 0.1)])
    excess = np.abs(values - [1, 1, -1])
    assert np.all(excess[1] < 0.2)
    assert np.all(excess[1] < 0.65 * excess[0])


def test_equal_spin_triplets_need_no_perpendicular_field():
    """w_z = 0: γ = 0 for singlets and for d ∥ z; for d in the plane the two spins are two condensates,
    γ = −m²∂D_s/∂μ = −m/π as k a → 0, twice the largest value with singlets."""
    spacing, gap = 0.15, 2.0
    t = 1 / (2 * spacing**2)
    bands = square_rashba(t, 0.0, mu=10.0 - 4 * t, spacing=spacing)

    def chiral(direction):  # p_x + i p_y with a constant vector: a full gap
        size = gap / (math.sqrt(20) * spacing)
        return triplet(lambda k: size * np.sin(k * spacing) @ np.array([[1], [1j]]) * np.array(direction))

    def gamma(pairing):
        r = lattice_response(LatticeSuperconductor(bands, pairing), rtol=1e-2)
        return r.gamma, r.errors["gamma"]

    for pairing in (gap, chiral([0.0, 0.0, 1.0])):
        value, error = gamma(pairing)
        assert abs(value) <= max(error, 0.02)  # a lattice vertex is a shift of k up to (k a)²
    value, _ = gamma(chiral([1.0, 0.0, 0.0]))
    assert value == pytest.approx(-1 / math.pi, rel=0.1)


def test_ising_coupling_alone_gives_no_gamma_but_with_rashba():
    mass = 1 / 7619.96
    bands = tantalum_diselenide("inosov2008_barrel", ising=20.0)
    plain = lattice_response(LatticeSuperconductor(bands, 50.0, mass=mass), rtol=1e-3)
    mixed = lattice_response(
        LatticeSuperconductor(bands.with_rashba(100.0, mass), 30.0, mass=mass), rtol=1e-4
    )
    assert abs(plain.gamma) < 1e-3 * abs(mixed.gamma)
    assert np.allclose(plain.stiffness, plain.stiffness[0, 0] * np.eye(2), atol=2 * plain.errors["stiffness"])


def test_a_missed_tolerance_is_said():
    missed = lattice_response(METAL, rtol=1e-9, max_evaluations=2000)
    assert not missed.converged
    assert "reached" in missed.message
    assert "max_evaluations" in missed.message


def test_third_derivatives_without_their_contact_are_refused():
    """∂³H/∂A³ of a lattice is not among its vertices; of a parabola it vanishes. Given, it is taken."""
    k = np.array([[0.4, 0.9], [1.3, -0.2]])
    vertices = METAL.vertices(k)
    basis = Eigenbasis(METAL.hamiltonian(k), vertices, 0.1)
    for sources in (("Ax", "Ax", "Ax"), ("Ax", "wy", "Ax"), ("Ax", "Ay", "wx")):
        with pytest.raises(InputError, match="∂³H"):
            grand_potential_derivative(basis, sources)
    assert np.all(grand_potential_derivative(basis, ("Ax", "wy", "bz")) != 0)
    with pytest.raises(InputError, match="foo"):
        grand_potential_derivative(basis, ("foo", "bz"))
    parabola = RashbaSuperconductor(1.0, 10.0, 0.3, 0.5)
    free = Eigenbasis(parabola.hamiltonian(k), parabola.vertices(k), 0.1)
    assert np.isfinite(grand_potential_derivative(free, ("Ax", "Ax", "wy"))).all()

    def contact(
        momenta,
    ):  # ∂³H/∂A_x³ = ∂/∂k_x of the particle block, with the sign of the hole block's charge
        step = 1e-4 * np.array([1.0, 0.0])
        return (
            METAL.vertices(momenta + step)["Ax", "Ax"] - METAL.vertices(momenta - step)["Ax", "Ax"]
        ) / 2e-4

    tau = np.kron(np.diag([1.0, -1.0]), np.eye(2))
    given = {**vertices, ("Ax", "Ax", "Ax"): tau @ contact(k)}
    found = grand_potential_derivative(Eigenbasis(METAL.hamiltonian(k), given, 0.1), ("Ax", "Ax", "Ax"))

    def second(a):
        shift = np.array([a, 0.0])
        particle = METAL.bands.bloch(np.concatenate([k + shift, -k + shift]), 2)
        h = METAL.paired(k, particle[0])
        moved = {("Ax",): METAL._doubled(particle[1][0]), ("Ax", "Ax"): METAL._doubled(particle[2][0, 0])}
        return grand_potential_derivative(Eigenbasis(h, moved, 0.1), ("Ax", "Ax"))

    expected = (second(1e-4) - second(-1e-4)) / 2e-4
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("wrong", [METAL.bands, RashbaSuperconductor(1.0, 10.0, 0.3)])
def test_other_models_are_refused(wrong):
    with pytest.raises(InputError, match="a LatticeSuperconductor"):
        lattice_response(wrong)


def test_bad_options_are_refused():
    with pytest.raises(InputError, match="temperature"):
        lattice_response(METAL, temperature=None)
    with pytest.raises(InputError, match="normal state"):
        lattice_response(LatticeSuperconductor(METAL.bands, 0.0))
    for options in ({"temperature": -1.0}, {"temperature": math.nan}, {"rtol": 0.0}):
        with pytest.raises(InputError):
            lattice_response(METAL, **options)
