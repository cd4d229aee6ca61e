"""Smeared rings: form factors by another transform, limits, a two-dimensional Fourier transform, refusals."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import j0, j1

from pseudogauge.errors import InputError
from pseudogauge.inclusions import (
    RadialKernel,
    disks,
    form_factor,
    nonlocal_pseudo_field,
    nonlocal_ring_currents,
    pseudo_field,
    ring_currents,
)
from pseudogauge.microscopic import EdgeKernel, ResponseKernel, quasiclassical_kernel

KERNEL = RadialKernel(quasiclassical_kernel(0.1), 1.0)


def test_current_of_a_disk_by_one_integral():
    """I/I_local = ∫dq R J₁(qR) K(q) e^{−q²σ²/2} for b constant: a disk's transform, no table."""
    radius, width = 1.5, 0.4
    sigma = width / math.sqrt(2 * math.pi)
    direct = quad(
        lambda q: radius * j1(q * radius) * float(KERNEL(np.array(q))) * math.exp(-0.5 * (q * sigma) ** 2),
        0,
        60,
        limit=400,
        epsabs=1e-10,
    )[0]
    assert form_factor(radius, width, KERNEL).current == pytest.approx(
        direct, abs=3e-4
    )  # b ends 2 d outside: 2e-4


def test_limits():
    large, equal, small = (form_factor(radius, 0.2, KERNEL) for radius in (5.0, 1.0, 0.25))
    assert large.current == pytest.approx(1, abs=0.01)
    assert 0.7 < equal.current < 0.75
    assert small.current < 0.3
    for factor in (large, equal, small):
        assert factor.moment == pytest.approx(1, abs=1e-6)  # K(0) = 1
        assert factor.peak < 0.3  # d ≪ ξ₀: the current density is that of a ring ξ₀ wide
    local = form_factor(2.0, 0.5, RadialKernel(KERNEL.response, 0.02))
    assert local.current == pytest.approx(1, abs=1e-5)
    assert local.peak == pytest.approx(1, abs=5e-3)
    assert local.peak < 1


def test_edge_of_a_straight_wall():
    """Far from the centre the profile is that of a wall: ∫dq/2π K(q) e^{iqx}, broadened by the edge."""
    width, radius = 0.5, 25.0
    sigma = width / math.sqrt(2 * math.pi)
    peak = quad(lambda q: float(KERNEL(np.array(q))) * math.exp(-0.5 * (q * sigma) ** 2) / math.pi, 0, 50)[0]
    local = 1 / (math.sqrt(2 * math.pi) * sigma)
    assert form_factor(radius, width, KERNEL).peak == pytest.approx(peak / local, rel=2e-3)


def test_field_is_the_filtered_local_field():
    """Two disks of a periodic cell against a two-dimensional Fourier transform on a grid."""
    placed = disks(
        [(4, 5), (11, 5.5)], 2.0, edge_width=0.8, extent=(16, 12), exchange=(0.1, -0.2), potential=1.0
    )
    local, smeared = pseudo_field(placed, 1.0, 2.0), nonlocal_pseudo_field(placed, 1.0, 2.0, KERNEL)
    n = (128, 96)
    x, y = np.meshgrid(
        *(np.arange(m) * length / m for m, length in zip(n, placed.extent, strict=True)), indexing="ij"
    )
    qx, qy = np.meshgrid(
        *(2 * math.pi * np.fft.fftfreq(m, length / m) for m, length in zip(n, placed.extent, strict=True)),
        indexing="ij",
    )
    modes = np.fft.fft2(local.stream(x, y)) * KERNEL(np.hypot(qx, qy))
    np.testing.assert_allclose(smeared.stream(x, y), np.fft.ifft2(modes).real, atol=2e-7)
    along = np.fft.ifft2(1j * qx * modes).real
    np.testing.assert_allclose(smeared(x, y)[1], 4 * along, atol=2e-6)
    assert np.abs(smeared.stream(x, y) - local.stream(x, y)).max() > 0.01
    assert smeared.source.mean == pytest.approx(local.source.mean, rel=1e-6)
    assert smeared.depairing_ratio < local.depairing_ratio


def test_ring_currents_are_those_of_the_field():
    placed = disks([(10, 10)], 3.0, edge_width=0.6, extent=(20, 20), exchange=0.1, potential=-2.0)
    ring, local = nonlocal_ring_currents(placed, -0.16, KERNEL), ring_currents(placed, -0.16)
    factor = form_factor(3.0, 0.6, KERNEL)
    assert ring.current[0] / local.current[0] == pytest.approx(factor.current, rel=1e-12)
    assert ring.moment[0] == pytest.approx(local.moment[0], rel=1e-6)


def test_a_wrong_order_of_the_transform_would_be_seen():
    """The form factor with J₀ in place of J₁ is far away."""
    radius, sigma = 1.5, 0.4 / math.sqrt(2 * math.pi)
    wrong = quad(
        lambda q: radius * j0(q * radius) * float(KERNEL(np.array(q))) * math.exp(-0.5 * (q * sigma) ** 2),
        0,
        60,
        limit=400,
    )[0]
    assert abs(form_factor(radius, 0.4, KERNEL).current - wrong) > 0.1


def test_edges_too_sharp_are_refused():
    short = ResponseKernel(KERNEL.response.scales, KERNEL.response.amplitudes, 1e-4, reach=5.0)
    with pytest.raises(InputError, match="edge_width"):
        form_factor(3.0, 0.2, RadialKernel(short, 1.0))
    assert form_factor(3.0, 2.0, RadialKernel(short, 1.0)).current < 1
    with pytest.raises(InputError, match="coherence_length"):
        form_factor(3.0, 0.01, RadialKernel(KERNEL.response, 50.0))
    for length in (0.0, -1.0, math.nan):
        with pytest.raises(InputError, match="coherence_length"):
            RadialKernel(KERNEL.response, length)
    with pytest.raises(InputError, match="radius"):
        form_factor(-1.0, 0.2, KERNEL)


def test_exchange_that_ends_at_the_edge():
    """A given g scales current, peak and moment of a large disk alike; g = 1 changes nothing; default without."""
    width, overhang = 0.6, 0.3
    bent = EdgeKernel(np.array([0.0, 2.0, 4.0, 12.0]), np.array([1.0, 0.9, 0.6, 0.5]), math.nan)
    flat = replace(bent, values=np.ones(4))
    plain, same, less = (
        form_factor(8.0, width, replace(KERNEL, edge=edge), overhang) for edge in (None, flat, bent)
    )
    assert same.current == pytest.approx(plain.current, rel=1e-9)
    ratio = bent.kept(overhang, width / math.sqrt(2 * math.pi)) / flat.kept(
        overhang, width / math.sqrt(2 * math.pi)
    )
    assert 0.9 < ratio < 0.98
    for name in ("current", "peak", "moment"):
        assert getattr(less, name) == pytest.approx(ratio * getattr(plain, name), rel=1e-9)
    with pytest.raises(InputError, match="edge_width"):
        form_factor(8.0, 0.2, replace(KERNEL, edge=bent), overhang)
