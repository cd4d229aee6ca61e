"""The search in samples with holes, which hold flux that no vortex shows; and lines across open crystals."""

from __future__ import annotations

import numpy as np
import pytest

from pseudogauge import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, fluxoid, ground_state, minimise
from pseudogauge.ginzburg_landau.holes import Holes


def round_hole(x0, y0, radius):
    return lambda x, y, *z: np.hypot(x - x0, y - y0) > radius


def washer(x, y):
    return (np.hypot(x - 20, y - 20) < 8) & (np.hypot(x - 20, y - 20) > 4)


def test_holes_are_counted_across_borders_and_the_outside_is_none():
    grid = Grid((30, 30), 0.5)
    corner = lambda x, y: np.hypot((x + 7.5) % 15 - 7.5, (y + 7.5) % 15 - 7.5) > 3  # noqa: E731
    assert Holes.of(GinzburgLandau(grid, 2.0, sample=corner)).places == [(0.0, 0.0)]
    open_grid = Grid((30, 30), 0.5, False)
    assert Holes.of(GinzburgLandau(open_grid, 2.0, sample=corner)).places == []  # the rim takes them
    assert Holes.of(GinzburgLandau(open_grid, 2.0, sample=round_hole(7, 7, 3))).places == [(7.0, 7.0)]
    assert Holes.of(GinzburgLandau(open_grid, 2.0)).places == []
    disk = lambda x, y: np.hypot(x - 7.5, y - 7.5) < 4  # noqa: E731
    strip = lambda x, y: abs(x - 7.5) < 4  # noqa: E731
    for sample in (disk, strip):
        assert Holes.of(GinzburgLandau(grid, 2.0, sample=sample)).places == []
    two = lambda x, y: round_hole(4, 7, 1.2)(x, y) & round_hole(11, 7, 1.2)(x, y)  # noqa: E731
    assert Holes.of(GinzburgLandau(open_grid, 2.0, sample=two)).places == [(4.0, 7.0), (11.0, 7.0)]
    smooth = lambda x, y: np.hypot(x - 7, y - 7) - 3  # noqa: E731
    assert Holes.of(GinzburgLandau(grid, 2.0, sample=smooth)).places == [(7.0, 7.0)]


def test_winding_of_a_hole_is_its_fluxoid():
    problem = GinzburgLandau(Grid((30, 30), 0.5, False), 2.0, sample=round_hole(7.5, 7.5, 3.0))
    for n in (-1, 0, 2):
        state = minimise(problem, start=[(7.5, 7.5, n)], tol=1e-3)
        loop = fluxoid(state, x=(2.5, 12.5), y=(2.5, 12.5)).winding
        assert Holes.of(problem).windings(state) == (n,) == (loop,)
        assert len(state.vortices) == 0


@pytest.mark.parametrize(("radius", "field"), [(3.0, 0.1), (4.0, 0.1), (2.0, 0.15)])
def test_one_hole_against_every_number_of_quanta(radius, field):
    sample = round_hole(7.5, 7.5, radius)
    problem = GinzburgLandau(Grid((30, 30), 0.5, False), 2.0, sample=sample, applied_field=field)
    by_hand = [minimise(problem, start=[(7.5, 7.5, n)], tol=1e-6).energy for n in range(5)]
    best = ground_state(problem, tol=1e-6)
    assert best.energy == pytest.approx(min(by_hand), abs=1e-6)
    n = int(np.argmin(by_hand))
    assert n > 0
    assert best.candidates[0].holes == ((7.5, 7.5, n),)
    assert {c.holes[0][2] for c in best.candidates} >= {n - 1, n, n + 1}


def test_a_search_blind_to_holes_misses_their_flux(monkeypatch):
    problem = GinzburgLandau(
        Grid((30, 30), 0.5, False), 2.0, sample=round_hole(7.5, 7.5, 4.0), applied_field=0.1
    )
    none = Holes(np.zeros(problem.grid.shape, dtype=np.int64), [])
    monkeypatch.setattr(Holes, "of", lambda problem: none)
    assert ground_state(problem, tol=1e-4).energy > -84.661 + 0.1


def test_two_holes():
    sample = lambda x, y: round_hole(8, 12, 3)(x, y) & round_hole(16, 12, 3)(x, y)  # noqa: E731
    problem = GinzburgLandau(Grid((48, 48), 0.5, False), 3.0, sample=sample, applied_field=0.05)
    best = ground_state(problem, random_starts=0, tol=1e-4)
    assert best.energy == pytest.approx(-255.335, abs=0.01)
    assert [n for *_, n in best.candidates[0].holes] == [1, 1]


def test_washer_of_thin_film():
    """Against six vortices placed in the hole by hand, of which two leave."""
    problem = GinzburgLandau(Grid((80, 80), 0.5), pearl_length=8.0, sample=washer, applied_field=0.2)
    best = ground_state(problem, random_starts=0, tol=1e-4)
    assert best.energy == pytest.approx(-69.055, abs=0.01)


def test_sectors_of_a_cell_with_a_hole():
    sample = round_hole(10, 10, 3.0)
    problem = GinzburgLandau(Grid((40, 40), 0.5), 3.0, sample=sample, applied_field=0.1)
    best = ground_state(problem, random_starts=0, tol=1e-4)
    held = [minimise(problem.in_sector(n), start=[(10, 10, 1)] * n, tol=1e-4).energy for n in (1, 2, 3)]
    assert best.problem.flux_quanta == 2 == 1 + int(np.argmin(held))
    assert best.energy == pytest.approx(min(held), abs=1e-3)
    assert {1, 3} < {c.sector for c in best.candidates}
    kept = ground_state(problem, sectors=[3], random_starts=0, tol=1e-4)
    assert {c.sector for c in kept.candidates} == {3}
    assert kept.energy <= held[2] + 1e-3


def test_a_tube_through_layers_is_a_hole_of_two_dimensions():
    sample = round_hole(7.5, 7.5, 3.0)
    flat = GinzburgLandau(Grid((20, 20), 0.75, False), 2.0, sample=sample, applied_field=0.1)
    tall = GinzburgLandau(Grid((20, 20, 4), 0.75, False), 2.0, sample=sample, applied_field=0.1)
    best = [ground_state(problem, random_starts=0, tol=1e-5) for problem in (flat, tall)]
    assert best[1].energy == pytest.approx(3 * best[0].energy, abs=1e-3)
    assert [state.candidates[0].holes[0][2] for state in best] == [1, 1]


def test_lines_along_any_axis_of_a_rotated_box():
    """Γ = 1: the box and the field rotated together."""
    energies = []
    for axis, shape in ((0, (16, 24, 16)), (1, (16, 16, 24)), (2, (24, 16, 16))):
        along = tuple(0.5 * (a == axis) for a in range(3))
        problem = GinzburgLandau(Grid(shape, 0.5, False), 2.0, applied_field=along)
        energies.append(ground_state(problem, random_starts=0, tol=1e-4).energy)
    assert np.ptp(energies) < 1e-2
    assert energies[0] == pytest.approx(-195.286, abs=1e-2)


def test_what_began_without_vortices_and_has_some_says_so():
    problem = GinzburgLandau(Grid((24, 24), 0.5, False), 2.0, applied_field=0.6)
    labels = {c.start: c for c in ground_state(problem, random_starts=0, tol=1e-4).candidates}
    assert "no vortices" not in labels
    assert labels["no vortices at first"].vortices


@pytest.mark.parametrize("wrong", [{"random_starts": -1}, {"random_starts": 1.5}, {"kept": "x"}])
def test_settings_are_refused(wrong):
    problem = GinzburgLandau(Grid((8, 8), 0.5), 2.0)
    with pytest.raises(InputError, match=next(iter(wrong))):
        ground_state(problem, **wrong)
