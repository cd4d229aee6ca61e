"""Interpolation, colour limits and units behind the figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import RegularGridInterpolator

from pseudogauge.plots.cell import Cell, empty_corner
from pseudogauge.plots.style import colour_limit, engineering


@pytest.mark.parametrize("periodic", [(True, True), (False, False), (True, False)])
def test_sampling_agrees_with_scipy(synthetic_run, periodic):
    run = synthetic_run(periodic=periodic, shape=(30, 24), spacing=0.13)
    cell = Cell.of(run)
    rng = np.random.default_rng(3)
    points = rng.uniform([0.0, 0.0], cell.size, (200, 2))
    for field in (run.exchange_field, run.magnetic_field):
        axes, values = [], field.values
        for axis, dim in enumerate(field.dims):
            places = run[dim].values
            if periodic[axis]:
                values = np.concatenate([values] * 3, axis)
                places = np.concatenate([places - cell.size[axis], places, places + cell.size[axis]])
            axes.append(places)
        inside = np.stack([np.clip(points[:, k], axes[k][0], axes[k][-1]) for k in (0, 1)], axis=1)
        expected = RegularGridInterpolator(axes, values)(inside)
        np.testing.assert_allclose(
            cell.sample(field, *points.T), expected, rtol=0, atol=1e-13 * np.abs(values).max()
        )
        if periodic == (True, True):
            frozen = Cell(cell.size, cell.spacing, (False, False)).sample(field, *points.T)
            with pytest.raises(AssertionError):  # a sample that does not wrap
                np.testing.assert_allclose(frozen, expected, rtol=0, atol=1e-13)


def test_images_of_an_inclusion():
    cell = Cell((4.0, 3.0), (0.1, 0.1), (True, False))
    assert cell.images(0.2, 0.1, 0.5) == [(0.2, 0.1), (4.2, 0.1)]
    assert cell.images(2.0, 1.0, 0.5) == [(2.0, 1.0)]


def test_the_emptiest_corner_is_taken(synthetic_run):
    run = synthetic_run(inclusions=((1.0, 2.0, 0.4, 1.0),), vortices=((3.8, 2.9, 1), (0.2, 0.3, 1)))
    assert empty_corner(run, 0.3, 0.2) == pytest.approx((3.7, 0.2))


@given(st.floats(1e-11, 1e12))
def test_prefixes_bring_numbers_between_half_and_500(value):
    factor, unit = engineering(value, "A/m²")
    assert 0.4999 <= value * factor <= 500.1
    assert value * factor * {
        "f": 1e-15,
        "p": 1e-12,
        "n": 1e-9,
        "µ": 1e-6,
        "m": 1e-3,
        "A": 1,
        "k": 1e3,
        "M": 1e6,
        "G": 1e9,
        "T": 1e12,
    }[unit[0]] == pytest.approx(value, rel=1e-12)


def test_zero_and_its_rounding_keep_their_unit():
    assert engineering(1e-16, "mT") == (1.0, "mT")
    assert engineering(0.0, "mΦ0") == (1.0, "mΦ₀")


def test_a_core_does_not_set_the_colour_scale():
    field = np.ones((100, 100))
    field[50, 50] = 40.0
    assert colour_limit(field) == (1.0, True)
    assert colour_limit(np.zeros((3, 3))) == (1.0, False)
    assert colour_limit(np.linspace(-2, 1, 50))[0] == pytest.approx(2.0)
