"""Fig. 2 as a dataset."""

import numpy as np
import pytest

from pseudogauge.studies.currents import current_against_gap, current_against_rashba


@pytest.fixture(scope="module")
def gap_sweep():
    return current_against_gap(points=9, temperatures=(1e-4, 1e-2))


def test_reference_currents():
    """J_y = −1.591227901e-5, −1.579337913e-5 at Δ/μ = .001, .01 (m = 1, μ = 10, b = .01, w = (−.01, 0, .5), T = 0)."""
    scale = 0.01 * 0.01 / (2 * np.pi)
    sweep = current_against_gap(points=5, temperatures=(1e-5,))  # Δ/μ = 1e-4 … 1
    at = sweep.current_exact.sel(temperature=1e-5)
    assert float(at.sel(gap_over_mu=1e-3)) * scale == pytest.approx(-1.591227901e-5, rel=1e-6)
    assert float(at.sel(gap_over_mu=1e-2, method="nearest")) * scale == pytest.approx(
        -1.579337913e-5, rel=1e-6
    )


def test_closed_form_meets_exact_where_it_should(gap_sweep):
    """At T ≪ Δ ≪ Δ_R the two agree; at T ≫ Δ the exact current is gone and the T → 0 form is not."""
    cold = gap_sweep.sel(gap_over_mu=1e-2, method="nearest").sel(temperature=1e-4)
    assert float(cold.current_exact / cold.current_closed) == pytest.approx(1, abs=1e-3)
    hot = gap_sweep.sel(gap_over_mu=1e-4, method="nearest").sel(temperature=1e-2)
    assert abs(float(hot.current_exact)) < 1e-3
    assert float(hot.current_closed) == pytest.approx(-1, abs=1e-3)


def test_printed_current_is_minus_half(gap_sweep):
    assert np.allclose(gap_sweep.current_printed, -0.5 * gap_sweep.current_closed, rtol=1e-13)


def test_no_rashba_no_current():
    sweep = current_against_rashba(points=3, gaps=(0.01,))
    assert abs(float(sweep.current_exact[0, 0])) < 1e-9
    assert float(sweep.current_exact[0, -1]) < -0.9


def test_errors_are_small_and_converged(gap_sweep):
    assert gap_sweep.attrs["converged"] == 1
    assert float(gap_sweep.error.max()) < 1e-6
