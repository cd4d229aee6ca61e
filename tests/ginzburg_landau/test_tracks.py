"""Vortex tracks: links through boundaries, births, deaths, crossing paths, a real annihilation."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, Vortices, evolve, track_vortices

CELL = Grid((20, 16), 0.5)  # 10 × 8


def some(*vortices):
    x, y, winding = np.array(vortices, dtype=float).reshape(-1, 3).T
    return Vortices(x, y, winding.astype(np.int64))


def test_path_runs_on_through_a_periodic_boundary_and_stops_at_an_open_one():
    snapshots = [some((9.0, 4.0, 1)), some((9.8, 4.5, 1)), some((0.6, 5.0, 1))]
    (track,) = track_vortices(snapshots, [0, 1, 2], CELL)
    assert track.x == pytest.approx([9.0, 9.8, 10.6])
    assert track.y == pytest.approx([4.0, 4.5, 5.0])
    assert (track.born, track.died) == (False, False)
    gone, new = track_vortices(snapshots, [0, 1, 2], Grid((20, 16), 0.5, False))
    assert (gone.died, new.born, gone.times.tolist(), new.times.tolist()) == (True, True, [0, 1], [2])


def test_births_deaths_signs_and_multiple_windings():
    snapshots = [some((2, 2, 2)), some((2.5, 2, 1), (1.5, 2, 1)), some(), some((2, 2, -1)), some((2, 2, 1))]
    tracks = track_vortices(snapshots, np.arange(5) * 0.1, CELL)
    assert [t.winding for t in tracks] == [1, 1, -1, 1]
    assert [t.born for t in tracks] == [False, False, True, True]
    assert [t.died for t in tracks] == [True, True, True, False]
    assert repr(tracks[2]) == "Track(-1, born at 0.3, gone after 0.3)"
    assert track_vortices([some()], [0.0], CELL) == ()


def test_links_are_the_cheapest_of_all():
    """Against every permutation, on vortices moved by less and by more than their distance."""
    rng = np.random.default_rng(0)
    reach = 1.5
    for spread in (0.1, 0.6, 1.5):
        old = rng.uniform(0, 1, (5, 2)) * [10, 8]
        new = (old + rng.normal(size=old.shape) * spread) % [10, 8]
        step = new[None] - old[:, None]
        step -= np.rint(step / [10, 8]) * [10, 8]
        square = np.minimum((step**2).sum(-1), reach**2)
        best = min(sum(square[n, p[n]] for n in range(5)) for p in permutations(range(5)))
        first, second = (some(*[(x, y, 1) for x, y in spots]) for spots in (old, new))
        tracks = [t for t in track_vortices([first, second], [0, 1], CELL, reach=reach) if not t.born]
        moved = [
            np.hypot(*(np.diff(c)[0] for c in (t.x, t.y))) ** 2 if t.times.size == 2 else reach**2
            for t in tracks
        ]
        assert sum(moved) == pytest.approx(best, rel=1e-12)
        assert max(moved) <= reach**2


def test_a_vortex_meets_an_antivortex():
    """Attraction: the distance of the two tracks shrinks to nothing, faster and faster, and both end together."""
    problem = GinzburgLandau(Grid((40, 24), 0.5), 2.0)
    times = np.arange(2.0, 200.0, 2.0)
    run = evolve(problem, [(7.0, 6.0, 1), (13.0, 6.0, -1)], 200.0, record=times)
    plus, minus = track_vortices(run.recorded, run.recorded_times, problem.grid)
    assert (plus.winding, minus.winding) in ((1, -1), (-1, 1))
    assert plus.died
    assert minus.died
    assert np.array_equal(plus.times, minus.times)
    assert plus.times[-1] < 198
    apart = np.abs(plus.x - minus.x)
    assert apart[0] > 5
    assert np.all(np.diff(apart) < 1e-6)
    assert apart[-2] - apart[-1] > 2 * (apart[0] - apart[1])


@pytest.mark.parametrize(
    ("times", "reach"),
    [([0, 1, 2], 1.0), ([1, 0], 1.0), ([0, math.nan], 1.0), ([0, 1], 0.0), ([0, 1], math.nan)],
)
def test_bad_input(times, reach):
    with pytest.raises(InputError, match=r"times|reach"):
        track_vortices([some(), some()], times, CELL, reach=reach)
