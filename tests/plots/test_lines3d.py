"""The picture of vortex lines: what is drawn, and where."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from mpl_toolkits.mplot3d.axes3d import Axes3D

from pseudogauge.errors import InputError
from pseudogauge.ginzburg_landau import GinzburgLandau, Grid, State, VortexLine, minimise
from pseudogauge.plots import figure_png, lines_figure
from pseudogauge.plots.lines3d import lines_in_box
from pseudogauge.plots.style import BLUE, GREEN, VERMILLION


def test_lines_stay_in_the_cell_and_carry_their_sign():
    problem = GinzburgLandau(Grid((16, 16, 12), 0.5, (True, True, False)), 4.0)
    around = np.linspace(0, 2 * np.pi, 30)
    loop = np.stack([2 + np.cos(around), 6 + np.cos(around), 3.1 + np.sin(around)], axis=1)
    loop[-1] = loop[0]
    tilted = [(6.2, 2.1, 0), (9.3, 2.1, 6)]  # leaves at x = 8
    state = minimise(problem, start=[np.array(tilted), (4.0, 6.0, -1), loop], max_iterations=0)
    assert len(state.vortex_lines) == 3
    figure = lines_figure(state)
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
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "vortex",
        "loop",
        "antivortex",
        "shadow on z = 0",
    ]
    assert figure_png(figure).startswith(b"\x89PNG")


GRID = Grid((16, 16, 16), 0.5)


def upright(x, y):
    """A straight vortex along z."""
    z = np.linspace(0, 8, 33)
    return VortexLine(np.stack([np.full(33, x), np.full(33, y), z], axis=1), 1, True)


def drawn_parts(figure):
    """(points, dashed, zorder) of all parts of vortices."""
    for artist in figure.axes[0].lines:
        if to_hex(artist.get_color()).upper() == VERMILLION:
            yield np.array(artist.get_data_3d()).T, artist.is_dashed(), artist.get_zorder()


def test_a_line_is_dashed_just_where_it_is_inside_a_ball():
    """The ball comes back through the top; a line that passes beside it in the picture stays solid."""
    centre, radius = np.array([4.0, 4.0, 1.0]), 2.0
    figure = lines_in_box(GRID, [upright(4.0, 4.5)], [centre], [radius])
    lengths = {True: 0.0, False: 0.0}
    for points, dashed, _ in drawn_parts(figure):
        middle = 0.5 * (points[1:] + points[:-1]) - centre
        middle -= 8 * np.round(middle / 8)
        assert np.all((np.linalg.norm(middle, axis=1) < radius) == dashed)
        lengths[dashed] += points[-1, 2] - points[0, 2]
    assert lengths[True] == pytest.approx(2 * np.sqrt(4 - 0.25), abs=0.3)
    assert sum(lengths.values()) == pytest.approx(8)
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["vortex", "shadow on z = 0", "inside a ball", "ball"]
    beside = lines_in_box(GRID, [upright(4.0, 6.5)], [centre], [radius])
    assert not any(dashed for _, dashed, _ in drawn_parts(beside))


def test_lines_behind_a_ball_lie_under_it():
    """The viewer stands at large x, small y, large z."""
    centre = np.array([4.0, 4.0, 4.0])
    for x, y, above in ((6.0, 1.5, True), (2.0, 6.5, False)):
        figure = lines_in_box(GRID, [upright(x, y)], [centre], [2.0])
        (ball,) = figure.axes[0].collections
        orders = [order for points, _, order in drawn_parts(figure) if abs(points[:, 2] - 4).min() < 0.3]
        assert all((order > ball.get_zorder()) == above for order in orders)


def test_balls_end_at_the_sides_of_the_cell(monkeypatch):
    """What sticks out comes back on the other side of a periodic cell, and is cut off at a surface."""
    drawn = []
    monkeypatch.setattr(Axes3D, "plot_surface", lambda ax, *xyz, **how: drawn.append(np.stack(xyz)))
    for periodic, count in ((True, 8), ((True, True, False), 4), (False, 1)):
        drawn.clear()
        lines_in_box(Grid((16, 16, 16), 0.5, periodic), [], [(0.5, 0.5, 0.5)], [2.0])
        assert len(drawn) == count
        assert min(surface.min() for surface in drawn) >= 0
        assert max(surface.max() for surface in drawn) <= 8


def test_two_dimensions_are_refused():
    flat = State.of(GinzburgLandau(Grid((4, 4), 0.5), 2.0), np.ones((4, 4)), np.zeros((2, 4, 4)))
    with pytest.raises(InputError, match="three-dimensional"):
        lines_figure(flat)
