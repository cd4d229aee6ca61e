"""Where inclusions may be, and what is said when they may not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.inclusions import Inclusions, disk_lattice, disks

COMMON = {"edge_width": 0.5, "extent": (20.0, 12.0)}


def nearest_gap(found: Inclusions) -> float:
    """Smallest surface-to-surface distance by comparing all pairs and images."""
    gap = math.inf
    for i in range(len(found)):
        for j in range(len(found)):
            for nx in (-1, 0, 1):
                for ny in (-1, 0, 1):
                    shift = np.array([nx * found.periodic[0], ny * found.periodic[1]]) * found.extent
                    if i == j and not shift.any():
                        continue
                    apart = np.hypot(*(found.centres[i] - found.centres[j] + shift))
                    gap = min(gap, apart - found.radius[i] - found.radius[j])
    return gap


def test_filling_and_defaults():
    pair = disks([(4, 6), (14, 6)], (2.0, 3.0), **COMMON)
    assert pair.filling == pytest.approx(math.pi * (4 + 9) / 240, rel=1e-15)
    assert pair.exchange_overhang == 1.0
    assert pair.periodic == (True, True)
    assert len(disks([], 2.0, **COMMON)) == 0


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"radius": -1.0}, "radius[0]"),
        ({"radius": (2.0, math.nan)}, "radius[1]"),
        ({"radius": (1.0, 2.0, 3.0)}, "radius"),
        ({"exchange": (1.0, math.inf)}, "exchange[1]"),
        ({"potential": math.nan}, "potential[0]"),
        ({"centres": [(4, 6), (math.nan, 6)]}, "centres[1]"),
        ({"centres": [(4, 6), (24, 6)]}, "centres[1]"),
        ({"centres": [(4, 6, 1), (14, 6, 1)]}, "centres"),
        ({"centres": "here"}, "centres"),
        ({"edge_width": 0.0}, "edge_width"),
        ({"edge_width": math.nan}, "edge_width"),
        ({"screening_length": -1.0}, "screening_length"),
        ({"fermi_momentum": 0.0}, "fermi_momentum"),
        ({"exchange_overhang": math.nan}, "exchange_overhang"),
        ({"extent": (20.0, -1.0)}, "extent"),
        ({"extent": 20.0}, "extent"),
        ({"periodic": (True, True, True)}, "periodic"),
        ({"radius": 6.5, "centres": [(4, 6)]}, "radius[0]"),
    ],
)
def test_bad_input_is_named(change, name):
    arguments = {"centres": [(4, 6), (14, 6)], "radius": 2.0, **COMMON, **change}
    with pytest.raises(InputError) as caught:
        disks(**arguments)
    assert caught.value.name == name


def test_overlap_names_both_also_across_the_boundary():
    with pytest.raises(InputError, match=r"inclusion 0\) and .*inclusion 2"):
        disks([(4, 6), (14, 6), (7, 6)], 2.0, **COMMON)
    across = [(1, 6), (18.5, 6)]
    with pytest.raises(InputError, match=r"apart, not 2\.5"):
        disks(across, 1.5, **COMMON)
    free = disks([(2.6, 6), (17.4, 6)], 1.5, **COMMON, periodic=False)
    assert nearest_gap(free) == pytest.approx(11.8)
    touching = disks([(4, 6), (8, 6)], 2.0, **COMMON)
    assert nearest_gap(touching) == 0


def test_open_surface_needs_room_for_the_exchange_region():
    disks([(3.1, 6)], 2.0, **COMMON, periodic=False)
    with pytest.raises(InputError, match="open surface"):
        disks([(2.9, 6)], 2.0, **COMMON, periodic=False)
    disks([(2.9, 6)], 2.0, **COMMON, periodic=(True, False))


@pytest.mark.parametrize("arrangement", ["square", "triangular"])
@pytest.mark.parametrize("amount", [{"count": 16}, {"spacing": 9.0}, {"filling": 0.2}])
def test_lattices_are_commensurate(arrangement, amount):
    found = disk_lattice(2.0, extent=(40.0, 36.0), edge_width=0.5, arrangement=arrangement, **amount)
    # the torus sees the lattice repeat itself: all nearest-neighbour distances agree up to the strain
    centres = found.centres
    apart = centres[:, None] - centres[None]
    apart -= np.round(apart / found.extent) * found.extent
    distance = np.hypot(*np.moveaxis(apart, 2, 0)) + np.eye(len(found)) * 1e9
    nearest = np.sort(distance, axis=1)[:, : 4 if arrangement == "square" else 6]
    assert nearest.max() / nearest.min() < 1.3
    np.testing.assert_allclose(nearest, np.broadcast_to(nearest[0], nearest.shape), rtol=1e-12)
    if "count" in amount:
        assert len(found) == 16


def test_lattice_refuses_contradictions_and_overlap():
    with pytest.raises(InputError, match="exactly one of the three"):
        disk_lattice(2.0, **COMMON, count=4, spacing=5.0)
    with pytest.raises(InputError, match="apart"):
        disk_lattice(2.0, **COMMON, spacing=3.0)
    with pytest.raises(InputError, match="arrangement"):
        disk_lattice(2.0, **COMMON, spacing=5.0, arrangement="kagome")
    with pytest.raises(InputError, match="spacing"):
        disk_lattice(2.0, **COMMON, spacing=math.nan)


def test_exact_lattice_has_no_note():
    found = disk_lattice(
        1.0, extent=(20, 10 * math.sqrt(3)), edge_width=0.5, arrangement="triangular", spacing=5
    )
    assert (len(found), found.note) == (16, "")
    assert nearest_gap(found) == pytest.approx(3.0)
