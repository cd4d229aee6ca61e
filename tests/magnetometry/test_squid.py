"""Flux through a pickup loop against direct averages over the disk and the monopole limit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import j1

from pseudogauge.errors import InputError
from pseudogauge.magnetometry import (
    SquidLoop,
    milli_flux_quanta,
    slab_transfer,
    squid_image,
    stray_field,
    vortex_field,
)


def vortex_flux(radius: float, height: float, depth: float) -> float:
    """Flux of one vortex through a loop above its core, from the radial field itself."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    r = 0.5 * radius * (nodes + 1)
    return float(0.5 * radius * np.sum(weights * 2 * math.pi * r * vortex_field(r, 0.0, height, depth)))


def test_peak_flux_in_the_monopole_limit():
    """Φ0[1 − h/√(a²+h²)], h = z + λ: 0.1056 Φ0 at a = z = λ; exact once a, z ≫ λ."""
    monopole = lambda a, z, depth: 1 - (z + depth) / math.hypot(a, z + depth)  # noqa: E731
    assert monopole(0.5, 0.5, 0.5) == pytest.approx(0.1056, abs=5e-5)
    errors = [
        abs(vortex_flux(s * 0.5, s * 0.5, 0.5) / monopole(s * 0.5, s * 0.5, 0.5) - 1) for s in (10, 20, 40)
    ]
    assert errors[0] < 0.01
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx([2, 2], abs=0.1)


def test_london_vortex_at_equal_lengths():
    """At a = z = λ the London vortex gives 0.09082 Φ0, 14 % below the monopole: the k-integral of the loop."""
    a = z = depth = 0.5

    def integrand(k):
        alpha = math.hypot(k, 1 / depth)
        return a * j1(k * a) * math.exp(-k * z) / (depth**2 * alpha * (alpha + k))

    exact = quad(integrand, 0, 80, limit=200)[0]
    assert vortex_flux(a, z, depth) == pytest.approx(exact, rel=1e-9)
    assert exact == pytest.approx(0.0908202, abs=1e-7)


def test_image_of_a_vortex_is_its_flux():
    n, spacing, depth = 256, 0.125, 0.5
    x = np.fft.fftfreq(n, 1 / (n * spacing))
    k = 2 * np.pi * np.fft.fftfreq(n, spacing)
    wave = np.hypot(k[:, None], k)
    bulk = (
        np.fft.ifft2(1 / (1 + (wave * depth) ** 2)).real / spacing**2
    )  # band-limited London vortex at [0, 0]
    surface = stray_field(bulk, spacing, 0.0, depth)
    image = squid_image(surface, spacing, SquidLoop(radius=0.5, height=0.6))
    # on a torus the images of the vortex add their monopole fields; 32 λ-lengths of cell: flux/area
    assert image[0, 0] == pytest.approx(
        vortex_flux(0.5, 0.6, depth), abs=1.2 * math.pi * 0.25 / (n * spacing) ** 2
    )
    at_loop = squid_image(stray_field(bulk, spacing, 0.6, depth), spacing, SquidLoop(radius=0.5))
    np.testing.assert_allclose(at_loop, image, atol=1e-14)
    assert x[0] == 0


def test_loop_is_the_integral_over_its_disk():
    """A band-limited random field, summed as plane waves at quadrature points of the disk."""
    rng = np.random.default_rng(0)
    n, spacing, radius = 16, 0.5, 1.3
    modes = np.zeros((n, n), dtype=complex)
    modes[:4, :4] = rng.standard_normal((4, 4)) + 1j * rng.standard_normal((4, 4))
    k = 2 * np.pi * np.fft.fftfreq(n, spacing)

    def field(x, y):
        phase = np.multiply.outer(x, k)[..., :, None] + np.multiply.outer(y, k)[..., None, :]
        return np.real(np.exp(1j * phase) * modes).sum(axis=(-2, -1))

    sites = np.arange(n) * spacing
    image = squid_image(field(*np.meshgrid(sites, sites, indexing="ij")), spacing, SquidLoop(radius))
    nodes, weights = np.polynomial.legendre.leggauss(16)
    r = 0.5 * radius * (nodes + 1)
    angle = 2 * math.pi * np.arange(32) / 32
    for i, j in ((0, 0), (5, 11)):
        values = field(sites[i] + r[:, None] * np.cos(angle), sites[j] + r[:, None] * np.sin(angle))
        flux = np.sum(0.5 * radius * weights * r * values.mean(axis=1) * 2 * math.pi)
        assert image[i, j] == pytest.approx(flux, abs=1e-11)
        square = values.mean() * (2 * radius) ** 2  # a loop of another shape is told apart
        assert abs(square - image[i, j]) > 1e-3


def test_uniform_field_and_small_loop():
    uniform = np.full((12, 10), 0.3)
    for periodic in (True, False):
        image = squid_image(uniform, 0.4, SquidLoop(0.7, 0.2), periodic=periodic, outside=0.3)
        np.testing.assert_allclose(image, 0.3 * math.pi * 0.49, rtol=1e-12)
    rng = np.random.default_rng(2)
    field = rng.standard_normal((12, 10))
    np.testing.assert_allclose(
        squid_image(field, 0.4, SquidLoop(1e-4)), field * math.pi * 1e-8, rtol=1e-5, atol=1e-14
    )


def test_shift_and_linearity():
    rng = np.random.default_rng(3)
    field, loop = rng.standard_normal((20, 14)), SquidLoop(0.6, 0.3)
    image = squid_image(field, 0.25, loop)
    np.testing.assert_allclose(
        squid_image(np.roll(field, 3, 0), 0.25, loop), np.roll(image, 3, 0), atol=1e-14
    )
    np.testing.assert_allclose(squid_image(-2 * field, 0.25, loop), -2 * image, atol=1e-14)
    assert image.sum() == pytest.approx(field.sum() * math.pi * 0.36, rel=1e-10)


def test_transfer_of_the_whole_chain():
    """One plane wave: slab, height and loop factors multiply."""
    k = 2 * math.pi / 4
    wave = np.cos(k * np.arange(16) * 0.25)[:, None] * np.ones(8)
    image = squid_image(stray_field(wave, 0.25, 0.0, 0.5, thickness=1.0), 0.25, SquidLoop(0.8, 0.3))
    factor = slab_transfer(k, 0.5, 1.0) * math.exp(-0.3 * k) * 2 * math.pi * 0.8 * j1(0.8 * k) / k
    np.testing.assert_allclose(image, wave * factor, atol=1e-14)


def test_units():
    assert milli_flux_quanta(2.067833848e-15 / 2) == pytest.approx(500, rel=1e-9)


@pytest.mark.parametrize("arguments", [(0.0,), (math.nan,), (math.inf,), (1.0, -0.1), (1.0, math.nan)])
def test_bad_loops(arguments):
    with pytest.raises(InputError):
        SquidLoop(*arguments)


def test_bad_field():
    with pytest.raises(InputError, match="field"):
        squid_image(np.full((4, 4), np.inf), 0.5, SquidLoop(0.5))
