"""Vortex lines: threaded and traced, conserved in every cell, where they should be; their tension."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import k0

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, VortexLine, minimise
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.ginzburg_landau.vortex_lines import thread, trace
from pseudogauge.ginzburg_landau.vortices import Piercings


def divergence(grid, winding):
    """Lines that leave each cell minus those that enter it."""
    total = np.zeros(grid.shape, dtype=int)
    for axis in range(3):
        total += np.roll(winding[axis], -1, axis) - winding[axis]
    inner = tuple(slice(None) if wraps else slice(None, -1) for wraps in grid.periodic_axes)
    return total[inner]


def as_piercings(winding):
    """A winding with every vortex in the middle of its plaquette."""
    found = []
    for face in winding:
        at = np.nonzero(face)
        middle = np.full(len(at[0]), 0.5)
        found.append(Piercings(at, middle, middle, face[at]))
    return found


def random_loops(grid, rng, count=12):
    """Closed lines with corners anywhere, many through the same cells."""
    corners = [rng.uniform(0, 1, (4, 3)) * grid.extent for _ in range(count)]
    return [(np.concatenate([c, c[:1]]), int(rng.choice([-2, -1, 1]))) for c in corners]


@pytest.mark.parametrize("periodic", [True, False, (True, False, True)])
def test_threads_are_conserved_and_traced_back(periodic):
    rng = np.random.default_rng(0)
    grid = Grid((7, 6, 8), 0.5, periodic, layer_spacing=0.3)
    winding = thread(grid, random_loops(grid, rng))
    assert np.abs(winding).max() > 1
    assert not divergence(grid, winding).any()
    again = thread(grid, [(line.points, line.winding) for line in trace(grid, as_piercings(winding))])
    assert np.array_equal(again, winding)
    winding[2, 3, 3, 3] += 1
    assert divergence(grid, winding).any()


@pytest.mark.parametrize("periodic", [True, False])
def test_windings_of_any_state_are_conserved(periodic):
    """Random ψ and A: through every cell, and for lines cut open by a hole, at its surface only."""
    rng = np.random.default_rng(1)
    grid = Grid((6, 7, 5), 0.5, periodic)
    psi = rng.normal(size=grid.shape) + 1j * rng.normal(size=grid.shape)
    potential = rng.normal(size=(3, *grid.shape))
    state = State.of(GinzburgLandau(grid, 2.0), psi, potential)
    lines = state.vortex_lines
    assert len(lines) > 3
    winding = thread(grid, [(line.points, line.winding) for line in lines])
    assert not divergence(grid, winding).any()
    assert int(np.abs(winding[2]).sum()) == int(np.abs(state.vortices.winding).sum())
    assert winding[2].sum() == state.vortices.net
    hole = np.ones(grid.shape, dtype=bool)
    hole[2:4, 2:5, 2] = False
    cut = State.of(GinzburgLandau(grid, 2.0, sample=hole), psi, potential).vortex_lines
    assert sum(not line.closed for line in cut) > sum(not line.closed for line in lines)


def test_a_straight_line_at_a_known_place():
    """ψ = (x − X) − i(y − Y): winding +1 is clockwise.  Its zero is found exactly, in every layer."""
    grid = Grid((8, 8, 4), 0.5, False, layer_spacing=0.7)
    x, y, _ = grid.sites
    state = State.of(GinzburgLandau(grid, 2.0), (x - 1.87) - 1j * (y - 2.31), np.zeros((3, *grid.shape)))
    (line,) = state.vortex_lines
    assert line.winding == 1
    assert not line.closed
    assert line.points[:, 0] == pytest.approx(1.87)
    assert line.points[:, 1] == pytest.approx(2.31)
    assert line.points[:, 2] == pytest.approx([0, 0.35, 1.05, 1.75, 2.45, 2.8])
    mirrored = State.of(state.problem, state.order_parameter.conj(), state.vector_potential)
    assert mirrored.vortex_lines[0].winding == -1
    assert mirrored.vortex_lines[0].points == pytest.approx(line.points)


def test_a_tilted_line_and_a_loop():
    grid = Grid((24, 24, 24), 0.5, False)
    x, y, z = grid.sites
    a, b = (x - 6) - 0.5 * (z - 6), y - 6.1
    (line,) = State.of(GinzburgLandau(grid, 2.0), a - 1j * b, np.zeros((3, *grid.shape))).vortex_lines
    inside = line.points[1:-1]
    assert np.abs(inside[:, 0] - 6 - 0.5 * (inside[:, 2] - 6)).max() < 1e-9
    assert np.abs(inside[:, 1] - 6.1).max() < 1e-9
    rho = np.hypot(x - 6, y - 6)
    ring = (rho - 3.1) - 1j * (z - 6.2)
    (loop,) = State.of(GinzburgLandau(grid, 2.0), ring, np.zeros((3, *grid.shape))).vortex_lines
    assert loop.closed
    assert np.abs(loop.span).max() < 1e-12
    assert np.abs(np.hypot(*(loop.points[:, :2] - 6).T) - 3.1).max() < 0.05  # ρ is not linear inside a cell
    assert np.abs(loop.points[:, 2] - 6.2).max() < 0.02
    assert loop.length == pytest.approx(2 * math.pi * 3.1, rel=0.02)


@pytest.mark.parametrize("flux", [(1, 0, 1), (0, -1, 2), (2, 1, 3)])
def test_lines_of_a_tilted_flux(flux):
    """A minimisation from random lines keeps the flux, and its lines span the cell as the flux says."""
    problem = GinzburgLandau(Grid((12, 12, 12), 0.7), 2.0, flux_quanta=flux)
    state = minimise(problem, rng=2, tol=1e-4)
    spans = sum(line.span * line.winding for line in state.vortex_lines)
    assert spans == pytest.approx(np.array(flux) * 8.4, abs=1e-9)


def test_start_from_lines():
    """The London flow of a loop and a line has its vortices where they were asked for, with sources nowhere."""
    grid = Grid((16, 16, 12), 0.5, False)
    problem = GinzburgLandau(grid, 2.0)
    square = [(2, 2, 3.1), (2, 6, 3.1), (6, 6, 3.1), (6, 2, 3.1), (2, 2, 3.1)]
    line = VortexLine(np.array([(4, 4, 0), (4.3, 5.2, 3), (5, 4, 6.0)]), -1, closed=False)
    winding = thread(grid, [(square, 1), (line.points, line.winding)])
    psi = London(problem).order_parameter(winding)
    state = State.of(problem, psi, np.zeros((3, *grid.shape)))
    again = thread(grid, [(found.points, found.winding) for found in state.vortex_lines])
    assert np.array_equal(again, winding)
    relaxed = minimise(problem, start=[np.array(square), line], max_iterations=0)
    assert np.array_equal(relaxed.order_parameter, psi)
    layered = GinzburgLandau(grid, 2.0, anisotropy=3.0)
    psi = London(layered).order_parameter(winding)
    steps = np.angle(psi.conj() * np.stack([np.roll(psi, -1, a) for a in range(3)])) * layered.links_inside
    steps += 2 * math.pi * np.rint((London(problem)._flow(-2 * math.pi * winding) - steps) / (2 * math.pi))
    for weight, free in (((4, 4, 4 / 9), True), ((4, 4, 4), False)):
        currents = np.reshape(weight, (3, 1, 1, 1)) * steps
        sources = sum(w - np.roll(w, 1, a) for a, w in enumerate(currents))
        assert bool(np.abs(sources).max() < 1e-9) == free


def excess(problem, start):
    """Energy above the uniform state."""
    state = minimise(problem, start=start, tol=1e-6, energy_tol=1e-10)
    return state.energy + 0.5 * problem.grid.size * problem.grid.cell


@pytest.mark.parametrize("kappa", [1.5, math.inf])
def test_tension_of_a_tilted_line(kappa):
    """An isotropic crystal has no axis: a line of direction (1, 0, 1) through a cube costs what a straight one does.

    Seen along the line the cell is a rectangle L/√2 × L, which two dimensions can do (70 : 99 is 1 : √2 to 5e-5).
    The difference must vanish as the square of the spacing.
    """
    length = 8.0
    flat = GinzburgLandau(Grid((70, 99), length / 99), kappa, flux_quanta=1)
    expected = excess(flat, [(2.0, 4.0, 1)]) * math.sqrt(2) * length
    wrong = []
    for n in (12, 24):
        cube = GinzburgLandau(Grid((n, n, n), length / n), kappa, flux_quanta=(1, 0, 1))
        tilted = excess(cube, [[(0, 4, 0), (length, 4, length)]])
        wrong.append(tilted / expected - 1)
    assert abs(wrong[1]) < 2e-3
    assert wrong[0] / wrong[1] == pytest.approx(4, rel=0.15)
    straight = excess(GinzburgLandau(Grid((24, 24, 4), length / 24), kappa, flux_quanta=1), [(4.0, 4.0, 1)])
    assert abs(straight * 6 * math.sqrt(2) / expected - 1) > 0.02  # a square cell is not that rectangle


def test_anisotropic_tension_by_scaling():
    """With B frozen, z → Γz turns an anisotropic crystal into an isotropic one, and energies into Γ times themselves.

    So a line at the angle θ has the tension ε(0) √(cos²θ + sin²θ/Γ²) [Blatter, Geshkenbein and Larkin, Phys. Rev.
    Lett. 68, 875 (1992)], and the lattice knows this exactly.
    """
    gamma, grid = 4.0, Grid((12, 12, 12), 0.6)
    start = [[(0, 3.6, 0), (7.2, 3.6, 1.8)]]
    squashed = GinzburgLandau(grid, math.inf, flux_quanta=(1, 0, 1), anisotropy=gamma, layer_spacing=0.15)
    isotropic = GinzburgLandau(grid, math.inf, flux_quanta=(1, 0, 1))
    cost = excess(squashed, start)
    assert cost == pytest.approx(excess(isotropic, [[(0, 3.6, 0), (7.2, 3.6, 7.2)]]) / gamma, rel=1e-7)
    other = GinzburgLandau(grid, math.inf, flux_quanta=(1, 0, 1), anisotropy=3.9, layer_spacing=0.15)
    assert abs(excess(other, start) / cost - 1) > 1e-3


def test_energy_of_a_josephson_vortex():
    """Between layers, Γs ≫ ξ: (2π/Γ)[ln(κ/s) + 1.54] per length [Koshelev and Dodgson, JETP 117, 449 (2013)].

    The images across the periodic cell repel it by ½·4π K0 each, at distances scaled by λ_c and λ_ab.
    """
    kappa, gamma, s = 10.0, 20.0, 1.0
    problem = GinzburgLandau(
        Grid((1000, 2, 60), 1.0), kappa, flux_quanta=(0, 1, 0), anisotropy=gamma, layer_spacing=s
    )
    length, width, height = problem.grid.extent
    cost = excess(problem, [[(length / 2, 0, height / 2), (length / 2, width, height / 2)]]) / width
    steps = [(i, k) for i in range(-3, 4) for k in range(-3, 4) if i or k]
    images = sum(k0(math.hypot(i * length / gamma, k * height) / kappa) for i, k in steps)
    assert cost * gamma / (2 * math.pi) - images - math.log(kappa / s) == pytest.approx(1.54, abs=0.015)
