"""The search: sectors reached one vortex at a time, and places that London theory cannot miss."""

import numpy as np
import pytest

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, ground_state, minimise
from pseudogauge.inclusions import disks, pseudo_field

CENTRES = [(12.0, 12.0), (36.0, 14.0), (60.0, 12.0), (14.0, 48.0), (38.0, 50.0), (60.0, 46.0)]
RADIUS = 8.0


@pytest.fixture(scope="module")
def six():
    """Six inclusions at small filling, κ = 10, h̃ = 2.7 H_c1: an antivortex pays inside each of them."""
    inclusions = disks(CENTRES, RADIUS, edge_width=6.0, extent=(72.0, 72.0), exchange_overhang=3.0)
    field = pseudo_field(inclusions, coupling=0.0385, kappa=10.0)
    return GinzburgLandau(Grid((96, 96), 0.75), 10.0, field)


@pytest.fixture(scope="module")
def best(six):
    return ground_state(six, random_starts=0)


def test_every_neighbouring_sector_is_compared(best):
    n = best.problem.flux_quanta
    assert n <= -4
    energies = {c.sector: c.energy for c in reversed(best.candidates)}
    assert {n - 1, n, n + 1} <= set(energies)
    assert energies[n] < min(energies[n - 1], energies[n + 1])


def test_antivortices_sit_inside_one_each_and_vortices_between(best):
    found = best.vortices
    apart = np.array(
        [[np.hypot(x - cx, y - cy) for cx, cy in CENTRES] for x, y in zip(found.x, found.y, strict=True)]
    )
    inside = apart.min(axis=1) < RADIUS
    assert np.array_equal(inside, found.winding == -1)
    assert sorted(apart.argmin(axis=1)[inside]) == list(range(len(CENTRES)))


def test_no_state_reached_by_hand_is_lower(six, best):
    n = -len(CENTRES)
    by_hand = minimise(six.in_sector(n), start=[(x, y, -1) for x, y in CENTRES])
    assert best.energy <= by_hand.energy + 1e-6


def test_sectors_are_kept_to(six):
    best = ground_state(six, sectors=[-2, -1], random_starts=0)
    assert {c.sector for c in best.candidates} == {-2, -1}


def test_positions_lie_in_the_cell():
    state = minimise(
        GinzburgLandau(Grid((16, 16), 0.5), 2.0, flux_quanta=1), start=[(0.01, 7.99, 1)], tol=1e-4
    )
    assert 0 <= state.vortices.x[0] < 8
    assert 0 <= state.vortices.y[0] < 8


def test_applied_field_in_a_periodic_cell_is_met_by_its_flux():
    """κ = 5, H = 0.3 H_c2, well inside the mixed state: B stays close to H, and below the normal state."""
    problem = GinzburgLandau(Grid((40, 40), 0.5), 5.0, applied_field=0.3)
    best = ground_state(problem, random_starts=0, tol=1e-4)
    expected = 0.3 * 400 / (2 * np.pi)
    assert 0.85 * expected < best.problem.flux_quanta <= round(expected)
    assert best.energy < 0
