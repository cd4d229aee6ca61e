"""The page on where the vortices sit holds what the study found, and the study still finds it."""

import importlib.util
import math
from pathlib import Path

import pytest

from pseudogauge.report.phase_tables import read_rows
from pseudogauge.studies.phase_diagram import KINDS, Crystal, first_rows, london_gains, phase_map

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = DOCS / "figures" / "where_vortices_sit.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("where_vortices_sit", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(script):
    return read_rows((script.ROWS / "first.csv").read_text(encoding="utf-8"))


def test_tables_of_the_page_are_those_of_the_rows(script):
    page = script.PAGE.read_text(encoding="utf-8")
    assert script.filled(page) == page
    for name, table in script.tables().items():
        assert f"<!-- table: {name} -->\n{script.markdown(table)}\n<!-- end -->" in page
    wrong = page.replace("inside ▼", "between ▲")  # a page edited by hand is found out
    assert script.filled(wrong) == page != wrong


def test_london_thresholds_of_the_rows_are_still_those_of_the_code(rows):
    """Every map at one filling; the grid is that of the map, so the numbers are the same."""
    checked = 0
    for row in rows:
        if row["H"] == 0 and row["x"] == 0.7:
            reach = row["b_z beyond R"]
            reach = None if reach == 2 * row["d"] else reach
            shape = (row["R"], row["d"], row["kappa"], row["arrangement"], row["spacing"], reach)
            crystal = Crystal(0.7, *shape)
            gains = london_gains(crystal.problem(1.0), crystal=crystal)
            for name in KINDS:
                gain = getattr(gains, name)
                now = 1 / gain if gain > 0 else math.nan
                assert row[f"{name} London"] == pytest.approx(now, rel=1e-5, nan_ok=True)
            checked += 1
    assert checked == 16


def test_where_pairs_and_vortices_between_lead_is_what_the_page_says(rows):
    first = {(row["map"], row["x"]): row["first"] for row in rows if row["H"] == 0}

    def led(name, by):
        return [x for (found, x), kind in first.items() if found == name and kind == by]

    assert led("map-r5-d5-k50", "inside") == [0.1]
    assert min(led("map-r5-d5-k50", "pair")) == min(led("map-r8-d6-k50", "pair")) == 0.2
    assert led("map-r12-d6-k10", "between") == [0.6, 0.7, 0.75]
    assert led("map-r12-d6-k10-triangular", "between") == [0.7, 0.75]
    assert led("map-r8-d6-k10", "between") == [0.75]


def test_a_row_with_cores_is_still_what_the_code_finds(rows):
    """The smallest cell in which two kinds compete below a hundredth of each other."""
    (kept,) = (row for row in rows if row["map"] == "map-r2-d2-k10" and row["x"] == 0.3 and row["H"] == 0)
    ds = phase_map(2.0, 2.0, 10.0, [0.3], [1.5, 1.75], spacing=0.4)
    (found,) = first_rows({"again": ds})
    assert (found["first"], found["rivals"]) == (kept["first"], "")
    for name in ("inside", "pair"):
        assert found[name] == pytest.approx(kept[name], rel=1e-3)
        assert found[f"{name} error"] == pytest.approx(kept[f"{name} error"], rel=0.1)
