"""Thresholds and phases of crystals of inclusions, against limits, larger cells and brute force."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import exp1, k0

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.inclusions import disk_lattice, pseudo_field
from pseudogauge.studies.phase_diagram import (
    Branch,
    Crystal,
    branches,
    image_energy,
    london_gains,
    lower_critical_field,
    lowest,
    phase_map,
    random_ensemble,
    search_check,
)
from pseudogauge.studies.phase_diagram.starts import starts
from pseudogauge.studies.phase_diagram.thresholds import KINDS, Excess, first_gain, other_grid, threshold_of
from pseudogauge.studies.phases import PHASES

SMALL = Crystal(filling=0.3, radius=4.0, edge_width=4.0, kappa=10.0)


@pytest.mark.parametrize(("kappa", "field"), [(2.0, 0.194080), (10.0, 0.0142754), (50.0, 8.82658e-4)])
def test_lower_critical_field_is_brandts(kappa, field):
    assert lower_critical_field(kappa) == pytest.approx(field, rel=3e-6)


def test_images_against_a_sum_over_wave_vectors():
    """Poisson summation with a Gaussian split: K0(r/κ) = ½∫dt/t exp(−r²/4t − t/κ²), cut at t = η."""
    side, kappa, eta = 6.0, 4.0, 3.0
    k = 2 * math.pi / side * np.arange(-20, 21)
    squared = k[:, None] ** 2 + k**2 + 1 / kappa**2
    long = 2 * math.pi / side**2 * np.sum(np.exp(-eta * squared) / squared)
    itself = 0.5 * exp1(eta / kappa**2)
    t, weights = np.polynomial.legendre.leggauss(200)
    t, weights = 0.5 * eta * (t + 1), 0.5 * eta * weights
    i, j = np.meshgrid(np.arange(-6, 7), np.arange(-6, 7))
    r2 = side**2 * (i**2 + j**2)[(i != 0) | (j != 0)]
    short = 0.5 * np.sum(weights / t * np.exp(-r2[:, None] / (4 * t) - t / kappa**2))
    expected = 4 * math.pi * (long - itself + short)
    assert image_energy(np.eye(2) * side, kappa) == pytest.approx(expected, rel=1e-9)


def test_images_of_a_dense_lattice_are_its_mean_field():
    """Σ → ∫d²r 4πK0/A − the self energy cut at the cell: 8π²κ²/A to leading order, whatever the lattice."""
    triangular = np.array([[1.0, 0.0], [0.5, math.sqrt(3) / 2]]) * math.sqrt(2 / math.sqrt(3))
    square, other = (image_energy(v, kappa=30.0) for v in (np.eye(2), triangular))
    assert square == pytest.approx(8 * math.pi**2 * 900, rel=3e-3)
    assert 0 < square - other < 1e-4 * square  # the triangular lattice is the better one


@pytest.mark.parametrize("arrangement", ["square", "triangular"])
@pytest.mark.parametrize("filling", [0.1, 0.4, 0.7])
def test_dense_limit_of_the_gains(filling, arrangement):
    """λ ≫ spacing and sharp edges: x between, 1 − x inside."""
    crystal = Crystal(filling, 6.0, 0.6, 1000.0, arrangement)
    gains = london_gains(replace(crystal, spacing=0.25).problem(1.0))
    assert gains.between == pytest.approx(filling, abs=2e-3)
    assert gains.inside == pytest.approx(1 - filling, abs=2e-3)


def test_exchange_that_ends_half_way_costs_flow_at_large_filling():
    """b_z across the gaps is the paper's assumption; half-way, h̃ is less everywhere and the pair overtakes."""
    across = Crystal(0.7, 12.0, 6.0, 10.0, spacing=0.75)
    apart = replace(across, exchange_overhang="half gap")
    side = across.grid.extent[0]
    assert apart.inclusions.exchange_overhang == pytest.approx(side / 2 - 12.0, rel=1e-12)
    triangular = Crystal(0.7, 12.0, 6.0, 10.0, "triangular", exchange_overhang="half gap")
    step = triangular.inclusions.centres[1] - triangular.inclusions.centres[0]
    assert triangular.overhang == pytest.approx(
        np.hypot(*step) / 2 - 12.0, abs=0.05
    )  # the cell is 1:√3 nearly
    wide, narrow = london_gains(across.problem(1.0)), london_gains(apart.problem(1.0))
    assert wide.between > wide.pair
    assert narrow.between < narrow.pair < wide.pair
    mean = apart.unit_field.source.mean / lower_critical_field(10.0)
    assert mean < 0.5 * across.unit_field.source.mean / lower_critical_field(10.0)


def test_a_vortex_between_starts_in_the_gap_where_that_is_better():
    """R above λ, b_z ending half-way: the search finds it off the middle of four; from there it would not gain."""
    crystal = Crystal(0.74, 24.0, 8.0, 10.0, spacing=0.75, exchange_overhang="half gap")
    none, gap = branches(crystal, 4.45, ((0, 0), (1, 0)))
    assert gap.phase == "interstitial"
    assert gap.energy < none.energy
    problem = crystal.problem(4.45, 1)
    middle = minimise(problem, start=[(0.0, 0.0, 1)], tol=1e-4, energy_tol=1e-8).energy
    assert middle - 0.5 * crystal.images(stiffness=none.stiffness) > none.energy


@pytest.mark.parametrize("spacing", [0.75, 0.7, 0.65])
def test_pairs_of_large_inclusions_end_in_the_same_state_on_every_grid(spacing):
    """Of sites equal by symmetry each grid picks another; from partners far apart it ended .2 ε1 higher."""
    crystal = Crystal(0.74, 24.0, 8.0, 10.0, spacing=spacing, exchange_overhang="half gap")
    none, between, pair, more = branches(crystal, 4.6, ((0, 0), (1, 0), (1, 1), (2, 1)))
    excess = [(branch.energy - none.energy) / crystal.line_energy for branch in (between, pair, more)]
    assert excess == pytest.approx([-0.068, -0.007, -0.120], abs=0.003)
    assert lowest(crystal, [none, between, pair, more]).phase == "pairs"
    assert (
        lowest(crystal, [none, between, pair]).phase == "interstitial"
    )  # a map that leaves out (2, 1) is wrong


@pytest.mark.parametrize("arrangement", ["square", "triangular"])
def test_a_start_together_is_below_the_start_apart_in_london_theory(arrangement):
    """Among all places on their side of the rims: against every move of either partner."""
    crystal = Crystal(0.5, 8.0, 4.0, 10.0, arrangement, spacing=1.0)
    london, windings = crystal.london, [1, -1] * crystal.per_cell

    def energy(vortices):
        spots = [tuple(round(q / crystal.grid.spacing) - 1 for q in place) for *place, _ in vortices]
        single = sum(w * 2.0 * london.landscape[s] for s, (*_, w) in zip(spots, vortices, strict=True))
        both = [(a, b, vortices[a][2] * vortices[b][2]) for a in range(len(spots)) for b in range(a)]
        return single + sum(w * london.repulsion(spots[a])[spots[b]] for a, b, w in both)

    apart, together = starts(crystal, 2.0, 1, 1)
    assert sorted(w for *_, w in together) == sorted(windings)
    found = energy(together)
    assert found < energy(apart) + 1e-9
    n = crystal.per_cell
    for moved in (slice(0, n), slice(n, 2 * n)):
        for step in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            near = list(together)
            near[moved] = [
                (*(q + crystal.grid.spacing * d for q, d in zip(place, step, strict=True)), w)
                for *place, w in together[moved]
            ]
            wrapped = [(x % crystal.grid.extent[0], y % crystal.grid.extent[1], w) for x, y, w in near]
            assert energy(wrapped) > found - 1e-9


def test_between_is_not_inside_an_inclusion_of_the_other_sign():
    """One inclusion of three points down: a vortex gains most in it, which is not between."""
    disks_ = disk_lattice(6.0, extent=(40.0, 40.0), edge_width=3.0, count=4, exchange=[1.0, 1.0, 1.0, -1.0])
    field = pseudo_field(disks_, lower_critical_field(10.0), 10.0)
    problem = GinzburgLandau(Grid((60, 60), 40 / 60), 10.0, field)
    anywhere, outside = london_gains(problem), london_gains(problem, inclusions=disks_)

    def depth(place):
        apart = np.abs(np.array(place) - disks_.centres)
        return float((6.0 - np.hypot(*np.minimum(apart, 40 - apart).T)).max())

    assert depth(anywhere.between_place) > 0 > depth(outside.between_place) - 1e-9
    assert 0 < outside.between < anywhere.between
    assert (outside.inside, outside.pair) == (anywhere.inside, anywhere.pair)


def test_signs_swap_with_the_sign_of_the_moment():
    up, down = london_gains(SMALL.problem(1.0)), london_gains(SMALL.problem(-1.0), sign=-1.0)
    for name in ("between", "inside", "pair"):
        assert getattr(up, name) == pytest.approx(getattr(down, name), rel=1e-9)


def test_pair_against_all_pairs():
    """Every place of the antivortex and every place of the vortex, one pair alone."""
    crystal = replace(SMALL, spacing=0.7)
    energy = London(crystal.problem(1.0)).landscape
    n, dx = energy.shape[0], crystal.grid.spacing
    step = np.minimum(np.arange(n), n - np.arange(n)) * dx
    best = 0.0
    for i in range(n):
        for j in range(n):
            distance = np.roll(np.hypot(step[:, None], step[None]), (i, j), axis=(0, 1))
            cost = 2 * crystal.line_energy - 4 * math.pi * k0(np.maximum(distance, 2.0) / crystal.kappa)
            ratio = np.where(distance >= 2.0, (energy[i, j] - energy) / cost, 0.0)
            best = max(best, float(ratio.max()))
    gains = london_gains(crystal.problem(1.0))
    assert gains.pair == pytest.approx(best, rel=1e-9)
    assert gains.pair > 1.05 * 0.5 * (gains.between + gains.inside)  # binding helps


def test_an_antivortex_alone_from_one_cell_and_from_a_larger_one():
    """The energy without its images does not depend on the cell: 1 of 1 against 1 of 4 inclusions."""
    height = 1.5
    none, one = branches(SMALL, height, ((0, 0), (0, 1)))
    side = 2 * SMALL.grid.extent[0]
    four = disk_lattice(4.0, extent=(side, side), edge_width=4.0, count=4)
    field = pseudo_field(four, height * lower_critical_field(10.0), 10.0)
    grid = Grid((52, 52), side / 52)
    problem = GinzburgLandau(grid, kappa=10.0, pseudo_potential=field)
    start = [(*four.centres[0], -1)]
    single = minimise(problem.in_sector(-1), start=start, tol=1e-4, energy_tol=1e-8).energy
    stiffness = none.stiffness

    def alone(n):
        """From the larger cell, with images of stiffness n."""
        return single - 4 * none.energy - 0.5 * n * image_energy(np.eye(2) * side, 10.0 / math.sqrt(n))

    here = one.energy - none.energy
    assert here == pytest.approx(alone(stiffness), abs=0.01 * SMALL.line_energy)
    # twins that forget the images, or that rings soften the superfluid, fail
    assert abs(here + 0.5 * SMALL.images(stiffness=stiffness) - alone(stiffness)) > 0.5 * SMALL.line_energy
    stiff = here + 0.5 * (SMALL.images(stiffness=stiffness) - SMALL.images())
    assert abs(stiff - alone(1.0)) > 0.02 * SMALL.line_energy


def test_an_applied_field_shifts_a_cell_by_its_flux():
    """E(H) − E(0) = −4πκ²NH + κ²H²·area, exactly, so that fields need no new minimisation."""
    problem, field = SMALL.problem(1.0, net=-1), 0.4 * lower_critical_field(10.0)
    start = SMALL.vortices(0, 1)
    states = [minimise(p, start=start, tol=1e-7) for p in (problem, replace(problem, applied_field=field))]
    area = SMALL.grid.size * SMALL.grid.cell
    shift = 4 * math.pi * 100 * field + 100 * field**2 * area
    assert states[1].energy - states[0].energy == pytest.approx(shift, rel=1e-7)


def mixture(*found, applied=0.0):
    return lowest(SMALL, [Branch(*branch) for branch in found], applied)


NONE = (0, -100.0, "none")


def test_a_net_flux_enters_as_soon_as_it_gains_and_stays_small_at_first():
    barely = mixture(NONE, (-1, -100.5, "trapped antivortices"))
    amply = mixture(NONE, (-1, -140.0, "trapped antivortices"))
    assert barely.phase == amply.phase == "trapped antivortices"
    assert -0.3 < barely.net < 0
    assert amply.net == -1.0
    assert mixture(NONE, (-1, -99.9, "trapped antivortices")).phase == "none"


def test_what_is_lowest_may_hold_two_kinds_of_cells():
    both = mixture(NONE, (0, -105.0, "pairs"), (-1, -106.0, "trapped antivortices"))
    assert both.phase == "pairs"
    assert -1 < both.net < 0
    assert mixture(NONE, (0, -105.0, "pairs"), (-1, -104.0, "trapped antivortices")).net == 0


def test_a_field_along_h_favours_vortices_between():
    rows = (NONE, (1, -99.0, "interstitial"), (-1, -99.0, "trapped antivortices"))
    assert [mixture(*rows, applied=h).phase for h in (-0.3, 0.0, 0.3)] == [
        "trapped antivortices",
        "none",
        "interstitial",
    ]


@pytest.mark.parametrize("heights", [[1.75, 2.25], [0.5, 1.0, 1.9, 2.4], [2.7, 3.0], [2.5]])
def test_the_first_gain_is_the_zero_wherever_the_heights_are(heights):
    """4 − u², and 4.16 − u² on a grid of 4/3 the spacing: zero at 2, and 0.16/(16/9 − 1) of energy the grid's."""
    found = first_gain(lambda u: Excess(4 - u * u), heights, lambda u: Excess(4 + 0.16 - u * u))
    assert found.height == pytest.approx(
        2.0, abs=0.005
    )  # a second secant: linear interpolation is off by up to 0.03
    assert found.error == pytest.approx(0.16 / (16 / 9 - 1) / 4, rel=0.1)
    assert not found.bound
    assert found.converged


def test_a_state_that_decays_before_it_stops_gaining_bounds_its_threshold():
    """It is a state of its own from 1.3 on only, and gains there already."""
    found = first_gain(lambda u: Excess(1 - u if u > 1.3 else math.nan), [1.0, 2.0, 3.0])
    assert found.bound
    assert 1.3 < found.height <= 1.3 + 1 / 8
    assert math.isnan(found.error)
    everywhere = first_gain(lambda u: Excess(-u), [1.0, 2.0])
    assert everywhere.bound
    assert everywhere.height <= 1.0
    never = first_gain(lambda u: Excess(math.nan if u > 2 else 1.0), [1.0, 3.0])
    assert math.isnan(never.height)


def test_a_threshold_tells_of_states_that_did_not_converge():
    found = first_gain(lambda u: Excess(2 - u, converged=u < 2.5), [1.0, 3.0])
    assert not found.converged
    assert first_gain(lambda u: Excess(2 - u, converged=u < 2.5), [1.0, 2.2]).converged


def test_the_error_of_a_threshold_is_that_of_its_grid():
    """From two spacings the third is foretold: all agree on the limit of a fine grid within a fifth of their errors."""
    cells = [replace(SMALL, spacing=h) for h in (0.8, 0.5)]
    rough, fine = (threshold_of(KINDS["pair"], cell, [1.6, 2.0], {}) for cell in cells)
    assert 0.003 < fine.error < rough.error < 0.01
    assert rough.height + rough.error == pytest.approx(fine.height + fine.error, abs=0.2 * rough.error)
    assert abs(rough.height - fine.height) > 0.3 * rough.error  # a twin that calls the rough one exact fails


@pytest.fixture(scope="module")
def coarse():
    options = {"configurations": ((0, 0), (1, 0), (0, 1), (1, 1)), "spacing": 0.8}
    return phase_map(12.0, 6.0, 10.0, [0.2, 0.7], [1.5, 2.1], **options)


def test_either_site_can_be_the_first(coarse):
    """Large inclusions: antivortices inside at small filling, vortices between at large."""
    names = [[PHASES[n] for n in row] for row in coarse.phase.values[0]]
    assert names == [["none", "trapped antivortices"], ["none", "interstitial"]]
    assert coarse.net.values[0, 0, 1] < 0 < coarse.net.values[0, 1, 1]


def test_thresholds_lie_above_those_of_london(coarse):
    """London gives the condensate no chance to yield; GL thresholds of singles lie a little above."""
    assert 1.0 < float(coarse.threshold_inside[0, 0] / coarse.london_inside[0, 0]) < 1.15
    assert 1.0 < float(coarse.threshold_between[0, 1] / coarse.london_between[0, 1]) < 1.15


def test_random_arrangements_are_reproducible_and_counted():
    options = {
        "fillings": [0.3],
        "heights": [2.2],
        "seeds": [3],
        "variants": ["signs"],
        "count": 2,
        "spacing": 1.0,
    }
    one, two = (random_ensemble(3.0, 3.0, 10.0, **options) for _ in range(2))
    assert one.identical(two.assign_attrs(one.attrs))
    assert np.isfinite(one.london_pair).all()
    occupied = (one.inside + one.between).values.ravel()
    assert np.array_equal(occupied > 0, one.phase.values.ravel() > 0)


def test_every_arrangement_of_the_study_can_be_placed():
    from pseudogauge.studies.phase_diagram import parts
    from pseudogauge.studies.phase_diagram.ensembles import VARIANTS, _place

    for part in parts.phase_diagram_parts():
        if part.name.startswith("random-"):
            given = part.compute.keywords
            (name,) = given["variants"]
            for filling in given["fillings"]:
                for seed in given["seeds"]:
                    assert len(_place(8.0, 6.0, filling, 6, seed, VARIANTS[name])) == 6


def test_a_search_in_a_larger_cell_finds_the_same():
    found = search_check([(0.3, 4.0, 4.0, 10.0, 2.0)], spacing=0.6)
    assert PHASES[int(found.phase[0])] == PHASES[int(found.phase_searched[0])] == "pairs"
    assert abs(float(found.missed[0])) < 1e-4
    assert found.attrs["converged"] == 1


def test_what_a_search_missed_is_against_what_the_maps_hold(monkeypatch):
    """The maps' best is a mixture, below any state that fills every cell; and a state that did not settle is told."""
    from pseudogauge.studies.phase_diagram import ensembles

    crystal, height = Crystal(0.1, 4.0, 4.0, 10.0, spacing=0.8), 1.5
    found = branches(crystal, height)
    best = lowest(crystal, found)
    assert -1 < best.net < 0
    searched = []

    def unsettled(*arguments):
        searched.append(replace(kept(*arguments), converged=False))
        return searched[-1]

    kept = ensembles._lowest_state
    monkeypatch.setattr(ensembles, "_lowest_state", unsettled)
    checked = search_check([(0.1, 4.0, 4.0, 10.0, height)], spacing=0.8)
    expected = (best.energy - searched[0].energy / 4) / crystal.line_energy
    assert float(checked.missed[0]) == pytest.approx(expected, abs=1e-9)
    assert checked.attrs["converged"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"filling": 0.79},
        {"filling": math.nan},
        {"kappa": 0.0},
        {"kappa": 0.5},  # type I
        {"radius": "5"},
        {"filling": "0.3"},
        {"edge_width": 8.1},
        {"radius": math.nan},
        {"exchange_overhang": -1.0},
        {"exchange_overhang": math.nan},
        {"exchange_overhang": "half"},
    ],
)
def test_what_is_no_crystal_is_refused(change):
    with pytest.raises(InputError):
        replace(SMALL, **change)


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda: SMALL.vortices(3, 0), "plus"),
        (lambda: SMALL.vortices(0, -1), "minus"),
        (lambda: random_ensemble(3.0, 3.0, 10.0, [0.3], [2.0], [0], ["equals"]), "variants"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3], [2.0], configurations=((1, 0),)), "configurations"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3, 0.2], [2.0]), "fillings"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3, 0.8], [2.0]), "filling"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3], [0.0, 2.0]), "heights"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3], []), "heights"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3], 2.5), "heights"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3], 1), "heights"),
        (lambda: phase_map(4.0, 4.0, 10.0, 0.3, [2.0]), "fillings"),
        (lambda: phase_map(4.0, 4.0, 10.0, ["0.3"], [2.0]), "fillings"),
        (lambda: phase_map(4.0, 4.0, 10.0, [0.3], [2.0], applied=[math.nan]), "applied"),
        (lambda: lowest(SMALL, [Branch(1, -1.0, "interstitial")]), "found"),
    ],
)
def test_what_is_not_there_is_refused_by_name(ask, name):
    with pytest.raises(InputError, match=name):
        ask()


def test_every_map_of_the_study_can_be_checked_on_another_grid():
    """Cells of a triangular lattice do not get exactly the spacing asked for: the coarser one may be too coarse."""
    from pseudogauge.studies.phase_diagram import parts

    for given in parts._MAPS:
        shape = {name: given[name] for name in ("radius", "edge_width", "kappa", "spacing")}
        for filling in given.get("fillings", parts.FILLINGS):
            crystal = Crystal(filling, arrangement=given.get("arrangement", "square"), **shape)
            assert other_grid(crystal).grid.spacing <= 1.0
            assert abs(other_grid(crystal).grid.spacing / crystal.grid.spacing - 1) > 0.2
