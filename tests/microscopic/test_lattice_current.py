"""Currents on lattices: published number, brute force, invariances, continuum limit, honest errors."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    LatticeSuperconductor,
    RashbaSuperconductor,
    TightBinding,
    brillouin_zone,
    exact_current,
    lattice_current,
    singlet,
    square_rashba,
    triplet,
    two_layers,
)
from pseudogauge.microscopic._singlet import is_simple_singlet, singlet_currents
from pseudogauge.microscopic.brillouin_zone import zone_average
from pseudogauge.microscopic.lattice_current import _traces as eigenvector_traces
from pseudogauge.microscopic.nambu import hole_block
from pseudogauge.microscopic.rashba import PAULI


def nearest_neighbour_vertex(bands, k):
    """−σ^z (w_x sin k_y − w_y sin k_x): the spin-orbit hopping of a square lattice."""
    z, s, c = PAULI[3], np.sin(k)[..., None, None], np.cos(k)[..., None, None]
    zero = np.zeros((len(k), 2, 2))
    vertex = np.stack([-s[:, 1] * z, s[:, 0] * z])
    return vertex, np.stack([np.stack([zero, c[:, 0] * z]), np.stack([-c[:, 1] * z, zero])])


def lattice(gap=0.2, rashba=0.4, **options):
    return LatticeSuperconductor(square_rashba(1.0, rashba, -1.2, -0.3), gap, mass=0.5, **options)


def brute_force(model, n, exchange, in_plane, temperature):
    """−½ mean tr[∂H/∂A n_F(H)] over an n × n grid; the derivative by central differences of whole Hamiltonians."""
    axis = 2 * np.pi * np.arange(n) / n
    k = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    e, u = np.linalg.eigh(model.hamiltonian(k, exchange, in_plane))
    f = 0.5 * (1 - np.sign(e)) if temperature == 0 else 1 / (np.exp(e / temperature) + 1)
    half, current = model.bands.dimension, []
    for i in range(2):
        shift = 1e-5 * np.eye(2)[i]
        plus, minus = (model.hamiltonian(k + s * shift, exchange, in_plane) for s in (1, -1))
        slope = (plus - minus) / 2e-5
        slope[:, :half, half:] = slope[:, half:, :half] = 0
        slope[:, half:, half:] *= -1  # holes see −A
        current.append(-0.5 * np.einsum("kin,kij,kjn,kn->", u.conj(), slope, u, f, optimize=True).real / n**2)
    return np.array(current)


def test_published_lattice_current():
    model = lattice(in_plane_vertex=nearest_neighbour_vertex)
    current = lattice_current(model, (0.0, 0.15, 0.1), (0.0, 0.3), temperature=0.05)
    assert current.converged
    assert current.value[0] == pytest.approx(1.71427680e-3, abs=5e-12)


@pytest.mark.parametrize("temperature", [0.0, 0.1])
def test_brute_force(temperature):
    p_wave = triplet(lambda k: 0.5 * np.stack([np.sin(k[:, 1]), -np.sin(k[:, 0]), 0 * k[:, 0]], -1))
    for pairing in (0.5, singlet(lambda k: 0.5 + 0.1 * np.cos(k[:, 0])), p_wave):
        model = LatticeSuperconductor(square_rashba(1.0, 0.4, -1.2, -0.3), pairing, mass=0.5)
        fields = (0.02, 0.05, 0.07), (0.1, -0.2)
        current = lattice_current(model, *fields, temperature=temperature, rtol=1e-4)
        expected = brute_force(model, 128, *fields, temperature)
        assert np.abs(current.value - expected).max() < 1e-9 + current.error


def test_error_estimates_are_honest():
    """A stricter calculation never differs by more than the error claimed, at any gap."""
    rng = np.random.default_rng(5)
    for gap in (0.0, 0.03, 0.1, 0.3):
        model = LatticeSuperconductor(
            square_rashba(1.0, rng.uniform(0, 1), rng.uniform(-3, 0), rng.uniform(-0.3, 0.3)), gap, mass=0.5
        )
        temperature = 0.0 if gap == 0.3 else 0.05
        fields = rng.uniform(-0.3, 0.3, 3), rng.uniform(-0.1, 0.1, 2)
        fields = (fields[0] * max(gap, 0.03), fields[1])
        loose = lattice_current(model, *fields, temperature=temperature, rtol=3e-2)
        tight = lattice_current(model, *fields, temperature=temperature, rtol=1e-3)
        assert tight.converged
        assert np.abs(loose.value - tight.value).max() <= loose.error + tight.error


def worst_of_oscillating_sums(lattices):
    """Closed-form integrands of random square lattices, whose grid errors oscillate: true over estimated error."""
    rng, axis, ratios = np.random.default_rng(2), np.arange(512) / 512, []
    dense = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    for _ in range(lattices):
        mu, second, gap, widths = (
            rng.uniform(-3.5, 3.5),
            rng.uniform(-0.3, 0.3),
            10 ** rng.uniform(-0.9, 0),
            [1.0],
        )

        def integrands(s, mu=mu, second=second, gap=gap, widths=widths):
            x, y = 2 * np.pi * s.T
            xi = -2 * (np.cos(x) + np.cos(y)) - 4 * second * np.cos(x) * np.cos(y) - mu
            slope = np.hypot(
                np.sin(x) * (1 + 2 * second * np.cos(y)), np.sin(y) * (1 + 2 * second * np.cos(x))
            )
            e = np.hypot(xi, gap)
            widths.append(float(np.min(e / np.maximum(4 * np.pi * slope, 1e-9))))
            return np.stack([xi / e * np.cos(x), gap**2 / e**3 * np.sin(x) ** 2, gap**2 / e**3])

        exact = integrands(dense).mean(axis=1)
        widths[1:] = []
        for tolerance in (1e-3, 1e-5, 1e-7):
            result = zone_average(integrands, np.full(3, tolerance), strip=lambda known=widths: min(known))
            assert result.converged
            ratios.append(float((np.abs(result.value - exact) / result.error).max()))
    return max(ratios)


def test_errors_of_oscillating_sums(monkeypatch):
    assert worst_of_oscillating_sums(20) < 0.7
    monkeypatch.setattr(brillouin_zone, "CAUTION", (2.5, 1.0))  # decay faster than the strip allows
    assert worst_of_oscillating_sums(4) > 1


@pytest.mark.parametrize("temperature", [0.0, 0.05])
@pytest.mark.parametrize("exchange", [(0.0, 0.0, 0.05), (0.3, 0.2, 0.1)])
def test_kernel_of_one_orbital_is_that_of_the_eigenvectors(temperature, exchange):
    model, k = lattice(), np.random.default_rng(4).uniform(-np.pi, np.pi, (500, 2))
    particle, velocity = model.particle(np.concatenate([k, -k]), exchange, (-0.05, 0.02))
    assert is_simple_singlet(particle, velocity)
    traces, lowest = singlet_currents(particle, velocity, 0.2, temperature)
    expected, levels = eigenvector_traces(model, k, particle, velocity, temperature)
    np.testing.assert_allclose(traces, expected, atol=3e-14)
    assert np.all(lowest <= levels * (1 + 1e-12) + 1e-14)
    if exchange[0] == 0:
        np.testing.assert_allclose(lowest, levels, rtol=1e-12)


def test_bands_beyond_the_kernel_are_noticed():
    """Exchange with a form factor, and hopping that is odd in k, need the eigenvectors."""
    k = np.random.default_rng(4).uniform(-np.pi, np.pi, (20, 2))
    plain, velocity = lattice().particle(np.concatenate([k, -k]), 0.1, (0.0, 0.0))
    even, odd = np.cos(k[:, :1, None]), np.sin(k[:, :1, None])
    slope = velocity.copy()
    slope[0] += 0.1 * np.concatenate([-odd, odd]) * PAULI[3]
    assert not is_simple_singlet(plain + 0.1 * np.concatenate([even, even]) * PAULI[3], slope)
    assert not is_simple_singlet(plain + 0.1 * np.concatenate([odd, -odd]) * PAULI[0], velocity)


def test_coarse_grids_that_agree_are_not_believed():
    """Without the known width of its feature, a narrow peak between the points of the first grids goes unnoticed."""

    def peak(s):
        return 1 / (np.sin(np.pi * (s[:, 0] + s[:, 1] - 0.5))[None] ** 2 + 1e-10)

    exact = 1 / math.sqrt(1e-10 * (1 + 1e-10))
    seen = zone_average(peak, np.array([1e-6 * exact]), strip=lambda: 3e-6)
    assert seen.method == "adaptive"
    assert abs(seen.value[0] - exact) <= seen.error[0]


def test_converges_to_the_continuum_as_the_square_of_the_lattice_constant():
    metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=2.0, rashba=0.5, temperature=0.5)
    exact = exact_current(metal, 0.1, (-0.1, 0.0)).value[1]
    errors = []
    for spacing in (0.2, 0.1, 0.05):
        t = 1 / (2 * spacing**2)
        bands = square_rashba(t, 0.5, mu=10.0 - 4 * t, spacing=spacing)
        value = lattice_current(LatticeSuperconductor(bands, 2.0), 0.1, (-0.1, 0.0), 0.5, rtol=1e-4).value[1]
        errors.append(abs(value / exact - 1))
    assert errors[-1] < 0.01
    rates = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(np.abs(rates - 2) < 0.35), rates


def test_supercell_changes_nothing():
    """Two cells as one with two orbitals at different positions: the same current per area."""
    unit = square_rashba(1.0, 0.4, -1.2)
    table = {}
    for (i, j), t in unit.hoppings.items():
        for orbital in (0, 1):
            cell, other = divmod(orbital + i, 2)
            block = table.setdefault((cell, j), np.zeros((4, 4), dtype=complex))
            block[2 * orbital : 2 * orbital + 2, 2 * other : 2 * other + 2] += np.asarray(t)
    double = TightBinding([[2.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [1.0, 0.0]], table, mu=-1.2)
    fields = (0.02, 0.05, 0.07), (0.1, -0.2)
    small, large = (
        lattice_current(LatticeSuperconductor(b, 0.5, mass=0.5), *fields, temperature=0.1, rtol=1e-6)
        for b in (unit, double)
    )
    assert np.abs(small.value - large.value).max() < small.error + large.error
    shifted = TightBinding([[2.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.6, 0.0]], table, mu=-1.2)
    wrong = lattice_current(
        LatticeSuperconductor(shifted, 0.5, mass=0.5), *fields, temperature=0.1, rtol=1e-4
    )
    assert np.abs(small.value - wrong.value).max() > 1e-3 * np.abs(small.value).max()


@pytest.mark.parametrize(
    ("gap", "rashba", "exchange", "in_plane"),
    [(0.3, 0.0, 0.1, (0.1, 0.0)), (0.0, 0.4, (0.1, 0.0, 0.1), (0.1, 0.2)), (0.3, 0.4, 0.0, (0.1, 0.2))],
)
def test_exact_zeros(gap, rashba, exchange, in_plane):
    """No Rashba coupling with b along z; no pairing; no exchange field."""
    current = lattice_current(lattice(gap, rashba), exchange, in_plane, temperature=0.1, rtol=1e-7)
    assert current.converged
    assert np.abs(current.value).max() <= current.error


def test_hole_block_is_the_particle_hole_conjugate():
    model = lattice()
    k = np.array([[0.3, 0.8]])
    h, partner = (model.hamiltonian(s * k, (0.1, 0.2, 0.3), (0.1, -0.2))[0] for s in (1, -1))
    c = np.kron(PAULI[2], PAULI[2])
    assert np.abs(c @ partner.conj() @ c + h).max() < 1e-14
    assert np.allclose(hole_block(np.array(PAULI[3])), PAULI[3])


BANDS = square_rashba(mu=-1.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pairing": -0.1}, "zero or positive"),
        ({"pairing": math.nan}, "finite"),
        ({"pairing": PAULI[3]}, "antisymmetric"),
        ({"pairing": np.eye(3)}, "shape"),
        ({"pairing": triplet(lambda k: np.cos(k[:, :1]) * [0, 0, 1])}, "antisymmetric"),
        ({"pairing": singlet(lambda k: np.sin(k[:, 0]))}, "antisymmetric"),
        ({"pairing": triplet(lambda k: k[:, :1] * [0, 0, 0.1])}, "periodic"),
        ({"pairing": lambda k: np.eye(2)}, "shape"),
        ({"pairing": "x"}, "a gap, a matrix"),
        ({"pairing": 0.1, "mass": 0.0}, "mass"),
        ({"pairing": 0.1, "mass": "x"}, "mass"),
        ({"pairing": 0.1, "exchange_operators": np.ones((3, 2, 2)) * 1j}, "Hermitian"),
        ({"pairing": 0.1, "in_plane_vertex": lambda b, k: (np.ones((2, len(k), 2, 2)) * 1j, 0)}, "."),
    ],
)
def test_bad_superconductors_are_refused(arguments, words):
    with pytest.raises((InputError, AttributeError), match=words):
        LatticeSuperconductor(BANDS, **arguments)


def test_mass_is_that_of_the_bands():
    """γ is proportional to the m of the vertex: 1/2ta² for the square lattice, never a silent 1."""
    bands = square_rashba(hopping=2.0, spacing=0.5, rashba=0.3)
    assert LatticeSuperconductor(bands, 0.1).mass == 1 / (2 * 2.0 * 0.5**2)
    assert LatticeSuperconductor(bands, 0.1, mass=3.0).mass == 3.0
    assert LatticeSuperconductor(two_layers(BANDS, BANDS, 0.1), 0.1).mass == 0.5
    own = TightBinding(np.eye(2), [[0.0, 0.0]], BANDS.hoppings, -1.0)
    assert LatticeSuperconductor(own.with_rashba(0.3, 0.7), 0.1).mass == 0.7
    assert np.array_equal(
        *(x.bloch([[0.3, 1.0]])[0] for x in (BANDS.with_rashba(0.3), BANDS.with_rashba(0.3, 0.5)))
    )
    for unknown in (own, two_layers(BANDS, own, 0.1)):
        with pytest.raises(InputError, match=r"mass = None.*no mass of their own"):
            LatticeSuperconductor(unknown, 0.1)
    with pytest.raises(InputError, match="mass"):
        own.with_rashba(0.3)


@pytest.mark.parametrize("k", [[math.nan, 1.0], [1.0], "x"])
def test_bad_momenta_are_refused(k):
    for model in (LatticeSuperconductor(BANDS, 0.1), RashbaSuperconductor(1.0, 10.0, 0.1)):
        with pytest.raises(InputError, match="k ="):
            model.hamiltonian(k)


def test_wrong_derivative_of_a_vertex_is_noticed():
    def wrong(bands, k):
        vertex, slope = nearest_neighbour_vertex(bands, k)
        return vertex, 1.01 * slope

    with pytest.raises(InputError, match="in_plane_vertex"):
        lattice(in_plane_vertex=wrong)


@pytest.mark.parametrize("options", [{"temperature": -1.0}, {"temperature": math.nan}, {"rtol": 1e-16}])
def test_bad_options_are_refused(options):
    with pytest.raises(InputError):
        lattice_current(lattice(), 0.1, (0.1, 0.0), **options)


def test_missed_tolerance_is_said():
    current = lattice_current(lattice(0.001), 1e-4, (0.1, 0.0), rtol=1e-6, max_evaluations=5000)
    assert not current.converged
    assert "max_evaluations" in current.message


@pytest.mark.parametrize("budget", [1, 60_000])
def test_gapless_states_at_zero_temperature_give_an_honest_estimate(budget):
    """A level met at zero leaves no strip of analyticity: algebraic convergence, and no tight tolerance."""
    b, w = (0.15, 0.0, 0.05), (-0.05, 0.02)
    current = lattice_current(lattice(0.1), b, w, rtol=1e-3, max_evaluations=budget)
    assert not current.converged
    assert "temperature" in current.message
    close = lattice_current(lattice(0.1), b, w, temperature=2e-3, rtol=1e-2)
    assert close.converged
    assert np.abs(current.value - close.value).max() <= current.error + close.error


def test_memory_is_bounded_and_progress_told():
    """Ten times the momenta take no more memory; the part of the budget used never falls."""
    told, peaks = [], []
    model = lattice(gap=1e-3)
    for budget in (8_000, 80_000):
        told.clear()
        tracemalloc.start()
        current = lattice_current(
            model, 1e-4, (-0.05, 0.0), max_evaluations=budget, progress=lambda part, _: told.append(part)
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert current.evaluations > 0.9 * budget
        assert told == sorted(told)
        assert told[-1] == 1.0
    assert peaks[1] < 1.5 * peaks[0] + 2e6
    assert peaks[1] < 5e7
