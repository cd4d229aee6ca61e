"""The normal-state cancellation of App. F."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import RashbaSuperconductor, exact_current, normal_state_terms


@pytest.mark.parametrize("in_plane", [(0.01, 0.0), (-0.3, 0.2), (1.0, 2.0)])
def test_terms_cancel(in_plane):
    terms = normal_state_terms(RashbaSuperconductor(0.7, 3.0, 0.0, 0.5), in_plane)
    assert np.abs(terms.interband).max() > 1e-3
    assert np.abs(terms.interband + terms.fermi_surface).max() < 1e-14 * np.abs(terms.interband).max() + 1e-16


def test_linear_limit_and_the_factor_two_of_the_printed_term():
    model = RashbaSuperconductor(1.0, 10.0, 0.0, 0.5)
    terms = normal_state_terms(model, (1e-4, 0.0))
    assert terms.interband[1] == pytest.approx(1e-4 / (2 * math.pi), rel=1e-6)
    assert terms.fermi_surface[1] == pytest.approx(-2 * 1e-4 / (4 * np.pi), rel=1e-6)


def test_interband_term_is_the_current_of_a_weak_superconductor():
    """Δ → 0 at T = 0 keeps the interband term and gaps the Fermi surface, for any w_∥."""
    w = (-0.3, 0.2)
    terms = normal_state_terms(RashbaSuperconductor(1.0, 10.0, 0.0, 0.5), w)
    current = exact_current(RashbaSuperconductor(1.0, 10.0, 1e-4, 0.5), 1e-6, w).value / 1e-6
    np.testing.assert_allclose(current, terms.interband, rtol=2e-6)


def test_needs_spin_orbit_coupling():
    with pytest.raises(InputError, match="rashba"):
        normal_state_terms(RashbaSuperconductor(1.0, 10.0, 0.0), (0.1, 0.0))


@pytest.mark.parametrize("angles", [0, -3, 3, 7.5, None])
def test_needs_angles(angles):
    with pytest.raises(InputError, match="angles"):
        normal_state_terms(RashbaSuperconductor(1.0, 10.0, 0.0, 0.5), (0.1, 0.0), angles=angles)
