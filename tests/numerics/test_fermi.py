"""Divided differences of the Fermi function against 160-digit arithmetic."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from pseudogauge.numerics.fermi import divided_difference2, divided_difference3, occupation


def exact(points: np.ndarray, temperature: float) -> tuple[float, float]:
    """f[x, y] and f[x, y, z] by recursion; coinciding points are moved apart by 1e-25."""
    with mpmath.workdps(160):
        x, y, z = (mpmath.mpf(float(p)) + i * mpmath.mpf(10) ** -25 for i, p in enumerate(points))

        def f(e):
            return -mpmath.tanh(e / (2 * mpmath.mpf(temperature))) / 2

        first, second = (f(x) - f(y)) / (x - y), (f(y) - f(z)) / (y - z)
        return float(first), float((first - second) / (x - z))


def samples(count: int = 150):
    rng = np.random.default_rng(7)
    for i in range(count):
        temperature = 10 ** rng.uniform(-3, 0)
        centre = rng.normal() * (3 * temperature if i % 2 else 1)
        points = centre + rng.normal(size=3) * temperature * 10 ** rng.uniform(-6, 2)
        if i % 3 == 0:
            points[1] = points[0]
        if i % 7 == 0:
            points[2] = points[0] = points[1]
        yield temperature, points


def test_divided_differences_keep_all_digits_through_coincidences():
    for temperature, points in samples():
        first, second = exact(points, temperature)
        assert abs(divided_difference2(*points[:2], temperature) - first) * temperature < 3e-16
        assert abs(divided_difference3(*points, temperature) - second) * temperature**2 < 3e-15


def test_the_naive_quotient_loses_them():
    """What a direct quotient would give: the check above is not too weak to notice."""
    worst = 0.0
    for temperature, points in samples():
        x, y, z = points + np.array([0.0, 1e-12, 2e-12]) * temperature
        f = occupation(points, temperature)
        naive = ((f[0] - f[1]) / (x - y) - (f[1] - f[2]) / (y - z)) / (x - z)
        worst = max(worst, abs(naive - exact(points, temperature)[1]) * temperature**2)
    assert worst > 1e-6


def test_zero_temperature_is_the_limit():
    points = np.array([-1.0, 0.5, 0.7])
    assert divided_difference3(*points, 0.0) == pytest.approx(divided_difference3(*points, 0.01), rel=1e-12)
    assert divided_difference2(0.5, 0.7, 0.0) == 0.0


def test_symmetric_in_all_arguments():
    x = np.random.default_rng(0).normal(size=(3, 20))
    values = [divided_difference3(*x[list(p)], 0.3) for p in ((0, 1, 2), (2, 0, 1), (1, 0, 2))]
    np.testing.assert_allclose(values[1:], [values[0]] * 2, rtol=1e-12)
