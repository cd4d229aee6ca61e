"""Reports on where the vortices sit: words, tables and figures follow the datasets."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from pseudogauge.errors import InputError
from pseudogauge.plots import phase_figure, ratio_figure
from pseudogauge.report.phase_diagram import phase_map_section
from pseudogauge.report.phase_tables import first_table, net_table, random_tables, read_rows, threshold_table
from pseudogauge.report.run import run_report
from pseudogauge.report.studies import study_report, study_tables
from pseudogauge.results import attribute, to_json
from pseudogauge.results.files import to_csv
from pseudogauge.studies.catalogue import find_study
from pseudogauge.studies.phase_diagram import KINDS, Crystal, first_rows, london_gains, phase_rows
from pseudogauge.studies.phases import PHASES

DOCS = Path(__file__).parents[2] / "docs"


def a_map(radius=8.0, arrangement="square"):
    """A made-up map: antivortices inside at the small filling, pairs, then vortices between."""
    phase = np.array([[[0, 2, 2], [0, 3, 3], [0, 0, 1]]])
    net = np.array([[[0, -0.2, -1.0], [0, 0.0, 0.0], [0, 0, 0.5]]])
    dims = ("applied", "filling", "height")
    lines = {f"{kind}_{name}": [1.5, 1.9, np.nan] for kind in ("london", "threshold") for name in KINDS}
    lines |= {"london_inside": [1.2, 2.0, 3.0], "threshold_inside": [1.4, 1.96, np.nan]}
    lines |= {f"error_{name}": [0.003, 0.05, np.nan] for name in KINDS}
    lines |= {f"bound_{name}": [0, 0, 0] for name in KINDS} | {
        f"converged_{name}": [1, 0, 1] for name in KINDS
    }
    rim = {"depairing": [1.3, 2.5, 2.5], "centre": [1.0] * 3}
    ds = xr.Dataset(
        {"phase": (dims, phase), "net": (dims, net), "unconverged": (dims[1:], np.diag([0, 1, 0]))}
        | {n: (dims[:2], [v]) for n, v in lines.items()}
        | {n: (("filling",), v) for n, v in rim.items()},
        {"applied": [0.0], "filling": [0.1, 0.5, 0.7], "height": [1.0, 2.0, 3.0]},
    )
    given = {"edge_width": 6.0, "kappa": 10.0, "spacing": 0.75, "exchange_overhang": 12.0}
    return ds.assign_attrs(radius=radius, arrangement=arrangement, **given)


def random_disks_found():
    rng = np.random.default_rng(0)
    names = ("variant", "filling", "seed")
    lines = {f"london_{n}": (names, rng.uniform(1, 2, (1, 1, 4))) for n in ("between", "inside", "pair")}
    found = {n: ((*names, "height"), rng.uniform(0, 1, (1, 1, 4, 1))) for n in ("net", "between", "inside")}
    found["phase"] = ((*names, "height"), np.array([2, 2, 3, 0]).reshape(1, 1, 4, 1))
    found["converged"] = ((*names, "height"), np.array([1, 0, 1, 1]).reshape(1, 1, 4, 1))
    ds = xr.Dataset(
        lines | found, {"variant": ["equal"], "filling": [0.2], "seed": range(4), "height": [2.0]}
    )
    return ds.assign_attrs(count=6)


def test_a_map_in_words_and_numbers():
    section = phase_map_section(a_map())
    words = section.paragraphs[1]
    assert (
        "x = 0.1: inside ▼ 1.400 ± 0.003*; x = 0.5" in words
    )  # as in the table, not from the height 2 of the map
    assert "x = 0.7: none up to 3" in words
    (table,) = section.tables
    cells = [row[table.columns.index("inside, GL")] for row in table.rows]
    assert cells == ["1.400 ± 0.003*", "1.96 ± 0.05†", "–"]  # beyond depairing; not converged; not found


def test_what_is_first_is_told_with_its_rivals_and_doubts():
    """Within the errors of both: not decided. A phase without a threshold of its own is still named."""
    wild = a_map()
    wild["phase"][0, 2, 1] = PHASES.index("normal")
    rows = first_rows({"map-a": wild})
    assert [(row["first"], row["from"], row["rivals"]) for row in rows] == [
        ("inside", 1.4, ""),
        ("between", 1.9, "inside pair"),
        ("normal", 2.0, ""),
    ]
    table = first_table(rows, {"here": "map-a", "nowhere": "map-b"}, "")
    assert list(table.columns) == ["x", "here"]
    assert [row[1] for row in table.rows] == [
        "inside ▼ 1.400 ± 0.003*",
        "between ▲ or inside ▼ or pairs 1.90 ± 0.05†",
        "normal from ≤ 2.00",
    ]


def test_a_threshold_without_an_error_is_not_taken_as_exact():
    unsure = a_map().assign({f"error_{name}": (("applied", "filling"), [[np.nan] * 3]) for name in KINDS})
    assert [row["rivals"] for row in first_rows({"map-a": unsure})][:1] == [""]
    unsure["threshold_pair"][0, 0] = 1.43
    assert first_rows({"map-a": unsure})[0]["rivals"] == "pair"


def test_phases_on_the_way_up_with_their_net_flux():
    rows = phase_rows({"map-a": a_map()})
    assert [(row["phase"], row["from"], row["to"]) for row in rows if row["x"] == 0.1] == [
        ("none", 1.0, 1.0),
        ("trapped antivortices", 2.0, 3.0),
    ]
    table = net_table(rows, {"here": "map-a"}, "")
    assert [row[1] for row in table.rows] == [
        "inside 2–3: −0.20 … −1.00",
        "pairs 2–3: 0†",
        "between 3: +0.50",
    ]


def test_tables_are_the_same_from_the_files_of_a_study():
    data = {"map-a": a_map(), "random-equal": random_disks_found()}
    kept = study_tables(find_study("phase-diagram"), data)
    read = {name: read_rows(to_csv(rows)) for name, rows in kept.items()}
    assert set(kept) == {"first", "phases", "random"}
    one, two = (
        [
            first_table(rows["first"], {"a": "map-a"}, ""),
            threshold_table(rows["first"], ""),
            net_table(rows["phases"], {"a": "map-a"}, ""),
            *random_tables(rows["random"]),
        ]
        for rows in (kept, read)
    )
    assert one == two
    assert study_tables(find_study("lines-3d"), data) == {}


def test_a_scenario_is_marked_on_its_own_map():
    own = {"scenario_filling": 0.5, "scenario_height": 0.004, "scenario_applied": 0.0, "title": "mine"}
    far = a_map().assign(
        london_between=a_map().london_between * 9
    )  # off the map, which is cut at its heights
    ds = far.assign_attrs(own, scenario_arrangement="random", coherence_length=18.0)
    report = study_report(find_study("phase-diagram"), {"map-scenario": ds}, quick=True)
    (section,) = report.sections
    assert section.title == "Phases: mine"
    assert "stands for the scenario's own arrangement (random)" in section.paragraphs[1]
    assert "h̃ = 0.004 H_c1" in section.paragraphs[1]
    assert "First to enter there: between ▲ or inside ▼ or pairs 1.90 ± 0.05†" in section.paragraphs[1]
    ax = section.figures[0].figure.axes[0]
    assert [text.get_text() for text in ax.texts] == ["↓ 0.004"]  # below the map, at its rim
    (star,) = (marks for marks in ax.collections if marks.get_zorder() == 6)
    (low, high), height = ax.get_ylim(), star.get_offsets()[0, 1]
    assert low < height < low + 0.05 * (high - low)
    assert section.tables[-1].caption.startswith("Phases and their net flux")
    labels = [text.get_text() for text in section.figures[0].figure.legends[0].get_texts()]
    assert {"the scenario", "a state had not converged"} <= set(labels)


def test_a_map_without_vortices_says_that_london_is_beyond_depairing():
    own = {"scenario_filling": 0.5, "scenario_height": 0.004, "scenario_applied": -0.0, "title": "mine"}
    ds = a_map().assign_attrs(own, scenario_arrangement="square", coherence_length=18.0)
    nothing = {f"threshold_{name}": ds.threshold_pair * np.nan for name in KINDS}
    nothing |= {f"london_{name}": 0 * ds.london_pair + 1.55 for name in KINDS}
    bare = ds.assign(nothing | {"phase": 0 * ds.phase, "depairing": 0 * ds.depairing + 1.0})
    words = study_words(bare)
    assert "H = 0 H_c1 along h̃. First to enter there: none up to 3 (h̃*/H_c1)" in words
    assert "all London thresholds (lowest: 1.55 H_c1) lie beyond that" in words
    assert "No vortices at any filling, up to h̃ = 3 H_c1." in words
    assert "lie beyond that" not in study_words(bare.assign(depairing=ds.depairing))  # 1.3 to 2.5: not all
    assert "lie beyond that" not in study_words(bare.assign(phase=ds.phase))


def study_words(ds):
    (section,) = study_report(find_study("phase-diagram"), {"map-scenario": ds}, quick=True).sections
    return " ".join(section.paragraphs)


def test_the_study_reports_what_it_has():
    data = {"map-a": a_map(), "map-b": a_map(4.0), "map-c": a_map(2.0), "random-equal": random_disks_found()}
    report = study_report(find_study("phase-diagram"), data, quick=True)
    titles = [section.title for section in report.sections]
    assert titles == ["Phases", "Thresholds", "When the site inside is lost", "Random inclusions"]
    assert "2 trapped antivortices, 1 pairs (1 not converged)" in report.sections[-1].tables[1].rows[0][3]


def test_a_map_says_where_its_exchange_ends():
    apart = a_map(12.0).assign_attrs(exchange_overhang="half gap").assign(centre=("filling", [0.7, 0.6, 0.5]))
    section = phase_map_section(apart)
    assert "b_z ending half-way in each gap" in section.paragraphs[1]
    assert "at the centre 0.50–0.70 of the nominal" in section.tables[0].caption
    assert "mid-gap" in phase_figure([apart]).axes[0].get_title(loc="left")
    data = {"map-a": apart, "map-b": a_map(12.0), "map-c": a_map(4.0)}
    titles = [s.title for s in study_report(find_study("phase-diagram"), data, quick=True).sections]
    assert "When the site inside is lost" not in titles  # two radii with b_z across, not three


def test_figures_show_every_map_and_both_theories():
    figure = phase_figure([a_map(), a_map(4.0), a_map(2.0), a_map(arrangement="triangular")])
    shown = [ax for ax in figure.axes if ax.axison]
    assert len(shown) == 4
    assert "triangular" in shown[-1].get_title(loc="left")
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert {"none", "interstitial", "trapped antivortices", "pairs"} <= set(labels)
    assert "mixed" not in labels
    (ax,) = ratio_figure([a_map(4.0), a_map(8.0)]).axes
    assert np.allclose(ax.lines[0].get_ydata(), 1.2 / 1.5)  # London at x = 0.1
    with pytest.raises(InputError):
        phase_figure([])


def with_numbers(ds, values):
    known = [row for row in attribute(ds, "numbers") if row["symbol"] not in values]
    rows = [
        {"group": "vortices", "symbol": name, "name": name, "value": value, "unit": "", "note": ""}
        for name, value in values.items()
    ]
    return run_report(ds.assign_attrs(numbers=to_json([*known, *rows])))


def test_a_run_says_its_phase_and_how_far_the_thresholds_are(synthetic_run):
    """With the fields of the run the pair is first, from h̃ alone the antivortex inside: both are said, apart."""
    alone = {"g_between": 0.65, "g_inside": 1.3, "g_pair": 1.04}
    beside = {"h̃_between*": 3.9, "h̃_inside*": 2.6, "h̃_pair*": 2.08}
    report = with_numbers(synthetic_run(), {"x": 0.3, "h̃": -2.6, "H_c1": 2.0, **alone, **beside})
    (section,) = [section for section in report.sections if section.title == "Phase"]
    assert "the first to enter is a pair of both, at 0.8 times the h̃" in section.paragraphs[0]
    assert "a pair of both would gain" in section.paragraphs[0]
    assert "From h̃ alone the first would be an antivortex inside" in section.paragraphs[0]
    rows = [row[1:] for row in section.tables[0].rows]
    assert rows == [("0.667", "1.95", "2"), ("1", "1.3", "1"), ("1.25", "1.04", "1.25")]


def test_what_a_run_says_of_cores_holds_in_every_map_of_the_study(synthetic_run):
    """Up to a quarter below depairing, −15 to 60 % beyond it (R ≥ 4 ξ), more than double in smaller inclusions."""
    alone = {f"g_{name}": 1.0 for name in KINDS} | {f"h̃_{name}*": 2.0 for name in KINDS}
    report = with_numbers(synthetic_run(), {"x": 0.3, "h̃": 2.6, "H_c1": 2.0, **alone})
    (note,) = [section.tables[0].note for section in report.sections if section.title == "Phase"]
    assert all(words in note for words in ("a quarter", "−15 to 60 %", "R ≥ 4 ξ", "more than double"))
    rows = read_rows((DOCS / "figures" / "where-vortices-sit" / "first.csv").read_text())
    found = [
        (row["R"] >= 4, row[name] <= row["depairing"], row[name] / row[f"{name} London"] - 1)
        for row in rows
        for name in KINDS
        if math.isfinite(row[name]) and math.isfinite(row[f"{name} London"])
    ]
    below = [raised for large, bears, raised in found if large and bears]
    beyond = [raised for large, bears, raised in found if large and not bears]
    assert min(below) > 0
    assert 0.14 < max(below) < 0.25
    assert min(beyond) > -0.15
    assert 0.5 < max(beyond) < 0.6
    assert max(raised for large, _, raised in found if not large) > 1


def test_a_run_whose_applied_field_alone_makes_vortices_says_so(synthetic_run):
    alone = {"g_between": 0.65, "g_inside": 1.3, "g_pair": 1.04}
    beside = {"h̃_between*": 0.0, "h̃_inside*": 5.2, "h̃_pair*": 2.08}
    report = with_numbers(synthetic_run(), {"x": 0.3, "h̃": 2.6, "H_c1": 2.0, **alone, **beside})
    (section,) = [section for section in report.sections if section.title == "Phase"]
    assert "a vortex between the inclusions, along h̃, without h̃" in section.paragraphs[0]
    assert section.tables[0].rows[0][1:3] == ("pays without h̃", "0")


def test_a_run_without_thresholds_has_no_phase_section(synthetic_run):
    report = with_numbers(synthetic_run(), {"x": 0.3, "h̃": 0.0, "H_c1": 2.0, "g_pair": 0.0})
    assert not [section for section in report.sections if section.title == "Phase"]


def test_distances_are_those_of_london():
    """h̃/h̃* of a report is the London gain, whatever the height: 1/gain scales back to one threshold."""
    crystal = Crystal(0.3, 4.0, 4.0, 10.0)
    for name in ("between", "inside", "pair"):
        one, two = (getattr(london_gains(crystal.problem(u)), name) for u in (1.0, 1.7))
        assert two == pytest.approx(1.7 * one, rel=1e-9)
