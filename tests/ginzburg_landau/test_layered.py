"""Layers: an obvious twin of the energy, two dimensions as a limit, symmetries, flux sectors, minima."""

from __future__ import annotations

import doctest
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, fluxoid, minimise
from pseudogauge.ginzburg_landau.energy import energy_and_gradient, single
from pseudogauge.numerics.curl import circulation, curl_of_plaquettes

BOUNDARIES = [
    (True, True, True),
    (False, False, False),
    (True, True, False),
    (False, True, True),
    (True, False, True),
]


def closed_faces(periodic):
    return np.array([periodic[1] and periodic[2], periodic[2] and periodic[0], periodic[0] and periodic[1]])


def make_problem(periodic, shape=(4, 3, 5), dx=0.4, seed=1, shaped=False, **other):
    rng = np.random.default_rng(seed)
    grid = Grid(shape, dx, periodic)
    links = rng.normal(size=(3, *shape)) * 0.3
    for axis, wraps in enumerate(periodic):
        if not wraps:
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    settings = {
        "kappa": 1.7,
        "pseudo_potential": links,
        "applied_field": (0.1, -0.2, 0.3),
        "flux_quanta": tuple(int(n) for n in np.array([1, -2, 1]) * closed_faces(periodic)),
        "magnetisation": rng.normal(size=(3, *shape)),
        "epsilon": rng.uniform(-1, 1, shape) if shaped else 1.0,
        "sample": rng.random(shape) < 0.8 if shaped else None,
        "anisotropy": 2.5,
        "layer_spacing": 0.7,
    }
    return GinzburgLandau(grid, **(settings | other))


def make_fields(problem, seed=2):
    fields = np.random.default_rng(seed).normal(size=(5, *problem.grid.shape))
    for axis, wraps in enumerate(problem.grid.periodic_axes):
        if not wraps:
            np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0
    return fields


def slow_energy(problem, fields, anisotropy=None):
    """Site by site, link by link, plaquette by plaquette, from the definition (complex-step safe)."""
    shape, periodic, (dx, _, s) = problem.grid.shape, problem.grid.periodic, problem.grid.spacings
    spacing, cell = (dx, dx, s), dx * dx * s
    mass = (1, 1, 1 / (anisotropy or problem.anisotropy) ** 2)
    phase = problem.pseudo_links + problem.background_links
    total = 0.0
    for site in itertools.product(*map(range, shape)):
        n = fields[0][site] ** 2 + fields[1][site] ** 2
        epsilon = problem.epsilon if isinstance(problem.epsilon, float) else problem.epsilon[site]
        total += (-epsilon * n + n * n / 2) * cell
        ahead = []
        for axis in range(3):
            there = list(site)
            there[axis] = (there[axis] + 1) % shape[axis]
            ahead.append(tuple(there))
        exists = [periodic[axis] or site[axis] < shape[axis] - 1 for axis in range(3)]
        for axis in range(3):
            both = problem.sample is None or (problem.sample[site] and problem.sample[ahead[axis]])
            if exists[axis] and both:
                angle = fields[2 + axis][site] + phase[axis][site]
                c, sn = np.cos(angle), np.sin(angle)
                re, im = fields[0][ahead[axis]], fields[1][ahead[axis]]
                square = (c * re - sn * im - fields[0][site]) ** 2 + (sn * re + c * im - fields[1][site]) ** 2
                total += mass[axis] * cell / spacing[axis] ** 2 * square
        for normal in range(3):
            a, b = (normal + 1) % 3, (normal + 2) % 3
            if exists[a] and exists[b]:
                area = spacing[a] * spacing[b]
                around = (
                    fields[2 + a][site]
                    + fields[2 + b][ahead[a]]
                    - fields[2 + a][ahead[b]]
                    - fields[2 + b][site]
                )
                around += 2 * math.pi * problem.flux_quanta[normal] / (shape[a] * shape[b])
                m = problem.magnetisation[(normal, *site)] if problem.magnetisation is not None else 0
                total += problem.kappa**2 * cell * (around / area - problem.applied_field[normal] - m) ** 2
    return total


@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_energy_and_gradient_match_the_obvious_twin(periodic, shaped):
    problem = make_problem(periodic, shaped=shaped)
    fields = make_fields(problem)
    gradient = np.empty_like(fields)
    terms = energy_and_gradient(fields, problem.coefficients, gradient)
    assert sum(terms) == pytest.approx(slow_energy(problem, fields), rel=1e-13)
    assert sum(terms) != pytest.approx(slow_energy(problem, fields, anisotropy=2.4), rel=1e-6)
    chosen = np.random.default_rng(0).permutation(list(np.ndindex(*fields.shape)))[:60]
    for index in map(tuple, chosen):
        shifted = fields.astype(complex)
        shifted[index] += 1e-30j
        axis = index[0] - 2
        missing = axis >= 0 and not periodic[axis] and index[1 + axis] == problem.grid.shape[axis] - 1
        expected = 0.0 if missing else slow_energy(problem, shifted).imag / 1e-30
        assert gradient[index] == pytest.approx(expected, abs=1e-12 * np.abs(gradient).max())


def test_planes_of_several_strips():
    """Planes that do not fit the cache are treated in strips of rows: shifted fields put the seams elsewhere."""
    problem = GinzburgLandau(Grid((3, 19, 520), 0.5), kappa=2.0)
    fields = np.random.default_rng(0).normal(size=(5, 3, 19, 520))
    here, shifted = np.empty_like(fields), np.empty_like(fields)
    terms = energy_and_gradient(fields, problem.coefficients, here)
    moved = energy_and_gradient(np.roll(fields, 5, axis=2), problem.coefficients, shifted)
    assert moved == pytest.approx(terms, rel=1e-13)
    assert np.abs(np.roll(here, 5, axis=2) - shifted).max() < 1e-13 * np.abs(here).max()
    assert np.abs(here - shifted).max() > 0.1


def test_single_precision():
    problem = make_problem((True, False, False), shape=(5, 3, 35), shaped=True)
    fields = make_fields(problem)
    exact, rough = np.empty_like(fields), np.empty(fields.shape, np.float32)
    terms = energy_and_gradient(fields, problem.coefficients, exact)
    short = energy_and_gradient(fields.astype(np.float32), single(problem.coefficients), rough)
    assert short == pytest.approx(terms, rel=5e-7)
    assert short != terms
    assert np.abs(rough - exact).max() < 5e-7 * np.abs(exact).max()


def test_long_columns_and_threads():
    """The kernel treats a column in vectors, with sites left over; neither seams nor threads must show."""
    problem = make_problem((True, True, True), shape=(3, 2, 197))
    fields = make_fields(problem)
    one, many = np.empty_like(fields), np.empty_like(fields)
    terms = energy_and_gradient(fields, problem.coefficients, one)
    assert sum(terms) == pytest.approx(slow_energy(problem, fields), rel=1e-13)
    assert energy_and_gradient(fields, problem.coefficients, many, 2) == terms
    assert np.array_equal(one, many)
    for index in [(0, 1, 0, 95), (1, 2, 1, 96), (4, 2, 1, 191), (4, 0, 0, 196), (2, 1, 1, 192)]:
        shifted = fields.astype(complex)
        shifted[index] += 1e-30j
        assert one[index] == pytest.approx(slow_energy(problem, shifted).imag / 1e-30, rel=1e-11)


@pytest.mark.parametrize("periodic", [(True, True, True), (False, False, False), (True, False, False)])
def test_equal_layers_are_two_dimensions(periodic):
    """Fields uniform along z, without A_z: n s times the energy and s times the gradient of two dimensions."""
    rng = np.random.default_rng(3)
    flat_grid, n, s = Grid((7, 6), 0.4, periodic[:2]), 4, 0.7
    links = rng.normal(size=(2, 7, 6))
    for axis in range(2):
        if not periodic[axis]:
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    sector = 2 if all(periodic[:2]) else 0
    flat = GinzburgLandau(flat_grid, 1.7, links, applied_field=0.3, flux_quanta=sector)
    stacked = np.repeat(np.concatenate([links, np.zeros((1, 7, 6))])[..., None], n, axis=3)
    layered = GinzburgLandau(
        Grid((7, 6, n), 0.4, periodic), 1.7, stacked, 0.3, flux_quanta=sector, anisotropy=3.0, layer_spacing=s
    )
    fields = rng.normal(size=(4, 7, 6))
    for axis in range(2):
        if not periodic[axis]:
            np.moveaxis(fields[2 + axis], axis, 0)[-1] = 0
    tall = np.repeat(np.concatenate([fields, np.zeros((1, 7, 6))])[..., None], n, axis=3)
    gradient, tall_gradient = np.empty_like(fields), np.empty_like(tall)
    terms = np.array(energy_and_gradient(fields, flat.coefficients, gradient))
    tall_terms = np.array(energy_and_gradient(tall, layered.coefficients, tall_gradient))
    assert np.abs(tall_terms - n * s * terms).max() < 1e-12 * np.abs(tall_terms).max()
    scale = np.abs(gradient).max()
    assert np.abs(tall_gradient[:4] - s * gradient[..., None]).max() < 1e-12 * scale
    assert np.abs(tall_gradient[4]).max() < 1e-12 * scale
    tall[4, 1, 1, 1] = 0.1
    assert energy_and_gradient(tall, layered.coefficients, tall_gradient)[1] > tall_terms[1] + 1e-5


def test_an_isotropic_cube_looks_the_same_from_every_side():
    problem = make_problem(
        (True, True, True), (4, 4, 4), anisotropy=1.0, layer_spacing=0.4, magnetisation=None
    )
    fields = make_fields(problem)
    turned = GinzburgLandau(
        problem.grid,
        problem.kappa,
        np.stack([np.moveaxis(problem.pseudo_links[(a + 1) % 3] , 0, 2) for a in range(3)]),
        applied_field=np.roll(problem.applied_field, -1),
        flux_quanta=np.roll(problem.flux_quanta, -1),
    )  # fmt: skip
    rolled = [fields[0], fields[1], *(fields[2 + (a + 1) % 3] for a in range(3))]
    state = State.from_fields(problem, fields)
    other = State.from_fields(turned, np.stack([np.moveaxis(f, 0, 2) for f in rolled]).copy())
    # the background of a sector sits elsewhere: compare without flux, and with it what does not know of it
    assert other.energies["condensation"] == pytest.approx(state.energies["condensation"], rel=1e-13)
    assert other.energies["magnetic"] == pytest.approx(state.energies["magnetic"], rel=1e-13)
    plain = State.from_fields(problem.in_sector((0, 0, 0)), fields)
    plain_turned = State.from_fields(
        turned.in_sector((0, 0, 0)), np.stack([np.moveaxis(f, 0, 2) for f in rolled]).copy()
    )
    assert plain_turned.energy == pytest.approx(plain.energy, rel=1e-13)


def smooth_state(problem, seed=5):
    """Random but not wild: phase differences stay well below π except at the vortices it happens to have."""
    rng = np.random.default_rng(seed)
    psi = rng.normal(size=problem.grid.shape) + 1j * rng.normal(size=problem.grid.shape)
    for _ in range(2):
        psi = sum(np.roll(psi, s, a) for s in (-1, 0, 1) for a in range(3))
    return State.of(problem, psi / np.abs(psi).max(), make_fields(problem, seed)[2:] * 0.1)


def transformed(state, rng, break_link=False):
    grid = state.problem.grid
    chi = rng.normal(size=grid.shape) * 2
    links = np.stack([state.vector_potential[a] - (np.roll(chi, -1, a) - chi) for a in range(3)])
    for axis, wraps in enumerate(grid.periodic):
        if not wraps:
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    if break_link:
        links[2, 1, 1, 1] += 1e-9
    return State.of(state.problem, state.order_parameter * np.exp(1j * chi), links)


def worst_difference(a, b):
    pairs = [
        (a.energy, b.energy),
        (a.magnetic_field, b.magnetic_field),
        (a.supercurrent, b.supercurrent),
        (a.free_energy_density, b.free_energy_density),
        (a.magnetisation, b.magnetisation),
        (a.vortices.x, b.vortices.x),
        (a.vortices.winding, b.vortices.winding),
        (a.residual, b.residual),
        *((p.points, q.points) for p, q in zip(a.vortex_lines, b.vortex_lines, strict=True)),
    ]
    return max(np.max(np.abs(np.subtract(p, q)) / max(1, np.max(np.abs(p)))) for p, q in pairs)


@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_gauge_transformation_changes_no_observable(periodic):
    rng = np.random.default_rng(3)
    state = smooth_state(make_problem(periodic, shape=(8, 7, 6)))
    assert len(state.vortex_lines) > 0
    assert worst_difference(state, transformed(state, rng)) < 1e-12
    assert worst_difference(state, transformed(state, rng, break_link=True)) > 1e-12


@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_observables_are_those_of_the_energy(periodic):
    problem = make_problem(periodic)
    fields = make_fields(problem)
    state = State.from_fields(problem, fields)
    grid = problem.grid
    assert state.free_energy_density.sum() * grid.cell == pytest.approx(state.energy, rel=1e-13)
    gradient = np.empty_like(fields)
    energy_and_gradient(fields, problem.coefficients._replace(stiffness=(0.0, 0.0)), gradient)
    for axis, h in enumerate(grid.spacings):
        current = -0.5 * gradient[2 + axis] * h / grid.cell
        assert np.abs(current - state.link_current[axis]).max() < 1e-13 * np.abs(current).max()
    for axis, wraps in enumerate(periodic):  # B = H on open surfaces, whatever m is just inside
        for normal in {0, 1, 2} - {axis}:
            if not wraps:
                last = np.moveaxis(state.magnetic_field[normal], axis, 0)[-1]
                assert np.all(last == problem.applied_field[normal])


@pytest.mark.parametrize("sector", [(0, 0, 0), (1, 0, 0), (0, -2, 3), (2, 1, -4)])
def test_flux_and_windings_of_a_sector(sector):
    rng = np.random.default_rng(7)
    shape = (7, 6, 8)
    problem = GinzburgLandau(Grid(shape, 0.5), 2.0, flux_quanta=sector, layer_spacing=0.8)
    turns = (circulation(problem.grid, problem.background_links) - problem.background_flux) / (2 * math.pi)
    assert np.abs(turns - np.rint(turns)).max() < 1e-14
    psi = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    state = State.of(problem, psi, rng.normal(size=(3, *shape)))
    spacings = np.array(problem.grid.spacings)
    for normal in range(3):
        area = spacings.prod() / spacings[normal]
        through = state.magnetic_field[normal].sum(axis=tuple({0, 1, 2} - {normal})) * area / (2 * math.pi)
        assert np.abs(through - sector[normal]).max() < 1e-12
    per_layer = [
        int(state.vortices.winding[state.vortices.z == z].sum()) for z in np.unique(state.vortices.z)
    ]
    assert per_layer == [sector[2]] * shape[2]
    span = sum(line.span * line.winding for line in state.vortex_lines) / problem.grid.extent
    assert span == pytest.approx(sector, abs=1e-9)


def test_curl_is_stokes_and_its_transpose():
    rng = np.random.default_rng(1)
    grid = Grid((4, 5, 3), 0.4, (True, False, True), layer_spacing=0.4)
    links, faces = rng.normal(size=(2, 3, *grid.shape))
    links[1, :, -1] = 0
    faces[0, :, -1] = 0
    faces[2, :, -1] = 0
    assert (circulation(grid, links) * faces).sum() == pytest.approx(
        (links * curl_of_plaquettes(grid, faces)).sum()
    )
    flux = circulation(grid, links)
    divergence = sum(np.roll(flux[a], -1, a) - flux[a] for a in range(3))[:, :-1]
    assert np.abs(divergence).max() < 1e-13
    stretched = Grid((4, 5, 3), 0.4, True, layer_spacing=0.9)  # ∇×(z ŷ) = −x̂ away from the seam
    field = np.zeros((3, 4, 5, 3))
    field[1] = 0.9 * np.arange(3)
    assert curl_of_plaquettes(stretched, field)[0, :, :, 1:] == pytest.approx(-0.4)


@pytest.mark.parametrize("periodic", [(True, True, True), (True, True, False), (False, False, True)])
def test_minimum_of_a_straight_line(periodic):
    sector = 1 if all(periodic[:2]) else 0
    flat = GinzburgLandau(Grid((20, 18), 0.5, periodic[:2]), 2.0, applied_field=0.2, flux_quanta=sector)
    layered = GinzburgLandau(
        Grid((20, 18, 5), 0.5, periodic),
        2.0,
        applied_field=0.2,
        flux_quanta=sector,
        anisotropy=4.0,
        layer_spacing=0.8,
    )
    start = [(5.0, 4.5, 1)]
    flat_state, state = minimise(flat, start=start), minimise(layered, start=start)
    assert state.converged
    assert state.energy == pytest.approx(4.0 * flat_state.energy, rel=1e-9)
    (line,) = state.vortex_lines
    assert line.closed == periodic[2]
    assert line.span == pytest.approx([0, 0, 4.0], abs=1e-6)
    assert np.abs(line.points[:, 0] - line.points[0, 0]).max() < 1e-3
    assert np.abs(state.magnetic_field[:2]).max() < 1e-6
    if not any(periodic[:2]):  # else the vortex may have drifted along the cell
        assert np.abs(state.magnetic_field[2, :19, :17, 2] - flat_state.magnetic_field).max() < 1e-6


@pytest.mark.parametrize("kappa", [1.0, 30.0])
def test_iterations_do_not_depend_on_spacing_or_anisotropy(kappa):
    counts = []
    for n, anisotropy in itertools.product((8, 16), (1.0, 7.0)):
        grid = Grid((n, n, n), 8.0 / n, layer_spacing=min(8.0 / n, 1.0))

        def field(x, y, z):
            k = 2 * math.pi / 8
            return (
                0.3 * np.sin(k * y) * np.cos(k * z),
                0.2 * np.sin(k * x),
                0.1 * np.sin(k * x) * np.cos(k * y),
            )

        state = minimise(GinzburgLandau(grid, kappa, field, anisotropy=anisotropy), start="uniform", tol=1e-8)
        assert state.converged
        counts.append(state.iterations)
    assert max(counts) <= 25


def test_vector_field_enters_an_open_cube():
    """H along x of an isotropic cube does what H along z does; a frozen field has B = H everywhere."""
    grid = Grid((10, 10, 10), 0.5, False)
    along_z = minimise(GinzburgLandau(grid, 1.5, applied_field=0.1), start="uniform")
    along_x = minimise(GinzburgLandau(grid, 1.5, applied_field=(0.1, 0, 0)), start="uniform")
    assert along_x.energy == pytest.approx(along_z.energy, rel=1e-9)
    assert along_x.magnetisation[0] == pytest.approx(along_z.magnetisation[2], rel=1e-6)
    assert along_x.magnetisation[0] < -0.01
    frozen = minimise(GinzburgLandau(grid, math.inf, applied_field=(0.1, -0.05, 0.02)), start="uniform")
    assert np.abs(frozen.magnetic_field - np.reshape((0.1, -0.05, 0.02), (3, 1, 1, 1))).max() < 1e-13


@pytest.mark.parametrize("periodic", [True, False])
def test_fluxoids_of_a_layer(periodic):
    """Whole in every layer of a random state, with the true flux and the pseudo-flux of that layer."""
    problem = make_problem((periodic,) * 3, shape=(8, 7, 6))
    state = smooth_state(problem)
    inside = state.magnetic_field[2, 1:6, 2:5, 3].sum() * 0.16 / (2 * math.pi)
    loop = fluxoid(state, x=(0.6, 2.6), y=(1.0, 2.2), z=2.4)
    assert loop.flux == pytest.approx(inside, rel=1e-12)
    assert loop.flux + loop.pseudo + loop.current == pytest.approx(loop.winding, abs=1e-12)
    where = state.vortices
    here = (np.abs(where.z - 2.45) < 1e-9) & (np.abs(where.x - 1.6) < 1) & (np.abs(where.y - 1.6) < 0.6)
    assert here.any()
    assert loop.winding == where.winding[here].sum()


def test_the_page_on_layers_runs():
    page = Path(__file__).parents[2] / "docs" / "how-to" / "layers.md"
    assert doctest.testfile(str(page), module_relative=False) == (0, 31)


CUBE = Grid((4, 4, 4), 0.5)
FLAT = GinzburgLandau(Grid((4, 4), 0.5), 2.0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Grid((4, 4), 0.5, layer_spacing=1.0), "third axis"),
        (lambda: Grid((4, 4, 4), 0.5, layer_spacing=-1.0), "positive"),
        (lambda: GinzburgLandau(Grid((4, 4), 0.5), 2.0, anisotropy=3.0), "third axis"),
        (lambda: GinzburgLandau(Grid((4, 4), 0.5), 2.0, layer_spacing=1.0), "third axis"),
        (lambda: GinzburgLandau(CUBE, 2.0, anisotropy=math.nan), "anisotropy"),
        (lambda: GinzburgLandau(CUBE, 2.0, layer_spacing=2.5), "at most λ = 2 ξ"),
        (lambda: GinzburgLandau(CUBE, 2.0, applied_field=(0.1, 0.2)), "three of them"),
        (lambda: GinzburgLandau(CUBE, 2.0, applied_field=None), "applied_field along z"),
        (lambda: GinzburgLandau(CUBE, 2.0, applied_field=(0.1, math.nan, 0)), "applied_field along y"),
        (lambda: GinzburgLandau(CUBE, 2.0, flux_quanta=(0, 0.5, 0)), "an integer"),
        (lambda: GinzburgLandau(Grid((4, 4, 4), 0.5, (True, True, False)), 2.0, flux_quanta=(1, 0, 0)), "open side"),
        (lambda: GinzburgLandau(CUBE, 2.0, flux_quanta=(5, 0, 0)), "a quarter of the 16"),
        (lambda: GinzburgLandau(CUBE, 2.0, lambda x, y, z: (x, y)), "(ã_x, ã_y, ã_z)"),
        (lambda: GinzburgLandau(CUBE, 2.0, np.zeros((2, 4, 4, 4))), "(3, 4, 4, 4)"),
        (lambda: GinzburgLandau(CUBE, 2.0, magnetisation=np.zeros((4, 4, 4))), "magnetisation"),
        (lambda: GinzburgLandau(CUBE, math.inf, applied_field=0.1), "kappa"),
        (lambda: GinzburgLandau(Grid((4000, 4000, 4000), 0.5), 2.0), "× "),
        (lambda: minimise(GinzburgLandau(CUBE, 2.0), start=[(1.0, 1.0, 1)]), "along z that sum to 1"),
        (lambda: minimise(GinzburgLandau(CUBE, 2.0), start=[[(0, 0, 0), (1, 1, 1)]]), "closed, or end at open"),
        (lambda: minimise(GinzburgLandau(CUBE, 2.0), start=[[(0, 0), (1, 1)]]), "points (x, y, z)"),
        (lambda: minimise(GinzburgLandau(CUBE, 2.0), start=[3]), "a list of vortex lines"),
        (lambda: minimise(GinzburgLandau(Grid((4, 4, 4), 0.5, False), 2.0), start=[(9.0, 1.0, 1)]), "within"),
        (lambda: State.of(FLAT, np.ones((4, 4)), np.zeros((2, 4, 4))).vortex_lines, "see vortices"),
        (lambda: fluxoid(minimise(FLAT, start="uniform"), (0.3, 1.3), (0.3, 1.3), 0.5), "only there"),
        (lambda: fluxoid(minimise(GinzburgLandau(CUBE, 2.0), start="uniform"), (0.3, 1.3), (0.3, 1.3)), "only there"),
    ],
)  # fmt: skip
def test_refused(make, words):
    with pytest.raises(InputError) as caught:
        make()
    assert words in str(caught.value)
