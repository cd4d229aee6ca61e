"""The table of claims: complete, honest about errors, and with verdicts that follow from the numbers."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from pseudogauge.report import Report, Section, claims_table, render_report
from pseudogauge.studies.claims import (
    current,
    evaluate_claims,
    evidence,
    material,
    printed,
    registered,
    registry,
)
from pseudogauge.studies.claims.verdicts import Bound, Comparison, Estimate, Nonzero, Unsettled, Zero

LABELS = [
    *map(str, range(1, 24)),
    *(f"A{n}" for n in (1, 2)),
    *(f"B{n}" for n in range(1, 5)),
    "App. C",
    *(f"D{n}" for n in range(1, 6)),
    *(f"E{n}" for n in range(1, 9)),
    *(f"F{n}" for n in range(1, 5)),
    *(f"G{n}" for n in (1, 2)),
]
CORRECTED = [
    "9",
    "9-sign",
    "10",
    "13-bulk",
    "16",
    "17",
    "19",
    "20",
    "21",
    "22",
    "A1-coulomb",
    "E1",
    "E2",
    "E5",
    "E6",
    "E7",
]
CORRECTED += ["E8", "F1", "F2", "F3-velocity", "F4", "Fig2a"]
REFUTED = ["G-beta", "G-beta-Tc", "G-ratio", "footnote-3-first"]
REFUTED += ["sites", "sites-GL", "sites-pairs", "sites-ring", "cooling-signs"]
OPEN: list[str] = []


@pytest.fixture(scope="module")
def quick():
    return {row.id: row for row in evaluate_claims(quick=True)}


@pytest.fixture(scope="module")
def full():
    return {row.id: row for row in evaluate_claims()}


@pytest.mark.parametrize("label", LABELS)
def test_every_equation_has_a_row(quick, label):
    covered = {part.strip() for row in quick.values() for part in row.equation.split(",")}
    assert label in covered


def test_rows_are_strict_json_with_the_agreed_keys(quick):
    rows = json.loads(json.dumps([row.to_dict() for row in quick.values()], allow_nan=False))
    assert len(rows) == len(registered()) >= 45
    keys = {"id", "equation", "statement", "printed", "computed", "error", "verdict"}
    assert all(set(row) == keys for row in rows)


def test_rows_follow_the_paper():
    ids = ["1", "13-bulk", "23", "Fig2a", "sites", "A1", "C-K0", "E7", "G2"]
    assert [id for id in registered() if id in ids] == ids


def test_quick_and_full_agree_on_every_verdict(quick, full):
    assert {k: v.verdict for k, v in quick.items()} == {k: v.verdict for k, v in full.items()}


def test_no_check_failed_and_every_number_has_an_error(full):
    for row in full.values():
        assert "failed" not in row.note, row
        assert row.computed is not None, row
        assert row.error is not None, row
        assert row.error >= 0


def test_errata_come_out_of_the_numbers(full):
    found = {
        kind: [k for k, v in full.items() if v.verdict == kind] for kind in ("corrected", "refuted", "open")
    }
    assert sorted(found["corrected"]) == sorted(CORRECTED)
    assert sorted(found["refuted"]) == sorted(REFUTED)
    assert sorted(found["open"]) == sorted(OPEN)


@pytest.mark.parametrize(
    ("id", "factor"),
    [
        ("9", 1 / (3 * math.pi**2)),
        ("10", 3 * math.pi**2),
        ("16", -2),
        ("17", -2),
        ("20", -1),
        ("21", 2),
        ("22", 6 * math.pi**2),
        ("E1", -2),
        ("E2", 2),
        ("E5", -2),
        ("F1", -4),
        ("F2", -4),
        ("F4", -2),
    ],
)
def test_factor_between_computed_and_printed(full, id, factor):
    row = full[id]
    assert row.computed / row.printed == pytest.approx(factor, rel=1e-3)


def test_fig2_current_against_e7(full):
    row = full["E7"]
    assert row.computed == pytest.approx(-1.591227901e-5, rel=1e-8)
    assert row.computed / row.printed == pytest.approx(-1.9998, abs=1e-4)


def test_a_misprint_is_noticed_and_its_repair_too():
    """Any confirmed formula put 10 % off is no longer confirmed; any corrected one set right is."""
    checked = 0
    for id in registered():
        found = evidence(id, quick=True)
        if not isinstance(found, Comparison):
            continue
        checked += 1
        if found.verdict == "confirmed":
            assert replace(found, printed=1.1 * np.asarray(found.printed)).verdict in (
                "corrected",
                "refuted",
            ), id
        else:
            assert replace(found, printed=np.asarray(found.computed)).verdict == "confirmed", id
    assert checked > 40


def test_zeros_are_zero_within_their_error():
    for id in registered():
        found = evidence(id, quick=True)
        if isinstance(found, Zero):
            assert abs(found.row[1]) <= 3 * found.uncertainty, id


def obeys_the_legend(row):
    """What the report says of a confirmed row, from its printed columns alone."""
    printed, computed, error = row["printed"], row["computed"], row["error"]
    if not isinstance(printed, str):
        return abs(printed - computed) <= error
    sign, number = printed.split()
    bound = float(number)
    return {
        "<": computed + error < bound,
        ">": computed - error > bound,
        "≠": abs(computed - bound) > error,
        "~": bound / 10 < computed < 10 * bound,
    }[sign]


def tampered(row):
    """The row with its computed value moved to where it should no longer be confirmed."""
    printed, error = row["printed"], row["error"]
    if not isinstance(printed, str):
        return {**row, "computed": printed + 1.01 * error}
    sign, number = printed.split()
    bound = float(number)
    moved = {"<": bound - 0.9 * error, ">": bound + 0.9 * error, "≠": bound, "~": 20 * bound}[sign]
    return {**row, "computed": moved}


@pytest.mark.parametrize("rows", ["quick", "full"])
def test_every_confirmed_row_obeys_the_legend_and_no_tampered_one_does(rows, request):
    confirmed = [
        row.to_dict() for row in request.getfixturevalue(rows).values() if row.verdict == "confirmed"
    ]
    kinds = {str(row["printed"]).split()[0] for row in confirmed if isinstance(row["printed"], str)}
    assert kinds == {"<", ">", "≠", "~"}
    for row in confirmed:
        assert obeys_the_legend(row), row
        assert not obeys_the_legend(tampered(row)), row


def test_no_corrected_or_refuted_row_obeys_the_legend(full):
    for row in full.values():
        if row.verdict in ("corrected", "refuted"):
            assert not obeys_the_legend(row.to_dict()), row


def test_only_equalities_print_a_number(full):
    for id, row in full.items():
        expected = isinstance(evidence(id), Comparison | Zero)
        assert isinstance(row.printed, float) == expected, row


def test_material_errors_come_from_their_inputs(monkeypatch):
    """Ring current over H_c1 ∝ b V Δ_R m λ²/(E k_F): six inputs to the first power and one to the second."""
    value, error = material._over_critical(material.INPUTS), material._uncertainty(material._over_critical)
    plain = value * math.expm1(math.log(2) * math.sqrt(6 + 2**2))
    assert error == pytest.approx(plain, rel=0.15)  # ln κ in H_c1 adds the rest
    ratio = material._over_spin(material.INPUTS)  # ∝ V Δ_R/(E k_F)
    assert material._uncertainty(material._over_spin) == pytest.approx(3 * ratio, rel=1e-12)
    monkeypatch.setattr(material, "SPREAD", 1.0)
    assert material._uncertainty(material._over_critical) == pytest.approx(0, abs=1e-15)


def test_symbols_are_set_without_leftover_marks(full):
    table = claims_table([row.to_dict() for row in full.values()])
    page = render_report(Report("Claims", "", (Section("Claims", tables=[table]),)))
    cells = re.findall("<td.*?>(.*?)</td>", page, flags=re.DOTALL)
    assert any("b<sub>z</sub>" in cell for cell in cells)
    for cell in cells:
        assert not {"_", "^"} & set(cell), cell


def test_the_printed_formula_decides(monkeypatch):
    wrong = printed.current_e7
    monkeypatch.setattr(current.printed, "current_e7", lambda *a: -2 * wrong(*a))
    assert evidence("E7", quick=True).verdict == "confirmed"
    monkeypatch.setattr(current.printed, "current_e7", lambda *a: abs(wrong(*a)) ** 0.5)
    assert evidence("E7", quick=True).verdict == "refuted"


def test_a_failing_check_keeps_its_row_and_the_others(monkeypatch):
    def broken(quick):
        raise RuntimeError("no convergence")

    entry = replace(registry._CLAIMS["D4"], compute=broken)
    monkeypatch.setitem(registry._CLAIMS, "D4", entry)
    rows = {id: registry.evaluate(id, quick=True) for id in ("D4", "D5")}
    assert rows["D4"].verdict == "open"
    assert "no convergence" in rows["D4"].note
    assert rows["D4"].to_dict()["computed"] is None
    assert rows["D5"].verdict == "confirmed"


def test_an_id_cannot_be_used_twice():
    with pytest.raises(ValueError, match="twice"):
        registry.claim(id="E7", equation="E7", statement="again")(lambda quick: Unsettled(0, 0, 0, ""))


def test_progress_counts_every_claim(monkeypatch):
    monkeypatch.setattr(registry, "_CLAIMS", {k: registry._CLAIMS[k] for k in ("D4", "D5", "E8")})
    seen = []
    evaluate_claims(progress=lambda *step: seen.append(step))
    assert seen == [(1, 3, "D4"), (2, 3, "D5"), (3, 3, "E8")]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Comparison([1, 2], [1, 2], error=0, tolerance=1e-6), "confirmed"),
        (Comparison([1, 2], [1 + 1e-5, 2], error=2e-5, tolerance=1e-4), "confirmed"),
        (Comparison([1, 2], [3, 6], error=0, tolerance=1e-6), "corrected"),
        (Comparison([1, 2], [3, 7], error=0, tolerance=1e-6), "refuted"),
        (Comparison([1, 2], [3, 7], error=0, tolerance=1e-6, correction=[3, 7]), "corrected"),
        (Comparison([1, 2], [3, 7], error=0, tolerance=1e-6, correction=[3, 8]), "refuted"),
        (Comparison(1.0, 2.0, error=0, tolerance=1e-6), "refuted"),  # one point cannot show a factor
        (Comparison([1, 2], [1, 2], error=0.1, tolerance=1e-3), "open"),
        (Comparison([1, 2], [math.nan, 2], error=0, tolerance=1e-3), "open"),
        (Zero(1e-9, scale=1, tolerance=1e-6), "confirmed"),
        (Zero([1e-9, 1e-3], scale=1, tolerance=1e-6), "refuted"),
        (Zero(1e-9, scale=1, tolerance=1e-6, error=1e-5), "open"),
        (Zero(0.0, scale=0.0, tolerance=1e-6), "open"),  # nothing to compare with
        (Bound(2, error=0.5, above=1), "confirmed"),
        (Bound(2, error=0.5, below=1), "refuted"),
        (Bound(2, error=1.5, above=1), "open"),
        (Nonzero(-2, error=0.5), "confirmed"),
        (Nonzero(0.4, error=0.5), "open"),
        (Estimate([1, 1], [0.2, 5], error=0), "confirmed"),
        (Estimate([1, 1], [-0.2, 5], error=0), "confirmed"),
        (Estimate([1, 1], [0.2, 50], error=0), "refuted"),
        (Estimate([1, 1], [0.2, 5], error=1), "open"),
    ],
)
def test_verdict_follows_the_criterion(found, verdict):
    assert found.verdict == verdict
