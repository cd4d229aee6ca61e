"""The phase of a state: where its vortices sit among the inclusions, and which way their flux points."""

import numpy as np
import pytest

from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, minimise
from pseudogauge.inclusions import disks, pseudo_field
from pseudogauge.studies.phases import Places, places_of, places_of_state

CELL = {"centres": [(2.0, 2.0), (6.0, 6.0)], "radius": [1.0, 1.5], "extent": (8.0, 8.0)}
INSIDE, OTHER, BETWEEN = (2.5, 2.0), (6.0, 7.4), (0.2, 6.0)


def sorted_out(*vortices, height=(0.3, 0.3), **options):
    x, y, winding = zip(*vortices, strict=True) if vortices else ((), (), ())
    return places_of(x, y, winding, height=height, **{**CELL, **options})


@pytest.mark.parametrize(
    ("vortices", "phase", "net_along"),
    [
        ((), "none", 0),
        (((*BETWEEN, 1),), "interstitial", 1),
        (((*INSIDE, -1), (*OTHER, -1)), "trapped antivortices", -2),
        (((*INSIDE, -1), (*BETWEEN, 1)), "pairs", 0),
        (((*INSIDE, -1), (*OTHER, -1), (*BETWEEN, 1)), "pairs", -1),
        (((*INSIDE, 1),), "mixed", 1),
        (((*BETWEEN, -1),), "mixed", -1),
        (((*BETWEEN, 1), (*INSIDE, -1), (*OTHER, 1)), "mixed", 1),
    ],
)
def test_every_phase_has_its_name_for_either_sign_of_the_moment(vortices, phase, net_along):
    for flip in (1, -1):
        flipped = [(x, y, flip * w) for x, y, w in vortices]
        places = sorted_out(*flipped, height=(0.3 * flip, 0.3 * flip))
        assert (places.phase, places.net_along) == (phase, net_along)


def test_inclusions_of_either_sign_trap_their_own_antivortices():
    """Ising disorder: against the h̃ of its own inclusion, whatever the mean."""
    places = sorted_out((*INSIDE, -1), (*OTHER, 1), height=(0.3, -0.3 / 1.5**2))
    assert (places.phase, places.moment, places.net_along) == ("trapped antivortices", 0, 0)
    assert sorted_out((*INSIDE, -1), (*OTHER, 1), height=(0.3, 0.3)).phase == "mixed"


def test_a_normal_sample_has_no_vortices_to_speak_of():
    assert sorted_out((*BETWEEN, 1), normal=True).phase == "normal"


def test_inclusions_reach_across_a_periodic_edge_only():
    edge = {"centres": [(7.8, 2.0)], "radius": [0.6], "height": [1.0], "extent": (8.0, 8.0)}
    vortices = ([0.1, 4.0, 7.6], [2.0, 2.0, 2.2], [-1, 2, 1])
    round_it = places_of(*vortices, **edge)
    assert round_it.inclusion.tolist() == [0, -1, 0]
    counts = {(s, w): round_it.count(s, w) for s in (1, -1) for w in ("between", "inside")}
    assert counts == {(1, "between"): 1, (1, "inside"): 1, (-1, "between"): 0, (-1, "inside"): 1}
    cut = places_of(*vortices, **edge, periodic=(False, False))
    assert cut.count(-1, "between") == 1


def test_of_a_state():
    """A vortex put inside and one between are found there by their winding, before they move."""
    ring = disks([(8.0, 8.0)], 4.0, edge_width=2.0, extent=(16.0, 16.0))
    field = pseudo_field(ring, coupling=-0.3, kappa=2.0)
    problem = GinzburgLandau(Grid((32, 32), 0.5), kappa=2.0, pseudo_potential=field)
    state = minimise(problem, start=[(8.0, 8.0, 1), (16.0, 16.0, -1)], max_iterations=0)
    places = places_of_state(state, ring, field)
    assert isinstance(places, Places)
    assert (places.phase, places.moment, places.net) == ("pairs", -1, 0)
    assert np.array_equal(np.sort(places.winding), [-1, 1])
