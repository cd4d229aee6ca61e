"""Bad input is refused with the value, what is allowed, and the fix; the grid keeps its promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, ground_state, minimise


def zero(x, y):
    return 0 * x, 0 * y


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Grid((8,), 0.5), "2 or 3 integers"),
        (lambda: Grid((8, 1), 0.5), "at least 2"),
        (lambda: Grid((8.5, 8), 0.5), "2 or 3 integers"),
        (lambda: Grid(8, 0.5), "for example"),
        (lambda: Grid((8, 8), -0.5), "positive"),
        (lambda: Grid((8, 8), math.nan), "positive"),
        (lambda: Grid((8, 8), 0.5, (True,)), "or 2 of them"),
        (lambda: Grid((8, 8), 0.5, 1), "or 2 of them"),
        (lambda: Grid((8, 8), 0.5).link_midpoints(2), "between 0 and 1"),
        (lambda: GinzburgLandau((8, 8), 2.0), "a Grid"),
        (lambda: ground_state(GinzburgLandau(Grid((4, 4, 4), 0.5), 2.0)), "minimise from given vortex lines"),
        (lambda: GinzburgLandau(Grid((8, 8), 1.5), 2.0), "at least (12, 12) sites"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), -2.0), "kappa = -2.0"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), math.nan), "kappa"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, applied_field=math.inf), "applied_field"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, flux_quanta=0.5), "an integer"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, flux_quanta=60), "quarter"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5, (True, False)), 2.0, flux_quanta=1), "applied_field"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, np.zeros((2, 8, 7))), "(2, 8, 7)"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, np.full((2, 8, 8), np.nan)), "check the array"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5, False), 2.0, np.ones((2, 8, 8))), "open surface"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, lambda x, y: x), "a pair"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, magnetisation=np.zeros((3, 3))), "(8, 8)"),
        (lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0), start="random"), '"uniform"'),
        (lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0), start=[(1.0, 1.0, 1)]), "sum"),
        (
            lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5, False), 2.0), start=[(9.0, 1.0, 0)]),
            "inside the domain",
        ),
        (lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0), start=np.zeros((3, 3))), "(8, 8)"),
        (lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0), start=np.full((8, 8), np.nan)), "finite"),
        (lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0), tol=0.0), "positive"),
        (
            lambda: minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0, flux_quanta=1), start="uniform"),
            "place them",
        ),
        (lambda: minimise(GinzburgLandau(Grid((10**7, 10**7), 0.5), 2.0)), "of this machine"),
        (lambda: ground_state(GinzburgLandau(Grid((8, 8), 0.5, False), 2.0), sectors=[1]), "fully periodic"),
    ],
)
def test_refused(make, words):
    with pytest.raises(InputError) as caught:
        make()
    assert words.lower() in str(caught.value).lower()


def test_nan_names_the_function_and_the_point():
    def hole(x, y):
        return np.where((x - 2) ** 2 + (y - 2) ** 2 < 0.05, np.nan, 0.0), 0 * y

    with pytest.raises(InputError, match=r"pseudo_potential\([\d.]+, [\d.]+\) = nan") as caught:
        GinzburgLandau(Grid((16, 16), 0.25), 2.0, hole)
    x, y = (float(n) for n in caught.value.name.split("(")[1].rstrip(")").split(","))
    assert (x - 2) ** 2 + (y - 2) ** 2 < 0.05


def test_error_inside_the_function_blames_the_function():
    def broken(x, y):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError) as caught:
        GinzburgLandau(Grid((8, 8), 0.5), 2.0, broken)
    assert "pseudo_potential" in caught.value.__notes__[0]


def test_function_is_asked_only_inside_the_domain():
    for periodic in (True, False):
        grid = Grid((6, 8), 0.5, periodic)

        def watch(x, y, grid=grid):
            for c, length in zip((x, y), grid.extent, strict=True):
                assert np.all((c >= 0) & (c <= length))
            return 0 * x, 0 * y

        GinzburgLandau(grid, 2.0, watch)


def test_line_integrals_are_exact_for_gradients():
    """∫∇f·dl = f(end) − f(start) to quadrature accuracy, on every link that exists."""
    grid = Grid((9, 7), 0.5, False)
    problem = GinzburgLandau(
        grid, 2.0, lambda x, y: (np.cos(x) * np.exp(y / 5), np.sin(x) * np.exp(y / 5) / 5)
    )
    f = np.sin(grid.sites[0]) * np.exp(grid.sites[1] / 5)
    assert np.abs(problem.pseudo_links[0, :-1] - np.diff(f, axis=0)).max() < 1e-14
    assert np.abs(problem.pseudo_links[1, :, :-1] - np.diff(f, axis=1)).max() < 1e-14
    assert not problem.pseudo_links[0, -1].any()


def test_object_with_on_links_is_accepted():
    class Field:
        def on_links(self, grid):
            return np.full((2, *grid.shape), 0.1)

    problem = GinzburgLandau(Grid((8, 8), 0.5), 2.0, Field())
    assert np.all(problem.pseudo_links == 0.1)
    assert np.all(problem.in_sector(2).pseudo_links == 0.1)
    assert problem.in_sector(2).flux_quanta == 2


def test_magnetisation_acts_as_a_field_on_the_plaquettes():
    grid = Grid((12, 12), 0.5, False)
    uniform = GinzburgLandau(grid, 2.0, magnetisation=np.full((11, 11), 0.05))
    applied = GinzburgLandau(grid, 2.0, applied_field=0.05)
    ours, theirs = (minimise(p, start="uniform", tol=1e-10) for p in (uniform, applied))
    assert np.abs(ours.magnetic_field - theirs.magnetic_field).max() < 1e-9


def test_spacing_and_depairing_notes():
    notes = GinzburgLandau(Grid((8, 8), 0.75), 2.0, lambda x, y: (0.6 + 0 * x, 0 * y)).warnings
    assert "0.600" in notes[0]
    assert "0.75" in notes[1]
    assert GinzburgLandau(Grid((8, 8), 0.5), 2.0, zero).warnings == ()


def test_grid_coordinates():
    grid = Grid((4, 3), 2.0, (True, False))
    assert grid.periodic == (True, False)
    assert grid.extent == (8.0, 6.0)
    assert grid.size == 12
    assert not grid.fully_periodic
    assert np.array_equal(grid.sites[1][0], [1.0, 3.0, 5.0])
    assert grid.plaquettes[0].shape == grid.plaquette_shape == (4, 2)
    assert np.array_equal(grid.plaquettes[0][:, 0], [2.0, 4.0, 6.0, 8.0])
    assert np.array_equal(grid.link_midpoints(0)[0][:, 0], [2.0, 4.0, 6.0, 8.0])
    assert np.array_equal(grid.link_midpoints(0)[1][0], [1.0, 3.0, 5.0])
    solid = Grid((4, 3, 2), 1.0)
    assert (solid.ndim, solid.size, solid.cell, solid.periodic) == (3, 24, 1.0, (True, True, True))
    assert len(solid.sites) == 3
