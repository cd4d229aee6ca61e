"""Minimisations side by side give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise, minimise_many

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
