"""The energy function: an obvious twin, its gradient, gauge invariance, the flux of a sector."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State
from pseudogauge.ginzburg_landau.energy import energy_and_gradient, single
from pseudogauge.ginzburg_landau.stencil import cos_sin, cos_sin_single
from pseudogauge.ginzburg_landau.vortices import find_vortices
from pseudogauge.numerics.curl import circulation, curl_of_plaquettes

BOUNDARIES = [(True, True), (False, True), (True, False), (False, False)]


def make_problem(periodic, shape=(7, 5), dx=0.4, seed=1, shaped=False):
    rng = np.random.default_rng(seed)
    grid = Grid(shape, dx, periodic)
    links = rng.normal(size=(2, *shape)) * 0.3
    if not periodic[0]:
        links[0, -1] = 0
    if not periodic[1]:
        links[1, :, -1] = 0
    return GinzburgLandau(
        grid,
        kappa=1.7,
        pseudo_potential=links,
        applied_field=0.3,
        flux_quanta=3 if all(periodic) else 0,
        magnetisation=rng.normal(size=grid.plaquette_shape),
        epsilon=rng.uniform(-1, 1, shape) if shaped else 1.0,
        sample=rng.random(shape) < 0.8 if shaped else None,
    )


def make_fields(problem, seed=2):
    fields = np.random.default_rng(seed).normal(size=(4, *problem.grid.shape))
    if not problem.grid.periodic[0]:
        fields[2, -1] = 0
    if not problem.grid.periodic[1]:
        fields[3, :, -1] = 0
    return fields


def slow_energy(problem, fields):
    """Site by site, link by link, plaquette by plaquette, from the definition (complex-step safe)."""
    (nx, ny), dx, (px, py) = problem.grid.shape, problem.grid.spacing, problem.grid.periodic
    psi_re, psi_im, ax, ay = fields
    phase_x, phase_y = problem.pseudo_links + problem.background_links
    total = 0.0
    for i in range(nx):
        for j in range(ny):
            n = psi_re[i, j] ** 2 + psi_im[i, j] ** 2
            epsilon = problem.epsilon if isinstance(problem.epsilon, float) else problem.epsilon[i, j]
            total += (-epsilon * n + n * n / 2) * dx**2
            e, up = (i + 1) % nx, (j + 1) % ny
            for exists, (k, m), angle in (
                (px or i < nx - 1, (e, j), ax[i, j] + phase_x[i, j]),
                (py or j < ny - 1, (i, up), ay[i, j] + phase_y[i, j]),
            ):
                both = problem.sample is None or (problem.sample[i, j] and problem.sample[k, m])
                if exists and both:
                    c, s = np.cos(angle), np.sin(angle)
                    total += (c * psi_re[k, m] - s * psi_im[k, m] - psi_re[i, j]) ** 2
                    total += (s * psi_re[k, m] + c * psi_im[k, m] - psi_im[i, j]) ** 2
            if (px or i < nx - 1) and (py or j < ny - 1):
                around = ax[i, j] + ay[e, j] - ax[i, up] - ay[i, j]
                field = (around + 2 * math.pi * problem.flux_quanta / (nx * ny)) / dx**2
                m = 0.0 if problem.magnetisation is None else problem.magnetisation[i, j]
                total += problem.kappa**2 * (field - problem.applied_field - m) ** 2 * dx**2
    return total


def complex_step_gradient(problem, fields):
    gradient = np.empty_like(fields)
    for index in np.ndindex(*fields.shape):
        shifted = fields.astype(complex)
        shifted[index] += 1e-30j
        gradient[index] = slow_energy(problem, shifted).imag / 1e-30
    return gradient


@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_energy_and_gradient_match_the_obvious_twin(periodic, shaped):
    problem = make_problem(periodic, shaped=shaped)
    fields = make_fields(problem)
    gradient = np.empty_like(fields)
    terms = energy_and_gradient(fields, problem.coefficients, gradient)
    assert sum(terms) == pytest.approx(slow_energy(problem, fields), rel=1e-13)
    expected = complex_step_gradient(problem, fields)
    for axis, wraps in enumerate(periodic):  # what does not exist has no derivative and must stay at rest
        if not wraps:
            np.moveaxis(expected[2 + axis], axis, 0)[-1] = 0
    assert np.abs(gradient - expected).max() < 1e-12 * np.abs(expected).max()
    broken = fields.copy()
    broken[3, 2, 2] += 1e-6
    assert np.abs(complex_step_gradient(problem, broken) - gradient).max() > 1e-9 * np.abs(expected).max()


def test_rows_of_many_vectors():
    """The kernel treats a row in vectors, with sites left over at both ends; the seams must not show."""
    problem = make_problem((True, True), shape=(3, 131))
    fields = make_fields(problem)
    gradient = np.empty_like(fields)
    assert sum(energy_and_gradient(fields, problem.coefficients, gradient)) == pytest.approx(
        slow_energy(problem, fields), rel=1e-13
    )
    for index in [(0, 1, 0), (1, 2, 127), (2, 0, 128), (3, 1, 130), (0, 0, 128)]:
        shifted = fields.astype(complex)
        shifted[index] += 1e-30j
        assert gradient[index] == pytest.approx(slow_energy(problem, shifted).imag / 1e-30, rel=1e-11)


@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_single_precision(periodic):
    problem = make_problem(periodic, shape=(9, 43), shaped=True)
    fields = make_fields(problem)
    exact, rough = np.empty_like(fields), np.empty(fields.shape, np.float32)
    terms = energy_and_gradient(fields, problem.coefficients, exact)
    short = energy_and_gradient(fields.astype(np.float32), single(problem.coefficients), rough)
    assert short == pytest.approx(terms, rel=5e-7)
    assert short != terms
    assert np.abs(rough - exact).max() < 5e-7 * np.abs(exact).max()


def test_threads_change_nothing():
    problem = make_problem((True, True), shape=(37, 11))
    fields = make_fields(problem)
    one, many = np.empty_like(fields), np.empty_like(fields)
    assert energy_and_gradient(fields, problem.coefficients, one, 1) == energy_and_gradient(
        fields, problem.coefficients, many, 3
    )
    assert np.array_equal(one, many)


def test_state_splits_its_energy():
    problem = make_problem((True, False))
    fields = make_fields(problem)
    state = State.from_fields(problem, fields)
    assert state.energy == pytest.approx(slow_energy(problem, fields), rel=1e-13)
    assert sum(state.energies.values()) == pytest.approx(state.energy, rel=1e-14)
    density = state.free_energy_density
    assert density.sum() * problem.grid.cell == pytest.approx(state.energy, rel=1e-13)


def smooth_state(problem, seed=5):
    """Random but not wild: phase differences stay well below π except at the vortices it happens to have."""
    rng = np.random.default_rng(seed)
    psi = rng.normal(size=problem.grid.shape) + 1j * rng.normal(size=problem.grid.shape)
    for _ in range(2):
        psi = sum(np.roll(psi, s, a) for s in (-1, 0, 1) for a in (0, 1))
    fields = make_fields(problem, seed) * 0.1
    return State.of(problem, psi / np.abs(psi).max(), fields[2:])


def transformed(state, rng, break_link=False):
    """The same state after a random gauge transformation ψ → ψ e^{iχ}, A → A − δχ."""
    grid = state.problem.grid
    chi = rng.normal(size=grid.shape) * 2
    links = np.stack([state.vector_potential[a] - (np.roll(chi, -1, a) - chi) for a in range(2)])
    for axis, wraps in enumerate(grid.periodic):
        if not wraps:
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    if break_link:
        links[0, 1, 1] += 1e-9
    return State.of(state.problem, state.order_parameter * np.exp(1j * chi), links)


def worst_difference(a, b):
    pairs = [
        (a.energy, b.energy),
        (a.magnetic_field, b.magnetic_field),
        (a.link_current, b.link_current),
        (a.supercurrent, b.supercurrent),
        (np.abs(a.order_parameter), np.abs(b.order_parameter)),
        (a.free_energy_density, b.free_energy_density),
        (a.magnetisation, b.magnetisation),
        (a.vortices.x, b.vortices.x),
        (a.vortices.y, b.vortices.y),
        (a.vortices.winding, b.vortices.winding),
        (a.residual, b.residual),
    ]
    return max(np.max(np.abs(np.subtract(p, q)) / max(1, np.max(np.abs(p)))) for p, q in pairs)


@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_gauge_transformation_changes_no_observable(periodic):
    rng = np.random.default_rng(3)
    state = smooth_state(make_problem(periodic, shape=(12, 10)))
    assert len(state.vortices) > 0
    assert worst_difference(state, transformed(state, rng)) < 1e-12
    assert worst_difference(state, transformed(state, rng, break_link=True)) > 1e-12


@pytest.mark.parametrize("sector", [-5, 0, 1, 7])
def test_flux_and_windings_of_a_sector(sector):
    rng = np.random.default_rng(sector + 10)
    problem = GinzburgLandau(Grid((9, 14), 0.5), kappa=2.0, flux_quanta=sector)
    for _ in range(5):
        psi = rng.normal(size=(9, 14)) + 1j * rng.normal(size=(9, 14))
        state = State.of(problem, psi, rng.normal(size=(2, 9, 14)))
        assert state.magnetic_field.sum() * 0.25 / (2 * math.pi) == pytest.approx(sector, abs=1e-13)
        assert state.vortices.winding.sum() == sector == state.vortices.net


def test_background_is_uniform_modulo_whole_turns():
    problem = GinzburgLandau(Grid((9, 14), 0.5), kappa=2.0, flux_quanta=7)
    excess = (circulation(problem.grid, problem.background_links) - problem.background_flux) / (2 * math.pi)
    assert np.abs(excess - np.rint(excess)).max() < 1e-14


def test_current_is_the_derivative_of_the_kinetic_energy():
    problem = make_problem((False, True))
    fields = make_fields(problem)
    state = State.from_fields(problem, fields)
    gradient = np.empty_like(fields)
    energy_and_gradient(fields, problem.coefficients._replace(stiffness=0.0), gradient)
    assert np.abs(gradient[2:] + 2 * problem.grid.spacing * state.link_current).max() < 1e-13
    assert np.abs(state.supercurrent[0, 0] - 0.5 * state.link_current[0, 0]).max() == 0  # none enters


def eq3(grid, kappa, steps, potential, pseudo):
    """[LOB Eq. 3] with |ψ| = 1 on links: steps are phase differences."""
    b = circulation(grid, potential) / grid.cell
    return ((steps + potential + pseudo) ** 2).sum() + kappa**2 * grid.cell * (b**2).sum()


def eq12(grid, kappa, steps, potential, h, winding):
    """[LOB Eq. 12] in the same units: n_v h̃ costs 4πκ² per vortex."""
    b = circulation(grid, potential) / grid.cell
    vortex = 4 * math.pi * kappa**2 * (winding * h).sum()
    return ((steps + potential) ** 2).sum() + vortex + kappa**2 * grid.cell * ((b - h) ** 2).sum()


@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_eq3_and_eq12_differ_by_a_constant(periodic):
    rng = np.random.default_rng(4)
    grid, kappa = Grid((12, 9), 0.4, periodic), 1.3
    nx, ny = grid.plaquette_shape
    h = np.zeros(grid.shape)
    h[:nx, :ny] = rng.normal(size=(nx, ny))
    pseudo = -(kappa**2) * curl_of_plaquettes(grid, h)
    constant = (pseudo**2).sum() - kappa**2 * grid.cell * (h**2).sum()
    seen = set()
    for _ in range(4):
        theta = rng.uniform(-math.pi, math.pi, grid.shape)
        psi = np.exp(1j * theta)
        potential = rng.normal(size=(2, *grid.shape))
        steps = np.stack([np.angle(psi.conj() * np.roll(psi, -1, a)) for a in range(2)])
        for axis, wraps in enumerate(periodic):
            if not wraps:
                np.moveaxis(potential[axis], axis, 0)[-1] = 0
                np.moveaxis(steps[axis], axis, 0)[-1] = 0
        found = find_vortices(grid, psi, np.zeros((2, *grid.shape)), np.zeros(grid.shape))
        winding = np.zeros(grid.shape)
        cells = (
            np.floor(c / 0.4 - 0.5).astype(int) % n
            for c, n in zip((found.x, found.y), grid.shape, strict=True)
        )
        np.add.at(winding, tuple(cells), found.winding)
        seen.add(len(found))
        left = eq3(grid, kappa, steps, potential, pseudo)
        right = eq12(grid, kappa, steps, potential, h, winding) + constant
        assert left == pytest.approx(right, rel=1e-12)
        wrong = eq12(grid, kappa, steps, potential, h, -winding) + constant
        assert abs(left - wrong) > 1e-6 * abs(left)
    assert min(seen) > 5


def test_own_sine_and_cosine():
    x = np.concatenate([np.linspace(-40, 40, 4001), np.arange(-20, 21) * math.pi / 4])
    cosine, sine = np.array([cos_sin(value) for value in x]).T
    allowed = 2.3e-16 + 4e-17 * np.abs(x)
    assert np.all(np.abs(cosine - np.cos(x)) <= allowed)
    assert np.all(np.abs(sine - np.sin(x)) <= allowed)
    single_x = x.astype(np.float32)
    cosine, sine = np.array([cos_sin_single(value) for value in single_x]).T
    assert np.array_equal(cosine, cosine.astype(np.float32))
    allowed = 1e-7 + 2e-8 * np.abs(x)
    assert np.all(np.abs(cosine - np.cos(single_x.astype(float))) <= allowed)
    assert np.all(np.abs(sine - np.sin(single_x.astype(float))) <= allowed)
