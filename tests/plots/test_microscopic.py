"""Figures of the coefficients show their data; the datasets keep their promises."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from pseudogauge.errors import InputError
from pseudogauge.plots import (
    figure_png,
    momentum_figure,
    residual_figure,
    temperature_figure,
    wave_vector_figure,
)


def made(dims, variables, seed=0):
    rng = np.random.default_rng(seed)
    data = {
        name: (axes, rng.uniform(0.1, 1, [len(dims[a]) for a in axes])) for name, axes in variables.items()
    }
    return xr.Dataset(data, dims)


def symbols(ax):
    return [line for line in ax.lines if line.get_marker() not in ("None", None, "")]


def test_temperature_and_wave_vector():
    dims = {
        "splitting": [0.3, 2.0],
        "temperature": np.linspace(0.1, 0.9, 5),
        "temperature_curve": np.linspace(0, 1, 9),
    }
    rows = ("splitting", "temperature")
    data = made(dims, {"gamma": rows, "beta": rows, "gamma_closed": ("splitting", "temperature_curve")})
    figure = temperature_figure(data)
    for ax, name in zip(figure.axes, ("gamma", "beta"), strict=True):
        np.testing.assert_array_equal([line.get_ydata() for line in symbols(ax)], data[name])
    dims = {
        "temperature": [0.0, 1.0],
        "wave_vector": np.geomspace(0.1, 9, 4),
        "wave_vector_curve": np.geomspace(0.1, 9, 9),
    }
    data = made(
        dims, {"gamma": ("temperature", "wave_vector"), "gamma_closed": ("temperature", "wave_vector_curve")}
    )
    ax = wave_vector_figure(data).axes[0]
    np.testing.assert_array_equal([line.get_ydata() for line in symbols(ax)], data.gamma)
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_maps():
    dims = {"exchange": np.geomspace(0.1, 10, 5), "in_plane": np.geomspace(0.1, 2, 4)}
    data = made(dims, {"residual": ("exchange", "in_plane"), "gapless": ("in_plane",)})
    figure = residual_figure(data)
    np.testing.assert_array_equal(figure.axes[0].collections[0].get_array().reshape(5, 4), data.residual)
    assert figure_png(figure)[:4] == b"\x89PNG"
    axis = np.linspace(-1.4, 1.4, 8)
    plane = made({"k_x": axis, "k_y": axis[:6]}, {"current": ("k_x", "k_y")})
    plane.attrs["fermi_contours"] = [0.9, 1.1]
    ax = momentum_figure(plane).axes[0]
    np.testing.assert_array_equal(ax.collections[0].get_array().reshape(6, 8), plane.current.T)
    assert [patch.get_radius() for patch in ax.patches] == [0.9, 1.1]


@pytest.mark.parametrize("figure", [temperature_figure, wave_vector_figure, residual_figure, momentum_figure])
def test_missing_variables_are_named(figure):
    with pytest.raises(InputError, match="a dataset with"):
        figure(xr.Dataset())
