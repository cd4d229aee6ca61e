"""Samples given by a real function, positive inside: links cut where the surface cuts them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special
from scipy.linalg import solve_banded

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, evolve, fluxoid, minimise, sheet_moment
from pseudogauge.ginzburg_landau.energy import energy_and_gradient
from pseudogauge.ginzburg_landau.noise import thermal_kick


def test_open_parts_of_faces_are_those_of_the_surface():
    grid = Grid((10, 8), 0.5, False)
    slab = GinzburgLandau(grid, 2.0, sample=lambda x, y: 3.3 - x).openings
    assert slab[1, :, 3] == pytest.approx([1, 1, 1, 1, 1, 1, 0.6, 0, 0, 0], abs=1e-12)
    assert slab[0, :, 3] == pytest.approx([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], abs=1e-12)
    slanted = GinzburgLandau(grid, 2.0, sample=lambda x, y: 3.1 - x - 0.5 * y).openings
    width = slanted[1, :, 3].sum() * 0.5  # of the face at y = 2
    assert width == pytest.approx(2.1, abs=1e-12)
    square = GinzburgLandau(
        grid, 2.0, sample=lambda x, y: np.minimum(np.minimum(x - 1, 4 - x), np.minimum(y - 0.5, 3.5 - y))
    )
    mask = GinzburgLandau(grid, 2.0, sample=lambda x, y: (x > 1) & (x < 4) & (y > 0.5) & (y < 3.5))
    assert np.array_equal(square.mask, mask.mask)
    assert np.array_equal(square.weights, mask.weights)


def test_a_disk_across_the_seam_is_the_disk_inside():
    grid = Grid((12, 10), 0.5)

    def disk(x, y, cx, cy):
        return 1.6 - np.hypot((x - cx + 3) % 6 - 3, (y - cy + 2.5) % 5 - 2.5)

    within, across = (
        GinzburgLandau(grid, 2.0, sample=lambda x, y, c=c: disk(x, y, *c)).openings
        for c in ((3.2, 2.4), (0.2, 4.9))
    )
    assert np.abs(np.roll(within, (-6, 5), axis=(1, 2)) - across).max() < 1e-12


def test_faces_in_space():
    """A cylinder along z has the openings of a disk in every layer; the slices of a ball their areas."""
    disk = lambda x, y, *z: 2.2 - np.hypot(x - 3.1, y - 2.9)  # noqa: E731
    flat = GinzburgLandau(Grid((12, 12), 0.5, False), 2.0, sample=disk).openings
    tall = GinzburgLandau(Grid((12, 12, 3), 0.5, (False, False, True)), 2.0, sample=disk).openings
    assert np.abs(tall[:2] - flat[..., None]).max() < 1e-12
    assert tall[2].sum(axis=(0, 1)) * 0.25 == pytest.approx(math.pi * 2.2**2, rel=0.02)
    ball = lambda x, y, z: 2.5 - np.sqrt((x - 3) ** 2 + (y - 3) ** 2 + (z - 3) ** 2)  # noqa: E731
    found = GinzburgLandau(Grid((24, 24, 24), 0.25, False), 2.0, sample=ball).openings
    heights = (np.arange(23) + 1) * 0.25 - 3
    slices = np.pi * np.maximum(2.5**2 - heights**2, 0)
    assert np.abs(found[0, :-1].sum(axis=(1, 2)) * 0.0625 - slices).max() < 0.15


def test_volumes_of_cut_cells():
    """Exact for planes along an axis, second order for a disk and a ball, and the same for a disk and a cylinder."""
    grid = Grid((10, 8), 0.5, False)
    for sample in (lambda x, y: 3.3 - x, lambda x, y: 3.3 - 1e-7 * y - x):
        slab = GinzburgLandau(grid, 2.0, sample=sample)
        assert slab.filling[:7, 3] == pytest.approx([1, 1, 1, 1, 1, 1, 0.6], abs=1e-6)
        assert not slab.mask[7:].any()
    slanted = GinzburgLandau(grid, 2.0, sample=lambda x, y: 3.1 - x - 0.5 * y)
    assert (slanted.filling * slanted.mask).sum() * 0.25 == pytest.approx(4 * 2.1, abs=2e-3)

    def disk(n):
        return GinzburgLandau(
            Grid((n, n), 6 / n, False), 2.0, sample=lambda x, y, *z: 2.2 - np.hypot(x - 3.1, y - 2.9)
        )

    off = [p.grid.cell * (p.filling * p.mask).sum() / (math.pi * 2.2**2) - 1 for p in map(disk, (12, 24, 48))]
    assert abs(off[0]) < 0.01
    assert abs(off[2]) < 6e-4
    flat = disk(12)
    tall = GinzburgLandau(Grid((12, 12, 3), 0.5, (False, False, True)), 2.0, sample=flat.sample)
    assert tall.filling == pytest.approx(np.repeat(flat.filling[..., None], 3, axis=2), abs=1e-12)
    ball = GinzburgLandau(
        Grid((24,) * 3, 0.25, False),
        2.0,
        sample=lambda x, y, z: 2.5 - np.sqrt((x - 3) ** 2 + (y - 3) ** 2 + (z - 3) ** 2),
    )
    assert (ball.filling * ball.mask).sum() / 64 == pytest.approx(4 / 3 * math.pi * 2.5**3, rel=6e-3)
    across = GinzburgLandau(grid, 2.0, sample=lambda x, y: (x > 1) & (x < 4))
    assert across.filling == 1.0


def test_gradient_of_cut_cells():
    """Every derivative is that of the energy; the density adds up to it."""
    for grid in (Grid((9, 8), 0.5, False), Grid((6, 6, 3), 0.5, (False, False, True), 0.4)):
        problem = GinzburgLandau(
            grid, 2.0, sample=lambda x, y, *z: 1.2 - np.hypot(x - 1.55, y - 1.45), applied_field=0.1
        )
        assert np.ptp(problem.filling[problem.mask]) > 0.5
        rng = np.random.default_rng(0)
        psi = rng.normal(size=(2, *grid.shape))
        state = State.of(problem, psi[0] + 1j * psi[1], rng.normal(size=(grid.ndim, *grid.shape)))
        assert state.free_energy_density.sum() * grid.cell == pytest.approx(state.energy, rel=1e-12)
        fields = np.stack([state.order_parameter.real, state.order_parameter.imag, *state.vector_potential])
        gradient, turn = np.empty_like(fields), rng.normal(size=fields.shape)
        turn[:2] *= problem.mask
        for axis, wraps in enumerate(grid.periodic_axes):
            if not wraps:
                np.moveaxis(turn[2 + axis], axis, 0)[-1] = 0
        energy_and_gradient(fields, problem.coefficients, gradient)
        up, down = (
            sum(energy_and_gradient(fields + step * turn, problem.coefficients, np.empty_like(fields)))
            for step in (1e-5, -1e-5)
        )
        assert (gradient * turn).sum() == pytest.approx((up - down) / 2e-5, rel=1e-7)


def test_gradient_and_currents_of_cut_links():
    """Currents are derivatives of the energy, and no current leaves the sample."""
    problem = GinzburgLandau(
        Grid((9, 8), 0.5, False), 2.0, sample=lambda x, y: 1.6 - np.hypot(x - 2.2, y - 2.1)
    )
    rng = np.random.default_rng(0)
    psi = rng.normal(size=(2, 9, 8))
    state = State.of(problem, psi[0] + 1j * psi[1], rng.normal(size=(2, 9, 8)))
    fields = np.stack([state.order_parameter.real, state.order_parameter.imag, *state.vector_potential])
    for index in [(2, 4, 4), (3, 2, 2), (2, 6, 4), (3, 1, 4)]:
        up, down = fields.copy(), fields.copy()
        up[index] += 1e-4
        down[index] -= 1e-4
        energies = [
            energy_and_gradient(f, problem.coefficients, np.empty_like(f)).kinetic for f in (up, down)
        ]
        expected = -(energies[0] - energies[1]) / 4e-4 / 0.5
        assert state.link_current[(index[0] - 2, *index[1:])] == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert not state.link_current[problem.openings == 0].any()


def disk_error(dx, smooth, kappa=3.0, radius=6.0):
    """Moment of a cylinder in a weak field, against I_1/I_0; three places of its centre between the sites."""
    exact = 2 * special.iv(1, radius / kappa) / (radius / kappa) / special.iv(0, radius / kappa) - 1
    found, side = [], 14.0
    for centre in (7.04, 7.13, 6.93):
        level = lambda x, y, c=centre: radius - np.hypot(x - c, y - c - 0.05)  # noqa: E731
        sample = level if smooth else lambda x, y, level=level: level(x, y) > 0
        grid = Grid((round(side / dx),) * 2, dx, False)
        state = minimise(
            GinzburgLandau(grid, kappa, sample=sample, applied_field=1e-3), start="uniform", tol=1e-9
        )
        assert state.converged
        found.append(state.magnetisation * side**2 / (math.pi * radius**2) / 1e-3 / exact - 1)
    return float(np.mean(found))


def test_cylinder_against_bessel_functions_second_order():
    errors = [disk_error(dx, True) for dx in (0.5, 0.25, 0.125)]
    assert abs(errors[2]) < 2e-4
    assert math.log2(errors[0] / errors[2]) / 2 == pytest.approx(1.9, abs=0.25)
    stairs = [disk_error(dx, False) for dx in (0.5, 0.25)]
    assert math.log2(stairs[0] / stairs[1]) < 1.2  # the mask of the same disk
    assert abs(stairs[1]) > 50 * abs(errors[1])


def slab_error(dx, kappa=1.5, width=3.3):
    """Mean over places between the sites."""
    grid, found = Grid((round(6 / dx), 2), dx, (False, True)), []
    for middle in (2.93, 2.88, 3.03):
        level = lambda x, y, c=middle: width / 2 - np.abs(x - c)  # noqa: E731
        state = minimise(
            GinzburgLandau(grid, kappa, sample=level, applied_field=1e-3), start="uniform", tol=1e-11
        )
        found.append(state.magnetisation / 1e-3 * 6 / (2 * kappa * math.tanh(width / 2 / kappa) - width) - 1)
    return float(np.mean(found))


def test_slab_between_the_sites_is_as_good_as_one_along_them():
    """Whose errors are 0.036, 0.009 and 0.0023."""
    errors = [slab_error(dx) for dx in (0.5, 0.25, 0.125)]
    assert np.all(np.abs(errors) < [0.036, 0.009, 0.0023])
    assert math.log2(errors[0] / errors[2]) / 2 > 1.9


def suppressed_cylinder(radius, field, n=2000):
    """|ψ|² on the axis and the moment per length of a cylinder with κ = ∞: a radial equation by Newton's method."""
    dr = radius / n
    r, f, flow = (np.arange(n) + 0.5) * dr, np.full(n, 0.7), np.arange(1, n)
    for _ in range(60):
        local = r * dr * (field * r / 2) ** 2
        force, diagonal = local * f + r * dr * (f**3 - f), local + r * dr * (3 * f**2 - 1)
        force[:-1] -= flow * np.diff(f)
        force[1:] += flow * np.diff(f)
        diagonal[:-1] += flow
        diagonal[1:] += flow
        matrix = np.array([np.r_[0, -flow], diagonal, np.r_[-flow, 0]])
        step = solve_banded((1, 1), matrix, -force)
        f += step
        if np.abs(step).max() < 1e-12:
            break
    return f[0] ** 2, -math.pi * (r**3 * f**2).sum() * dr * field / 2


def suppressed_error(dx, exact, radius=2.5, field=0.8, whole_cells=False):
    """Of the moment, mean over four centres."""
    n, found = round((2 * radius + 2) / dx), []
    for cx, cy in np.array([(0.07, 0.03), (0.21, 0.11), (0.02, 0.17), (0.13, 0.24)]) + radius + 1:
        problem = GinzburgLandau(
            Grid((n, n), dx, False), math.inf, applied_field=field,
            sample=lambda x, y, cx=cx, cy=cy: radius - np.hypot(x - cx, y - cy),
        )  # fmt: skip
        if whole_cells:
            problem.__dict__["filling"] = 1.0
        state = minimise(problem, start="uniform", tol=1e-7)
        (x, y), j = problem.grid.sites, state.supercurrent
        found.append(0.5 * ((x - cx) * j[1] - (y - cy) * j[0]).sum() * dx**2 / exact - 1)
        assert state.converged
        assert state.iterations < 90
    return float(np.mean(found))


def test_suppressed_cylinder_second_order():
    """|ψ|² = 0.71 on the axis, 0.5 at the surface: cut cells must not count in full."""
    density, exact = suppressed_cylinder(2.5, 0.8)
    assert density == pytest.approx(0.7146, abs=1e-4)
    errors = [suppressed_error(dx, exact) for dx in (0.5, 0.25, 0.125)]
    assert abs(errors[2]) < 2e-3
    assert math.log2(errors[0] / errors[2]) / 2 > 1.9
    wrong = [suppressed_error(dx, exact, whole_cells=True) for dx in (0.25, 0.125)]
    assert math.log2(wrong[0] / wrong[1]) < 1.2
    assert wrong[1] > 20 * abs(errors[2])


def test_suppressed_slab_second_order():
    """Slab of 2 ξ in H = 1.5, κ = ∞: max |ψ|² = 0.3355, wherever its surfaces lie between the sites."""

    def density(dx, place, width=2.0):
        n = round(3 / dx)
        level = lambda x, y: width / 2 - np.abs(x - (n / 2 + place) * dx)  # noqa: E731
        slab = GinzburgLandau(Grid((n, 4), dx, (False, True)), math.inf, sample=level, applied_field=1.5)
        return float((np.abs(minimise(slab, start="uniform", tol=1e-8).order_parameter) ** 2).max())

    # along the sites, at two spacings, and what these become at none
    coarse, fine = (
        float((np.abs(minimise(
            GinzburgLandau(Grid((n, 4), 2 / n, (False, True)), math.inf, applied_field=1.5), start="uniform", tol=1e-9
        ).order_parameter) ** 2).max())
        for n in (20, 40)
    )  # fmt: skip
    exact = fine + (fine - coarse) / 3
    assert exact == pytest.approx(0.3355, abs=1e-4)
    for place in (0.13, 0.27, 0.41):
        errors = [density(dx, place) - exact for dx in (0.25, 0.125, 0.0625)]
        assert np.all(np.abs(errors) < [0.013, 0.0033, 0.0009])
    assert math.log2(errors[0] / errors[2]) / 2 > 1.9  # of the last place, whose errors are the largest


def test_order_grows_evenly_in_cut_cells():
    """Without a field ψ stays uniform while it relaxes, and noise kicks every site as its mobility demands."""
    disk = GinzburgLandau(
        Grid((14, 14), 0.5, False), math.inf, sample=lambda x, y: 2.7 - np.hypot(x - 3.4, y - 3.6)
    )
    half = State.of(disk, 0.5 * disk.mask, np.zeros((2, 14, 14)))
    run = evolve(disk, start=half, duration=1.0, relaxation=2.0, tol=1e-6)
    density = 1 / (1 + 3 * math.exp(-1.0))  # of d|ψ|²/dt = 2|ψ|²(1 − |ψ|²)/u
    assert np.abs(run.state.order_parameter[disk.mask]) ** 2 == pytest.approx(density, abs=1e-5)
    whole = GinzburgLandau(disk.grid, math.inf)
    mine, all_cells = (thermal_kick(p, 0.1, 2.0, 1.0, 0.5, np.random.default_rng(0)) for p in (disk, whole))
    assert mine[:2] * np.sqrt(disk.filling) == pytest.approx(all_cells[:2] * disk.mask, abs=1e-12)


def test_round_film_and_ring():
    """Film of 10 ξ: its moment at dx = ½ is 20 times nearer than that of the mask; a ring keeps a whole fluxoid."""
    grid, found = Grid((112, 112), 0.5), []
    level = lambda x, y: 10 - np.hypot(x - 28.13, y - 28.07)  # noqa: E731
    for sample in (level, lambda x, y: level(x, y) > 0):
        film = GinzburgLandau(grid, pearl_length=20.0, sample=sample, applied_field=1e-3)
        state = minimise(film, start="uniform")
        found.append(
            sheet_moment(state).sum() * 0.25 / -0.336033 - 1
        )  # loops of current: `test_film.ring_response`
    assert abs(found[0]) < 1.5e-3
    assert abs(found[1]) > 20 * abs(found[0])
    ring = GinzburgLandau(
        grid, pearl_length=20.0, sample=lambda x, y: np.minimum(level(x, y), 6 - level(x, y))
    )
    held = minimise(ring, start=[(28.0, 28.0, 1)])
    assert fluxoid(held, (21.0, 35.0), (21.0, 35.0)).winding == 1


def test_dynamics_of_a_smooth_sample_end_in_its_minimum():
    disk = GinzburgLandau(
        Grid((14, 14), 0.5, False),
        2.0,
        sample=lambda x, y: 2.7 - np.hypot(x - 3.4, y - 3.6),
        applied_field=0.2,
    )
    run = evolve(disk, start="uniform", duration=100.0, tol=1e-2)
    assert run.state.energy == pytest.approx(minimise(disk, start="uniform").energy, abs=1e-5)
    assert np.all(np.diff(run.energies) < 1e-12)


def test_links_that_the_surface_closes_count_no_vortices():
    """Two halves that touch in a line of sites: no phase difference across it means anything."""
    grid = Grid((8, 8), 0.5, False)
    cut = GinzburgLandau(grid, 2.0, sample=lambda x, y: np.abs(x - 2.0) - 1e-12)  # a cut along faces
    rng = np.random.default_rng(0)
    psi = np.where(grid.sites[0] < 2, 1.0, np.exp(2j * math.pi * rng.random(grid.shape)[:1]))
    state = State.of(cut, psi, np.zeros((2, 8, 8)))
    assert cut.mask.all()
    assert not np.any(np.abs(state.vortices.x - 2.0) < 0.25)
    with pytest.raises(InputError, match="across its edge"):
        fluxoid(state, (1.0, 3.0), (1.0, 3.0))
    whole = State.of(GinzburgLandau(grid, 2.0), psi, np.zeros((2, 8, 8)))
    assert np.any(np.abs(whole.vortices.x - 2.0) < 0.25)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (lambda x, y: -1.0 - x, "at least one site"),
        (lambda x, y: np.where(x > 2, np.nan, 1.0), "sample(2.25, 0.25) = nan"),
        (np.ones((8, 8)), "positive inside"),
        (lambda x, y: np.where(x > 2, 1.0, 0.0), "with the values 0 and 1 only"),
        (lambda x, y: (x > 2) - 0.5, "A mask returns True and False"),
    ],
)
def test_refused(sample, words):
    with pytest.raises(InputError) as caught:
        GinzburgLandau(Grid((8, 8), 0.5, False), 2.0, sample=sample)
    assert words in str(caught.value)
