"""Noise finds the triangular lattice; fields of the user's own; boundaries; nothing depends on the gauge."""

from __future__ import annotations

import doctest
import math
from pathlib import Path

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import (
    GinzburgLandau,
    Grid,
    Ramp,
    State,
    evolve,
    fluxoid,
    minimise,
    noise_temperature,
)

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "own_fields.md"


def sixfold(vortices, extent):
    """|⟨exp 6iφ⟩| over the six nearest neighbours of every vortex: 1 for a triangular lattice."""
    images = np.array([(n * extent[0], m * extent[1]) for n in (-1, 0, 1) for m in (-1, 0, 1)])
    dx, dy = (
        (c[:, None, None] - c[:, None] - images[:, axis]).reshape(c.size, -1)
        for axis, c in enumerate((vortices.x, vortices.y))
    )
    near = np.argsort(np.hypot(dx, dy), axis=1)[:, 1:7]
    angle = np.arctan2(np.take_along_axis(dy, near, 1), np.take_along_axis(dx, near, 1))
    return abs(np.exp(6j * angle).mean())


@pytest.mark.parametrize("seed", [0, 1])
def test_noise_finds_the_triangular_lattice(seed):
    """Field cooling from ψ = 0, noise dying away, then the nearest minimum: below the square lattice."""
    field = 0.3

    def problem(shape, quanta):
        spacing = math.sqrt(2 * math.pi * quanta / (field * math.prod(shape)))
        return GinzburgLandau(Grid(shape, spacing), math.inf, flux_quanta=quanta)

    cell = problem((15, 13), 4)
    cooling, dying = Ramp((0.0, 50.0), (-0.2, 1.0)), Ramp((0.0, 250.0), (0.5, 0.0))
    cooled = evolve(cell, "normal", 300.0, noise=dying, strength=cooling, rng=seed, tol=1.0).state
    found = minimise(cell, start=cooled)
    square = minimise(problem((7, 7), 1), rng=0)
    assert sixfold(found.vortices, cell.grid.extent) > 0.999
    four = square.vortices
    assert sixfold(four, square.problem.grid.extent) < 0.7
    gain = 4 * square.energy - found.energy
    assert gain > 0.005 * abs(found.energy)


def magnetic_dot(spacing):
    """Largest difference in |ψ| and in currents between a vector potential and the moments that make its field."""
    n, flux, width = round(12 / spacing), 0.5, 1.5
    grid = Grid((n, n), spacing, False)

    def potential(x, y):
        square = (x - 6) ** 2 + (y - 6) ** 2 + 1e-30
        profile = -flux * np.expm1(-square / (2 * width**2)) / square
        return -(y - 6) * profile, (x - 6) * profile

    x, y = grid.plaquettes
    moments = flux / width**2 * np.exp(-((x - 6) ** 2 + (y - 6) ** 2) / (2 * width**2))
    one = minimise(GinzburgLandau(grid, math.inf, potential), start="uniform", tol=1e-10)
    other = minimise(GinzburgLandau(grid, math.inf, magnetisation=moments), start="uniform", tol=1e-10)
    assert np.abs(other.magnetic_field - moments).max() < 1e-13
    assert not one.magnetic_field.any()
    assert np.abs(one.supercurrent).max() > 0.1
    return (
        np.abs(np.abs(one.order_parameter) - np.abs(other.order_parameter)).max(),
        np.abs(one.supercurrent - other.supercurrent).max(),
        abs(one.energy - other.energy),
    )


def test_vector_potential_of_a_magnetisation():
    """Two ways to give the same frozen field agree, but for the second order of its flux per plaquette."""
    coarse, fine = (np.array(magnetic_dot(spacing)) for spacing in (0.5, 0.25))
    assert np.log2(coarse / fine) == pytest.approx([2, 2, 2], abs=0.15)
    assert fine.max() < 2e-2


def test_magnetisation_as_a_function():
    """Its mean over every plaquette."""
    grid, moments = Grid((12, 12), 0.5, False), lambda x, y: 0.05 * np.exp(-((x - 3) ** 2) - (y - 2) ** 2)
    found = GinzburgLandau(grid, 2.0, magnetisation=moments).magnetisation
    along = lambda c: math.sqrt(math.pi) / 2 * (math.erf(c + 0.25) - math.erf(c - 0.25)) / 0.5  # noqa: E731
    assert found[6, 4] == pytest.approx(0.05 * along(0.5) * along(0.5), rel=1e-5)
    assert GinzburgLandau(grid, 2.0, magnetisation=lambda x, y: 0.1).magnetisation[3, 3] == pytest.approx(0.1)


def test_page_on_fields_of_your_own():
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0


def test_moments_are_screened():
    """κ finite, weak moments: (1 − κ²∇²)(B − m) = −m, solved here by dense algebra on an open square."""
    n, spacing, kappa = 16, 0.5, 1.5
    grid = Grid((n, n), spacing, False)
    x, y = grid.plaquettes
    moments = 1e-4 * np.exp(-((x - 3) ** 2 + (y - 5) ** 2) / 2)
    state = minimise(GinzburgLandau(grid, kappa, magnetisation=moments), start="uniform", tol=1e-12)
    second = (2 * np.eye(n - 1) - np.eye(n - 1, k=1) - np.eye(n - 1, k=-1)) / spacing**2
    both = np.kron(second, np.eye(n - 1)) + np.kron(np.eye(n - 1), second)
    excess = np.linalg.solve(np.eye((n - 1) ** 2) + kappa**2 * both, -moments.ravel())
    assert np.abs(state.magnetic_field - moments - excess.reshape(n - 1, n - 1)).max() < 1e-8 * 1e-2


@pytest.mark.parametrize("kappa", [2.0, math.inf])
def test_mixed_boundaries_in_a_field(kappa):
    """Open along one axis, periodic along the other: the same physics turned by 90°, and open is open."""
    shape, spacing, field = (20, 14), 0.5, 0.25

    def ring(x, y):
        u, v = x - 5, y - 3.5
        profile = 0.4 * np.exp(-(((np.hypot(u, v) - 2) / 0.8) ** 2)) / (np.hypot(u, v) + 1e-12)
        return -v * profile, u * profile

    def turned(x, y):  # (x, y) → (y, −x) carried back: a reflection, which also turns the field round
        ay, ax = ring(y, x)
        return ax, ay

    one = GinzburgLandau(Grid(shape, spacing, (False, True)), kappa, ring, applied_field=field)
    other = GinzburgLandau(Grid(shape[::-1], spacing, (True, False)), kappa, turned, applied_field=-field)
    a, b = minimise(one, start=[(5.0, 3.5, 1)]), minimise(other, start=[(3.5, 5.0, -1)])
    assert a.converged
    assert a.energy == pytest.approx(b.energy, abs=1e-8)
    assert a.vortices.net == -b.vortices.net > 0
    assert np.abs(a.supercurrent[0] - b.supercurrent[1].T).max() < 1e-6
    assert np.abs(a.magnetic_field + b.magnetic_field.T).max() < 1e-6
    # no current leaves: over every cut parallel to the surface, the normal currents add up to nothing
    assert np.abs(a.link_current[0].sum(axis=1)).max() < 1e-6
    assert np.abs(a.link_current[1]).max() > 0.1


@pytest.mark.parametrize("periodic", [True, (True, False), (False, True), False])
def test_no_gauge_in_fluxoids_and_energies(periodic):
    rng = np.random.default_rng(0)
    grid = Grid((12, 10), 0.5, periodic)
    problem = GinzburgLandau(grid, 2.0, lambda x, y: (0.2 + 0 * x, 0.1 * np.sin(x)),
                             flux_quanta=2 if grid.fully_periodic else 0)  # fmt: skip
    psi = rng.normal(size=grid.shape) + 1j * rng.normal(size=grid.shape)
    links, chi = 0.1 * rng.normal(size=(2, *grid.shape)), rng.normal(size=grid.shape) * 2
    states = []
    for turn in (0 * chi, chi):
        moved = np.stack([links[axis] - (np.roll(turn, -1, axis) - turn) for axis in range(2)])
        states.append(State.of(problem, psi * np.exp(1j * turn), moved))
    for loop in (((0.0, 5.9), (0.0, 4.9)), ((1.0, 4.0), (2.0, 4.0))):
        a, b = (fluxoid(state, *loop) for state in states)
        assert a.winding == b.winding
        assert np.abs(np.subtract(a, b)).max() < 1e-12
        assert a.flux + a.pseudo + a.current == pytest.approx(a.winding, abs=1e-12)
    for name, value in states[0].energies.items():
        assert value == pytest.approx(states[1].energies[name], rel=1e-12)


def test_iterations_do_not_grow_with_a_sample_in_a_frozen_field():
    """Long waves of the phase, alone in ψ, would take iterations in proportion to the side of the sample."""
    counts = []
    for n in (20, 40, 80, 160):
        problem = GinzburgLandau(
            Grid((n, n), 0.5, False), math.inf, lambda x, y, n=n: (0.3 * np.sin(4 * math.pi * y / n), 0 * x)
        )
        state = minimise(problem, start="uniform", tol=1e-6)
        assert state.converged
        assert not state.magnetic_field.any()
        counts.append(state.iterations)
    assert max(counts) <= 15


@pytest.mark.parametrize("periodic", [True, False])
def test_an_evolved_state_is_a_start_where_the_field_is_frozen(periodic):
    """Its vector potential holds the history of the electric potential, which belongs to ψ."""
    quanta, field = (3, 0.0) if periodic else (0, 0.3)
    problem = GinzburgLandau(Grid((24, 20), 0.5, periodic), math.inf, flux_quanta=quanta, applied_field=field)
    state = evolve(problem, rng=0, duration=20.0, noise=0.05).state
    start = minimise(problem, start=state, max_iterations=0)
    assert start.energy == pytest.approx(state.energy, rel=1e-12)
    assert minimise(problem, start=state).energy < state.energy
    if not periodic:  # in another field it keeps its gauge and its vortices
        stronger = GinzburgLandau(problem.grid, math.inf, applied_field=0.31)
        moved = minimise(stronger, start=state, max_iterations=0)
        assert np.abs(moved.magnetic_field - 0.31).max() < 1e-13
        assert moved.vortices.net == state.vortices.net


GRID = Grid((16, 16), 0.5)
PLAIN = GinzburgLandau(GRID, 2.0)
FROZEN = GinzburgLandau(GRID, math.inf)
CHECKPOINT = evolve(PLAIN, "uniform", 2.0).checkpoint
OPEN = GinzburgLandau(Grid((6, 6), 0.5, False), 2.0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: GinzburgLandau(GRID, 2.0, "ring"), "real numbers"),
        (lambda: GinzburgLandau(GRID, 2.0, np.zeros((2, 16, 16), complex)), "real numbers"),
        (lambda: GinzburgLandau(GRID, 2.0, magnetisation="strong"), "magnetisation"),
        (
            lambda: GinzburgLandau(GRID, 2.0, magnetisation=lambda x, y: np.where(x > 4, np.nan, 0.0)),
            "finite",
        ),
        (lambda: minimise(PLAIN, start=[(1.0, 1.0, 0.5)]), "whole windings"),
        (lambda: minimise(PLAIN, start="uniform", energy_tol=math.nan), "energy_tol"),
        (lambda: minimise(PLAIN, start="uniform", energy_tol="1e-9"), "energy_tol"),
        (lambda: minimise(PLAIN, start="uniform", max_iterations=1.5), "an integer"),
        (lambda: minimise(PLAIN, start="uniform", threads=-1), "threads"),
        (lambda: minimise(PLAIN, rng="seed"), "rng"),
        (lambda: minimise(PLAIN, rng=-1), "rng"),
        (lambda: evolve(GRID, "uniform"), "a GinzburgLandau problem"),
        (lambda: evolve(PLAIN, "uniform", "long"), "duration"),
        (lambda: evolve(PLAIN, "uniform", relaxation="5.79"), "relaxation"),
        (lambda: evolve(PLAIN, "uniform", tol=math.nan), "tol"),
        (lambda: evolve(PLAIN, "uniform", max_steps=1.5), "max_steps"),
        (lambda: evolve(PLAIN, "uniform", threads=0), "threads"),
        (lambda: evolve(PLAIN, "uniform", record="often"), "record"),
        (lambda: evolve(PLAIN, "uniform", observe=3), "observe"),
        (lambda: evolve(PLAIN, "uniform", keep="folder"), "keep"),
        (lambda: evolve(PLAIN, "uniform", applied_field=lambda t: 0.1), "None in a fully periodic cell"),
        (lambda: evolve(FROZEN, "uniform", applied_field=lambda t: 0.1), "None in a fully periodic cell"),
        (lambda: evolve(OPEN, "uniform", applied_field=lambda t: 26.0), "applied_field(0) = 6.5 through"),
        (lambda: evolve(PLAIN, resume=3), "checkpoint"),
        (lambda: evolve(PLAIN, "uniform", 10.0, record=[5.0, 12.0]), "record = [12.0]"),
        (lambda: evolve(PLAIN, duration=1.0, resume=CHECKPOINT), "at least the 2 reached"),
        (lambda: evolve(PLAIN, "normal", 3.0, resume=CHECKPOINT), "start = normal beside resume"),
        (lambda: minimise(PLAIN, start=np.full((16, 16), "a")), "order_parameter"),
        (lambda: State.of(PLAIN, np.ones((16, 16)), "none"), "vector_potential"),
        (lambda: minimise(PLAIN, kept="folder"), "kept={}"),
        (lambda: Ramp(1.0, 2.0), "Ramp"),
        (lambda: Ramp(("now",), (1.0,)), "Ramp"),
        (lambda: fluxoid(PLAIN, (1.0, 2.0), (1.0, 2.0)), "a State"),
        (
            lambda: fluxoid(
                State.of(PLAIN, np.ones((16, 16)), np.zeros((2, 16, 16))), (math.nan, 2.0), (1.0, 2.0)
            ),
            "loop",
        ),
        (lambda: noise_temperature("2 K", 1e-6, 1e-9), "temperature"),
    ],
)
def test_refused(make, words):
    with pytest.raises(InputError) as caught:
        make()
    assert words in str(caught.value)


def test_a_record_may_pass_the_end_by_rounding():
    assert 3 * 0.1 > 0.3
    run = evolve(PLAIN, "uniform", 0.3, record=np.arange(1, 4) * 0.1)
    assert len(run.recorded) == 3


def test_states_say_how_they_were_found():
    start = [(4.3, 4.0, 1)]
    one = PLAIN.in_sector(1)
    rest = minimise(PLAIN, start="uniform")
    assert "converged" in repr(minimise(PLAIN, start=rest))  # after no iteration at all
    assert "NOT CONVERGED" in repr(minimise(one, start=start, max_iterations=0))
    settled = minimise(one, start=start, tol=1e-15, energy_tol=1e-3)
    assert "settled in energy" in repr(settled)
    assert "CONVERGED" not in repr(settled)
    given = repr(State.of(PLAIN, np.ones((16, 16)), np.zeros((2, 16, 16))))
    assert not any(word in given for word in ("onverged", "CONVERGED", "settled"))


@pytest.mark.parametrize("name", ["noise", "observe", "keep"])
def test_errors_in_functions_blame_the_function(name):
    with pytest.raises(ZeroDivisionError) as caught:
        evolve(PLAIN, "uniform", 1.0, record=[0.5], **{name: lambda now: 1 / 0})
    assert f"the function given as {name}, at time" in caught.value.__notes__[0]


def test_a_ring_too_thin_for_the_spacing_is_noted():
    def ring(width):
        return lambda x, y: (0.3 * np.exp(-(((np.hypot(x - 4, y - 4) - 2) / width) ** 2)), 0 * x)

    assert GinzburgLandau(GRID, 2.0, ring(0.8)).warnings == ()
    assert "coarse for it" in GinzburgLandau(GRID, 2.0, ring(0.05)).warnings[0]
