"""Reports of the studies field-cooling and discriminators, from made-up numbers."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from pseudogauge.report.discriminators import discriminator_sections
from pseudogauge.report.field_cooling import field_cooling_sections
from pseudogauge.studies.cooling_ensembles import KINDS, STAGES
from pseudogauge.studies.discriminator_study import PHASES_SHOWN


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
            "pair_cost": (("condition", "strength"), [[2.0, -0.5], [0.0, 0.0]]),
            "pair_number": (("condition", "strength"), [[2, 1], [0, 0]]),
        },
        coords={
            "condition": names, "run": range(runs), "stage": list(STAGES), "kind": list(KINDS), "strength": [1.0, 0.5]
        },
    )  # fmt: skip


def test_field_cooling_section(cooling):
    (section,) = field_cooling_sections({"all": cooling})
    left, cost = section.tables
    found = dict(zip(left.columns, left.rows[0], strict=True))
    assert found["runs"] == 2
    assert found["antivortex inside"] == "1.00 ± 0.00"
    assert found["net flux (Φ₀)"] == "0.00 ± 0.00"
    assert found["excess energy"] == "2.00 ± 1.00"  # (3 + 1)/2, half their difference
    assert found["search"] == "0/0/0/4"
    assert cost.rows == [["dilute open", "2.00 (2)", "−0.50 (1)"]]


def test_discriminator_section():
    names = list(PHASES_SHOWN)
    phases, sites = len(names), 48
    axis = np.arange(sites) + 1.0
    per_phase = {name: ("phase", np.arange(phases) * 0.01) for name in ("mean", "deviation", "skewness")}
    ds = xr.Dataset(
        {
            "flux": (("phase", "x", "y"), np.random.default_rng(0).normal(size=(phases, sites, sites))),
            "net": ("phase", [0, -4, 4, 0]),
            **per_phase,
            "lowest": ("phase", np.full(phases, -0.0512)),
            "highest": ("phase", np.full(phases, 0.02)),
            "depinning": (("phase", "bracket"), [[0.1, 0.2]] * phases),
            "reversal_error": ("phase", np.zeros(phases)),
            "vortex_x": ("vortex", [1.0]),
            "vortex_y": ("vortex", [2.0]),
            "winding": ("vortex", [-1]),
            "of_phase": ("vortex", ["pairs"]),
            "reversal_flipped": ("arrangement", [0, 4]),
            "reversal_net": ("arrangement", [-0.5, 0.5]),
        },
        coords={"phase": names, "x": axis, "y": axis, "bracket": ["low", "high"]},
    )
    (section,) = discriminator_sections({"discriminators": ds})
    numbers, rules = section.tables
    assert [row[1] for row in numbers.rows] == [0, -4, 4, 0]
    assert numbers.rows[0][2] == "−51"
    assert len(rules.rows) > 4
