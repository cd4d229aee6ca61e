"""Linear response in strong fields, signs and disorder of 𝓔^z, limits that do not commute, gapless T = 0 states."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    exact_current,
    excitation_gap,
    gamma_thermal,
    gapless_exchange,
    linear_response_error,
    response_coefficients,
    saturation,
)
from pseudogauge.studies.coefficients import gamma_of_random_rashba

METAL = RashbaSuperconductor(1.0, 10.0, 0.01, 0.5)


@pytest.mark.parametrize("ratio", [0.1, 1.0, 2.0])
def test_strong_in_plane_field_saturates(ratio):
    found = linear_response_error(METAL, 1e-5, (0.3 * ratio, 0.4 * ratio))
    assert found.residual == pytest.approx(saturation(METAL, (0.5 * ratio, 0.0)) - 1, abs=2e-3)


def test_strong_exchange_matters_at_the_rashba_energy_not_at_the_gap():
    energy = METAL.rashba_energy
    for b in (3 * METAL.gap, 0.1 * energy):  # the second is 22 Δ
        found = linear_response_error(METAL, b, (1e-5, 0.0))
        assert found.residual == pytest.approx((b / energy) ** 2, rel=0.03)


def test_the_current_collapses_where_the_state_becomes_gapless():
    field = (0.1, 0.0)
    limit = gapless_exchange(METAL, field)
    assert limit == pytest.approx(METAL.gap * math.sqrt(26), rel=1e-12)
    assert excitation_gap(METAL, 0.95 * limit, field) > 0 == excitation_gap(METAL, 1.05 * limit, field)
    metal = replace(METAL, temperature=2e-4)
    below, above = (linear_response_error(metal, x * limit, field, 1e-4).residual for x in (0.9, 2.0))
    assert abs(below) < 0.02
    assert above < -0.5


def test_independent_of_the_sign_of_the_vertical_field_to_all_orders():
    fields = (0.05, (0.2, -0.1))
    for temperature in (0.0, 0.02):
        up = exact_current(RashbaSuperconductor(1.0, 10.0, 0.1, 0.5, temperature), *fields)
        down = exact_current(RashbaSuperconductor(1.0, 10.0, 0.1, -0.5, temperature), *fields)
        np.testing.assert_allclose(up.value, down.value, atol=up.error + down.error)
        assert np.abs(up.value).max() > 1e-4


def test_random_vertical_field_of_zero_mean():
    samples = 0.5 * np.random.default_rng(5).normal(size=4000)
    direct = np.array([gamma_thermal(replace(METAL, rashba=float(w))) for w in samples])
    mean = gamma_of_random_rashba(METAL, 0.5)
    assert mean == pytest.approx(direct.mean(), abs=4 * direct.std() / math.sqrt(len(direct)))
    assert gamma_of_random_rashba(METAL, 0.0) == 0.0
    with pytest.raises(InputError, match="spread"):
        gamma_of_random_rashba(METAL, -1.0)


def test_limits_that_do_not_commute():
    """γ at small (Δ, T): its value depends on T/Δ alone; and at small (w_z, Δ) on Δ/Δ_R."""

    def bracket(gap, temperature, rashba=0.5):
        return (
            -2
            * math.pi
            * response_coefficients(RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature), 1e-6).gamma
        )

    assert bracket(1e-3, 1e-5) == pytest.approx(1, abs=1e-3)  # T → 0 first
    assert bracket(1e-3, 1e-1) < 1e-3  # Δ → 0 first
    assert bracket(1e-3, 1e-3) == pytest.approx(bracket(2e-3, 2e-3), rel=1e-2)  # along T = Δ a third value
    assert bracket(1e-2, 0.0, 1e-5) < 1e-3  # w_z → 0 first
    assert bracket(1e-3, 0.0, 1e-1) == pytest.approx(1, abs=1e-3)  # Δ → 0 first


def test_gapless_state_at_zero_temperature_is_the_limit_of_warm_ones():
    """Sommerfeld: J(T) − J(0) ∝ T², here removed by extrapolation."""
    model, fields = RashbaSuperconductor(1.0, 10.0, 1.0, 0.5), ((0.0, 0.0, 2.0), (0.6, 0.0))
    assert excitation_gap(model, *fields) == 0
    cold = exact_current(model, *fields, rtol=1e-6)
    warm = [exact_current(replace(model, temperature=t), *fields, rtol=1e-7).value for t in (0.01, 0.02)]
    scale = model.scale(*fields)
    assert np.abs(warm[0] - cold.value).max() > 1e-5 * scale
    np.testing.assert_allclose((4 * warm[0] - warm[1]) / 3, cold.value, atol=2e-5 * scale + cold.error)


def test_vanishing_linear_currents_are_refused():
    for arguments in (
        (replace(METAL, rashba=0.0), 0.1, (0.1, 0.0)),
        (METAL, 0.0, (0.1, 0.0)),
        (METAL, 0.1, (0.0, 0.0)),
    ):
        with pytest.raises(InputError, match="vanishes"):
            linear_response_error(*arguments)
