"""Bands, density of states and spin of the model against closed forms, sums over a grid and the exact kernels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    density_of_states,
    excitation_gap,
    interband_function,
    response_coefficients,
    spectrum,
    spin_density,
)
from pseudogauge.numerics.quadrature import adaptive_integral

FIELDS = {"exchange": (0.02, 0.03, 0.05), "in_plane": (0.05, -0.1)}


def metal(gap=0.1, rashba=0.5, temperature=0.0):
    return RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature)


def test_energies_are_those_of_the_helical_bands():
    model, k = metal(), np.random.default_rng(1).normal(size=(30, 2)) * 4
    size = np.linalg.norm(k, axis=1)
    bands = np.stack([size**2 / 2 - 10 - alpha * 0.5 * size for alpha in (1, -1)])
    expected = np.sort(np.concatenate([np.hypot(bands, 0.1), -np.hypot(bands, 0.1)]), axis=0).T
    states = spectrum(model, k)
    np.testing.assert_allclose(states.energies, expected, atol=1e-12)
    along = np.einsum("kna,ka->kn", states.spin, model.spin_orbit_vector(k) / (0.5 * size[:, None]))
    np.testing.assert_allclose(np.abs(along), 1, atol=1e-9)  # spins lie along ±d
    np.testing.assert_allclose(states.charge.sum(axis=1), 0, atol=1e-12)


def test_spin_and_charge_are_slopes_of_the_energy():
    model, k, step = metal(), np.array([3.0, 2.5]), 1e-5
    b = np.array(FIELDS["exchange"])
    states = spectrum(model, k, b, FIELDS["in_plane"])
    for axis in range(3):
        shifted = [
            spectrum(model, k, b + s * step * np.eye(3)[axis], FIELDS["in_plane"]).energies for s in (1, -1)
        ]
        np.testing.assert_allclose(states.spin[:, axis], -(shifted[0] - shifted[1]) / (2 * step), atol=1e-6)


@pytest.mark.parametrize("temperature", [0.0, 0.05])
def test_weak_exchange_gives_the_susceptibility(temperature):
    model = metal(0.1, 0.5, temperature)
    chi = response_coefficients(model).spin_susceptibility
    for axis in (0, 2):
        spin = spin_density(model, 1e-5 * np.eye(3)[axis])
        assert spin.converged
        assert spin.value[axis] / 1e-5 == pytest.approx(chi[axis, axis], rel=1e-7)
    small = metal(0.01, 0.005)
    assert spin_density(small, 1e-6).value[2] * math.pi / 1e-6 == pytest.approx(
        interband_function((small.gap / small.rashba_energy) ** 2), abs=2e-6
    )


def test_spin_of_a_normal_metal_is_paulis_at_any_rashba_coupling():
    spin = spin_density(metal(0.0, 0.5, 0.1), 1e-3)
    assert spin.value[2] == pytest.approx(1e-3 / math.pi, rel=1e-6)


def test_spin_in_strong_fields_against_a_grid():
    model = metal(1.0, 0.5, 0.3)
    fields = ((0.3, 0.4, 0.9), (0.4, -0.6))
    x = (np.arange(600) + 0.5) * 0.05 - 15
    total, k = np.zeros(3), np.stack(np.meshgrid(x, x[:300], indexing="ij"), -1).reshape(-1, 2)
    for part in np.array_split(k, 12):
        states = spectrum(model, part, *fields)
        total += np.einsum("kn,kna->a", -0.5 * np.tanh(states.energies / 0.6), states.spin)
    spin = spin_density(model, *fields)
    np.testing.assert_allclose(
        spin.value, total * 0.05**2 / (2 * math.pi) ** 2, atol=2e-6
    )  # the tail beyond 15


def test_density_of_states_without_fields_is_textbook():
    energies = np.array([-0.5, -0.11, -0.05, 0.0, 0.09, 0.1000001, 0.11, 0.3, 2.0])
    inside = np.abs(energies) < 0.1
    root = np.sqrt(np.where(inside, 1.0, energies**2 - 0.01))
    expected = np.where(inside, 0.0, np.abs(energies) / root) / math.pi
    for model in (metal(), metal(rashba=0.0)):
        states = density_of_states(model, energies)
        assert np.all(np.abs(states.quasiparticle - expected) <= states.error + 1e-12)
        assert states.error[[0, 1, 7]].max() < 1e-12
    assert (
        density_of_states(metal(temperature=0.3), [0.3]).electron
        == density_of_states(metal(), [0.3]).electron
    )


def test_below_the_bottom_of_the_band_only_one_helicity_counts():
    """Normal state: 2D Rashba has m/π above the crossing and the one-dimensional divergence below it."""
    model = RashbaSuperconductor(1.0, 1.0, 0.0, 1.2)
    bottom = -1 - 0.5 * 1.44
    states = density_of_states(model, [0.3, -0.9, -1.2, bottom - 0.01])
    below = math.sqrt(2 * 1.44 / 2 / (-1.2 - bottom) / 2)  # w/√(2(E − E₀)/m): two rings of one band
    np.testing.assert_allclose(math.pi * states.electron, [1, 1, below, 0], rtol=1e-9, atol=1e-12)


def test_electron_and_hole_weights_add_up():
    energies = np.array([0.07, 0.13, 0.4, 2.0])
    states = density_of_states(metal(), np.concatenate([energies, -energies]), **FIELDS)
    assert states.converged
    plus, minus = np.split(states.electron, 2)
    np.testing.assert_allclose(0.5 * (plus + minus), states.quasiparticle[:4], atol=2e-6)
    np.testing.assert_allclose(states.quasiparticle[:4], states.quasiparticle[4:], atol=2e-6)


def test_sum_rule():
    """The states pushed out of the gap pile up above it: ∫₀^E N dE′ counts the momenta with |ε| < E."""
    model, b = metal(1.0, 1.0), 0.4
    result = adaptive_integral(
        lambda e: density_of_states(model, e, b).quasiparticle[:, None],
        np.array([[0.0, 1.0], [1.0, 5.0]]),
        5e-4,
    )
    k = (np.arange(80_000) + 0.5) * 1e-4
    levels = np.abs(spectrum(model, np.stack([k, 0 * k], -1), b).energies)
    count = 0.25 * float(np.sum(k[:, None] * (levels < 5.0))) * 1e-4 / (2 * math.pi)
    assert result.converged
    assert result.value[0] == pytest.approx(count, abs=6e-4)
    assert result.value[0] == pytest.approx(math.sqrt(24) / math.pi, abs=5e-3)  # b moves it little


def test_coherence_peak_stands_at_the_gap_edge():
    for fields in (FIELDS, {"exchange": 0.05}):
        edge = excitation_gap(metal(), **fields)
        around = density_of_states(metal(), [edge * (1 - 1e-4), edge * (1 + 1e-3)], rtol=1e-4, **fields)
        assert around.quasiparticle[0] == 0 < 0.01 < around.quasiparticle[1]


def test_gap_edges():
    assert excitation_gap(metal()) == pytest.approx(0.1, abs=1e-12)
    tilted = excitation_gap(metal(), (0.02, 0.0, 0.0))  # helical bands shift by ±b·d̂
    assert tilted == pytest.approx(0.08, abs=1e-3)
    assert excitation_gap(metal(), (0.2, 0.0, 0.0)) == 0.0
    assert density_of_states(metal(), [0.0], (0.2, 0.0, 0.0), rtol=1e-3).electron[0] > 0.1
    assert excitation_gap(metal(), 0.2) > 0.09  # b_z hardly pairs apart helical electrons


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="k = "):
        spectrum(metal(), [1.0, math.nan])
    with pytest.raises(InputError, match="energies"):
        density_of_states(metal(), [math.inf])
    with pytest.raises(InputError, match="exchange"):
        spin_density(metal(), math.nan)
