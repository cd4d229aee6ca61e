"""The model: Hamiltonian, symmetries, current operators, validation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import RashbaSuperconductor

METAL = RashbaSuperconductor(mass=0.8, mu=3.0, gap=0.4, rashba=0.6)
B, W = np.array([0.1, -0.2, 0.3]), np.array([0.05, 0.25])
SX, SY, SZ = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])


def normal_block(k):
    """h(k) = k²/2m − μ − (σ×w)·k − b·σ, written out from the cross product."""
    w = np.array([*W, METAL.rashba])
    sigma = np.array([SX, SY, SZ])
    cross = [sigma[1] * w[2] - sigma[2] * w[1], sigma[2] * w[0] - sigma[0] * w[2]]
    h = (k @ k / (2 * METAL.mass) - METAL.mu) * np.eye(2) - cross[0] * k[0] - cross[1] * k[1]
    return h - np.tensordot(B, sigma, 1)


def test_hamiltonian_is_nambu_doubling_of_the_normal_block():
    """The hole block is −σ_y h*(−k) σ_y, the pairing −Δ."""
    k = np.array([0.7, -1.3])
    h = METAL.hamiltonian(k, B, W)
    np.testing.assert_allclose(h[:2, :2], normal_block(k), atol=1e-15)
    np.testing.assert_allclose(h[2:, 2:], -SY @ normal_block(-k).conj() @ SY, atol=1e-15)
    np.testing.assert_allclose(h[:2, 2:], -METAL.gap * np.eye(2), atol=0)


def test_current_operator_is_the_derivative_with_respect_to_the_vector_potential():
    """Particles at k + A, holes the conjugate: J = −½∂H/∂A."""
    k, step = np.array([0.7, -1.3]), 1e-5
    current = METAL.current_operators(k, W)
    for axis, a in enumerate(np.eye(2)):
        h = [METAL.hamiltonian(k + s * step * a, B, W)[:2, :2] for s in (1, -1)]
        hole = [METAL.hamiltonian(k - s * step * a, B, W)[2:, 2:] for s in (1, -1)]
        np.testing.assert_allclose(current[axis][:2, :2], -0.5 * (h[0] - h[1]) / (2 * step), atol=1e-9)
        np.testing.assert_allclose(current[axis][2:, 2:], -0.5 * (hole[0] - hole[1]) / (2 * step), atol=1e-9)


def test_vertices_are_derivatives_of_the_hamiltonian():
    k, step = np.array([0.7, -1.3]), 1e-6
    vertices = METAL.vertices(k)
    for i, name in enumerate(("bx", "by", "bz")):
        b = step * np.eye(3)[i]
        numerical = (METAL.hamiltonian(k, b) - METAL.hamiltonian(k, -b)) / (2 * step)
        np.testing.assert_allclose(vertices[(name,)], numerical, atol=1e-9)
    for i, name in enumerate(("x", "y")):
        w = step * np.eye(2)[i]
        numerical = (METAL.hamiltonian(k, 0, w) - METAL.hamiltonian(k, 0, -w)) / (2 * step)
        np.testing.assert_allclose(vertices[("w" + name,)], numerical, atol=1e-9)
        numerical = (METAL.hamiltonian(k + w) - METAL.hamiltonian(k - w)) / (2 * step)
        np.testing.assert_allclose(vertices[("k" + name,)], numerical, atol=1e-8)
        np.testing.assert_allclose(vertices[("A" + name,)], -2 * METAL.current_operators(k)[i], atol=1e-15)
        numerical = -(METAL.current_operators(k, w) - METAL.current_operators(k, -w)) / step
        for j, current in enumerate(("Ax", "Ay")):
            contact = vertices.get((current, "w" + name), np.zeros((4, 4)))
            np.testing.assert_allclose(contact, numerical[j], atol=1e-9)


def test_derived_scales():
    assert METAL.fermi_momentum == pytest.approx(math.sqrt(4.8))
    assert METAL.fermi_velocity == pytest.approx(math.sqrt(4.8) / 0.8)
    assert METAL.rashba_energy == pytest.approx(0.6 * math.sqrt(4.8))
    assert METAL.coherence_length == pytest.approx(METAL.fermi_velocity / (0.4 * math.pi))
    assert math.isinf(RashbaSuperconductor(1.0, 1.0, 0.0).coherence_length)


@pytest.mark.parametrize(
    ("name", "value"),
    [("mass", 0.0), ("mass", -1.0), ("mu", -1.0), ("gap", -0.1), ("temperature", -1e-3), ("mu", math.nan),
     ("gap", math.inf), ("rashba", math.nan), ("mass", "heavy"), ("gap", None)],
)  # fmt: skip
def test_bad_parameters_are_refused_by_name(name, value):
    good = {"mass": 1.0, "mu": 10.0, "gap": 0.1, "rashba": 0.5, "temperature": 0.0}
    with pytest.raises(InputError, match=f"^{name} = "):
        RashbaSuperconductor(**{**good, name: value})


def test_bad_fields_are_refused():
    with pytest.raises(InputError, match="exchange"):
        METAL.hamiltonian([0.0, 0.0], exchange=[1.0, 2.0])
    with pytest.raises(InputError, match="in_plane"):
        METAL.hamiltonian([0.0, 0.0], in_plane=[1.0, math.nan])
