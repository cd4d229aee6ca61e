"""Thin films: Pearl's field and interaction, isolated films in free space, fluxoids of rings, dynamics."""

from __future__ import annotations

import doctest
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import (
    GinzburgLandau,
    Grid,
    Ramp,
    State,
    evolve,
    fluxoid,
    ground_state,
    minimise,
    sheet_moment,
)
from pseudogauge.ginzburg_landau.energy import energy_and_gradient
from pseudogauge.ginzburg_landau.film import StrayField, vacuum_around
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.magnetometry import moment_sheet_field, stray_field


def disk(centre, outer, inner=0.0):
    def inside(x, y):
        r = np.hypot(x - centre, y - centre)
        return (r < outer) & (r > inner)

    return inside


def square(centre, side):
    return lambda x, y: np.maximum(np.abs(x - centre), np.abs(y - centre)) < side / 2


def without_vacuum(problem):
    """A broken twin: the same isolated film, but its kernel not cut, so that it feels its images."""
    twin = GinzburgLandau(
        problem.grid,
        pearl_length=problem.pearl_length,
        sample=problem.sample,
        applied_field=problem.applied_field,
    )
    twin.__dict__["vacuum"] = twin.vacuum._replace(reach=math.inf)
    return twin


# the energy and its gradient


def slow_field_energy(grid, pearl_length, links, source):
    """Λ Σ k |A⊥(k)|² by Fourier sums written out, of the potential whose curl is the own field (complex-step safe)."""
    (nx, ny), dx = grid.shape, grid.spacing
    i, j = np.meshgrid(np.arange(nx), np.arange(ny), indexing="ij")
    ax, ay = links
    flux = ax - np.roll(ax, -1, 1) + np.roll(ay, -1, 0) - ay - source
    total = 0.0
    for p in range(-((nx - 1) // 2), nx // 2 + 1):
        for q in range(-((ny - 1) // 2), ny // 2 + 1):
            if p == q == 0:
                continue
            angle = 2 * math.pi * (p * i / nx + q * j / ny)
            wave = 2 * math.pi / dx * math.hypot(p / nx, q / ny)
            lattice = (2 / dx) ** 2 * (math.sin(math.pi * p / nx) ** 2 + math.sin(math.pi * q / ny) ** 2)
            even, odd = (flux * np.cos(angle)).sum(), (flux * np.sin(angle)).sum()
            transverse = (even**2 + odd**2) / (lattice * dx**4)  # |b|²/k̂² = |A⊥|²
            total += pearl_length * wave * transverse * dx**4 / (nx * ny * dx**2)
    return total


@pytest.mark.parametrize("shape", [(5, 6), (6, 7)])
def test_field_energy_and_gradient_match_the_obvious_twin(shape):
    rng = np.random.default_rng(1)
    problem = GinzburgLandau(Grid(shape, 0.4), pearl_length=3.0, flux_quanta=2)
    bare = GinzburgLandau(Grid(shape, 0.4), math.inf, flux_quanta=2)
    fields = rng.normal(size=(4, *shape))
    with_film, without = np.empty_like(fields), np.empty_like(fields)
    terms = energy_and_gradient(fields, problem.coefficients, with_film)
    energy_and_gradient(fields, bare.coefficients, without)
    source = problem.coefficients.source

    def twin(potential):
        return slow_field_energy(problem.grid, 3.0, potential, source)

    assert terms.magnetic == pytest.approx(twin(fields[2:]), rel=1e-13)
    expected = np.empty_like(fields[2:])
    for index in np.ndindex(*expected.shape):
        shifted = fields[2:].astype(complex)
        shifted[index] += 1e-30j
        expected[index] = twin(shifted).imag / 1e-30
    assert np.abs(with_film[:2] - without[:2]).max() == 0
    assert np.abs(with_film[2:] - without[2:] - expected).max() < 1e-12 * np.abs(expected).max()
    broken = fields[2:].copy()
    broken[1, 2, 2] += 1e-9
    assert terms.magnetic != pytest.approx(twin(broken), rel=1e-13)


@pytest.mark.parametrize("isolated", [False, True])
def test_gauge_transformation_changes_no_observable(isolated):
    rng = np.random.default_rng(3)
    grid = Grid((28, 28), 0.5)
    kind = {"sample": square(7.0, 4.0), "applied_field": 0.1} if isolated else {"flux_quanta": 2}
    problem = GinzburgLandau(grid, pearl_length=2.0, **kind)
    psi = rng.normal(size=grid.shape) + 1j * rng.normal(size=grid.shape)
    links = 0.1 * rng.normal(size=(2, *grid.shape))

    def change(spoil):
        chi = rng.normal(size=grid.shape)
        gauged = np.stack([links[a] - (np.roll(chi, -1, a) - chi) for a in range(2)])
        gauged[0, 1, 1] += spoil
        return State.of(problem, psi * np.exp(1j * chi), gauged)

    def worst(a, b):
        pairs = [
            (a.energies["magnetic"], b.energies["magnetic"]),
            (a.magnetic_field, b.magnetic_field),
            (a.supercurrent, b.supercurrent),
            (a.free_energy_density, b.free_energy_density),
            (sheet_moment(a), sheet_moment(b)),
            (a.residual, b.residual),
        ]
        return max(np.abs(np.subtract(p, q)).max() / np.abs(p).max() for p, q in pairs)

    state = State.of(problem, psi, links)
    assert state.free_energy_density.sum() * grid.cell == pytest.approx(state.energy, rel=1e-13)
    assert worst(state, change(0.0)) < 1e-12
    assert worst(state, change(1e-9)) > 1e-11


# films without end


def ring_error(dx, pearl_length, length=24.0, width=1.5, strength=1e-4):
    """In-plane field of a weak ring ã = c r exp(−r²/2w²) φ̂ against b(k) = −(∇×ã)(k)/(1 + Λk) summed over the modes."""
    n = round(length / dx)
    half = (n // 2) * dx

    def potential(x, y):
        shape = strength * np.exp(-((x - half) ** 2 + (y - half) ** 2) / (2 * width**2))
        return -(y - half) * shape, (x - half) * shape

    grid = Grid((n, n), dx)
    problem = GinzburgLandau(grid, pearl_length=pearl_length, pseudo_potential=potential)
    state = minimise(problem, start="uniform", tol=1e-10)
    modes = 2 * math.pi * np.arange(-26, 27) / length  # k w up to 10
    kx, ky = np.meshgrid(modes, modes, indexing="ij")
    k = np.hypot(kx, ky)
    curl = 2 * math.pi * strength * width**4 * k**2 * np.exp(-((k * width) ** 2) / 2)
    amplitude = -curl / (1 + pearl_length * k) / length**2
    x = np.arange(0, 6.01, 1.0)
    exact = np.array([(amplitude * np.cos(kx * r)).sum() for r in x])
    middle = n // 2 - 1
    measured = np.array([state.magnetic_field[middle + round(r / dx), middle] for r in x])
    return np.abs(measured - exact).max() / np.abs(exact).max()


@pytest.mark.parametrize("pearl_length", [1.0, 20.0])
def test_weak_ring_is_screened_by_one_plus_pearl_length_times_k(pearl_length):
    coarse, fine = ring_error(0.5, pearl_length), ring_error(0.25, pearl_length)
    assert fine < 5e-3
    assert math.log2(coarse / fine) == pytest.approx(2, abs=0.2)


def vortex_modes(pearl_length, length=48.0, dx=0.5):
    n = round(length / dx)
    problem = GinzburgLandau(Grid((n, n), dx), pearl_length=pearl_length, flux_quanta=1)
    state = minimise(problem, start=[(length / 2, length / 2, 1)])
    assert state.converged
    amplitudes = np.abs(np.fft.fft2(state.magnetic_field))[:4, 0] * dx**2 / (2 * math.pi)
    return 2 * math.pi * np.arange(4) / length, amplitudes


@pytest.mark.parametrize("pearl_length", [2.0, 20.0])
def test_field_of_a_vortex_is_that_of_pearl(pearl_length):
    """(1 + Λk) B(k)/Φ0 → 1 at long waves.  The core, where |ψ|² falls short by ∫(1 − |ψ|²) dr² ~ 2π ln(1/k) within
    1/k, takes away a fraction of order k² ln(1/k) Λk/(1 + Λk)."""
    k, amplitude = vortex_modes(pearl_length)
    loss = 1 - (1 + pearl_length * k) * amplitude
    assert loss[0] == pytest.approx(0, abs=1e-12)
    bound = k[1:] ** 2 * (np.log(1 / k[1:]) + 1) * pearl_length * k[1:] / (1 + pearl_length * k[1:])
    assert np.all(loss[1:] > 0)
    assert np.all(loss[1:] < bound)
    bulk = 1 - (1 + (pearl_length * k) ** 2) * amplitude  # the twin with the bulk's screening is far off
    assert np.all(np.abs(bulk[1:]) > bound)


def pearl_interaction(r, pearl_length):
    """(Φ0²/2μ0Λ)[H_0(r/Λ) − Y_0(r/Λ)] in Φ0²d/8π²μ0λ²."""
    return 2 * math.pi**2 * (special.struve(0, r / pearl_length) - special.y0(r / pearl_length))


def test_interaction_of_london_vortices_is_that_of_pearl():
    """In a cell of 256 ξ images and lattice each change differences by less than a part in a thousand."""
    pearl_length, dx = 8.0, 0.25
    repulsion = London(GinzburgLandau(Grid((1024, 1024), dx), pearl_length=pearl_length)).repulsion((0, 0))
    for near, far in ((4.0, 12.0), (8.0, 16.0)):
        found = repulsion[round(near / dx), 0] - repulsion[round(far / dx), 0]
        exact = pearl_interaction(near, pearl_length) - pearl_interaction(far, pearl_length)
        assert found == pytest.approx(exact, rel=1e-3)
        assert found != pytest.approx(4 * math.pi * math.log(far / near), rel=0.1)  # without screening


def pinned_pair(distance, pearl_length=4.0, length=96.0, dx=0.5):
    """Energy of two vortices held by weak spots, and their effective distance.

    A spot holds like a spring: with the vortex pushed aside by δ, the energy is that of the interaction half-way,
    at distance + δ, up to third order.
    """
    n, middle = round(length / dx), length / 2
    spots = middle - distance / 2, middle + distance / 2

    def epsilon(x, y):
        return 1 - 2 * sum(np.exp(-((x - c) ** 2 + (y - middle) ** 2) / 2) for c in spots)

    problem = GinzburgLandau(Grid((n, n), dx), pearl_length=pearl_length, epsilon=epsilon, flux_quanta=2)
    state = minimise(problem, start=[(c, middle, 1) for c in spots], tol=1e-7)
    assert state.converged
    return state.energy, 0.5 * (distance + abs(state.vortices.x[1] - state.vortices.x[0])), London(problem)


def test_vortices_with_cores_repel_as_pearl_says():
    """Energy differences at distances where cores do not overlap, against the London potential of the same lattice."""
    (near, r_near, london), (far, r_far, _) = pinned_pair(12.0), pinned_pair(24.0)
    along = np.arange(96) * 0.5
    potential = london.repulsion((0, 0))[:96, 0]
    expected = np.interp(r_near, along, potential) - np.interp(r_far, along, potential)
    assert near - far == pytest.approx(
        expected, rel=1e-2
    )  # cores give way to the flow: a fraction of order ξ²/r²
    exact = pearl_interaction(r_near, 4.0) - pearl_interaction(r_far, 4.0)
    assert near - far == pytest.approx(exact, rel=0.05)  # no images in this one
    bulk = London(GinzburgLandau(london.problem.grid, 4.0)).repulsion((0, 0))[:96, 0]
    assert near - far != pytest.approx(
        np.interp(r_near, along, bulk) - np.interp(r_far, along, bulk), rel=0.2
    )


def test_ground_state_of_a_film_keeps_the_flux_that_is_applied():
    """Two vortices in a cell take the places of a triangular lattice as far as the cell allows."""
    problem = GinzburgLandau(Grid((28, 48), 0.5), pearl_length=5.0, flux_quanta=2)
    best = ground_state(problem, rng=1)
    assert {c.sector for c in best.candidates} == {2}
    x, y = best.vortices.x, best.vortices.y
    assert abs(x[1] - x[0]) == pytest.approx(7.0, abs=0.3)
    assert abs(y[1] - y[0]) == pytest.approx(12.0, abs=0.3)


def test_hole_in_a_film_without_end_holds_the_flux_quantum():
    problem = GinzburgLandau(
        Grid((64, 64), 0.5),
        pearl_length=5.0,
        flux_quanta=1,
        sample=lambda x, y: np.hypot(x - 16, y - 16) > 3,
    )
    state = minimise(problem, start=[(16.0, 16.0, 1)])
    loop = fluxoid(state, x=(10.0, 22.0), y=(10.0, 22.0))
    assert (len(state.vortices), loop.winding) == (0, 1)
    assert loop.flux + loop.current == pytest.approx(1, abs=1e-9)
    assert state.magnetic_field.sum() * 0.25 == pytest.approx(2 * math.pi, rel=1e-12)


# isolated films


def ring_response(inner, outer, pearl_length, field, turns, points=400):
    """Radii, current and μ0 × moment of a London ring, from the field of current loops by elliptic integrals.

    j = turns/r − A, A = H r/2 + (1/Λ)∫ dr' r' j(r') ∫ cos φ dφ/2π|r − r'|: midpoint rule, the logarithm at r' = r
    integrated over its cell.
    """
    h = (outer - inner) / points
    r = inner + h * (np.arange(points) + 0.5)
    here, there = np.meshgrid(r, r, indexing="ij")
    m = 4 * here * there / (here + there) ** 2
    np.fill_diagonal(m, 0.5)
    loop = 4 / (here + there) * ((2 / m - 1) * special.ellipk(m) - 2 / m * special.ellipe(m))
    np.fill_diagonal(loop, 2 / r * (np.log(16 * r / h) - 1))
    matrix = np.eye(points) + loop * there * h / (2 * math.pi * pearl_length)
    j = np.linalg.solve(matrix, turns / r - field * r / 2)
    return r, j, 2 * math.pi * (j * r**2).sum() * h / pearl_length


def test_ring_response_has_the_known_limits():
    radius, field = 12.0, 1e-3
    strong = [ring_response(0, radius, 1e-4, field, 0, n)[2] for n in (200, 400, 800)]
    errors = [abs(m / (-8 / 3 * radius**3 * field) - 1) for m in strong]  # a disk that expels all field
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 5e-4
    weak = ring_response(0, radius, 1e6, field, 0)[2]
    assert weak == pytest.approx(-math.pi / 4e6 * radius**4 * field, rel=1e-4)


def ring_state(dx, pearl_length, inner, turns, length=53.0):
    field = 0.0 if turns else 1e-3
    n, middle = round(length / dx), length / 2
    problem = GinzburgLandau(
        Grid((n, n), dx), pearl_length=pearl_length, sample=disk(middle, 12.0, inner), applied_field=field
    )
    state = minimise(problem, start=[(middle, middle, turns)] if turns else "uniform")
    assert state.converged
    exact = ring_response(inner, 12.0, pearl_length, field, turns)
    return state, sheet_moment(state).sum() * dx**2 / exact[2] - 1, exact


@pytest.mark.parametrize(
    ("pearl_length", "inner", "turns"), [(50.0, 0.0, 0), (2.0, 0.0, 0), (5.0, 6.0, 0), (20.0, 6.0, 1)]
)
def test_disks_and_rings_against_current_loops(pearl_length, inner, turns):
    """A round edge made of squares hinders the current beside it: first order in dx, like a smaller radius."""
    coarse, fine = (ring_state(dx, pearl_length, inner, turns)[1] for dx in (0.5, 0.25))
    assert -0.03 < fine < 0
    assert coarse / fine == pytest.approx(2, abs=0.4)
    assert abs(2 * fine - coarse) < 7e-3


def test_ring_with_a_fluxoid():
    """∫B + ∮ã − ∮(∇θ + a) through the ring is Φ0; the current profile is that of current loops."""
    state, _, (r, j, _) = ring_state(0.25, 20.0, 6.0, 1)
    loop = fluxoid(state, x=(19.0, 34.0), y=(19.0, 34.0))
    assert loop.winding == 1
    assert loop.flux + loop.current == pytest.approx(1, abs=1e-9)
    assert 0.02 < loop.flux < 0.5
    n = state.problem.grid.shape[0]
    across = state.supercurrent[1, :, n // 2]
    x = state.problem.grid.sites[0][:, 0] - 26.5
    inside = (x > 7.5) & (x < 10.5)
    assert np.abs(across[inside] / np.interp(x[inside], r, j) - 1).max() < 0.025  # the edges, as above


def averaged(values, dx):
    """Mean over plaquettes of a field given at their centres: a factor k̂²/k², up to fourth order."""
    kx, ky = (2 * math.pi * np.fft.fftfreq(n, dx) for n in values.shape)
    k2 = kx[:, None] ** 2 + ky**2
    lattice = (2 / dx) ** 2 * (np.sin(kx * dx / 2)[:, None] ** 2 + np.sin(ky * dx / 2) ** 2)
    return np.fft.ifft2(np.fft.fft2(values) * np.where(k2 > 0, lattice / np.where(k2 > 0, k2, 1), 1)).real


def plate(cells, pearl_length=5.0, field=1e-3, dx=0.5):
    problem = GinzburgLandau(
        Grid((cells, cells), dx),
        pearl_length=pearl_length,
        sample=square(cells * dx / 2, 12.0),
        applied_field=field,
    )
    return problem, minimise(problem, start="uniform", tol=1e-10)


def test_isolated_film_does_not_feel_its_images():
    """The smallest cell allowed against one three times as wide; with the plain periodic kernel images show."""
    (problem, small), (_, large) = plate(72), plate(216)
    twin = minimise(without_vacuum(problem), start="uniform", tol=1e-10)
    moment, alone, among = (sheet_moment(s).sum() for s in (small, large, twin))
    assert moment == pytest.approx(alone, rel=2e-5)
    assert among != pytest.approx(alone, rel=1e-3)
    with pytest.raises(InputError, match="vacuum"):
        plate(50)


def test_field_of_an_isolated_film_is_that_of_biot_and_savart():
    """B beside the film, summed over the currents of its links; not so with the field of images."""
    problem, state = plate(120)
    grid, dx = problem.grid, problem.grid.spacing
    twin = without_vacuum(problem)
    among = minimise(twin, start="uniform", tol=1e-10)
    for i, j in [(60, 80), (78, 78)]:
        x, y = (i + 1) * dx, (j + 1) * dx
        own = 0.0
        for axis in range(2):
            lx, ly = grid.link_midpoints(axis)
            arm = (y - ly) if axis == 0 else -(x - lx)
            own += (state.link_current[axis] * arm / np.hypot(x - lx, y - ly) ** 3).sum()
        own *= dx**2 / (2 * math.pi * problem.pearl_length)
        assert state.magnetic_field[i, j] - 1e-3 == pytest.approx(own, rel=0.02)  # (dx/distance to the edge)²
    assert among.magnetic_field[78, 78] - 1e-3 != pytest.approx(own, rel=0.05)


def test_moment_is_the_derivative_of_the_energy():
    """dF/dH = −m; the moment is also that of the currents, ½∫ r × j."""
    problem, state = plate(72)
    dx = problem.grid.spacing
    moment = sheet_moment(state).sum() * dx**2
    gain = (
        state.energy + 0.5 * problem.mask.sum() * dx**2
    )  # quadratic in H: half of −m H, in units where m is Λ m
    assert gain == pytest.approx(-0.5 * 5.0 * moment * 1e-3, rel=1e-4)
    (x, _), (_, y) = problem.grid.link_midpoints(1), problem.grid.link_midpoints(0)
    jx, jy = state.link_current
    assert ((x * jy).sum() - (y * jx).sum()) * dx**2 / 5.0 == pytest.approx(moment, rel=1e-6)


def test_sheet_of_moments_magnetises_the_film():
    """Frozen moments make b = k m/2, as `magnetometry` has it just above the sheet; a weak film lets it pass."""
    grid = Grid((48, 48), 0.5)
    moments = np.exp(-((grid.plaquettes[0] - 12) ** 2 + (grid.plaquettes[1] - 12) ** 2) / 8)
    flux = StrayField(grid, 1.0, vacuum_around(grid, None)).of_moments(moments)
    just_above = averaged(moment_sheet_field(moments, 0.5, 1e-9), 0.5)
    assert np.abs(flux / 0.25 - just_above).max() < 1e-8
    weak = minimise(
        GinzburgLandau(grid, pearl_length=1e5, magnetisation=1e-4 * moments), start="uniform", tol=1e-9
    )
    assert np.abs(weak.magnetic_field - 1e-4 * flux / 0.25).max() < 1e-8


@pytest.mark.parametrize("hole", [0.0, 4.0])
def test_london_landscape_of_an_isolated_film(hole):
    """A vortex gains 4πg in the stream function g of the screening currents that full minimisation finds.

    They differ by |ψ|² − 1 ~ j² ~ 10⁻⁶; repulsion is mutual, and the edge takes part in it.
    """
    solid, frame = square(18.0, 10.0), lambda x, y: np.maximum(np.abs(x - 18), np.abs(y - 18)) > hole / 2
    problem = GinzburgLandau(
        Grid((72, 72), 0.5),
        pearl_length=4.0,
        sample=lambda x, y: solid(x, y) & frame(x, y),
        applied_field=1e-3,
    )
    london = London(problem)
    state = minimise(problem, start="uniform", tol=1e-10)
    expected = 4 * math.pi * sheet_moment(state) * 4.0 / 2
    assert np.abs(london.landscape - expected).max() < 1e-5 * np.abs(expected).max()
    one, other = (36, 42), (28, 33)
    assert london.repulsion(one)[other] == pytest.approx(london.repulsion(other)[one], rel=1e-6)
    endless = London(GinzburgLandau(problem.grid, pearl_length=4.0)).repulsion(one)[other]
    assert london.repulsion(one)[other] < 0.8 * endless


def test_ground_state_of_an_isolated_film():
    """A square in a field below and above the entry of the first vortex, which sits in the middle."""
    grid, sample = Grid((48, 48), 0.5), square(12.0, 8.0)
    states = [
        ground_state(GinzburgLandau(grid, pearl_length=10.0, sample=sample, applied_field=field), rng=0)
        for field in (0.1, 0.35)
    ]
    assert [s.vortices.net for s in states] == [0, 1]
    assert np.abs(np.array([states[1].vortices.x, states[1].vortices.y]) - 12.0).max() < 0.1


@pytest.mark.parametrize("hole", [0.0, 10.0])
def test_iterations_do_not_depend_on_screening(hole):
    """Nor on a start in another field; a weak and a strong film, of 20 ξ, in a vacuum of twice that."""
    solid, frame = square(30.0, 20.0), lambda x, y: np.maximum(np.abs(x - 30), np.abs(y - 30)) > hole / 2

    def film(pearl_length, field):
        return GinzburgLandau(
            Grid((120, 120), 0.5),
            pearl_length=pearl_length,
            sample=lambda x, y: solid(x, y) & frame(x, y),
            applied_field=field,
        )

    for pearl_length in (0.3, 3.0, 30.0):
        first = minimise(film(pearl_length, 0.01), start="uniform")
        again = minimise(film(pearl_length, 0.02), start=first)
        fresh = minimise(film(pearl_length, 0.02), start="uniform")
        assert all(s.converged and s.iterations <= 32 for s in (first, again, fresh))
        assert again.energy == pytest.approx(fresh.energy, rel=1e-11)


def strip_response(width, pearl_length, length, field, total=0.0, points=400):
    """Current of a London strip among its periodic images, whose line currents have A = −ln|2 sin(πx/L)|/π."""
    h = width / points
    x = h * (np.arange(points) + 0.5) - width / 2
    apart = np.abs(x[:, None] - x)
    np.fill_diagonal(apart, length / 2)
    kernel = -np.log(2 * np.sin(math.pi * apart / length)) / math.pi
    np.fill_diagonal(kernel, (1 - math.log(math.pi * h / length)) / math.pi)
    matrix = np.ones((points + 1, points + 1))  # the last unknown makes the total current what it is to be
    matrix[:-1, :-1] = np.eye(points) + kernel * h / pearl_length
    matrix[-1, -1] = 0
    return x, np.linalg.solve(matrix, np.append(-field * x, total / h))[:-1], h


def strip_error(dx, pearl_length, width=10.0, length=32.0, field=1e-3):
    grid = Grid((round(length / dx), 8), dx)
    film = GinzburgLandau(
        grid, pearl_length=pearl_length, sample=lambda x, y: np.abs(x - 16) < width / 2, applied_field=field
    )
    state = minimise(film, start="uniform")
    assert state.converged
    x, j, h = strip_response(width, pearl_length, length, field)
    found = (state.supercurrent[1, :, 0] * (grid.sites[0][:, 0] - 16)).sum() * dx
    return found / ((x * j).sum() * h) - 1


@pytest.mark.parametrize("pearl_length", [1.0, 10.0])
def test_strip_among_its_images(pearl_length):
    coarse, fine = strip_error(0.5, pearl_length), strip_error(0.25, pearl_length)
    assert abs(fine) < 4e-3
    assert math.log2(coarse / fine) == pytest.approx(1.7, abs=0.2)  # j ~ x ln x at an edge


def strip_with_current(dx, pearl_length, width=10.0, length=32.0, mean=1e-4):
    """Where it is, and the current of a strip at rest that carries ``mean`` × length."""
    grid = Grid((round(length / dx), 2), dx)
    film = GinzburgLandau(
        grid, pearl_length=pearl_length, sample=lambda x, y: np.abs(x - length / 2) < width / 2
    )
    run = evolve(film, start="uniform", current=(0.0, mean), duration=3000.0, rest_tol=1e-8)
    assert run.message.startswith("came to rest")
    inside = np.flatnonzero(film.mask[:, 0])
    return grid.sites[0][inside, 0] - length / 2, run.state.supercurrent[1, inside, 0]


@pytest.mark.parametrize(("pearl_length", "order"), [(1.0, 1.6), (10.0, 1.9)])
def test_strip_that_carries_current(pearl_length, order):
    """Its profile from edge to edge, against the integral equation."""
    errors = []
    for dx in (0.5, 0.25):
        x, j = strip_with_current(dx, pearl_length)
        fine, profile, h = strip_response(10.0, pearl_length, 32.0, 0.0, total=32e-4)
        assert j.sum() * dx == pytest.approx(32e-4, rel=1e-4)
        assert np.abs(j / np.interp(x, fine, profile) - 1).max() < 0.02 * dx
        errors.append((j * x**2).sum() * dx / ((profile * fine**2).sum() * h) - 1)
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.2)


def test_current_of_a_strip_has_the_known_limits():
    """Λ ≫ w: uniform; Λ ≪ w: that of a perfect conductor, I/π√(a² − x²) if its images are far."""
    _, j = strip_with_current(0.5, 1e4)
    assert np.ptp(j) < 1e-3 * j.mean()
    x, j, _ = strip_response(10.0, 1e-3, 64.0, 0.0, total=1.0, points=1600)
    a, k = 5.0, math.pi / 64
    among = k / math.pi * np.cos(k * x) / np.sqrt(math.sin(k * a) ** 2 - np.sin(k * x) ** 2)
    middle = np.abs(x) < 4
    assert np.abs(j / among - 1)[middle].max() < 4e-3
    assert np.abs(j * math.pi * np.sqrt(a**2 - x**2) - 1)[middle].max() < 0.02
    x, found = strip_with_current(0.25, 0.5)
    assert found[0] > 2.5 * found[len(found) // 2]


# above the film


def test_field_above_a_film_from_its_moments_and_from_a_thin_slab():
    """e^{−kz} of the field in the plane; and a London slab of λ²/d = Λ/2 with d → 0."""
    grid, pearl_length, height = Grid((64, 64), 0.5), 10.0, 1.5
    state = minimise(GinzburgLandau(grid, pearl_length=pearl_length, flux_quanta=1), start=[(16.0, 16.0, 1)])
    above = moment_sheet_field(sheet_moment(state), 0.5, height) + state.magnetic_field.mean()
    k = 2 * math.pi * np.hypot(np.fft.fftfreq(64, 0.5)[:, None], np.fft.fftfreq(64, 0.5))
    carried = np.fft.ifft2(np.fft.fft2(state.magnetic_field) * np.exp(-k * height)).real
    assert np.abs(averaged(above, 0.5) - carried).max() < 1e-9
    thickness = 1e-3
    depth = math.sqrt(pearl_length * thickness / 2)
    bulk = np.fft.fft2(state.magnetic_field) * (1 + pearl_length * k) / (1 + (depth * k) ** 2)
    slab = stray_field(np.fft.ifft2(bulk).real, 0.5, height, depth, thickness=thickness)
    assert np.abs(slab - carried).max() < thickness * np.abs(above).max()


# dynamics


def test_field_of_a_normal_film_decays_at_the_rate_of_its_eddy_currents():
    """σ ∂A/∂t = −Λ k A⊥ where ψ = 0."""
    grid, rate = Grid((32, 32), 0.5), 3.0 * 2 * math.pi / 16
    problem = GinzburgLandau(grid, pearl_length=3.0, epsilon=-1.0)
    links = np.zeros((2, 32, 32))
    links[1] = 0.01 * np.sin(2 * math.pi * grid.link_midpoints(1)[0] / 16)
    start = State.of(problem, np.zeros(grid.shape), links)
    run = evolve(problem, start=start, duration=2.0, tol=1e-6)
    assert np.all(np.diff(run.energies) <= 0)
    expected = links * math.exp(-rate * 2.0)
    assert np.abs(run.state.vector_potential - expected).max() < 1e-3 * np.abs(expected).max()


def test_film_comes_to_rest_in_the_minimum_and_resumes_bitwise():
    grid = Grid((40, 40), 0.5)
    problem = GinzburgLandau(grid, pearl_length=3.0, sample=square(10.0, 6.0), applied_field=0.05)
    settings = {"duration": 150.0, "tol": 3e-3}
    kept = []
    run = evolve(problem, "uniform", record=[60.0], keep=kept.append, **settings)
    again = evolve(problem, record=[60.0], resume=kept[0], **settings)
    assert np.array_equal(run.state.vector_potential, again.state.vector_potential)
    assert np.all(np.diff(run.energies) < 1e-12)
    best = minimise(problem, start="uniform")
    assert run.state.energy == pytest.approx(best.energy, abs=1e-6)
    ramped = evolve(
        GinzburgLandau(grid, pearl_length=3.0, sample=square(10.0, 6.0)),
        applied_field=lambda t: 0.05,
        **settings,
    )
    assert ramped.state.energy == pytest.approx(best.energy, abs=1e-6)


# input and documentation


def test_how_to_page():
    page = Path(__file__).parents[2] / "docs" / "how-to" / "films.md"
    assert doctest.testfile(str(page), module_relative=False) == (0, 20)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kappa": 2.0, "pearl_length": 5.0}, "left out"),
        ({"kappa": math.inf, "pearl_length": 5.0}, "left out"),
        ({}, "missing"),
        ({"pearl_length": 0.0}, "positive"),
        ({"pearl_length": math.nan}, "positive"),
        ({"pearl_length": 5.0, "applied_field": 0.1}, "flux_quanta"),
        ({"pearl_length": 5.0, "sample": square(12.0, 6.0), "flux_quanta": 1}, "applied_field"),
        ({"pearl_length": 5.0, "sample": square(12.0, 15.0)}, "images"),
    ],
)
def test_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        GinzburgLandau(Grid((48, 48), 0.5), **arguments)


def test_drives_refused():
    endless = GinzburgLandau(Grid((16, 16), 0.5), pearl_length=5.0)
    with pytest.raises(InputError, match="without end"):
        evolve(endless, start="uniform", applied_field=Ramp((0.0, 1.0), (0.0, 0.1)))
    isolated = GinzburgLandau(Grid((40, 40), 0.5), pearl_length=5.0, sample=square(10.0, 6.0))
    with pytest.raises(InputError, match="isolated film"):
        evolve(isolated, start="uniform", current=(0.1, 0.0))
    strip = GinzburgLandau(Grid((40, 8), 0.5), pearl_length=5.0, sample=lambda x, y: np.abs(x - 10) < 3)
    with pytest.raises(InputError, match="across a strip"):
        evolve(strip, start="uniform", current=(0.1, 0.0))


def test_open_grid_and_bulk_state_refused():
    with pytest.raises(InputError, match="periodic=True"):
        GinzburgLandau(Grid((48, 48), 0.5, False), pearl_length=5.0)
    bulk = State.of(GinzburgLandau(Grid((8, 8), 0.5), 2.0), np.ones((8, 8)), np.zeros((2, 8, 8)))
    with pytest.raises(InputError, match="pearl_length"):
        sheet_moment(bulk)
