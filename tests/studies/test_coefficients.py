"""Datasets of the response coefficients."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.microscopic import RashbaSuperconductor, response_coefficients
from pseudogauge.studies.coefficients import (
    gamma_against_wave_vector,
    linear_response_residuals,
    momentum_resolved_current,
    response_against_temperature,
)


def test_temperature_sweep_meets_the_closed_form_and_vanishes_at_the_transition():
    data = response_against_temperature(splittings=(10.0,), points=3, curve=21)
    assert data.attrs["converged"] == 1
    closed = np.interp(data.temperature, data.temperature_curve, data.gamma_closed.isel(splitting=0))
    np.testing.assert_allclose(data.gamma.isel(splitting=0), closed, atol=0.01)  # the interpolation
    assert abs(float(data.gamma_closed[0, -1])) < 1e-12
    assert 0.9 < float(data.beta[0, 0]) < 1
    assert abs(float(data.beta[0, -1])) < 0.05


def test_wave_vector_sweep_starts_at_gamma():
    data = gamma_against_wave_vector(temperatures=(0.0,), points=2, curve=9)
    assert data.attrs["converged"] == 1
    gamma = response_coefficients(RashbaSuperconductor(1.0, 10.0, 0.3, 0.5)).gamma
    assert float(data.gamma[0, 0]) == pytest.approx(-2 * math.pi * gamma, rel=0.02)
    assert float(data.gamma[0, 1]) < 0.2 * float(data.gamma[0, 0])
    assert np.all(np.diff(data.gamma_closed) < 0)


def test_residuals_are_small_in_one_corner_only():
    data = linear_response_residuals(points=3)
    assert data.attrs["converged"] == 1
    assert abs(float(data.residual[0, 0])) < 1e-3
    assert float(data.residual[-1, -1]) < -0.9
    assert np.all(np.diff(data.gapless) < 0)


def test_momentum_map_integrates_to_gamma_and_lies_between_the_contours():
    data = momentum_resolved_current(gap=0.1, points=80)
    metal = RashbaSuperconductor(1.0, 10.0, 1.0, 0.5)
    cell = (float(data.k_x[1] - data.k_x[0]) * metal.fermi_momentum / (2 * math.pi)) ** 2
    total = float(data.current.sum()) * cell / metal.mu
    assert total == pytest.approx(-response_coefficients(metal).gamma, rel=0.01)  # cut at 1.4 k_F
    radius = np.hypot(*np.meshgrid(data.k_x, data.k_y, indexing="ij"))
    inner, outer = sorted(data.attrs["fermi_contours"])
    between = (radius > inner) & (radius < outer)
    inside = float(data.current.values[between].sum() / data.current.values.sum())
    assert inside > 0.6
