"""The minimiser: descent, starts, convergence as data, and the search on top of it."""

from __future__ import annotations

import importlib
import math
import time

import numpy as np
import pytest

from pseudogauge.errors import Interrupted
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, ground_state, minimise


def rings(centres, radius, width, strength):
    """ã = strength × unit azimuthal vector, Gaussian across the ring of each disk."""

    def potential(x, y):
        ax, ay = 0.0 * x, 0.0 * y
        for cx, cy in centres:
            r = np.hypot(x - cx, y - cy) + 1e-12
            profile = strength * np.exp(-(((r - radius) / width) ** 2)) / r
            ax, ay = ax - (y - cy) * profile, ay + (x - cx) * profile
        return ax, ay

    return potential


@pytest.mark.parametrize("spacing", [1.0, 0.5, 0.25, 0.125])
@pytest.mark.parametrize("kappa", [1.0, 10.0, 100.0])
def test_iterations_do_not_depend_on_spacing_or_kappa_without_vortices(spacing, kappa):
    n = round(12 / spacing)
    potential = rings([(6.0, 6.0)], 2.5, 0.7, 0.3)
    problem = GinzburgLandau(Grid((n, n), spacing), kappa, potential)
    state = minimise(problem, start="uniform", tol=1e-6)
    assert state.converged
    assert state.iterations <= 15
    assert state.vortices.net == 0


def counts(starts, kappa, spacing):
    """Iterations from each start, in a cell of 16 ξ with a flux quantum and a ring; and where the vortex rests."""
    n = round(16 / spacing)
    problem = GinzburgLandau(Grid((n, n), spacing), kappa, rings([(10.2, 4.3)], 3.0, 0.8, 0.4), flux_quanta=1)
    found = []
    for start in starts:
        state = minimise(problem, **start, tol=1e-6)
        assert state.converged
        assert len(state.vortices) == 1
        found.append(state.iterations)
    return np.array(found), (state.vortices.x[0], state.vortices.y[0], 1)


PLACED = [{"start": [(*np.random.default_rng(seed).uniform(0, 16, 2), 1)]} for seed in range(3)]
RANDOM = [{"rng": seed} for seed in range(3)]


@pytest.mark.parametrize("kappa", [1.0, 2.0, 10.0, 100.0])
def test_iterations_do_not_depend_on_spacing_with_a_vortex(kappa):
    """A cell with one flux quantum, where no single gauge has short links everywhere; near κ = 1 a long drift."""
    coarse, _ = counts(PLACED, kappa, 0.5)
    fine, place = counts(PLACED, kappa, 0.25)
    assert np.all(np.maximum(coarse, fine) <= 1.5 * np.minimum(coarse, fine))
    resting, _ = counts([{"start": [place]}], kappa, 0.25)
    assert resting <= 50  # whatever κ: the rest is drift


@pytest.mark.parametrize("kappa", [1.0, 2.0, 10.0, 100.0])
def test_iterations_do_not_depend_on_spacing_from_random_starts(kappa):
    """A random start is another one on another grid: the sum over seeds is compared."""
    coarse, fine = (counts(RANDOM, kappa, spacing)[0].sum() for spacing in (0.5, 0.25))
    assert max(coarse, fine) <= 1.5 * min(coarse, fine)


def test_iterations_depend_on_spacing_in_a_single_gauge(monkeypatch):
    """The tests above can fail: here is what they would see without `gauge_frames`."""
    engine = importlib.import_module("pseudogauge.ginzburg_landau.landscape")
    monkeypatch.setattr(engine, "gauge_frames", lambda problem: np.ones((1, *problem.grid.shape)))
    coarse, fine = (counts(PLACED, 10.0, spacing)[0] for spacing in (0.5, 0.125))
    monkeypatch.undo()
    good, _ = counts(PLACED, 10.0, 0.125)
    assert np.all(fine > 1.5 * coarse)
    assert np.all(fine > 2 * good)


def test_energy_never_rises():
    problem = GinzburgLandau(Grid((24, 24), 0.5), kappa=2.0, flux_quanta=2)
    state, energies = None, []
    for count in range(0, 60, 3):
        state = minimise(problem, rng=1, max_iterations=count)
        energies.append(state.energy)
        assert not state.converged
        assert "continue with start=state" in state.message
    assert np.all(np.diff(energies) < 0)
    finished = minimise(problem, start=state)
    assert finished.converged
    assert finished.residual <= 1e-8
    assert finished.energy < energies[-1]


def test_tight_tolerance_does_not_stall_at_rounding():
    problem = GinzburgLandau(Grid((96, 96), 0.125), kappa=2.0, flux_quanta=1)
    state = minimise(problem, start=[(6.0, 6.0, 1)], tol=1e-11)
    assert state.converged
    hopeless = minimise(problem, start=state, tol=1e-30, max_iterations=200)
    assert not hopeless.converged
    assert hopeless.residual < 1e-11


def test_same_seed_same_state():
    problem = GinzburgLandau(Grid((16, 16), 0.5), kappa=2.0, flux_quanta=1)
    first, second = (minimise(problem, rng=7, max_iterations=30) for _ in range(2))
    assert np.array_equal(first.order_parameter, second.order_parameter)
    other = minimise(problem, rng=8, max_iterations=30)
    assert not np.array_equal(first.order_parameter, other.order_parameter)


def test_placed_vortices_are_found_where_they_were_placed():
    problem = GinzburgLandau(Grid((40, 40), 0.5), kappa=2.0, flux_quanta=1)
    placed = [(5.0, 6.0, 1), (15.0, 14.0, 1), (5.0, 15.0, -1)]
    state = minimise(problem, start=placed, max_iterations=0)
    found = sorted(zip(state.vortices.x, state.vortices.y, state.vortices.winding, strict=True))
    assert len(found) == 3
    for (x, y, w), (a, b, c) in zip(found, sorted(placed), strict=True):
        assert math.hypot(x - a, y - b) < 0.3
        assert w == c


@pytest.mark.parametrize("periodic", [(False, True), (False, False)])
def test_vortices_can_be_placed_in_open_samples(periodic):
    problem = GinzburgLandau(Grid((30, 26), 0.5, periodic), kappa=2.0)
    state = minimise(problem, start=[(5.0, 6.0, 1), (11.0, 7.5, 1)], max_iterations=0)
    assert sorted(state.vortices.winding) == [1, 1]
    assert sorted(np.rint(state.vortices.x * 2) / 2) == [5.0, 11.0]


def test_warm_start_is_quicker():
    def problem(strength):
        return GinzburgLandau(Grid((32, 32), 0.5), 2.0, rings([(8.0, 8.0)], 3.0, 0.8, strength))

    first = minimise(problem(0.3), start="uniform")
    assert minimise(problem(0.3), start=first).iterations == 0
    assert minimise(problem(0.301), start=first).iterations < first.iterations


def test_vortex_position_is_found_inside_the_plaquette():
    """A single zero of ψ in zero field, anywhere in the cell, is found to second order."""
    grid = Grid((20, 20), 0.25, False)
    x, y = grid.sites
    for a, b in [(2.41, 2.63), (2.5, 2.5), (1.77, 3.02)]:
        psi = np.conj((x - a) + 1j * (y - b))  # winding +1 is θ = −φ
        state = State.of(GinzburgLandau(grid, 2.0), psi / (1 + abs(psi)), np.zeros((2, 20, 20)))
        assert list(state.vortices.winding) == [1]
        assert state.vortices.x[0] == pytest.approx(a, abs=0.02)
        assert state.vortices.y[0] == pytest.approx(b, abs=0.02)


def test_ground_state_of_the_empty_cell():
    problem = GinzburgLandau(Grid((24, 24), 0.5), kappa=2.0, pseudo_potential=lambda x, y: (0 * x, 0 * y))
    best = ground_state(problem, rng=0)
    assert best.energy == pytest.approx(-72, abs=1e-6)
    assert best.candidates[0].energy == best.energy
    assert best.candidates[0].vortices == ()
    assert best.candidates[-1].energy > best.energy + 1


def test_ground_state_finds_the_triangular_lattice():
    dx = math.sqrt(4 * math.pi / (15 * 26 * 0.7))
    best = ground_state(GinzburgLandau(Grid((15, 26), dx), kappa=10.0, flux_quanta=2), sectors=[2])
    density = np.abs(best.order_parameter) ** 2
    assert np.mean(density**2) / np.mean(density) ** 2 < 1.17
    assert best.vortices.net == 2
    assert len(best.vortices) == 2


def test_ground_state_enters_vortices_in_an_open_sample_above_the_lower_critical_field():
    grid = Grid((32, 32), 0.5, False)
    below = ground_state(GinzburgLandau(grid, 2.0, applied_field=0.15))
    above = ground_state(GinzburgLandau(grid, 2.0, applied_field=0.35))
    assert len(below.vortices) == 0
    assert above.vortices.net > 0


def test_ground_state_of_a_strong_ring_beats_the_vortex_free_state():
    """Strong rings: the London estimate and the search agree that vortices pay, of the sign it names."""
    centres = [(6.0, 6.0)]
    problem = GinzburgLandau(Grid((32, 32), 0.5), 4.0, rings(centres, 3.0, 0.8, 0.9))
    start = time.perf_counter()
    best = ground_state(problem, rng=0)
    assert time.perf_counter() - start < 20
    free = minimise(problem, start="uniform")
    assert best.converged
    assert best.energy <= free.energy + 1e-8
    assert best.candidates == tuple(sorted(best.candidates, key=lambda c: c.energy))
    assert {c.sector for c in best.candidates} >= {0}
    again = ground_state(problem, rng=0)
    assert again.energy == best.energy


def test_settled_energy_stops_a_drifting_vortex():
    """A vortex far from one weak ring: the energy settles long before the vortex stops drifting."""
    problem = GinzburgLandau(Grid((64, 64), 0.5), 2.0, rings([(6.0, 6.0)], 3.0, 0.8, 0.3), flux_quanta=1)
    start = [(18.0, 14.0, 1)]
    early = minimise(problem, start=start, energy_tol=1e-7)
    assert not early.converged
    assert "settled" in early.message
    strict = minimise(problem, start=start, max_iterations=early.iterations)
    assert not strict.converged
    assert strict.energy == early.energy
    late = minimise(problem, start=early)
    assert late.converged
    assert late.residual <= 1e-8
    assert 0 < early.energy - late.energy < 1e-6 * abs(late.energy)


def test_interrupt_keeps_the_last_step(monkeypatch):
    """Ctrl-C in the tenth line search leaves the state of the ninth, and the search goes on from there."""
    problem = GinzburgLandau(Grid((32, 32), 0.5), 2.0, rings([(6.0, 6.0)], 3.0, 0.8, 0.3))
    whole = minimise(problem, start="uniform")
    engine, calls = importlib.import_module("pseudogauge.ginzburg_landau.minimise"), []
    search = engine._line_search

    def press_key(*given):
        calls.append(given)
        if len(calls) == 10:
            raise KeyboardInterrupt
        return search(*given)

    monkeypatch.setattr(engine, "_line_search", press_key)
    with pytest.raises(Interrupted, match="the state reached") as stopped:
        minimise(problem, start="uniform")
    monkeypatch.undo()
    state = stopped.value.state
    assert (state.iterations, state.converged) == (9, False)
    assert minimise(problem, start="uniform", max_iterations=9).energy == state.energy
    assert minimise(problem, start=state).energy == pytest.approx(whole.energy, rel=1e-12)


def test_interrupted_search_hands_over_the_best_so_far(monkeypatch):
    """Ctrl-C in the third minimisation of a search leaves the lower of the first two."""
    problem = GinzburgLandau(Grid((32, 32), 0.5), 4.0, rings([(8.0, 8.0)], 4.0, 1.0, 0.5))
    engine, states = importlib.import_module("pseudogauge.ginzburg_landau.ground_state"), []

    def press_key(*given, **settings):
        if len(states) == 2:
            raise KeyboardInterrupt
        states.append(minimise(*given, **settings))
        return states[-1]

    monkeypatch.setattr(engine, "minimise", press_key)
    with pytest.raises(Interrupted) as stopped:
        ground_state(problem, rng=0, threads=1)
    best = stopped.value.state
    assert best.energy == min(state.energy for state in states)
    assert not best.converged
    assert best.message == "the search was interrupted"
    assert best.candidates[0].energy == best.energy


class Descents:
    """Counts minimisations that are really begun, and presses Ctrl-C in one of them."""

    def __init__(self, monkeypatch, stop=None):
        self.engine, self.begun, self.searches, self.stop = (
            importlib.import_module("pseudogauge.ginzburg_landau.minimise"),
            0,
            0,
            stop,
        )
        self.descend, self.search = self.engine._descend, self.engine._line_search
        monkeypatch.setattr(self.engine, "_descend", self.begin)
        monkeypatch.setattr(self.engine, "_line_search", self.step)

    def begin(self, *given):
        self.begun += 1
        return self.descend(*given)

    def step(self, *given):
        self.searches += 1
        if self.searches == self.stop:
            raise KeyboardInterrupt
        return self.search(*given)


@pytest.mark.parametrize("kappa", [2.0, math.inf])
def test_an_interrupted_minimisation_goes_on_where_it_was(monkeypatch, kappa):
    problem = GinzburgLandau(Grid((32, 32), 0.5), kappa, rings([(6.0, 6.0)], 3.0, 0.8, 0.3), flux_quanta=1)
    whole, kept = minimise(problem, rng=1, tol=1e-6), {}
    interrupted = Descents(monkeypatch, stop=whole.iterations // 2)
    with pytest.raises(Interrupted):
        minimise(problem, rng=1, tol=1e-6, kept=kept)
    (reached,) = kept.values()
    assert not reached.finished
    assert reached.iterations == whole.iterations // 2 - 1
    first = minimise(problem, rng=1, tol=1e-6, kept=kept)
    assert interrupted.searches < 1.6 * whole.iterations
    assert first.iterations > reached.iterations
    assert first.converged
    assert first.energy == pytest.approx(whole.energy, rel=1e-9)
    begun = interrupted.begun
    again = minimise(problem, rng=1, tol=1e-6, kept=kept)
    assert interrupted.begun == begun
    assert np.array_equal(again.order_parameter, first.order_parameter)
    assert (again.energy, again.converged, again.iterations) == (first.energy, True, first.iterations)
    for change in ({"start": [(1.0, 9.0, 1)], "tol": 1e-6}, {"rng": 1, "tol": 1e-7}):
        minimise(problem, **change, kept=kept)
    minimise(problem.changed(epsilon=0.99), rng=1, tol=1e-6, kept=kept)
    assert interrupted.begun == begun + 3


def test_an_interrupted_search_takes_up_what_it_had_and_ends_alike(monkeypatch):
    problem, kept = GinzburgLandau(Grid((32, 32), 0.5), 4.0, rings([(8.0, 8.0)], 4.0, 1.0, 0.5)), {}
    counted = Descents(monkeypatch)
    whole = ground_state(problem, rng=0)
    monkeypatch.undo()
    Descents(monkeypatch, stop=counted.searches // 2)
    with pytest.raises(Interrupted):
        ground_state(problem, rng=0, kept=kept)
    monkeypatch.undo()
    done = sum(reached.finished for reached in kept.values())
    assert 2 <= done < counted.begun
    rest = Descents(monkeypatch)
    best = ground_state(problem, rng=0, kept=kept)
    assert rest.begun == counted.begun - done
    assert best.energy == pytest.approx(whole.energy, rel=1e-12)
    assert [c.found for c in best.candidates] == [c.found for c in whole.candidates]


def test_a_long_minimisation_is_saved_on_its_way(monkeypatch):
    """What a killed process would leave: with no patience at all, the state of the last step."""
    monkeypatch.setattr(importlib.import_module("pseudogauge.ginzburg_landau.kept"), "EVERY", -1.0)

    class Log(dict):
        def __setitem__(self, key, reached):
            history.append(reached)
            super().__setitem__(key, reached)

    history = []
    problem = GinzburgLandau(Grid((24, 24), 0.5), kappa=2.0, flux_quanta=2)
    state = minimise(problem, rng=1, max_iterations=12, kept=Log())
    assert [reached.iterations for reached in history] == [*range(12), 12]
    assert [reached.finished for reached in history] == [False] * 12 + [True]
    half = history[6].fields
    assert State.of(problem, half[0] + 1j * half[1], half[2:]).energy > state.energy
