"""Reports of the studies field-cooling and discriminators, from made-up numbers."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from pseudogauge.plots.field_cooling import field_cooling_figure
from pseudogauge.report.discriminators import discriminator_sections
from pseudogauge.report.field_cooling import field_cooling_sections
from pseudogauge.studies.cooling_ensembles import KINDS, STAGES


@pytest.fixture
def cooling():
    """Three runs of two conditions, one of which failed; one antivortex inside, one vortex between in each."""
    names, runs = ["dilute open", "control open"], 3
    count = np.zeros((2, runs, len(STAGES), len(KINDS)))
    count[0, :, :, [0, 3]] = 1.0
    count[0, 2] = np.nan
    return xr.Dataset(
        {
            "count": (("condition", "run", "stage", "kind"), count),
            "energy": (("condition", "run"), [[-1.0, -3.0, np.nan], [-5.0, -5.0, -5.0]]),
            "x": ("vortex", [21.0, 30.0, 22.0, 30.0]),
            "y": ("vortex", [21.0, 30.0, 20.0, 31.0]),
            "winding": ("vortex", [-1.0, 1.0, -1.0, 1.0]),
            "of_run": ("vortex", [0, 0, 1, 1]),
            "of_condition": ("vortex", ["dilute open"] * 4),
            "ground_energy": ("condition", [-4.0, -5.0]),
            "ground_count": (("condition", "kind"), [[0, 0, 0, 4], [0, 0, 0, 0]]),
            "pair_cost": (("condition", "strength"), [[2.0, -0.5, -1e-4], [0.0, 0.0, 0.0]]),
            "pair_number": (("condition", "strength"), [[2, 1, 0], [0, 0, 0]]),
        },
        coords={
            "condition": names, "run": range(runs), "stage": list(STAGES), "kind": list(KINDS),
            "strength": [1.0, 0.5, 0.2],
        },
    )  # fmt: skip


def test_field_cooling_section(cooling):
    """Numbers for each of the four inclusions of a sample."""
    (section,) = field_cooling_sections({"all": cooling})
    left, against, cost = section.tables
    assert len(left.columns) == len(against.columns) == 7  # more do not fit the page
    found = dict(zip(left.columns, left.rows[0], strict=True))
    assert found["runs"] == 2
    assert found["antivortex inside"] == "0.25 ± 0.00"
    assert found["net (Φ₀)"] == "0.00 ± 0.00"
    found = dict(zip(against.columns, against.rows[0], strict=True))
    assert found["energy over it"] == "0.50 ± 0.25"  # (3 + 1)/2, half their difference, for one of four
    assert found["lowest state"] == "0/0/0/1"
    assert found["runs in it"] == "0 of 2"
    assert against.rows[1][-2] == "3 of 3"  # the control
    assert "Of 6 runs 1 failed" in left.note
    assert cost.rows == [["dilute open", "2.00 (2)", "−0.50 (1)", "0.00 (0)"]]


def test_a_faster_cooling_is_compared_with_the_same_lowest_state(cooling):
    fast = cooling.sel(condition=["dilute open"]).assign_coords(condition=["dilute open fast"])
    fast["ground_energy"] = fast.ground_energy * np.nan
    whole = xr.concat([cooling, fast], "condition", data_vars="minimal", coords="minimal", compat="override")
    (section,) = field_cooling_sections({"all": whole})
    slow, _, faster = section.tables[1].rows
    assert slow[-3:] == faster[-3:]


def test_symbols_of_a_single_condition_are_off_the_frame(cooling):
    figure = field_cooling_figure(cooling.sel(condition=["dilute open"]))
    left, energies = figure.axes[1:3]
    assert left.get_ylim() == energies.get_ylim() == (0.5, -0.5)  # the symbols are within ±0.25 of the row 0


@pytest.fixture
def measured():
    """Noise in place of images, of four phases and two loops, or of as many as are asked for."""

    def make(names=("none", "trapped antivortices", "interstitial", "pairs"), loops=2, sites=48):
        phases, axis = len(names), np.arange(sites) + 1.0
        per_loop = {
            key: (("phase", "loop"), np.full((phases, loops), value))
            for key, value in (("lowest", -51.2), ("highest", 20.0), ("deviation", 3.0), ("skewness", 0.1))
        }
        flux = np.random.default_rng(0).normal(size=(phases, loops, sites, sites))
        per_phase = {
            key: ("phase", np.arange(phases) * 1.0) for key in ("mean_field", "excess", "reversal_error")
        }
        return xr.Dataset(
            {
                "flux": (("phase", "loop", "x", "y"), flux),
                **per_loop,
                **per_phase,
                "net": ("phase", [0, -4, 4, 0, 1][:phases]),
                "lowest_phase": ("phase", ["none"] * phases),
                "depinning": (("phase", "bracket"), [[1e9, 2e9], *[[np.nan, np.nan]] * (phases - 1)]),
                "depairing": ("phase", [8e9] * phases),
                "loop_radius": ("loop", [0.1, 0.5][:loops]),
                "loop_height": ("loop", [0.1, 0.5][:loops]),
                "vortex_x": ("vortex", [1.0]),
                "vortex_y": ("vortex", [2.0]),
                "winding": ("vortex", [-1]),
                "of_phase": ("vortex", [names[-1]]),
                "inclusion": (("disk", "circle"), [[10.0, 10.0, 5.0]] * phases),
                "inclusion_of": ("disk", list(names)),
            },
            coords={"phase": list(names), "x": axis, "y": axis},
        )

    return make


def test_discriminator_section(measured):
    reversal = {"reversal_flipped": ("arrangement", [0, 4]), "reversal_net": ("arrangement", [-0.5, 0.5])}
    energies = {"excess": ("phase", [8.7e-9, 1.0, 5.3193, 3.0])}  # the first is the lowest, found twice
    (section,) = discriminator_sections({"discriminators": measured().assign(reversal | energies)})
    states, images, rules = section.tables
    assert [row[2] for row in states.rows] == [0, -4, 4, 0]
    assert [row[1] for row in states.rows[:3]] == ["0 (none)", "1 (none)", "5.32 (none)"]
    found = dict(zip(states.columns, states.rows[0], strict=True))
    assert found["depinning (mA)"] == "0.1…0.2"  # 1e9 A/m² through 1e-13 m²
    assert found["depinning / depairing"] == "0.12…0.25"
    assert [row[4] for row in states.rows[1:]] == ["–"] * 3
    assert len(images.rows) == 8
    assert images.rows[0][:2] == ["0.1 at 0.1", "none"]
    assert images.rows[0][3] == "−51.2"
    assert len(rules.rows) > 4
    assert section.paragraphs


@pytest.mark.parametrize("names", [("mixed",), ("pairs", "none", "normal", "interstitial", "mixed")])
def test_discriminators_of_a_scenario(measured, names):
    (section,) = discriminator_sections({"discriminators": measured(names, loops=1)})
    assert not section.paragraphs
    assert len(section.tables[0].rows) == len(names)
