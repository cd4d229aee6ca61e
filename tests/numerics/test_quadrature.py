"""Gauss-Kronrod pair, graded panels and adaptive integration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.numerics.quadrature import (
    ELLIPSE,
    GAUSS_WEIGHTS,
    KRONROD_NODES,
    KRONROD_WEIGHTS,
    adaptive_integral,
    graded_panels,
)


@pytest.mark.parametrize(("weights", "degree"), [(KRONROD_WEIGHTS, 31), (GAUSS_WEIGHTS, 19)])
def test_exact_up_to_the_degree_and_no_further(weights, degree):
    errors = [weights @ KRONROD_NODES**n - (1 + (-1) ** n) / (n + 1) for n in range(degree + 2)]
    assert np.abs(errors[: degree + 1]).max() < 1e-15
    assert abs(weights @ KRONROD_NODES ** (degree + 1) - 2 / (degree + 2)) > 1e-13


@pytest.mark.parametrize("distance", [1e-1, 1e-3, 1e-6])
def test_graded_panels_resolve_a_lorentzian_at_fixed_accuracy(distance):
    """∫ δ/((x − 0.3)² + δ²) on [0, 1]: ten-point Gauss is good to about ρ⁻²⁰, whatever δ."""
    singular = np.array([0.3 + 1j * distance, 0.3 - 1j * distance])
    panels = np.array(graded_panels(np.array([0.0, 1.0]), singular, ELLIPSE, 1e-12))
    assert len(panels) < 8 + 4 * math.log2(1 / distance)
    half, centre = 0.5 * (panels[:, 1] - panels[:, 0]), panels.mean(axis=1)
    x = centre[:, None] + half[:, None] * KRONROD_NODES
    values = distance / ((x - 0.3) ** 2 + distance**2) * half[:, None]
    exact = math.atan(0.7 / distance) + math.atan(0.3 / distance)
    assert np.sum(values @ GAUSS_WEIGHTS) == pytest.approx(exact, rel=1e-7)
    assert np.sum(values @ KRONROD_WEIGHTS) == pytest.approx(exact, rel=1e-13)


def test_uniform_panels_of_the_same_number_fail():
    edges = np.linspace(0, 1, 45)
    x = 0.5 * (edges[1:] + edges[:-1])[:, None] + 0.5 / 44 * KRONROD_NODES
    distance = 1e-6
    value = np.sum(distance / ((x - 0.3) ** 2 + distance**2) @ KRONROD_WEIGHTS) / 88
    assert abs(value - math.pi) > 0.1


def test_adaptive_error_estimate_bounds_the_error():
    for power in (0.5, 1.5, 0.1):
        result = adaptive_integral(lambda x, p=power: x[:, None] ** p, np.array([[0.0, 1.0]]), 1e-9)
        assert result.converged
        assert abs(result.value[0] - 1 / (power + 1)) <= result.error <= 1e-9


def test_adaptive_reports_what_it_could_not_reach():
    result = adaptive_integral(lambda x: np.abs(np.sin(1e4 * x))[:, None], np.array([[0.0, 1.0]]), 1e-12, 500)
    assert not result.converged
    assert result.error > 1e-12
