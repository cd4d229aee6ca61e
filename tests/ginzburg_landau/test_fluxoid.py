"""Fluxoids round loops of any shape, also round the cell: whole, split in flux, pseudo-flux and current."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, fluxoid, minimise


def random_state(shape=(12, 10), quanta=2, periodic=True, seed=0):
    rng = np.random.default_rng(seed)
    problem = GinzburgLandau(
        Grid(shape, 0.5, periodic), 2.0, lambda *r: tuple(0.2 * np.sin(c) for c in r), flux_quanta=quanta
    )
    psi = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    return State.of(problem, psi, 0.3 * rng.normal(size=(len(shape), *shape)))


def whole(loop):
    return abs(loop.flux + loop.pseudo + loop.current - loop.winding) < 1e-11


def inside(state, polygon):
    """Vortices and flux inside a polygon of sites, plaquette by plaquette, by the ray rule."""
    grid, count, flux = state.problem.grid, 0, 0.0
    i, j = np.meshgrid(*(np.arange(n) for n in grid.plaquette_shape), indexing="ij")
    odd = np.zeros(i.shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if x0 == x1:
            odd ^= (i + 0.5 < x0) & (min(y0, y1) < j + 0.5) & (j + 0.5 < max(y0, y1))
    found = state.vortices
    for x, y, w in zip(found.x, found.y, found.winding, strict=True):
        count += w * odd[math.floor(x / 0.5 - 0.5) % grid.shape[0], math.floor(y / 0.5 - 0.5) % grid.shape[1]]
    flux = (state.magnetic_field * odd).sum() * grid.cell / (2 * math.pi)
    return count, flux


def test_loop_of_the_shape_of_an_l_counts_what_is_inside():
    state = random_state()
    polygon = np.array([(1, 1), (9, 1), (9, 4), (4, 4), (4, 8), (1, 8)])
    loop = fluxoid(state, *((polygon + 0.5) * 0.5).T)
    count, flux = inside(state, polygon)
    assert whole(loop)
    assert loop.winding == count
    assert abs(loop.flux + loop.pseudo - round(loop.flux + loop.pseudo)) > 1e-3  # only the sum is whole
    assert loop.flux == pytest.approx(flux, abs=1e-12)
    back = fluxoid(state, *((polygon[::-1] + 0.5) * 0.5).T)
    assert (back.winding, back.flux) == (-count, pytest.approx(-flux, abs=1e-12))
    square = fluxoid(state, (0.75, 4.75), (0.75, 2.25))
    rest = fluxoid(state, (0.75, 2.25), (2.25, 4.25))
    assert square.winding + rest.winding == count


def test_loops_across_the_seam_are_loops_like_others():
    """A cell and its image; the same loop one or two cells away."""
    state = random_state()
    moved = State.of(
        GinzburgLandau(state.problem.grid, 2.0, np.roll(state.problem.pseudo_links, 4, axis=1)),
        np.roll(state.order_parameter, 4, axis=0),
        np.roll(state.vector_potential, 4, axis=1),
    )
    plain = State.of(
        GinzburgLandau(state.problem.grid, 2.0, state.problem.pseudo_links),
        state.order_parameter,
        state.vector_potential,
    )
    across, within = fluxoid(plain, (4.75, 7.25), (1.0, 3.0)), fluxoid(moved, (0.75, 3.25), (1.0, 3.0))
    assert across.winding == within.winding
    assert np.abs(np.subtract(across, within)).max() < 1e-12
    for shift in ((6.0, 0.0), (0.0, 5.0), (-6.0, 10.0)):
        one = fluxoid(state, (4.25, 7.25), (1.0, 3.0))
        other = fluxoid(state, (4.25 + shift[0], 7.25 + shift[0]), (1.0 + shift[1], 3.0 + shift[1]))
        assert whole(one)
        assert np.abs(np.subtract(one, other)).max() < 1e-12


def test_the_whole_cell_holds_its_sector():
    state = random_state(quanta=3)
    loop = fluxoid(state, (0.25, 6.25), (0.25, 5.25))
    assert (loop.winding, loop.flux) == (3, pytest.approx(3, abs=1e-12))


def test_loops_that_wind_differ_by_the_vortices_between_them():
    state = random_state()
    for line in (
        lambda s: fluxoid(state, (0.25, 6.25), (s, s)),
        lambda s: fluxoid(state, (s + 6, s + 6), (5.25, 0.25)),
        lambda s: fluxoid(state, (0.25, 3.25, 6.25), (s, s + 1.5, s)),
    ):
        loops = [line(s) for s in (0.25, 2.25, 4.75)]
        assert all(whole(loop) for loop in loops)
    below, above = (fluxoid(state, (0.25, 6.25), (s, s)) for s in (0.75, 3.25))
    strip = fluxoid(state, (0.25, 6.25), (0.75, 3.25))
    assert below.winding - above.winding == strip.winding
    assert below.flux - above.flux == pytest.approx(strip.flux, abs=1e-12)
    both = fluxoid(state, (0.25, 6.25), (0.25, 5.25))  # not the diagonal: a rectangle, here the whole cell
    assert both.winding == 2
    diagonal = fluxoid(state, (0.25, 3.25, 6.25), (0.25, 2.75, 5.25))
    assert whole(diagonal)


def test_persistent_current_round_a_cylinder():
    """κ = ∞, one turn of the phase and no flux: all of the fluxoid is current."""
    grid = Grid((16, 8), 0.5, (True, False))
    problem = GinzburgLandau(grid, math.inf)
    psi = np.exp(-2j * math.pi * grid.sites[0] / 8) * math.sqrt(1 - (2 * math.pi / 8) ** 2)
    loop = fluxoid(State.of(problem, psi, np.zeros((2, 16, 8))), (0.0, 8.0), (2.0, 2.0))
    assert loop == (1, 0, 0, pytest.approx(1, abs=1e-13))


def test_vortex_inside_and_outside_to_a_millionth():
    state = minimise(GinzburgLandau(Grid((32, 32), 0.5), 2.0, flux_quanta=1), start=[(6.0, 6.0, 1)])
    around = [
        ((3, 9, 9, 3), (3, 3, 9, 9), 1),
        ((6, 9, 6, 3), (3, 6, 9, 6), 1),  # on its tip
        ((8, 14, 14, 8), (8, 8, 14, 14), 0),
        ((3, 9, 9, 3, 3, 9, 9, 3), (3, 3, 9, 9, 3, 3, 9, 9), 2),  # twice
        ((1, 15, 15, 10, 10, 3, 3, 1), (1, 1, 14, 14, 3, 3, 14, 14), 0),  # in its bay
    ]  # fmt: skip
    for x, y, expected in around:
        loop = fluxoid(state, x, y)
        assert loop.winding == expected
        assert abs(loop.flux + loop.pseudo + loop.current - expected) < 1e-6


def test_loops_in_space():
    """In a layered crystal with flux along x and z: a loop round x, one round z, one that climbs round the cell."""
    state = random_state((6, 5, 4), quanta=(1, 0, -2))
    along_x = fluxoid(state, (1.25,) * 5, (0.25, 2.75, 2.75, 0.25, 0.25), (0.25, 0.25, 2.25, 2.25, 0.25))
    assert (along_x.winding, along_x.flux) == (1, pytest.approx(1, abs=1e-12))
    along_z = fluxoid(state, (0.25, 3.25), (0.25, 2.75), 0.8)
    assert (along_z.winding, along_z.flux) == (-2, pytest.approx(-2, abs=1e-12))
    skew = fluxoid(state, (0.25, 1.75, 2.75), (0.25, 2.25, 0.75), (0.25, 0.75, 1.75))
    assert whole(skew)
    assert whole(fluxoid(state, (0.25, 3.25), (0.25, 0.25), (0.25, 2.25)))
    cut = [
        fluxoid(state, x, y, z).flux
        for x, y, z in (
            ((0.25, 1.75, 1.75), (0.25, 0.25, 1.25), (0.75, 0.75, 0.75)),
            ((0.25, 1.75, 1.75), (0.25, 1.25, 1.25), (0.75, 0.75, 1.75)),
            ((0.25, 1.75, 1.75, 1.75), (0.25, 0.25, 1.25, 1.25), (0.75, 0.75, 0.75, 1.75)),
        )
    ]
    assert cut[0] + cut[1] == pytest.approx(cut[2], abs=1e-12)  # the shared edge cancels


HOLE = GinzburgLandau(
    Grid((16, 16), 0.5, False), 2.0, sample=lambda x, y: np.maximum(np.abs(x - 4), np.abs(y - 4)) > 2
)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (((1.0, 5.0), (1.0, 5.0)), "through (5.25, 2.25), where ψ = 0"),
        (((1.0, 9.0), (1.0, 5.0)), "from 1.25 to 9.25 along x"),
        (((1.0, 5.0), (1.0, 1.0)), "encloses something"),
        (((1.0, 5.0, 1.0), (1.0, 1.0, 1.0)), "encloses something"),
        (((1.0, 5.0), (1.0, 5.0, 6.0)), "as many finite numbers"),
        (((1.0,), (1.0,)), "two or more"),
        (((1.0, math.inf), (1.0, 2.0)), "finite"),
        (("ab", "cd"), "finite numbers"),
        (((1.0, 5.0), (1.0, 5.0), 1.0), "only there"),
    ],
)
def test_refused(arguments, words):
    state = State.of(HOLE, np.ones((16, 16)), np.zeros((2, 16, 16)))
    with pytest.raises(InputError) as caught:
        fluxoid(state, *arguments)
    assert words in str(caught.value)
