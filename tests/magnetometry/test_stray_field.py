"""Fields above a slab against Hankel quadrature, boundary matching, limits and published numbers."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import j0, kv

from pseudogauge.errors import InputError
from pseudogauge.magnetometry import (
    magnetised_slab_field,
    moment_sheet_field,
    pearl_vortex_field,
    slab_transfer,
    stray_field,
    vortex_field,
)

FLUX_QUANTUM = 2.067833848e-15
LAMBDA = 0.5


def gaussian(n: int, spacing: float, width: float) -> np.ndarray:
    """Unit-flux Gaussian in the middle of an n × n patch."""
    x = (np.arange(n) - n // 2) * spacing
    r2 = x[:, None] ** 2 + x**2
    return np.exp(-r2 / (2 * width**2)) / (2 * math.pi * width**2)


@pytest.mark.parametrize("thickness", [0.05, 0.7, 4.0, math.inf])
@pytest.mark.parametrize("k", [0.03, 1.0, 40.0])
def test_transfer_solves_the_boundary_problem(thickness, k):
    """London equation inside with a z-uniform source, vacuum outside, B continuous at the surface."""
    alpha, half = math.hypot(k, 1 / LAMBDA), 0.5 * min(thickness, 60 * LAMBDA)
    # B_z = 1 + C cosh(αz)/cosh(αd/2) inside, D e^{−k(z−d/2)} outside; i k·B_∥ = −∂_z B_z on both sides
    ratio = math.tanh(alpha * half)
    c, d = np.linalg.solve([[1.0, -1.0], [alpha * ratio, k]], [-1.0, 0.0])
    assert slab_transfer(k, LAMBDA, thickness) == pytest.approx(d, rel=1e-12)
    assert c < 0 < d < 1


def test_transfer_times_bulk_vortex_is_the_textbook_formula():
    k, thickness = np.array([0.2, 3.0]), 0.8
    alpha = np.hypot(k, 1 / LAMBDA)
    formula = 1 / (LAMBDA**2 * alpha * (alpha + k / np.tanh(alpha * thickness / 2)))
    bulk = 1 / (1 + (k * LAMBDA) ** 2)
    np.testing.assert_allclose(bulk * slab_transfer(k, LAMBDA, thickness), formula, rtol=1e-13)


@pytest.mark.parametrize(("height", "millitesla"), [(0.5e-6, 0.21878), (1.0e-6, 0.08862)])
def test_published_film_vortex(height, millitesla):
    """λ²/d = 1 µm (SuperScreen's Λ; Pearl's is twice that)."""
    field = float(pearl_vortex_field(0.0, 0.0, height, pearl_length=2e-6, flux=FLUX_QUANTUM))
    assert field * 1e3 == pytest.approx(millitesla, abs=6e-6)
    # closed form: ∫k e^{−kz}/(1 + Λk) dk = [1/z − e^{z/Λ} E₁(z/Λ)/Λ]/Λ
    ratio = height / 2e-6
    closed = (1 / height - math.exp(ratio) * float(mpmath.e1(ratio)) / 2e-6) / 2e-6
    assert field == pytest.approx(FLUX_QUANTUM * closed / (2 * math.pi), rel=1e-12)


def test_thin_slab_tends_to_pearl_linearly():
    x = np.array([0.0, 0.4, 3.0])
    pearl = pearl_vortex_field(x, 0.0, 0.3, pearl_length=2 * LAMBDA**2 / 0.001)
    errors = []
    for thickness in (0.02, 0.01):
        film = pearl_vortex_field(x, 0.0, 0.3, pearl_length=2 * LAMBDA**2 / thickness)
        slab = vortex_field(x, 0.0, 0.3, LAMBDA, thickness)
        errors.append(np.abs(slab / film - 1).max())
    assert errors[0] < 0.05
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)
    thinnest = vortex_field(x, 0.0, 0.3, LAMBDA, 1e-9)
    np.testing.assert_allclose(thinnest, pearl_vortex_field(x, 0.0, 0.3, 2 * LAMBDA**2 / 1e-9), rtol=1e-7)
    assert (pearl > 0).all()


def test_thick_slab_tends_to_a_half_space_exponentially():
    half_space = vortex_field(0.3, 0.0, 0.2, LAMBDA)
    errors = [abs(float(vortex_field(0.3, 0.0, 0.2, LAMBDA, n * LAMBDA) / half_space) - 1) for n in (4, 8)]
    assert errors[1] < 3 * errors[0] * math.exp(-4)


def test_far_field_is_a_monopole_one_penetration_depth_down():
    """Φ(z+λ)/2π[r² + (z+λ)²]^{3/2}, corrections of order (λ/z)²."""
    errors = []
    for height in (10.0, 20.0, 40.0):
        r, depth = np.array([0.0, 0.7]) * height, height + LAMBDA
        monopole = depth / (2 * math.pi * (r**2 + depth**2) ** 1.5)
        errors.append(np.abs(vortex_field(r, 0.0, height, LAMBDA) / monopole - 1).max())
    assert errors[0] < 3 * (LAMBDA / 10) ** 2
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx([2, 2], abs=0.15)


@pytest.mark.parametrize("thickness", [0.3, math.inf])
@pytest.mark.parametrize("r", [0.6, 3.0])
def test_vortex_against_multiprecision(thickness, r):
    height = 0.25

    def integrand(k):
        alpha = mpmath.sqrt(k**2 + 1 / LAMBDA**2)
        coth = 1 if math.isinf(thickness) else mpmath.coth(alpha * thickness / 2)
        return (
            k * mpmath.besselj(0, k * r) * mpmath.exp(-k * height) / (LAMBDA**2 * alpha * (alpha + k * coth))
        )

    panels = [0.0, 0.5, 1.0, 2.0, *range(4, 141, 4)]
    exact = float(mpmath.quad(integrand, panels, method="gauss-legendre", maxdegree=4)) / (2 * math.pi)
    peak = float(vortex_field(0.0, 0.0, height, LAMBDA, thickness))
    assert float(vortex_field(r, 0.0, height, LAMBDA, thickness)) == pytest.approx(exact, abs=1e-12 * peak)


def test_grid_field_of_a_bulk_vortex_is_the_quadrature_of_the_vortex():
    """Periodic FFT against the Hankel integral of the same smooth source, images summed as monopoles fall."""
    n, spacing, width, height = 256, 0.125, 0.4, 0.5

    def exact(r):
        def integrand(k):
            return k / (2 * math.pi) * math.exp(-((k * width) ** 2) / 2 - k * height) * j0(k * r)

        return quad(lambda k: integrand(k) * float(slab_transfer(k, LAMBDA, 0.8)), 0, 30, limit=300)[0]

    found = stray_field(gaussian(n, spacing, width), spacing, height, LAMBDA, thickness=0.8, periodic=False)
    middle = n // 2
    for step in (0, 3, 12):
        # the nearest image is three patch lengths away
        image = 8 * height / (2 * math.pi * (2.9 * n * spacing) ** 3) * 10
        assert found[middle + step, middle] == pytest.approx(exact(step * spacing), abs=image)


def test_bulk_field_of_the_vortex_transform():
    """The source assumed: Φ/(1 + k²λ²) is (Φ/2πλ²) K₀(r/λ)."""
    r = 0.8
    transform = mpmath.quadosc(
        lambda k: k * mpmath.besselj(0, k * r) / (1 + (k * LAMBDA) ** 2), [0, mpmath.inf], omega=r
    )
    assert float(transform) == pytest.approx(float(kv(0, r / LAMBDA)) / LAMBDA**2, rel=1e-8)


def test_linearity_shift_and_flux():
    rng = np.random.default_rng(0)
    one, two = rng.standard_normal((2, 24, 30))
    settings = {"spacing": 0.2, "height": 0.3, "penetration_depth": 0.5, "thickness": 1.1}
    first, second = stray_field(one, **settings), stray_field(two, **settings)
    np.testing.assert_allclose(stray_field(2 * one - 3 * two, **settings), 2 * first - 3 * second, atol=1e-12)
    np.testing.assert_allclose(
        stray_field(np.roll(one, (5, -7), (0, 1)), **settings), np.roll(first, (5, -7), (0, 1)), atol=1e-13
    )
    assert first.sum() == pytest.approx(one.sum(), rel=1e-12)
    # heights add: the field at 0.3 continued by 0.2 is the field at 0.5
    wave = np.hypot(
        *np.meshgrid(2 * np.pi * np.fft.fftfreq(24, 0.2), 2 * np.pi * np.fft.fftfreq(30, 0.2), indexing="ij")
    )
    continued = np.fft.ifft2(np.fft.fft2(first) * np.exp(-0.2 * wave)).real
    np.testing.assert_allclose(stray_field(one, **settings | {"height": 0.5}), continued, atol=1e-13)


def test_plane_wave_by_hand():
    x = np.arange(32) * 0.25
    k = 2 * math.pi * 3 / 8.0
    wave = np.cos(k * x)[:, None] * np.ones(20)
    found = stray_field(wave, 0.25, 0.4, LAMBDA, thickness=0.6)
    np.testing.assert_allclose(found, wave * slab_transfer(k, LAMBDA, 0.6) * math.exp(-0.4 * k), atol=1e-14)


def test_open_sample_in_its_own_applied_field():
    """An applied field that passes through undisturbed stays as it is, inside and out."""
    uniform = np.full((20, 16), 0.7)
    found = stray_field(uniform, 0.2, 0.3, LAMBDA, periodic=False, outside=0.7)
    np.testing.assert_allclose(found, 0.7, rtol=1e-13)


def test_open_sample_converges_with_padding_to_the_isolated_patch():
    patch = gaussian(48, 0.25, 0.5)
    found = [
        stray_field(patch, 0.25, 1.0, LAMBDA, periodic=False, pad=pad)[24, 24] for pad in (1.0, 2.0, 4.0, 8.0)
    ]
    steps = np.abs(np.diff(found))
    assert steps[0] > 4 * steps[1] > 16 * steps[2]  # images fall as the cube of the distance
    periodic = stray_field(patch, 0.25, 1.0, LAMBDA)[24, 24]
    assert abs(periodic - found[-1]) > 10 * steps[0]


def test_moment_sheet_is_a_sheet_of_dipoles():
    """μ0 g k e^{−kz}/2: on the axis of a Gaussian sheet, ∫ of the point-dipole field (2z²−r²)/4π(z²+r²)^{5/2}."""
    spacing, width, height = 0.125, 0.5, 0.8
    sheet = gaussian(192, spacing, width)

    def dipole(r):
        weight = math.exp(-r * r / (2 * width**2)) / width**2 * r
        return weight * (2 * height**2 - r * r) / (4 * math.pi * (height**2 + r * r) ** 2.5)

    exact = quad(dipole, 0, 12)[0]
    found = moment_sheet_field(sheet, spacing, height, periodic=False)[96, 96]
    assert found == pytest.approx(exact, abs=2 / (4 * math.pi * (2.9 * 192 * spacing) ** 3) * 10)


def test_magnetised_slab_is_a_stack_of_sheets():
    """1 − e^{−kd} is the integral over the depths of the sheets."""
    rng = np.random.default_rng(1)
    magnetisation, spacing, height, thickness = rng.standard_normal((16, 16)), 0.3, 0.5, 0.7
    nodes, weights = np.polynomial.legendre.leggauss(20)
    depth = 0.5 * thickness * (nodes + 1)
    stack = sum(
        0.5 * thickness * w * moment_sheet_field(magnetisation, spacing, height + z)
        for z, w in zip(depth, weights, strict=True)
    )
    found = magnetised_slab_field(magnetisation, spacing, height, thickness=thickness)
    np.testing.assert_allclose(found, stack, atol=1e-12)
    thick = magnetised_slab_field(magnetisation, spacing, height, thickness=400.0)
    np.testing.assert_allclose(magnetised_slab_field(magnetisation, spacing, height), thick, atol=1e-12)


@pytest.mark.parametrize(
    "change",
    [{"bulk_field": np.zeros(5)}, {"bulk_field": [["a", "b"], ["c", "d"]]}, {"bulk_field": np.full((4, 4), np.nan)},
     {"spacing": 0.0}, {"spacing": math.nan}, {"height": -0.1}, {"height": math.nan}, {"penetration_depth": 0.0},
     {"penetration_depth": math.inf}, {"thickness": 0.0}, {"thickness": math.nan}, {"outside": math.nan},
     {"pad": -1.0}, {"periodic": (True,)}],
)  # fmt: skip
def test_bad_input(change):
    arguments = {
        "bulk_field": np.zeros((4, 4)),
        "spacing": 0.5,
        "height": 0.1,
        "penetration_depth": 0.5,
        **change,
    }
    with pytest.raises(InputError) as caught:
        stray_field(**arguments)
    assert next(iter(change)) in caught.value.name


def test_bad_input_of_the_other_fields():
    for call in (
        lambda: moment_sheet_field(np.zeros((4, 4)), 0.5, 0.0),
        lambda: magnetised_slab_field(np.zeros((4, 4)), 0.5, -1.0),
        lambda: vortex_field(0.0, 0.0, 0.0, 0.5),
        lambda: vortex_field(math.nan, 0.0, 0.1, 0.5),
        lambda: vortex_field(0.0, 0.0, 0.1, -0.5),
        lambda: pearl_vortex_field(0.0, 0.0, 0.1, 0.0),
    ):
        with pytest.raises(InputError):
            call()
