"""Elastic vortex lines: exact paths against enumeration, potentials and tensions against London's integrals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.ndimage import map_coordinates

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau._envelope import FORBIDDEN, sweep
from pseudogauge.ginzburg_landau.elastic_line import (
    _cheapest,
    _on_sites,
    line_energy,
    line_potential,
    line_tension,
    line_threshold,
    relaxed_line,
)
from pseudogauge.inclusions import layered_pseudo_field, random_balls
from pseudogauge.numerics.grid import Grid

# --- least energy on the sites ----------------------------------------------------------------------------


def spread_by_force(cost, stiffness, wraps):
    """min over all sites of cost + stiffness × distance², the slow way."""
    found = np.full(cost.shape, np.inf)
    for i, j, p, q in itertools.product(*map(range, cost.shape * 2)):
        across = [abs(i - p), abs(j - q)]
        for axis, n in enumerate(cost.shape):
            if wraps[axis]:
                across[axis] = min(across[axis], n - across[axis])
        found[i, j] = min(found[i, j], cost[p, q] + stiffness * (across[0] ** 2 + across[1] ** 2))
    return found


@pytest.mark.parametrize("wraps", [(True, True), (False, True), (False, False)])
@pytest.mark.parametrize("stiffness", [0.003, 0.2, 5.0])
def test_a_layer_is_passed_as_by_enumeration(wraps, stiffness):
    rng = np.random.default_rng(0)
    layers = np.stack([np.zeros((7, 10)), rng.normal(size=(7, 10))])
    cost = rng.normal(size=(7, 10))
    cost[rng.random((7, 10)) < 0.3] = FORBIDDEN
    expected = spread_by_force(cost, stiffness, wraps) + 0.7 * layers[1]
    found, _, _ = sweep(layers, stiffness, 0.7, wraps, False, cost)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    if wraps == (True, True):  # a twin that forgets the boundary is noticed
        assert np.abs(spread_by_force(cost, 0.003, (False, False)) + 0.7 * layers[1] - found).max() > 0.1


def energy_of(grid, layers, tension, path):
    """Energy of a path (Nz + 1, 2) in site numbers, by its definition."""
    step = grid.spacings[2]
    bend = np.diff(path, axis=0) * grid.spacing
    sites = np.mod(path[: len(layers)], grid.shape[:2]).astype(int)
    pinning = sum(layers[n, i, j] for n, (i, j) in enumerate(sites))
    return 0.5 * tension / step * float(np.sum(bend**2)) + step * pinning


def test_closed_paths_against_enumeration():
    grid, tension = Grid((3, 2, 3), 0.5, layer_spacing=0.8), 0.6
    layers = np.random.default_rng(2).normal(size=(3, 3, 2))
    sites = list(itertools.product(range(3), range(2)))
    reach = [-1, 0, 1]

    def cheapest(first):
        best = math.inf
        for path in itertools.product(sites, repeat=2):
            for turn in itertools.product(reach, reach):
                chain = [np.array(first)]
                for place in path:  # nearest image of the next site, as any cheaper path would take
                    step = np.array(place) - chain[-1]
                    chain.append(
                        chain[-1] + step - 3 * np.round(step / 3) * (1, 0) - 2 * np.round(step / 2) * (0, 1)
                    )
                closing = np.array(first) + np.array(turn) * (3, 2)
                best = min(best, energy_of(grid, layers, tension, np.array([*chain, closing])))
        return best

    for first in sites:
        energy, path = _cheapest(grid, layers, tension, first)
        assert energy == pytest.approx(cheapest(first), abs=1e-12)
        assert energy_of(grid, layers, tension, path) == pytest.approx(energy, abs=1e-12)
    lower, _, found = _on_sites(grid, layers, tension)
    exact = min(cheapest(first) for first in sites)
    assert lower <= exact + 1e-12 <= found + 2e-12


def test_lower_bound_and_closed_energy_nearly_meet():
    """In a random landscape a few steps find a closed line within a few per cent of the bound."""
    grid = Grid((24, 24, 40), 0.5)
    potential = np.random.default_rng(3).normal(size=grid.shape)
    line = relaxed_line(grid, potential, 0.5)
    assert line.lower_bound <= line.on_sites
    assert line.on_sites - line.lower_bound < 0.05 * abs(line.lower_bound)


# --- relaxed lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tension", [0.2, 3.0])
def test_a_string_in_a_waving_valley(tension):
    """Linear response: the string follows a sin(kz) with amplitude a/(1 + ε_l k²/K)."""
    grid, depth, wave, small = Grid((48, 8, 32), 0.25), 2.0, 2 * math.pi / 8, 0.05
    x, _, z = grid.sites
    line = relaxed_line(grid, -depth * np.cos(2 * math.pi / 12 * (x - 5 - small * np.sin(wave * z))), tension)
    spring = depth * (2 * math.pi / 12) ** 2
    # on layers s apart, k² is (2 sin(ks/2)/s)²
    k = 2 * math.sin(wave * 0.125) / 0.25
    amplitude = 2 * np.mean((line.x - 5) * np.sin(wave * line.z))
    assert amplitude == pytest.approx(small / (1 + tension * k**2 / spring), rel=5e-3)
    assert line.bending == pytest.approx(0.25 * tension * k**2 * amplitude**2 * 8, rel=2e-2)
    assert line.wander == pytest.approx(amplitude / math.sqrt(2), rel=1e-2)


def test_lines_relax_below_the_sites_and_may_wind_round_the_box():
    grid = Grid((16, 16, 16), 0.5)
    x, _, z = grid.sites
    tilted = np.cos(2 * math.pi * (x - z) / 8)  # valleys that climb one box width along z
    line = relaxed_line(grid, tilted, 0.1)
    assert line.energy < line.on_sites
    drift = np.diff(line.x)
    np.testing.assert_allclose(drift, 0.5, atol=1e-3)
    assert line.energy == pytest.approx(-8 + 0.5 * 0.1 * 8, abs=1e-3)


def test_nothing_bends_a_line_in_an_even_potential():
    line = relaxed_line(Grid((8, 8, 8), 0.5), np.full((8, 8, 8), 0.3), 1.0, winding=-1)
    assert (line.bending, line.wander) == (0.0, 0.0)
    assert line.energy == pytest.approx(-0.3 * 4)


def test_thresholds_do_not_depend_on_the_unit_of_length():
    """½ε_l (dx/dz)² is invariant when all lengths are doubled."""
    rng = np.random.default_rng(5)
    coarse = rng.normal(size=(12, 12, 12))
    potential = coarse - coarse.mean()
    found = [
        line_threshold(Grid((12, 12, 12), spacing), potential, 1.3, 0.4, winding=-1) for spacing in (0.5, 1.0)
    ]
    assert found[0].strength == pytest.approx(found[1].strength, rel=1e-6)
    first = found[0]
    assert 1.3 * 6.0 + first.line.energy == pytest.approx(0, abs=1e-4)  # neither gain nor cost
    assert 0.9 * first.strength < first.lowest <= first.strength
    # a stiffer line gains later
    stiff = line_threshold(Grid((12, 12, 12), 0.5), potential, 1.3, 4.0, winding=-1)
    assert stiff.strength > 1.05 * first.strength


# --- the physics that goes in -----------------------------------------------------------------------------


def london_interaction(line, kappa, anisotropy, box, centre, width, transverse_only=False):
    """2κ²∫S·(1 + κ²∇×M⁻¹∇×)⁻¹·κ²∇×∇×(h̃ẑ) of a line with a Gaussian h̃, mode by mode, with 3×3 inverses."""
    steps = np.roll(line, -1, axis=0) - line
    steps -= np.round(steps / box) * box
    middle = line + 0.5 * steps
    n = np.arange(-8, 9)
    q = 2 * math.pi / box * np.stack(np.meshgrid(n, n, n, indexing="ij"), axis=-1).reshape(-1, 3)
    h = (
        (2 * math.pi * width**2) ** 1.5
        * np.exp(-0.5 * width**2 * np.sum(q**2, axis=1) - 1j * q @ centre)
        / box**3
    )
    current = 2 * math.pi * np.exp(1j * q @ middle.T) @ steps  # ∫dl exp(iqr)
    cross = np.zeros((len(q), 3, 3), dtype=complex)
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -q[:, 2], q[:, 1], -q[:, 0]
    cross = 1j * (cross - cross.transpose(0, 2, 1))
    inverse_mass = np.diag([1, 1, anisotropy**2])
    source = kappa**2 * (cross @ cross)[:, :, 2] * h[:, None]
    response = np.linalg.solve(np.eye(3) + kappa**2 * cross @ inverse_mass @ cross, source[:, :, None])[
        :, :, 0
    ]
    if transverse_only:
        current[:, :2] = 0
    return 2 * kappa**2 * float(np.sum(current * response).real)


@pytest.mark.parametrize(("kappa", "anisotropy"), [(1.5, 1.0), (1.5, 4.0), (20.0, 3.0)])
def test_the_potential_is_the_london_energy_of_any_closed_line(kappa, anisotropy):
    """The in-plane parts of a bent line feel field too; together they amount to ∫u dz, whatever Γ."""
    box, centre, width = 8.0, np.array([4.2, 3.7, 4.0]), 1.0

    def bent(count):
        z = (np.arange(count) + 0.5) * box / count
        x, y = 4 + 1.5 * np.sin(2 * math.pi * z / box), 3 + np.cos(4 * math.pi * z / box)
        return np.stack([x, y, z], axis=1)

    class Gaussian:
        def __init__(self):
            self.kappa = kappa

        def stream(self, *places):
            value = 1.0
            for place, middle in zip(places, centre, strict=True):
                away = place[..., None] - middle + box * np.array([-1, 0, 1])
                value = value * np.exp(-0.5 * (away / width) ** 2).sum(axis=-1)
            return value

    # the line meets the layers at its points; the potential there from the spline in x and y
    grid = Grid((40, 40, 96), box / 40, layer_spacing=box / 96)
    u = line_potential(Gaussian(), grid)
    x, y, _ = bent(96).T
    sites = np.stack([x / grid.spacing - 0.5, y / grid.spacing - 0.5, np.arange(96)])
    model = box / 96 * map_coordinates(u, sites, order=3, mode="grid-wrap").sum()
    exact = london_interaction(bent(384), kappa, anisotropy, box, centre, width)
    assert model == pytest.approx(exact, rel=5e-4)
    assert abs(
        london_interaction(bent(384), kappa, anisotropy, box, centre, width, True) - exact
    ) > 0.01 * abs(exact)


def test_the_tension_against_the_london_integral():
    """π∫∫dl·dl′ e^{−r/κ}/r to second order in the bending; the short-distance cut gives ε1 = 2π(ln κ + 0.497)."""
    kappa, cut = 200.0, math.exp(-0.497 - np.euler_gamma)

    def exact(k):
        def kernel(s):
            f = math.exp(-s / kappa) / s
            slope = -f * (1 / kappa + 1 / s)
            return k * k * math.cos(k * s) * f + (1 - math.cos(k * s)) * slope / s

        ends = [cut, *np.geomspace(1, min(40 * kappa, 400 / k), 60)]
        total = sum(quad(kernel, a, b, limit=400)[0] for a, b in itertools.pairwise(ends))
        return 2 * math.pi / k**2 * (2 * total + k * k * math.exp(-cut / kappa))

    for wavelength in (40.0, 200.0, 1000.0, 1e4, 1e5):
        formula = line_tension(kappa, 1.0, wavelength)
        assert formula == pytest.approx(exact(2 * math.pi / wavelength), abs=2 * math.pi * 0.003)
    assert line_tension(kappa) == pytest.approx(line_energy(kappa), abs=2 * math.pi * 0.004)
    for anisotropy in (3.0, 30.0):  # λ → ∞: z in units of Γ makes the crystal isotropic
        scaled = line_tension(1e9, 1.0, 50.0 * anisotropy) / anisotropy**2
        assert line_tension(1e9, anisotropy, 50.0) == pytest.approx(scaled, rel=1e-9)
    assert line_tension(50.0, 1e6) == pytest.approx(math.pi, rel=1e-6)  # stacks of pancakes (Clem 1991)


def test_rigid_lines_gain_nothing_and_antivortices_thread_first():
    """Random balls: rigid lines see the average, that is zero; flexible antivortices thread below 1/x."""
    box, kappa = 8.0, 100.0
    found = random_balls(1.0, extent=(box,) * 3, edge_width=0.4, filling=0.15, min_gap=0.0, rng=2)
    grid = Grid((32, 32, 32), box / 32)
    unit = layered_pseudo_field(found, 1 / (4 * math.pi * kappa**2), kappa)
    u = line_potential(unit, grid)
    assert abs(u.mean(axis=2).mean()) < 1e-12
    between, inside = (line_threshold(grid, u, 1.0, 0.3, winding) for winding in (1, -1))
    assert between.strength >= 1 / found.filling * 0.99
    assert between.line.bending < 0.05
    assert 1 / (1 - found.filling) < inside.strength < 0.5 * between.strength


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tension": 0.0}, "tension"),
        ({"tension": math.nan}, "tension"),
        ({"winding": 2}, "winding"),
        ({"potential": np.zeros((8, 8))}, "of shape"),
        ({"potential": np.full((8, 8, 8), np.nan)}, "finite"),
        ({"grid": Grid((8, 8, 8), 0.5, periodic=False)}, "periodic"),
    ],
)
def test_bad_lines(change, words):
    arguments = {"grid": Grid((8, 8, 8), 0.5), "potential": np.zeros((8, 8, 8)), "tension": 1.0, **change}
    with pytest.raises(InputError, match=words):
        relaxed_line(**arguments)


def test_bad_numbers():
    grid = Grid((8, 8, 8), 0.5)
    with pytest.raises(InputError, match="no line of winding"):
        line_threshold(grid, np.zeros(grid.shape), 1.0, 1.0)
    with pytest.raises(InputError, match="no line of winding"):
        line_threshold(grid, 2 + np.cos(grid.sites[0]), 1.0, 1.0)
    with pytest.raises(InputError, match="own_energy"):
        line_threshold(grid, np.cos(grid.sites[0]), math.nan, 1.0)
    with pytest.raises(InputError, match="wavelength"):
        line_tension(10.0, 1.0, 3.0)
    with pytest.raises(InputError, match="anisotropy"):
        line_tension(10.0, 0.5)
    with pytest.raises(InputError, match="kappa"):
        line_energy(math.inf)
    with pytest.raises(InputError, match="Surfaces act"):
        line_potential(None, Grid((8, 8, 8), 0.5, periodic=False))
