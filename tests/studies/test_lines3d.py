"""Vortex lines among balls: the quick study, its report, and Ginzburg-Landau theory beside the elastic line."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from pseudogauge.ginzburg_landau import line_energy
from pseudogauge.plots.line_thresholds import line_threshold_figure
from pseudogauge.report.lines3d import lines3d_sections
from pseudogauge.studies.lines3d import threshold_table
from pseudogauge.studies.lines_with_cores import gain_in_ginzburg_landau, lines_of_both_signs


@pytest.fixture(scope="module")
def thresholds():
    return threshold_table((0.05, 0.3), (1.0, 0.1), (0,), (8.0, 8.0, 8.0), (24, 24, 24))


@pytest.fixture(scope="module")
def gains():
    return gain_in_ginzburg_landau(quick=True)


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


def test_the_report_has_all_rows(thresholds, gains):
    picture = lines_of_both_signs(quick=True)
    assert set(picture.winding.values) == {1, -1}
    data = {"thresholds": thresholds, "ginzburg-landau": gains, "picture": picture}
    first, second = lines3d_sections(data)
    assert len(first.tables[0].rows) == 4
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
