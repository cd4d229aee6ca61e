"""Bad input is refused with the value, what is allowed, and the fix; the grid keeps its promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, ground_state, minimise
from pseudogauge.ginzburg_landau.london import London


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
        (lambda: GinzburgLandau(Grid((8, 8), 0.5)), "kappa = missing"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5)), "pearl_length of a thin film"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 0.0), "kappa = 0.0"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, applied_field=2 * math.pi / 0.25), "refine the grid"),
        (
            lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, magnetisation=-2.1 * math.pi),
            "magnetisation = 1.649",
        ),
        (
            lambda: GinzburgLandau(Grid((4, 4, 4), 0.5, False), 2.0, applied_field=(0, 7.0, 0)),
            "a quarter of a flux quantum",
        ),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, epsilon=lambda x, y: "all"), "array of them"),
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
        (lambda: ground_state(GinzburgLandau(Grid((8, 8), 0.5), 2.0), sectors=[1.5]), "integer"),
        (lambda: ground_state(GinzburgLandau(Grid((8, 8), 0.5), 2.0), sectors=1), "give sectors=[1]"),
        (lambda: GinzburgLandau(Grid((8, 8), 0.5), 2.0, lambda x, y: (1j * x, y)), "real"),
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


@pytest.mark.parametrize("name", ["magnetisation", "epsilon"])
def test_nan_of_other_functions_names_them_too(name):
    with pytest.raises(InputError, match=rf"{name}\([\d.]+, [\d.]+\) = nan") as caught:
        GinzburgLandau(Grid((8, 8), 0.5), 2.0, **{name: lambda x, y: np.where(x + y > 7, np.nan, 0.1)})
    assert sum(float(n) for n in caught.value.name.split("(")[1].rstrip(")").split(",")) > 7


def test_functions_may_return_numbers():
    problem = GinzburgLandau(
        Grid((8, 6), 0.5),
        2.0,
        epsilon=lambda x, y: 0.5,
        magnetisation=lambda x, y: 0.1,
        sample=lambda x, y: True,
    )
    assert np.all(problem.coefficients.epsilon == 0.5)
    assert problem.magnetisation == pytest.approx(0.1, rel=1e-15)
    assert problem.mask.all()


def test_quarter_of_a_flux_quantum_is_still_allowed():
    problem = GinzburgLandau(Grid((8, 8), 0.5), 2.0, applied_field=2 * math.pi, magnetisation=2 * math.pi)
    assert problem.applied_field == 2 * math.pi


def test_infinite_kappa_of_any_type():
    assert GinzburgLandau(Grid((8, 8), 0.5), np.float32(math.inf)).frozen_field


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


def shear(strength):
    return lambda x, y: (0 * x, strength * np.sin(2 * math.pi * x / 16))


def test_spacing_and_depairing_notes():
    problem = GinzburgLandau(Grid((22, 22), 16 / 22), 10.0, shear(0.7))
    assert "a flow of 0.65" in problem.warnings[0]
    assert "0.727" in problem.warnings[1]
    for where in (problem, problem.in_sector(1), State.of(problem, np.ones((22, 22)), np.zeros((2, 22, 22)))):
        assert "a flow of 0.65" in repr(where)
    quiet = GinzburgLandau(Grid((8, 8), 0.5), 2.0, zero)
    assert quiet.warnings == ()
    assert "warning" not in repr(quiet)


def weak(x, y, z=None):
    """With a mean, a gradient and a curl, on every axis; its maximum is 1e-4."""
    parts = [0.4 + 0.6 * np.cos(math.pi * x / 4) * np.sin(math.pi * y / 3), np.sin(math.pi * x / 4)]
    return [1e-4 * part for part in (parts if z is None else [*parts, np.cos(y) * np.sin(z)])]


@pytest.mark.parametrize(
    ("shape", "periodic", "given"),
    [
        ((16, 12), True, {"kappa": 2.0}),
        ((16, 12), (False, True), {"kappa": 2.0}),
        ((16, 12), False, {"kappa": math.inf}),
        ((16, 12), True, {"kappa": math.inf}),
        ((16, 12), True, {"pearl_length": 3.0}),
        ((8, 6, 4), (True, True, False), {"kappa": 2.0, "anisotropy": 3.0}),
    ],
)
def test_response_to_a_weak_potential_is_that_of_the_minimum(shape, periodic, given):
    """What gauge and screening leave of ã, against the flow found by minimisation, where |ψ| = 1 to 1e-8."""
    problem = GinzburgLandau(Grid(shape, 0.5, periodic), pseudo_potential=weak, **given)
    state = minimise(problem, start="uniform", tol=1e-12)
    expected = np.stack([-j * 0.5 / m for j, m in zip(state.link_current, problem.masses, strict=True)])
    response = London(problem).response * problem.links_inside
    assert np.abs(response - expected).max() < 1e-6 * np.abs(expected).max()
    assert np.abs(problem.pseudo_links - expected).max() > 0.1 * np.abs(expected).max()  # not ã itself


def test_potential_that_a_gauge_cancels_gives_no_note():
    """A gradient, and in a periodic cell with finite κ (or a whole turn of θ) a uniform ã, leave ψ alone."""
    for kappa, periodic, strength in ((2.0, True, 0.7), (math.inf, True, math.pi / 4), (2.0, False, 0.7)):
        grid = Grid((16, 16), 0.5, periodic)
        problem = GinzburgLandau(grid, kappa, lambda x, y, a=strength: (a + 0 * x, 0 * y))
        assert problem.warnings == ()
    held = GinzburgLandau(Grid((16, 16), 0.5), math.inf, lambda x, y: (math.pi / 4 - 0.6 + 0 * x, 0 * y))
    assert "a flow" not in "".join(held.warnings)
    assert (
        "a flow of 0.6"
        in GinzburgLandau(Grid((4, 4), 0.5), math.inf, lambda x, y: (0.6 + 0 * x, 0 * y)).warnings[0]
    )


def test_notes_on_coarse_edges_and_on_circulation():
    class Edge:
        smoothing = 0.35

        def on_links(self, grid):
            return np.zeros((2, *grid.shape))

    grid = Grid((8, 8), 0.5)
    assert "edges of width 0.877" in GinzburgLandau(grid, 2.0, Edge()).warnings[0]
    Edge.smoothing = 0.41
    assert GinzburgLandau(grid, 2.0, Edge()).warnings == ()
    links = np.zeros((2, 8, 8))
    links[0, 3, 3] = 1.6
    assert any("circulation of 1.6" in w for w in GinzburgLandau(grid, 2.0, links).warnings)


def test_repr_of_a_film_has_no_kappa():
    assert "kappa" not in repr(GinzburgLandau(Grid((8, 8), 0.5), pearl_length=3.0))


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
