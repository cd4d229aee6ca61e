"""The global search on cases whose answer is known."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, ground_state, minimise


def rings(*centres, radius=4.0, width=2.0, strength=-0.6):
    """ã of smooth rings (one sign) in a cell of 24 ξ."""

    def potential(x, y):
        ax, ay = 0 * x, 0 * y
        for cx, cy in centres:
            u, v = (np.mod(d + 12.0, 24.0) - 12.0 for d in (x - cx, y - cy))
            r = np.hypot(u, v) + 1e-12
            profile = strength * np.exp(-(((r - radius) / width) ** 2)) / r
            ax, ay = ax - v * profile, ay + u * profile
        return ax, ay

    return potential


def up_to_two_vortices(steps=2):
    """All ways to put none, one or two of either sign on a square raster, up to the symmetries of the square."""
    axis = range(-steps, steps + 1)
    one = [(i, j, w) for i in axis for j in axis for w in (1, -1)]
    two = [(p, q) for p, q in itertools.combinations(one, 2) if p[:2] != q[:2]]

    def alike(vortices):
        for swap, a, b in itertools.product((False, True), (1, -1), (1, -1)):
            turned = [(a * (j if swap else i), b * (i if swap else j), w) for i, j, w in vortices]
            yield tuple(sorted(turned))

    return sorted({min(alike(vortices)) for vortices in [(), *((p,) for p in one), *two]})


def test_one_inclusion_against_exhaustive_search():
    """Every arrangement of up to two vortices of either sign on a raster of 4.8 ξ through its centre, as a start."""
    problem = GinzburgLandau(Grid((24, 24), 1.0), 4.0, rings((12.0, 12.0)))
    starts = up_to_two_vortices()
    assert len(starts) == 1 + 2 * 6 + 2 * 49 + 85  # Burnside, over the 8 symmetries
    reached = []
    for start in starts:
        placed = [(12 + 4.8 * i, 12 + 4.8 * j, w) for i, j, w in start]
        here = problem.in_sector(sum(w for *_, w in start))
        reached.append(minimise(here, start=placed, tol=1e-3, energy_tol=1e-6).energy)
    best = ground_state(problem, rng=0)
    assert best.energy == pytest.approx(min(reached), abs=1e-4)
    assert best.vortices.winding.tolist() == [-1]
    assert sorted(reached)[len(reached) // 2] > best.energy + 1  # most starts end elsewhere


def test_two_inclusions_against_starts_by_hand():
    """Single vortices on some places of a raster, antivortices inside any inclusions, with and without one between."""
    centres = [(7.0, 8.0), (18.0, 15.0)]
    problem = GinzburgLandau(Grid((48, 48), 0.5), 4.0, rings(*centres))
    best = ground_state(problem, rng=0)
    some_places = [(3.0 * a + 1.5, 3.0 * b + 1.5) for a in range(8) for b in range(8)][::6]
    singles = [[(x, y, w)] for x, y in some_places for w in (1, -1)]
    inside = [[(x, y, -1) for x, y in some] for k in (1, 2) for some in itertools.combinations(centres, k)]
    pairs = [[*some, (0.0, 0.0, 1)] for some in inside]
    reached = []
    for start in [[], *singles, *inside, *pairs]:
        here = problem.in_sector(sum(w for *_, w in start))
        reached.append(minimise(here, start=start, tol=1e-4, energy_tol=1e-7).energy)
    assert best.energy <= min(reached) + 1e-5
    assert best.vortices.winding.tolist() == [-1, -1]
    assert best.candidates[0].found >= 1
    assert sum(c.found for c in best.candidates) > len(best.candidates)


def test_triangular_lattice_in_a_commensurate_cell():
    """Four vortices, rows in the ratio 13 : 15 ≈ √3/2, from all starts the search has, against placing them."""
    problem = GinzburgLandau(Grid((30, 26), 0.5), 5.0, flux_quanta=4)
    best = ground_state(problem, rng=1, sectors=[4], random_starts=2)
    placed = [(3.75 * a + 1.0, 6.5 * b + 1.0, 1) for a, b in ((0, 0), (2, 0), (1, 1), (3, 1))]
    by_hand = minimise(problem, start=placed)
    assert best.energy == pytest.approx(by_hand.energy, abs=1e-6)
    assert best.candidates[0].found >= 2
    neighbours = sorted(
        math.hypot(
            *((d + 0.5 * s) % s - 0.5 * s for d, s in zip((xi - xj, yi - yj), (15.0, 13.0), strict=True))
        )
        for (xi, yi), (xj, yj) in itertools.combinations(
            zip(best.vortices.x, best.vortices.y, strict=True), 2
        )
    )
    assert neighbours[0] == pytest.approx(7.5, abs=0.05)


def test_uniform_sample_without_field_has_none():
    best = ground_state(GinzburgLandau(Grid((32, 32), 0.5), 4.0), rng=3)
    assert len(best.vortices) == 0
    assert best.energy == pytest.approx(-128.0, abs=1e-9)


def test_reproducible_by_seed():
    problem = GinzburgLandau(Grid((32, 32), 0.75), 4.0, rings((12.0, 12.0)))
    first, again = (ground_state(problem, rng=7) for _ in range(2))
    assert first.candidates == again.candidates


def test_open_sample_in_a_field_is_annealed_too():
    """Several vortices enter; the search is not above any row or ring of as many placed by hand."""
    problem = GinzburgLandau(Grid((40, 40), 0.5, periodic=False), 4.0, applied_field=0.25)
    best = ground_state(problem, rng=0)
    n = best.vortices.net
    assert n > 2
    turns = 2 * np.pi * np.arange(n) / n
    ring = [(10 + 4.5 * math.cos(t), 10 + 4.5 * math.sin(t), 1) for t in turns]
    centred = [
        (10.0, 10.0, 1),
        *((10 + 5 * math.cos(t), 10 + 5 * math.sin(t), 1) for t in turns[:-1] * n / (n - 1)),
    ]
    for start in (ring, centred):
        assert best.energy <= minimise(problem, start=start, energy_tol=1e-9).energy + 1e-4


def test_a_sector_too_dense_for_the_gas_starts_at_random():
    """B = 4.4 H_c2: normal, with nothing but the energy of the field."""
    problem = GinzburgLandau(Grid((24, 24), 0.5), 4.0)
    best = ground_state(problem, sectors=[100], random_starts=0)
    assert best.energy == pytest.approx(16 * (2 * math.pi * 100) ** 2 / 144, rel=1e-9)
