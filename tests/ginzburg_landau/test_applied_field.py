"""Applied fields that vary in space: means on plaquettes, surfaces, sources refused, London's response."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, evolve, minimise, sheet_moment

NAN = math.nan


def bent(x, y, z):
    """Free of divergence, of degree 3."""
    return 0.01 * (x * y - y**3), 0.01 * (x**2 - y**2 / 2), 0.02 + 0.01 * x * y


def state_of(problem, seed=0):
    rng = np.random.default_rng(seed)
    psi = rng.normal(size=(2, *problem.grid.shape))
    return State.of(problem, psi[0] + 1j * psi[1], 0.1 * rng.normal(size=problem.pseudo_links.shape))


@pytest.mark.parametrize("shape", [(6, 5), (5, 4, 3)])
@pytest.mark.parametrize("periodic", [True, False])
def test_a_constant_function_is_a_uniform_field(shape, periodic):
    grid = Grid(shape, 0.5, periodic)
    vector = 0.3 if len(shape) == 2 else (0.1, -0.2, 0.3)
    function = (lambda x, y: 0.3) if len(shape) == 2 else (lambda x, y, z: vector)
    one, other = (state_of(GinzburgLandau(grid, 2.0, applied_field=h)) for h in (vector, function))
    assert one.energy == pytest.approx(other.energy, rel=1e-14)
    assert np.abs(one.magnetic_field - other.magnetic_field).max() < 1e-13
    assert np.abs(np.subtract(one.magnetisation, other.magnetisation)).max() < 1e-14


def test_means_over_plaquettes_of_every_orientation_are_exact_for_polynomials():
    grid = Grid((3, 4, 5), 0.5, False, layer_spacing=0.3)
    found = GinzburgLandau(grid, 2.0, applied_field=bent).applied_field
    i, j, k, a = 1, 2, 1, 0.5
    x0, x1, y0, y1 = 0.75, 1.25, 1.25, 1.75
    mean_xy = (x1**2 - x0**2) * (y1**2 - y0**2) / 4 / a**2
    assert found[2, i, j, k] == pytest.approx(0.02 + 0.01 * mean_xy, rel=1e-14)
    along_y = (y1**2 - y0**2) / 2 / a, (y1**4 - y0**4) / 4 / a
    assert found[0, i, j, k] == pytest.approx(0.01 * (x0 * along_y[0] - along_y[1]), rel=1e-14)
    assert found[2, -1, 0, 0] == pytest.approx(0.02 + 0.01 * 1.5 * 0.5, rel=1e-14)  # on the surface: there
    flat = GinzburgLandau(Grid((3, 4), 0.5, False), 2.0, applied_field=lambda x, y: x * y).applied_field
    assert flat[i, j] == pytest.approx(mean_xy, rel=1e-14)


@pytest.mark.parametrize("periodic", [(False, False), (True, False), (True, True)])
def test_in_two_dimensions_it_is_the_magnetisation_that_remains_outside(periodic):
    """(B − H − m)² knows the sum; B − H counts what is m, not what is H."""
    grid = Grid((8, 6), 0.5, periodic)
    field = lambda x, y: 0.2 * np.cos(math.pi * x / 2) * (1 + y)  # noqa: E731
    applied = state_of(GinzburgLandau(grid, 2.0, applied_field=field))
    moments = state_of(GinzburgLandau(grid, 2.0, magnetisation=field))
    assert applied.energy == pytest.approx(moments.energy, rel=1e-14)
    assert np.abs(applied.magnetic_field - moments.magnetic_field).max() < 1e-13
    nx, ny = grid.plaquette_shape
    mean = applied.problem.applied_field[:nx, :ny].sum() / grid.size
    assert moments.magnetisation - applied.magnetisation == pytest.approx(mean, abs=1e-13)
    assert "applied_field=..." in repr(applied.problem)


def slab_error(dx, kappa=2.0, k=math.pi / 4, thickness=4.0):
    """Largest error of B in a slab under the potential field of currents above it, weak enough for London."""
    grid = Grid((round(8 / dx), 2, round(thickness / dx)), dx, (True, True, False))
    weak = 1e-4

    def harmonic(x, y, z):
        return -weak * np.sin(k * x) * np.exp(k * z), 0 * y, weak * np.cos(k * x) * np.exp(k * z)

    state = minimise(GinzburgLandau(grid, kappa, applied_field=harmonic), start="uniform", tol=1e-13)
    # u = B − H obeys κ²∇²u = u + H, u_x = 0 at z = 0 and at the top; H is harmonic
    q = math.hypot(k, 1 / kappa)
    matrix = [[1, 1], [math.exp(q * thickness), math.exp(-q * thickness)]]
    a, b = np.linalg.solve(matrix, [-1, -math.exp(k * thickness)])
    z = (np.arange(grid.shape[2] - 1) + 1) * dx
    x = (np.arange(grid.shape[0]) + 0.5) * dx
    along = (a * np.exp(q * z) + b * np.exp(-q * z))[None] * np.sin(k * x)[:, None] * weak
    found = state.magnetic_field[1]
    found_x = state.magnetic_field[0, :, 0, :-1]
    assert np.abs(found).max() < 1e-12
    return np.abs(found_x - along).max() / (weak * math.exp(k * thickness))


def test_slab_in_the_field_of_distant_currents_second_order():
    """κ²∇×∇×B = −B with B_x = H_x(r) on both faces."""
    coarse, fine = slab_error(0.5), slab_error(0.25)
    assert fine < 0.01
    assert math.log2(coarse / fine) == pytest.approx(2, abs=0.25)


def test_frozen_field_is_the_applied_one():
    grid = Grid((6, 5), 0.5, False)
    flat = GinzburgLandau(grid, math.inf, applied_field=lambda x, y: 0.1 * x * y)
    found = minimise(flat, start="uniform", tol=1e-6).magnetic_field
    assert np.abs(found - flat.applied_field[:5, :4]).max() < 1e-13
    layers = GinzburgLandau(Grid((6, 5, 4), 0.5, False), math.inf, applied_field=bent)
    found = minimise(layers, start="uniform", tol=1e-6).magnetic_field
    assert np.abs(found - layers.applied_field).max() < 1e-13
    assert np.ptp(found[0]) > 0.01


def dipole(x, y, height=2.0, strength=1e-4):
    r2 = (x - 14) ** 2 + (y - 12) ** 2 + height**2
    return strength * (3 * height**2 - r2) / r2**2.5


def test_film_without_end_under_a_field_of_zero_mean():
    """London: the film answers with −H(k)/(1 + Λk), on the lattice too."""
    grid, k = Grid((32, 32), 0.5), 2 * math.pi / 16
    x, y = grid.plaquettes
    field = 1e-4 * np.cos(k * x) * np.cos(2 * k * y)
    found = minimise(GinzburgLandau(grid, pearl_length=3.0, applied_field=field), start="uniform", tol=1e-12)
    wave = 3.0 * math.sqrt(5) * k
    assert np.abs(found.magnetic_field - wave / (1 + wave) * field).max() < 1e-12
    with pytest.raises(InputError, match="on average"):
        GinzburgLandau(grid, pearl_length=3.0, applied_field=np.ones(grid.shape))


def test_isolated_film_under_a_dipole_obeys_reciprocity():
    """∫ m[H] H' = ∫ m[H'] H for a linear response; the dipole's magnet feels what the film does in a uniform field."""
    grid = Grid((56, 56), 0.5)
    inside = lambda x, y: (np.abs(x - 14) < 4) & (np.abs(y - 14) < 5)  # noqa: E731
    found = []
    for field in (1e-4, dipole):
        film = GinzburgLandau(grid, pearl_length=4.0, sample=inside, applied_field=field)
        state = minimise(film, start="uniform", tol=1e-12)
        assert state.converged
        found.append((film.applied_field * np.ones(grid.shape), sheet_moment(state)))
    (uniform, its), (near, moment) = found
    assert (moment * uniform).sum() == pytest.approx((its * near).sum(), rel=1e-6)
    assert moment[27, 23] < 1.5 * moment[27, 31] < 0  # below the dipole


def test_in_time_a_uniform_field_takes_its_place():
    grid = Grid((10, 8), 0.5, False)
    problem = GinzburgLandau(grid, 2.0, applied_field=lambda x, y: 0.1 * np.sin(x))
    run = evolve(problem, start="uniform", duration=60.0, tol=1e-2)
    best = minimise(problem, start="uniform")
    assert run.state.energy == pytest.approx(best.energy, abs=1e-5)
    away = evolve(problem, start="uniform", applied_field=lambda t: 0.05, duration=60.0, tol=1e-2)
    uniform = minimise(GinzburgLandau(grid, 2.0, applied_field=0.05), start="uniform")
    assert away.state.energy == pytest.approx(uniform.energy, abs=1e-5)


SOLID = Grid((5, 5, 5), 0.5, False)


@pytest.mark.parametrize(
    ("grid", "field", "words"),
    [
        (SOLID, lambda x, y, z: (x, y, z), "out of the cell at ("),
        (SOLID, lambda x, y, z: (x, -0.9 * y, 0 * z), "free of divergence"),
        (Grid((5, 5, 5), 0.5), lambda x, y, z: (x, -y, 0 * z), "free of divergence"),  # it jumps at the seam
        (SOLID, lambda x, y, z: x, "(H_x, H_y, H_z)"),
        (SOLID, lambda x, y, z: (x, -y, np.where(x > 2, NAN, 0)), "nan"),
        (SOLID, np.ones((5, 5, 5)), "(3, 5, 5, 5)"),
        (Grid((5, 5), 0.5), lambda x, y: np.where(x > 2, NAN, 0), "applied_field(2.3"),
        (Grid((5, 5), 0.5), lambda x, y: (x, y), "a real number"),
        (Grid((5, 5), 0.5), (0.1, 0.0, 0.2), "three axes"),
        (Grid((5, 5), 0.5), np.ones((3, 3)), "(5, 5)"),
        (Grid((5, 5), 0.5), np.full((5, 5), 7.0), "a quarter of a flux quantum"),
    ],
)
def test_refused(grid, field, words):
    with pytest.raises(InputError) as caught:
        GinzburgLandau(grid, 2.0, applied_field=field)
    assert words in str(caught.value)


def test_values_at_the_centres_of_plaquettes_are_free_enough_of_divergence():
    """Second-order values of a field that the grid resolves pass; they differ little from the means."""
    grid = Grid((12, 10, 8), 0.5, False)

    def magnet(x, y, z):
        x, y, z = x - 3, y - 2, z - 8
        r2 = x**2 + y**2 + z**2
        return 3 * x * z / r2**2.5, 3 * y * z / r2**2.5, (3 * z**2 - r2) / r2**2.5

    corners = [np.stack(grid.sites)] * 3
    shift = 0.25 * (1 - np.eye(3)).reshape(3, 3, 1, 1, 1)
    values = np.stack([magnet(*(corners[c] + shift[c]))[c] for c in range(3)])
    given, called = (GinzburgLandau(grid, 2.0, applied_field=h).applied_field for h in (values, magnet))
    assert np.abs(given - called)[:, :-1, :-1, :-1].max() < 0.02 * np.abs(called).max()


def test_shapes_that_fit_are_all_named():
    with pytest.raises(InputError, match=r"of shape \(7, 7\) or \(8, 8\)"):
        GinzburgLandau(Grid((8, 8), 0.5, False), 2.0, applied_field=np.ones((6, 6)))
