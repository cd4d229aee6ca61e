"""Random inclusions: no overlap, the filling asked for, and the same from the same seed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pseudogauge.errors import InputError
from pseudogauge.inclusions import Inclusions, random_disks


def smallest_gap(found: Inclusions) -> float:
    """Smallest surface-to-surface distance, every pair with its nearest image."""
    apart = found.centres[:, None] - found.centres[None]
    apart -= np.round(apart / found.extent) * np.array(found.extent) * found.periodic
    distance = np.hypot(*np.moveaxis(apart, 2, 0)) - found.radius[:, None] - found.radius
    return float(distance[~np.eye(len(found), dtype=bool)].min())


@pytest.mark.parametrize("periodic", [True, False, (True, False)])
@pytest.mark.parametrize("spread", [0.0, 0.25])
def test_gap_and_filling(periodic, spread):
    found = random_disks(
        2.0, extent=(90, 70), edge_width=0.5, filling=0.2, size_spread=spread, periodic=periodic, rng=3
    )
    assert smallest_gap(found) >= 1.0 - 1e-12
    assert abs(found.filling - 0.2) < 0.6 * math.pi * found.radius.max() ** 2 / (90 * 70)


def test_a_gap_of_zero_would_have_been_seen():
    """The twin of the gap test: without a gap, one disk in a thousand comes closer."""
    found = random_disks(2.0, extent=(90, 70), edge_width=0.5, filling=0.2, min_gap=0.0, rng=3)
    assert 0 <= smallest_gap(found) < 1.0


def test_seed_alone_decides():
    arguments = {"extent": (60, 60), "edge_width": 0.5, "count": 40, "size_spread": 0.1}
    first, again = random_disks(2.0, rng=5, **arguments), random_disks(2.0, rng=5, **arguments)
    generator = random_disks(2.0, rng=np.random.default_rng(5), **arguments)
    other = random_disks(2.0, rng=6, **arguments)
    np.testing.assert_array_equal(first.centres, again.centres)
    np.testing.assert_array_equal(first.centres, generator.centres)
    assert not np.allclose(first.centres, other.centres)
    physics = random_disks(2.0, rng=5, exchange=-3.0, screening_length=0.2, **arguments)
    np.testing.assert_array_equal(first.centres, physics.centres)


def test_radii_are_lognormal_with_the_given_mean_and_spread():
    found = random_disks(1.0, extent=(500, 500), edge_width=0.2, count=4000, size_spread=0.3, rng=0)
    width = math.sqrt(math.log(1.09))
    logs = np.log(found.radius)
    assert logs.mean() == pytest.approx(-(width**2) / 2, abs=4 * width / math.sqrt(4000))
    assert logs.std() == pytest.approx(width, rel=4 / math.sqrt(2 * 4000))
    # position and size are independent: the big ones are not all in one place
    big = found.radius > np.median(found.radius)
    assert abs(found.centres[big, 0].mean() - 250) < 4 * 500 / math.sqrt(12 * 2000)


def test_sequential_addition_is_uniform():
    """Many independent samples fill the torus evenly: χ² of the counts in 25 boxes."""
    counts = np.zeros((5, 5))
    for seed in range(200):
        centres = random_disks(1.0, extent=(20, 20), edge_width=0.2, count=10, rng=seed).centres
        np.add.at(counts, tuple((centres // 4).astype(int).T), 1)
    chi = np.sum((counts - 80) ** 2 / 80)
    assert 5 < chi < 60  # 24 degrees of freedom; repulsion makes it smaller


def test_dense_packing_is_relaxed_beyond_jamming():
    found = random_disks(1.0, extent=(40, 40), edge_width=0.2, filling=0.65, min_gap=0.0, rng=1)
    assert found.filling > 0.64
    assert smallest_gap(found) >= 0
    angle = np.arctan2(*(found.centres - found.centres[0]).T)
    assert len(np.unique(angle.round(3))) > 0.9 * len(found)  # no crystal


def test_dense_open_sample():
    found = random_disks(
        1.0, extent=(30, 30), edge_width=0.05, filling=0.5, min_gap=0.0, periodic=False, rng=2
    )
    assert smallest_gap(found) >= 0


def test_unreachable_filling_says_what_was_reached():
    with pytest.raises(InputError, match=r"0\.84") as caught:
        random_disks(1.0, extent=(40, 40), edge_width=0.2, filling=0.8, rng=1)  # gaps push it over
    assert "0.547" in str(caught.value)
    with pytest.raises(InputError, match="sequential addition reached"):
        random_disks(1.05, extent=(5, 5), edge_width=0.01, count=6, min_gap=0.0, rng=1)


@pytest.mark.parametrize(
    "change",
    [{"filling": 1.2}, {"filling": math.nan}, {"count": 3}, {"filling": None}, {"size_spread": -0.1},
     {"min_gap": -1.0}, {"edge_width": math.nan}, {"radius": 0.0}, {"radius": 30.0}],
)  # fmt: skip
def test_bad_input(change):
    arguments = {"radius": 2.0, "extent": (40, 40), "edge_width": 0.5, "filling": 0.2, **change}
    with pytest.raises(InputError):
        random_disks(**arguments)
