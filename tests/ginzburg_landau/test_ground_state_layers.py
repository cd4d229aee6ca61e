"""The search among vortex lines: two dimensions as a limit, a ball against starts by hand, workers, sectors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, ground_state, line_potential, minimise
from pseudogauge.ginzburg_landau.columns import averaged
from pseudogauge.ginzburg_landau.holes import Holes
from pseudogauge.ginzburg_landau.line_proposals import LineProposals
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.ginzburg_landau.vortex_lines import thread
from pseudogauge.inclusions import balls, layered_pseudo_field


def wave(x, y):
    return 0.3 * np.sin(math.pi * y / 4) * np.cos(math.pi * x / 4), 0.2 * np.cos(math.pi * x / 2)


def ring(x, y, strength=-1.0):
    """ã round (6, 6) in a cell of 12 ξ."""
    u, v = x - 6, y - 6
    r = np.hypot(u, v) + 1e-12
    profile = strength * np.exp(-(((r - 3) / 1.5) ** 2)) / r
    return -v * profile, u * profile


def layers(shape, f, *given, **other):
    tall = lambda x, y, z: (*f(x, y), 0 * x)  # noqa: E731
    return GinzburgLandau(Grid(shape, *given), 4.0, tall, anisotropy=2.0, layer_spacing=0.8, **other)


@pytest.mark.parametrize("periodic", [True, False, (True, False, True)])
def test_landscape_of_equal_layers_is_that_of_two_dimensions(periodic):
    """Inclusions, applied field, and the repulsion of a line that is there."""
    flat_axes = periodic if isinstance(periodic, bool) else periodic[:2]
    flat = GinzburgLandau(Grid((16, 16), 0.5, flat_axes), 4.0, wave, applied_field=0.1)
    tall = layers((16, 16, 3), wave, 0.5, periodic, applied_field=0.1)
    nx, ny = flat.grid.plaquette_shape
    none = np.zeros((3, *tall.grid.shape), dtype=int)
    bare = London(tall).line_landscape(none)
    assert np.abs(bare[:nx, :ny] - London(flat).landscape[:nx, :ny, None]).max() < 1e-12
    line = thread(tall.grid, [(np.array([(3.2, 4.1, 0), (3.2, 4.1, 2.4)]), 1)])
    more = London(tall).line_landscape(line) - bare
    assert np.abs(more[:nx, :ny] - London(flat).repulsion((5, 7))[:nx, :ny, None]).max() < 1e-12
    assert np.abs(averaged(tall).pseudo_links - flat.pseudo_links).max() < 1e-14


def test_landscape_of_a_ball_is_its_pseudo_field_less_the_screened_one():
    """Against u = 4πκ²(h̃ − Gh̃) by Fourier series, along closed lines: gradients along z drop out."""
    where = np.array([6.0, 6.0, 6.0])

    def field(centre):
        one = balls([centre], 3.0, edge_width=2.0, extent=(12, 12, 12), exchange=0.01)
        return layered_pseudo_field(one, 2.0, kappa=5.0)

    wrong = []
    for n in (12, 24):
        grid = Grid((n, n, n), 12 / n)
        crystal = GinzburgLandau(grid, 5.0, field(where), anisotropy=3.0)
        found = London(crystal).line_landscape(np.zeros((3, n, n, n), dtype=int)).mean(axis=2)
        aside = np.array([0.5, 0.5, 0]) * grid.spacing  # plaquettes, where the elastic line asks at sites
        expected = line_potential(field(where - aside), grid).mean(axis=2)
        wrong.append(np.abs(found - expected).max() / np.ptp(expected))
    assert wrong[1] < 0.01
    assert wrong[0] / wrong[1] > 3


def test_equal_layers_have_the_ground_state_of_two_dimensions():
    flat = ground_state(GinzburgLandau(Grid((12, 12), 1.0), 4.0, ring), rng=0, tol=1e-5)
    tall = ground_state(layers((12, 12, 4), ring, 1.0), rng=0, tol=1e-5)
    assert tall.energy == pytest.approx(3.2 * flat.energy, abs=1e-5)
    assert flat.vortices.winding.tolist() == [-1]
    (line,) = tall.vortex_lines
    assert line.winding * line.span[2] == pytest.approx(-3.2)
    best = tall.candidates[0]
    assert (best.sector, best.vortices[0][2]) == (-1, -1)
    assert best.vortices[0][:2] == pytest.approx((6.0, 6.0), abs=0.1)
    assert {c.sector for c in tall.candidates} >= {-1, 0, 1}


@pytest.fixture(scope="module")
def ball():
    """A ball beyond the threshold of loops, Γ = 3."""
    one = balls([(8, 8, 8)], 5.0, edge_width=3.0, extent=(16, 16, 16), exchange=0.01)
    field = layered_pseudo_field(one, coupling=5.6, kappa=8.0)
    return GinzburgLandau(Grid((16, 16, 16), 1.0), 8.0, field, anisotropy=3.0)


@pytest.fixture(scope="module")
def best(ball):
    return ground_state(ball, rng=0, tol=1e-4)


def test_a_ball_against_starts_by_hand(ball, best):
    """Lines of either sign on a raster, and rectangles through the middle of the ball."""
    reached = [minimise(ball, start="uniform", tol=1e-3).energy]
    for x in (2, 5, 8):
        for w in (1, -1):
            one = minimise(ball.in_sector((0, 0, w)), start=[(x + 0.1, 8.2, w)], tol=1e-3, energy_tol=1e-6)
            reached.append(one.energy)
    for width in (3, 5, 7):
        for half in (3, 6):
            z = (8 - half, 8 + half)
            corners = [(8.2, 8.2, z[1]), (8.2, 8.2, z[0]), (8.2 + width, 8.2, z[0]), (8.2 + width, 8.2, z[1])]
            loop = np.array([*corners, corners[0]])
            reached.append(minimise(ball, start=[loop], tol=1e-3, energy_tol=1e-6).energy)
    assert best.energy <= min(reached) + 0.01
    assert np.ptp(reached) > 100
    assert {c.sector for c in best.candidates} >= {-1, 0, 1}
    assert sum(c.found for c in best.candidates) > len(best.candidates)


def test_workers_do_not_matter(ball, best):
    again = ground_state(ball, rng=0, tol=1e-4, threads=1)
    assert again.candidates == best.candidates


def test_new_lines_keep_away_from_old_ones_and_lie_in_the_crystal():
    problem = layers((16, 16, 4), wave, 0.5, (True, False, False), applied_field=0.2)
    start = minimise(problem, start=[(4.0, 4.0, 1)], tol=1e-3)
    (old,) = start.vortex_lines
    place = old.points[:, :2].mean(axis=0)
    for proposal in LineProposals.of(problem, Holes.of(problem)).around(start, np.random.default_rng(0)):
        for line in proposal.vortices:
            if not isinstance(line, tuple) and line is not old and proposal.vortices[0] is old:
                assert np.hypot(*(line.points[:, :2] - place).T).min() > 1.5
                assert 0 < line.points[:, 1].min() < line.points[:, 1].max() < 8
        minimise(problem, start=proposal.vortices, max_iterations=0)


def test_tilted_flux_and_slabs():
    """A flux along x holds its lines; with open sides there is one sector."""
    tilted = GinzburgLandau(Grid((8, 8, 6), 0.8), 2.0, flux_quanta=(1, 0, 0))
    state = ground_state(tilted, sectors=[0], random_starts=0, tol=1e-3)
    spans = sum(line.span * line.winding for line in state.vortex_lines)
    assert spans == pytest.approx([6.4, 0, 0], abs=1e-9)
    slab = layers((12, 12, 3), wave, 0.5, False, applied_field=0.6)
    inside = ground_state(slab, random_starts=0, tol=1e-3)
    assert inside.energy <= minimise(slab, start="uniform", tol=1e-3).energy + 1e-6
    with pytest.raises(InputError, match="sectors"):
        ground_state(slab, sectors=[1])


def test_a_line_in_two_directions_at_once():
    """Its points lie on faces, where rounding must not decide whether it closes."""
    tilted = GinzburgLandau(Grid((8, 8, 6), 0.8), 0.8, flux_quanta=(1, 0, 1))
    state = ground_state(tilted, sectors=[1], random_starts=1, tol=1e-2)
    assert sum(line.span * line.winding for line in state.vortex_lines) == pytest.approx(
        [6.4, 0, 4.8], abs=1e-9
    )


def test_a_line_through_a_hole_counts_once():
    """Most of the crystal's height is a hole: what the line leaves in the sample is a short piece."""
    outside = lambda x, y, z: np.hypot(np.hypot(x - 4, y - 4), z - 2.4) > 1.5  # noqa: E731
    problem = GinzburgLandau(Grid((10, 10, 6), 0.8), 3.0, sample=outside)
    state = ground_state(problem, sectors=[1], random_starts=0, tol=1e-2)
    (piece,) = state.vortex_lines
    assert not piece.closed
    assert piece.length < 2
    assert [c.vortices[0][2] for c in state.candidates] == [1]
    assert state.candidates[0].vortices[0][:2] == pytest.approx((4, 4), abs=0.5)
