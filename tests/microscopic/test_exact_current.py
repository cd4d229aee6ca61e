"""The exact current: published numbers, exact zeros, a slow twin, honest errors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.microscopic import (
    RashbaSuperconductor,
    beta_q,
    current_kernel_q,
    exact_current,
    gamma_q,
    gamma_q1q2,
)
from pseudogauge.microscopic._directions import gapless_turns
from pseudogauge.microscopic.closed_forms import interband_of

REFERENCE = {  # Δ/μ: J_y × 1e5 at m = 1, μ = 10, w_z = 0.5, w_x = −0.01, b = 0.01, T = 0
    0.001: -1.591227901, 0.003: -1.589988874, 0.01: -1.579337913,
    0.03: -1.514596752, 0.1: -1.142730213, 0.3: -0.411484380,
}  # fmt: skip


def metal(gap=0.1, rashba=0.5, temperature=0.0):
    return RashbaSuperconductor(1.0, 10.0, gap, rashba, temperature)


@pytest.mark.parametrize("ratio", REFERENCE)
def test_reference_currents_to_their_last_digit(ratio):
    current = exact_current(metal(10 * ratio), 0.01, (-0.01, 0.0))
    assert current.converged
    assert current.value[1] * 1e5 == pytest.approx(REFERENCE[ratio], abs=1.1e-9)


def slow_twin(model, b, w, angles=12):
    """Σ_n ⟨n|J|n⟩(n_F − ½) from dense eigenvectors on many equal Gauss panels along rays."""
    x, weight = np.polynomial.legendre.leggauss(20)
    root = model.fermi_momentum
    edges = np.concatenate([np.linspace(0, 2 * root, 41), np.geomspace(2 * root, 200 * root, 41)[1:]])
    k = (0.5 * (edges[1:] + edges[:-1]) + 0.5 * np.diff(edges) * x[:, None]).ravel()
    measure = k * (0.5 * np.diff(edges) * weight[:, None]).ravel()
    total = np.zeros(2)
    for phi in (np.arange(angles) + 0.25) * np.pi / angles:
        n = np.array([math.cos(phi), math.sin(phi)])
        e, u = np.linalg.eigh(model.hamiltonian(k[:, None] * n, b, w))
        f = -0.5 * (np.sign(e) if model.temperature == 0 else np.tanh(e / (2 * model.temperature)))
        spin = model.current_operators(0 * n, w)  # the rest is −½ k/m times the identity
        charge = -0.5 * np.outer(n, k) / model.mass * f.sum(axis=1)
        total += (
            charge + np.einsum("kin,aij,kjn,kn->ak", u.conj(), spin, u, f, optimize=True).real
        ) @ measure
    return total / (2 * math.pi * angles)


@pytest.mark.parametrize(
    ("model", "b", "w"),
    [(metal(1.0), (0.0, 0.0, 0.3), (-0.2, 0.1)), (metal(0.8, 0.7, 0.5), (0.2, -0.1, 0.4), (0.1, 0.2))],
)
def test_agrees_with_the_slow_twin(model, b, w):
    current = exact_current(model, b, w)
    assert np.abs(current.value - slow_twin(model, b, w)).max() < 1e-9 * model.scale(b, w)


def test_published_formula_is_off_by_minus_two():
    """Fig. 2's parameters: exact ⟨J⟩ over E7 as printed."""
    velocity = metal().fermi_velocity
    b, w = 0.01, (-0.01 / math.sqrt(20) * velocity, 0.0)
    for ratio, expected in ((0.001, -1.99984), (0.3, -2.00128)):
        model = metal(10 * ratio)
        printed = -b * w[0] * model.mass / (4 * math.pi) * interband_of(model)
        found = exact_current(model, b, w).value[1] / printed
        assert found == pytest.approx(expected, abs=6e-6)


# exact zeros: each with a neighbour that is not zero, so that the test can fail
W = (-0.02, 0.03)
ZEROS = {
    "no Rashba coupling": (metal(0.1, 0.0, 0.0), 0.01, W),
    "no Rashba coupling, warm": (metal(0.1, 0.0, 0.04), 0.01, W),
    "normal state": (metal(0.0, 0.5, 0.0), 0.01, W),
    "normal state, warm, tilted": (metal(0.0, 0.5, 0.1), (0.03, 0.01, 0.02), W),
    "no exchange": (metal(0.1, 0.5, 0.02), 0.0, W),
}


@pytest.mark.parametrize("case", ZEROS)
def test_exact_zeros(case):
    model, b, w = ZEROS[case]
    current = exact_current(model, b, w)
    assert np.abs(current.value).max() <= current.error
    assert current.error < 1e-8 * (model.scale(b, w) or 1.0)


def test_neighbours_of_the_zeros_do_not_vanish():
    for model, b in ((metal(0.1, 0.01, 0.04), 0.01), (metal(0.1, 0.5, 0.02), 0.01)):
        assert np.abs(exact_current(model, b, W).value).max() > 1e-5 * model.scale(b, W)


@pytest.mark.parametrize("temperature", [0.0, 0.05])
def test_current_is_perpendicular_to_the_in_plane_field(temperature):
    model = metal(0.1, 0.5, temperature)
    current = exact_current(model, 0.02, W)
    assert abs(current.value @ W) <= 2 * current.error * np.hypot(*W)
    assert abs(current.value @ (-W[1], W[0])) > 0.1 * model.scale(0.02, W) * np.hypot(*W)


def test_symmetries():
    """Rotation; reversal of b; independence of the sign of w_z for b ∥ z; mirror M_z."""
    model, b, w = metal(0.2, 0.5, 0.03), np.array([0.03, -0.02, 0.05]), np.array([0.02, 0.01])
    base = exact_current(model, b, w).value
    c, s = math.cos(0.7), math.sin(0.7)
    rotation = np.array([[c, -s], [s, c]])
    rotated = exact_current(model, [*(rotation @ b[:2]), b[2]], rotation @ w).value
    tolerance = 2e-8 * model.scale(b, w)
    np.testing.assert_allclose(rotated, rotation @ base, atol=tolerance)
    np.testing.assert_allclose(exact_current(model, -b, w).value, -base, atol=tolerance)
    mirrored = exact_current(metal(0.2, -0.5, 0.03), [-b[0], -b[1], b[2]], w).value
    np.testing.assert_allclose(mirrored, base, atol=tolerance)  # M_z: w_z and b_∥ change sign
    broken = exact_current(metal(0.2, -0.5, 0.03), b, w).value
    assert np.abs(broken - base).max() > 1e3 * tolerance


def random_case(rng, i):
    gap = 10 ** rng.uniform(-2, 0)
    temperature = 0.0 if i % 2 else gap * rng.uniform(0.05, 1)
    b = rng.normal(size=3) * gap * 10 ** rng.uniform(-2, 0)
    b = (0.0, 0.0, float(b[2])) if i % 3 else tuple(b / max(1.0, 3 * np.linalg.norm(b) / gap))
    w = rng.normal(size=2) * 10 ** rng.uniform(-2, -0.5)
    return RashbaSuperconductor(1.0, 10.0, gap, rng.uniform(0.1, 1), temperature), b, w


def test_loose_results_lie_within_their_error_estimates():
    rng = np.random.default_rng(3)
    for i in range(30):
        model, b, w = random_case(rng, i)
        loose, tight = exact_current(model, b, w, rtol=1e-3), exact_current(model, b, w, rtol=1e-9)
        assert loose.converged
        assert tight.converged
        assert np.abs(loose.value - tight.value).max() <= loose.error + tight.error


@pytest.mark.parametrize("rtol", [0.1, 1e-2, 1e-4, 1e-6])
def test_narrow_functions_of_the_angle_are_resolved(rtol):
    """w_∥ ≫ w_z: equal steps in angle once agreed by accident on a wrong current."""
    model, b, w = (
        RashbaSuperconductor(0.2037, 0.45006, 0.0072197, -0.00218924),
        -0.00453,
        (-1.10238, -2.23744),
    )
    current, scale = exact_current(model, b, w, rtol=rtol), model.scale(b, w)
    assert current.converged
    expected = np.array([-2.295e-4, 1.131e-4])  # dense eigenvectors, 2000 angles
    assert np.abs(current.value / scale - expected).max() <= current.error / scale + 1e-7


def test_no_error_estimate_is_too_small_where_w_is_large():
    rng = np.random.default_rng(5)
    for i in range(40):
        gap, w = 10 ** rng.uniform(-3, 1), rng.normal(size=2)
        w *= 10 ** rng.uniform(-1.5, 0.6) / np.hypot(*w)
        model = metal(
            gap, np.hypot(*w) / 10 ** rng.uniform(1.5, 3.5), gap * 10 ** rng.uniform(-3, 0) * (i % 2)
        )
        b = rng.normal(size=3) * ((0, 0, 1) if i % 3 else (1, 1, 1))
        b *= gap * 10 ** rng.uniform(-2, -0.02) / np.linalg.norm(b)
        tight = exact_current(model, b, w, rtol=1e-9)
        for rtol in (1e-2, 1e-4):
            loose = exact_current(model, b, w, rtol=rtol)
            assert loose.converged
            assert np.abs(loose.value - tight.value).max() <= loose.error + tight.error


def test_beyond_the_gap():
    """b > Δ in the plane: a Fermi surface of quasiparticles; a small temperature is the limit of none."""
    cold, warm = metal(0.1), metal(0.1, 0.5, 1e-3)
    b, w = (0.2, 0.01, 0.01), (-0.01, 0.0)
    base = exact_current(cold, b, w, rtol=1e-3)
    assert base.converged
    assert (
        np.abs(exact_current(warm, b, w, rtol=1e-3).value - base.value).max()
        < 3e-5 * np.abs(base.value).max()
    )
    tight = exact_current(cold, b, w)
    assert tight.converged
    assert tight.evaluations < 60_000
    assert np.abs(tight.value - base.value).max() <= tight.error + base.error
    hurried = exact_current(warm, b, w, max_evaluations=20_000)
    assert not hurried.converged
    assert "max_evaluations" in hurried.message
    assert hurried.evaluations < 40_000


@pytest.mark.parametrize("excess", [1e-4, 1e-2, 0.3])
def test_gapless_directions_are_found_however_few(excess):
    """For b ≪ Δ_R the gap Δ − |b·d̂| closes where |cos| of the angle between b and d̂ exceeds Δ/b."""
    model, size = metal(1e-4), 1e-4 * (1 + excess)
    b = size * np.array([math.cos(0.7), math.sin(0.7), 0.0])
    half = math.acos(1 / (1 + excess))
    turns = gapless_turns(model, b, np.zeros(2))
    along = 0.7 - 0.5 * math.pi  # d̂ = ẑ × k̂
    offsets = (turns - along + 0.5 * math.pi) % math.pi - 0.5 * math.pi
    assert set(np.sign(offsets)) == {
        -1,
        1,
    }  # on both sides, once or more often: the two contours nearly coincide
    np.testing.assert_allclose(np.abs(offsets), half, rtol=1e-3)
    assert len(gapless_turns(model, 0.999 * b / (1 + excess), np.zeros(2))) == 0


def test_rounding_is_reported_not_hidden():
    current = exact_current(metal(1e-5, 0.5, 1e-5), 1e-6, (-1e-5, 0.0), rtol=1e-11)
    assert not current.converged
    assert "rounding" in current.message


def test_work_grows_with_the_logarithm():
    counts = [exact_current(metal(10.0**-p), 10.0 ** -(p + 1), (-0.01, 0.0)).evaluations for p in range(1, 7)]
    growth = np.diff(counts)
    assert growth.max() < 0.6 * counts[0]


def test_repr_says_what_matters():
    text = repr(exact_current(metal(), 0.01, (-0.01, 0.0)))
    assert "j_y=-1.57933791e-05" in text
    assert "converged" in text


@pytest.mark.parametrize("rtol", [0.0, -1e-8, math.nan, 1.0, 1e-16])
def test_bad_tolerance_is_refused(rtol):
    with pytest.raises(InputError, match="rtol"):
        exact_current(metal(), 0.01, (-0.01, 0.0), rtol=rtol)


@pytest.mark.parametrize("budget", [0, -5, 1.5])
def test_bad_budget_is_refused(budget):
    with pytest.raises(InputError, match="max_evaluations"):
        exact_current(metal(), 0.01, (-0.01, 0.0), max_evaluations=budget)


@pytest.mark.parametrize("rtol", [0.0, math.nan, "1e-8"])
@pytest.mark.parametrize(
    "function", [gamma_q, beta_q, current_kernel_q, lambda m, q, rtol: gamma_q1q2(m, q, q, rtol)]
)
def test_bad_tolerance_is_refused_before_any_work(function, rtol):
    with pytest.raises(InputError, match="rtol"):
        function(metal(), [0.1, 0.1], rtol=rtol)


def test_no_splitting_along_a_direction():
    """w_z = 0 and b ∥ z: an exact zero, although the roots coincide where k runs along w_∥ at the smallest gap."""
    metal = RashbaSuperconductor(mass=1.0, mu=10.0, gap=0.01, rashba=0.0, temperature=1e-3)
    current = exact_current(metal, 0.01, (-0.01, 0.0))
    assert current.converged
    assert np.abs(current.value).max() <= current.error
