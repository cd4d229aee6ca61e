"""Closed forms against quadrature, series, textbook numbers and the numerical coefficients."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    bcs_gap,
    gamma_thermal,
    interband_function,
    response_coefficients,
    spin_susceptibility_thermal,
    stiffness_clean,
    yosida,
)


def metal(gap=0.1, temperature=0.0):
    return RashbaSuperconductor(1.0, 10.0, gap, 0.5, temperature)


@pytest.mark.parametrize(
    ("y", "value"),
    [(0.1, 0.970166567), (0.5, 0.677193294), (1, 0.376774760), (2, 0.139182118), (10, 0.00661378645)],
)
def test_interband_function_published_values(y, value):
    assert interband_function(y * y) == pytest.approx(value, rel=2e-9)


def test_interband_function_in_high_precision():
    with mpmath.workdps(60):
        for y2 in (1e-18, 1e-6, 0.3, 1.9999, 2.0001, 50.0, 1e8, 1e200):
            x = mpmath.mpf(y2)
            exact = (
                1 - x / mpmath.sqrt(1 + x) * mpmath.acoth(mpmath.sqrt(1 + x)) if y2 < 1e100 else 2 / (3 * x)
            )
            assert interband_function(y2) == pytest.approx(float(exact), rel=3e-15)
    assert (interband_function(0.0), interband_function(math.inf)) == (1.0, 0.0)


def e8_integrand(x, y):
    """½ (1 − x² − y² + pq)/[pq(p + q)], p, q = √((x∓1)² + y²): Eq. E8 with its sign corrected."""
    p, q = np.hypot(x - 1, y), np.hypot(x + 1, y)
    # 1 − x² − y² + pq without cancellation: (pq)² − (x²+y²−1)² = 4y²
    above = 4 * y * y / (p * q + x * x + y * y - 1) if x * x + y * y > 1 else 1 - x * x - y * y + p * q
    return 0.5 * above / (p * q * (p + q))


def test_corrected_integral_is_f():
    for y in (0.2, 1.0, 3.0):
        value, error = quad(e8_integrand, -np.inf, np.inf, args=(y,), limit=400, epsabs=1e-11)
        assert value == pytest.approx(interband_function(y * y), abs=max(error, 1e-9))


TEXTBOOK = {0.3: (0.9971, 0.0182), 0.5: (0.9569, 0.1660), 0.7: (0.8288, 0.4463), 0.9: (0.5263, 0.8041)}


@pytest.mark.parametrize("t", TEXTBOOK)
def test_gap_and_yosida_function_of_the_textbook(t):
    gap, y = TEXTBOOK[t]
    assert bcs_gap(t, 1.0) / bcs_gap(0.0, 1.0) == pytest.approx(gap, abs=6e-5)
    assert yosida(t, bcs_gap(t, 1.0)) == pytest.approx(y, abs=6e-5)


def test_gap_solves_the_gap_equation_in_its_integral_form():
    zero = bcs_gap(0.0, 1.0)
    assert 2 * zero == pytest.approx(3.5278, abs=1e-4)
    for t in (0.06, 0.3, 0.75, 0.9, 0.999):
        gap = bcs_gap(t, 1.0)

        def integrand(xi, gap=gap, t=t):
            e = math.hypot(xi, gap)
            return 2 / (e * (math.exp(e / t) + 1))

        assert math.log(zero / gap) == pytest.approx(
            quad(integrand, 0, gap + 40 * t, epsabs=1e-13)[0], abs=1e-11
        )
    assert bcs_gap(1 - 1e-8, 1.0) == pytest.approx(3.06326 * 1e-4, rel=1e-4)  # √(8π²/7ζ(3)) √(1 − t)
    assert bcs_gap(1.0, 1.0) == bcs_gap(2.0, 1.0) == 0.0


def test_yosida_is_its_integral_on_both_sides_of_the_switch():
    for temperature in (0.03, 0.3, 0.499, 0.501, 1.0, 20.0):

        def integrand(xi, t=temperature):
            return 2 / (4 * t * math.cosh(math.hypot(xi, 1.0) / (2 * t)) ** 2)

        value = quad(integrand, 0, 60 * temperature, epsabs=1e-14, epsrel=1e-13, limit=200)[0]
        assert yosida(temperature, 1.0) == pytest.approx(value, rel=1e-11)
    assert yosida(0.0, 1.0) == 0.0
    assert yosida(0.1, 0.0) == 1.0


def test_susceptibility_interpolates_between_f_yosida_and_one():
    assert spin_susceptibility_thermal(1 / 37.9, 1.0, 2.0) == pytest.approx(
        interband_function(0.25), abs=1e-13
    )
    assert spin_susceptibility_thermal(0.8, 1.0, 1e-9) == pytest.approx(yosida(0.8, 1.0), abs=1e-13)
    assert spin_susceptibility_thermal(0.8, 1e-9, 1.0) == pytest.approx(1.0, abs=1e-13)


def test_thermal_closed_forms_are_the_limits_of_the_numerical_coefficients():
    distance = []
    for gap in (0.3, 0.03):
        model = metal(gap, 0.5 * gap)
        c = response_coefficients(model)
        chi = spin_susceptibility_thermal(model.temperature, gap, model.rashba_energy)
        distance.append(
            [
                abs(c.gamma / gamma_thermal(model) - 1),
                abs(c.spin_susceptibility[2, 2] * math.pi / chi - 1),
                abs(c.stiffness / stiffness_clean(model) - 1),
            ]
        )
    assert np.all(np.array(distance[1]) < 0.02 * np.array(distance[0]))
    assert max(distance[1]) < 1e-4


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="y_squared"):
        interband_function(-1.0)
    with pytest.raises(InputError, match="critical_temperature"):
        bcs_gap(0.5, 0.0)
    with pytest.raises(InputError, match="temperature"):
        yosida(math.nan, 1.0)
