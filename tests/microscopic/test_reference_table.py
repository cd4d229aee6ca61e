"""Error estimates against tables of currents made by brute force (tests/reference/make_*.py)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pseudogauge.microscopic import RashbaSuperconductor, exact_current

FOLDER = Path(__file__).parents[1] / "reference"
TABLE, EXACT, GAPLESS, NARROW = (
    json.loads((FOLDER / f"{name}.json").read_text())
    for name in ("currents", "currents_mpmath", "currents_gapless", "currents_narrow")
)


def solve(case, rtol):
    model = RashbaSuperconductor(*(case[name] for name in ("mass", "mu", "gap", "rashba", "temperature")))
    return exact_current(model, case["exchange"], case["in_plane"], rtol=rtol), model


@pytest.mark.parametrize("rtol", [1e-8, 1e-4])
def test_error_estimate_is_never_smaller_than_the_error(rtol):
    assert len(TABLE) >= 200
    for case in TABLE:
        current, model = solve(case, rtol)
        scale = model.scale(case["exchange"], case["in_plane"])
        assert current.converged, case
        assert current.error <= rtol * scale
        assert np.abs(current.value - case["current"]).max() <= current.error + case["uncertainty"], case


def test_currents_of_extended_precision():
    """The same with references free of rounding (tests/reference/make_currents_mpmath.py): nothing hides in them."""
    for case in EXACT:
        for rtol in (1e-3, 1e-8, 1e-12):
            current, model = solve(case, rtol)
            error = np.abs(current.value - case["current"]).max()
            assert error <= current.error + case["uncertainty"], case
        assert case["uncertainty"] < 1e-14 * model.scale(case["exchange"], case["in_plane"])


def test_gapless_states_at_zero_temperature():
    """Against eigenvectors between bisected steps (tests/reference/make_currents_gapless.py)."""
    for case in GAPLESS:
        assert np.linalg.norm(case["exchange"]) > case["gap"]
        for rtol in (1e-4, 1e-8):
            current, _ = solve(case, rtol)
            assert current.converged
            assert np.abs(current.value - case["current"]).max() <= current.error + case["uncertainty"], case


@pytest.mark.parametrize("rtol", [0.1, 1e-2, 1e-4, 1e-8])
def test_narrow_functions_of_the_angle(rtol):
    """w_∥/w_z of 30 to 3000 (tests/reference/make_currents_narrow.py)."""
    assert len(NARROW) >= 20
    for case in NARROW:
        assert np.hypot(*case["in_plane"]) > 29.9 * abs(case["rashba"])
        current, _ = solve(case, rtol)
        assert current.converged, case
        assert np.abs(current.value - case["current"]).max() <= current.error + case["uncertainty"], case


def test_the_table_is_varied():
    gap = np.array([case["gap"] for case in TABLE])
    exchange = np.array([np.linalg.norm(case["exchange"]) for case in TABLE])
    assert sum(case["temperature"] == 0 for case in TABLE) > 30
    assert np.sum(exchange > gap) > 20
    assert np.sum(gap / np.array([case["mu"] for case in TABLE]) < 0.01) > 20


def test_an_estimate_of_zero_would_be_caught():
    """The references are sharp enough to see the true error of a loose calculation."""
    errors = []
    for case in TABLE[:60]:
        current, _ = solve(case, 0.5)
        errors.append(np.abs(current.value - case["current"]).max() / case["uncertainty"])
    assert np.sum(np.array(errors) > 10) > 5
