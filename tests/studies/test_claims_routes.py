"""The claims' own numerical routes against values and theory they do not share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import k0

from pseudogauge.studies.claims import routes
from pseudogauge.studies.claims.london import Sample, interaction
from pseudogauge.studies.claims.routes import Metal
from pseudogauge.studies.claims.screening import _lindhard


def test_brute_current_reaches_the_reference():
    metal = Metal(gap=3.0, w=(-0.01, 0, 0.5), b=(0, 0, 0.01))
    assert routes.brute_current(metal, 0.0)[1] == pytest.approx(-0.411484380e-5, rel=5e-8)


def test_brute_current_is_the_slope_of_the_grand_potential():
    """−∂Ω/∂A_y by differences of the grand potential: the current without any current operator."""
    metal = Metal(gap=3.0, w=(-0.3, 0, 1.0), b=(0, 0, 0.8))
    k, weight = routes._polar(1.0, 10.0, 40, 32)

    def potential(a: float) -> float:
        moved = np.array([0.0, a])
        h = routes.hamiltonian(k + moved, metal)
        h[:, 2:, 2:] = routes.hamiltonian(k - moved, metal)[:, 2:, 2:]
        # −½ Σ|ε|/2 per momentum, the trace part being linear in ξ and removed by pairing ±A
        return float(-0.25 * np.abs(np.linalg.eigvalsh(h)).sum(axis=1) @ weight)

    def slope(shift: float) -> float:
        return (potential(shift) - potential(-shift)) / (2 * shift)

    extrapolated = (4 * slope(0.02) - slope(0.04)) / 3
    assert -extrapolated == pytest.approx(routes.brute_current(metal, 0.0, 40, 32)[1], rel=1e-5)


@pytest.mark.parametrize(("y", "value"), [(0.1, 0.970166567), (1.0, 0.376774760), (10.0, 0.00661378645)])
def test_f_by_two_routes(y, value):
    assert routes.arcoth_f(y * y) == pytest.approx(value, rel=1e-8)
    assert routes.f_integral(y, +1)[0] == pytest.approx(value, rel=1e-8)


def test_beta_against_published_reference():
    value, _ = routes.beta_response(Metal(gap=3.0), 0.0)
    assert 4 * math.pi * value == pytest.approx(-0.10089, abs=2e-5)


def test_matsubara_sum_of_a_lorentzian():
    value = routes.matsubara(lambda omega: 1 / (omega**2 + 1), 0.3)
    assert value == pytest.approx(math.tanh(1 / 0.6) / 2, rel=1e-10)


def test_vortex_field_is_k0():
    sample = Sample(100, 6.0)
    winding = np.zeros((100, 100))
    winding[50, 50] = 1
    _, field = sample.solve(winding, np.zeros_like(winding))
    for distance in (8, 12, 18):
        assert field[50 + distance, 50] == pytest.approx(k0(distance / 6) / 36, rel=0.01)


def test_energy_is_stationary():
    sample, rng = Sample(12, 2.0), np.random.default_rng(0)
    winding, pseudo = np.zeros((12, 12)), 0.1 * rng.normal(size=(12, 12))
    winding[4, 6] = 1
    q, _ = sample.solve(winding, pseudo)

    def energy(links):
        field = (sample.curl @ links).reshape(12, 12) + 2 * np.pi * winding
        return links @ links / 2 + sample.depth**2 * (
            np.sum((field - pseudo) ** 2) / 2 + 2 * np.pi * np.sum(winding * pseudo)
        )

    assert sample.energy(winding, pseudo) == pytest.approx(energy(q), rel=1e-12)
    for _ in range(3):
        step = 1e-3 * rng.normal(size=q.shape)
        assert energy(q + step) > energy(q)
        assert energy(q + step) - energy(q - step) == pytest.approx(0, abs=1e-9)


def test_uniform_pseudo_field_exerts_no_force():
    assert interaction(np.ones((16, 16)), 3.0) == pytest.approx(0, abs=1e-12)


def test_lindhard_beyond_two_k_fermi():
    assert _lindhard(1.99)[0] == pytest.approx(1, abs=1e-10)
    assert _lindhard(3.0)[0] == pytest.approx(1 - math.sqrt(1 - (2 / 3) ** 2), rel=1e-10)
