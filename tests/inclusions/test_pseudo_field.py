"""ã and h̃: the paper's ring, its signs, and the lattice identities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from pseudogauge.errors import InputError
from pseudogauge.inclusions import (
    Inclusions,
    PseudoField,
    disks,
    edge_field,
    pseudo_field,
    random_disks,
    ring_currents,
    spin_magnetisation,
    uniform_slab,
)
from pseudogauge.inclusions.transverse import curl_links, plaquette_flux, stream_of_flux
from pseudogauge.numerics.grid import Grid

KAPPA = 2.0


@pytest.fixture(scope="module")
def several() -> Inclusions:
    """Different radii and signs, one across the boundary."""
    return disks(
        [(0.4, 15.0), (12.0, 8.0), (22.0, 17.5)], (2.5, 3.0, 2.0), edge_width=0.8, extent=(30.0, 24.0),
        exchange=(1.0, -0.7, 0.4), potential=(0.5, 0.5, -1.0), screening_length=0.1,
    )  # fmt: skip


def slow_potential(inclusions: Inclusions, coupling: float, x: float, y: float) -> np.ndarray:
    """ã = −κ²c 𝓔×b_z ẑ [LOB Eqs. 2, 4, 11] image by image, b by integrating its Gaussian edge."""
    total = np.zeros(2)
    for centre, radius, exchange, drop in zip(
        inclusions.centres, inclusions.radius, inclusions.exchange, inclusions.potential, strict=True
    ):
        for shift in np.ndindex(3, 3):
            offset = np.array([x, y]) - centre - (np.array(shift) - 1) * inclusions.extent
            r = float(np.hypot(*offset))
            if r > radius + 8:
                continue
            outer = radius + inclusions.exchange_overhang
            edge = lambda t, outer=outer: float(  # noqa: E731
                edge_field(t, outer, inclusions.edge_width, inclusions.screening.__class__(0.0))
            )
            b = exchange * quad(edge, r, outer + 8, points=[outer] if r < outer else None, epsabs=1e-12)[0]
            field = (
                -drop * float(edge_field(r, radius, inclusions.edge_width, inclusions.screening)) * offset / r
            )
            total += -(KAPPA**2) * coupling * b * np.array([field[1], -field[0]])  # 𝓔 × ẑ = (𝓔_y, −𝓔_x)
    return total


def test_paper_ring_and_its_sign():
    """One ring, b and V_∥ positive, γ > 0: current along +φ̂, h̃ > 0 inside, ã along −φ̂ [LOB Eqs. 4, 6]."""
    one = disks([(10, 10)], 5.0, edge_width=0.5, extent=(20, 20), exchange=2.0, potential=3.0)
    field = pseudo_field(one, coupling=0.01, kappa=KAPPA)
    factor = ndtr(2 * math.sqrt(math.pi))  # straight edge, exchange overhang of 2 edge widths
    ring = ring_currents(one, gamma=0.7)
    assert ring.geometry_factor[0] == pytest.approx(factor, abs=2e-6)
    assert ring.current[0] == pytest.approx(0.7 * 2 * 3 * factor, rel=2e-6)
    assert ring.moment[0] == pytest.approx(math.pi * 25 * ring.current[0], rel=1e-4)  # Eq. 7
    assert float(field.stream(10, 10)) == pytest.approx(0.01 * 2 * 3 * factor, rel=2e-6)
    ax, ay = field([15, 10, 5, 10], [10, 15, 10, 5])
    peak = 0.01 * 2 * 3 * KAPPA**2 / 0.5  # Eq. 4 with |𝓔| = V/d
    np.testing.assert_allclose(ay[[0, 2]], [-peak, peak], rtol=4e-3)
    np.testing.assert_allclose(ax[[1, 3]], [peak, -peak], rtol=4e-3)
    assert field.peak == pytest.approx(peak, rel=4e-3)
    assert field.depairing_ratio == pytest.approx(field.peak * math.sqrt(3))
    # h̃ inside is the ring's ã dr, |∫ã dr| = κ² h̃
    along = quad(lambda r: float(field(10 + r, 10)[1]), 3, 8, points=[5], epsabs=1e-10)[0]
    assert along == pytest.approx(-(KAPPA**2) * float(field.stream(10, 10)), rel=1e-8)


@pytest.mark.parametrize("overhang", [0.0, 0.5, 1.0, 1.5])
def test_overhang_decides_the_geometry_factor(overhang):
    """Straight edge: ∫ N(x) Φ((overhang − x)/σ) dx = Φ(√π overhang/d); ½ for coinciding edges."""
    one = disks([(50, 50)], 40.0, edge_width=0.5, extent=(100, 100), exchange_overhang=overhang)
    factor = ring_currents(one, 1.0).geometry_factor[0]
    assert factor == pytest.approx(ndtr(math.sqrt(math.pi) * overhang / 0.5), abs=0.5 * 0.2 / 40)


def test_superposition_against_the_direct_sum(several):
    field = pseudo_field(several, coupling=0.3, kappa=KAPPA)
    points = [
        (2.9, 15.2),
        (28.1, 14.0),
        (13.5, 10.4),
        (12.1, 8.05),
        (23.5, 16.0),
        (17.0, 3.0),
        (29.99, 23.99),
    ]
    for x, y in points:
        expected = slow_potential(several, 0.3, x, y)
        found = np.array(field(x, y))
        np.testing.assert_allclose(found, expected, atol=2e-10 * field.peak)
        np.testing.assert_allclose(np.array(field(x - 30.0, y + 48.0)), found, atol=1e-12 * field.peak)


def test_maps_give_the_same_ring(several):
    """Maps of 𝓔 and b multiply to ã where only one inclusion is felt."""
    field = pseudo_field(several, coupling=0.3, kappa=KAPPA)
    x = 12 + 3.1 * np.cos(np.arange(7))
    y = 8 + 3.1 * np.sin(np.arange(7))
    ex, ey = several.electric_field(x, y)
    b = several.exchange_field(x, y)
    ax, ay = field(x, y)
    scale = -(KAPPA**2) * 0.3 * b
    tolerance = 3e-3 * field.peak  # the r⁻⁴ fields of the other inclusions
    np.testing.assert_allclose(ax, scale * ey, atol=tolerance)
    np.testing.assert_allclose(ay, -scale * ex, atol=tolerance)
    np.testing.assert_array_equal(spin_magnetisation(several, -2.0, x, y), -2.0 * b)
    step = 1e-4
    slope = several.electric_potential(x + step, y) - several.electric_potential(x - step, y)
    np.testing.assert_allclose(-slope / (2 * step), ex, atol=1e-5)
    assert several.electric_potential(12, 8) == pytest.approx(-0.5, rel=0.06)


def test_potential_is_the_curl_of_the_stream_function(several):
    field = pseudo_field(several, coupling=0.3, kappa=KAPPA)
    x, y = np.random.default_rng(0).random((2, 200)) * [[30.0], [24.0]]
    step = 1e-3
    weights = np.array([1, -8, 8, -1]) / (12 * step)
    shift = np.array([-2, -1, 1, 2])[:, None] * step
    ax, ay = field(x, y)
    np.testing.assert_allclose(ax, -(KAPPA**2) * weights @ field.stream(x, y + shift), atol=1e-7)
    np.testing.assert_allclose(ay, KAPPA**2 * weights @ field.stream(x + shift, y), atol=1e-7)


def open_sample() -> Inclusions:
    return random_disks(2.0, extent=(30, 24), edge_width=0.8, count=5, periodic=False, size_spread=0.1, rng=2)


FIELDS = {
    "torus": lambda: pseudo_field(
        random_disks(2.0, extent=(30, 24), edge_width=0.8, count=6, rng=1, screening_length=0.1), 0.3, KAPPA
    ),
    "open": lambda: pseudo_field(open_sample(), 0.3, KAPPA),
    "strip": lambda: pseudo_field(
        random_disks(2.0, extent=(30, 24), edge_width=0.8, count=5, periodic=(True, False), rng=3), 0.3, KAPPA
    ),
    "slab": lambda: uniform_slab((30, 24), 0.8, 0.3, KAPPA),
    "slab, one open axis": lambda: uniform_slab((30, 24), 0.8, 0.3, KAPPA, periodic=(False, True)),
}


@pytest.fixture(scope="module", params=FIELDS)
def field(request) -> PseudoField:
    return FIELDS[request.param]()


def grid_for(field: PseudoField, cells: float) -> Grid:
    shape = tuple(round(length * cells) for length in field.extent)
    return Grid(shape=shape, spacing=1 / cells, periodic=field.periodic)


def test_lattice_identity_is_exact_and_fluxes_are_stokes(field):
    grid = grid_for(field, 2)
    links, stream = field.on_grid(grid)
    exact = field.line_integrals(grid)
    assert stream.shape == grid.plaquette_shape
    np.testing.assert_allclose(KAPPA**2 * curl_links(stream, grid), -links, atol=1e-15)
    np.testing.assert_allclose(
        plaquette_flux(links, grid), plaquette_flux(exact, grid), atol=2e-13 * field.peak
    )
    np.testing.assert_array_equal(links, field.on_links(grid))
    np.testing.assert_array_equal(stream, field.on_plaquettes(grid))
    for axis, periodic in enumerate(grid.periodic_axes):
        if not periodic:
            assert not np.moveaxis(links[axis], axis, 0)[-1].any()
            assert not np.moveaxis(exact[axis], axis, 0)[-1].any()
    # a gauge-invariant check that sampling ã at midpoints would fail
    if field.periodic != (False, True):  # that slab has straight edges along the links
        sampled = np.stack([field(*grid.link_midpoints(axis))[axis] for axis in range(2)]) * grid.spacing
        error = np.abs(plaquette_flux(sampled, grid) - plaquette_flux(links, grid)).max()
        assert error > 1e-3 * field.peak


def test_transverse_links_differ_from_the_exact_ones_by_a_gradient(field):
    """curl of the difference vanishes; on a torus its mean is aliasing only; and it has no divergence."""
    grid = grid_for(field, 4)
    links, _ = field.on_grid(grid)
    divergence = sum(np.roll(links[axis], 1, axis=axis) - links[axis] for axis in range(2))
    assert np.abs(divergence).max() < 1e-13 * field.peak
    difference = field.line_integrals(grid) - links
    holonomy = [
        np.abs(difference[axis].sum(axis=axis)).max() for axis in range(2) if grid.periodic_axes[axis]
    ]
    assert max(holonomy, default=0.0) < 1e-6 * field.peak


def test_plaquette_stream_converges_to_the_continuum_at_second_order(field):
    errors = []
    for cells in (2, 4, 8):
        grid = grid_for(field, cells)
        errors.append(np.abs(field.on_plaquettes(grid) - field.stream(*grid.plaquettes)).max())
    assert errors[-1] < 0.01 * 0.3
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2, abs=0.35)


def test_line_integrals_against_adaptive_quadrature(field):
    for cells in (1, 3):
        grid = grid_for(field, cells)
        links = field.line_integrals(grid)
        order = np.argsort(np.abs(links).ravel())
        for flat in order[[-1, -7, -40, len(order) // 2]]:
            axis, i, j = np.unravel_index(flat, links.shape)
            start = np.array([i + 0.5, j + 0.5]) * grid.spacing

            def along(t, start=start, axis=axis):
                return float(field(*(start + t * np.eye(2)[axis]))[axis])

            expected = quad(along, 0, grid.spacing, epsabs=1e-13, epsrel=1e-12, limit=200)[0]
            assert links[axis, i, j] == pytest.approx(expected, abs=1e-10 * np.abs(links).max())


def test_moving_by_a_lattice_vector_moves_the_links():
    grid = Grid(shape=(30, 24), spacing=0.8)
    kind = {"edge_width": 0.8, "extent": grid.extent}
    here = pseudo_field(disks([(8.0, 9.0)], 3.0, **kind), 0.3, KAPPA).on_links(grid)
    there = pseudo_field(disks([(8.0 + 16.0, 9.0 - 8.0)], 3.0, **kind), 0.3, KAPPA).on_links(grid)
    np.testing.assert_allclose(np.roll(here, (20, -10), axis=(1, 2)), there, atol=1e-11)


def test_mean_stream_is_the_total_moment():
    inclusions = random_disks(2.0, extent=(30, 24), edge_width=0.8, count=6, rng=1, size_spread=0.1)
    field = pseudo_field(inclusions, 0.3, KAPPA)
    grid = Grid(shape=(120, 96), spacing=0.25)
    moment = ring_currents(inclusions, 0.3).moment.sum()  # γ → coupling: ∫h̃ d²r
    assert field.stream(*grid.sites).mean() * 30 * 24 == pytest.approx(moment, rel=1e-12)
    assert field.on_plaquettes(grid).mean() * 30 * 24 == pytest.approx(moment, rel=1e-12)


def test_uniform_slab_has_no_field_in_the_bulk():
    field = uniform_slab((30.0, 20.0), 0.5, strength=0.2, kappa=KAPPA)
    bulk = []
    for spacing in (0.5, 0.25, 0.125):
        grid = Grid(shape=(round(30 / spacing), round(20 / spacing)), spacing=spacing, periodic=False)
        inner = slice(round(4 / spacing), -round(4 / spacing))
        assert np.abs(field.line_integrals(grid)[:, inner, inner]).max() < 1e-30
        links, stream = field.on_grid(grid)
        assert np.abs(plaquette_flux(links, grid)[inner, inner]).max() < 1e-13
        bulk.append(np.abs(stream[inner, inner] / 0.2 - 1).max())
    # middle of a straight edge: 2e^{−π(d/spacing)²}; corners: second order
    assert bulk[0] == pytest.approx(2 * math.exp(-math.pi), rel=0.01)
    assert bulk[1] < 3e-4
    assert math.log2(bulk[1] / bulk[2]) == pytest.approx(2, abs=0.2)
    assert np.abs(field(1.5, 10.0)[1]) == pytest.approx(field.peak, rel=1e-9)
    assert field.peak == pytest.approx(KAPPA**2 * 0.2 / 0.5)


def test_no_inclusions_no_field():
    field = pseudo_field(disks([], 1.0, edge_width=0.5, extent=(8, 8)), 1.0, KAPPA)
    links, stream = field.on_grid(Grid(shape=(8, 8), spacing=1.0))
    assert not links.any()
    assert not stream.any()
    assert field.peak == 0


def test_poisson_inverts_the_curl():
    rng = np.random.default_rng(0)
    for periodic in (True, False, (True, False), (False, True)):
        grid = Grid(shape=(7, 10), spacing=0.5, periodic=periodic)
        stream = rng.standard_normal(grid.plaquette_shape)
        found = stream_of_flux(plaquette_flux(curl_links(stream, grid), grid), grid, stream.mean())
        np.testing.assert_allclose(found, stream, atol=1e-13)


def test_bad_input(several):
    for coupling, kappa in ((math.nan, 2.0), (1.0, 0.0), (1.0, math.nan)):
        with pytest.raises(InputError):
            pseudo_field(several, coupling, kappa)
    field = pseudo_field(several, 1.0, KAPPA)
    with pytest.raises(InputError, match="covers the sample"):
        field.on_links(Grid(shape=(30, 30), spacing=1.0))
    with pytest.raises(InputError, match="periodic as the sample"):
        field.on_links(Grid(shape=(30, 24), spacing=1.0, periodic=False))
    with pytest.raises(InputError, match="two-dimensional"):
        field.on_grid(Grid(shape=(30, 24, 4), spacing=1.0))
    for bad in (
        {"margin": 0.5},
        {"margin": 9.5},
        {"periodic": True},
        {"strength": math.nan},
        {"edge_width": -1.0},
    ):
        with pytest.raises(InputError):
            uniform_slab(**{"extent": (30, 20), "edge_width": 0.5, "strength": 0.2, "kappa": 2.0, **bad})
    with pytest.raises(InputError):
        ring_currents(several, math.inf)
    with pytest.raises(InputError):
        spin_magnetisation(several, math.nan, 0.0, 0.0)
