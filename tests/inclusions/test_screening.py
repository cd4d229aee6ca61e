"""The screened potential of a disk against closed forms, limits and multiprecision quadrature."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from pseudogauge.errors import InputError
from pseudogauge.inclusions import Screening, edge_field, screened_potential

D = 0.5
SIGMA = D / math.sqrt(2 * math.pi)


def multiprecision(r: float, radius: float, screening: Screening, derivative: bool) -> float:
    """The Hankel integral by mpmath, panel by panel; the Lindhard kink is a panel edge."""
    kink = 2 * screening.fermi_momentum
    edges = [0.0, *np.arange(0.25, 8.8, 0.25) / SIGMA, *([kink] if math.isfinite(kink) else [])]

    def integrand(q):
        lindhard = 1 - mpmath.sqrt(1 - (kink / q) ** 2) if q > kink else 1
        value = radius * mpmath.besselj(1, q * radius) * mpmath.exp(-((q * SIGMA) ** 2) / 2)
        value /= q * screening.length + lindhard
        return value * (q * mpmath.besselj(1, q * r) if derivative else mpmath.besselj(0, q * r))

    method = "tanh-sinh" if math.isfinite(kink) else "gauss-legendre"  # the kink is a square root
    return float(mpmath.quad(integrand, sorted(edges), method=method, maxdegree=5))


@pytest.mark.parametrize("screening", [Screening(0.3), Screening(4.0), Screening(0.3, 3.0)])
@pytest.mark.parametrize("r", [1.9, 3.5])
def test_against_multiprecision(screening, r):
    tolerance = 1e-10
    field = float(edge_field(r, 2.0, D, screening))
    assert field == pytest.approx(multiprecision(r, 2.0, screening, derivative=True), abs=tolerance / D)
    potential = float(screened_potential(r, 2.0, D, screening))
    assert potential == pytest.approx(multiprecision(r, 2.0, screening, derivative=False), abs=tolerance)


def test_quadrature_agrees_with_the_closed_form_of_local_screening():
    r = np.linspace(0, 8, 81)
    closed = edge_field(r, [2.0, 5.0], D, Screening(0.0))
    summed = edge_field(r, [2.0, 5.0], D, Screening(0.0, 1e9))  # Lindhard, k_F out of reach: quadrature
    np.testing.assert_allclose(summed, closed, atol=1e-11 / D)


def test_local_potential_is_the_smoothed_disk():
    """V ∝ ρ [LOB A2]: the probability that a Gaussian step from r ends inside the disk."""

    def inside(r):
        def strip(y):
            half = math.sqrt(4.0 - y * y)
            weight = math.exp(-0.5 * (y / SIGMA) ** 2) / (SIGMA * math.sqrt(2 * math.pi))
            return weight * (ndtr((half - r) / SIGMA) - ndtr((-half - r) / SIGMA))

        return quad(strip, -2, 2, points=[0], epsabs=1e-13)[0]

    for r in (0.0, 1.5, 2.0, 2.4):
        assert float(screened_potential(r, 2.0, D, Screening(0.0))) == pytest.approx(inside(r), abs=1e-11)


@pytest.mark.parametrize("length", [1e-3, 1e-2])
def test_short_screening_length_tends_to_the_local_limit_linearly(length):
    r = np.linspace(1, 3, 21)
    local = edge_field(r, 2.0, D, Screening(0.0))
    change = np.abs(edge_field(r, 2.0, D, Screening(length)) - local).max()
    half = np.abs(edge_field(r, 2.0, D, Screening(length / 2)) - local).max()
    assert change * D < 2 * length / SIGMA
    assert change / half == pytest.approx(2, rel=2 * length / SIGMA)


def test_straight_edge_limit():
    """R → ∞: a Gaussian of peak 1/d, corrections O(σ/R)."""
    x = np.linspace(-1, 1, 41)
    straight = np.exp(-math.pi * (x / D) ** 2) / D
    errors = [
        np.abs(edge_field(R + x, R, D, Screening(0.0)) - straight).max() * D for R in (20.0, 40.0, 80.0)
    ]
    assert errors[0] < SIGMA / 20
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx([1, 1], abs=0.05)


def test_screened_straight_edge():
    """R → ∞ with Thomas-Fermi screening: the 1D transform of the edge."""
    length, x = 0.4, np.array([-0.7, 0.0, 0.9])

    def straight(x):
        spectrum = lambda q: math.exp(-((q * SIGMA) ** 2) / 2) / (1 + q * length) / math.pi  # noqa: E731
        return quad(lambda q: spectrum(q) * math.cos(q * x), 0, 10 / SIGMA, limit=400)[0]

    expected = [straight(v) for v in x]
    errors = [
        np.abs(edge_field(R + x, R, D, Screening(length)) - expected).max() for R in (50.0, 100.0, 200.0)
    ]
    assert errors[-1] < 0.01 / D
    assert errors[0] > 1.8 * errors[1] > 3.2 * errors[2]


def test_sum_rule_and_tail():
    """∫v d²r = πR² K(0) = πR², and v → R²/(2 k_TF r³)."""
    length, radius = 0.3, 2.0
    screening = Screening(length)
    r = np.array([40.0, 80.0, 160.0])
    ratio = screened_potential(r, radius, D, screening) * 2 * r**3 / (radius**2 * length)
    assert np.abs(ratio - 1)[-1] < 1e-3
    assert np.log2(np.abs(ratio - 1)[:-1] / np.abs(ratio - 1)[1:]) == pytest.approx([2, 2], abs=0.1)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    top = 60.0
    r = 0.5 * top * (nodes + 1)
    disk = 0.5 * top * np.sum(weights * 2 * math.pi * r * screened_potential(r, radius, D, screening))
    beyond = math.pi * radius**2 * length / top
    assert disk + beyond == pytest.approx(math.pi * radius**2, rel=1e-5)


def test_field_is_minus_the_slope_of_the_potential():
    r, step = np.linspace(0.2, 6, 30), 1e-3
    for screening, screened in ((Screening(0.3), True), (Screening(0.3, 2.0), True), (Screening(0.3), False)):
        shifts = np.array([-2, -1, 1, 2]) * step
        v = screened_potential(r[:, None] + shifts, 2.0, D, screening, screened)
        slope = v @ np.array([1, -8, 8, -1]) / (12 * step)
        np.testing.assert_allclose(edge_field(r, 2.0, D, screening, screened), -slope, atol=2e-8)


def test_bare_disk_has_the_coulomb_potential():
    """Centre of a charged disk: k_TF R for a sharp edge (∫J₁/x dx = 1), point charge far away."""
    bare = Screening(0.5)
    sharp = float(screened_potential(0.0, 3.0, 0.05, bare, screened=False))
    assert sharp == pytest.approx(3.0 / 0.5, rel=1e-4)
    far = float(screened_potential(300.0, 3.0, 0.5, bare, screened=False))
    assert far == pytest.approx(9.0 / 2 / 300.0 / 0.5, rel=1e-4)
    with pytest.raises(InputError, match="screening_length"):
        edge_field(1.0, 3.0, 0.5, Screening(0.0), screened=False)


def test_screening_reduces_field_and_lindhard_oscillates():
    r = np.linspace(2.5, 12, 400)
    smooth = screened_potential(r, 2.0, 0.2, Screening(0.5))
    friedel = screened_potential(r, 2.0, 0.2, Screening(0.5, 3.0)) - smooth
    assert (np.diff(smooth) < 0).all()
    zeros = r[1:][np.diff(np.sign(friedel[r > 0])) != 0]
    period = 2 * np.mean(np.diff(zeros[-8:]))
    assert period == pytest.approx(math.pi / 3.0, rel=0.05)  # wavelength 2π/2k_F


def test_lindhard_function():
    screening = Screening(1.0, 1.0)
    np.testing.assert_allclose(
        screening.lindhard(np.array([0.0, 1.0, 2.0, 4.0])), [1, 1, 1, 1 - math.sqrt(0.75)]
    )
    assert screening.factor(np.zeros(1))[0] == 1
