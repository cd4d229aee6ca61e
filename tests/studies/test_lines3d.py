"""Vortex lines among balls: the quick study, its report, and Ginzburg-Landau theory beside the elastic line."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from pseudogauge.ginzburg_landau import line_energy
from pseudogauge.plots.line_thresholds import ball_phase_figure, line_threshold_figure
from pseudogauge.report.lines3d import lines3d_sections
from pseudogauge.studies.lines3d import line_cores, line_phases, threshold_table
from pseudogauge.studies.lines_with_cores import gain_in_ginzburg_landau, lines_of_both_signs


@pytest.fixture(scope="module")
def thresholds():
    return threshold_table((0.05, 0.3), (1.0, 0.1), (0,), (8.0, 8.0, 8.0), (24, 24, 24))


@pytest.fixture(scope="module")
def gains():
    return gain_in_ginzburg_landau(quick=True)


@pytest.fixture(scope="module")
def phases():
    return line_phases(quick=True)


def test_loops_antivortices_and_vortices_have_their_order(phases):
    """One ball in 4.5 R: the elastic estimates within what they leave out, and 1/x for the vortex beside it."""
    found = phases.isel(filling=0, kappa=0, anisotropy=0, seed=0)
    loop, antivortex, vortex = found.threshold.values
    assert antivortex < vortex
    assert loop < vortex
    # a sharp edge would let a ring through the middle in at π (ln R/ξ + 0.11)/(ln κ + 0.497)
    sharp = np.pi * (np.log(8.0) + 0.11) / (np.log(20.0) + 0.497)
    assert 1.1 * sharp < loop < 1.9 * sharp
    assert vortex * found.found_filling > 0.9


def test_antivortices_thread_before_vortices_avoid(thresholds):
    between, inside = thresholds.threshold.sel(winding=1), thresholds.threshold.sel(winding=-1)
    assert (inside < between).all()
    # nothing gains before a line that avoids, or threads, every ball for nothing
    filled = thresholds.found_filling
    assert (between * filled > 0.94).all()  # the grid's error
    assert (inside * (1 - filled) > 1).all()
    assert (thresholds.lowest <= thresholds.threshold * (1 + 1e-6)).all()
    # a softer line comes earlier
    assert (inside.sel(tension=0.1) < inside.sel(tension=1.0)).all()


def test_cores_leave_the_elastic_line_standing(gains):
    """Ginzburg-Landau theory: signs and order as for the elastic line, sizes less by what cores smear."""
    found = gains.isel(sample=0)
    assert (found.ginzburg_landau < 0).all()
    assert found.ginzburg_landau.sel(winding=-1) < found.ginzburg_landau.sel(winding=1)
    ratio = found.ginzburg_landau / found.elastic_soft
    assert (ratio > 0.65).all()
    assert (ratio < 1).all()
    assert float(found.length.sel(winding=-1)) > 1.05  # it bends towards the balls
    assert np.allclose(found.length, found.elastic_length, atol=0.06)


def test_the_report_has_all_rows(thresholds, gains, phases):
    picture = lines_of_both_signs(quick=True)
    assert set(picture.winding.values) == {1, -1}
    cores = line_cores(quick=True)
    # cores smear the field of the ball: lines come later than in London theory, but not by much
    assert ((cores.ginzburg_landau > cores.london) & (cores.ginzburg_landau < 1.4 * cores.london)).all()
    data = {
        "phases-with-cores": cores,
        "thresholds": xr.concat(
            [thresholds, 1.1 * thresholds.assign_coords(seed=thresholds.seed + 1)], "seed"
        ),
        "ginzburg-landau": gains,
        "picture": picture,
        "phases": phases,
    }
    first, loops, second = lines3d_sections(data)
    (one,) = thresholds.threshold.isel(filling=0, tension=0).sel(winding=-1).values
    text = first.tables[0].rows[0][3]
    assert [float(part) for part in text.split(" ± ")] == pytest.approx([1.05 * one, 0.05 * one], rel=0.1)
    assert not any("±" in str(cell) for cell in loops.tables[0].rows[0])  # one box has no error
    assert not loops.figures  # and one filling no curve
    assert [row[-2] for row in loops.tables[0].rows] == [str(phases.threshold.idxmin("kind").item())]
    assert len(first.tables[0].rows) == 4
    assert len(loops.tables[1].rows) == 2
    assert len(ball_phase_figure(phases).axes) == 1
    assert len(second.tables[0].rows) == 2
    (axes,) = line_threshold_figure(thresholds).axes
    assert axes.get_yscale() == "log"


def test_python_of_the_theory_page_runs(capsys):
    page = Path(__file__).parents[2] / "docs" / "theory" / "lines3d.md"
    (block,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, page.name, "exec"), {})
    numbers, lines = capsys.readouterr().out.splitlines()
    strength, wander = map(float, numbers.split())
    assert 1 < strength / (line_energy(20.0) / (4 * np.pi)) < 4  # h̃/H_c1 of soft antivortices
    assert 1 < wander < 20
    assert "winding=-1" in lines
