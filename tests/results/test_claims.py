"""claims.json is strict JSON with exactly the agreed keys and verdicts."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pseudogauge.errors import InputError, StoreError
from pseudogauge.results import VERDICTS, read_claims, to_json, write_claims

CLAIM = {
    "id": "E7",
    "equation": "E7",
    "statement": "⟨J⟩ over the printed form",
    "printed": 1.0,
    "computed": -1.9998,
    "error": 1e-6,
    "verdict": "corrected",
}


def test_round_trip_and_plain_numbers(tmp_path):
    claims = [{**CLAIM, "id": str(i), "verdict": verdict} for i, verdict in enumerate(VERDICTS)]
    claims[0] |= {"computed": np.float64(0.1), "error": np.int64(0)}
    claims[3] |= {"computed": None, "printed": "−b/2", "error": None}
    path = write_claims(claims, tmp_path)
    assert path.name == "claims.json"
    assert read_claims(tmp_path) == claims == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"verdict": "true"}, "one of confirmed, corrected, refuted, open"),
        ({"computed": float("nan")}, "finite"),
        ({"error": np.inf}, "finite"),
        ({"computed": 1j}, "number"),
        ({"computed": None}, "unless the verdict is open"),
        ({"statement": ""}, "a text"),
        ({"equation": 17}, "a text"),
        ({"extra": 1}, "exactly the keys"),
    ],
)
def test_bad_claims_are_refused_before_writing(tmp_path, change, message):
    write_claims([CLAIM], tmp_path)
    with pytest.raises(InputError, match=message):
        write_claims([{**CLAIM, **change}], tmp_path)
    assert read_claims(tmp_path) == [CLAIM]


def test_ids_are_unique(tmp_path):
    with pytest.raises(InputError, match="E7"):
        write_claims([CLAIM, CLAIM], tmp_path)


@pytest.mark.parametrize(
    "content", ["", "{", '{"id": 1}', "[1]", json.dumps([{**CLAIM, "error": float("nan")}])]
)
def test_files_that_hold_no_claims_are_refused(tmp_path, content):
    (tmp_path / "claims.json").write_text(content)
    with pytest.raises(StoreError, match=r"claims\.json"):
        read_claims(tmp_path)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(StoreError, match="cannot read"):
        read_claims(tmp_path)


def test_strict_json_refuses_what_json_lacks():
    for value in (float("nan"), [np.inf], {"a": np.array([1.0, np.nan])}):
        with pytest.raises(ValueError, match="not JSON compliant"):
            to_json(value)
    with pytest.raises(TypeError, match="object"):
        to_json(object())
