"""Minimisations side by side give what each gives alone."""

from __future__ import annotations

import importlib
import signal
import threading
from collections import Counter

import numpy as np
import pytest

from pseudogauge.errors import InputError, Interrupted
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, ground_state, minimise, minimise_many

PROBLEM = GinzburgLandau(Grid((20, 16), 0.5, (True, False)), 2.0, applied_field=0.3)


def test_any_number_of_threads_gives_the_single_minimisations():
    starts = [None, None, "uniform", [(5.0, 4.0, 1)]]
    alone = [
        minimise(PROBLEM, rng, start, tol=1e-5, threads=1)
        for rng, start in zip(np.random.default_rng(7).spawn(4), starts, strict=True)
    ]
    assert alone[0].energy != alone[1].energy
    for threads in (1, 3):
        for ours, theirs in zip(
            minimise_many(PROBLEM, starts, 7, tol=1e-5, threads=threads), alone, strict=True
        ):
            assert np.array_equal(ours.order_parameter, theirs.order_parameter)
            assert ours.iterations == theirs.iterations


@pytest.mark.parametrize(
    ("starts", "threads", "words"),
    [
        (8, None, "a list of starts"),
        ("uniform", None, "a list of starts"),
        (["uniform"], 0, "threads"),
        (["uniform", "odd"], None, '"uniform"'),
    ],
)
def test_refused(starts, threads, words):
    with pytest.raises(InputError, match=words):
        minimise_many(PROBLEM, starts, threads=threads)


def test_no_starts_no_states():
    assert minimise_many(PROBLEM, []) == ()


def press_key_when_both_are_under_way(monkeypatch):
    """Ctrl-C in the main thread once two minimisations have made three steps each."""
    engine, steps, pressed = importlib.import_module("pseudogauge.ginzburg_landau.minimise"), Counter(), []
    search, lock = engine._line_search, threading.Lock()

    def step(*given):
        with lock:
            steps[threading.get_ident()] += 1
            if len(steps) == 2 and min(steps.values()) >= 3 and not pressed:
                pressed.append(True)
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        return search(*given)

    monkeypatch.setattr(engine, "_line_search", step)


def test_interrupt_stops_all_at_their_next_step_and_hands_over_what_they_reached(monkeypatch):
    """Of four runs of hundreds of iterations on two threads two are under way, and two have not begun."""
    problem, kept = GinzburgLandau(Grid((48, 48), 0.5), 2.0, flux_quanta=4), {}
    press_key_when_both_are_under_way(monkeypatch)
    with pytest.raises(Interrupted) as stopped:
        minimise_many(problem, [None] * 4, tol=1e-13, threads=2, kept=kept)
    first, second, *rest = stopped.value.states
    assert rest == [None, None]
    assert all(s.iterations >= 2 and s.message.startswith("interrupted") for s in (first, second))
    assert stopped.value.state is min(first, second, key=lambda state: state.energy)
    assert not any(reached.finished for reached in kept.values())
    assert sorted(r.iterations for r in kept.values()) == sorted([first.iterations, second.iterations])
    monkeypatch.undo()
    on, _ = minimise_many(problem, [None] * 4, tol=1e-13, max_iterations=first.iterations + 5)[:2]
    assert on.iterations == first.iterations + 5  # it was far from its end


def test_an_interrupted_search_hands_over_though_nothing_was_finished(monkeypatch):
    problem = GinzburgLandau(Grid((48, 48), 0.5), 2.0, flux_quanta=4)
    press_key_when_both_are_under_way(monkeypatch)
    with pytest.raises(Interrupted) as stopped:
        ground_state(problem, sectors=[4], threads=2)
    assert stopped.value.state.message.startswith("interrupted")


def test_an_error_stops_the_others():
    problem, kept = GinzburgLandau(Grid((48, 48), 0.5), 2.0, flux_quanta=4), {}
    with pytest.raises(InputError, match="start"):
        minimise_many(problem, ["odd", None], tol=1e-13, threads=2, kept=kept)
    assert not any(reached.finished for reached in kept.values())
