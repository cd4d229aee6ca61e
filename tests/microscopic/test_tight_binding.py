"""Tight-binding bands: conventions of positions and derivatives, checks of the table, ready models."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    TANTALUM_DISELENIDE,
    TightBinding,
    square_rashba,
    tantalum_diselenide,
    two_layers,
)

K = np.array([[0.3, -1.1], [2.0, 0.4], [-0.7, 0.9]])


def honeycomb(mu=0.1, spin_orbit=0.2):
    """Two orbitals in a hexagonal cell, nearest neighbours, with a spin-dependent hopping inside each sublattice."""
    cell = np.array([[1.0, 0.0], [0.5, math.sqrt(3) / 2]])
    positions = np.array([[0.0, 0.0], [0.5, 0.5 / math.sqrt(3)]])
    z = np.diag([1.0, -1.0])
    table = {(0, 0): np.kron([[0.1, -1.0], [-1.0, -0.1]], np.eye(2)).astype(complex)}
    for r in ((-1, 0), (0, -1)):
        table[r] = np.kron([[0, -1.0], [0, 0]], np.eye(2)).astype(complex)
    for r in ((1, 0), (0, 1)):
        table[r] = np.kron([[0, 0], [-1.0, 0]], np.eye(2)).astype(complex)
    for r, sign in (((1, 0), 1), ((-1, 0), -1)):
        table[r] = table[r] + np.kron(np.diag([1, -1]), 1j * sign * spin_orbit * z)
    return TightBinding(cell, positions, table, mu=mu)


@pytest.mark.parametrize("bands", [honeycomb(), square_rashba(1.0, 0.4, -1.2, -0.3), tantalum_diselenide()])
def test_derivatives_are_those_of_the_bloch_hamiltonian(bands):
    step = 1e-5
    _, v, m = bands.bloch(K)
    for i in range(2):
        shift = step * np.eye(2)[i]
        (h1, v1), (h0, v0) = bands.bloch(K + shift, 1), bands.bloch(K - shift, 1)
        scale = np.abs(v).max()
        assert np.abs((h1 - h0) / (2 * step) - v[i]).max() < 1e-9 * scale
        assert np.abs((v1 - v0) / (2 * step) - m[i]).max() < 1e-8 * scale


def test_bloch_sum_is_the_sum():
    bands = honeycomb()
    r = np.repeat(np.asarray(bands.positions), 2, axis=0)
    for k in K:
        h = -bands.mu * np.eye(4, dtype=complex)
        for cell, t in bands.hoppings.items():
            for i in range(4):
                for j in range(4):
                    h[i, j] += np.asarray(t)[i, j] * np.exp(
                        1j * k @ (np.array(cell) @ bands.cell + r[j] - r[i])
                    )
        assert np.abs(bands.bloch(k)[0][0] - h).max() < 1e-14


def test_square_rashba_and_with_rashba_agree():
    a, t = 0.7, 1.3
    direct = square_rashba(t, 0.4, -1.0, spacing=a)
    added = square_rashba(t, 0.0, -1.0, spacing=a).with_rashba(0.4, mass=1 / (2 * t * a * a))
    assert all(np.allclose(direct.hoppings[r], added.hoppings[r], atol=1e-14) for r in direct.hoppings)


def test_dichalcogenide_bands_have_their_symmetries():
    a = 3.434
    turn = np.array([[-0.5, -math.sqrt(3) / 2], [math.sqrt(3) / 2, -0.5]])
    for fit, (t0, t1, t2, t3) in TANTALUM_DISELENIDE.items():
        bands = tantalum_diselenide(fit, ising=20.0)
        h = bands.bloch(K)[0]
        assert np.abs(h - bands.bloch(K @ turn)[0]).max() < 1e-10
        swapped = bands.bloch(-K)[0]
        assert np.abs(h[:, 0, 0] - swapped[:, 1, 1]).max() < 1e-10  # time reversal
        xi, eta = K[:, 0] * a / 2, math.sqrt(3) * K[:, 1] * a / 2
        cos = np.cos
        energy = t0 + t1 * (2 * cos(xi) * cos(eta) + cos(2 * xi))
        energy += t2 * (2 * cos(3 * xi) * cos(eta) + cos(2 * eta))
        energy += t3 * (2 * cos(2 * xi) * cos(2 * eta) + cos(4 * xi))
        assert np.abs(0.5 * np.trace(h, axis1=1, axis2=2).real - energy).max() < 1e-10
        gamma_m = bands.bloch([[0.0, 0.5]])[0][0]
        assert abs(gamma_m[0, 0] - gamma_m[1, 1]) < 1e-12
        # these fits have a Fermi surface
        grid = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, 40)]), -1).reshape(-1, 2)
        levels = np.linalg.eigvalsh(bands.bloch(grid)[0])
        assert levels.min() < 0 < levels.max()


def test_layers_without_tunnelling_are_independent():
    one, two = square_rashba(rashba=0.3, mu=-1.0), square_rashba(rashba=-0.1, mu=-1.0)
    stack = two_layers(one, two, 0.0, bias=0.2)
    energies = np.linalg.eigvalsh(stack.bloch(K)[0])
    parts = [np.linalg.eigvalsh(x.bloch(K)[0]) + s * 0.1 for x, s in ((one, -1), (two, 1))]
    assert np.allclose(energies, np.sort(np.concatenate(parts, axis=1), axis=1), atol=1e-13)


CELL, ORIGIN = np.eye(2), [[0.0, 0.0]]
CHAIN = {(0, 0): [[0.0]], (1, 0): [[-1.0]], (-1, 0): [[-1.0]]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((CELL, ORIGIN, {(1, 0): [[-1.0]]}), r"hoppings\[\(1, 0\)\].*Add R = \(-1, 0\)"),
        ((CELL, ORIGIN, {**CHAIN, (1, 0): [[-1.1]]}), r"hoppings\[\(1, 0\)\].*differ by 0\.1"),
        ((CELL, ORIGIN, {**CHAIN, (0, 0): [[0.1j]]}), r"hoppings\[\(0, 0\)\]"),
        ((CELL, ORIGIN, {**CHAIN, (0, 0): [[math.nan]]}), "finite"),
        ((CELL, ORIGIN, {(0, 0): [[1.0, 2.0]]}), "square"),
        ((CELL, ORIGIN, {(0, 0): np.eye(3)}), "2×2"),
        ((CELL, ORIGIN, {(0.5, 0): [[1.0]]}), "integers"),
        ((CELL, ORIGIN, {}), "on-site"),
        (([[1.0, 0.0], [2.0, 0.0]], ORIGIN, CHAIN), "independent"),
        ((CELL, [[0.0, math.nan]], CHAIN), "finite"),
        ((CELL, ORIGIN, CHAIN, math.inf), "mu"),
        ((CELL, ORIGIN, CHAIN, None), "mu"),
        ((CELL, ORIGIN, CHAIN, 0.0, -1.0), "mass"),
        ((CELL, ORIGIN, {(0, 0): [["a"]]}), r"hoppings\[\(0, 0\)\]"),
        ((CELL, ORIGIN, {(0, 0): [[1, 2], [3]]}), r"hoppings\[\(0, 0\)\]"),
        ((CELL, ORIGIN, {0: [[1.0]]}), "integers"),
        ((CELL, ORIGIN, {(math.nan, 0): [[1.0]]}), "integers"),
        ((CELL, ORIGIN, [[1.0]]), "dictionary"),
        (([[math.nan, 0.0], [0.0, 1.0]], ORIGIN, CHAIN), "lattice_vectors"),
        ((CELL, "x", CHAIN), "positions"),
    ],
)
def test_bad_tables_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        TightBinding(*arguments)


def test_bad_ready_models_are_refused():
    with pytest.raises(InputError, match="one of rossnagel2005_barrel"):
        tantalum_diselenide("rossnagel")
    with pytest.raises(InputError, match="spacing"):
        square_rashba(spacing=0.0)
    with pytest.raises(InputError, match="upper"):
        two_layers(square_rashba(), square_rashba(spacing=2.0), 0.1)
