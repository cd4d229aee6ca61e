"""Every figure of a run: labelled with units, nothing overlapping, and showing what the data hold."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.quiver import Quiver

from pseudogauge.plots import (
    current_map,
    energy_figure,
    figure_png,
    inclusion_figure,
    squid_figure,
    vortex_map,
)
from pseudogauge.plots.cell import Cell

RUN_FIGURES = {
    "vortex_map": vortex_map,
    "current_map": current_map,
    "squid_figure": squid_figure,
    "inclusion_figure": inclusion_figure,
    "energy_figure": energy_figure,
}
CROWD = tuple((0.1 + 0.2 * (i % 19), 0.1 + 0.2 * (i // 19), 1 - 2 * (i % 2)) for i in range(266))
RUNS = {
    "periodic": {},
    "open": {"periodic": (False, False)},
    "mixed, long, no vortices": {
        "periodic": (True, False),
        "shape": (200, 50),
        "vortices": (),
        "inclusions": ((0.3, 0.6, 0.4, 1), (3.2, 0.5, 0.45, -1)),
    },
    "tall, one candidate": {
        "shape": (60, 120),
        "inclusions": ((0.3, 0.6, 0.25, 1), (1.2, 2.2, 0.25, 1)),
        "vortices": ((0.8, 1.4, 1), (0.3, 0.6, -1)),
        "candidates": ((1.0, 0, 0, 0),),
        "periodic": (False, True),
    },
    "no inclusions, crowd": {"inclusions": (), "vortices": CROWD},
    "nothing": {"inclusions": (), "vortices": (), "candidates": ()},
}


@pytest.fixture(scope="module")
def runs(synthetic_run):
    return {name: synthetic_run(**options) for name, options in RUNS.items()}


@pytest.fixture(scope="module")
def figures(runs):
    made: dict[tuple[str, str], Figure] = {}

    def figure(kind: str, name: str) -> Figure:
        if (kind, name) not in made:
            made[kind, name] = RUN_FIGURES[kind](runs[name])
            made[kind, name].draw_without_rendering()
        return made[kind, name]

    return figure


def collisions(figure: Figure) -> list[str]:
    """What overlaps or sticks out of the figure: tick labels, axis labels, titles and legends."""
    boxes = []
    for number, ax in enumerate(figure.axes):
        texts = [ax.xaxis.label, ax.yaxis.label, ax.title, ax._left_title]
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        boxes += [(number, text.get_text(), text) for text in texts if text.get_text() and text.get_visible()]
        boxes += [(number, "legend", ax.get_legend())] if ax.get_legend() else []
    boxes += [(-1, "legend", legend) for legend in figure.legends]
    extents = [(number, text, artist.get_window_extent()) for number, text, artist in boxes]
    found = [f"{text!r} sticks out" for _, text, box in extents if not _inside(box, figure.bbox)]
    for (_, first, one), (_, second, two) in combinations(extents, 2):
        if one.padded(-1).overlaps(two.padded(-1)):
            found.append(f"{first!r} over {second!r}")
    for legend in figure.legends:
        frame = legend.get_window_extent().padded(-1)
        found += ["legend over a panel" for ax in figure.axes if frame.overlaps(ax.get_window_extent())]
    return found


def _inside(box, frame) -> bool:
    return box.x0 >= -1 and box.y0 >= -1 and box.x1 <= frame.x1 + 1 and box.y1 <= frame.y1 + 1


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("kind", RUN_FIGURES)
def test_nothing_overlaps(figures, kind, name):
    assert collisions(figures(kind, name)) == []


def test_overlap_would_be_noticed(synthetic_run):
    figure = energy_figure(synthetic_run())
    figure.draw_without_rendering()
    assert collisions(figure) == []
    figure.set_layout_engine("none")
    figure.axes[0].yaxis.labelpad = -6
    figure.draw_without_rendering()
    assert collisions(figure)


@pytest.mark.parametrize("kind", RUN_FIGURES)
def test_every_scale_has_a_label_with_its_unit(figures, kind):
    figure = figures(kind, "periodic")
    for ax in figure.axes:
        labels = [text for text in (ax.get_xlabel(), ax.get_ylabel()) if text]
        assert labels, "an axis without any label"
        for text in labels:
            assert re.search(r"\(.+\)|\|ψ\|²", text), text


@pytest.mark.parametrize("kind", ["vortex_map", "current_map", "squid_figure"])
@pytest.mark.parametrize("name", ["periodic", "open", "tall, one candidate"])
def test_maps_have_equal_aspect_and_show_exactly_the_cell(figures, runs, kind, name):
    size = Cell.of(runs[name]).size
    maps = [ax for ax in figures(kind, name).axes if ax.get_xlabel() == "x (µm)"]
    assert maps
    for ax in maps:
        assert ax.get_aspect() == 1
        assert (ax.get_xlim(), ax.get_ylim()) == ((0, size[0]), (0, size[1]))


def markers(ax, edge):
    """Offsets of the scatter points whose edge has the given colour: white for ▲, blue for ▼."""
    found = [
        c for c in ax.collections if isinstance(c, PathCollection) and np.allclose(c.get_edgecolor()[0], edge)
    ]
    return np.concatenate([np.asarray(c.get_offsets()) for c in found])


WHITE, BLUE = (1, 1, 1, 1), (0, 0x72 / 255, 0xB2 / 255, 1)


def check_markers(ax, run):
    positions = np.stack([run.vortex_x, run.vortex_y], axis=1)
    np.testing.assert_array_equal(markers(ax, WHITE), positions[run.vortex_winding.values > 0])
    np.testing.assert_array_equal(markers(ax, BLUE), positions[run.vortex_winding.values < 0])


def test_markers_sit_on_the_vortices_by_sign(figures, runs):
    run = runs["periodic"]
    for kind in ("vortex_map", "current_map", "squid_figure"):
        check_markers(figures(kind, "periodic").axes[0], run)
        with pytest.raises(AssertionError):
            check_markers(figures(kind, "periodic").axes[0], run.assign(vortex_winding=-run.vortex_winding))


def test_markers_at_a_periodic_edge_show_on_both_sides(synthetic_run):
    vortices = ((4.0, 1.5, 1), (0.01, 2.99, -1), (2.0, 0.0, 1), (2.5, 1.5, 1))

    def shown(periodic, edge):
        run = synthetic_run(vortices=vortices, periodic=periodic)
        assert Cell.of(run).size == pytest.approx((4.0, 3.0))
        return sorted((round(x, 6), round(y, 6)) for x, y in markers(vortex_map(run).axes[0], edge).tolist())

    real = [(2.0, 0.0), (2.5, 1.5), (4.0, 1.5)]
    assert shown((False, False), WHITE) == real
    assert shown((True, False), WHITE) == [(0.0, 1.5), *real]
    assert shown((True, True), WHITE) == [(0.0, 1.5), (2.0, 0.0), (2.0, 3.0), (2.5, 1.5), (4.0, 1.5)]
    assert shown((True, True), BLUE) == [(0.01, -0.01), (0.01, 2.99), (4.01, -0.01), (4.01, 2.99)]


def test_images_of_markers_are_cut_at_the_cell_and_not_counted(synthetic_run):
    figure = vortex_map(synthetic_run(vortices=((4.0, 1.5, 1),)))
    cut = [
        c.get_clip_on()
        for c in figure.axes[0].collections
        if isinstance(c, PathCollection) and len(c.get_offsets())
    ]
    assert sorted(cut) == [False, True]
    assert figure.legends[0].get_texts()[0].get_text() == "1 vortex"


@pytest.mark.parametrize("name", ["periodic", "open"])
def test_streamlines_follow_the_current(figures, runs, name):
    """Arrow heads lie along the lines: the line's potential does not change in their direction."""
    ax, run = figures("current_map", name).axes[0], runs[name]
    (heads,) = (c for c in ax.collections if isinstance(c, Quiver))
    x, y = np.asarray(heads.get_offsets()).T
    u, v = np.asarray(heads.U), np.asarray(heads.V)
    assert len(u) > 10
    np.testing.assert_allclose(np.hypot(u, v), 0.05, rtol=1e-9)
    cell, potential, step = Cell.of(run), run.magnetic_field - run.spin_magnetisation, 0.025
    slope = [
        cell.sample(potential, x + i * step, y + j * step)
        - cell.sample(potential, x - i * step, y - j * step)
        for i, j in ((1, 0), (0, 1))
    ]
    # j = ∇×(B − μ₀m)/μ₀ ∝ (∂y, −∂x): heads point that way, within the smoothing over the step
    along = (u * slope[1] - v * slope[0]) / (0.05 * np.hypot(*slope))
    assert np.median(along) > 0.98
    assert np.mean(along > 0.7) > 0.9


def test_legend_counts(figures):
    def texts(name):
        return [text.get_text() for text in figures("vortex_map", name).legends[0].get_texts()]

    assert texts("periodic") == ["3 vortices", "1 antivortex", "2 inclusions, b > 0", "1 inclusion, b < 0"]
    assert texts("nothing") == ["0 vortices", "0 antivortices"]


def circles(ax):
    """Centre and radius of every inclusion drawn."""
    boxes = [
        path.get_extents() for c in ax.collections if isinstance(c, PatchCollection) for path in c.get_paths()
    ]
    return sorted(
        (round((b.x0 + b.x1) / 2, 6), round((b.y0 + b.y1) / 2, 6), round(b.width / 2, 6)) for b in boxes
    )


def test_inclusions_across_the_edge_are_drawn_on_both_sides(figures):
    inside = [(1.1, 0.9, 0.45), (3.0, 1.1, 0.3), (3.2, 2.7, 0.55)]
    assert circles(figures("vortex_map", "open").axes[0]) == inside
    assert circles(figures("vortex_map", "periodic").axes[0]) == sorted([*inside, (3.2, -0.3, 0.55)])


def pixel(image, x, y):
    """Value of an image at a point, from its extent alone."""
    values = image.get_array()
    left, right, bottom, top = image.get_extent()
    column = int((x - left) / (right - left) * values.shape[1])
    row = int((y - bottom) / (top - bottom) * values.shape[0])
    return values[row, column]


@pytest.mark.parametrize("name", ["periodic", "open"])
def test_images_are_where_the_data_are(figures, runs, name):
    run = runs[name]
    density, field = (ax.images[0] for ax in figures("vortex_map", name).axes[:2])
    for i, j in ((0, 0), (31, 7), (-1, -1)):
        expected = abs(run.order_parameter.values[i, j]) ** 2
        assert pixel(density, run.x.values[i], run.y.values[j]) == pytest.approx(expected, rel=1e-12)
        i, j = min(i, 157), min(j, 117)
        x, y = run.x_plaquette.values[i] - 1e-9, run.y_plaquette.values[j] - 1e-9
        assert pixel(field, x, y) == pytest.approx(run.magnetic_field.values[i, j], rel=1e-12)


def test_squid_image_is_in_milli_flux_quanta_with_the_loop_to_scale(figures, runs):
    figure, run = figures("squid_figure", "periodic"), runs["periodic"]
    ax = figure.axes[1]
    assert float(ax.images[0].get_array().max()) == pytest.approx(float(run.squid_flux.max()), rel=1e-12)
    assert any("(mΦ₀)" in other.get_ylabel() for other in figure.axes)
    loops = [patch for patch in ax.patches if isinstance(patch, Circle)]
    assert [patch.radius for patch in loops] == [run.attrs["squid_radius"]]
    hidden = squid_figure(run, mark_vortices=False)
    assert not any(isinstance(c, PathCollection) for c in hidden.axes[0].collections)


def test_field_scales_are_centred_on_zero_if_the_field_has_both_signs(figures, runs):
    image = figures("vortex_map", "periodic").axes[1].images[0]
    assert image.norm.vmin == -image.norm.vmax < 0
    run = runs["periodic"]
    one_sign = squid_figure(
        run.assign(squid_flux=(run.squid_flux.dims, run.squid_flux.values - 5e3, run.squid_flux.attrs))
    )
    image = one_sign.axes[1].images[0]
    assert (image.norm.vmin, image.norm.vmax) == (image.get_array().min(), image.get_array().max())


def radial_and_circular(ax):
    """Mean radial and circular component of the arrows around the origin."""
    (arrows,) = (c for c in ax.collections if isinstance(c, Quiver))
    x, y = np.asarray(arrows.get_offsets()).T
    r = np.hypot(x, y)
    u, v = np.asarray(arrows.U) / r, np.asarray(arrows.V) / r
    return np.mean(u * x + v * y), np.mean(v * x - u * y)


@pytest.mark.parametrize(("number", "sense"), [(0, 1), (1, 1), (2, -1)])
def test_arrows_of_one_inclusion(runs, number, sense):
    """V > 0 inside drives 𝓔 outwards; h̃ along b makes the ring current counterclockwise for b > 0."""
    figure = inclusion_figure(runs["periodic"], number)
    radial, circular = radial_and_circular(figure.axes[0])
    assert radial > 1e6
    assert abs(circular) < 0.02 * radial
    radial, circular = radial_and_circular(figure.axes[1])
    assert sense * circular > 1e10
    assert abs(radial) < 0.02 * abs(circular)


def test_profiles_are_cuts_through_the_centre_in_the_units_shown(runs):
    run = runs["periodic"]
    figure = inclusion_figure(run, 1)  # the one across the edge
    profiles = {ax.get_ylabel(): ax.lines[0] for ax in figure.axes if "\n" in ax.get_ylabel()}
    exchange = profiles["$b_z$\n(meV)"]
    x, b = exchange.get_xdata(), exchange.get_ydata()
    assert b[np.abs(x) < 0.4] == pytest.approx(1.0, abs=1e-3)
    assert b[np.abs(x) > 0.75] == pytest.approx(0.0, abs=1e-2)
    electric = profiles["$\\mathcal{E}_x$\n(MV/m)"]
    edge = electric.get_xdata()[np.argmax(electric.get_ydata())]
    assert edge == pytest.approx(0.55, abs=0.025)
    # ∫𝓔 dx from the centre outwards is the potential drop, 0.1 V; 1 MV/m = 1 V/µm
    right = electric.get_xdata() > 0
    drop = electric.get_ydata()[right].sum() * 0.025
    assert drop == pytest.approx(0.1, abs=2e-3)


def test_energies_are_above_the_lowest_with_the_ground_state_ringed(figures):
    ax = figures("energy_figure", "periodic").axes[0]
    points = np.concatenate([np.asarray(c.get_offsets()) for c in ax.collections])
    assert sorted(map(tuple, points[:-1])) == [(-1, 1.2), (0, 2.1), (1, 0.8), (2, 0.0), (2, 0.45), (3, 3.9)]
    assert tuple(points[-1]) == (2, 0)


def test_user_settings_neither_change_nor_are_changed(synthetic_run):
    import matplotlib as mpl

    run = synthetic_run()
    expected = figure_png(vortex_map(run), dpi=50)
    with mpl.rc_context({"font.size": 20, "image.origin": "upper", "text.color": "red"}):
        before = dict(mpl.rcParams)
        assert figure_png(vortex_map(run), dpi=50) == expected
        assert dict(mpl.rcParams) == before


def test_pyplot_is_not_imported():
    import subprocess
    import sys

    code = "import sys, pseudogauge.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
