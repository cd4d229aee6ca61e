"""The vortex gas: interactions against direct sums, energies against Ginzburg-Landau, sampling against enumeration."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, special, stats

from pseudogauge import InputError, Scales
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.ginzburg_landau.vortex_gas import (
    VortexGas,
    anneal,
    core_radius,
    gas_temperature,
    interaction_table,
    line_energy,
    quench,
    sample,
    temper,
    walk,
)
from pseudogauge.ginzburg_landau.vortex_gas.moves import metropolis
from pseudogauge.ginzburg_landau.vortex_gas.walk import walker

# interactions


def direct_sum(x, y, cell, kappa, reach=40):
    """4πK0 of all periodic images but one at the origin."""
    n = np.arange(-reach, reach + 1)
    r = np.hypot(*np.meshgrid(x + cell[0] * n, y + cell[1] * n, indexing="ij"))
    return 4 * math.pi * special.k0(r[r > 0] / kappa).sum()


@pytest.mark.parametrize("kappa", [2.0, 10.0])
def test_periodic_interaction_is_the_sum_of_bessel_functions(kappa):
    table = interaction_table(Grid((20, 24), 1.0), kappa, None, core_radius(kappa))
    for i, j in ((6, 0), (10, 12), (3, 7), (0, 9)):
        assert table[i, j] == pytest.approx(direct_sum(i, j, (20, 24), kappa), rel=1e-12)


def test_interaction_does_not_depend_on_the_splitting_length():
    """Beyond the cores; and within them the difference is the missing part of the integral over Gaussians."""
    grid, kappa = Grid((32, 32), 1.0), 4.0
    narrow, wide = (interaction_table(grid, kappa, None, radius) for radius in (0.3, 0.6))
    assert np.abs(narrow - wide)[6:26].max() < 1e-10

    def missing(t):
        return 2 * math.pi / t * math.exp(-t / kappa**2 - 1 / (4 * t))

    between = integrate.quad(missing, 0.09, 0.36, epsabs=1e-13)[0]
    assert narrow[1, 0] - wide[1, 0] == pytest.approx(between, abs=1e-11)


def test_one_vortex_costs_the_line_energy_and_its_images():
    gas = VortexGas(Grid((20, 24), 1.0), 3.0)
    expected = line_energy(3.0) + 0.5 * direct_sum(0, 0, (20, 24), 3.0)
    assert gas.energy([(5.0, 7.0, 1)]) == pytest.approx(expected, rel=1e-12)
    assert line_energy(10.0) == pytest.approx(4 * math.pi * 100 * 0.0142754, rel=1e-4)  # Brandt's H_c1
    assert line_energy(1e6) == pytest.approx(2 * math.pi * (math.log(1e6) + 0.497), abs=2e-3)  # Hu


def test_film_interaction_is_that_of_struve_and_neumann():
    """U = 2π²[H0(r/Λ) − Y0(r/Λ)] (Pearl), in second differences, so that periodic images fall as L⁻³."""
    cell, length, radius = 512, 6.0, core_radius(math.inf)
    table = interaction_table(Grid((cell, cell), 1.0), math.inf, length, radius)

    def free(r):  # with the only algebraic tail of the softened core
        core = -2 * math.pi * radius**4 / length / r**3
        return 2 * math.pi**2 * (special.struve(0, r / length) - special.y0(r / length)) + core

    # images repel as 4πΛ/R: Σ ∂²(1/R)/∂x² = ½ Σ R⁻³ = 4.5168/L³ over a square lattice
    images = 4 * 4 * math.pi * length * 4.5168 / cell**3
    for r in (14, 24, 40):
        ours = table[r, 0] - 2 * table[r + 2, 0] + table[r + 4, 0]
        exact = free(r) - 2 * free(r + 2) + free(r + 4)
        assert ours - exact == pytest.approx(images, rel=0.1, abs=1e-7)


def test_logarithm_of_frozen_fields():
    """U = −4π ln r + 2π² r²/area near a vortex: the neutralising background makes ∇²U = 8π²/area."""
    table = interaction_table(Grid((256, 256), 1.0), math.inf, None, core_radius(math.inf))
    for near, far in ((4, 8), (6, 12)):
        expected = 4 * math.pi * math.log(far / near) + 2 * math.pi**2 * (near**2 - far**2) / 256**2
        assert table[near, 0] - table[far, 0] == pytest.approx(expected, abs=3e-4 * (far / 12) ** 4)


def test_open_surfaces_are_lines_of_zero_potential():
    """Bean and Livingston: a vortex near a surface is drawn to it by its image, −4πK0(2d/κ)/2."""
    kappa = 3.0
    gas = VortexGas(Grid((80, 80), 1.0, periodic=(False, True)), kappa)
    for distance in (4, 8):
        own = gas.own_energy[distance - 1, 5] - 0.5 * direct_sum(0, 0, (1e9, 80), kappa)
        image = 4 * math.pi * special.k0(2 * distance / kappa)
        rows = 4 * math.pi * special.k0(np.hypot(2 * distance, 80 * np.arange(1, 4)) / kappa).sum()
        assert own == pytest.approx(line_energy(kappa) - 0.5 * image - rows, rel=1e-9)


def test_landscape_is_that_of_the_pseudo_field():
    """4πκ²(h̃ − G h̃) for a smooth ring, in one plane wave."""
    kappa, k, strength = 4.0, 2 * math.pi / 16, 0.01
    # h̃ = strength cos kx, ã = κ²(−∂_y h̃, ∂_x h̃)
    problem = GinzburgLandau(
        Grid((64, 64), 0.25), kappa, lambda x, y: (0 * x, -(kappa**2) * k * strength * np.sin(k * x))
    )
    gas = VortexGas.of(problem, spacing=0.5)
    x, _ = gas.grid.plaquettes
    expected = 4 * math.pi * kappa**2 * strength * np.cos(k * x) * (1 - 1 / (1 + (kappa * k) ** 2))
    assert np.abs(gas.values[0] - expected).max() < 2e-3 * np.abs(expected).max()


def test_energy_with_flux_is_that_of_london_theory():
    """Vortices in a field: differences of the gas against κ²∫sGs on the lattice, k = 0 included."""
    problem = GinzburgLandau(Grid((64, 64), 0.5), 5.0, applied_field=0.05)
    gas, london = VortexGas.of(problem), London(problem)
    places = [(8.0, 8.0), (24.0, 8.0), (8.0, 24.0), (26.0, 22.0)]

    def lattice(count):
        source = london.frozen_source.copy()
        for x, y in places[:count]:
            source[round(x / 0.5) - 1, round(y / 0.5) - 1] += 2 * math.pi / problem.grid.cell
        return (source * london.potential(source)).sum() * problem.grid.cell / (4 * math.pi)

    ours = [gas.energy([(*p, 1) for p in places[:n]]) for n in range(5)]
    theirs = [lattice(n) for n in range(5)]
    # second differences are free of the self energy, which the lattice cuts off in its own way
    assert np.diff(ours, 2) == pytest.approx(np.diff(theirs, 2), rel=2e-3)


# Ginzburg-Landau


def test_energies_follow_ginzburg_landau():
    """κ = 10: vortices and pairs, relative to none; the core cut-off is matched, cores overlap little."""
    problem = GinzburgLandau(Grid((80, 80), 0.5), 10.0)
    gas = VortexGas.of(problem)
    none = -0.5 * 40.0**2
    for vortices in ([(20.0, 20.0, 1)], [(10.0, 10.0, 1), (30.0, 30.0, 1)]):
        sector = sum(w for *_, w in vortices)
        state = minimise(problem.in_sector(sector), start=vortices, tol=1e-5, energy_tol=1e-8)
        assert gas.energy(vortices) == pytest.approx(state.energy - none, rel=0.015)


def test_cores_cost_less_where_the_order_parameter_is_weak():
    """A vortex pinned by a weak spot: C against Ginzburg-Landau theory, to first order in the weakness."""
    grid = Grid((96, 96), 0.5)
    middle = 24.0

    def weakened(depth):
        return GinzburgLandau(
            grid, 5.0, epsilon=lambda x, y: 1 - depth * np.exp(-((x - middle) ** 2 + (y - middle) ** 2) / 8)
        )

    def cost(problem):
        with_vortex = minimise(problem.in_sector(1), start=[(middle, middle, 1)], tol=1e-6)
        return with_vortex.energy - minimise(problem, start="uniform").energy

    gain = {depth: cost(weakened(depth)) - cost(weakened(0.0)) for depth in (0.1, 0.4)}
    for depth, tolerance in ((0.1, 0.06), (0.4, 0.15)):
        vortex_free = minimise(weakened(depth), start="uniform")
        gas = VortexGas.of(weakened(depth), vortex_free)
        i, j = np.unravel_index(np.argmin(gas.values[1]), gas.values[1].shape)
        assert (gas.grid.plaquettes[0][i, j], gas.grid.plaquettes[1][i, j]) == (middle, middle)
        assert gas.values[1].min() == pytest.approx(gain[depth], rel=tolerance)


# moves


def small_gas():
    rng = np.random.default_rng(4)
    return VortexGas(
        Grid((3, 3), 2.0), 1.5, landscape=rng.normal(size=(3, 3)), core=rng.normal(size=(3, 3)) - 4.0
    )


def exact_weights(gas, temperature):
    """Every configuration of −1, 0, 1 on nine places, its weight and energy."""
    windings = np.array(list(itertools.product((-1, 0, 1), repeat=9)))
    landscape, core = (v.reshape(-1) for v in gas.values)
    shifts = np.array([[(a // 3 - b // 3) % 3, (a % 3 - b % 3) % 3] for a in range(9) for b in range(9)])
    matrix = gas.table[shifts[:, 0], shifts[:, 1]].reshape(9, 9)
    energy = 0.5 * np.einsum("ni,ij,nj->n", windings, matrix, windings)
    energy += windings @ landscape + np.abs(windings) @ core
    weight = np.exp(-energy / temperature) * gas.grid.cell ** np.abs(windings).sum(axis=1)
    apart = gas.grid.spacing * np.hypot(*np.where(shifts == 2, 1, shifts).T).reshape(9, 9)
    overlap = ((apart < gas.exclusion) & (apart > 0)).astype(int)
    weight[np.einsum("ni,ij,nj->n", abs(windings), overlap, abs(windings)) > 0] = 0
    return windings, weight / weight.sum(), energy


def visits(gas, temperature, net=None, attempts_apart=60, count=20_000, activity_error=0.0):
    """How often the walk is found at each pair of numbers (n₊, n₋)."""
    w = walker(gas, np.random.default_rng(0), None, net)
    seen = np.zeros((10, 10))
    for _ in range(count):
        random, all_places = w.rng.random((attempts_apart, 4)), w.places
        metropolis(
            random, 1 / temperature, math.log(gas.grid.cell) + activity_error, 1, w.changes, gas.overlapping,
            gas.table, gas.images, gas.mirrors, w.own.reshape(-1), w.core.reshape(-1), w.potential,
            all_places.slots, all_places.members, all_places.counts, w.tally,
        )  # fmt: skip
        seen[tuple(w.counts)] += 1
    return seen


def chi_squared(seen, gas, temperature, net=None):
    """p-value of the visits against the exact distribution of (n₊, n₋)."""
    windings, weight, _ = exact_weights(gas, temperature)
    exact = np.zeros((10, 10))
    np.add.at(exact, ((windings > 0).sum(axis=1), (windings < 0).sum(axis=1)), weight)
    if net is not None:
        exact = np.where(np.subtract.outer(np.arange(10), np.arange(10)) == net, exact, 0)
        exact /= exact.sum()
    expected = exact * seen.sum()
    common = expected > 20
    statistic = ((seen - expected)[common] ** 2 / expected[common]).sum()
    return stats.chi2.sf(statistic, common.sum() - 1)


@pytest.mark.parametrize("net", [None, 1])
def test_detailed_balance_against_exact_enumeration(net):
    gas, temperature = small_gas(), 4.0
    assert chi_squared(visits(gas, temperature, net), gas, temperature, net) > 1e-3


@pytest.mark.parametrize(("outside_seen", "holds"), [(True, True), (False, False)])
def test_detailed_balance_block_by_block(monkeypatch, outside_seen, holds):
    """Blocks of four of nine places, neighbours excluded; the broken twin does not see vortices outside its block."""
    for name, value in (("LARGE", 0), ("BLOCK", 2), ("ANYWHERE", 6)):
        monkeypatch.setattr(walk, name, value)
    if not outside_seen:
        monkeypatch.setattr(walk.Walker, "_taken", lambda *_: np.zeros((2, 2), dtype=bool))
    gas, temperature = replace(small_gas(), exclusion=2.5), 4.0
    w = walker(gas, np.random.default_rng(0))
    seen = np.zeros((10, 10))
    for _ in range(4_000):
        w.run(60, temperature, sweeps=15)
        seen[tuple(w.counts)] += 1
    assert (chi_squared(seen, gas, temperature) > 1e-3) == holds


def test_a_wrong_activity_is_noticed():
    """The broken twin: insertions 10 % too likely."""
    gas, temperature = small_gas(), 4.0
    seen = visits(gas, temperature, activity_error=math.log(1.1))
    assert chi_squared(seen, gas, temperature) < 1e-6


def test_mean_energy_and_places_against_exact_enumeration():
    gas, temperature = small_gas(), 3.0
    windings, weight, energy = exact_weights(gas, temperature)
    found = temper(gas, [temperature, 5.0], sweeps=12_000, rng=3)[0]
    mean, error = found.mean("energy")
    assert mean == pytest.approx(weight @ energy, abs=4 * error)
    assert error < 0.05 * energy.std()
    density = np.array([(weight @ (windings == s)).reshape(3, 3) for s in (1, -1)])
    assert np.abs(found.density - density).max() < 0.03
    assert 0.05 < found.exchange < 1


@pytest.mark.parametrize("block", [None, 4])
@pytest.mark.parametrize("periodic", [(False, True), (False, False), (True, True)])
def test_potential_and_energy_stay_exact_over_many_moves(monkeypatch, block, periodic):
    """The fast updates against energies from scratch; open axes, so that images matter; block by block as well."""
    if block is not None:
        for name, value in (("LARGE", 8), ("BLOCK", block)):
            monkeypatch.setattr(walk, name, value)
    gas = VortexGas(Grid((12, 10), 1.5, periodic), 4.0, landscape=lambda x, y: np.sin(x), core=-8.0)
    w = walker(gas, np.random.default_rng(1))
    w.run(40_000, 2.0, sweeps=5)
    assert w.counts.min() > 0
    assert w.tally[1].min() > 0
    assert w.energy == pytest.approx(gas.energy_of(w.winding), abs=1e-8)
    assert np.abs(w.potential - gas.values[0] - gas.potential_of(w.winding)).max() < 1e-9
    for kind, sign in enumerate((1, -1)):
        found = w.places.members[kind, : w.counts[kind]]
        assert sorted(found) == np.flatnonzero(w.winding == sign).tolist()
    for place in np.flatnonzero(w.winding):
        others = w.winding.copy()
        others.flat[place] = 0
        assert not gas.crowded(others).flat[place]


@pytest.mark.parametrize("periodic", [(True, True), (False, True), (False, False)])
def test_potential_of_many_is_the_sum_of_those_of_each(periodic):
    gas = VortexGas(Grid((12, 10), 1.5, periodic), 4.0)
    winding = np.random.default_rng(2).integers(-1, 2, size=gas.grid.plaquette_shape)
    assert np.count_nonzero(winding) > 32
    alone = np.zeros_like(winding)
    total = np.zeros(winding.shape)
    for place in np.flatnonzero(winding):
        alone.flat[place] = winding.flat[place]
        total += gas.potential_of(alone)
        alone.flat[place] = 0
    assert np.abs(gas.potential_of(winding) - total).max() < 1e-11


def test_energy_is_the_sum_over_pairs():
    """energy() against its own definition, pair by pair, images put in by hand."""
    gas = VortexGas(Grid((24, 24), 1.0, periodic=False), 3.0, landscape=lambda x, y: 0.1 * x, core=0.5)
    vortices = [(5.0, 6.0, 1), (15.0, 9.0, -1), (12.0, 20.0, 1)]
    wide = interaction_table(Grid((48, 48), 1.0), 3.0, None, core_radius(3.0))  # the doubled cell

    def pair(a, b):
        total = 0.0
        for sx, sy in itertools.product((1, -1), repeat=2):
            i, j = round(a[0] - sx * b[0]), round(a[1] - sy * b[1])
            total += sx * sy * wide[i % 48, j % 48]
        return total

    expected = sum(0.5 * a[2] * b[2] * pair(a, b) for a in vortices for b in vortices)
    expected += sum(0.1 * w * x + 0.5 for x, _, w in vortices)
    assert gas.energy(vortices) == pytest.approx(expected, rel=1e-12)


def test_no_sign_is_preferred_without_a_landscape():
    found = sample(VortexGas(Grid((16, 16), 1.0), 4.0), temperature=3.0, sweeps=1500, rng=2)
    mean, error = found.mean("net")
    assert found.mean("positive")[0] > 0.5
    assert abs(mean) < 4 * error


def test_results_depend_on_the_seed_and_not_on_threads():
    gas = VortexGas(Grid((16, 16), 1.0), 4.0)
    runs = [temper(gas, [1.0, 2.0, 3.0], 60, rng=5, threads=n) for n in (1, 2)]
    for a, b in zip(*runs, strict=True):
        assert np.array_equal(a.energy, b.energy)
    assert not np.array_equal(runs[0][1].energy, temper(gas, [1.0, 2.0, 3.0], 60, rng=6)[1].energy)


def test_dilute_numbers_do_not_depend_on_the_spacing_of_places():
    """One state per core area: ⟨n⟩ = (area/ξ²) exp(−ε1/T) for a gas so thin that nothing interacts."""
    for spacing in (1.0, 2.0):
        n = round(32 / spacing)
        gas = VortexGas(Grid((n, n), spacing), 0.8, net=None)
        mean, error = sample(gas, 0.9, sweeps=round(400 * spacing**2), rng=1).mean("positive")
        expected = 32**2 * math.exp(-gas.own_energy[0, 0] / 0.9)
        assert mean == pytest.approx(expected, abs=4 * error + 0.1 * expected)


# ground states


def test_annealing_finds_the_triangular_lattice():
    """Sixteen vortices in a commensurate cell, against the lattice placed by hand and between seeds."""
    gas = VortexGas(Grid((28, 24), 1.0), 6.0)  # vortices 7 apart in rows 6 apart: 6/7 ≈ √3/2
    by_hand = gas.energy(
        [(7.0 * a + 3.5 * (b % 2) + 0.5, 6.0 * b + 1.0, 1) for a in range(4) for b in range(4)]
    )
    found = anneal(gas, rng=1, net=16)
    assert found.net == len(found) == 16
    assert found.energy <= by_hand + 0.05
    seeds = [anneal(gas, rng=k, net=16).energy for k in range(3)]
    assert max(seeds) - min(seeds) < 0.2


def inclusion(x, y, centre=(16.0, 12.0), depth=-26.0, rim=8.0):
    """A well for positive vortices with a rim that holds negative ones."""
    square = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / 20
    return depth * np.exp(-square) + rim * square * np.exp(-square / 2)


@pytest.mark.parametrize("centres", [[(16.0, 12.0)], [(9.0, 8.0), (22.0, 15.0)]])
def test_one_and_two_inclusions_against_exhaustive_search(centres):
    """All configurations of up to two vortices of either sign."""
    gas = VortexGas(Grid((16, 12), 2.0), 4.0, landscape=lambda x, y: sum(inclusion(x, y, c) for c in centres))
    one = {w: w * gas.values[0].reshape(-1) + gas.own_energy.reshape(-1) for w in (1, -1)}
    best = min(0.0, *(float(e.min()) for e in one.values()))
    pairs = np.stack([gas.potential_of(gas.winding_field([p], [1])).reshape(-1) for p in range(192)])
    apart = ~np.eye(192, dtype=bool)
    for a, b in itertools.combinations_with_replacement((1, -1), 2):
        total = one[a][:, None] + one[b][None, :] + a * b * pairs
        best = min(best, float(total[apart].min()))
    found = min((anneal(gas, rng=seed, attempts=40_000) for seed in range(3)), key=lambda c: c.energy)
    assert len(found) == len(centres)
    assert found.energy == pytest.approx(best, abs=1e-9)


def test_nothing_where_nothing_pays():
    assert len(anneal(VortexGas(Grid((32, 32), 1.0), 10.0), rng=0)) == 0


@pytest.mark.parametrize("keep_net", [False, True])
def test_quench_from_a_crowd_cannot_be_improved_by_one_vortex(keep_net):
    """No vortex can come, go or move and gain; with ``keep_net`` none can move. All places tried, by full energies."""
    rng = np.random.default_rng(0)
    gas = VortexGas(Grid((16, 16), 1.0), 4.0, landscape=20 * rng.normal(size=(16, 16)))
    start = np.zeros((16, 16), dtype=np.int64)
    for place in rng.permutation(256):
        if not gas.crowded(start).flat[place] and rng.random() < 0.5:
            start.flat[place] = rng.choice([-1, 1])
    assert np.abs(start).sum() > 10
    found = quench(gas, start, keep_net=keep_net)
    assert found.energy == pytest.approx(gas.energy(found.vortices), abs=1e-9)
    if keep_net:
        assert sorted(found.winding) == sorted(start[start != 0])

    def gains(vortices):
        """Least energy over that found with one vortex more, at any free place."""
        free = ~gas.crowded(
            gas.winding_field([gas.place(x, y) for x, y, _ in vortices], [w for *_, w in vortices])
        )
        places = [(float(i + 1), float(j + 1)) for i, j in np.argwhere(free)]
        return {w: min(gas.energy([*vortices, (x, y, w)]) for x, y in places) - found.energy for w in (1, -1)}

    vortices = list(found.vortices)
    if not keep_net:
        assert min(gains(vortices).values()) > -1e-8
    for n, (*_, w) in enumerate(vortices):
        others = vortices[:n] + vortices[n + 1 :]
        assert keep_net or gas.energy(others) > found.energy - 1e-8
        assert gains(others)[w] > -1e-8  # its own place among them


# units and input


def test_temperature_in_kelvin_and_unbinding_of_pairs():
    """k_B T_KT = Φ0²/(4πμ0Λ), Λ = 2λ²/d, is T = π."""
    flux, mu0, boltzmann = 2.067833848e-15, 4e-7 * math.pi, 1.380649e-23
    depth, thickness = 0.7e-6, 1e-9
    kelvin = flux**2 / (4 * math.pi * mu0 * 2 * depth**2 / thickness) / boltzmann
    assert gas_temperature(kelvin, Scales(18e-9, depth), thickness) == pytest.approx(math.pi, rel=1e-8)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kappa": math.nan}, "kappa"),
        ({"landscape": math.nan}, "landscape"),
        ({"landscape": np.zeros((3, 4))}, "shape"),
        ({"core": -math.inf}, "core"),
        ({"kappa": math.inf}, "net"),
        ({"net": 100}, "net"),
        ({"pearl_length": -1.0}, "pearl_length"),
        ({"exclusion": math.nan}, "exclusion"),
    ],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(InputError, match=message):
        replace(VortexGas(Grid((8, 8), 1.0), 2.0), **change)


def test_bad_calls_are_refused():
    gas = VortexGas(Grid((8, 8), 1.0, periodic=False), 2.0)
    with pytest.raises(InputError, match="temperature"):
        sample(gas, math.nan, 10)
    with pytest.raises(InputError, match="vortices"):
        gas.energy([(9.0, 1.0, 1)])
    with pytest.raises(InputError, match="name"):
        sample(gas, 1.0, 10).mean("entropy")


@pytest.mark.parametrize("winding", [0.5, 2, 0])
def test_energies_of_windings_other_than_one_are_refused(winding):
    gas = VortexGas(Grid((32, 32), 1.0), kappa=5.0)
    with pytest.raises(InputError, match="winding"):
        gas.energy([(8.0, 8.0, winding)])
