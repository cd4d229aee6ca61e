"""The gas of vortex lines: interactions against Bessel functions, line integrals and matrices; walks and minima."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, special

from pseudogauge import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, line_tension, minimise
from pseudogauge.ginzburg_landau.vortex_gas import (
    LineGas,
    LineInteraction,
    VortexGas,
    anneal_lines,
    core_radius,
    first_lines,
    image_energy,
    line_energy,
    quench_lines,
)
from pseudogauge.ginzburg_landau.vortex_gas.line_interaction import WIDER
from pseudogauge.ginzburg_landau.vortex_gas.line_moves import metropolis_loops
from pseudogauge.ginzburg_landau.vortex_lines import thread
from pseudogauge.inclusions import balls, layered_pseudo_field


def gas_in(shape=(16, 16, 16), kappa=3.0, anisotropy=1.0, spacing=1.0, layer_spacing=None, landscape=0.0):
    grid = Grid(shape, spacing, layer_spacing=layer_spacing)
    return LineGas(LineInteraction(grid, kappa, anisotropy), landscape)


def rectangle(grid, corner, wide, high, axes):
    """Windings of a rectangle that runs along axes[0] first."""
    points = np.tile(np.asarray(corner, dtype=float), (5, 1))
    points[[1, 2], axes[0]] += wide
    points[[2, 3], axes[1]] += high
    return thread(grid, [(points, 1)])


# interactions


@pytest.mark.parametrize(("anisotropy", "layer_spacing"), [(1.0, 1.0), (4.0, 0.25), (8.0, 1.0)])
def test_straight_lines_are_vortices_of_the_flat_gas(anisotropy, layer_spacing):
    """Whatever the layers: energies of one, and of two at some distance, per length; Bessel functions and images."""
    gas = gas_in((20, 24, 4), 3.0, anisotropy, layer_spacing=layer_spacing)
    flat, length = VortexGas(Grid((20, 24), 1.0), 3.0), 4 * layer_spacing
    one, two = gas.straight(2, 3), gas.straight(9, 11, -1)
    assert gas.configuration(one).energy / length == pytest.approx(flat.energy([(3.0, 4.0, 1)]), rel=1e-10)
    pair = flat.energy([(3.0, 4.0, 1), (10.0, 12.0, -1)])
    assert gas.configuration(one + two).energy / length == pytest.approx(pair, rel=1e-10)


def test_lines_within_layers_attract_as_bessel_functions():
    """Along x the distance is √(z² + y²/Γ²), the strength 1/Γ; far from both cores."""
    kappa, gamma = 4.0, 3.0
    gas = gas_in((4, 36, 48), kappa, gamma, layer_spacing=1 / gamma)
    one, two = np.zeros((2, *gas.values.shape), dtype=np.int64)
    one[0, :, 0, 0] = two[0, :, 12, 15] = 1
    y, z = np.meshgrid(12.0 + 36 * np.arange(-9, 10), 5.0 + 16 * np.arange(-9, 10))
    expected = 4 * math.pi / gamma * special.k0(np.hypot(z, y / gamma) / kappa).sum()
    apart = gas.configuration(one).own + gas.configuration(two).own
    assert (gas.configuration(one + two).own - apart) / 4 == pytest.approx(expected, rel=1e-8)


def test_two_loops_against_the_double_line_integral():
    """Γ = 1: ∮∮ dl·dl′ 2π e^(−r/κ)/r (Neumann), between an upright and a slanted pair of rectangles."""
    kappa, gas = 1.5, gas_in((28, 28, 28), 1.5)
    grid = gas.interaction.grid
    first = rectangle(grid, (8, 8, 8), 5, 4, (0, 2))
    second = rectangle(grid, (9, 14, 10), 3, 6, (2, 0))
    ours = sum(gas.configuration(w).own * s for w, s in ((first + second, 1), (first, -1), (second, -1)))

    def sides(corner, a, b, axes):
        step = np.zeros((2, 3))
        step[0, axes[0]], step[1, axes[1]] = a, b
        start = np.array(corner, dtype=float)
        for side in (step[0], step[1], -step[0], -step[1]):
            yield start, side
            start = start + side

    node, weight = np.polynomial.legendre.leggauss(20)
    node, weight = 0.5 * (node + 1), 0.5 * weight
    exact = 0.0
    for p, u in sides((8, 8, 8), 5, 4, (0, 2)):
        for q, v in sides((9, 14, 10), 3, 6, (2, 0)):
            r = np.linalg.norm((p + node[:, None] * u)[:, None] - (q + node[:, None] * v), axis=2)
            exact += u @ v * (weight @ (2 * math.pi * np.exp(-r / kappa) / r) @ weight)
    assert abs(exact) > 0.01
    assert ours == pytest.approx(exact, rel=1e-5)


def test_kernels_are_those_of_the_london_matrix():
    """n·𝒢n with 𝒢 = (1 + κ²∇×M⁻¹∇×)⁻¹ as a 3 × 3 inverse, for random waves and lines without ends."""
    rng, kappa, gamma = np.random.default_rng(0), 2.5, 3.5
    interaction = LineInteraction(Grid((4, 4, 4), 1.0), kappa, gamma)
    for _ in range(20):
        q, n = rng.normal(size=(2, 3))
        n -= q * (q @ n) / (q @ q)
        cross = np.array([[0, -q[2], q[1]], [q[2], 0, -q[0]], [-q[1], q[0], 0]])
        london = np.linalg.inv(np.eye(3) - kappa**2 * cross @ np.diag([1, 1, gamma**2]) @ cross)
        expected = 8 * math.pi**2 * kappa**2 * n @ london @ n
        assert np.array(interaction._kernels(list(q))) @ n**2 == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("kappa", "gamma", "wavelength"), [(20.0, 1.0, 60.0), (20.0, 5.0, 60.0), (50.0, 3.0, 2000.0)]
)
def test_small_waves_have_the_tension_of_blatter(kappa, gamma, wavelength):
    """Second order in the displacement, by quadrature over q_∥; the formula drops constants beside its logarithm."""
    interaction, k = LineInteraction(Grid((4, 4, 4), 1.0), kappa, gamma), 2 * math.pi / wavelength
    sigma = core_radius(kappa)

    def integrand(log):
        q = np.array([math.exp(log), 0.0, 0.0])
        soft = math.exp(-(sigma**2) * q[0] ** 2)
        within, _, bent = interaction._kernels([q[0], 0.0, k])
        straight = interaction._kernels([q[0], 0.0, 0.0])[2]
        return q[0] ** 2 * soft / (2 * math.pi) * (0.5 * q[0] ** 2 * (bent - straight) / k**2 + within)

    ours = integrate.quad(integrand, -25, 5, limit=400)[0]
    formula = line_tension(kappa, gamma, wavelength)
    assert ours == pytest.approx(formula, abs=2 * math.pi * 0.55 / gamma**2)  # 0.497, and 0.05 at k → 0


def test_pancakes_of_weakly_coupled_layers():
    """Γ → ∞: 8π²s/q² in the layer, less a share of all layers that is screened (Clem), wave by wave.

    What the coupling smears over 1/Γ is extrapolated away.
    """
    kappa, step, layers = 2.0, 0.5, 12
    weak, weaker = (
        gas_in((16, 16, layers), kappa, gamma, spacing=step, layer_spacing=step).interaction.tables[2]
        for gamma in (50.0, 100.0)
    )
    table = np.fft.fft2(2 * weaker - weak, axes=(0, 1)).real * step**2
    q = 2 * math.pi * np.hypot(*np.meshgrid(*2 * [np.fft.fftfreq(16, step)], indexing="ij"))
    modes = 2 * math.pi * np.arange(-4000, 4001) / (layers * step)
    heights, sigma = np.arange(layers) * step, WIDER * core_radius(kappa)
    for square in q[[0, 2], [2, 3]] ** 2:
        share = np.sinc(modes * step / 2 / math.pi) ** 2 / (1 + kappa**2 * (square + modes**2))
        screened = step / layers * (share[:, None] * np.cos(np.outer(modes, heights))).sum(axis=0)
        soft = 8 * math.pi**2 / square * math.exp(-(sigma**2) * (square + 1 / kappa**2))
        found = table[np.isclose(q**2, square)][0]
        assert found == pytest.approx(soft * ((heights == 0) * step - screened), abs=1e-3 * soft * step)


def test_staircases_cost_what_straight_lines_do():
    """A diagonal of steps of 1 ξ against a smooth line in the same cell of images."""
    kappa, sites = 5.0, 16
    gas = gas_in((sites,) * 3, kappa)
    winding = np.zeros(gas.values.shape, dtype=np.int64)
    for n in range(sites):
        winding[0, (n + 1) % sites, 0, n] = winding[2, (n + 1) % sites, 0, (n + 1) % sites] = 1
    found = gas.configuration(winding)
    assert found.flux == (1, 0, 1)
    waves = 2 * math.pi / sites * np.arange(-20, 21)
    square = 2 * waves[:, None] ** 2 + waves[None, :] ** 2 + 1 / kappa**2  # those across the line
    sigma = WIDER * core_radius(kappa)
    smooth = 4 * math.pi**2 * (np.exp(-(sigma**2) * square) / square).sum() * math.sqrt(2) / sites**2
    smooth += line_energy(kappa) - math.pi * special.exp1((sigma / kappa) ** 2)
    assert found.own / (math.sqrt(2) * sites) == pytest.approx(smooth, rel=0.03)


# landscapes


@pytest.mark.parametrize("anisotropy", [1.0, 3.0])
def test_closed_lines_feel_the_scalar_potential_of_balls(anisotropy):
    """Σ n·V of a loop in all three orientations is Σ n_z 4πκ²(h̃ − Gh̃), whatever Γ (lines3d.md, 6)."""
    kappa, grid = 4.0, Grid((16, 16, 16), 1.0)
    ball = balls([(8, 8, 8)], 4.0, edge_width=2.0, extent=grid.extent, exchange=0.01)
    field = layered_pseudo_field(ball, 1.0, kappa)
    gas = LineGas.of(GinzburgLandau(grid, kappa, field, anisotropy=anisotropy))
    stream = field.on_grid(grid)[1]
    waves = [2 * np.sin(math.pi * np.fft.fftfreq(16)) for _ in range(3)]
    square = sum(q**2 for q in np.meshgrid(*waves, indexing="ij"))
    scalar = (
        4 * math.pi * kappa**2 * (stream - np.fft.ifftn(np.fft.fftn(stream) / (1 + kappa**2 * square)).real)
    )
    loop = rectangle(grid, (3.2, 7.9, 4.1), 5, 7, (0, 2)) + rectangle(grid, (7.2, 7.9, 4.1), 6, 3, (1, 2))
    expected = (loop[2] * scalar).sum()
    assert abs(expected) > 1
    assert gas.configuration(loop).pinning == pytest.approx(expected, rel=1e-9)


def test_a_threading_antivortex_against_ginzburg_landau():
    kappa, grid = 8.0, Grid((20, 20, 20), 1.0)
    ball = balls([(10, 10, 10)], 6.0, edge_width=4.0, extent=grid.extent, exchange=1.2 / kappa**2)
    problem = GinzburgLandau(grid, kappa, layered_pseudo_field(ball, 1.0, kappa))
    none = minimise(problem, start="uniform", tol=1e-3)
    gas = LineGas.of(problem, none)
    start = anneal_lines(gas, gas.straight(9, 9, -1))
    line = minimise(problem.in_sector(-1), start=start.lines, tol=1e-3)
    assert start.pinning < -0.2 * start.own
    assert start.energy == pytest.approx(line.energy - none.energy, rel=0.04)
    with pytest.raises(InputError, match="without vortices"):
        LineGas.of(problem, line)


# walks


def energy_of(gas, winding):
    cores = np.abs(winding).sum(axis=(1, 2, 3)) @ gas.interaction.core
    return (winding * (0.5 * gas.interaction.potential_of(winding) + gas.values)).sum() + cores


def walk(gas, temperature, attempts, rng, winding=None, error=0.0):
    """Energy, windings and potential after so many attempts; ``error`` is added to the energy of every loop."""
    inter = gas.interaction
    winding = np.zeros(gas.values.shape, dtype=np.int64) if winding is None else winding.copy()
    potential, energy = gas.potential_of(winding), energy_of(gas, winding)
    energy += metropolis_loops(
        rng.random((attempts, 3)), 1 / temperature, True, inter.dipoles, inter.own_energies + error, inter.core,
        potential, winding, np.zeros(2, dtype=np.int64),
    )  # fmt: skip
    return energy, winding, potential


def random_gas(shape=(5, 4, 6)):
    rng = np.random.default_rng(3)
    return replace(gas_in(shape, 2.0, 2.0, layer_spacing=0.7), landscape=rng.normal(size=(3, *shape)))


def test_energies_and_potential_stay_exact():
    gas = random_gas()
    energy, winding, potential = walk(gas, 3.0, 20_000, np.random.default_rng(1))
    assert np.abs(winding).sum() > 10
    assert gas.configuration(winding).energy == pytest.approx(energy, abs=1e-8)  # refuses lines that end
    assert np.abs(potential - gas.potential_of(winding)).max() < 1e-9


@pytest.mark.parametrize(("error", "holds"), [(0.0, True), (1.0, False)])
def test_specific_heat_is_the_fluctuation_of_the_energy(error, holds):
    """−∂⟨E⟩/∂β = ⟨(E − ⟨E⟩)²⟩ for Boltzmann weights; the broken twin accepts by a wrong energy."""
    gas, temperatures = random_gas((3, 3, 3)), (1.8, 2.2)
    means, variances = np.empty((2, 4, 2))
    for seed in range(4):
        for n, temperature in enumerate(temperatures):
            rng = np.random.default_rng(seed)
            _, state, _ = walk(gas, temperature, 5_000, rng, error=error)
            energies = []
            for _ in range(200):
                _, state, _ = walk(gas, temperature, 400, rng, state, error=error)
                energies.append(energy_of(gas, state))
            means[seed, n], variances[seed, n] = np.mean(energies), np.var(energies)
    slope = np.diff(means, axis=1)[:, 0] / (1 / temperatures[0] - 1 / temperatures[1])
    differences = slope - variances.mean(axis=1)
    assert (abs(differences.mean()) < 3.5 * differences.std(ddof=1) / 2) == holds


# minima


def test_opposite_lines_annihilate_and_a_loop_shrinks_away():
    gas = gas_in((12, 12, 8))
    pair = gas.straight(2, 3) + gas.straight(6, 3, -1)
    assert len(anneal_lines(gas, pair, sweeps=100, hot=0.2).lines) == 0
    loop = rectangle(gas.interaction.grid, (2, 2, 2), 3, 3, (0, 2))
    assert first_lines(lambda _: gas, loop, 1.0) is None
    assert len(quench_lines(gas, rectangle(gas.interaction.grid, (2, 2, 2), 1, 1, (0, 2))).lines) == 0


def test_a_line_finds_its_trough_and_its_threshold():
    """In V(x) the line is straight at the minimum; it gains from ε/|V| on, images aside."""
    shape = (16, 10, 6)
    landscape = np.zeros((3, *shape))
    landscape[2] = np.cos(2 * math.pi * np.arange(16) / 16)[:, None, None]  # −1 at place 8
    gas = gas_in(shape, 2.0)

    def gas_at(strength):
        return replace(gas, landscape=strength * landscape)

    first = first_lines(gas_at, gas.straight(5, 4), 1.0, discount=image_energy(gas.interaction), sweeps=200)
    assert np.argwhere(first.lines.winding[2])[:, 0].tolist() == [8] * 6
    assert first.strength == pytest.approx(line_energy(2.0), rel=1e-3)


def test_loops_appear_where_they_gain():
    """Strong enough a landscape fills with loops from nothing, if asked to; otherwise nothing appears."""
    gas = gas_in((8, 8, 8))
    landscape = np.zeros((3, 8, 8, 8))
    landscape[2, 2:5, 2:5, 1:6] = -30.0
    gas, nothing = replace(gas, landscape=landscape), np.zeros((3, 8, 8, 8), dtype=np.int64)
    assert len(anneal_lines(gas, nothing).lines) == 0
    found = anneal_lines(gas, nothing, nucleate=True)
    assert found.loops > 0
    assert found.energy < 0
    assert found.flux == (0, 0, 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LineInteraction(Grid((8, 8), 1.0), 2.0), "grid"),
        (lambda: LineInteraction(Grid((8, 8, 8), 1.0, periodic=False), 2.0), "grid"),
        (lambda: LineInteraction(Grid((8, 8, 8), 1.0), math.nan), "kappa"),
        (lambda: LineInteraction(Grid((8, 8, 8), 1.0), 2.0, 0.5), "anisotropy"),
        (lambda: gas_in((8, 8, 8), landscape=math.nan), "landscape"),
        (lambda: gas_in((8, 8, 8), landscape=np.zeros((2, 2))), "shape"),
        (lambda: gas_in((8, 8, 8)).configuration(np.eye(3 * 512, dtype=int)[0].reshape(3, 8, 8, 8)), "end"),
        (lambda: anneal_lines(gas_in((8, 8, 8)), gas_in((8, 8, 8)).straight(1, 1), stages=0), "stages"),
        (
            lambda: first_lines(lambda _: gas_in((8, 8, 8)), gas_in((8, 8, 8)).straight(1, 1), -1.0),
            "strength",
        ),
    ],
)
def test_bad_input_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
