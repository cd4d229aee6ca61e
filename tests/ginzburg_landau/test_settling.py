"""Vortices that walk downhill in the London limit, against energies summed pair by pair."""

import math

import numpy as np
import pytest

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.ginzburg_landau.london import London
from pseudogauge.ginzburg_landau.settling import settled


def ring(x, y):
    r = np.hypot(x - 10.2, y - 4.3) + 1e-12
    profile = 0.4 * np.exp(-(((r - 3.0) / 0.8) ** 2)) / r
    return -(y - 4.3) * profile, (x - 10.2) * profile


def london_energy(london, vortices):
    """One by one: each vortex in the landscape, and each pair."""
    energy = sum(w * london.landscape[place] for place, w in vortices)
    for n, (place, w) in enumerate(vortices):
        field = london.repulsion(place)
        energy += sum(w * v * field[other] for other, v in vortices[:n])
    return energy


def listed(winding):
    return [(tuple(map(int, place)), int(winding[tuple(place)])) for place in np.argwhere(winding)]


@pytest.mark.parametrize("kappa", [1.0, 4.0, math.inf])
def test_no_vortex_can_step_to_a_place_that_costs_less(kappa):
    problem = GinzburgLandau(Grid((24, 24), 2 / 3), kappa, ring, flux_quanta=3)
    winding = np.zeros((24, 24), dtype=np.int64)
    for place, w in (((3, 4), 1), ((5, 20), 1), ((15, 15), 1), ((20, 2), 1), ((14, 7), -1)):
        winding[place] = w
    london = London(problem)
    vortices = listed(settled(london, winding))
    assert sum(w for _, w in vortices) == 3
    energy = london_energy(london, vortices)
    assert energy < london_energy(london, listed(winding))
    for n, ((i, j), w) in enumerate(vortices):
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            stepped = [*vortices[:n], (((i + a) % 24, (j + b) % 24), w), *vortices[n + 1 :]]
            assert london_energy(london, stepped) > energy - 1e-5


def test_a_pair_annihilates_through_the_boundary():
    london = London(GinzburgLandau(Grid((32, 32), 0.5), 4.0, flux_quanta=2))
    winding = np.zeros((32, 32), dtype=np.int64)
    winding[1, 1], winding[3, 31], winding[16, 16] = 1, -1, 2
    found = listed(settled(london, winding))
    assert sum(w for _, w in found) == 2
    assert all(w > 0 for _, w in found)


def test_open_samples_keep_their_vortices_inside():
    problem = GinzburgLandau(Grid((20, 20), 0.5, False), 2.0, applied_field=0.2)
    winding = np.zeros((20, 20), dtype=np.int64)
    winding[3, 3] = winding[12, 9] = 1
    found = settled(London(problem), winding)
    assert found.sum() == 2
    assert found[19].sum() == found[:, 19].sum() == 0


@pytest.mark.parametrize("kappa", [1.0, 3.0, 10.0, 100.0])
def test_iterations_from_random_starts_do_not_depend_on_spacing_or_kappa(kappa):
    """Median over seeds; starts that have not settled took 40 to 280 iterations, most of them at κ = 1."""
    for spacing in (1.0, 0.5, 0.25):
        n = round(16 / spacing)
        problem = GinzburgLandau(Grid((n, n), spacing), kappa, ring, flux_quanta=1)
        states = [minimise(problem, rng=seed, tol=1e-6) for seed in range(5)]
        assert all(state.converged for state in states)
        assert 10 <= np.median([state.iterations for state in states]) <= 45
