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
    current_zero_temperature,
    gamma_thermal,
    gamma_zero_temperature,
    interband_function,
    response_coefficients,
    spin_susceptibility_thermal,
    stiffness_clean,
    yosida,
)
from pseudogauge.microscopic.printed import (
    corrected_e8_integrand,
    printed_e2_fermi_term,
    printed_e8_integrand,
    printed_eq9,
    printed_eq10,
    printed_eq17,
    printed_eq21,
    printed_eq22,
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


def test_corrected_integral_is_f_and_the_printed_one_diverges():
    for y in (0.2, 1.0, 3.0):
        value, error = quad(corrected_e8_integrand, -np.inf, np.inf, args=(y,), limit=400, epsabs=1e-11)
        assert value == pytest.approx(interband_function(y * y), abs=max(error, 1e-9))
    tails = [quad(printed_e8_integrand, 10.0, cut, args=(1.0,), limit=400)[0] for cut in (1e2, 1e3, 1e4)]
    assert np.diff(tails) == pytest.approx([-math.log(10) / 2] * 2, rel=2e-2)


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


def test_printed_formulas_differ_by_the_stated_factors():
    model = metal()
    assert printed_eq21(model) == pytest.approx(gamma_zero_temperature(model) / 2)
    true = current_zero_temperature(model, 0.01, (-0.01, 0.02))
    np.testing.assert_allclose(true, -2 * printed_eq17(model, 0.01, (-0.01, 0.02)), rtol=1e-14)
    assert printed_e2_fermi_term(0.3, 0.2) == pytest.approx(-(1 / 0.8) / math.cosh(0.75) ** 2)
    ratio = printed_eq10(1.0, 1.0, 1.0, 0.5) / (printed_eq9(1.0, 1.0, 0.5, 1.0) ** -1 * math.pi)
    assert ratio == pytest.approx(1.0)  # Eq. 10 follows from Eqs. 7 and 9
    assert printed_eq22(1.0, 1.0, 0.5) == pytest.approx(printed_eq10(-1 / (4 * math.pi), 1.0, 1.0, 0.5))


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="y_squared"):
        interband_function(-1.0)
    with pytest.raises(InputError, match="critical_temperature"):
        bcs_gap(0.5, 0.0)
    with pytest.raises(InputError, match="temperature"):
        yosida(math.nan, 1.0)
