"""Field cooling: what depends on temperature, where pairs come from, ensembles that can be repeated."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import minimise
from pseudogauge.microscopic import RashbaSuperconductor
from pseudogauge.microscopic.closed_forms import (
    GAP_RATIO,
    bcs_gap,
    gamma_thermal,
    interband_function,
    stiffness_clean,
)
from pseudogauge.results import open_dataset, read_json, save_dataset
from pseudogauge.studies import cooling_ensembles
from pseudogauge.studies.cooling_ensembles import KINDS, Condition, ensemble, gathered
from pseudogauge.studies.field_cooling import Cooling, Sample, cool, pair_cost, pseudo_potential_at_transition
from pseudogauge.studies.phase_diagram import Crystal, london_gains, lower_critical_field

SMALL = Sample(filling=0.2, height=1.8, rows=1, period=16.0, edge_width=4.0)
QUICK = Cooling(ramp_time=15.0, hold=5.0, settle=10.0)


def test_samples_of_the_study_are_not_the_cells_of_the_maps():
    """The numbers of docs/theory/field_cooling.md, section 2: the ring ends where neighbouring exchange fields meet."""
    dilute, dense = (cooling_ensembles.condition_named(name).sample for name in ("dilute", "dense"))
    lower = lower_critical_field(10.0)
    for sample, overhang, share in ((dilute, 3.0, 0.88), (dense, 0.505, 0.83)):
        assert sample.inclusions.exchange_overhang == pytest.approx(overhang, abs=1e-3)
        centre = sample.field.stream(*sample.inclusions.centres[0])
        assert centre == pytest.approx(sample.height * lower, rel=1e-3)
        mean = sample.field.source.mean / (sample.height * lower * sample.filling)
        assert mean == pytest.approx(share, abs=5e-3)
    between = cooling_ensembles.condition_named("between").sample
    assert between.field.depairing_ratio < 1
    gains = london_gains(between.problem)
    assert (gains.between, gains.inside, gains.pair) == pytest.approx((1.32, 0.48, 0.96), abs=6e-3)
    crystal = Crystal(dense.filling, float(dense.inclusions.radius[0]), dense.edge_width, 10.0, spacing=1.0)
    for problem, expected in (
        (dense.problem, (1.04, 0.70, 1.16)),
        (crystal.problem(dense.height), (1.26, 0.49, 1.07)),
    ):
        gains = london_gains(problem)
        assert (gains.between, gains.inside, gains.pair) == pytest.approx(expected, abs=6e-3)


@pytest.fixture
def conditions(monkeypatch):
    """Two small conditions in place of those of the study."""
    small = (Condition("small", SMALL, QUICK), Condition("small control", replace(SMALL, height=0.0), QUICK))
    monkeypatch.setattr(cooling_ensembles, "CONDITIONS", small)
    monkeypatch.setattr(cooling_ensembles, "NAMES", tuple(one.name for one in small))
    return small


@pytest.mark.parametrize("splitting", [1.0, 6.0, 40.0])
def test_pseudo_potential_near_the_transition(splitting):
    """γ/D_s from sums over Matsubara frequencies just below T_c and at T = 0, which know nothing of digamma."""
    mu, critical = 1e4, 1.0

    def ratio(temperature):
        metal = RashbaSuperconductor(
            mass=1.0, mu=mu, gap=float(bcs_gap(temperature, critical)), temperature=temperature,
            rashba=splitting / math.sqrt(2 * mu),
        )  # fmt: skip
        return -2 * mu * gamma_thermal(metal) / stiffness_clean(metal)

    scale = 1 + splitting**2 / (2 * mu) / (2 * mu)  # D_s ∝ v_F² + w²
    assert ratio(0.9999) * scale == pytest.approx(pseudo_potential_at_transition(splitting), rel=1e-3)
    assert ratio(1e-3) * scale == pytest.approx(interband_function((GAP_RATIO / splitting) ** 2), rel=1e-6)
    change = float(pseudo_potential_at_transition(splitting)) / interband_function(
        (GAP_RATIO / splitting) ** 2
    )
    assert 0.45 < change <= 1.0


def test_pseudo_potential_limits():
    """Small splitting: 31 ζ(5) s²/7 ζ(3), from the Taylor series of the digamma function."""
    s = 0.05 / (2 * math.pi)
    zeta_3, zeta_5 = 1.2020569031595942, 1.0369277551433699
    assert pseudo_potential_at_transition(0.05) == pytest.approx(31 * zeta_5 * s**2 / (7 * zeta_3), rel=1e-3)
    with pytest.raises(InputError, match="splitting"):
        pseudo_potential_at_transition([1.0, math.nan])


def test_a_cell_keeps_its_flux_and_relaxes_downhill():
    run = cool(SMALL, QUICK, rng=2)
    places = [*run.on_the_way, SMALL.places(run.settled), SMALL.places(run.minimised)]
    assert all(one.net == 0 for one in places)
    totals = [len(one.winding) for one in places]
    assert totals[0] > totals[-1]  # the normal state is full of phase slips
    assert run.minimised.energy <= run.settled.energy
    assert run.settled.problem.coefficients.epsilon.max() == 1.0


def test_sample_is_what_it_says():
    opened = replace(SMALL, open=True, rows=2, flipped=(3,))
    heights = opened.field.stream(*opened.inclusions.centres.T)
    units = 0.0142754  # H_c1/H_c2 at κ = 10 (Brandt)
    assert heights == pytest.approx([1.8 * units] * 3 + [-1.8 * units], rel=1e-2)
    assert opened.inclusions.filling * math.prod(opened.grid.extent) == pytest.approx(0.2 * 32.0**2)
    assert not any(opened.problem.grid.periodic_axes)
    for bad in (
        {"filling": 0.9},
        {"filling": math.nan},
        {"height": math.nan},
        {"flipped": (4,)},
        {"rows": 0},
    ):
        with pytest.raises(InputError):
            replace(SMALL, **bad)
    for bad in ({"ramp_time": 0.0}, {"noise": 0.0}, {"start": 0.1}, {"hold": math.inf}):
        with pytest.raises(InputError):
            Cooling(**bad)


def test_cost_of_a_pair_falls_faster_than_its_line_energy():
    """Every London energy is ∝ ε. A pair across the edge gets cheaper than that as the ring nears depairing."""
    sample = Sample(filling=0.2, height=1.7, rows=1)
    pair = minimise(sample.problem, start=[(12.0, 12.0, -1), (0.1, 0.1, 1)], tol=1e-3)
    rows = pair_cost(sample, pair, strengths=(1.0, 0.6, 0.4))
    assert [number for *_, number in rows] == [2, 2, 2]
    per_strength = [energy / strength for strength, energy, _ in rows]
    assert per_strength[0] > per_strength[1] > per_strength[2]


def _counts(name, runs):
    return ensemble(name, runs)["count"].values


def test_runs_do_not_depend_on_company_or_process(conditions):
    together = _counts("small", range(2))
    assert np.array_equal(together[:, 1:], _counts("small", [1]))
    assert not np.array_equal(together[:, 0], together[:, 1])
    assert conditions[0].rng(0).random() != conditions[1].rng(0).random()


def test_another_process_finds_the_same_numbers():
    here = cool(SMALL, QUICK, rng=3).minimised
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        there = pool.submit(cool, SMALL, QUICK, 3).result().minimised
    assert there.energy == here.energy
    assert np.array_equal(there.order_parameter, here.order_parameter)


def test_batches_are_gathered_and_kept(conditions, tmp_path):
    parts = [ensemble(one.name, batch) for one in reversed(conditions) for batch in ((0,), (1, 2))]
    for number, part in enumerate(parts):
        path = save_dataset(part, tmp_path / str(number) / "data.zarr")
        assert open_dataset(path).identical(part)
    whole = gathered(parts)
    assert whole["count"].shape == (2, 3, 6, 4)
    assert list(whole.kind.values) == list(KINDS)
    assert list(whole.condition.values) == [one.name for one in conditions]
    assert np.isfinite(whole.energy).all()
    last = whole["count"].isel(stage=-1).sum()
    assert whole.sizes["vortex"] == int(last)
    assert open_dataset(save_dataset(whole, tmp_path / "whole" / "data.zarr")).equals(whole)


def test_a_failed_run_is_recorded(conditions, monkeypatch):
    def breaks(sample, cooling, rng):
        if rng.random() == conditions[0].rng(1).random():
            raise RuntimeError("no luck")
        return cool(sample, cooling, rng=0)

    monkeypatch.setattr(cooling_ensembles, "cool", breaks)
    found = gathered([ensemble("small", range(2))])
    assert read_json(found.attrs["failures"]) == {"small, run 1": "RuntimeError: no luck"}
    assert np.isfinite(found.energy.values).tolist() == [[True, False]]
    assert not found.attrs["converged"]


def test_lowest_states_are_kept_one_by_one(conditions):
    """Each condition with its own lowest state, also in a cell with flux, whose bare state has none."""
    small, control = conditions
    parts = [ensemble(one.name, [0]) for one in conditions] + [
        cooling_ensembles.references([one.name]) for one in conditions
    ]
    whole = gathered(parts)
    assert np.isfinite(whole.ground_energy).all()
    assert whole.ground_count.sel(condition=control.name).sum() == 0
    assert float(whole.ground_energy.sel(condition=control.name)) == pytest.approx(-0.5 * 16.0**2, rel=1e-6)
    fast = Condition("small fast", small.sample, replace(QUICK, ramp_time=5.0))
    assert fast.reference == "small"


def test_a_cell_cooled_in_flux_keeps_it():
    sample = replace(SMALL, flux_quanta=1)
    run = cool(sample, QUICK, rng=0)
    assert sample.places(run.settled).net == sample.places(run.minimised).net == 1
    ((_, cost, number),) = pair_cost(sample, run.minimised, strengths=(1.0,))
    assert number >= 1
    bare = minimise(SMALL.problem, start="uniform", tol=1e-3)
    assert cost == pytest.approx(run.minimised.energy - bare.energy, abs=1e-2)


def test_strip():
    strip = replace(SMALL, open="x", columns=3, rows=1, margin=5.0)
    assert strip.grid.periodic_axes == (False, True)
    assert strip.grid.extent == pytest.approx((3 * 16.0 + 10.0, 16.0))
    x, y = strip.inclusions.centres.T
    assert x == pytest.approx([13.0, 29.0, 45.0])
    assert y == pytest.approx([8.0] * 3)
    with pytest.raises(InputError, match="open"):
        replace(SMALL, open="y")
