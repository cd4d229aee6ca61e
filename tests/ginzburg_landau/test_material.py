"""Sample shapes, local strength, frozen fields, fluxoids."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, fluxoid, ground_state, minimise


def test_a_sample_in_vacuum_is_an_open_sample():
    """A rectangle cut from a larger open grid has B = H round it, exactly as if the grid ended there."""
    small = GinzburgLandau(Grid((20, 16), 0.5, False), 2.0, applied_field=0.3)
    mask = np.zeros((30, 26), dtype=bool)
    mask[5:25, 4:20] = True
    large = GinzburgLandau(Grid((30, 26), 0.5, False), 2.0, applied_field=0.3, sample=mask)
    vortex = [(5.0, 4.0, 1)]
    alone = minimise(small, start=vortex)
    cut = minimise(large, start=[(7.5, 6.0, 1)])
    assert alone.converged
    assert cut.converged
    assert cut.energy == pytest.approx(alone.energy, abs=1e-8)
    assert np.abs(cut.magnetic_field[5:24, 4:19] - alone.magnetic_field).max() < 1e-6
    assert np.abs(cut.magnetic_field[0] - 0.3).max() < 1e-6
    assert np.abs(cut.order_parameter[~mask]).max() == 0
    assert np.abs(cut.supercurrent[:, 5:25, 4:20] - alone.supercurrent).max() < 1e-6
    assert (cut.vortices.net, alone.vortices.net) == (1, 1)


@pytest.mark.parametrize("epsilon", [0.5, np.full((8, 8), 0.5), lambda x, y: 0.5 + 0 * x])
def test_uniform_strength(epsilon):
    state = minimise(GinzburgLandau(Grid((8, 8), 0.5), 2.0, epsilon=epsilon), rng=0)
    assert state.energy == pytest.approx(-0.5 * 0.25 * 16, abs=1e-9)
    assert np.abs(np.abs(state.order_parameter) ** 2 - 0.5).max() < 1e-7


def test_order_parameter_decays_into_a_normal_metal():
    """With ε = −2 and |ψ| ≪ 1, ψ'' = 2ψ: the lattice decay rate is arcosh(1 + dx²)/dx."""
    dx = 0.25
    grid = Grid((120, 4), dx)
    problem = GinzburgLandau(grid, 2.0, epsilon=lambda x, y: np.where((x > 5) & (x < 25), -2.0, 1.0))
    state = minimise(problem, start="uniform", tol=1e-12)
    amplitude = np.abs(state.order_parameter[:, 0])
    rate = math.log(amplitude[36] / amplitude[40]) / (4 * dx)
    assert amplitude[36] < 0.01
    assert rate == pytest.approx(math.acosh(1 + dx**2) / dx, rel=1e-3)


def test_frozen_field_and_depairing():
    """κ = ∞ and uniform ã: |ψ|² = 1 − a², j = −a(1 − a²), with a² → (2 − 2 cos a dx)/dx² on the lattice."""
    dx, a = 0.25, 0.4
    grid = Grid((16, 16), dx)
    state = minimise(GinzburgLandau(grid, math.inf, lambda x, y: (a + 0 * x, 0 * y)), start="uniform")
    density = 1 - (2 - 2 * math.cos(a * dx)) / dx**2
    assert np.abs(np.abs(state.order_parameter) ** 2 - density).max() < 1e-7
    assert state.supercurrent[0] == pytest.approx(-density * math.sin(a * dx) / dx, abs=1e-7)
    screened = minimise(GinzburgLandau(grid, 2.0, lambda x, y: (a + 0 * x, 0 * y)), start="uniform")
    assert screened.energy == pytest.approx(-8.0, abs=1e-9)  # a uniform A cancels ã at no cost


def test_frozen_field_is_the_limit_of_large_kappa():
    grid = Grid((24, 20), 0.5, False)
    start = [(5.0, 5.0, 1)]
    frozen = minimise(GinzburgLandau(grid, math.inf, applied_field=0.3), start=start)
    large = minimise(GinzburgLandau(grid, 1e4, applied_field=0.3), start=start, tol=1e-5)
    assert frozen.converged
    assert np.abs(frozen.magnetic_field - 0.3).max() < 1e-13
    assert frozen.energies["magnetic"] == 0
    assert frozen.energy == pytest.approx(large.energy, abs=1e-4)
    assert np.abs(np.abs(frozen.order_parameter) - np.abs(large.order_parameter)).max() < 1e-4
    above = ground_state(GinzburgLandau(grid, math.inf, applied_field=0.3))
    assert above.energy <= frozen.energy + 1e-7


def square_ring(x, y):
    r = np.maximum(np.abs(x - 8), np.abs(y - 8))
    return (r > 3) & (r < 7)


def test_fluxoid_of_a_hole():
    """A ring holds whole fluxoids, of which the flux in the hole is only a part."""
    grid = Grid((32, 32), 0.5, False)
    twist = lambda x, y: (-0.02 * (y - 8), 0.02 * (x - 8))  # noqa: E731
    problem = GinzburgLandau(grid, 2.0, twist, applied_field=0.05, sample=square_ring)
    x, y = grid.sites
    for turns in (0, 1, 2):
        psi = np.exp(-1j * turns * np.arctan2(y - 8, x - 8))
        state = minimise(problem, start=psi)
        loop = fluxoid(state, (3.0, 13.0), (3.0, 13.0))
        assert loop.winding == turns
        assert loop.flux + loop.pseudo + loop.current == pytest.approx(turns, abs=1e-12)
        assert loop.pseudo == pytest.approx(0.04 * 10**2 / (2 * math.pi), rel=1e-12)
        assert len(state.vortices) == 0
    broken = State.of(problem, state.order_parameter, state.vector_potential + 0.01 * np.array([y, -x]))
    changed = fluxoid(broken, (3.0, 13.0), (3.0, 13.0))
    assert changed.flux != pytest.approx(loop.flux, abs=1e-6)
    assert changed.winding == 2


def test_parts_and_bad_shapes():
    grid = Grid((16, 16), 0.5, (True, False))
    two = lambda x, y: np.abs(x - 4) > 1  # noqa: E731
    assert GinzburgLandau(grid, 2.0, sample=two).warnings == ()  # joined through the periodic boundary
    apart = GinzburgLandau(Grid((16, 16), 0.5, False), 2.0, sample=two)
    assert "2 disconnected parts" in apart.warnings[0]
    for wrong, words in [
        ({"sample": np.ones((16, 16))}, "bool"),
        ({"sample": np.zeros((16, 16), dtype=bool)}, "at least one site"),
        ({"sample": np.ones((4, 4), dtype=bool)}, "(16, 16)"),
        ({"epsilon": 1.5}, "at most 1"),
        ({"epsilon": math.nan}, "finite"),
        ({"epsilon": np.ones((3, 3))}, "(16, 16)"),
    ]:
        with pytest.raises(InputError) as caught:
            GinzburgLandau(grid, 2.0, **wrong)
        assert words in str(caught.value)
    with pytest.raises(InputError, match="flux_quanta"):
        GinzburgLandau(Grid((8, 8), 0.5), math.inf, applied_field=0.1)
    with pytest.raises(InputError, match="encloses something"):
        fluxoid(minimise(GinzburgLandau(grid, 2.0), start="uniform"), (1.0, 1.0), (2.0, 5.0))
    with pytest.raises(InputError, match="superconductor"):
        fluxoid(minimise(apart, start="uniform"), (2.0, 6.0), (2.0, 6.0))
