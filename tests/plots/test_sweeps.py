"""Fig. 2: symbols are the exact currents, curves the closed form, each against its own axis."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from pseudogauge.errors import InputError
from pseudogauge.plots import current_sweep_figure


def closed(ratio):
    return 1 - ratio**2 * np.arcsinh(1 / ratio) / np.sqrt(1 + ratio**2)


@pytest.fixture(scope="module")
def sweeps():
    gaps, rashba, fine = (
        np.array([0.001, 0.01, 0.1]),
        np.linspace(0.01, 0.25, 9),
        np.linspace(0.005, 0.25, 80),
    )
    a = xr.Dataset(
        {
            "current_exact": (("gap", "rashba_over_vf"), -closed(gaps[:, None] / (2 * rashba))),
            "current_closed": (("gap", "rashba_curve"), -closed(gaps[:, None] / (2 * fine))),
            "current_printed": (("gap", "rashba_curve"), 0.5 * closed(gaps[:, None] / (2 * fine))),
        },
        {"gap": gaps, "rashba_over_vf": rashba, "rashba_curve": fine},
    )
    a.current_printed.attrs["equation"] = "Eq. 17"
    temperatures, gap, curve = np.array([1e-4, 1e-3]), np.geomspace(1e-4, 1, 11), np.geomspace(1e-4, 1, 70)
    warm = -closed(gap / 0.22) * np.tanh(gap / temperatures[:, None])
    b = xr.Dataset(
        {
            "current_exact": (("temperature", "gap_over_mu"), warm),
            "current_closed": (("gap_curve",), -closed(curve / 0.22)),
            "current_printed": (("gap_curve",), 0.5 * closed(curve / 0.22)),
        },
        {"temperature": temperatures, "gap_over_mu": gap, "gap_curve": curve},
    )
    return a, b


def drawn(ax, style):
    return [line for line in ax.lines if line.get_linestyle() == style and len(line.get_xdata()) > 2]


def test_symbols_and_curves_are_the_data(sweeps):
    figure = current_sweep_figure(*sweeps)
    for ax, sweep, axis in zip(figure.axes, sweeps, ("rashba_over_vf", "gap_over_mu"), strict=True):
        symbols = drawn(ax, "None")
        np.testing.assert_array_equal([line.get_ydata() for line in symbols], sweep.current_exact)
        assert all(np.array_equal(line.get_xdata(), sweep[axis]) for line in symbols)
        curves = np.array([line.get_ydata() for line in drawn(ax, "-")])
        np.testing.assert_array_equal(curves, np.atleast_2d(sweep.current_closed))
        printed = np.array([line.get_ydata() for line in drawn(ax, "--")])
        np.testing.assert_array_equal(printed, np.atleast_2d(sweep.current_printed))
    assert [ax.get_xscale() for ax in figure.axes] == ["linear", "log"]


def test_labels_and_legends(sweeps):
    figure = current_sweep_figure(*sweeps)
    left, right = figure.axes
    assert (left.get_xlabel(), right.get_xlabel()) == ("$w_z/v_F$", "Δ/μ")
    assert "2\\pi" in left.get_ylabel()
    assert [t.get_text() for t in left.get_legend().get_texts()] == ["Δ/μ = 0.001", "Δ/μ = 0.01", "Δ/μ = 0.1"]
    assert [t.get_text() for t in right.get_legend().get_texts()] == ["T/μ = 0.0001", "T/μ = 0.001"]
    assert "as printed (Eq. 17)" in figure.legends[0].get_texts()[-1].get_text()


def test_no_colour_means_two_things(sweeps):
    left, right = (
        {line.get_color() for line in ax.get_legend().get_lines()}
        for ax in current_sweep_figure(*sweeps).axes
    )
    assert len(left) == 3
    assert not left & right


def test_legends_keep_off_the_panels(sweeps):
    figure = current_sweep_figure(*sweeps)
    figure.draw_without_rendering()
    legends = [ax.get_legend().get_window_extent() for ax in figure.axes] + [
        figure.legends[0].get_window_extent()
    ]
    for number, box in enumerate(legends):
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert not any(box.overlaps(ax.get_window_extent()) for ax in figure.axes)
        assert not any(box.overlaps(ax.xaxis.label.get_window_extent()) for ax in figure.axes)
        assert not any(box.overlaps(other) for other in legends[number + 1 :])


def test_a_closed_form_equal_at_all_temperatures_is_drawn_once(sweeps):
    a, b = sweeps
    both = b.assign(
        {
            name: b[name].expand_dims(temperature=b.temperature)
            for name in ("current_closed", "current_printed")
        }
    )
    figure = current_sweep_figure(a, both)
    assert len(drawn(figure.axes[1], "-")) == len(drawn(figure.axes[1], "--")) == 1


def test_a_missing_variable_is_refused(sweeps):
    with pytest.raises(InputError, match="current_printed"):
        current_sweep_figure(sweeps[0].drop_vars("current_printed"), sweeps[1])
