"""The picture of vortex lines: what is drawn, and where."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, minimise
from pseudogauge.plots import figure_png, lines_figure
from pseudogauge.plots.style import BLUE, GREEN, VERMILLION


def test_lines_stay_in_the_cell_and_carry_their_sign():
    problem = GinzburgLandau(Grid((16, 16, 12), 0.5, (True, True, False)), 4.0)
    around = np.linspace(0, 2 * np.pi, 30)
    loop = np.stack([2 + np.cos(around), 6 + np.cos(around), 3.1 + np.sin(around)], axis=1)
    loop[-1] = loop[0]
    tilted = [(6.2, 2.1, 0), (9.3, 2.1, 6)]  # leaves at x = 8
    state = minimise(problem, start=[np.array(tilted), (4.0, 6.0, -1), loop], max_iterations=0)
    assert len(state.vortex_lines) == 3
    figure = lines_figure(state, centres=[(4, 4, 3)], radii=[1.0])
    (ax,) = figure.axes
    drawn = {}
    for artist in ax.lines:
        points = np.array(artist.get_data_3d())
        assert points.min() > -0.6  # a part goes on to the first point beyond a side
        assert (points.max(axis=1) < np.array(problem.grid.extent) + 0.6).all()
        if points[2].any():
            drawn.setdefault(to_hex(artist.get_color()).upper(), []).append(points)
    assert len(drawn[VERMILLION]) == 2
    assert len(drawn[BLUE]) == len(drawn[GREEN]) == 1
    assert drawn[BLUE][0][0] == pytest.approx(4.0, abs=0.3)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["vortex", "loop", "antivortex"]
    assert len(ax.collections) == 1
    assert figure_png(figure).startswith(b"\x89PNG")


def test_two_dimensions_are_refused():
    flat = State.of(GinzburgLandau(Grid((4, 4), 0.5), 2.0), np.ones((4, 4)), np.zeros((2, 4, 4)))
    with pytest.raises(InputError, match="three-dimensional"):
        lines_figure(flat)
