"""Where in a plaquette the order parameter vanishes: all plaquettes at once against one after another."""

from __future__ import annotations

import numpy as np

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, fluxoid, minimise
from pseudogauge.ginzburg_landau.vortices import _zeros


def slow_zero(a, b, c, d):
    """The root of the quadratic for u that lies nearest to the unit square, by numpy's polynomials."""
    p, q, r, s = a, b - a, c - a, a - b - c + d
    terms = [(q * s.conjugate()).imag, (p * s.conjugate() + q * r.conjugate()).imag, (p * r.conjugate()).imag]
    best, missed = (0.5, 0.5), 0.5
    for root in np.roots(terms) if any(terms) else ():
        u = float(root.real)
        slope = r + s * u
        v = -((p + q * u) * slope.conjugate()).real / abs(slope) ** 2 if slope else 0.5
        outside = max(-u, u - 1, -v, v - 1) + abs(root.imag)
        if outside < missed:
            best, missed = (min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0)), outside
    return best


def test_zeros_match_the_slow_twin():
    rng = np.random.default_rng(0)
    corners = rng.normal(size=(400, 4)) + 1j * rng.normal(size=(400, 4))
    corners[:50, 3] = corners[:50, 1] + corners[:50, 2] - corners[:50, 0]  # linear: no quadratic term
    corners[50] = [1, 1, 1, 1]
    corners[51] = [0, 1, 1j, 1 + 1j]
    corners[52] = [-1 - 1j, 1 - 1j, -1 + 1j, 1 + 1j]
    found = np.stack(_zeros(corners), axis=-1)
    expected = np.array([slow_zero(*row) for row in corners])
    assert np.abs(found - expected).max() < 1e-9
    assert found[50:53].tolist() == [[0.5, 0.5], [0.0, 0.0], [0.5, 0.5]]


def test_zeros_are_zeros():
    rng = np.random.default_rng(1)
    u, v = rng.uniform(0, 1, (2, 300))
    p, q, r, s = rng.normal(size=(4, 300)) + 1j * rng.normal(size=(4, 300))
    p = -(q * u + r * v + s * u * v)
    places = np.stack(_zeros(np.stack([p, p + q, p + r, p + q + r + s], axis=-1)))
    x, y = places
    assert np.abs(p + q * x + r * y + s * x * y).max() < 1e-9
    same = np.abs(places - [u, v]).max(axis=0) < 1e-6  # there may be a second zero in the square
    assert same.mean() > 0.8


def test_noise_of_a_normal_sample_holds_no_vortices():
    """What is left of ψ above H_c2 has phases, but nothing turns round them."""
    problem = GinzburgLandau(Grid((8, 8), 0.5), 2.0, flux_quanta=1)
    noise = np.random.default_rng(0).normal(size=(2, 8, 8))
    states = [
        State.of(problem, size * (noise[0] + 1j * noise[1]), np.zeros((2, 8, 8))) for size in (1e-9, 1e-3)
    ]
    assert len(states[0].vortices) == 0
    assert "normal" in repr(states[0])
    assert states[1].vortices.net == 1
    assert "normal" not in repr(states[1])


def test_flux_in_a_hole_shows_in_the_repr_and_the_fluxoid():
    grid = Grid((20, 20), 0.5)
    problem = GinzburgLandau(grid, 2.0, flux_quanta=1, sample=lambda x, y: np.hypot(x - 5, y - 5) > 1.5)
    state = minimise(problem, start=[(5.0, 5.0, 1)], tol=1e-6)
    assert len(state.vortices) == 0
    assert "flux_quanta=1" in repr(state)
    assert fluxoid(state, (1.0, 9.0), (1.0, 9.0)).winding == 1
