"""Dynamics: an obvious twin, linear rates, order, falling energy, gauge invariance, drives, input."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, minimise
from pseudogauge.ginzburg_landau.drive import Ramp
from pseudogauge.ginzburg_landau.evolve import evolve
from pseudogauge.ginzburg_landau.lines import Lines
from pseudogauge.numerics.curl import circulation

BOUNDARIES = [(True, True), (False, True), (True, False), (False, False)]


def rough_problem(periodic, shape=(7, 6), dx=0.5, seed=1, shaped=False):
    """Everything at once: random ã, magnetisation, strength, sample shape."""
    rng = np.random.default_rng(seed)
    grid = Grid(shape, dx, periodic)
    links = rng.normal(size=(2, *shape)) * 0.2
    for axis, wraps in enumerate(periodic):
        if not wraps:
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    return GinzburgLandau(
        grid, 1.7, links, applied_field=0.1, flux_quanta=2 if all(periodic) else 0,
        magnetisation=0.1 * rng.normal(size=grid.plaquette_shape),
        epsilon=rng.uniform(0, 1, shape) if shaped else 1.0, sample=rng.random(shape) < 0.9 if shaped else None,
    )  # fmt: skip


def rough_state(problem, seed=2):
    rng = np.random.default_rng(seed)
    psi = 0.5 * (rng.normal(size=problem.grid.shape) + 1j * rng.normal(size=problem.grid.shape))
    links = 0.2 * rng.normal(size=(2, *problem.grid.shape))
    return State.of(problem, *without_missing(problem, psi, links))


def without_missing(problem, psi, links):
    links = links.copy()
    for axis, wraps in enumerate(problem.grid.periodic_axes):
        if not wraps:
            np.moveaxis(links[axis], axis, 0)[-1] = 0
    return (psi if problem.mask is None else psi * problem.mask), links


def equations(problem, u, sigma):
    """ψ̇ and Ȧ written down from the partial differential equations, not from the energy."""
    grid, dx, kappa = problem.grid, problem.grid.spacing, problem.kappa
    frozen = problem.pseudo_links + problem.background_links
    exists = problem.links_inside
    real = np.ones((2, *grid.shape))
    for axis, wraps in enumerate(grid.periodic_axes):
        if not wraps:
            np.moveaxis(real[axis], axis, 0)[-1] = 0
    source = np.broadcast_to(problem.field_source, grid.shape).copy()
    source[grid.plaquette_shape[0] :], source[:, grid.plaquette_shape[1] :] = 0, 0
    epsilon = np.broadcast_to(problem.coefficients.epsilon, grid.shape)

    def rates(_, y):
        psi, links = y[: grid.size].reshape(grid.shape), y[grid.size :].reshape(2, *grid.shape).real
        laplacian, current = 0, []
        for axis in range(2):
            factor = np.exp(1j * (links[axis] + frozen[axis]))
            step = (factor * np.roll(psi, -1, axis) - psi) * exists[axis]
            laplacian = laplacian + step - np.roll(np.conj(factor) * step, 1, axis)
            current.append(-(psi.conj() * step).imag / dx)
        b = circulation(grid, links)
        b += problem.background_flux * (circulation(grid, np.zeros_like(links)) == 0)
        b = (b - source) / dx**2
        for axis, wraps in enumerate(grid.periodic_axes):
            if not wraps:
                np.moveaxis(b, axis, 0)[-1] = 0
        curl = np.stack([b - np.roll(b, 1, 1), np.roll(b, 1, 0) - b]) / dx
        psi_rate = ((epsilon - np.abs(psi) ** 2) * psi + laplacian / dx**2) / u
        links_rate = dx * (np.stack(current) - kappa**2 * curl) / sigma * real
        return np.concatenate([psi_rate.ravel(), links_rate.ravel()])

    return rates


@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_trajectory_of_the_obvious_twin(periodic, shaped):
    """ψ(t) and A(t) themselves, against an integrator of high order."""
    problem = rough_problem(periodic, shaped=shaped)
    start = rough_state(problem)
    u, sigma, time = 3.0, 0.7, 0.5
    y0 = np.concatenate([start.order_parameter.ravel(), start.vector_potential.ravel()]).astype(complex)
    exact = solve_ivp(equations(problem, u, sigma), (0, time), y0, rtol=1e-10, atol=1e-10, method="DOP853").y[
        :, -1
    ]
    values = []
    for dt in (0.01, 0.005):
        state = evolve(
            problem, start, time, relaxation=u, conductivity=sigma, tol=1, first_step=dt, max_step=dt
        ).state
        values.append(np.concatenate([state.order_parameter.ravel(), state.vector_potential.ravel()]))
    coarse, fine = (np.abs(v - exact).max() for v in values)
    extrapolated = np.abs((4 * values[1] - values[0]) / 3 - exact).max()
    assert fine < 1e-3
    assert math.log2(coarse / fine) == pytest.approx(2, abs=0.25)
    assert extrapolated < 0.2 * fine


def test_order_of_the_integrator_is_two():
    """Two vortices on the move, steps from 0.2 to 0.05."""
    problem = GinzburgLandau(Grid((24, 24), 0.5), kappa=2.0, flux_quanta=2)
    start = evolve(problem, [(2.0, 2.0, 1), (5.0, 4.0, 1)], 2.0).state
    psi = [
        np.abs(evolve(problem, start, 4.0, tol=1, first_step=dt, max_step=dt).state.order_parameter)
        for dt in (0.1, 0.05, 0.025, 0.0125)
    ]
    change = [np.abs(a - b).max() for a, b in itertools.pairwise(psi)]
    assert math.log2(change[-2] / change[-1]) == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("mode", [(1, 0), (0, 2), (3, 5)])
def test_growth_rate_of_one_mode(mode):
    """u ψ̇ = (1 − K²)ψ for a small wave, K the lattice wavenumber: grows or decays at the exact rate."""
    grid = Grid((16, 20), 0.5)
    x, y = grid.sites
    k = [2 * math.pi * n / length for n, length in zip(mode, grid.extent, strict=True)]
    square = sum((2 / 0.5 * math.sin(c * 0.25)) ** 2 for c in k)
    wave = 1e-6 * np.exp(1j * (k[0] * x + k[1] * y))
    run = evolve(
        GinzburgLandau(grid, 2.0), wave, 4.0, relaxation=2.0, tol=1, first_step=0.005, max_step=0.005
    )
    ratio = run.state.order_parameter / wave
    assert np.ptp(ratio.real) < 1e-9
    assert math.log(ratio[0, 0].real) == pytest.approx((1 - square) * 4 / 2, rel=1e-5 * max(1, square**2))


@pytest.mark.parametrize("periodic", [True, False])
def test_field_diffuses_into_the_normal_metal(periodic):
    """With ψ = 0 a mode of B, a Fourier or a sine wave, decays at the rate κ²K²/σ."""
    grid, kappa = Grid((16, 12), 0.5, (periodic, True)), 1.5
    k = (2 if periodic else 1) * math.pi / grid.extent[0]
    square = (2 / 0.5 * math.sin(k * 0.25)) ** 2
    links = np.zeros((2, *grid.shape))
    links[1] = 1e-3 * np.cos(k * grid.sites[0])
    start = State.of(GinzburgLandau(grid, kappa), np.zeros(grid.shape), links)
    run = evolve(start.problem, start, 1.0, conductivity=2.0, tol=1, first_step=0.005, max_step=0.005)
    shape = np.sin(k * grid.plaquettes[0])
    before, after = (s.magnetic_field[3, 3] / shape[3, 3] for s in (start, run.state))
    assert np.abs(run.state.magnetic_field - after * shape).max() < 1e-12
    assert math.log(after / before) == pytest.approx(-(kappa**2) * square / 2, rel=1e-4)


@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_energy_never_rises_without_drive(periodic, shaped):
    problem = rough_problem(periodic, shape=(15, 12), shaped=shaped)
    run = evolve(problem, rough_state(problem), 200.0, tol=0.1)
    assert run.complete
    rounding = 1e-13 * np.abs(run.energies).max()
    assert np.diff(run.energies).max() <= rounding
    assert run.energies[0] - run.energies[-1] > 1
    driven = evolve(problem, run.state, 5.0, current=(0.3 * periodic[0], 0.3 * periodic[1]))
    if any(periodic):  # a drive does work: the same criterion then fails
        assert np.diff(driven.energies).max() > 1e3 * rounding


def test_comes_to_rest_at_the_minimum():
    rings = GinzburgLandau(
        Grid((24, 24), 0.5), 2.0, lambda x, y: (0.3 * np.sin(y * math.pi / 6), 0 * x), flux_quanta=1
    )
    run = evolve(rings, [(6.0, 7.5, 1)], 1e5, rest_tol=1e-8)
    best = minimise(rings, start=run.state, tol=1e-10)
    independent = minimise(rings, start=[(6.0, 7.5, 1)], tol=1e-10)
    assert run.complete
    assert run.state.residual <= 1e-8
    assert run.state.energy == pytest.approx(best.energy, abs=1e-10)
    assert run.state.energy == pytest.approx(independent.energy, abs=1e-8)


def transformed(state, rng, break_link=0.0):
    """ψ → ψ e^{iχ}, A → A − δχ."""
    chi = rng.normal(size=state.problem.grid.shape) * 2
    links = np.stack([state.vector_potential[a] - (np.roll(chi, -1, a) - chi) for a in range(2)])
    links[0, 1, 1] += break_link
    return State.of(
        state.problem, *without_missing(state.problem, state.order_parameter * np.exp(1j * chi), links)
    )


@pytest.mark.parametrize("kappa", [1.7, math.inf])
@pytest.mark.parametrize("periodic", BOUNDARIES)
def test_dynamics_follows_a_gauge_transformation(periodic, kappa):
    """Long steps too: the implicit part is made of covariant operators."""
    links = rough_problem(periodic, shape=(12, 10)).pseudo_links
    problem = GinzburgLandau(
        Grid((12, 10), 0.5, periodic), kappa, links, flux_quanta=2 if all(periodic) else 0
    )
    start = evolve(problem, rng=3, duration=1.0).state
    rng = np.random.default_rng(4)

    def difference(other):
        a, b = (evolve(problem, s, 20.0, tol=0.1).state for s in (start, other))
        pairs = [
            (a.magnetic_field, b.magnetic_field),
            (a.link_current, b.link_current),
            (np.abs(a.order_parameter), np.abs(b.order_parameter)),
        ]
        return max(np.abs(p - q).max() for p, q in pairs)

    assert difference(transformed(start, rng)) < 1e-10
    assert difference(transformed(start, rng, break_link=1e-6)) > 1e-9


@pytest.mark.parametrize("shape", [(2, 5), (3, 4), (7, 2), (150, 3)])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("closed", [True, False])
def test_implicit_lines_solve_the_covariant_laplacian(axis, shape, closed):
    """Long lines too, where the effect of the closing link is cut off once it is negligible."""
    rng = np.random.default_rng(0)
    shape = shape[:: 1 - 2 * axis]
    phase, pull, own = rng.normal(size=shape) * 3, rng.uniform(0, 1, shape), rng.uniform(1, 2, shape)
    if not closed:
        np.moveaxis(pull, axis, 0)[-1] = 0
    right = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    lines = Lines.along(axis, phase, pull, own)
    if max(shape) == 150:
        assert lines.margin == 60 if closed else lines.margin == 0
    re, im = lines.solve(right.real, right.imag)
    threaded = Lines.along(axis, phase, pull, own, threads=2).solve(right.real, right.imag)
    assert np.array_equal(threaded, (re, im))
    x, factor = re + 1j * im, np.exp(1j * phase)
    step = pull * (x - factor * np.roll(x, -1, axis))
    left = own * x + step - np.roll(np.conj(factor) * step, 1, axis)
    assert np.abs(left - right).max() < 1e-14


def test_normal_metal_obeys_ohm():
    """ψ = 0: the mean electric field is J/σ along a periodic cell and along a strip."""
    for periodic, kappa in (((True, True), 2.0), ((True, False), 2.0), ((True, True), math.inf)):
        problem = GinzburgLandau(Grid((8, 6), 0.5, periodic), kappa)
        run = evolve(
            problem, "normal", 60.0, current=(0.3, 0.0), conductivity=2.0, strength=-1.0, record=[50.0, 60.0]
        )
        assert run.electric_field[1] == pytest.approx([0.15, 0.0], abs=1e-6)


def test_strip_carries_current_with_its_own_field():
    """Mean of j is J, and B jumps by J L/κ² across the strip, H ∓ half of it on either side (Ampère)."""
    grid, kappa, density, applied = Grid((4, 16), 0.5, (True, False)), 2.0, 0.02, 0.01
    problem = GinzburgLandau(grid, kappa, applied_field=applied)
    run = evolve(problem, "uniform", 1e4, current=(density, 0.0), rest_tol=1e-10, max_step=2.0)
    assert run.complete
    assert run.state.supercurrent[0].mean() == pytest.approx(density, rel=1e-6)
    b, jump = run.state.magnetic_field[0], density * grid.extent[1] / kappa**2
    # outermost plaquettes are one spacing inside the surface; the outermost sites carry what lies between
    edge = run.state.supercurrent[0, 0, [0, -1]] * grid.spacing / kappa**2
    assert b[0] == pytest.approx(applied - jump / 2 + edge[0], rel=1e-6)
    assert b[-1] == pytest.approx(applied + jump / 2 - edge[1], rel=1e-6)


def test_depairing_current():
    """κ = ∞: j = a(1 − a²) below 2/3√3 = 0.385 with no electric field, dissipation above."""
    problem = GinzburgLandau(Grid((4, 4), 0.5), math.inf)
    below = evolve(problem, "uniform", 500.0, current=(0.37, 0.0), record=[400.0, 500.0])
    density = np.abs(below.state.order_parameter[0, 0]) ** 2
    assert density * math.sqrt(1 - density) == pytest.approx(0.37, rel=0.01)  # lattice dispersion at dx = 1/2
    assert abs(below.electric_field[1, 0]) < 1e-6
    above = evolve(problem, "uniform", 500.0, current=(0.42, 0.0), record=[400.0, 500.0])
    assert above.electric_field[1, 0] > 0.1


def test_applied_field_in_time():
    """Bulk: ends in the minimum of the last field.  κ = ∞: B follows H(t) exactly."""
    grid, field = Grid((14, 12), 0.5, False), Ramp((0.0, 5.0), (0.0, 0.05))
    run = evolve(
        GinzburgLandau(grid, 1.5), "uniform", 2000.0, applied_field=field, rest_tol=1e-9, max_step=2.0
    )
    expected = minimise(GinzburgLandau(grid, 1.5, applied_field=0.05), start="uniform", tol=1e-10)
    assert run.state.problem.applied_field == 0.05
    assert run.state.energy == pytest.approx(expected.energy, abs=1e-9)
    frozen = evolve(GinzburgLandau(grid, math.inf), "uniform", 3.0, applied_field=field)
    assert np.abs(frozen.state.magnetic_field - 0.03).max() < 1e-14
    settled = evolve(
        GinzburgLandau(grid, math.inf), "uniform", 500.0, applied_field=field, rest_tol=1e-9, max_step=2.0
    )
    expected = minimise(GinzburgLandau(grid, math.inf, applied_field=0.05), start="uniform", tol=1e-10)
    assert settled.state.energy == pytest.approx(expected.energy, abs=1e-9)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"duration": math.nan}, "duration"),
        ({"duration": -1.0}, "duration"),
        ({"tol": 0.0}, "tol"),
        ({"noise": -1.0}, "noise"),
        ({"noise": lambda t: math.nan}, "noise"),
        ({"relaxation": 0.0}, "relaxation"),
        ({"conductivity": math.inf}, "conductivity"),
        ({"strength": 1.5}, "strength"),
        ({"strength": lambda t: 1.0 if t < 2 else math.nan}, "strength"),
        ({"applied_field": lambda t: "0.1"}, "applied_field"),
        ({"current": (0.0, 0.1)}, "current"),
        ({"current": 0.1}, "current"),
        ({"current": (0.1,)}, "current"),
        ({"current": lambda t: (math.nan, 0.0)}, "current"),
        ({"record": [2.0, 1.0]}, "record"),
        ({"max_step": 0.0}, "max_step"),
        ({"rest_tol": 1e-6, "noise": 0.1}, "rest_tol"),
        ({"rest_tol": 1e-6, "applied_field": lambda t: 0.1}, "rest_tol"),
    ],
)
def test_bad_input_is_refused(settings, name):
    problem = GinzburgLandau(Grid((4, 4), 0.5, (True, False)), 2.0)
    with pytest.raises(InputError, match=name):
        evolve(problem, "uniform", **{"duration": 5.0, **settings})


def test_error_in_a_function_of_time_blames_the_function():
    problem = GinzburgLandau(Grid((4, 4), 0.5), 2.0)
    with pytest.raises(ZeroDivisionError) as caught:
        evolve(problem, "uniform", 5.0, strength=lambda t: 1 / (t > 2))
    assert caught.value.__notes__ == ["raised inside the function given as strength, at time 0"]


@pytest.mark.parametrize(
    ("times", "values"), [((0.0, 1.0), (1.0,)), ((1.0, 0.0), (1.0, 0.0)), ((0.0,), (math.nan,)), ((), ())]
)
def test_bad_ramp(times, values):
    with pytest.raises(InputError, match="Ramp"):
        Ramp(times, values)
