"""Balls in a layered crystal: packing, and a pseudo-field that is the curl of h̃(|r|) ẑ in every layer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from pseudogauge.errors import InputError
from pseudogauge.inclusions import (
    Balls,
    balls,
    disks,
    layered_pseudo_field,
    pseudo_field,
    random_balls,
)
from pseudogauge.inclusions.balls import _smooth_ball, ball_profiles
from pseudogauge.inclusions.transverse import curl_links
from pseudogauge.numerics.grid import Grid

KAPPA = 3.0


def smallest_gap(found: Balls) -> float:
    """Smallest surface-to-surface distance, every pair with its nearest image."""
    apart = found.centres[:, None] - found.centres[None]
    apart -= np.round(apart / found.extent) * np.array(found.extent) * found.periodic
    distance = np.sqrt((apart**2).sum(axis=2)) - found.radius[:, None] - found.radius
    return float(distance[~np.eye(len(found), dtype=bool)].min())


@pytest.mark.parametrize("periodic", [True, (True, False, False)])
@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_random_balls_keep_their_gap_and_filling(periodic, spread):
    arguments = {"extent": (26, 22, 30), "edge_width": 0.3, "filling": 0.12, "size_spread": spread}
    found = random_balls(1.5, periodic=periodic, rng=4, **arguments)
    assert smallest_gap(found) >= 0.6 - 1e-12
    assert abs(found.filling - 0.12) < 0.6 * 4 / 3 * math.pi * found.radius.max() ** 3 / (26 * 22 * 30)
    again = random_balls(1.5, periodic=periodic, rng=4, exchange=-2.0, **arguments)
    np.testing.assert_array_equal(found.centres, again.centres)


def test_dense_balls_are_relaxed_beyond_jamming():
    found = random_balls(1.0, extent=(10, 10, 10), edge_width=0.1, filling=0.45, min_gap=0.0, rng=0)
    assert found.filling > 0.44
    assert smallest_gap(found) >= 0


def test_sequential_addition_of_balls_is_uniform():
    counts = np.zeros((3, 3, 3))
    for seed in range(150):
        centres = random_balls(1.0, extent=(12, 12, 12), edge_width=0.2, count=9, rng=seed).centres
        np.add.at(counts, tuple((centres // 4).astype(int).T), 1)
    chi = np.sum((counts - 50) ** 2 / 50)
    assert 5 < chi < 58  # 26 degrees of freedom


def test_chords_of_random_lines():
    """Straight lines along z: the part inside balls is x, the mean chord (4/3)ΣR³/ΣR² (Cauchy)."""
    found = random_balls(
        1.5, extent=(24, 24, 24), edge_width=0.3, filling=0.15, size_spread=0.3, min_gap=0.0, rng=2
    )
    x, y = np.random.default_rng(0).random((2, 40000)) * 24
    apart = np.stack([x, y], axis=1)[:, None] - found.centres[None, :, :2]
    apart -= 24 * np.round(apart / 24)
    half = found.radius**2 - np.sum(apart**2, axis=2)
    chords = 2 * np.sqrt(half[half > 0])
    assert chords.sum() / (40000 * 24) == pytest.approx(found.filling, rel=0.01)
    assert chords.mean() == pytest.approx(found.mean_chord, rel=4 * chords.std() / len(chords) ** 0.5)


def test_smooth_ball_is_the_convolution_with_a_gaussian():
    """Against the integral over the ball's shells of the angular average of a Gaussian."""
    radius, sigma = 2.0, 0.35
    for r in (1e-9, 0.2, 1.7, 2.0, 2.6):

        def shell(a, r=r):
            spread = np.exp(-((r - a) ** 2) / 2 / sigma**2) - np.exp(-((r + a) ** 2) / 2 / sigma**2)
            return a / r * spread / (sigma * math.sqrt(2 * math.pi))

        def value(r):
            return quad(lambda a: shell(a, r), 0, radius, epsabs=1e-13)[0]

        v, slope = (float(f[0]) for f in _smooth_ball(np.array([r]), np.array([radius]), sigma))
        assert v == pytest.approx(value(r), abs=1e-7 if r < 1e-6 else 1e-12)
        if r > 0.1:
            assert slope == pytest.approx(-(value(r + 1e-4) - value(r - 1e-4)) / 2e-4, abs=1e-7)


def test_the_ring_current_is_the_curl_of_the_radial_profile():
    """j = γ 𝓔_∥ × b ẑ from v and β themselves: azimuthal, sin θ times the radial edge field."""
    box = balls([(10, 11, 9)], 3.0, edge_width=0.8, extent=(20, 22, 18), exchange=0.03, exchange_overhang=0.5)
    field, sigma = layered_pseudo_field(box, 1.0, KAPPA), box.smoothing
    rng = np.random.default_rng(1)
    off = rng.normal(size=(200, 3)) * 2
    x, y, z = (off + box.centres[0]).T
    r, rho = np.sqrt((off**2).sum(axis=1)), np.hypot(off[:, 0], off[:, 1])
    inward = _smooth_ball(r, np.array([3.0]), sigma)[1]  # −dv/dr, and 𝓔 = V_∥ ∇v
    exchange = 0.03 * _smooth_ball(r, np.array([3.5]), sigma)[0]
    e_rho = -inward * rho / r
    around = -e_rho * exchange  # ρ̂ × ẑ = −φ̂, and ∇×h̃ = μ0 j
    expected = np.stack([-around * off[:, 1] / rho, around * off[:, 0] / rho]) * -(KAPPA**2)
    found = np.stack(field(x, y, z))
    np.testing.assert_allclose(found[:2], expected, atol=1e-9)
    assert not found[2].any()
    # a twin that forgets sin θ is not the curl of anything along z
    assert np.abs(found[:2] - expected * r / rho).max() > 0.01


def test_the_equator_of_a_large_ball_is_a_disk_and_moments_are_volumes():
    box = balls([(10, 10, 10)], 5.0, edge_width=0.5, extent=(20, 20, 20), exchange=0.02)
    disk = disks([(10, 10)], 5.0, edge_width=0.5, extent=(20, 20), exchange=0.02)
    x = np.linspace(10, 19, 60)
    cut = layered_pseudo_field(box, 1.0, KAPPA).layer(10.0)
    np.testing.assert_allclose(cut.stream(x, 10.0), pseudo_field(disk, 1.0, KAPPA).stream(x, 10.0), atol=4e-4)
    # Σ over layers of the mean of h̃ is its volume integral, (4π/3)∫ r³ β(−v′) dr
    profiles, _ = ball_profiles(box)
    heights = np.linspace(-7, 7, 561)
    sections = profiles.section(np.zeros(561, dtype=np.int64), heights)
    sigma = box.smoothing

    def moment(r):
        sample = np.array([r])
        product = (
            _smooth_ball(sample, np.array([6.0]), sigma)[0] * _smooth_ball(sample, np.array([5.0]), sigma)[1]
        )
        return 4 * math.pi / 3 * r**3 * float(product[0])

    expected = quad(moment, 0, 9, points=[5.0], epsabs=1e-10)[0]
    assert np.trapezoid(sections, heights) == pytest.approx(expected, rel=1e-9)
    assert layered_pseudo_field(box, 1.0, KAPPA).layer(16.9).stream(10, 10) < 1e-12


def test_images_in_a_small_box():
    """A ball whose edge reaches round the box along z: the same as in a box of two of them."""
    arguments = {"edge_width": 1.6, "exchange_overhang": 1.0}
    one = balls([(6, 6, 1)], 2.0, extent=(12, 12, 5), **arguments)
    two = balls([(6, 6, 1), (6, 6, 6)], 2.0, extent=(12, 12, 10), **arguments)
    fields = [layered_pseudo_field(b, 0.05, KAPPA) for b in (one, two)]
    z = np.linspace(-3, 11, 29)
    found, expected = (
        field.stream(7.0, 6.5, z % height) for field, height in zip(fields, (5, 10), strict=True)
    )
    np.testing.assert_allclose(found, expected, atol=1e-14)
    np.testing.assert_allclose(fields[0].stream(7.0, 6.5, z), expected, atol=1e-14)
    alone = layered_pseudo_field(balls([(6, 6, 6)], 2.0, extent=(12, 12, 30), **arguments), 0.05, KAPPA)
    assert abs(alone.stream(7.0, 6.5, 8.5) - fields[1].stream(7.0, 6.5, 8.5)) > 1e-3  # tails do add up


@pytest.mark.parametrize("periodic", [True, (False, True, True), False])
def test_the_lattice_identity_is_exact_in_every_layer(periodic):
    arguments = {"extent": (12, 10, 9), "edge_width": 0.8, "exchange": (1, -1, 2), "exchange_overhang": 0.4}
    field = layered_pseudo_field(
        random_balls(1.6, count=3, rng=3, periodic=periodic, **arguments), 0.05, KAPPA
    )
    z = (np.arange(6) + 0.5) * 1.5
    errors = []
    for spacing in (0.5, 0.25):
        grid = Grid((round(12 / spacing), round(10 / spacing), 6), spacing, periodic, layer_spacing=1.5)
        links, stream = field.on_grid(grid)
        flat = Grid(grid.shape[:2], spacing, grid.periodic_axes[:2])
        for n in range(6):
            curl = curl_links(stream[:, :, n], flat)
            np.testing.assert_allclose(links[:2, :, :, n], -(KAPPA**2) * curl, atol=1e-14)
        assert not links[2].any()
        x, y = (np.broadcast_to(p[..., None], (*p.shape, 6)) for p in flat.plaquettes)
        errors.append(np.abs(stream - field.stream(x, y, np.broadcast_to(z, x.shape))).max())
    assert 3.5 < errors[0] / errors[1] < 5  # second order, and a little aliasing at 0.5
    wrong = field.stream(x, y, np.broadcast_to(z + 0.75, x.shape))  # layers half a spacing off
    assert np.abs(stream - wrong).max() > 20 * errors[0]


def test_columns_are_disks_in_every_layer():
    column = disks([(6, 5)], 2.5, edge_width=0.8, extent=(12, 10), exchange=0.1)
    field = pseudo_field(column, 1.0, KAPPA)
    links = field.on_links(Grid((24, 20, 4), 0.5))
    assert links.shape == (3, 24, 20, 4)
    for n in range(4):
        np.testing.assert_array_equal(links[:2, :, :, n], field.on_links(Grid((24, 20), 0.5)))
    assert not links[2].any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"centres": [(5, 5, 5), (7, 5, 5)]}, "They overlap"),
        ({"centres": [(5, 5, 1), (5, 5, 19)]}, "They overlap"),  # across the boundary
        ({"centres": [(5, 5)]}, r"\(N, 3\)"),
        ({"centres": [(5, 5, math.nan)]}, "finite"),
        ({"centres": [(5, 5, 1)], "periodic": (True, True, False)}, r"z in \[0, 20\]"),
        ({"radius": 0.0}, "positive"),
        ({"edge_width": math.nan}, "positive"),
        ({"extent": (20, 20)}, "three positive lengths"),
        ({"periodic": (True, True)}, "one per axis"),
        ({"exchange": (1, 2, 3)}, "one number"),
        ({"exchange_overhang": -1.0}, "zero or a positive"),
    ],
)
def test_bad_balls(change, words):
    arguments = {"centres": [(5, 5, 5)], "radius": 2.0, "edge_width": 0.5, "extent": (20, 20, 20), **change}
    with pytest.raises(InputError, match=words):
        balls(**arguments)


def test_bad_packings_and_grids():
    with pytest.raises(InputError, match=r"0\.384"):
        random_balls(1.0, extent=(8, 8, 8), edge_width=0.1, filling=0.7)
    with pytest.raises(InputError, match="exactly one"):
        random_balls(1.0, extent=(8, 8, 8), edge_width=0.1)
    field = layered_pseudo_field(balls([(5, 5, 5)], 2.0, edge_width=0.5, extent=(10, 10, 10)), 1.0, KAPPA)
    with pytest.raises(InputError, match="covers the box"):
        field.on_links(Grid((20, 20, 20), 0.5, layer_spacing=1.0))
    with pytest.raises(InputError, match="three-dimensional"):
        field.on_links(Grid((20, 20), 0.5))
    with pytest.raises(InputError, match="periodic as the box"):
        field.on_links(Grid((20, 20, 20), 0.5, periodic=False))
    with pytest.raises(InputError, match="non-finite"):
        field.stream(1.0, 1.0, math.nan)
    with pytest.raises(InputError, match="finite"):
        layered_pseudo_field(field.balls, math.nan, KAPPA)
