"""The phase map of a scenario's own inclusions."""

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.scenario import find_scenario, load_scenario, parse_scenario
from pseudogauge.studies.catalogue import find_study
from pseudogauge.studies.derive import derive
from pseudogauge.studies.phase_diagram import Crystal, scenario_map
from pseudogauge.studies.phase_diagram.survey import suggested_heights
from pseudogauge.studies.phase_diagram.user_map import map_options

TEXT = find_scenario("paper-fig1b").read_text(encoding="utf-8")
SMALL = {
    "inclusions.radius": "200 nm",
    "inclusions.edge_width": "200 nm",
    "inclusions.exchange_overhang": "100 nm",
    "inclusions.min_gap": "250 nm",
}


def changed(**changes):
    return parse_scenario(TEXT, changes={f"inclusions.{name}": value for name, value in changes.items()})


def test_lengths_are_those_of_the_scenario_in_coherence_lengths():
    options = map_options(parse_scenario(TEXT))
    assert (options["radius"], options["edge_width"], options["exchange_overhang"]) == (8.0, 6.0, 3.0)
    assert options["kappa"] == pytest.approx(10.0)
    assert options["arrangement"] == "square"  # stands for random
    own = 6 * math.pi * 0.4**2 / 3.6**2
    assert min(abs(x - own) for x in options["fillings"]) < 1e-12
    assert np.all(np.diff(options["fillings"]) > 0.02)


def test_spread_radii_keep_their_area():
    spread = changed(size_spread=0.2, min_gap="50 nm", exchange_overhang="20 nm")
    placed = derive(spread).inclusions
    assert map_options(spread)["radius"] ** 2 == pytest.approx(np.mean(placed.radius**2))


@pytest.fixture(scope="module")
def pointing_down():
    """h̃ down in a field up."""
    down = {"inclusions.pseudo_magnetisation": "-2.2 Hc1", "sample.applied_field": "0.2 Hc1"}
    scenario = parse_scenario(TEXT, changes=SMALL | down)
    return scenario, scenario_map(scenario, quick=True)


def test_the_mark_is_where_the_ring_of_the_scenario_is(pointing_down):
    """At the nominal height of the mark the lattice's own ring has the h̃ that the scenario has inside."""
    scenario, ds = pointing_down
    options = map_options(scenario, quick=True)
    shape = {
        name: options[name] for name in ("radius", "edge_width", "kappa", "spacing", "exchange_overhang")
    }
    crystal = Crystal(ds.attrs["scenario_filling"], **shape)
    height = ds.attrs["scenario_height"] * crystal.unit_field.stream(*crystal.inclusions.centres[0])
    inside = height * scenario.scales.upper_critical_field
    assert inside == pytest.approx(
        -derive(scenario).pseudo_magnetisation, rel=0.05
    )  # a disk, not a straight edge
    assert (
        ds.attrs["scenario_height"] > 1.1 * inside / scenario.scales.lower_critical_field
    )  # nominal is more


def test_thresholds_are_among_the_heights_chosen(pointing_down):
    _, ds = pointing_down
    london = np.minimum(np.minimum(ds.london_between, ds.london_inside), ds.london_pair).values
    assert ds.height.values[0] < london[1].min()
    found = [ds[f"threshold_{name}"].values for name in ("between", "inside", "pair")]
    assert np.isfinite(np.nanmin(found, axis=0)).all()
    assert not ds.phase.values[1][ds.height.values < london[1][:, None]].any()


def test_no_heights_far_beyond_what_the_edges_bear():
    """Sharp edges at a large κ, as in 4Hb-TaS2: London theory has the single vortices far beyond depairing."""
    crystals = [Crystal(x, 3.0, 1.0, 40.0, spacing=0.25, exchange_overhang=1.0) for x in (0.1, 0.5)]
    bears = max(crystal.depairing for crystal in crystals)
    heights = suggested_heights(crystals, 5)
    assert heights == sorted(heights)
    assert heights[0] < min(crystal.depairing for crystal in crystals) <= bears < heights[-1] <= 3.01 * bears


def test_a_field_against_the_moments_helps_antivortices(pointing_down):
    """H is along h̃ with its sign; thresholds inside fall by (1 + H), those of pairs stay."""
    _, ds = pointing_down
    assert ds.attrs["scenario_applied"] == pytest.approx(-0.2, rel=1e-6)
    assert ds.applied.values.tolist() == [ds.attrs["scenario_applied"], 0.0]
    assert (ds.london_inside[0] / ds.london_inside[1]).values == pytest.approx(0.8)
    assert (ds.threshold_inside[0] < 0.85 * ds.threshold_inside[1]).values[:2].all()
    assert (ds.threshold_pair[0] == ds.threshold_pair[1]).values.any()


def test_an_overhang_ends_half_way_to_the_neighbour():
    near, far = (Crystal(x, 8.0, 6.0, 10.0, exchange_overhang=3.0) for x in (0.7, 0.1))
    assert far.overhang == 3.0
    assert near.overhang == Crystal(0.7, 8.0, 6.0, 10.0, exchange_overhang="half gap").overhang < 3.0


@pytest.mark.parametrize(
    ("name", "kind"),
    [("control-uniform", "uniform"), ("control-applied", "none")],
)
def test_what_has_no_disks_has_no_map(name, kind):
    with pytest.raises(InputError, match=rf"inclusions\.arrangement = '{kind}'"):
        find_study("phase-diagram").parts_for(load_scenario(find_scenario(name)), quick=True)


def test_cells_that_are_too_large_are_refused_before_any_work():
    few = {"inclusions.count": 1, "inclusions.min_gap": "1 nm"}
    sharp = {"inclusions.edge_width": "60 nm", "inclusions.exchange_overhang": "20 nm"}
    wide = {"sample.size": ["16 µm", "16 µm"], "inclusions.radius": "2 µm"}
    with pytest.raises(InputError, match=r"filling of the inclusions = 0\.049"):
        map_options(parse_scenario(TEXT, changes=few | sharp | wide))


def test_a_study_that_takes_no_scenario_says_which_does():
    with pytest.raises(
        InputError, match=r"lines-3d has samples of its own\. A scenario can be given to phase-d"
    ):
        find_study("lines-3d").parts_for(parse_scenario(TEXT), quick=True)
